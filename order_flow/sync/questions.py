"""One question to a person for all names of a kind that an outside system has and this site does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from order_flow.domain.message import Message
from order_flow.outbox.accounts.discrepancies import Finding, raise_discrepancy
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind

MOST_NAMED = 20

Question = Callable[[int, str], Message]
"""Asks about so many names, the first of which are given."""


def ask(account: str, aspect: str, names: Sequence[str], text: Question, value: list[dict[str, Any]]) -> None:
    """Raise the question, or count it again where it is open already.

    Args:
        account: the WDT Account.
        aspect: what kind of names, e.g. ``stock: unknown products``; one question each.
        names: the unknown names; none asks nothing.
        text: the question.
        value: some of the records as WDT sent them.
    """
    if not names:
        return
    named = ", ".join(names[:MOST_NAMED]) + (" ..." if len(names) > MOST_NAMED else "")
    raise_discrepancy(
        Finding(
            kind=DiscrepancyKind.NEEDS_MANUAL_STEP,
            account_type=AccountType.WDT,
            account=account,
            document_type=AccountType.WDT.value,
            document=account,
            aspect=aspect,
            summary=text(len(names), named),
            wdt_value=value,
        )
    )
