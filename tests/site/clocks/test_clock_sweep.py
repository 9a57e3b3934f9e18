"""The sweep over all clocks: statements, once per rung, two at one moment, who hears, REST (R-253)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import frappe
import pytest

from dev.bench.statements import recorded_statements
from dev.state import HostState
from order_flow import tasks
from order_flow.domain.clocks.model import ClockEvent, ClockKind, ClockState
from order_flow.domain.states import OrderState, PaymentFamily, Role
from order_flow.flow.clocks import alerts as clock_alerts
from order_flow.flow.clocks.events import happened
from order_flow.flow.clocks.store import CALL, CLOCK
from order_flow.flow.clocks.sweep import Swept, sweep
from order_flow.order_flow.report.clock_assessment import clock_assessment
from order_flow.order_flow.report.late_clocks import late_clocks
from order_flow.outbox.transaction import in_transaction
from tests.site.support.builders import acting_as, order_in, user_of
from tests.site.support.clock_lab import NOON, OWNER, PROFILE, SUPERIOR, ClockLab, many_clocks
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers

MANY = 10_000
A_HANDFUL = 10
HOUR = timedelta(hours=1)
FORBIDDEN, REFUSED = 403, 417


@pytest.fixture
def clocks(site: Any) -> Iterator[ClockLab]:
    """The procedure of the tests, with one rule; clocks that other tests left behind are at rest."""
    frappe.db.sql(f"update `tab{CLOCK}` set state = 'Void' where state in ('Running', 'Paused')")
    frappe.db.sql(f"delete from `tab{CALL}` where told_at is null")
    lab = ClockLab()
    lab.rule()
    yield lab
    ClockLab.forget()


def told(user: str) -> list[str]:
    """What somebody's bell shows of clocks, oldest first."""
    rows = frappe.get_all(
        "Notification Log", {"for_user": user, "type": "Alert"}, pluck="subject", order_by="creation, name"
    )
    return [subject for subject in rows if "must act" in subject or "more clocks" in subject]


def test_ten_thousand_quiet_clocks_take_two_questions(clocks: ClockLab) -> None:
    """Issue 3.6: a handful of statements for 10,000 running clocks, none of them due."""
    many_clocks(MANY, clocks.order().name, NOON)
    with recorded_statements() as statements:
        assert sweep(NOON - 2 * HOUR) == Swept(0, 0, 0)
    assert len(statements) == 2, statements


def test_ten_thousand_late_clocks_take_a_handful_of_statements(clocks: ClockLab) -> None:
    """All at once: every rung told, every clock marked, people told once with the number of the rest."""
    order = clocks.order().name
    # The site's cache is read first: translations and the form of an alert are no cost of the sweep.
    frappe.db.savepoint("warm")
    sweep(clocks.only(order).due_at)
    frappe.db.rollback(save_point="warm")
    many_clocks(MANY, order, NOON)
    with recorded_statements() as statements:
        assert sweep(NOON + HOUR) == Swept(2 * MANY, MANY, 0)
    assert len(statements) <= A_HANDFUL, statements
    assert frappe.db.count(CLOCK, {"name": ("like", "many-%"), "is_late": 1}) == MANY
    assert frappe.db.count(CALL, {"clock": ("like", "many-%"), "told_at": ("is", "not set")}) == 0
    alerts = told(user_of(Role.SALES))
    assert len(alerts) == clock_alerts.SINGLE_ALERTS + 1
    assert f"{MANY - clock_alerts.SINGLE_ALERTS} more clocks are due or late" in " ".join(alerts)


def test_the_questions_of_the_sweep_use_indexes(clocks: ClockLab) -> None:
    """The time of a quiet minute does not grow with the clocks that ended in years."""
    many_clocks(2000, clocks.order().name, NOON)
    for table, where in (
        (CALL, "told_at is null and at <= '2020-01-01'"),
        (CLOCK, "state = 'Running' and is_late = 0 and due_at < '2020-01-01'"),
    ):
        (plan,) = frappe.db.sql(f"explain select name from `tab{table}` where {where}", as_dict=True)
        assert plan.type == "range", plan


