"""Scheduled and requested reconciliation: portions with a cursor, statements, roles (design 5, 8, R-388)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from order_flow import tasks
from order_flow.api import sync as sync_api
from order_flow.domain.states import Role
from order_flow.integrations.errors import Rejected, Transient
from order_flow.integrations.rate_limit import ALL_USES, CallUse, InProcessRateLimiter
from order_flow.outbox import registry
from order_flow.outbox.registry import AccountType
from order_flow.outbox.transaction import OutsideTransactionRequired
from order_flow.sync.compare import runs as reconcile_runs
from order_flow.sync.compare.reconcile import reconcile
from order_flow.sync.comparison import Verdict
from tests.site.support.builders import U8_ACCOUNT, WDT_ACCOUNT, WDT_CHANNEL, acting_as, new_order, user_of
from tests.site.support.committed_orders import remove_orders

STREAM = {"account_type": "WDT Account", "account": WDT_ACCOUNT, "stream": reconcile_runs.STREAM}


class EmptyWarehouse:
    """A WDT that has nothing; a young order then is honest delay.

    Args:
        failing: number to error, for orders that cannot be read.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.failing: dict[str, Exception] = {}

    def trades_of(self, tid: str) -> tuple[()]:
        """Nothing, or the order's error."""
        self.asked.append(tid)
        if tid in self.failing:
            raise self.failing[tid]
        return ()

    def stockouts_of(self, tid: str) -> tuple[()]:
        """Nothing."""
        return ()


class EmptyLedger:
    """A ledger without documents."""

    def document_pages(self, kind: object, window: object, place: object) -> Iterator[Any]:
        """Nothing."""
        return iter(())


@pytest.fixture
def warehouse(site: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmptyWarehouse]:
    """Both accounts answer from memory."""
    empty = EmptyWarehouse()
    ports: dict[str, Any] = {
        AccountType.WDT: lambda _account, _sink, _use: empty,
        AccountType.U8: lambda _account, _sink, _use: EmptyLedger(),
    }
    monkeypatch.setattr(registry, "_factories", ports)
    for account_type, account in ((AccountType.WDT, WDT_ACCOUNT), (AccountType.U8, U8_ACCOUNT)):
        frappe.db.set_value(account_type, account, {"enabled": 1, "paused": 0, "resting_until": None})
        frappe.db.delete("Sync Position", {"account": account})
    frappe.db.commit()
    frappe.clear_cache()
    yield empty
    frappe.db.rollback()
    frappe.db.set_value("WDT Account", WDT_ACCOUNT, {"paused": 0, "pause_reason": None})
    frappe.db.commit()


@pytest.fixture
def orders(warehouse: EmptyWarehouse) -> Iterator[list[str]]:
    """Five committed orders that both systems should know."""
    names = sorted(new_order(channel=WDT_CHANNEL).name for _number in range(5))
    frappe.db.commit()
    yield names
    remove_orders(names)


