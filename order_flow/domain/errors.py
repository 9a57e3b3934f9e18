"""Refusals of the rules, each with a stable code and the words for a person.

Texts are English templates with named places; the edge translates and fills them in, so that this
package needs no framework.
"""

from __future__ import annotations

from collections.abc import Mapping


class OrderFlowError(Exception):
    """Base of all refusals.

    Args:
        template: English text with ``{named}`` places: what happened, why, what to do next.
        params: the values of the places.
    """

    code = "refused"

    def __init__(self, template: str, params: Mapping[str, object] | None = None) -> None:
        self.template = template
        self.params: dict[str, object] = dict(params or {})
        super().__init__(template.format(**self.params))


class NumbersExhausted(OrderFlowError):
    """No number is left in a pattern."""

    code = "numbers_exhausted"

    def __init__(self, kind: str, running_number: int) -> None:
        super().__init__(
            "No {kind} is left: the pattern ends before number {running_number}. "
            "Ask an administrator to widen the pattern in Order Flow Settings.",
            {"kind": kind, "running_number": running_number},
        )


class NumberRefused(OrderFlowError):
    """A value is no number, or none that fits."""

    code = "number_refused"


class ShipmentRefused(OrderFlowError):
    """A shipment does not fit its order."""

    code = "shipment_refused"
