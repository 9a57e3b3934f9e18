"""One normaliser at every door: what comes in is stored cleaned and exact, or refused (section D)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from order_flow.domain.states import PaymentTerm, Role
from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.records.exact_keys import EXACT, EXACT_KEYS
from order_flow.install import own_doctypes
from tests.site.support.builders import (
    OFFLINE_CHANNEL,
    PRODUCTS,
    WDT_CHANNEL,
    new_order,
    order_values,
    test_customer,
)
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers, Rest, message_of

WRITTEN_BY_THE_SYSTEM = {
    "Allocation Run": "a run's own record",
    "Clock Call": "written by the sweep",
    "Form Issue": "written when a form is printed",
    "Number Counter": "a counter",
    "Order Clock": "written by the sweep",
    "Order Event": "the order's log",
    "Order Version": "a kept copy",
    "Stock Level": "read from WDT or counted by a job",
    "Stock Reservation": "written by steps",
    "Sync Attempt": "the log of a call",
    "Sync Discrepancy": "written by the reconciliation",
    "Sync Outbox": "written by steps",
    "Sync Position": "written by readers",
}
"""DocTypes that nobody enters, with the reason; the framework's own filter cleans their texts."""


@pytest.fixture
def shop(callers: Callers) -> Rest:
    """The integrator."""
    return callers.of(Role.INTEGRATION)


@pytest.fixture
def number(site: Any) -> Iterator[str]:
    """A stem of external numbers; the orders that got one are taken out again."""
    value = f"Door-{frappe.generate_hash(length=8)}"
    yield value
    frappe.db.rollback()
    remove_orders(frappe.get_all("Order", {"external_number": ("like", f"%{value}%")}, pluck="name"))


def body(**overrides: Any) -> dict[str, Any]:
    """An order's fields as a shop sends them."""
    address = {
        "contact_person": "黄经理",
        "mobile": "13800000000",
        "province": "广东省",
        "city": "珠海市",
        "district": "香洲区",
        "address_line": "情侣中路1号",
    }
    return {"customer": test_customer(), "payment_term": PaymentTerm.ONLINE.value, **address, **overrides}


def line(**overrides: Any) -> dict[str, Any]:
    """One line."""
    return {"product": PRODUCTS[0], "quantity": 1, "unit_price": 10, **overrides}


def placed(shop: Rest, number: str, items: list[Any] | None = None, **order: Any) -> Any:
    """The answer to placing one order."""
    return shop.call(
        "place_order",
        channel=OFFLINE_CHANNEL,
        external_number=number,
        order=body(**order),
        items=items or [line()],
    )


def stored(answer: Any) -> Any:
    """The order behind a good answer."""
    assert answer.status_code == 200, message_of(answer)
    frappe.db.rollback()
    return frappe.get_doc("Order", answer.json()["message"]["order"])


def test_every_entered_doctype_reads_its_entries(site: Any) -> None:
    outside = {
        doctype
        for doctype in own_doctypes()
        if not frappe.get_meta(doctype).istable
        and not issubclass(frappe.get_doc({"doctype": doctype}).__class__, EntryDocument)
    }
    assert outside == set(WRITTEN_BY_THE_SYSTEM)


@pytest.mark.parametrize(
    ("field", "value"), [("freight", 0.005), ("other_fees", "0.015"), ("discount", 0.005)]
)
def test_half_cents_are_refused(shop: Rest, number: str, field: str, value: object) -> None:
    answer = placed(shop, number, **{field: value})
    assert (answer.status_code, "parts of a cent" in message_of(answer)) == (417, True)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"quantity": None}, "the quantity is missing"),
        ({"quantity": "1e-10"}, "more than 4 decimals"),
        ({"quantity": 1 / 3}, "more than 4 decimals"),
        ({"quantity": "１，５"}, "is not a number"),
        ({"unit_price": 0.004}, "less than a cent"),
        ({"unit_price": 5, "is_gift": 1}, "a gift has neither price nor discount"),
        ({"is_gift": "maybe", "unit_price": 5}, "neither yes nor no"),
        ({"quantity": [1]}, "cannot be used here"),
        ({"requested_date": "Monday"}, "is not a date"),
        ({"product": {"name": ["like", "%"]}}, "cannot be used here"),
    ],
)
def test_lines_that_cannot_be_are_refused(
    shop: Rest, number: str, values: dict[str, Any], words: str
) -> None:
    answer = placed(shop, number, [line(**values)])
    assert answer.status_code == 417, answer.text[-300:]
    assert words in message_of(answer)


