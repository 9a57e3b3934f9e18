"""What the written procedures say about money: payment terms and gates of the shipped profiles (K-03, K-21).

No procedure names percentages or days; those here are proposals for an administrator to change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from order_flow.domain.gates.model import CheckPoint, Effect, GateCode
from order_flow.domain.money.terms import DueRule
from order_flow.domain.states import PaymentTerm
from order_flow.flow.profiles import EFFECT_FIELDS

LARGE_ORDER: Final = 500_000
"""From here on finance checks an order's credit first; the amount of REG50 (R-080, R-161)."""
DAYS_BEFORE_LC_EXPIRY: Final = 7
"""ADD 6.12 (R-157)."""


def _term(
    term: PaymentTerm, planning: int, shipment: int, after: int, days: int = 0, **more: Any
) -> Mapping[str, Any]:
    return {
        "payment_term": term.value,
        "percent_before_planning": planning,
        "percent_before_shipment": shipment,
        "percent_after_shipment": after,
        "due_days": days,
        "due_rule": DueRule.AFTER_SHIPMENT.value,
        **more,
    }


CONTRACT_TERMS: Final = (
    _term(PaymentTerm.PREPAYMENT, 100, 0, 0),
    _term(PaymentTerm.DEPOSIT_AND_BALANCE, 30, 70, 0),
    _term(PaymentTerm.LETTER_OF_CREDIT, 0, 0, 100, 30),
    _term(PaymentTerm.INSTALMENTS, 0, 0, 100, 30, credit_check=1),
    _term(PaymentTerm.MONTHLY_ACCOUNT, 0, 0, 100, 30, credit_check=1, due_rule=DueRule.AFTER_MONTH_END.value),
)
"""Prepayment and deposit before planning (R-002, R-153), the rest before shipment (R-155); a letter of credit
pays after it, against papers. What is not here follows ``domain.terms.DEFAULT_POLICIES``."""

_EFFECTS: Final[Mapping[GateCode, tuple[Effect, Effect, Effect]]] = {
    GateCode.DEPOSIT_MISSING: (Effect.OFF, Effect.STOP, Effect.STOP),
    GateCode.PREPAYMENT_MISSING: (Effect.OFF, Effect.STOP, Effect.STOP),
    GateCode.PAYMENT_BEFORE_SHIPMENT_MISSING: (Effect.OFF, Effect.OFF, Effect.STOP),
    GateCode.LETTER_OF_CREDIT_MISSING: (Effect.OFF, Effect.STOP, Effect.STOP),
    GateCode.LETTER_OF_CREDIT_NOT_VERIFIED: (Effect.OFF, Effect.WARN, Effect.STOP),
    GateCode.LETTER_OF_CREDIT_EXPIRY_UNKNOWN: (Effect.OFF, Effect.STOP, Effect.STOP),
    GateCode.SHIPS_TOO_LATE_FOR_LETTER_OF_CREDIT: (Effect.WARN, Effect.STOP, Effect.STOP),
    GateCode.LETTER_OF_CREDIT_TOO_LOW: (Effect.OFF, Effect.WARN, Effect.STOP),
    GateCode.CREDIT_NOT_GRANTED: (Effect.STOP, Effect.STOP, Effect.STOP),
    GateCode.CREDIT_EXPIRED: (Effect.WARN, Effect.STOP, Effect.STOP),
    GateCode.CREDIT_OVER_LIMIT: (Effect.WARN, Effect.STOP, Effect.STOP),
    GateCode.CUSTOMER_OVERDUE: (Effect.STOP, Effect.STOP, Effect.WARN),
    GateCode.CUSTOMER_NOT_ASSESSED: (Effect.STOP, Effect.STOP, Effect.OFF),
    GateCode.LARGE_ORDER_UNCHECKED: (Effect.WARN, Effect.STOP, Effect.STOP),
}
"""At confirmation, at release to planning, at shipping (R-153..R-163)."""

_POINTS: Final = (CheckPoint.CONFIRM, CheckPoint.PLANNING, CheckPoint.SHIP)

MONEY_GATES: Final = tuple(
    {
        "gate": code.label,
        **{EFFECT_FIELDS[point]: effect.value for point, effect in zip(_POINTS, effects, strict=True)},
    }
    for code, effects in _EFFECTS.items()
)
"""Rows of the table of gates, for every profile with contracts."""

MONEY: Final[Mapping[str, Any]] = {
    "large_order_amount": LARGE_ORDER,
    "days_before_lc_expiry": DAYS_BEFORE_LC_EXPIRY,
    "payment_terms": CONTRACT_TERMS,
}
"""Fields and rows of every profile with contracts."""