def test_statements_do_not_grow_with_the_orders(orders: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Our side of a batch is read with the same number of statements, however many orders it has."""
    reconcile(orders)
    statements: list[str] = []
    original = frappe.db.sql
    monkeypatch.setattr(
        frappe.db, "sql", lambda q, *a, **k: statements.append(str(q)) or original(q, *a, **k)
    )
    counts = []
    for names in (orders[:1], orders):
        statements.clear()
        assert {one["verdict"] for one in reconcile(names)} == {Verdict.PENDING}
        counts.append(len(statements))
    assert counts[0] == counts[1], statements


def test_unreadable_order_does_not_stop_the_others(orders: list[str], warehouse: EmptyWarehouse) -> None:
    """An answer that cannot be understood concerns its order only; a far side that is away concerns all."""
    warehouse.failing = {orders[1]: Rejected("The answer has no trade_id.")}
    verdicts = [one["verdict"] for one in reconcile(orders)]
    assert verdicts == [Verdict.PENDING, Verdict.UNREAD, *[Verdict.PENDING] * 3]
    warehouse.asked.clear()
    warehouse.failing = {orders[1]: Transient("WDT does not answer.")}
    summaries = reconcile(orders)
    assert [one["verdict"] for one in summaries] == [Verdict.PENDING, *[Verdict.UNREAD] * 4]
    assert summaries[4]["unread"] == {"WDT Account": "WDT does not answer."}
    assert warehouse.asked == orders[:2]


def test_a_transaction_with_changes_is_refused(orders: list[str]) -> None:
    """Reading happens outside any transaction, which would lose the caller's changes."""
    frappe.db.set_value("Order", orders[0], "buyer_message", "x", update_modified=False)
    with pytest.raises(OutsideTransactionRequired):
        reconcile(orders)


def test_portions_go_on_and_start_over(
    orders: list[str], warehouse: EmptyWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run takes the next orders by name; after the last it starts over."""
    monkeypatch.setattr(reconcile_runs, "PORTION", 2)
    known = reconcile_runs.next_portion(AccountType.WDT, WDT_ACCOUNT, "")
    seen: list[str] = []
    for _run in range(200):
        warehouse.asked.clear()
        reconcile_runs.run("WDT Account", WDT_ACCOUNT)
        assert len(warehouse.asked) <= 2
        seen += warehouse.asked
        if not frappe.db.get_value("Sync Position", STREAM, "last_document"):
            break
    assert set(orders) <= set(seen)
    assert seen == sorted(set(seen)), "no order is compared twice in one round"
    warehouse.asked.clear()
    reconcile_runs.run("WDT Account", WDT_ACCOUNT)
    assert warehouse.asked == known


def test_portion_that_could_not_be_read_is_tried_again(
    orders: list[str], warehouse: EmptyWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While WDT is away the cursor stays and the reason is shown."""
    monkeypatch.setattr(reconcile_runs, "PORTION", 1)
    first = reconcile_runs.next_portion(AccountType.WDT, WDT_ACCOUNT, "")
    warehouse.failing = {first[0]: Transient("WDT does not answer.")}
    assert reconcile_runs.run("WDT Account", WDT_ACCOUNT)[Verdict.UNREAD] == 1
    stored = frappe.db.get_value("Sync Position", STREAM, ["last_document", "last_error"], as_dict=True)
    assert (stored.last_document or "", stored.last_error) == ("", "WDT does not answer.")
    warehouse.failing = {}
    reconcile_runs.run("WDT Account", WDT_ACCOUNT)
    stored = frappe.db.get_value("Sync Position", STREAM, ["last_document", "last_error"], as_dict=True)
    assert (stored.last_document, stored.last_error) == (first[0], None)


def test_ledger_is_asked_about_orders_that_are_not_completed(orders: list[str]) -> None:
    """Nothing of them may be in the ledger, so they are compared as well (R-025)."""
    assert set(orders) <= set(reconcile_runs.next_portion(AccountType.U8, U8_ACCOUNT, ""))


def test_paused_account_is_not_asked(orders: list[str], warehouse: EmptyWarehouse) -> None:
    """A pause stops the scheduled run before its first call."""
    frappe.db.set_value("WDT Account", WDT_ACCOUNT, {"paused": 1, "pause_reason": "x"})
    frappe.db.commit()
    assert reconcile_runs.run("WDT Account", WDT_ACCOUNT) == {}
    assert warehouse.asked == []


def test_hourly_task_starts_one_job_an_account(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every account that may be called, each under a name that is queued once only."""
    jobs: list[dict[str, Any]] = []
    monkeypatch.setattr(frappe, "enqueue", lambda path, **options: jobs.append({"path": path, **options}))
    frappe.db.set_value("U8 Account", U8_ACCOUNT, "paused", 1)
    frappe.db.set_value("WDT Account", WDT_ACCOUNT, {"enabled": 1, "paused": 0})
    tasks.reconcile_accounts()
    named = {(job["account_type"], job["account"]) for job in jobs}
    assert ("WDT Account", WDT_ACCOUNT) in named
    assert ("U8 Account", U8_ACCOUNT) not in named
    assert all(job["deduplicate"] and job["path"] == tasks.RECONCILE_JOB for job in jobs)
    assert len({job["job_id"] for job in jobs}) == len(jobs)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [(Role.ORDER_DESK, True), (Role.INTEGRATION, True), (Role.SALES, False), (Role.AUDITOR, False)],
)
def test_who_may_compare_one_order(orders: list[str], role: Role, allowed: bool) -> None:
    """The desk may look at one order; a whole account is the operators' (R-388)."""
    with acting_as(user_of(role)):
        if allowed:
            assert sync_api.reconcile(orders[0])["order"] == orders[0]
        else:
            with pytest.raises(frappe.PermissionError):
                sync_api.reconcile(orders[0])


@pytest.mark.parametrize("role", [Role.ORDER_DESK, Role.AUDITOR, Role.FINANCE])
def test_who_may_not_start_account_runs(orders: list[str], role: Role) -> None:
    """Account-wide work is for operators."""
    calls = (
        lambda: sync_api.reconcile_orders(orders),
        lambda: sync_api.reconcile_account("WDT Account", WDT_ACCOUNT),
        lambda: sync_api.read_now(WDT_ACCOUNT),
    )
    with acting_as(user_of(role)):
        for call in calls:
            with pytest.raises(frappe.PermissionError):
                call()


def test_operator_starts_runs(orders: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Several orders at once, an account in the background, a reader now; nonsense is refused."""
    jobs: list[str] = []
    monkeypatch.setattr(frappe, "enqueue", lambda path, **_options: jobs.append(path))
    with acting_as(user_of(Role.INTEGRATION)):
        assert [one["order"] for one in sync_api.reconcile_orders(frappe.as_json(orders))] == orders
        sync_api.reconcile_account("U8 Account", U8_ACCOUNT)
        sync_api.read_now(WDT_ACCOUNT)
        with pytest.raises(frappe.ValidationError):
            sync_api.reconcile_account("User", "Administrator")
        with pytest.raises(frappe.ValidationError):
            sync_api.reconcile_orders(["x"] * 101)
    assert jobs == [tasks.RECONCILE_JOB, tasks.READ_JOB]


@pytest.mark.parametrize("name", ["reconcile", "reconcile_orders", "reconcile_account", "read_now"])
def test_methods_are_bound_to_post(site: Any, name: str) -> None:
    """A link that somebody follows must not start anything."""
    assert frappe.allowed_http_methods_for_whitelisted_func[getattr(sync_api, name)] == ["POST"]


def test_every_open_order_is_compared_within_a_ninth_of_their_number_in_minutes(
    orders: list[str], warehouse: EmptyWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 60 calls a minute an idle account leaves 18 to comparing: nine orders, two calls each."""
    more = sorted(new_order(channel=WDT_CHANNEL).name for _number in range(15))
    frappe.db.commit()
    now = [0.0]
    limiter = InProcessRateLimiter(60, lambda: now[0], CallUse.COMPARING, ALL_USES)
    asked: list[str] = []

    def ask(number: str) -> tuple[()]:
        for _call in ("trades", "stockouts"):
            limiter.acquire("account")
        asked.append(number)
        return ()

    monkeypatch.setattr(warehouse, "trades_of", ask)
    try:
        everything = reconcile_runs.next_portion(AccountType.WDT, WDT_ACCOUNT, "")
        minutes = 0
        while not set(everything) <= set(asked):
            reconcile_runs.run(AccountType.WDT, WDT_ACCOUNT)
            minutes, now[0] = minutes + 1, now[0] + 60
            assert minutes <= -(-len(everything) // 9), f"{len(asked)} of {len(everything)}"
        assert {*orders, *more} <= set(asked)
        assert len(asked) == len(everything)
    finally:
        frappe.db.rollback()
        remove_orders(more)
