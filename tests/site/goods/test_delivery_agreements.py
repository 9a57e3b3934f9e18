"""Before goods are brought: told, called, agreed, called again (R-284, R-302, R-375)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, add_to_date, get_datetime, now_datetime, nowdate

from dev.bench.statements import recorded_statements
from order_flow.api.deliveries import agree_delivery, receiver_not_reached, record_delivery
from order_flow.api.shipments import instruct_dispatch
from order_flow.domain.customers.notices import NoticeEvent, notice_key
from order_flow.domain.states import OrderState, PaymentFamily, Role
from order_flow.flow.refusals import StepRefused
from order_flow.order_flow.report.dispatch_schedule.dispatch_schedule import execute
from tests.site.support.builders import acting_as, order_in, user_of

PROFILE = "Web Shop"


def profile(**values: Any) -> None:
    frappe.db.set_value("Flow Profile", PROFILE, values)
    frappe.clear_document_cache("Flow Profile", PROFILE)


@pytest.fixture
def stages(site: Any) -> Iterator[None]:
    """Goods are led here, and customers hear of their orders."""
    profile(warehouse_stages=1, customer_notices=1)
    yield
    frappe.db.rollback()
    frappe.clear_document_cache("Flow Profile", PROFILE)


@pytest.fixture
def shipped(site: Any) -> Iterator[str]:
    """A shipment on its way."""
    order = order_in(OrderState.SHIPPED, PaymentFamily.PAY_LATER)
    yield frappe.db.get_value("Shipment", {"order_id": order.name})
    frappe.db.rollback()
    frappe.clear_document_cache("Flow Profile", PROFILE)


def tomorrow(hour: int = 10) -> str:
    return f"{add_days(nowdate(), 1)} {hour:02d}:00:00"


def open_calls(shipment: str) -> list[str]:
    filters = {"reference_name": shipment, "status": "Open", "name": ("like", "delivery-call-%")}
    return list(frappe.get_all("ToDo", filters=filters, pluck="name"))


def test_an_instruction_tells_the_customer_when_and_where(stages: None) -> None:
    """R-283, R-284, R-375: day of dispatch, expected arrival, place and goods, once."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER, email="buyer@example.com")
    made = instruct_dispatch(
        order.name, planned_ship_date=nowdate(), arrive_by=tomorrow(16), delivery_place="拱北仓 2 号门"
    )
    told = [
        *frappe.get_all("Communication", {"reference_name": order.name}, pluck="content"),
        *frappe.get_all("ToDo", {"reference_name": order.name}, pluck="description"),
    ]
    (advice,) = [text for text in told if "拱北仓 2 号门" in (text or "")]
    for expected in (nowdate(), f"{add_days(nowdate(), 1)} 16:00", order.items[0].product_name):
        assert expected in advice
    _columns, rows = execute()
    (row,) = [row for row in rows if row["name"] == made["shipment"]]
    assert row["told"]
    assert str(row["planned_ship_date"]) == nowdate()