def test_each_rung_is_told_once(clocks: ClockLab) -> None:
    """R-253: the owner first, then the superior; a second sweep tells nothing again."""
    order = clocks.order()
    start = clocks.only(order.name).started_at
    moments = [HOUR, 3 * HOUR + timedelta(minutes=12), 4 * HOUR, 6 * HOUR + timedelta(seconds=1)]
    counts = []
    for moment in moments:
        sweep(start + moment)
        sweep(start + moment)
        counts.append((len(told(user_of(Role.SALES))), len(told(user_of(Role.SALES_MANAGER)))))
    assert counts == [(0, 0), (1, 0), (1, 0), (1, 1)]
    due = (start + 4 * HOUR).strftime("%Y-%m-%d %H:%M")
    (reminder,) = told(user_of(Role.SALES))
    assert reminder == f"Reminder: Limit T-1, order {order.name}, is due {due}. Sales must act."
    (alarm,) = told(user_of(Role.SALES_MANAGER))
    assert alarm == f"Late: Limit T-1, order {order.name}, was due {due}. Sales must act."
    assert [row.told_at for row in clocks.calls(clocks.only(order.name).name)] == [
        start + moments[1],
        start + moments[3],
    ]
    assert clocks.only(order.name).is_late


def test_who_missed_several_rungs_hears_the_last_one(clocks: ClockLab) -> None:
    """After a weekend without the scheduler nobody is flooded; every rung counts as told."""
    ladder = [{"percent": percent, "role": OWNER} for percent in (50, 100, 150)]
    clocks.rule("T-3", ladder=ladder, stop_events=[{"event": ClockEvent.ORDER_PAID.value}])
    order = clocks.order()
    clock = clocks.only(order.name, "T-3")
    sweep(clock.due_at + 9 * HOUR)
    subjects = [text for text in told(user_of(Role.SALES)) if "T-3" in text]
    assert [text.split(":")[0] for text in subjects] == ["Late"]
    assert all(call.told_at for call in clocks.calls(clock.name))


def test_people_hear_in_their_own_language(clocks: ClockLab) -> None:
    """K-25."""
    frappe.db.set_value("User", user_of(Role.SALES), "language", "zh")
    order = clocks.order()
    sweep(clocks.only(order.name).due_at)
    (text,) = told_in_chinese(user_of(Role.SALES))
    assert text.startswith("提醒：") and order.name in text and "由销售处理" in text


def told_in_chinese(user: str) -> list[str]:
    """What somebody's bell shows of clocks in Chinese."""
    subjects = frappe.get_all("Notification Log", {"for_user": user}, pluck="subject")
    return [subject for subject in subjects if "处理" in subject]


def test_nobody_hears_of_a_clock_that_rests_or_has_ended(clocks: ClockLab) -> None:
    order = clocks.order()
    clock = clocks.only(order.name)
    frappe.db.set_value(CLOCK, clock.name, "state", ClockState.PAUSED.value)
    assert sweep(clock.due_at + 9 * HOUR) == Swept(0, 0, 0)
    frappe.db.set_value(CLOCK, clock.name, "state", ClockState.MET.value)
    assert sweep(clock.due_at + 9 * HOUR) == Swept(0, 0, 0)
    assert told(user_of(Role.SALES)) == []
    assert frappe.db.count(CALL, {"clock": clock.name, "told_at": ("is", "not set")}) == 0


def test_a_period_ends_by_itself(clocks: ClockLab) -> None:
    """R-250, K-22: the time for claims is over; nobody is late, nobody is told."""
    clocks.rule("T-P", kind=ClockKind.PERIOD.value, stop_events=[], ladder=[])
    order = clocks.order()
    period = clocks.only(order.name, "T-P")
    swept = sweep(period.due_at + timedelta(seconds=1))
    assert (swept.late, swept.ended) == (1, 1)
    ended = clocks.only(order.name, "T-P")
    assert (ended.state, ended.stopped_at, ended.is_late) == (ClockState.MET, period.due_at, 0)


def test_a_role_without_people_is_told_to_the_system_manager(clocks: ClockLab) -> None:
    """No call gets lost because nobody holds the role."""
    frappe.get_doc({"doctype": "Role", "role_name": "Night Watch"}).insert()
    clocks.rule("T-N", owner_role="Night Watch", ladder=[{"percent": 50, "role": "Night Watch"}], amount=3)
    order = clocks.order()
    sweep(clocks.only(order.name, "T-N").due_at)
    told_to = frappe.get_all("Notification Log", {"document_name": order.name}, pluck="for_user")
    assert "Administrator" in told_to


def test_mail_goes_out_where_the_site_has_mail(clocks: ClockLab, monkeypatch: pytest.MonkeyPatch) -> None:
    """One e-mail for all who hear the same, only for people who want it."""
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(frappe, "sendmail", lambda **mail: sent.append(mail))
    order = clocks.order()
    due = clocks.only(order.name).due_at
    sweep(due)
    assert sent == []
    monkeypatch.setitem(frappe.conf, "mail_server", "mail.example.com")
    sweep(due + 9 * HOUR)
    # Other tests may have left a second manager, who reads another language.
    manager = user_of(Role.SALES_MANAGER)
    assert [order.name in mail["message"] for mail in sent if manager in mail["recipients"]] == [True]
    assert user_of(Role.SALES) not in str(sent)


