"""Clocks of orders on real documents: start, stop, pause, who may tell, what is shown (R-224..R-253)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import frappe
import pytest

from dev.bench.statements import recorded_statements
from order_flow.api import clocks as clock_api
from order_flow.api.desk import order_form
from order_flow.defaults.clock_rules import ensure_clock_rules, shipped_rules
from order_flow.domain.clocks.china_days import last_published_year
from order_flow.domain.clocks.model import ClockEvent, ClockState, PauseReason, Purpose
from order_flow.domain.states import OrderStep, Role
from order_flow.flow.cancelling.requests import CancelReason, request_cancellation
from order_flow.flow.clocks import events as clock_events
from order_flow.flow.clocks.events import happened
from order_flow.flow.clocks.months import month_ended
from order_flow.flow.clocks.rules import RULES_KEY, rules_of
from order_flow.flow.desk.why import why
from order_flow.flow.lifecycle import holds
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.refusals import StepRefused
from order_flow.flow.reviews.open_points import settle_point
from order_flow.flow.reviews.promises import set_production_start
from tests.site.support.builders import OFFLINE_CHANNEL, acting_as, new_order, user_of
from tests.site.support.clock_lab import NOON, OWNER, PROFILE, ClockLab

WAITING = PauseReason.WAITING_FOR_CUSTOMER.value


@pytest.fixture
def clocks(site: Any) -> Iterator[ClockLab]:
    """The procedure of the tests."""
    yield ClockLab()
    ClockLab.forget()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Lets the clocks believe that it is another time."""

    def set_time(moment: datetime) -> None:
        monkeypatch.setattr(clock_events, "now_datetime", lambda: moment)

    return set_time


def confirm(order: Any) -> None:
    """By the ordinary step."""
    take_step(frappe.get_doc("Order", order.name), OrderStep.CONFIRM)


def test_a_clock_runs_from_receipt_to_confirmation(clocks: ClockLab, at: Any) -> None:
    """R-224: started, due and state are stored; the step in time ends it as met."""
    clocks.rule()
    at(NOON)
    order = clocks.order()
    clock = clocks.only(order.name)
    assert (clock.state, clock.owner_role, clock.purpose) == (ClockState.RUNNING, OWNER, Purpose.ALARM)
    assert (clock.started_at, clock.due_at) == (NOON, NOON + timedelta(hours=4))
    calls = [NOON + timedelta(hours=3, minutes=12), NOON + timedelta(hours=6)]
    assert [row["at"] for row in clocks.calls(clock.name)] == calls
    at(NOON + timedelta(hours=4))
    confirm(order)
    clock = clocks.only(order.name)
    assert (clock.state, clock.overrun_minutes, clock.is_late) == (ClockState.MET, 0, 0)
    assert clocks.calls(clock.name) == []


def test_a_clock_counts_from_the_order_not_from_its_entry(clocks: ClockLab, at: Any) -> None:
    """R-102: what was taken by telephone yesterday and entered today is shown as late."""
    clocks.rule()
    at(NOON)
    order = clocks.order(ordered_at=NOON - timedelta(hours=5))
    clock = clocks.only(order.name)
    assert clock.due_at == NOON - timedelta(hours=1)


def test_an_overrun_is_recorded(clocks: ClockLab, at: Any) -> None:
    """R-253."""
    clocks.rule()
    at(NOON)
    order = clocks.order()
    at(NOON + timedelta(hours=5, seconds=1))
    confirm(order)
    clock = clocks.only(order.name)
    assert (clock.state, clock.overrun_minutes, clock.is_late) == (ClockState.MISSED, 61, 1)


