"""Which carrier takes a shipment, and why (R-285 to R-288).

Own vehicles go first; else the cheapest offer that fits the goods, the way and the urgency, at a carrier
whose safety is not in doubt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from order_flow.domain.amounts import ZERO


class TransportMode(StrEnum):
    """How goods travel."""

    EXPRESS = "Express"
    URGENT_EXPRESS = "Urgent Express"
    ROAD = "Road"
    RAIL = "Rail"
    SEA = "Sea"
    AIR = "Air"
    CUSTOMER_COLLECTS = "Customer Collects"
    OWN_VEHICLE = "Own Vehicle"


FAST: Final = frozenset(
    {TransportMode.EXPRESS, TransportMode.URGENT_EXPRESS, TransportMode.AIR, TransportMode.OWN_VEHICLE}
)
"""What an urgent order may travel with."""
SAFE_ENOUGH: Final = Decimal("0.6")
"""Three of five stars; a carrier that nobody has rated yet is not ruled out."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a carrier offers.

    Args:
        carrier: its name.
        mode: how it travels.
        own: the company's own vehicles.
        provinces: where it goes; empty means everywhere.
        heaviest: kilograms; zero means no limit.
        base_price, price_per_kg: in the company's currency.
        safety: 0 to 1; None where nobody rated it.
    """

    carrier: str
    mode: TransportMode
    own: bool = False
    provinces: frozenset[str] = frozenset()
    heaviest: Decimal = ZERO
    base_price: Decimal = ZERO
    price_per_kg: Decimal = ZERO
    safety: Decimal | None = None

    def price(self, weight: Decimal) -> Decimal:
        """Return what a shipment of a weight costs."""
        return self.base_price + self.price_per_kg * weight


@dataclass(frozen=True, slots=True)
class Need:
    """What a shipment asks for: where it goes, kilograms (zero: not known), whether it is urgent, the wanted
    mode (None: any)."""

    province: str
    weight: Decimal
    urgent: bool = False
    mode: TransportMode | None = None


class ChoiceReason(StrEnum):
    """Why a carrier was chosen; the edge translates it."""

    OWN_VEHICLE = "Own vehicles go there."
    CHEAPEST = "The cheapest that goes there with these goods."
    ONLY_ONE = "The only one that goes there with these goods."


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen carrier and why."""

    offer: Offer
    reason: ChoiceReason


def choose(offers: Iterable[Offer], need: Need) -> Choice | None:
    """Choose among the carriers.

    Args:
        offers: of the carriers that are not disabled.
        need: of the shipment.

    Returns:
        The same choice for the same offers in whatever sequence they come; None where nobody fits, a person
        chooses then.
    """
    fitting = sorted(
        (offer for offer in offers if _fits(offer, need)),
        key=lambda offer: (not offer.own, offer.price(need.weight), -(offer.safety or ZERO), offer.carrier),
    )
    if not fitting:
        return None
    first = fitting[0]
    if first.own:
        return Choice(first, ChoiceReason.OWN_VEHICLE)
    return Choice(first, ChoiceReason.ONLY_ONE if len(fitting) == 1 else ChoiceReason.CHEAPEST)


def _fits(offer: Offer, need: Need) -> bool:
    goes_there = not offer.provinces or need.province in offer.provinces
    carries_it = offer.heaviest == ZERO or need.weight <= offer.heaviest
    fast_enough = not need.urgent or offer.mode in FAST
    # That the customer comes himself costs nothing, and is his to say.
    asked = need.mode is not None or offer.mode is not TransportMode.CUSTOMER_COLLECTS
    wanted = asked and need.mode in (None, offer.mode)
    safe = offer.safety is None or offer.safety >= SAFE_ENOUGH
    return goes_there and carries_it and fast_enough and wanted and safe
