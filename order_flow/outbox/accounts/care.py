"""Whether an account may be called: enabled, paused by a failure, or resting for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe
from frappe import _

from order_flow.domain.addresses import is_on_this_machine
from order_flow.domain.message import Message
from order_flow.outbox import bell
from order_flow.outbox.accounts import discrepancies
from order_flow.outbox.clock import SQL_NOW, from_column, to_column, utc_offset
from order_flow.outbox.language import in_site_language
from order_flow.outbox.states import DiscrepancyKind, ErrorKind, RowState
from order_flow.rehearsal import is_rehearsal

PAUSE_ASPECT = "pause"


@dataclass(frozen=True, slots=True)
class AccountState:
    """What stands between an account and its next call."""

    enabled: bool
    paused: bool
    pause_reason: str
    resting_until: datetime | None
    held_back: bool = False
    """The site is a rehearsal and the account's address leads out of the machine."""

    def obstacle(self, now: datetime) -> Message | None:
        """Why the account may not be called now, in an operator's words; None if it may.

        Args:
            now: aware time.
        """
        if self.held_back:
            return Message(
                "This site is a rehearsal and calls only stand-ins on its own machine. Give the account a "
                "stand-in's address, or have an administrator end the rehearsal."
            )
        if not self.enabled:
            return Message("The account is switched off. Switch it on to send what waits.")
        if self.paused:
            return Message(
                "The account is paused: {0} Correct its settings, then press 'Resume'.", self.pause_reason
            )
        if self.resting_until and self.resting_until > now:
            until = f"{self.resting_until:%Y-%m-%d %H:%M:%S}"
            return Message("The account rests until {0}, as the far side needs it.", until)
        return None


def state_of(account_type: str, account: str) -> AccountState:
    """Read an account's state from the database, past every cache.

    Raises:
        frappe.DoesNotExistError: there is no such account.
    """
    fields = ["enabled", "paused", "pause_reason", "resting_until", "base_url"]
    stored = frappe.db.get_value(account_type, account, fields, as_dict=True)
    if stored is None:
        raise frappe.DoesNotExistError(
            Message(
                "{0} {1} does not exist, but outbox rows name it. Restore it, or mark the rows as done "
                "outside.",
                Message(account_type),
                account,
            ).in_words(_)
        )
    return AccountState(
        enabled=bool(stored.enabled),
        paused=bool(stored.paused),
        pause_reason=stored.pause_reason or "",
        resting_until=from_column(stored.resting_until) if stored.resting_until else None,
        held_back=is_rehearsal() and not is_on_this_machine(stored.base_url or ""),
    )


def pause_account(account_type: str, account: str, reason: str) -> None:
    """Stop all calls of an account until a person resumes it, and tell one (in the caller's transaction).

    Args:
        account_type: DocType of the account.
        account: its name.
        reason: what is wrong, in an operator's words.
    """
    stored = in_site_language(reason)
    frappe.db.set_value(account_type, account, {"paused": 1, "pause_reason": stored})
    discrepancies.raise_discrepancy(
        discrepancies.Finding(
            kind=DiscrepancyKind.ACCOUNT_PAUSED,
            account_type=account_type,
            account=account,
            document_type=account_type,
            document=account,
            aspect=PAUSE_ASPECT,
            summary=stored,
        )
    )


def rest_account(account_type: str, account: str, seconds: float, now: datetime) -> None:
    """Make no call of an account for a while (in the caller's transaction); a longer rest stays.

    Args:
        account_type: DocType of the account.
        account: its name.
        seconds: how long.
        now: aware time the rest starts at.
    """
    until = now + timedelta(seconds=seconds)
    resting_until = state_of(account_type, account).resting_until
    if resting_until is None or resting_until < until:
        frappe.db.set_value(account_type, account, "resting_until", to_column(until), update_modified=False)


def resume_account(account_type: str, account: str) -> None:
    """Let a paused or resting account call again and wake a worker after the commit.

    Rows that were refused for too many calls waited for the end of the rest, so they are due now as well.
    """
    frappe.db.set_value(account_type, account, {"paused": 0, "pause_reason": None, "resting_until": None})
    frappe.db.sql(
        f"""UPDATE `tabSync Outbox` SET next_attempt_at = {SQL_NOW}
        WHERE account_type = %(account_type)s AND account = %(account)s AND state IN %(waiting)s
            AND last_error_kind = %(limited)s AND next_attempt_at > {SQL_NOW}""",
        {
            "account_type": account_type,
            "account": account,
            "waiting": (RowState.WAITING, RowState.UNKNOWN),
            "limited": ErrorKind.RATE_LIMITED,
            "utc_offset": utc_offset(),
        },
    )
    discrepancies.close_resolved(
        DiscrepancyKind.ACCOUNT_PAUSED, account_type, account, account_type, account, PAUSE_ASPECT
    )
    bell.ring_after_commit(account_type, account)