def test_an_order_to_which_no_limit_listens_costs_no_statement(clocks: ClockLab) -> None:
    """Design 8: neither entry, confirmation, hold nor cancellation of a web shop's order."""
    clocks.rule()
    assert rules_of("Web Shop") == ()
    with recorded_statements() as statements:
        order = new_order()
        confirm(order)
        holds.hold(order.name, "stock")
        holds.release(order.name)
        request_cancellation(order.name, CancelReason.SHORTAGE)
    # The framework itself looks through everything that links to a document before it is cancelled.
    own = [line for line in statements if "Clock" in line and "SELECT `name`,`docstatus`" not in line]
    assert own == []
    with recorded_statements() as statements:
        clocks.order()
    assert [line for line in statements if "Clock" in line]


def test_a_procedure_with_all_its_limits_costs_three_statements_at_entry(site: Any) -> None:
    """Design 8: 订单管理办法 has some thirty limits; an entry asks for the facts and writes two batches."""
    channel = {"doctype": "Sales Channel", "channel_name": "OMM Counter", "flow_profile": "OMM Manufacturing"}
    frappe.get_doc(channel).insert()
    counts = {}
    for name in ("OMM Counter", OFFLINE_CHANNEL):
        new_order(channel=name)  # what a process looks up once
        with recorded_statements() as statements:
            order = new_order(channel=name)
        counts[name] = len(statements)
        running = frappe.get_all("Order Clock", {"order_id": order.name}, pluck="rule", order_by="rule")
        assert running == (["R-224-N", "R-225"] if name == "OMM Counter" else [])
    assert counts["OMM Counter"] - counts[OFFLINE_CHANNEL] == 3


@pytest.mark.parametrize("rules", [1, 6])
def test_statements_of_an_event_do_not_grow_with_its_limits(clocks: ClockLab, rules: int) -> None:
    """Two inserts to begin, one question and two changes to end, whatever the number of clocks."""
    for number in range(rules):
        clocks.rule(f"T-{number}", amount=4 + number)
    order = clocks.order()
    with recorded_statements() as statements:
        happened(ClockEvent.ORDER_RECEIVED, order.name, profile=PROFILE)
    assert len(statements) == 2, statements
    with recorded_statements() as statements:
        happened(ClockEvent.ORDER_CONFIRMED, order.name, profile=PROFILE)
    assert len(statements) == 3, statements


def test_telling_an_event_again_changes_nothing(clocks: ClockLab) -> None:
    """Start and stop are idempotent."""
    clocks.rule()
    order = clocks.order()
    for event in (ClockEvent.ORDER_RECEIVED, ClockEvent.ORDER_CONFIRMED):
        happened(event, order.name, profile=PROFILE)
        before = clocks.clocks(order.name)
        happened(event, order.name, profile=PROFILE)
        assert clocks.clocks(order.name) == before
        assert len(before) == 1


def test_a_deed_before_its_clock(clocks: ClockLab) -> None:
    """Where the rule allows it, the clock never starts, even if another process began it unseen."""
    start, stop = ClockEvent.QUALITY_FINDING, ClockEvent.FINDING_HANDLED
    clocks.rule(start_event=start.value, stop_events=[{"event": stop.value}], stop_may_come_first=1)
    order = clocks.order()
    for event in (stop, start, stop):
        happened(event, order.name, profile=PROFILE)
    assert clocks.only(order.name).state == ClockState.MET


def test_holding_an_order_stops_the_clocks_that_allow_it(clocks: ClockLab, at: Any) -> None:
    """What was left before the pause is left after it; the calls move along."""
    clocks.rule(pauses=[{"reason": PauseReason.ON_HOLD.value}])
    clocks.rule("T-2")
    at(NOON)
    order = clocks.order()
    at(NOON + timedelta(hours=1))
    holds.hold(order.name, "customer thinks")
    assert clocks.only(order.name).state == ClockState.PAUSED
    assert clocks.only(order.name, "T-2").state == ClockState.RUNNING
    at(NOON + timedelta(hours=11))
    holds.release(order.name)
    clock = clocks.only(order.name)
    assert (clock.state, clock.due_at, clock.paused_minutes) == (
        ClockState.RUNNING,
        NOON + timedelta(hours=14),
        600,
    )
    assert [row["at"] for row in clocks.calls(clock.name)] == [
        NOON + timedelta(hours=13, minutes=12),
        NOON + timedelta(hours=16),
    ]


