"""The forms of the procedure on paper, in both languages (R-107, R-108, R-110, R-113, R-129, K-11, K-26)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from shutil import which
from typing import Any

import frappe
import pytest
from frappe.utils import get_fullname
from frappe.www.printview import get_html_and_style

from order_flow.api.orders import ship
from order_flow.api.shipments import instruct_dispatch
from order_flow.defaults.form_codes import ensure_form_codes
from order_flow.domain.orders.forms import SHIPPED_LABELS, Form
from order_flow.domain.states import OrderState, OrderStep, PaymentFamily, PaymentTerm, Role
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.records.forms import form_code
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import acting_as, new_order, order_in, user_of
from tests.site.support.change_lab import QUANTITY, applied, line_change, written
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import message_of
from tests.site.support.review_cases import agree, sent_to_review

pytestmark = pytest.mark.usefixtures("site")
TITLES = {
    Form.CONFIRMATION: ("Order Confirmation Form", "订单确认表"),
    Form.STATUS_TRACKING: ("Order Status Tracking Form", "订单状态跟踪表"),
    Form.REVIEW_CHECKLIST: ("Contract/Order Review Checklist", "合同/订单评审检查清单"),
    Form.CHANGE_NOTICE: ("Information/Order Change Notice", "信息交流或订单更改通知单"),
    Form.PICK_SLIP: ("Pick Slip", "拣货单"),
    Form.DELIVERY_NOTE: ("Delivery Note", "送货单"),
    Form.DISPATCH_NOTICE: ("Dispatch Notice", "发货通知单"),
    Form.PACKING_LIST: ("Packing List", "装箱单"),
    Form.SHORTAGE_LIST: ("Shortage List", "缺货单"),
    Form.CARTON_LABEL: ("Carton Label", "箱唛"),
}
LANGUAGES = ("en", "zh")
ENGLISH = re.compile(r"\b(?<!Test )(?:Order|Customer|Total|Quantity|Date|State|Department|Answer)\b")
"""Words of the forms; 'Test Customer' is a name."""


def printed(document: Any, form: Form, language: str = "en") -> str:
    """The words of a form, markup left out."""
    frappe.local.lang = language
    html = get_html_and_style(document.doctype, document.name, form.value)["html"]
    words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(words))


def document_of(form: Form) -> Any:
    """A document that a form is printed of."""
    if form is Form.REVIEW_CHECKLIST:
        return sent_to_review("ADD Contract")[1]
    if form in (Form.DELIVERY_NOTE, Form.DISPATCH_NOTICE, Form.PACKING_LIST, Form.CARTON_LABEL):
        shipped = order_in(OrderState.SHIPPED, PaymentFamily.PAY_LATER)
        return frappe.get_last_doc("Shipment", {"order_id": shipped.name})
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    if form is Form.CHANGE_NOTICE:
        return written(order, QUANTITY, line_change(order, "quantity", 7))
    return order


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", list(TITLES))
def test_every_form_carries_title_and_code_in_both_languages(form: Form, language: str) -> None:
    """R-108, K-11."""
    words = printed(document_of(form), form, language)
    assert TITLES[form][LANGUAGES.index(language)] in words
    assert SHIPPED_LABELS[form].code in words
    if language == "zh":
        assert ENGLISH.findall(words) == []


def test_answers_and_appliers_are_printed_with_their_names() -> None:
    """R-108, R-402: who answered a checklist, and who put a change into effect."""
    checklist = agree(sent_to_review("ADD Contract")[1])
    answered = printed(checklist, Form.REVIEW_CHECKLIST)
    assert get_fullname(checklist.answers[0].answered_by) in answered
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    notice = applied(order, QUANTITY, line_change(order, "quantity", 7))
    assert get_fullname(notice.applied_by) in printed(notice, Form.CHANGE_NOTICE)


def test_the_confirmation_shows_what_the_customer_signs() -> None:
    """R-110, R-113, R-104: lines, total in figures and words, terms, the version, the place to sign."""
    order = new_order(
        payment_term=PaymentTerm.LETTER_OF_CREDIT.value,
        tax_included=1,
        packing="A<b>5</b> & 木箱",
        items=[{"product": "TEST-A", "quantity": 2.5, "unit_price": 4000.12, "tax_percent": 0}],
    )
    frappe.db.set_value("Order", order.name, {"lc_expiry_date": "2031-05-01", "packing": "A<5 & 木箱"})
    draft = printed(order, Form.CONFIRMATION, "zh")
    assert "草稿，待客户确认" in draft
    assert "第 1 版" in draft
    for expected in ("Product TEST-A", "2.5", "10,000.30", "壹万元叁角整", "信用证", "A<5 & 木箱"):
        assert expected in draft, expected
    assert "2031" in draft
    take_step(frappe.get_doc("Order", order.name), OrderStep.CONFIRM)
    confirmed = printed(order, Form.CONFIRMATION)
    assert "Confirmed At:" in confirmed
    assert "Draft" not in confirmed
    assert "壹" not in confirmed


def test_values_cannot_become_markup() -> None:
    """Security: what customers write is shown, never run."""
    order = new_order()
    frappe.db.set_value("Order", order.name, "buyer_message", "<script>alert(1)</script>")
    html = get_html_and_style("Order", order.name, Form.CONFIRMATION.value)["html"]
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_tracking_form_shows_shipments_and_stages() -> None:
    """R-107, R-015: what left, what waits, and which step was taken when by whom."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    ship(
        order.name,
        carrier="SF",
        waybill_number="SF-9",
        items=[{"order_item": order.items[0].name, "quantity": 1}],
    )
    words = printed(order, Form.STATUS_TRACKING)
    assert "SF SF-9" in words
    assert "Not Shipped" in words
    assert re.search(r"Confirm \d", words)
    assert "Administrator" in words


