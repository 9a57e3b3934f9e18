"""Orders that WDT or U8 has under numbers of this site, and that are not here (R-034, R-351).

Nothing is ever deleted here, so the site itself is older than what it told: it was restored from a backup.
The orders must be entered again or called off over there, and new orders must not take their numbers: what
WDT is told under a number that it knows changes the old order. One question an account holds all numbers.
Numbers of another form are orders of others; so are those that a person has dismissed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any, Final

import frappe
from frappe import _

from order_flow.domain.message import Message
from order_flow.domain.orders.numbering import running_number
from order_flow.outbox.accounts.discrepancies import Finding, close_resolved
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind, DiscrepancyState
from order_flow.outbox.transaction import in_transaction
from order_flow.sync.disagreements import tell

ASPECT: Final = "missing-here"
MOST_NAMED: Final = 20
MOST_KEPT: Final = 2000
_SEQUENCES: Final = {"Order": "order_number_seq", "Order Payment": "order_payment_number_seq"}
"""Where the numbers of each DocType come from."""


def note_missing(account_type: AccountType, account: str, numbers: Iterable[str]) -> None:
    """Ask about numbers of ours that an outside system has and this site does not; no transaction is open.

    Args:
        account_type: the system's account type.
        account: which account was read.
        numbers: names of orders and payments as they stand over there; those of others are passed over.
    """
    ours = {number for number in numbers if running_number(number)}
    if ours:
        in_transaction(partial(_note, account_type, account, ours))


def look_again(account_type: AccountType, account: str) -> int:
    """Take what is here by now off the question, and close it where nothing is left.

    Returns:
        How many numbers are still missing.
    """
    return in_transaction(partial(_look, account_type, account))


def look_again_for(discrepancy: Any) -> str:
    """Repair: see which of the documents are here by now."""
    left = _look(AccountType(discrepancy.account_type), discrepancy.account)
    return _("{0} are still missing here.").format(left)


def keep_numbers_free(discrepancy: Any) -> str:
    """Repair: let new documents begin behind the highest number that is missing here."""
    highest: dict[str, int] = {}
    for number in _numbers_in(discrepancy.payload):
        doctype, running = running_number(number) or ("", 0)
        highest[doctype] = max(running, highest.get(doctype, 0))
    for doctype, running in highest.items():
        # Moves forward only: the database leaves a sequence alone that is further already.
        frappe.db.sql(f"select setval(`{_SEQUENCES[doctype]}`, %s)", (running,))
    return _("New numbers begin behind those that are missing here.")


def _note(account_type: AccountType, account: str, numbers: Collection[str]) -> None:
    missing = set(numbers) - _here(numbers) - _dismissed(account_type, account)
    known = _asked_about(account_type, account)
    if missing - known:
        _ask(account_type, account, known | missing)


def _look(account_type: AccountType, account: str) -> int:
    known = _asked_about(account_type, account)
    left = known - _here(known)
    if known and not left:
        kind, document_type = DiscrepancyKind.MISSING_ON_SITE, account_type.value
        close_resolved(kind, account_type, account, document_type, account, ASPECT)
    elif left != known:
        _ask(account_type, account, left)
    return len(left)


def _here(numbers: Collection[str]) -> set[str]:
    by_doctype: dict[str, list[str]] = {}
    for number in numbers:
        if found := running_number(number):
            by_doctype.setdefault(found[0], []).append(number)
    return {
        str(name)
        for doctype, names in by_doctype.items()
        for name in frappe.get_all(doctype, {"name": ("in", names)}, pluck="name", limit_page_length=0)
    }


def _questions(account_type: AccountType, account: str, state: DiscrepancyState) -> list[str]:
    about = {
        "kind": DiscrepancyKind.MISSING_ON_SITE.value,
        "account_type": account_type.value,
        "account": account,
        "state": state.value,
    }
    payloads: list[str] = frappe.get_all("Sync Discrepancy", about, pluck="payload", limit_page_length=0)
    return payloads


def _asked_about(account_type: AccountType, account: str) -> set[str]:
    payloads = _questions(account_type, account, DiscrepancyState.OPEN)
    return {number for payload in payloads for number in _numbers_in(payload)}


def _dismissed(account_type: AccountType, account: str) -> set[str]:
    payloads = _questions(account_type, account, DiscrepancyState.DISMISSED)
    return {number for payload in payloads for number in _numbers_in(payload)}


def _numbers_in(payload: str | None) -> list[str]:
    return [str(number) for number in json.loads(payload or "[]")]


def _ask(account_type: AccountType, account: str, missing: Collection[str]) -> None:
    numbers = sorted(missing)[:MOST_KEPT]
    named = ", ".join(numbers[:MOST_NAMED]) + (" ..." if len(numbers) > MOST_NAMED else "")
    tell(
        Finding(
            kind=DiscrepancyKind.MISSING_ON_SITE,
            account_type=account_type,
            account=account,
            document_type=account_type.value,
            document=account,
            aspect=ASPECT,
            summary=Message(
                "{0} has {1} documents under numbers of this site that are not here: {2}. Was the site "
                "restored from a backup? First let new numbers begin behind them ('Keep Numbers Free'), or a "
                "new order changes one of these over there. Then enter each again, or call it off over "
                "there.",
                account,
                len(missing),
                named,
            ),
            payload=numbers,
        )
    )
