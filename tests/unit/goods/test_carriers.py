"""Which carrier takes a shipment, and why (R-285 to R-288)."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from order_flow.domain.goods.carriers import ChoiceReason, Need, Offer, TransportMode, choose

D = Decimal
SF = Offer("SF", TransportMode.EXPRESS, base_price=D(12), price_per_kg=D(2))
YTO = Offer("YTO", TransportMode.EXPRESS, base_price=D(8), price_per_kg=D(3))
TRUCK = Offer("Truck", TransportMode.ROAD, base_price=D(30))
VAN = Offer("Van", TransportMode.OWN_VEHICLE, own=True, provinces=frozenset({"广东省"}), base_price=D(99))


@pytest.mark.parametrize(
    ("need", "carrier", "reason"),
    [
        (Need("北京市", D(1)), "YTO", ChoiceReason.CHEAPEST),
        (Need("北京市", D(5)), "SF", ChoiceReason.CHEAPEST),
        (Need("北京市", D(20)), "Truck", ChoiceReason.CHEAPEST),
        (Need("北京市", D(20), urgent=True), "SF", ChoiceReason.CHEAPEST),
        (Need("广东省", D(1)), "Van", ChoiceReason.OWN_VEHICLE),
        (Need("北京市", D(1), mode=TransportMode.ROAD), "Truck", ChoiceReason.ONLY_ONE),
    ],
)
def test_own_vehicles_first_then_the_cheapest_that_fits(
    need: Need, carrier: str, reason: ChoiceReason
) -> None:
    choice = choose([SF, YTO, TRUCK, VAN], need)
    assert choice is not None
    assert (choice.offer.carrier, choice.reason) == (carrier, reason)


def test_too_heavy_unsafe_and_far_away_do_not_fit() -> None:
    light = Offer("Bike", TransportMode.EXPRESS, heaviest=D(3))
    unsafe = Offer("Unsafe", TransportMode.EXPRESS, safety=D("0.4"))
    assert choose([light, unsafe, VAN], Need("北京市", D(4))) is None
    assert choose([light], Need("北京市", D(3))) is not None


def test_the_customer_comes_only_where_somebody_said_so() -> None:
    """It costs nothing, and is no carrier to be chosen for him."""
    collects = Offer("Customer", TransportMode.CUSTOMER_COLLECTS)
    assert choose([collects], Need("北京市", D(1))) is None
    chosen = choose([collects, SF], Need("北京市", D(1)))
    assert chosen is not None and chosen.offer is SF
    asked = choose([collects, SF], Need("北京市", D(1), mode=TransportMode.CUSTOMER_COLLECTS))
    assert asked is not None and asked.offer is collects


_offers = st.lists(
    st.builds(
        Offer,
        st.sampled_from("ABCDE"),
        st.sampled_from(list(TransportMode)),
        st.booleans(),
        st.sampled_from([frozenset(), frozenset({"广东省"})]),
        st.sampled_from([D(0), D(5)]),
        st.decimals(0, 50, places=2),
        st.decimals(0, 5, places=2),
        st.sampled_from([None, D("0.4"), D("0.8")]),
    ),
    unique_by=lambda offer: offer.carrier,
)


# Drawing lists of offers is slow on a busy machine; how long it takes says nothing about the choice.
@settings(deadline=None)
@given(
    _offers,
    st.builds(Need, st.sampled_from(["广东省", "北京市"]), st.decimals(0, 9, places=1), st.booleans()),
)
def test_the_choice_fits_and_does_not_depend_on_the_sequence(offers: list[Offer], need: Need) -> None:
    choice = choose(offers, need)
    shuffled = random.Random(1).sample(offers, len(offers))
    assert choose(shuffled, need) == choice
    if choice and not choice.offer.own:
        dearer = [offer for offer in offers if offer.price(need.weight) < choice.offer.price(need.weight)]
        assert all(choose([offer], need) is None for offer in dearer)