def test_the_checklist_shows_every_question() -> None:
    """R-076, R-108."""
    checklist = sent_to_review("ADD Contract")[1]
    words = printed(checklist, Form.REVIEW_CHECKLIST)
    assert checklist.answers
    assert [row.question for row in checklist.answers if " ".join(row.question.split()) not in words] == []


def test_the_change_notice_shows_from_and_to() -> None:
    """R-129, R-106: number, kind, old and new value, who is asked."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    notice = written(order, QUANTITY, line_change(order, "quantity", 7))
    words = printed(notice, Form.CHANGE_NOTICE)
    assert notice.name in words
    assert re.search(r"Quantity 1(\.0+)? 7(\.0+)? ", words)
    assert {row.department for row in notice.answers if row.department not in words} == set()


def test_an_edited_code_is_printed_kept_and_found_by_its_alias() -> None:
    """K-11, K-26: a label that the company changes; a migrate changes nothing back."""
    code = frappe.get_doc("Form Code", Form.CONFIRMATION.value)
    code.update({"code": "SD-OC-7", "copies": "Customer\nFinance"}).save()
    ensure_form_codes()
    assert form_code(Form.CONFIRMATION)["title"] == "Order Confirmation Form SD-OC-7"
    words = printed(order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER), Form.CONFIRMATION)
    assert "SD-OC-7" in words
    assert "Copies: Customer / Finance." in words
    found = frappe.get_list("Form Code", filters={"alias": ("like", "%F5E%")}, pluck="name")
    assert found == [Form.CONFIRMATION.value]


def test_only_those_who_keep_the_procedure_edit_codes() -> None:
    """R-388."""
    with acting_as(user_of(Role.ORDER_DESK)):
        code = frappe.get_doc("Form Code", Form.ORDER_LOG.value)
        code.code = "X"
        with pytest.raises(frappe.PermissionError):
            code.save()


@pytest.fixture
def long_order() -> Iterator[Any]:
    """A committed order of 60 lines, taken out again."""
    order = new_order(items=[{"product": "TEST-A", "quantity": 1, "unit_price": 1}] * 60)
    frappe.db.commit()
    yield order
    remove_orders([order.name])


@pytest.mark.parametrize(("language", "title"), [("en", "Order Confirmation Form"), ("zh", "订单确认表")])
def test_sixty_lines_over_http(callers: Any, long_order: Any, language: str, title: str) -> None:
    """R-108: as the browser prints it; the head of the lines is repeated, no row is torn apart."""
    desk = callers.of(Role.ORDER_DESK)
    wanted = {"doctype": "Order", "name": long_order.name, "format": Form.CONFIRMATION.value}
    answer = desk.session.get(f"{desk.base_url}/printview", params={**wanted, "_lang": language}, timeout=60)
    assert answer.status_code == 200
    assert title in answer.text
    assert answer.text.count("Product TEST-A") == 60
    assert "table-header-group" in answer.text
    assert "break-inside: avoid" in answer.text


def test_a_server_that_makes_no_pdf_says_so(callers: Any, long_order: Any) -> None:
    """A refusal with what to do instead, never a server error; where the maker is installed a file comes."""
    desk = callers.of(Role.ORDER_DESK)
    answer = desk.get("method/frappe.utils.print_format.download_pdf", doctype="Order", name=long_order.name)
    if which("wkhtmltopdf"):
        assert answer.content.startswith(b"%PDF")
        return
    assert answer.status_code == 417
    assert "wkhtmltopdf" in message_of(answer)


def test_a_stranger_prints_nothing(callers: Any, long_order: Any) -> None:
    """R-388: a field rep does not print the order of another."""
    rep = callers.of(Role.FIELD_REP)
    wanted = {"doctype": "Order", "name": long_order.name, "format": Form.CONFIRMATION.value}
    answer = rep.session.get(f"{rep.base_url}/printview", params=wanted, timeout=60)
    assert answer.status_code == 403
    assert "TEST-A" not in answer.text


def given_out(order: Any, **values: Any) -> Any:
    """A record of a confirmation form that somebody got."""
    usual = {"doctype": "Form Issue", "order_id": order.name, "form": Form.CONFIRMATION.value}
    return frappe.get_doc({**usual, "recipient": "Finance", **values}).insert()


def test_who_got_which_version_is_recorded_and_kept() -> None:
    """K-26, R-113: version, person and time are the system's; the record is neither changed nor removed."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    with acting_as(user_of(Role.ORDER_DESK)):
        first = given_out(order, version=7, issued_by="Administrator", issued_at="2020-01-01 00:00:00")
    assert (first.version, first.issued_by) == (1, user_of(Role.ORDER_DESK))
    assert first.issued_at.year > 2020
    frappe.get_doc({"doctype": "Order Version", "order_id": order.name, "version_number": 1}).db_insert()
    assert given_out(order).version == 2
    first.recipient = "Sales"
    with pytest.raises(StepRefused, match="kept as it was written"):
        first.save()
    with pytest.raises(StepRefused, match="kept as it was written"):
        first.delete()


