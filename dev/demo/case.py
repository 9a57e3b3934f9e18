"""One order of a run: what is ordered, what is to happen, and where it stands as seen from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dev.demo.scenarios import Act, Basket, Scenario
from dev.demo.setting import ARTICLES, Article, Buyer


@dataclass(slots=True)
class Case:
    """An order on its way.

    Args:
        title, channel, term: shown in the table; channel and term are the site's names.
        number: external number, unique on the site.
        order: fields of the order as they are sent.
        items: its lines as they are sent.
        story: what happens, in order.
        end: state it must reach.
        uses_wdt: whether the channel has a warehouse.
        to_account: its U8 ledger's account.
    """

    title: str
    channel: str
    term: str
    number: str
    order: dict[str, Any]
    items: list[dict[str, Any]]
    story: Sequence[Act]
    end: str
    uses_wdt: bool
    to_account: str
    name: str = ""
    position: int = 0
    standing: dict[str, Any] = field(default_factory=dict)
    trades: list[dict[str, Any]] = field(default_factory=list)
    stockouts: list[dict[str, Any]] = field(default_factory=list)
    open_rows: list[dict[str, Any]] = field(default_factory=list)
    waybill: str = ""
    parcel: list[dict[str, Any]] = field(default_factory=list)
    """What the desk shipped last, line by line."""
    failure: str = ""

    @property
    def next_act(self) -> Act | None:
        """What comes next; None where the story is told or failed."""
        if self.failure or self.position >= len(self.story):
            return None
        return self.story[self.position]

    @property
    def state(self) -> str:
        """State on the site; empty before it was placed."""
        return str(self.standing.get("state", ""))

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen: told, in its last state, everything told outside."""
        if self.failure:
            return True
        return self.next_act is None and self.state == self.end and not self.open_rows

    def open_amount(self) -> Decimal:
        """What is still to be paid, in the order's currency."""
        return Decimal(str(self.standing["total"])) - Decimal(str(self.standing["paid_amount"]))

    def trades_at(self, *status: int) -> list[dict[str, Any]]:
        """Sales trades at one of these status codes."""
        return [trade for trade in self.trades if trade["status"] in status]


def order_fields(buyer: Buyer, customer: str, term: str, number: str) -> dict[str, Any]:
    """The fields that every order has: who, where to, on which terms."""
    return {
        "customer": customer,
        "customer_order_number": number,
        "payment_term": term,
        "contact_person": buyer.contact,
        "mobile": buyer.mobile,
        "province": buyer.province,
        "city": buyer.city,
        "district": buyer.district,
        "address_line": buyer.address,
        "seller_memo": f"make demo {number}",
    }


def basket_fields(basket: Basket) -> dict[str, Any]:
    """The amounts of a basket that belong to the order as a whole."""
    return {
        "freight": str(basket.freight),
        "other_fees": str(basket.fees),
        "discount": str(basket.discount),
        "tax_included": int(basket.tax_included),
    }


def basket_lines(basket: Basket, articles: Sequence[Article] = ARTICLES) -> list[dict[str, Any]]:
    """The lines of a basket: articles in turn, growing quantities, gifts at the end."""
    lines: list[dict[str, Any]] = []
    for number in range(basket.lines):
        article = articles[(basket.first + number) % len(articles)]
        lines.append(
            {
                "product": article.code,
                "quantity": 2 + (basket.first + number) % 5,
                "unit_price": str(article.price),
                "discount": str(basket.line_discount),
            }
        )
    for number in range(basket.gifts):
        article = articles[(basket.first + basket.lines + number) % len(articles)]
        lines.append({"product": article.code, "quantity": 1, "unit_price": "0", "is_gift": 1})
    return lines


def case_of(
    scenario: Scenario,
    number: str,
    buyer: Buyer,
    customers: Mapping[str, str],
    uses_wdt: bool,
    to_account: str,
) -> Case:
    """A scenario as an order of this run."""
    fields = order_fields(buyer, customers[buyer.name], scenario.term, number)
    return Case(
        title=scenario.title,
        channel=scenario.channel.value,
        term=scenario.term,
        number=number,
        order=fields | basket_fields(scenario.basket),
        items=basket_lines(scenario.basket),
        story=scenario.story,
        end=scenario.end,
        uses_wdt=uses_wdt,
        to_account=to_account,
    )
