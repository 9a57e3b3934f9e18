"""Words of a closed set: read as a person or another system writes them, or refused with the known ones."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NoReturn, TypeVar

import frappe
from frappe import _

from order_flow.flow.refusals import StepRefused

Word = TypeVar("Word", bound=StrEnum)


def choice(words: type[Word], value: str, label: str) -> Word:
    """Read one word of a closed set, as it is stored or as the reader's own screen shows it.

    Args:
        words: the Enum.
        value: what was sent.
        label: the field's name for the refusal, translated.

    Returns:
        The member.

    Raises:
        StepRefused: no such word; the known ones are named.
    """
    try:
        return words(value)
    except ValueError:
        pass
    shown = [word for word in words if word.value and _shown(word) == value]
    if len(shown) == 1:
        return shown[0]
    return refuse_choice(label, value, words)


def refuse_choice(label: object, value: object, words: Iterable[str]) -> NoReturn:
    """Refuse a word that a closed set has not, naming those it has.

    Args:
        label: the field's name, translated.
        value: what was sent.
        words: the set; an empty word is not named.

    Raises:
        StepRefused: always.
    """
    frappe.throw(
        _("{0}: '{1}' is not known. Choose one of: {2}.").format(
            label, value, ", ".join(_named(word) for word in words if word)
        ),
        StepRefused,
    )


def _shown(word: str) -> str:
    return str(_(getattr(word, "label", str(word))))


def _named(word: str) -> str:
    """As screens show it, with what other systems send where that differs."""
    shown = _shown(word)
    return shown if shown == word else f"{shown} ({word})"