def test_a_clock_goes_on_when_its_last_reason_to_rest_has_ended(clocks: ClockLab, at: Any) -> None:
    clocks.rule(pauses=[{"reason": PauseReason.ON_HOLD.value}, {"reason": WAITING}])
    at(NOON)
    order = clocks.order()
    holds.hold(order.name, "stock")
    at(NOON + timedelta(hours=1))
    clock_api.pause(order.name, WAITING, "asked for the colour")
    clock_api.pause(order.name, WAITING, "asked again")
    at(NOON + timedelta(hours=2))
    holds.release(order.name)
    clock = clocks.only(order.name)
    assert (clock.state, clock.pause_reasons) == (ClockState.PAUSED, WAITING)
    at(NOON + timedelta(hours=3))
    clock_api.resume(order.name, WAITING)
    clock_api.resume(order.name, WAITING)
    clock = clocks.only(order.name)
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, NOON + timedelta(hours=7))


def test_a_cancelled_order_voids_its_clocks(clocks: ClockLab) -> None:
    clocks.rule()
    order = clocks.order()
    request_cancellation(order.name, CancelReason.CHANGE_OF_MIND)
    assert clocks.only(order.name).state == ClockState.VOID


def test_conditions_choose_the_limit(clocks: ClockLab) -> None:
    """R-224: which limit runs depends on the order."""
    clocks.rule("T-F", conditions=[{"fieldname": "trade", "value": "Foreign"}])
    clocks.rule("T-D", conditions=[{"fieldname": "trade", "value": "Foreign", "is_not": 1}])
    home, abroad = clocks.order(trade="Domestic"), clocks.order(trade="Foreign")
    running = [
        frappe.get_all("Order Clock", {"order_id": order.name}, pluck="rule") for order in (home, abroad)
    ]
    assert running == [["T-D"], ["T-F"]]


def test_the_longer_limit_of_a_stretch_escalates(clocks: ClockLab) -> None:
    """K-09."""
    clocks.rule("T-4")
    clocks.rule("T-8", amount=8)
    order = clocks.order()
    assert clocks.only(order.name, "T-4").purpose == Purpose.ALARM
    longer = clocks.only(order.name, "T-8")
    assert longer.purpose == Purpose.ESCALATION
    assert [(row.role, row["at"]) for row in clocks.calls(longer.name)] == [("Sales Manager", longer.due_at)]


def test_a_limit_before_the_promised_date_starts_with_the_confirmation(clocks: ClockLab, at: Any) -> None:
    """R-235."""
    clocks.rule(
        start_event=ClockEvent.PROMISED_DATE_SET.value,
        stop_events=[{"event": ClockEvent.DELIVERY_FOLLOWED_UP.value}],
        basis="Before a Date",
        anchor_field="promised_date",
        amount=2,
        opens_amount=3,
        unit="Calendar Days",
        restart="From the Latest Start",
    )
    without, order = clocks.order(), clocks.order(promised_date="2026-12-10")
    confirm(without)
    confirm(order)
    assert clocks.clocks(without.name) == []
    clock = clocks.only(order.name)
    assert (clock.opens_at, clock.due_at) == (datetime(2026, 12, 7), datetime(2026, 12, 8, 23, 59, 59))


