"""The attempt log and its retention, the shared rate limit, the health figures (R-352)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import frappe
import pytest
from frappe.utils.redis_wrapper import RedisWrapper

from order_flow.integrations.errors import RateLimited
from order_flow.integrations.transport import AttemptRecord, Effect
from order_flow.outbox.accounts import care as accounts
from order_flow.outbox.accounts import health
from order_flow.outbox.clock import database_now
from order_flow.outbox.limiter import ASSUMED_WORKERS, SharedRateLimiter
from order_flow.outbox.sending import attempts
from order_flow.outbox.sending.attempts import CollectedAttempts, StoredAttempts
from order_flow.outbox.states import ErrorKind, RowState
from tests.site.support.outbox_lab import ACCOUNT_TYPE, FarSide, Mood, drain, put, row, turned

pytest_plugins = ("tests.site.support.outbox_fixtures",)


def record(account: str, **changes: Any) -> AttemptRecord:
    """A record as the transport makes it."""
    values: dict[str, Any] = {
        "account": account,
        "endpoint": "trade_query",
        "method": "POST",
        "url": "http://127.0.0.1/openapi2/trade_query.php",
        "effect": Effect.READ,
        "started_at": datetime.now(UTC),
        "elapsed_ms": 12,
        "status": 200,
        "request": '{"sid": "***"}',
        "answer": '{"code": 0}',
        "error_kind": "",
        "error": "",
    }
    return AttemptRecord(**values | changes)


def logged(account: str) -> list[Any]:
    """The attempts of an account, oldest first."""
    frappe.db.rollback()
    return list(frappe.get_all("Sync Attempt", {"account": account}, ["*"], order_by="creation, name"))


def test_attempt_survives_the_rollback_of_what_follows(lab_account: str) -> None:
    StoredAttempts(ACCOUNT_TYPE, lab_account)(record(lab_account))
    frappe.db.rollback()
    stored = logged(lab_account)
    assert [(a.endpoint, a.result, a.http_status, a.elapsed_ms) for a in stored] == [
        ("trade_query", "OK", 200, 12.0)
    ]


@pytest.mark.parametrize(
    ("error_class", "kind"),
    [
        ("Transient", ErrorKind.TRANSIENT),
        ("RateLimited", ErrorKind.RATE_LIMITED),
        ("Rejected", ErrorKind.REJECTED),
        ("Misconfigured", ErrorKind.MISCONFIGURED),
        ("OutcomeUnknown", ErrorKind.OUTCOME_UNKNOWN),
        ("MemoryError", ErrorKind.DEFECT),
    ],
)
def test_failure_is_logged_by_its_kind(lab_account: str, error_class: str, kind: ErrorKind) -> None:
    StoredAttempts(ACCOUNT_TYPE, lab_account)(
        record(lab_account, error_kind=error_class, error="why", status=None)
    )
    assert [(a.result, a.error) for a in logged(lab_account)] == [(kind.value, "why")]


def test_reading_back_is_logged_when_its_work_is_stored(lab_account: str) -> None:
    sink = CollectedAttempts(ACCOUNT_TYPE, lab_account)
    sink(record(lab_account))
    sink(record(lab_account, error_kind="Transient", error="page 2", answer="<html>"))
    assert logged(lab_account) == []
    sink.store()
    sink.store()
    stored = {a.result: a for a in logged(lab_account)}
    assert {a.direction for a in stored.values()} == {"Inbound"}
    assert stored["OK"].answer is None, "a good answer is stored as documents already"
    assert stored["Transient"].answer == "<html>"


def test_retention_keeps_failures_longer(lab_account: str) -> None:
    sink = StoredAttempts(ACCOUNT_TYPE, lab_account)
    for days in (1, 40, 200):
        at = datetime.now(UTC) - timedelta(days=days)
        sink(record(lab_account, started_at=at, endpoint=f"good {days}"))
        sink(record(lab_account, started_at=at, endpoint=f"bad {days}", error_kind="Transient"))
    assert attempts.clear_old(30) >= 3
    assert {a.endpoint for a in logged(lab_account)} == {"good 1", "bad 1", "bad 40"}


@pytest.fixture
def clean_limit(lab_account: str) -> Iterator[str]:
    """An account with no calls counted yet."""
    yield lab_account
    frappe.cache().delete(frappe.cache().make_key(f"order_flow:calls:{ACCOUNT_TYPE}:{lab_account}"))


def test_limit_is_shared_by_all_workers(clean_limit: str) -> None:
    """Two limiters stand for two processes: together they get the account's calls, not each."""
    one, two = SharedRateLimiter(ACCOUNT_TYPE, 5), SharedRateLimiter(ACCOUNT_TYPE, 5)
    for limiter in (one, two, one, two, one):
        limiter.acquire(clean_limit)
    with pytest.raises(RateLimited) as refusal:
        two.acquire(clean_limit)
    assert refusal.value.retry_after is not None
    assert 55 < refusal.value.retry_after <= 60
    one.acquire("another account")


