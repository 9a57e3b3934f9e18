"""What of China's regions the order flow must know by itself."""

from __future__ import annotations

from typing import Final

UNDIVIDED_CITIES: Final = frozenset(
    {"东莞市", "中山市", "儋州市", "嘉峪关市", "东莞", "中山", "儋州", "嘉峪关"}
)
"""Prefecture-level cities without districts: an address there has none to enter."""


def district_of(city: str, district: str) -> str:
    """The district to tell an interface that demands one: the city itself where the city has none.

    Args:
        city: name of the city.
        district: district of the address, "" where none was entered.
    """
    return district or (city if city in UNDIVIDED_CITIES else "")
