"""Words that a client sends for one of our own: known, or refused with the list of what is known."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

import frappe
from frappe import _

from order_flow.flow.refusals import StepRefused

Word = TypeVar("Word", bound=StrEnum)


def choice(words: type[Word], value: str, label: str) -> Word:
    """Read one word of a closed set.

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
        frappe.throw(
            _("{0}: '{1}' is not known. Choose one of: {2}.").format(
                label, value, ", ".join(_(word.value) for word in words if word.value)
            ),
            StepRefused,
        )