def test_the_planned_ship_date_and_its_tolerance(clocks: ClockLab, at: Any) -> None:
    """R-249, K-19: set by planning, moved by planning, kept as deviation when missed."""
    clocks.rule(
        start_event=ClockEvent.SHIP_DATE_SET.value,
        stop_events=[{"event": ClockEvent.ORDER_SHIPPED.value}],
        basis="After a Date",
        anchor_field="planned_ship_date",
        amount=2,
        opens_amount=2,
        early_is_missed=1,
        unit="Calendar Days",
        restart="From the Latest Start",
    )
    order = clocks.order()
    confirm(order)
    with acting_as(user_of(Role.PLANNING)):
        clock_api.set_ship_date(order.name, "2026-12-10")
        clock_api.set_ship_date(order.name, "2026-12-10")
        clock_api.set_ship_date(order.name, "2026-12-20")
    states = [clock.state for clock in clocks.clocks(order.name)]
    assert states == [ClockState.VOID, ClockState.RUNNING]
    assert str(frappe.db.get_value("Order", order.name, "planned_ship_date")) == "2026-12-20"
    at(datetime(2026, 12, 17))
    happened(ClockEvent.ORDER_SHIPPED, order.name, profile=PROFILE)
    assert clocks.clocks(order.name)[-1].state == ClockState.MISSED


def test_a_due_year_without_published_holidays_is_shown(clocks: ClockLab, at: Any) -> None:
    """ADR 0015: beyond the library's last year the clock says so, on the form too."""
    clocks.rule(
        unit="Working Hours",
        start_event=ClockEvent.ORDER_SIGNED.value,
        stop_events=[{"event": ClockEvent.TASKS_BROKEN_DOWN.value}],
    )
    at(datetime(last_published_year() + 1, 3, 1, 12))
    order, later = clocks.order(), clocks.order()
    happened(ClockEvent.ORDER_SIGNED, order.name, profile=PROFILE)
    assert clocks.only(order.name).calendar_uncertain
    assert order_form(order.name)["clocks"]["lines"][0]["uncertain"]
    calendar = frappe.get_doc("Working Calendar", "China")
    calendar.entered_until = last_published_year() + 1
    calendar.save()
    happened(ClockEvent.ORDER_SIGNED, later.name, profile=PROFILE)
    assert not clocks.only(later.name).calendar_uncertain


def test_the_form_and_the_sentence_show_what_is_late(clocks: ClockLab, at: Any) -> None:
    """R-253: start, due time, remaining time, state; late ones in the sentence on top."""
    clocks.rule(title="Answer the order")
    at(datetime(2020, 1, 6, 9))
    order = clocks.order()
    (line,) = order_form(order.name)["clocks"]["lines"]
    assert (line["standing"], line["late"], line["owner"]) == ("Late", True, OWNER)
    assert line["remaining_minutes"] < 0
    answer = why(order)
    assert "'Answer the order' is late since 2020-01-06 13:00 (Sales)." in answer.sentence
    assert [reason.freed_by for reason in answer.reasons if reason.code == "late_T-1"] == [(OWNER,)]
    confirm(order)
    assert "late" not in why(frappe.get_doc("Order", order.name)).sentence


def test_open_points_run_until_ten_days_before_production(clocks: ClockLab) -> None:
    """R-077: the clock starts with the first open point that has a start of production, and follows it."""
    clocks.rule(
        start_event=ClockEvent.OPEN_POINTS_RELEASED.value,
        stop_events=[{"event": ClockEvent.OPEN_POINTS_SETTLED.value}],
        basis="Before a Date",
        anchor_field="production_start",
        amount=10,
        unit="Calendar Days",
        restart="From the Latest Start",
    )
    order = clocks.order()
    set_production_start(order.name, date(2027, 3, 31))
    assert clocks.clocks(order.name) == []
    values = {"order_id": order.name, "kind": "Label", "expected_on": "2026-12-31", "description": "barcode"}
    point = frappe.get_doc({"doctype": "Open Point", **values}).insert()
    assert clocks.only(order.name).due_at == datetime(2027, 3, 21, 23, 59, 59)
    set_production_start(order.name, date(2027, 4, 30))
    dues = [clock.due_at.date() for clock in clocks.clocks(order.name)]
    assert dues == [date(2027, 3, 21), date(2027, 4, 20)]
    settle_point(point.name, "as last year")
    assert clocks.clocks(order.name)[-1].state == ClockState.MET