def test_a_field_rep_neither_reads_nor_writes_issues_of_others() -> None:
    """R-388."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    record = given_out(order)
    with acting_as(user_of(Role.FIELD_REP)):
        with pytest.raises(frappe.PermissionError):
            frappe.get_doc("Form Issue", record.name).check_permission("read")
        with pytest.raises(frappe.PermissionError):
            given_out(order)


@pytest.mark.parametrize("form", [Form.PICK_SLIP, Form.DELIVERY_NOTE])
def test_the_papers_of_the_warehouse_show_no_prices(form: Form) -> None:
    """R-267, R-268: a picker sees what and how many, not what it costs."""
    document = document_of(form)
    order = frappe.get_doc("Order", document.get("order_id") or document.name)
    words = printed(document, form)
    assert all(line.product in words for line in order.items)
    shown = {f"{line.unit_price:,.2f}" for line in order.items} | {f"{order.total:,.2f}"}
    assert [price for price in shown if price in words] == []


def test_the_pick_slip_lists_what_is_still_to_be_picked() -> None:
    """R-267: lines that have left are not on it."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    gone, part = order.items[0], order.items[4]
    frappe.db.set_value("Order Item", gone.name, "shipped_quantity", gone.quantity)
    frappe.db.set_value("Order Item", part.name, "shipped_quantity", 2)
    words = printed(order, Form.PICK_SLIP)
    assert gone.product not in words
    assert re.search(rf"{part.product} .* {part.quantity - 2:g} ", words)