def test_without_redis_each_process_keeps_to_its_share(
    clean_limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(
        frappe.logger("order_flow", allow_site=True), "warning", lambda text, *a, **k: warnings.append(text)
    )
    limiter = SharedRateLimiter(ACCOUNT_TYPE, 8)
    with monkeypatch.context() as away:
        away.setattr(frappe, "cache", RedisWrapper.from_url("redis://127.0.0.1:9"))
        for _call in range(8 // ASSUMED_WORKERS):
            limiter.acquire(clean_limit)
        with pytest.raises(RateLimited):
            limiter.acquire(clean_limit)
    assert any("Redis does not answer" in text for text in warnings), "the fallback must be visible"


def test_no_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one call"):
        SharedRateLimiter(ACCOUNT_TYPE, 0)


def account_health(name: str) -> dict[str, Any]:
    """Health of one account, half a minute from now."""
    found = health.health(turned(timedelta(seconds=30)))["accounts"]
    return next(account for account in found if account["account"] == name)


def test_health_tells_waiting_from_stuck(lab_account: str, outside: FarSide) -> None:
    """model-codebases 6.4 and 6.20: users cannot tell waiting from lost."""
    put(lab_account, "D1")
    drain(lab_account)
    dead = put(lab_account, "D2")
    outside.rejected = frozenset({"D2/1"})
    drain(lab_account)
    put(lab_account, "D2", "2")
    figures = account_health(lab_account)
    assert figures["rows"] == {RowState.DEAD.value: 1, RowState.PENDING.value: 1}
    assert 25 < figures["oldest_due_seconds"] < 120
    assert figures["last_success"] is not None
    assert figures["obstacle"] is None
    waiting = health.open_rows("Order", "D2")
    assert next(r["name"] for r in waiting if r["account"] == lab_account) == dead


def test_health_names_what_stands_in_the_way(lab_account: str, outside: FarSide) -> None:
    put(lab_account, "D1")
    outside.mood = Mood.CLOSED
    drain(lab_account)
    assert "paused" in account_health(lab_account)["obstacle"]
    frappe.db.set_value(ACCOUNT_TYPE, lab_account, "enabled", 0)
    assert "switched off" in account_health(lab_account)["obstacle"]


def test_rest_is_never_shortened(lab_account: str) -> None:
    now = database_now()
    accounts.rest_account(ACCOUNT_TYPE, lab_account, 300, now)
    accounts.rest_account(ACCOUNT_TYPE, lab_account, 10, now)
    until = accounts.state_of(ACCOUNT_TYPE, lab_account).resting_until
    assert until is not None
    assert timedelta(seconds=299) < until - now < timedelta(seconds=301)


def test_rows_of_a_switched_off_account_wait(lab_account: str, outside: FarSide) -> None:
    name = put(lab_account, "D1")
    frappe.db.set_value(ACCOUNT_TYPE, lab_account, "enabled", 0)
    frappe.db.commit()
    assert drain(lab_account) == 0
    assert row(name).state == RowState.PENDING