def test_month_clocks_run_once_a_month(clocks: ClockLab) -> None:
    """R-251, R-252: told daily, started once, a missed day of the scheduler does no harm."""
    clocks.rule(
        start_event=ClockEvent.MONTH_ENDED.value,
        stop_events=[{"event": ClockEvent.MONTH_ASSESSED.value}],
        amount=1,
        unit="Months",
        restart="From the Latest Start",
    )
    for day in (3, 4):
        month_ended(datetime(2026, 11, day, 2))
    clock = clocks.only("")
    assert (clock.started_at, clock.due_at) == (datetime(2026, 11, 1), datetime(2026, 12, 1, 23, 59, 59))
    with acting_as(user_of(Role.SALES_MANAGER)):
        clock_api.finish(clock.name, "report is sent")
    month_ended(datetime(2026, 11, 5))
    assert clocks.only("").state in (ClockState.MET, ClockState.MISSED)
    month_ended(datetime(2026, 12, 1))
    assert len(clocks.clocks("")) == 2


def test_deeds_are_told_by_their_roles_and_end_the_clock(clocks: ClockLab) -> None:
    """R-242: an inspector reacts; the event is written down with his words."""
    clocks.rule(
        start_event=ClockEvent.QUALITY_FINDING.value,
        stop_events=[{"event": ClockEvent.FINDING_HANDLED.value}],
        restart="After Each Stop",
    )
    order = clocks.order()
    with acting_as(user_of(Role.QUALITY)):
        form = order_form(order.name)["clocks"]
        assert form["events"] == [ClockEvent.QUALITY_FINDING.value, ClockEvent.FINDING_HANDLED.value]
        clock_api.record_event(order.name, ClockEvent.QUALITY_FINDING.value, "scratches")
        (line,) = order_form(order.name)["clocks"]["lines"]
        assert line["may_finish"]
        clock_api.finish(line["name"], "reworked")
        clock_api.finish(line["name"], "reworked again")
    assert clocks.only(order.name).state == ClockState.MET
    remarks = frappe.get_all(
        "Order Event", {"order_id": order.name, "step": ("like", "%Finding%")}, pluck="remark", order_by="at"
    )
    assert remarks == ["scratches", "reworked"]


def test_shipped_limits_are_installed_and_an_administrators_changes_stay(site: Any) -> None:
    """Every row of requirements 2.6; a migration adds what is missing and overwrites nothing."""
    codes = {rule["code"] for rule in shipped_rules()}
    assert codes <= set(frappe.get_all("Clock Rule", {"is_standard": 1}, pluck="name"))
    rule = frappe.get_doc("Clock Rule", "R-230")
    rule.amount, rule.enabled = 45, 0
    rule.save()
    frappe.db.delete("Clock Rule", {"name": "R-231"})
    ensure_clock_rules()
    ensure_clock_rules()
    assert frappe.db.get_value("Clock Rule", "R-230", ["amount", "enabled"]) == (45, 0)
    again = frappe.get_doc("Clock Rule", "R-231")
    assert (again.amount, again.unit, again.stop_events[0].event) == (
        30,
        "Working Minutes",
        "Technical Change Answered",
    )
    ClockLab.forget()


def test_a_limit_that_is_switched_off_voids_its_clocks(clocks: ClockLab) -> None:
    rule = clocks.rule()
    order = clocks.order()
    rule.enabled = 0
    rule.save()
    assert clocks.only(order.name).state == ClockState.VOID
    assert clocks.clocks(clocks.order().name) == []


def test_a_limit_with_an_unknown_word_stops_no_order(clocks: ClockLab) -> None:
    """It is left out, the administrator finds it in the Error Log, the other limits run."""
    clocks.rule("T-1")
    clocks.rule("T-2")
    frappe.db.set_value("Clock Rule", "T-1", "start_event", "Coffee Break")
    clocks.forget()
    order = clocks.order()
    assert clocks.clocks(order.name) == []
    assert clocks.only(order.name, "T-2").state == ClockState.RUNNING
    assert frappe.db.exists("Error Log", {"method": "Clock Rule T-1 is left out"})


