"""What an order carries from entry on (R-001, R-013, R-014, R-040..R-049, R-101)."""

from __future__ import annotations

import re
from typing import Any

import frappe
import pytest

from order_flow.domain.states import FAMILY_OF_TERM, PaymentTerm
from order_flow.flow.desk.why import why
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import OFFLINE_CHANNEL, PRODUCTS, WDT_CHANNEL, new_order, order_values


@pytest.mark.parametrize("term", list(PaymentTerm), ids=str)
def test_every_payment_kind_selects_its_branch(site: Any, term: PaymentTerm) -> None:
    """R-013: the kinds of the seeds, each with the lifecycle branch it takes (R-018, R-019)."""
    assert new_order(payment_term=term.value).payment_family == FAMILY_OF_TERM[term]


@pytest.mark.parametrize("trade", ["Domestic", "Foreign"])
@pytest.mark.parametrize("product_state", ["Existing", "To Be Developed"])
def test_one_model_for_every_kind_of_order(site: Any, trade: str, product_state: str) -> None:
    """R-001: domestic and export, made and still to be developed."""
    order = new_order(trade=trade, product_state=product_state)
    stored = site.db.get_value("Order", order.name, ["trade", "product_state"])
    assert stored == (trade, product_state)


@pytest.mark.parametrize(
    "field", ["customer", "channel", "contact_person", "mobile", "province", "city", "address_line", "items"]
)
def test_what_every_order_needs(site: Any, field: str) -> None:
    """R-040, R-041: an order without one of these is not stored."""
    values = order_values()
    values[field] = [] if field == "items" else None
    before = site.db.count("Order")
    try:
        order = site.get_doc(values).insert()
    except site.ValidationError:
        assert site.db.count("Order") == before
        return
    # What the customer's record knows is filled in instead.
    assert order.get(field), field


@pytest.mark.parametrize("field", ["product", "quantity", "unit_price"])
def test_what_every_line_needs(site: Any, field: str) -> None:
    """R-042: product, quantity above zero, price present."""
    line = {"product": PRODUCTS[0], "quantity": 1, "unit_price": 5, field: None}
    if field == "quantity":
        line[field] = 0
    with pytest.raises(site.ValidationError):
        new_order(items=[line])


def test_terms_are_fields(site: Any) -> None:
    """R-043: dates with time of day, transport, arrival, packing, labels: stored as fields."""
    terms = {
        "requested_delivery_at": "2027-01-05 09:30:00",
        "expected_arrival": "2027-01-07",
        "transport_mode": "Express",
        "packing": "木箱",
        "labelling": "中英文",
    }
    order = site.get_doc("Order", new_order(**terms).name)
    assert {field: str(order.get(field)) for field in terms} == terms
    assert order.ordered_at
    assert order.payment_term
    assert order.address_line


def test_a_typed_total_that_differs_is_refused(site: Any) -> None:
    """R-044: computed from lines, tax, freight, fees and discount; never typed."""
    with pytest.raises(site.ValidationError, match="computed by the system"):
        new_order(total=1)


def test_the_origin_is_kept(site: Any) -> None:
    """R-046: channel and number over there, and they stay unique together."""
    number = f"ORIGIN-{site.generate_hash(length=8)}"
    order = new_order(external_number=number)
    stored = site.db.get_value("Order", order.name, ["channel", "external_number"])
    assert stored == (OFFLINE_CHANNEL, number)
    with pytest.raises((site.UniqueValidationError, site.DuplicateEntryError)):
        new_order(external_number=number)


def test_customer_codes_count_up_and_are_never_typed(site: Any) -> None:
    """R-049: unique, three digits, given by the system, not used again after a deletion."""

    def customer(**values: Any) -> Any:
        return site.get_doc({"doctype": "Customer", "customer_name": "编码", **values}).insert()

    first, second = customer(), customer(customer_code="001")
    assert re.fullmatch(r"\d{3}", first.customer_code)
    assert int(second.customer_code) == int(first.customer_code) + 1
    site.delete_doc("Customer", second.name)
    assert int(customer().customer_code) == int(second.customer_code) + 1
    first.customer_code = "999"
    with pytest.raises(site.ValidationError):
        first.save()


def test_a_customer_says_how_he_buys(site: Any) -> None:
    """R-014: new or existing, framework contract, account, limit with validity, forecast."""
    values = {
        "relationship": "Existing",
        "framework_contract": 1,
        "contract_number": "KJ-2026-01",
        "account_kind": "Credit",
        "credit_limit": 50000,
        "credit_valid_until": "2027-12-31",
        "forecast_customer": 1,
    }
    customer = site.get_doc({"doctype": "Customer", "customer_name": "条款", **values}).insert()
    customer.reload()
    assert {field: str(customer.get(field)) for field in values} == {
        **{field: str(value) for field, value in values.items()},
        "credit_limit": "50000.0",
    }
    customer.contract_number = None
    with pytest.raises(site.ValidationError, match="contract number"):
        customer.save()


def test_numbers_are_the_systems(site: Any) -> None:
    """R-101: unique, made by the system; what a client sends along is refused."""
    first, second = new_order(), new_order()
    assert first.order_number == first.name != second.name == second.order_number
    named = new_order(name="MINE")
    assert named.name != "MINE"
    with pytest.raises(site.ValidationError):
        site.call("frappe.client.set_value", "Order", first.name, "order_number", "MINE")


def test_a_gap_that_wdt_refuses_is_said_at_once(site: Any) -> None:
    """The clerk hears of it while typing, not from a message that WDT sends back; the order is stored."""
    frappe.clear_messages()
    order = new_order(channel=WDT_CHANNEL, district="")
    told = [message.get("message", "") for message in frappe.get_message_log()]
    assert [text for text in told if "district" in text]
    assert frappe.db.exists("Order", order.name)
    frappe.clear_messages()
    new_order(channel=WDT_CHANNEL)
    new_order(district="")
    told = [message.get("message", "") for message in frappe.get_message_log()]
    assert not [text for text in told if "district" in text]


def test_the_sentence_names_the_first_message_that_hangs(site: Any) -> None:
    """Those that wait for it say nothing new."""
    order = new_order(channel=WDT_CHANNEL)
    mine = {"document": order.name}
    first = frappe.db.get_value("Sync Outbox", mine, "name", order_by="name")
    frappe.db.set_value("Sync Outbox", first, {"state": "Dead", "last_error": "receiver_district is empty"})
    twin = frappe.copy_doc(frappe.get_doc("Sync Outbox", first))
    twin.update({"state": "Pending", "revision": "later", "last_error": "Waits for another row."})
    twin.insert(ignore_permissions=True)
    said = why(order).sentence
    assert said.count("receiver_district is empty") == 1
    assert "Waits for another row" not in said


@pytest.mark.parametrize("form", [True, False], ids=["form", "other"])
def test_a_form_that_was_open_while_jobs_wrote_can_be_saved(
    site: Any, form: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job told WDT and checked the order meanwhile; the form sends what it was opened with."""
    order = new_order()
    opened = frappe.get_doc("Order", order.name)
    written = {"data_check": "Blocked", "wdt_pushed_status": 10, "wdt_stage": "Picking"}
    frappe.db.set_value("Order", order.name, written, update_modified=False)
    monkeypatch.setitem(frappe.flags, "saved_by_form", form)
    opened.address_line = "情侣中路2号"
    if form:
        opened.save()
    else:
        with pytest.raises(StepRefused, match="written by the system only"):
            opened.save()
    stored = frappe.db.get_value("Order", order.name, list(written))
    assert stored == tuple(written.values())