def test_the_pick_slip_of_a_part_lists_the_part() -> None:
    """R-267, R-294: what the house was told to get ready, not all that is open."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    part = order.items[4]
    instruct_dispatch(order.name, items=[{"order_item": part.name, "quantity": 2}])
    words = printed(order, Form.PICK_SLIP)
    assert re.search(rf"{part.product} .* 2 ", words)
    assert [line.product for line in order.items if line.product in words] == [part.product]


def test_each_carton_has_its_label_and_its_lines_on_the_packing_list() -> None:
    """R-274, R-276, R-289: numbers of the parcels, what is in them, a barcode that names the parcel."""
    order = order_in(OrderState.SHIPPED, PaymentFamily.PAY_LATER)
    shipment = frappe.get_last_doc("Shipment", {"order_id": order.name})
    line = shipment.items[0]
    for number in (1, 2):
        shipment.append("parcels", {"parcel_number": number, "weight": number})
        shipment.append(
            "packed",
            {
                "parcel_number": number,
                "order_item": line.order_item,
                "product": line.product,
                "quantity": number,
            },
        )
    shipment.flags.by_method = True
    shipment.save()
    words = printed(shipment, Form.PACKING_LIST)
    assert "Parcel 1 of 2, 1 kg" in words
    assert "Parcel 2 of 2, 2 kg" in words
    html = get_html_and_style("Shipment", shipment.name, Form.CARTON_LABEL.value)["html"]
    assert html.count("data:image/svg+xml;base64,") == 2
    assert f"{shipment.name}-2" in html


def test_the_shortage_list_says_what_is_missing() -> None:
    """R-268: no line where nothing is."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    assert "Nothing of this order is missing." in printed(order, Form.SHORTAGE_LIST)
    line = order.items[0]
    frappe.get_doc(
        {
            "doctype": "Shortage",
            "order_id": order.name,
            "order_item": line.name,
            "product": line.product,
            "missing": 2,
            "shortage_state": "Open",
        }
    ).db_insert()
    assert f"{line.product} " in printed(order, Form.SHORTAGE_LIST)


@pytest.fixture
def sold_by_us() -> None:
    settings = frappe.get_doc("Order Flow Settings")
    settings.update(
        {
            "seller_name": "珠海示例制造有限公司",
            "seller_phone": "0756-8000000",
            "seller_address": "珠海市前山路1号",
            "seller_bank": "示例银行 6222 0000",
        }
    )
    settings.save()


@pytest.mark.parametrize("form", [form for form in Form if form in TITLES], ids=str)
def test_every_paper_names_the_seller(form: Form, sold_by_us: None) -> None:
    words = printed(document_of(form), form, "zh")
    inside_only = form in (Form.PICK_SLIP, Form.SHORTAGE_LIST)
    assert "珠海示例制造有限公司" in words or inside_only, words
    assert ("示例银行" in words) == (form is Form.CONFIRMATION)


@pytest.mark.parametrize(
    ("doctype", "form"),
    [
        ("Order", Form.CONFIRMATION),
        ("Shipment", Form.DELIVERY_NOTE),
        ("Change Notice", Form.CHANGE_NOTICE),
        ("Review Checklist", Form.REVIEW_CHECKLIST),
    ],
)
def test_printing_begins_with_our_own_form(doctype: str, form: Form) -> None:
    assert frappe.get_meta(doctype).default_print_format == form.value