def test_a_running_limit_with_an_unknown_word_stops_no_step(clocks: ClockLab) -> None:
    """R-224: an order goes on without it; who opens the rule, or closes its clock, is told what is wrong."""
    clocks.rule("T-1")
    order = clocks.order()
    frappe.db.set_value("Clock Rule", "T-1", "start_event", "Coffee Break")
    clocks.forget()
    take_step(order, OrderStep.CONFIRM)
    assert frappe.db.exists("Error Log", {"method": "Clock Rule T-1 is left out"})
    with pytest.raises(StepRefused, match="words that this version does not know"):
        clock_api.finish(clocks.only(order.name).name, "done")
    frappe.clear_messages()
    frappe.get_doc("Clock Rule", "T-1").run_method("onload")
    assert any("Coffee Break" in str(message) for message in frappe.local.message_log)
    frappe.clear_messages()


def test_rules_cached_before_an_update_are_read_again(clocks: ClockLab) -> None:
    """Rows are cached, not objects; a word that the code has given up is noticed, not fatal."""
    clocks.rule("T-1")
    clocks.rule("T-2")
    assert [rule.code for rule in rules_of(PROFILE)] == ["T-1", "T-2"]
    stale = [dict(row) for row in frappe.cache().hget(RULES_KEY, PROFILE)]
    stale[0]["start_event"] = "Coffee Break"
    frappe.cache().hset(RULES_KEY, PROFILE, stale)
    assert [rule.code for rule in rules_of(PROFILE)] == ["T-1", "T-2"]


def clocked(clocks: ClockLab) -> tuple[str, str]:
    """An order of the test's procedure and its clock."""
    clocks.rule()
    order = clocks.order()
    return order.name, clocks.only(order.name).name


def _tell_a_fact(clocks: ClockLab) -> None:
    clock_api.record_event(clocked(clocks)[0], ClockEvent.ORDER_CONFIRMED.value)


def _tell_nonsense(clocks: ClockLab) -> None:
    clock_api.record_event(clocked(clocks)[0], "Coffee Break")


def _finish_without_words(clocks: ClockLab) -> None:
    clock_api.finish(clocked(clocks)[1], " ")


def _finish_what_facts_end(clocks: ClockLab) -> None:
    clock_api.finish(clocked(clocks)[1], "believe me")


def _pause_by_hold(clocks: ClockLab) -> None:
    clock_api.pause(clocked(clocks)[0], PauseReason.ON_HOLD.value, "why not")


def _pause_for_nonsense(clocks: ClockLab) -> None:
    clock_api.pause(clocked(clocks)[0], "Lunch", "why not")


def _pause_without_words(clocks: ClockLab) -> None:
    clock_api.pause(clocked(clocks)[0], WAITING, "")


def _tell_of_a_dead_order(clocks: ClockLab) -> None:
    order = clocked(clocks)[0]
    request_cancellation(order, CancelReason.SHORTAGE)
    clock_api.record_event(order, ClockEvent.SERVICE_REQUESTED.value)


def _save_a_clock(clocks: ClockLab) -> None:
    clock = frappe.get_doc("Order Clock", clocked(clocks)[1])
    clock.due_at = "2030-01-01"
    clock.save()


def _delete_a_clock(clocks: ClockLab) -> None:
    frappe.delete_doc("Order Clock", clocked(clocks)[1], force=True)


def _write_a_ship_date(clocks: ClockLab) -> None:
    order = frappe.get_doc("Order", clocked(clocks)[0])
    order.planned_ship_date = "2026-12-01"
    order.save()


