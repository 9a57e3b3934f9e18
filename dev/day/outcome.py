"""What came of the day: whether all sides agree, how long news took, how many calls an order needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import frappe

from dev.day.news import Fact, Spread, spread_of, until_told
from dev.day.setting import U8_ACCOUNT, WDT_ACCOUNT
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind, RowState

DONE = (RowState.DONE.value, RowState.SUPERSEDED.value)


@dataclass(frozen=True)
class Outcome:
    """The figures of a day.

    Args:
        orders: how many.
        states: how many orders ended in which state.
        agreed: how many the last comparison found the same everywhere, by side.
        open_messages: messages that are not done, by state.
        discrepancies: open ones, by kind.
        refused: calls that the far side refused for being too many.
        calls: calls by endpoint of WDT.
        u8_calls: calls of U8.
        told: time from a fact here until it was told outside.
        heard: time from a fact outside until it stood on the order here, by kind of fact.
        minutes: length of the day until nothing was left to do.
    """

    orders: int
    states: dict[str, int]
    agreed: dict[str, int]
    open_messages: dict[str, int]
    discrepancies: dict[str, int]
    refused: int
    calls: dict[str, int]
    u8_calls: int
    told: Spread
    heard: dict[Fact, Spread]
    minutes: int

    @property
    def is_whole(self) -> bool:
        """Whether every order completed, everything was told, and all sides agree."""
        everywhere = all(self.agreed.get(side) == self.orders for side in ("WDT Account", "U8 Account"))
        quiet = not self.open_messages and not self.discrepancies and not self.refused
        return everywhere and quiet and self.states == {"Completed": self.orders}

    @property
    def calls_per_order(self) -> float:
        """Calls of WDT by orders, comparing included."""
        return sum(self.calls.values()) / max(1, self.orders)

    def text(self) -> str:
        """The figures as lines."""
        by_endpoint = ", ".join(f"{name} {number}" for name, number in sorted(self.calls.items()))
        return "\n".join(
            (
                f"orders             {self.orders}, by state {self.states}",
                f"agreed             {self.agreed}",
                f"open messages      {self.open_messages}, discrepancies {self.discrepancies}",
                f"refused by WDT     {self.refused} calls for being too many",
                f"calls of WDT       {sum(self.calls.values())}, {self.calls_per_order:.2f} an order",
                f"                   {by_endpoint}",
                f"calls of U8        {self.u8_calls}",
                f"told outside       {self.told.text()}",
                *(f"{fact.value:18} {spread.text()}" for fact, spread in self.heard.items()),
                f"the day took       {self.minutes} minutes",
            )
        )


def measure(
    orders: Sequence[str], agreed: dict[str, int], minutes: int, heard: dict[Fact, Spread]
) -> Outcome:
    """Read the figures of a day from the site.

    Args:
        orders: names of the day's orders.
        agreed: how many the last round of comparing found the same, by account type.
        minutes: how long the day took.
        heard: how long facts of the far sides took.
    """
    accounts = (WDT_ACCOUNT, U8_ACCOUNT)
    states = frappe.get_all("Order", {"name": ("in", orders)}, pluck="workflow_state", limit_page_length=0)
    rows = frappe.get_all(
        "Sync Outbox",
        filters={"account": ("in", accounts)},
        fields=["name", "document", "action", "state", "creation", "done_at"],
        limit_page_length=0,
    )
    attempts = frappe.db.sql(
        "select account, endpoint, result, count(distinct coalesce(body_in, name)) from `tabSync Attempt` "
        "where account in %s group by account, endpoint, result",
        (accounts,),
    )
    return Outcome(
        orders=len(orders),
        states=dict(Counter(states)),
        agreed=agreed,
        open_messages=dict(Counter(row.state for row in rows if row.state not in DONE)),
        discrepancies=_open_discrepancies(accounts),
        refused=sum(number for _account, _endpoint, result, number in attempts if result == "Rate Limited"),
        calls=_sums((endpoint, n) for account, endpoint, _result, n in attempts if account == WDT_ACCOUNT),
        u8_calls=sum(number for account, _endpoint, _result, number in attempts if account == U8_ACCOUNT),
        told=spread_of(until_told(rows)),
        heard=heard,
        minutes=minutes,
    )


def _sums(pairs: Any) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for name, number in pairs:
        sums[name] += number
    return dict(sums)


def _open_discrepancies(accounts: Sequence[str]) -> dict[str, int]:
    still_open = {"account": ("in", accounts), "state": "Open"}
    rows = frappe.get_all("Sync Discrepancy", still_open, ["kind", "document_type"])
    # A question about unknown goods or carriers stands on the account; no order differs.
    asked = (DiscrepancyKind.NEEDS_MANUAL_STEP, AccountType.WDT)
    return dict(Counter(row.kind for row in rows if (row.kind, row.document_type) != asked))