def test_a_wrong_mail_account_does_not_silence_the_bell(
    clocks: ClockLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_mail: Any) -> None:
        raise frappe.OutgoingEmailError("no such account")

    monkeypatch.setattr(frappe, "sendmail", refuse)
    monkeypatch.setitem(frappe.conf, "mail_server", "mail.example.com")
    sweep(clocks.only(clocks.order().name).due_at)
    assert len(told(user_of(Role.SALES))) == 1
    assert frappe.db.exists("Error Log", {"method": "Clocks could not be told by e-mail"})


def test_people_who_switched_notifications_off_hear_nothing(clocks: ClockLab) -> None:
    settings = frappe.get_doc("Notification Settings", user_of(Role.SALES))
    settings.enabled = 0
    settings.save()
    sweep(clocks.only(clocks.order().name).due_at)
    assert told(user_of(Role.SALES)) == []


@pytest.fixture
def committed(clocks: ClockLab) -> Iterator[str]:
    """A committed order whose clocks are all late, taken out again."""
    order = clocks.order().name
    many_clocks(300, order, datetime(2020, 1, 6, 12))
    frappe.db.commit()
    yield order
    frappe.db.rollback()
    frappe.db.delete("Notification Log", {"document_name": order})
    frappe.db.delete("Notification Log", {"document_type": CLOCK})
    for rule in frappe.get_all("Clock Rule", {"code": ("like", "T-%")}, pluck="name"):
        frappe.delete_doc("Clock Rule", rule, force=True)
    frappe.db.commit()
    remove_orders([order])


def test_two_sweeps_at_one_moment_tell_each_rung_once(committed: str, host: HostState) -> None:
    """Real MariaDB, two connections: every call has one teller, and every person one notification of it."""
    start = Barrier(2)

    def run() -> Swept:
        frappe.init(site=host.test_site, sites_path=str(host.sites_path))
        frappe.connect()
        try:
            start.wait(timeout=20)
            swept: Swept = in_transaction(sweep)
            return swept
        finally:
            frappe.destroy()

    with ThreadPoolExecutor(2) as pool:
        results = [future.result() for future in [pool.submit(run) for _ in range(2)]]
    frappe.db.rollback()
    assert sum(result.told for result in results) == 600
    calls = frappe.get_all(CALL, {"clock": ("like", "many-%")}, ["name", "told_at", "batch"])
    assert len(calls) == 600
    assert all(call.told_at and call.batch for call in calls)
    singles = frappe.get_all(
        "Notification Log",
        {"for_user": user_of(Role.SALES), "subject": ("like", "%must act%"), "document_name": committed},
    )
    sweeps_that_told = len({call.batch for call in calls})
    assert len(singles) <= clock_alerts.SINGLE_ALERTS * sweeps_that_told


def test_processes_that_tell_of_one_event_start_one_clock(
    clocks: ClockLab, committed: str, host: HostState
) -> None:
    """Two at one moment: one clock, each of its rungs once; then two that end it, ended once."""

    def both(event: ClockEvent) -> None:
        start = Barrier(2)

        def run() -> None:
            frappe.init(site=host.test_site, sites_path=str(host.sites_path))
            frappe.connect()
            try:
                start.wait(timeout=20)
                in_transaction(lambda: happened(event, committed, profile=PROFILE, at=NOON))
            finally:
                frappe.destroy()

        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(run) for _ in range(2)]:
                future.result()
        frappe.db.rollback()

    clocks.rule("T-2", start_event=ClockEvent.ORDER_SIGNED.value)
    frappe.db.commit()
    for event, state in (
        (ClockEvent.ORDER_SIGNED, ClockState.RUNNING),
        (ClockEvent.ORDER_CONFIRMED, ClockState.MET),
    ):
        both(event)
        rows = frappe.get_all(CLOCK, {"order_id": committed, "rule": "T-2"}, ["name", "state", "run"])
        assert [(row.state, row.run) for row in rows] == [(state, 1)]
        rungs = frappe.get_all(CALL, {"clock": rows[0].name}, pluck="rung", order_by="rung")
        assert rungs == ([1, 2] if state is ClockState.RUNNING else [])


def test_the_scheduler_calls_the_sweep_and_the_month(clocks: ClockLab) -> None:
    """The entry points of the scheduler, as the hooks name them."""
    wired = [
        method for methods in frappe.get_hooks("scheduler_events")["cron"].values() for method in methods
    ]
    assert "order_flow.tasks.sweep_clocks" in wired
    assert "order_flow.tasks.start_month_clocks" in frappe.get_hooks("scheduler_events")["daily"]
    tasks.start_month_clocks()
    assert frappe.db.exists(CLOCK, {"rule": "R-251"})
    frappe.db.rollback()
    tasks.sweep_clocks()


