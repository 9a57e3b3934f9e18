"""Decisions that two people take: who had a hand in something does not decide about it (K-14, R-092, R-164).

Whoever owned, wrote or gave away a document stays its own person, whoever holds it now.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_BETWEEN: Final = "\n"


def hands_of(stored: str | None) -> frozenset[str]:
    """Read who had a hand in a document, as it is stored.

    Args:
        stored: users, one a line.
    """
    return frozenset((stored or "").split(_BETWEEN)) - {""}


def with_hands(stored: str | None, *people: str | None) -> str:
    """Add people who have just written, taken or given away a document.

    Args:
        stored: as it is stored now.
        people: users; nobody where empty.

    Returns:
        What is to be stored.
    """
    known = [person for person in (stored or "").split(_BETWEEN) if person]
    return _BETWEEN.join(dict.fromkeys([*known, *(person for person in people if person)]))


def is_second_person(user: str, earlier: Iterable[str | None]) -> bool:
    """Tell whether somebody may decide who had no part in what is decided.

    Args:
        user: who wants to decide.
        earlier: owners, authors, holders and those who decided before.
    """
    return user not in set(earlier)