REFUSALS: list[tuple[str, Callable[[ClockLab], None], str, str]] = [
    ("a fact told by hand", _tell_a_fact, "is not told by hand", "不能人工登记"),
    ("an unknown event", _tell_nonsense, "is not an event that clocks know", "不是时限所认识的事件"),
    ("closed without words", _finish_without_words, "Say what was done", "请先说明做了什么"),
    ("closed against the facts", _finish_what_facts_end, "ends by itself", "自行结束"),
    ("paused as if on hold", _pause_by_hold, "by themselves, not by hand", "会自动暂停"),
    ("paused for nonsense", _pause_for_nonsense, "is not a reason", "不是时限可以暂停的原因"),
    ("paused without words", _pause_without_words, "Say what the order waits for", "请说明订单在等什么"),
    (
        "told of a called-off order",
        _tell_of_a_dead_order,
        "nothing happens to it any more",
        "不会再有任何事情",
    ),
    ("a clock changed", _save_a_clock, "written by the system only", "只由系统写入"),
    ("a clock deleted", _delete_a_clock, "written by the system only", "只由系统写入"),
    ("a ship date written", _write_a_ship_date, "written by the system only", "只能由系统填写"),
]


@pytest.mark.parametrize(
    "role, act",
    [
        (Role.SALES, lambda order: clock_api.record_event(order, ClockEvent.QUALITY_FINDING.value)),
        (Role.WAREHOUSE, lambda order: clock_api.pause(order, WAITING, "thinks")),
        (Role.QUALITY, lambda order: clock_api.resume(order, WAITING)),
        (Role.FINANCE, lambda order: clock_api.set_ship_date(order, "2026-12-01")),
        (Role.FIELD_REP, lambda order: clock_api.record_event(order, ClockEvent.SERVICE_REQUESTED.value)),
    ],
)
def test_who_may_not_tell(clocks: ClockLab, role: Role, act: Callable[[str], None]) -> None:
    order = clocked(clocks)[0]
    with acting_as(user_of(role)), pytest.raises(frappe.PermissionError):
        act(order)
    assert clocks.only(order).state == ClockState.RUNNING


BAD_RULES: list[tuple[str, dict[str, Any], str]] = [
    ("no end", {"stop_events": []}, "late for ever"),
    ("no limit", {"amount": 0}, "can never be met"),
    (
        "a date that rests",
        {"basis": "Before a Date", "anchor_field": "promised_date", "pauses": [{"reason": WAITING}]},
        "cannot rest",
    ),
    (
        "working hours before a date",
        {"basis": "Before a Date", "anchor_field": "promised_date", "unit": "Working Hours"},
        "counted in days",
    ),
    (
        "a ladder upside down",
        {"ladder": [{"percent": 100, "role": OWNER}, {"percent": 80, "role": OWNER}]},
        "in the order of time",
    ),
    ("an unknown field", {"conditions": [{"fieldname": "colour", "value": "red"}]}, "have no field 'colour'"),
    ("a forged origin", {"is_standard": 1}, "Only the app itself"),
]


@pytest.mark.parametrize("case", BAD_RULES, ids=[case[0] for case in BAD_RULES])
def test_a_limit_that_cannot_be_measured_is_refused(
    clocks: ClockLab, case: tuple[str, dict[str, Any], str]
) -> None:
    with pytest.raises(frappe.ValidationError, match=case[2]):
        clocks.rule(**case[1])


def test_a_shipped_limit_is_switched_off_not_deleted(site: Any) -> None:
    with pytest.raises(frappe.ValidationError, match="Switch it off"):
        frappe.delete_doc("Clock Rule", "R-224-N")


@pytest.mark.parametrize(
    "intervals, message",
    [
        ([("18:00", "09:00")], "end before they begin"),
        ([("09:00", "12:00"), ("11:00", "18:00")], "overlap"),
    ],
)
def test_hours_that_make_no_day_are_refused(
    site: Any, intervals: list[tuple[str, str]], message: str
) -> None:
    hours = [{"opens": opens, "closes": closes} for opens, closes in intervals]
    with pytest.raises(frappe.ValidationError, match=message):
        frappe.get_doc({"doctype": "Working Calendar", "calendar_name": "Night", "intervals": hours}).insert()
