"""States and steps of a change notice, and what a change consists of.

Source: ADD 6.15, 订单管理办法 一.二.五 and 二.二.二.3(5) (R-126..R-144). The desk's Workflow is written from
the table, as that of Order is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from order_flow.domain.amounts import ZERO
from order_flow.domain.lifecycle import Lifecycle, Transition
from order_flow.domain.states import Role


class ChangeState(StrEnum):
    """Where a change notice stands."""

    DRAFT = "Draft"
    UNDER_REVIEW = "Under Review"
    APPROVED = "Approved"
    APPLIED = "Applied"
    REJECTED = "Rejected"
    WITHDRAWN = "Withdrawn"


class ChangeStep(StrEnum):
    """What somebody does to a change notice."""

    SEND = "Send to Departments"
    RETURN = "Return to Draft"
    APPROVE = "Approve"
    APPLY = "Apply"
    REJECT = "Reject"
    WITHDRAW = "Withdraw"


OPEN_CHANGE_STATES = frozenset({ChangeState.DRAFT, ChangeState.UNDER_REVIEW, ChangeState.APPROVED})
"""While a notice is in one of these, no other notice may touch the same line or field."""


ChangeTransition = Transition[ChangeStep, ChangeState]

_S = ChangeState
_T = ChangeTransition

CHANGE_TRANSITIONS: tuple[ChangeTransition, ...] = (
    _T(ChangeStep.SEND, _S.DRAFT, _S.UNDER_REVIEW),
    _T(ChangeStep.RETURN, _S.UNDER_REVIEW, _S.DRAFT),
    _T(ChangeStep.RETURN, _S.APPROVED, _S.DRAFT),
    _T(ChangeStep.APPROVE, _S.UNDER_REVIEW, _S.APPROVED),
    _T(ChangeStep.APPLY, _S.APPROVED, _S.APPLIED),
    _T(ChangeStep.REJECT, _S.UNDER_REVIEW, _S.REJECTED),
    _T(ChangeStep.REJECT, _S.APPROVED, _S.REJECTED),
    _T(ChangeStep.WITHDRAW, _S.DRAFT, _S.WITHDRAWN),
    _T(ChangeStep.WITHDRAW, _S.UNDER_REVIEW, _S.WITHDRAWN),
    _T(ChangeStep.WITHDRAW, _S.APPROVED, _S.WITHDRAWN),
)
"""Every step that exists; whatever is not here is refused."""

_DECIDERS = (Role.ORDER_DESK, Role.SALES_MANAGER)
_WRITERS = (
    Role.ORDER_DESK,
    Role.SALES,
    Role.SALES_MANAGER,
    Role.TECHNOLOGY,
    Role.PLANNING,
    Role.PRODUCTION,
    Role.QUALITY,
    Role.INTEGRATION,
)
"""Who finds that an order cannot be kept as it is may propose another way (R-185, R-201); others decide."""

ROLES_OF_CHANGE_STEP: Mapping[ChangeStep, tuple[Role, ...]] = {
    ChangeStep.SEND: _WRITERS,
    ChangeStep.RETURN: _DECIDERS,
    ChangeStep.APPROVE: _DECIDERS,
    ChangeStep.APPLY: _DECIDERS,
    ChangeStep.REJECT: _DECIDERS,
    ChangeStep.WITHDRAW: _WRITERS,
}
"""Who may take each step. Departments answer, they do not approve: the answers are gates of the approval."""


CHANGE: Final = Lifecycle(CHANGE_TRANSITIONS, ROLES_OF_CHANGE_STEP)
"""The lifecycle of a change notice."""


class ChangeAction(StrEnum):
    """What one row of a notice does."""

    SET = "Change"
    ADD_LINE = "Add Line"
    REMOVE_LINE = "Remove Line"


class Level(StrEnum):
    """Where a kind's field lies, or which whole-line action the kind allows."""

    ORDER = "Order"
    LINE = "Line"
    ADD_LINE = "Add Line"
    REMOVE_LINE = "Remove Line"


class RequestedBy(StrEnum):
    """Who wants the change."""

    CUSTOMER = "Customer"
    COMPANY = "Us"


class LossBearer(StrEnum):
    """Who pays for bought material and finished work that the change makes useless (R-127, R-128)."""

    UNDECIDED = ""
    NO_LOSS = "No Loss"
    CUSTOMER = "Customer"
    COMPANY = "Company"


class CustomerAnswer(StrEnum):
    """What the customer said to the change (R-143, R-144)."""

    OPEN = "Open"
    AGREED = "Agreed"
    REFUSED = "Refused"


class SupplementaryContract(StrEnum):
    """Whether price and terms need a contract of their own (R-136, R-138)."""

    UNDECIDED = ""
    NOT_NEEDED = "Not Needed"
    TO_BE_SIGNED = "To Be Signed"
    SIGNED = "Signed"


class ReReview(StrEnum):
    """Whether a change of this kind is reviewed like a non-regular order (R-136, R-138)."""

    NEVER = "Never"
    DECIDED = "Decided on the Notice"
    ALWAYS = "Always"


class Involvement(StrEnum):
    """What a department has to do with a change."""

    ANSWERS = "Answers"
    INFORMED = "Informed"


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing that a notice changes."""

    action: ChangeAction
    line: str = ""
    """Line id; empty for the order itself and for a line that is added."""
    field: str = ""
    """Field name; empty for whole lines."""

    @property
    def level(self) -> Level:
        """Return where a kind must allow it."""
        if self.action is ChangeAction.ADD_LINE:
            return Level.ADD_LINE
        if self.action is ChangeAction.REMOVE_LINE:
            return Level.REMOVE_LINE
        return Level.LINE if self.line else Level.ORDER


@dataclass(frozen=True, slots=True)
class LineProgress:
    """How far one order line is, in its unit."""

    number: int
    """Position on the order, for people."""
    ordered: Decimal
    purchased: Decimal = ZERO
    """For so many pieces material was bought that serves this order only."""
    in_work: Decimal = ZERO
    packed: Decimal = ZERO
    shipped: Decimal = ZERO
    invoiced: Decimal = ZERO

    @property
    def committed(self) -> Decimal:
        """For so many pieces money was spent already."""
        return max(self.purchased, self.in_work, self.packed)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a notice cannot go on."""

    template: str
    """English text with named places; the edge translates it."""
    params: Mapping[str, object] = field(default_factory=dict)


INVOICE_CORRECTED = "Goods are invoiced already. Can the invoice be corrected?"
"""Asked of finance whatever the kind, where invoiced lines change."""