@pytest.mark.parametrize("total", ["1,000", "昨天", True, False, "1e9999"])
def test_a_total_that_is_no_number_is_refused(shop: Rest, number: str, total: object) -> None:
    """A sum that the other side computed is read as strictly as the price of a line."""
    answer = placed(shop, number, total=total)
    assert answer.status_code == 417, answer.text[-600:]
    assert "Total" in message_of(answer)


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_date_is_one_that_was_left_out(shop: Rest, number: str, empty: str | None) -> None:
    assert stored(placed(shop, number, ordered_at=empty)).ordered_at


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("ordered_at", "1900-01-01 00:00:00", "before the year 2000"),
        ("ordered_at", "2036-11-22 10:00:00", "still to come"),
        ("requested_delivery_at", "2063-11-22", "more than 5 years away"),
        ("requested_delivery_at", "1900-01-00", "not a date"),
    ],
)
def test_dates_that_cannot_be_meant_are_refused(
    shop: Rest, number: str, field: str, value: str, words: str
) -> None:
    """An empty cell becomes 1900, and a mistyped year would sort the order out of every list."""
    answer = placed(shop, number, **{field: value})
    assert answer.status_code == 417, answer.text[-300:]
    assert words in message_of(answer)


def test_a_small_price_of_many_pieces_counts(shop: Rest, number: str) -> None:
    assert stored(placed(shop, number, [line(quantity=1000, unit_price="0.0040")])).total == 4


def test_times_with_an_offset_are_converted(shop: Rest, number: str) -> None:
    order = stored(placed(shop, number, ordered_at="2026-10-31T16:30:00Z"))
    assert str(order.ordered_at) == "2026-11-01 00:30:00"


@pytest.mark.parametrize("pair", [("aB", "Ab"), ("e1", "é1"), ("😀", "😂")])
def test_numbers_that_differ_are_two_orders(shop: Rest, number: str, pair: tuple[str, str]) -> None:
    first, second = (placed(shop, f"{part}-{number}").json()["message"] for part in pair)
    assert (first["created"], second["created"]) == (True, True)
    assert first["order"] != second["order"]


@pytest.mark.parametrize("spelling", [" {}", "{}\u200b", "\ufeff{}\u3000"])
def test_a_number_in_another_dress_is_the_same_order(shop: Rest, number: str, spelling: str) -> None:
    first = placed(shop, number).json()["message"]
    second = placed(shop, spelling.format(number)).json()["message"]
    assert (second["order"], second["created"]) == (first["order"], False)


def test_the_same_content_in_another_form_is_the_same(shop: Rest, number: str) -> None:
    """D5: numbers as text, null and what was left out."""
    first = placed(shop, number, [line(quantity=2, unit_price=59.9)], freight=5)
    again = placed(
        shop,
        number,
        [line(quantity="2.0", unit_price="59.90", remark=None)],
        freight="5.00",
        buyer_message="",
    )
    assert stored(first).name == stored(again).name
    other = placed(shop, number, [line(quantity=2, unit_price=59.8)], freight=5)
    assert (other.status_code, "unit_price: stored 59.9, now 59.8" in message_of(other)) == (409, True)


def test_texts_are_kept_as_typed_without_what_nobody_sees(shop: Rest, number: str) -> None:
    order = stored(
        placed(
            shop,
            number,
            address_line=" <A座>　3楼\u200b ",
            contact_person="王\u202a五",
            mobile="１３８ 0000\u200b0000",
            buyer_message="<VIP>\r\nleave at < door >",
        )
    )
    assert (order.address_line, order.contact_person) == ("<A座>　3楼", "王五")
    assert (order.mobile, order.buyer_message) == ("138 00000000", "<VIP>\nleave at < door >")


def test_markup_is_taken_apart(shop: Rest, number: str) -> None:
    order = stored(placed(shop, number, address_line="1 <img src=x onerror=alert(1)> 2"))
    assert "onerror" not in order.address_line


def test_the_resource_door_reads_as_the_method_does(shop: Rest, number: str) -> None:
    values = {**order_values(), "external_number": f" {number} ", "freight": "0.005"}
    answer = shop.post("resource/Order", **values)
    assert (answer.status_code, "parts of a cent" in message_of(answer)) == (417, True)
    answer = shop.post("resource/Order", **{**values, "freight": "0.50", "address_line": "<A座>3楼"})
    assert answer.status_code == 200, message_of(answer)
    frappe.db.rollback()
    order = frappe.get_doc("Order", answer.json()["data"]["name"])
    assert (order.external_number, order.freight, order.address_line) == (number, 0.5, "<A座>3楼")


@pytest.mark.parametrize("items", ["x", [1], {"product": "x"}, 5])
def test_a_table_that_is_none_is_refused(shop: Rest, site: Any, items: object) -> None:
    answer = shop.post("resource/Order", **{**order_values(), "items": items})
    assert answer.status_code == 417, answer.text[-300:]


def test_what_was_left_out_comes_from_channel_and_customer(callers: Callers, site: Any) -> None:
    """B7: the first option of a choice is no answer."""
    channel = frappe.get_doc(
        {
            "doctype": "Sales Channel",
            "channel_name": f"Door {frappe.generate_hash(length=6)}",
            "default_payment_term": PaymentTerm.CASH_ON_DELIVERY.value,
            "currency": "USD",
            "tax_included": 0,
        }
    ).insert()
    customer = frappe.get_doc(
        {
            "doctype": "Customer",
            "customer_name": "Door",
            "trade": "Foreign",
            "default_payment_term": PaymentTerm.MONTHLY_ACCOUNT.value,
        }
    ).insert()
    values = order_values(channel=channel.name, customer=customer.name, exchange_rate=7.1)
    for field in ("payment_term", "currency", "tax_included", "trade"):
        values.pop(field, None)
    order = frappe.get_doc(values).insert()
    assert (order.currency, order.tax_included, order.trade) == ("USD", 0, "Foreign")
    assert order.payment_term == PaymentTerm.MONTHLY_ACCOUNT.value
    values["customer"] = test_customer()
    assert frappe.get_doc(values).insert().payment_term == PaymentTerm.CASH_ON_DELIVERY.value
    said = frappe.get_doc({**values, "currency": "CNY", "exchange_rate": 1, "tax_included": 1}).insert()
    assert (said.currency, said.tax_included) == ("CNY", 1)


