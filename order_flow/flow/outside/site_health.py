"""Measures the site as a whole, and tells the operators once when it turns and once when it is well again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import frappe
from frappe import _
from frappe.utils.background_jobs import get_workers
from redis.exceptions import RedisError

from order_flow.domain.message import Message
from order_flow.domain.site_health import SiteFault, SiteFigures, faults_of
from order_flow.flow.tasks.mail import can_mail
from order_flow.flow.tasks.people import people_of
from order_flow.outbox.clock import database_now, to_column
from order_flow.outbox.people import OPERATOR_ROLES
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import CLAIMABLE_STATES

SENTENCES: Final[Mapping[SiteFault, Message]] = {
    SiteFault.SCHEDULER: Message("The scheduler starts no jobs. Start it, or switch it on."),
    SiteFault.CACHE: Message("Redis does not answer. Start it."),
    SiteFault.WORKERS: Message("No worker runs. Start workers for the queues default, short and long."),
    SiteFault.OUTBOX: Message("A message has been due for more than ten minutes. Look at the Sync Outbox."),
    SiteFault.ACCOUNTS: Message("An account of WDT, U8 or a service is paused. Correct it and resume it."),
}
_TOLD: Final = "order_flow_site_faults"
"""The framework's own store of values: which faults the operators were told of last."""


def figures() -> SiteFigures:
    """Measure, with seven statements at most however much is stored."""
    now = to_column(database_now())
    last = frappe.db.sql("select max(last_execution) from `tabScheduled Job Type`")[0][0]
    paused: list[str] = []
    callable_ones: list[tuple[str, str]] = []
    for kind in AccountType:
        for row in frappe.get_all(kind.value, {"enabled": 1}, ["name", "paused"], order_by="name"):
            paused += [row.name] if row.paused else []
            callable_ones += [] if row.paused else [(kind.value, row.name)]
    due = _oldest_due(callable_ones)
    return SiteFigures(
        scheduler_silence=now - last if last else None,
        cache_answers=_cache_answers(),
        workers=workers(),
        longest_wait=max(now - due, timedelta()) if due else timedelta(),
        paused_accounts=tuple(paused),
    )


def _oldest_due(accounts: Iterable[tuple[str, str]]) -> datetime | None:
    """Since when the oldest message is due that nothing holds back; None where none waits."""
    pairs = tuple(accounts)
    if not pairs:
        return None
    oldest: datetime | None = frappe.db.sql(
        """select min(next_attempt_at) from `tabSync Outbox`
        where state in %(waiting)s and blocked_by is null and (account_type, account) in %(accounts)s""",
        {"waiting": CLAIMABLE_STATES, "accounts": pairs},
    )[0][0]
    return oldest


def _cache_answers() -> bool:
    try:
        return bool(frappe.cache().ping())
    except RedisError:
        return False


def workers() -> int | None:
    """Count the workers of background jobs; None where their store does not answer."""
    try:
        return len(get_workers())
    except RedisError:
        return None


def tell_operators() -> None:
    """Mail the operators where the site has turned since they were told (in the caller's transaction)."""
    # A row that is there is locked: two jobs at once tell once.
    told = frappe.db.get_value(
        "DefaultValue", {"defkey": _TOLD, "parent": "__global"}, "defvalue", for_update=True
    )
    faults = faults_of(figures())
    if bool(faults) == bool(told):
        return
    frappe.db.set_global(_TOLD, ",".join(faults) or None)
    _mail(faults)


def _mail(faults: Iterable[SiteFault]) -> None:
    by_language: dict[str, set[str]] = defaultdict(set)
    for people in people_of(OPERATOR_ROLES).values():
        for person in people:
            if person.email and person.wants_mail:
                by_language[person.language].add(person.email)
    if not by_language or not can_mail():
        return
    lines = [SENTENCES[fault] for fault in faults]
    for language, recipients in by_language.items():
        subject = _("The site needs you", language) if lines else _("The site is well again", language)
        told = [line.in_words(partial(_, lang=language)) for line in lines]
        try:
            frappe.sendmail(
                recipients=sorted(recipients), subject=subject, message="<br>".join(told) or subject
            )
        except frappe.OutgoingEmailError as error:
            # The probe says it all the same; a wrong mail account must not stop the watch.
            frappe.log_error(title="Operators could not be told by e-mail", message=str(error))