@pytest.mark.parametrize(("medium", "word"), [("SMS", "Short Message"), ("Email", "E-mail")])
def test_the_schedule_names_how_the_customer_was_told(stages: None, medium: str, word: str) -> None:
    """R-283: in words of the report, not of the table."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    made = instruct_dispatch(order.name, planned_ship_date=nowdate(), arrive_by=tomorrow())["shipment"]
    key = notice_key(order.name, NoticeEvent.DISPATCH_PLANNED, made)
    frappe.db.delete("ToDo", {"name": key})
    frappe.db.delete("Communication", {"name": key})
    frappe.get_doc(
        {"doctype": "Communication", "name": key, "communication_medium": medium, "subject": "x"}
    ).insert(set_name=key)
    (told,) = [row["told"] for row in execute()[1] if row["name"] == made]
    assert told == word


def test_the_agreement_is_what_lateness_is_measured_by(shipped: str) -> None:
    """R-302: whom was reached, for when; a repeated request changes nothing."""
    with acting_as(user_of(Role.LOGISTICS)):
        said = agree_delivery(shipped, tomorrow(), "黄经理", "2 号门", "req-1")
        again = agree_delivery(shipped, tomorrow(15), "别人", "", "req-1")
    assert said == again
    stored = frappe.get_doc("Shipment", shipped)
    assert (stored.agreed_for, stored.arrive_by) == (get_datetime(tomorrow()), get_datetime(tomorrow()))
    assert (stored.agreed_with, stored.planned_on_call) == ("黄经理", "2 号门")
    assert [event.event for event in stored.events][-1:] == ["Delivery agreed"]


def test_nobody_reached_means_calling_again(shipped: str) -> None:
    """R-302: transport has one open task however often it called; an agreement or the delivery closes it."""
    with acting_as(user_of(Role.LOGISTICS)):
        receiver_not_reached(shipped, "占线", "a")
        receiver_not_reached(shipped, "占线", "a")
        found = receiver_not_reached(shipped, "无人接听", "b")
        assert found["calls_unanswered"] == 2
        assert len(open_calls(shipped)) == 1
        agree_delivery(shipped, tomorrow(), "黄经理")
        assert open_calls(shipped) == []
        receiver_not_reached(shipped, "改约后又联系不上")
        assert frappe.db.get_value("Shipment", shipped, "agreed_for") is None
        record_delivery(shipped, "黄经理", "Order Number")
    assert open_calls(shipped) == []


def test_where_the_company_wants_it_nobody_comes_unannounced(shipped: str) -> None:
    """R-302 as a policy of the profile: without an agreement no delivery is recorded."""
    profile(agree_delivery=1)
    with acting_as(user_of(Role.LOGISTICS)):
        with pytest.raises(StepRefused, match="Nobody has agreed on the delivery"):
            record_delivery(shipped, "黄经理", "Order Number")
        agree_delivery(shipped, tomorrow(), "黄经理")
        record_delivery(shipped, "黄经理", "Order Number")
    assert frappe.db.get_value("Shipment", shipped, "shipment_state") == "Delivered"


@pytest.mark.parametrize(
    ("when", "whom", "message"),
    [
        ("an hour ago", "黄经理", "agreed time is over"),
        ("tomorrow-ish", "黄经理", "Agreed for"),
        ("", " ", "Agreed for"),
        (None, " ", "Enter who was reached"),
    ],
)
def test_what_is_no_agreement_is_refused(shipped: str, when: str | None, whom: str, message: str) -> None:
    if when == "an hour ago":
        when = str(add_to_date(now_datetime(), hours=-1))
    with acting_as(user_of(Role.LOGISTICS)), pytest.raises(StepRefused, match=message):
        agree_delivery(shipped, tomorrow() if when is None else when, whom)


def test_delivered_goods_need_no_agreement(shipped: str) -> None:
    with acting_as(user_of(Role.LOGISTICS)):
        record_delivery(shipped, "黄经理", "Order Number")
        for call in (
            lambda: agree_delivery(shipped, tomorrow(), "黄经理"),
            lambda: receiver_not_reached(shipped),
        ):
            with pytest.raises(StepRefused, match="nothing to agree on"):
                call()


@pytest.mark.parametrize("role", [Role.FINANCE, Role.SALES, Role.FIELD_REP, Role.AUDITOR])
def test_who_may_not(shipped: str, role: Role) -> None:
    """Who delivers nothing, or a rep whose order it is not."""
    with acting_as(user_of(role)):
        for call in (lambda: agree_delivery(shipped, tomorrow(), "x"), lambda: receiver_not_reached(shipped)):
            with pytest.raises(frappe.PermissionError):
                call()


def test_nobody_writes_an_agreement_past_the_methods(shipped: str) -> None:
    """R-387: the fields are the record of a call."""
    with acting_as(user_of(Role.LOGISTICS)):
        document = frappe.get_doc("Shipment", shipped)
        document.agreed_for = tomorrow()
        with pytest.raises(StepRefused, match="Agreed for"):
            document.save()


def test_the_schedule_costs_the_same_for_any_number(stages: None) -> None:
    """Two statements, whatever there is to show."""

    def count() -> int:
        with recorded_statements() as statements:
            execute()
        return len(statements)

    def instructed() -> None:
        order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
        instruct_dispatch(order.name, planned_ship_date=nowdate(), arrive_by=tomorrow(), delivery_place="x")

    instructed()
    few = count()
    for _number in range(3):
        instructed()
    assert count() == few == 2