@pytest.mark.parametrize("rate", [None, 0, 1, -7])
def test_a_foreign_order_needs_a_rate(shop: Rest, number: str, rate: object) -> None:
    answer = placed(shop, number, currency="USD", exchange_rate=rate)
    assert answer.status_code == 417
    assert "Enter the exchange rate" in message_of(answer)


def test_the_own_currency_counts_one_to_one(shop: Rest, number: str) -> None:
    assert "own currency" in message_of(placed(shop, number, currency="CNY", exchange_rate=7.1))
    assert stored(placed(shop, number, currency="CNY", exchange_rate=0)).exchange_rate == 1


def test_a_refused_customer_burns_no_code(site: Any) -> None:
    def customer(**values: Any) -> Any:
        return frappe.get_doc({"doctype": "Customer", "customer_name": "Code", **values}).insert()

    first = customer().name
    frappe.db.savepoint("refused")
    with pytest.raises(frappe.ValidationError):
        customer(framework_contract=1)
    frappe.db.rollback(save_point="refused")
    assert int(customer().name) == int(first) + 1


def test_keys_are_compared_exactly(site: Any) -> None:
    for doctype, columns in EXACT_KEYS.items():
        found = frappe.db.sql(
            """select column_name, collation_name from information_schema.columns
            where table_schema = database() and table_name = %s and column_name in %s""",
            (f"tab{doctype}", columns),
        )
        assert dict(found) == dict.fromkeys(columns, EXACT)


def test_a_link_is_no_other_document_that_sorts_alike(site: Any) -> None:
    stem = frappe.generate_hash(length=6)
    for code in (f"é{stem}", f"A{stem}"):
        frappe.get_doc({"doctype": "Product", "product_code": code, "product_name": code}).insert()
    for code in (f"e{stem}", f"a{stem}"):
        with pytest.raises(frappe.LinkValidationError):
            new_order(items=[line(product=code)])
    customer = frappe.get_doc({"doctype": "Customer", "customer_name": "Door"}).insert()
    price = {"doctype": "Customer Price", "customer": customer.name, "price": 5, "currency": "CNY"}
    with pytest.raises(frappe.LinkValidationError, match="is another one"):
        frappe.get_doc({**price, "product": f"e{stem}"}).insert()
    assert frappe.get_doc({**price, "product": f"a{stem}"}).insert().product == f"A{stem}"


def test_a_product_is_named_by_its_cleaned_code(site: Any) -> None:
    stem = frappe.generate_hash(length=6)
    product = frappe.get_doc(
        {"doctype": "Product", "product_code": f" Ａ１-{stem}\u200b", "product_name": " <VIP> x "}
    ).insert()
    assert (product.name, product.product_code, product.product_name) == (f"A1-{stem}",) * 2 + ("<VIP> x",)


def hints(**values: Any) -> str:
    """What is said while an order of a shop with WDT and U8 is entered."""
    frappe.local.message_log = []
    new_order(channel=WDT_CHANNEL, **values)
    return str(frappe.local.message_log)


def test_what_wdt_will_refuse_is_said_at_entry(site: Any) -> None:
    assert hints() == "[]"
    assert "40" in hints(contact_person="长" * 41)
    assert "*" in hints(mobile="138****0000")


@pytest.mark.parametrize("city", ["东莞市", "中山", "儋州市", "嘉峪关市"])
def test_a_city_without_districts_needs_none(site: Any, city: str) -> None:
    assert hints(city=city, district="") == "[]"
    assert "The district is empty" in hints(city="珠海市", district="")


def test_a_payment_names_its_order(callers: Callers) -> None:
    answer = callers.of(Role.ORDER_DESK).post("resource/Order Payment", amount=1)
    assert (answer.status_code, message_of(answer)) == (417, "Name the order that the money belongs to.")


@pytest.mark.parametrize("words", ["\u200b", " \ufeff ", "\u3164"])
def test_words_that_nobody_sees_are_no_reason(callers: Callers, words: str) -> None:
    """The methods' texts are cleaned like the documents' fields, before a rule asks whether there are any."""
    order = new_order()
    frappe.db.commit()
    try:
        answer = callers.of(Role.ORDER_DESK).call("hold", order=order.name, reason=words)
        assert answer.status_code == 417, answer.text[-600:]
        frappe.db.rollback()
        assert not frappe.db.get_value("Order", order.name, "on_hold")
    finally:
        remove_orders([order.name])