def test_one_clock_has_each_rung_once_in_the_table(clocks: ClockLab) -> None:
    """The names are the unique key: a second writer cannot add a rung again."""
    clock = clocks.only(clocks.order().name)
    (first, *_rest) = clocks.calls(clock.name)
    with pytest.raises(Exception, match="Duplicate entry"):
        frappe.db.sql(
            f"insert into `tab{CALL}` (name, clock, rung) values (%s, %s, 1)", (first.name, clock.name)
        )


def test_late_clocks_report(clocks: ClockLab) -> None:
    """By role, the longest first; only what the reader may see."""
    order = clocks.order().name
    many_clocks(3, order, datetime(2020, 1, 6, 12))
    _columns, rows = late_clocks.execute({"owner_role": OWNER, "flow_profile": None})
    assert [row.order_id for row in rows if row.name.startswith("many-")] == [order] * 3
    assert all(row.late_hours > 0 for row in rows)
    assert late_clocks.execute({"owner_role": "Quality"})[1] == []
    with acting_as(user_of(Role.FIELD_REP)):
        assert late_clocks.execute({"owner_role": OWNER})[1] == []


def test_the_months_assessment(clocks: ClockLab) -> None:
    """R-251, K-19: how each limit was kept, and shipments against the promised date."""
    order = clocks.order().name
    many_clocks(4, order, NOON)
    ended = {"state": "Met", "stopped_at": "2026-10-05 10:00:00", "flow_profile": PROFILE}
    for number in range(3):
        frappe.db.set_value(CLOCK, f"many-{number:06}", ended)
    missed = {**ended, "state": "Missed", "overrun_minutes": 90, "stopped_at": "2026-10-31 23:00:00"}
    frappe.db.set_value(CLOCK, "many-000003", missed)
    filters = {"from_date": "2026-10-01", "to_date": "2026-10-31", "flow_profile": PROFILE}
    _columns, (row,), _message, _chart, summary = clock_assessment.execute(filters)
    assert (row.rule, row.ended, row.met, row.missed, row.on_time) == ("T-1", 4, 3, 1, 75)
    assert (row.average_overrun, row.longest_overrun) == (1.5, 1.5)
    shipped = order_in(
        OrderState.SHIPPED, PaymentFamily.PAY_LATER, channel="Clock Counter", promised_date="2026-10-09"
    )
    frappe.db.set_value("Order", shipped.name, "shipped_at", "2026-10-10 09:00:00")
    summary = clock_assessment.execute(filters)[-1]
    assert [entry["value"] for entry in summary] == [1, 0]
    assert clock_assessment.execute({**filters, "to_date": "2026-10-04"})[1] == []


def test_clocks_are_not_written_over_rest(callers: Callers, committed: str) -> None:
    """R-253: not erasable, whoever asks; reading is free."""
    for role in (Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.INTEGRATION):
        caller = callers.of(role)
        assert caller.get(f"resource/{CLOCK}/many-000000").status_code == 200
        assert caller.put(f"resource/{CLOCK}/many-000000", due_at="2030-01-01").status_code == FORBIDDEN
        assert caller.delete(f"resource/{CLOCK}/many-000000").status_code == FORBIDDEN
        assert caller.post(f"resource/{CLOCK}", rule="T-1").status_code == FORBIDDEN
        assert caller.delete(f"resource/{CALL}/many-000000-1").status_code == FORBIDDEN
    administrator = callers.of("Administrator")
    assert administrator.put(f"resource/{CLOCK}/many-000000", due_at="2030-01-01").status_code == REFUSED
    assert administrator.delete(f"resource/{CLOCK}/many-000000").status_code == REFUSED
    assert administrator.delete(f"resource/{CALL}/many-000000-1").status_code == REFUSED
    assert callers.of(Role.FIELD_REP).get(f"resource/{CLOCK}/many-000000").status_code == FORBIDDEN


@pytest.mark.parametrize("role", [Role.SALES, Role.ORDER_DESK, Role.FIELD_REP])
def test_who_may_not_change_the_limits(site: Any, role: Role) -> None:
    rule = frappe.get_doc("Clock Rule", "R-230")
    calendar = frappe.get_doc("Working Calendar", "China")
    with acting_as(user_of(role)):
        for document in (rule, calendar):
            with pytest.raises(frappe.PermissionError):
                document.save()


def test_superior_is_told_by_the_shipped_ladder(site: Any) -> None:
    """The roles of the shipped ladders exist."""
    roles = set(frappe.get_all("Clock Rule Rung", pluck="role"))
    assert roles <= set(frappe.get_all("Role", pluck="name"))
    assert SUPERIOR in roles
