"""How an order is classed: three independent answers, two of them computed from facts (K-12).

Source: R-009 (regular or not), R-010 (general or special terms), R-011 (urgency), R-012 (kind), R-408.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from order_flow.domain.states import Role


class Trade(StrEnum):
    """Where the goods go (R-013)."""

    DOMESTIC = "Domestic"
    FOREIGN = "Foreign"


class ProductState(StrEnum):
    """Whether a product is made already (R-013, R-068)."""

    EXISTING = "Existing"
    TO_BE_DEVELOPED = "To Be Developed"


class OrderKind(StrEnum):
    """What an order is about; it decides which team works on it (R-012)."""

    PRODUCT_SALE = "Product Sale"
    AFTER_SALES_SERVICE = "After-sales Service"
    COMPLAINT = "Complaint"
    REFUND = "Refund Request"


TEAM_OF_KIND: Mapping[OrderKind, tuple[Role, ...]] = {
    OrderKind.PRODUCT_SALE: (),
    OrderKind.AFTER_SALES_SERVICE: (Role.AFTER_SALES,),
    OrderKind.COMPLAINT: (Role.AFTER_SALES, Role.QUALITY),
    OrderKind.REFUND: (Role.FINANCE,),
}
"""Who has a task with a new order of a kind (R-012); a sale is the order desk's own work, from its inbox."""


_ABOUT_NO_GOODS = frozenset({OrderKind.COMPLAINT, OrderKind.REFUND})


def concerns_goods(kind: str | None) -> bool:
    """Tell whether an order of a kind sends goods and earns money, so that warehouse and ledger hear of it.

    Args:
        kind: value of ``OrderKind``; none counts as a sale.
    """
    return kind not in _ABOUT_NO_GOODS


class TechnicalClass(StrEnum):
    """Whether the process is known (R-009): 常规 and 非常规."""

    REGULAR = "Regular"
    NON_REGULAR = "Non-regular"


class CommercialClass(StrEnum):
    """Whether the terms are harder than usual (R-010): 一般 and 特殊 of the contract rules."""

    GENERAL = "General"
    SPECIAL_TERMS = "Special Terms"


class Urgency(StrEnum):
    """How soon an order is handled (R-011); 特殊 of those rules is 'Expedited', to keep it apart (K-12)."""

    NORMAL = "Normal"
    EXPEDITED = "Expedited"
    URGENT = "Urgent"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the class of an order follows from."""

    needs_new_design: bool = False
    product_discontinued: bool = False
    """Not made for years, or obsolete."""
    above_standard_quality: bool = False
    tight_date: bool = False
    late_penalty: bool = False
    reputation_at_stake: bool = False
    export: bool = False


def technical_class(facts: Circumstances) -> TechnicalClass:
    """Non-regular where any of the four reasons holds (R-009).

    Args:
        facts: what is known of the order.

    Returns:
        The class. A short delivery time alone is no reason: it counts with a penalty clause, or where the
        company's name is at stake.
    """
    reasons = (
        facts.needs_new_design,
        facts.product_discontinued,
        facts.above_standard_quality,
        facts.tight_date and (facts.late_penalty or facts.reputation_at_stake),
    )
    return TechnicalClass.NON_REGULAR if any(reasons) else TechnicalClass.REGULAR


def commercial_class(facts: Circumstances) -> CommercialClass:
    """Special for exports, and for a tight date with a penalty for being late (R-010)."""
    if facts.export or (facts.tight_date and facts.late_penalty):
        return CommercialClass.SPECIAL_TERMS
    return CommercialClass.GENERAL
