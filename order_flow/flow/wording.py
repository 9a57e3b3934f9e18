"""Lists of words and roles as a reader's language writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from frappe import _

from order_flow.domain.states import Role

_NOT_ASKED: Final = frozenset({Role.INTEGRATION.value, "System Manager", "Administrator"})
"""Roles that may do much and whom nobody asks to do a colleague's work."""


def enumerated(words: Iterable[object]) -> str:
    """Words one after another, with the sign that the reader's language puts between them.

    Args:
        words: in the reader's language.

    Returns:
        One string; Chinese has 、 between the words.
    """
    # The framework trims what it looks up and gives back what stood here where it has no translation.
    return str(_(", ", context="between the words of a list")).join(str(word) for word in words)


def named_roles(roles: Iterable[str]) -> str:
    """Roles a person can turn to, in the reader's language.

    Args:
        roles: names of roles; technical ones are named only where there is no other.

    Returns:
        Their names, in the given sequence.
    """
    named = [str(role) for role in roles]
    asked = [role for role in named if role not in _NOT_ASKED] or named
    return enumerated(_(role) for role in asked)
