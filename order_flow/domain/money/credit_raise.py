"""A higher credit limit, asked for on a form: two decisions and finance's new check (R-164).

The desk's workflow is written from this table, and the controller checks against it, so that no way in
gets past a step.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from order_flow.domain.access.four_eyes import is_second_person
from order_flow.domain.errors import OrderFlowError
from order_flow.domain.lifecycle import Lifecycle, Transition
from order_flow.domain.states import Role


class RaiseState(StrEnum):
    """Where a request stands."""

    REQUESTED = "Requested"
    SALES_APPROVED = "Approved by Sales Manager"
    DIRECTOR_APPROVED = "Approved by Marketing Director"
    GRANTED = "Granted"
    REFUSED = "Refused"


class RaiseStep(StrEnum):
    """What somebody decides."""

    APPROVE_AS_SALES = "Approve as Sales Manager"
    APPROVE_AS_DIRECTOR = "Approve as Marketing Director"
    GRANT = "Grant Limit"
    REFUSE = "Refuse Limit"


class RaiseRefused(OrderFlowError):
    """A step the table does not have, or not for this person."""

    code = "credit_raise_refused"


REQUESTER_ROLES = (Role.AFTER_SALES, Role.SALES, Role.ORDER_DESK)
"""Customer service and those who speak with the customer."""


RaiseTransition = Transition[RaiseStep, RaiseState]

_S, _D = RaiseState, RaiseStep


def _row(step: RaiseStep, source: RaiseState, target: RaiseState, role: Role) -> RaiseTransition:
    """One decision: only its role takes it."""
    return RaiseTransition(step, source, target, roles=(role,))


CREDIT_RAISE: Final = Lifecycle(
    (
        _row(_D.APPROVE_AS_SALES, _S.REQUESTED, _S.SALES_APPROVED, Role.SALES_MANAGER),
        _row(_D.REFUSE, _S.REQUESTED, _S.REFUSED, Role.SALES_MANAGER),
        _row(_D.APPROVE_AS_DIRECTOR, _S.SALES_APPROVED, _S.DIRECTOR_APPROVED, Role.MARKETING_DIRECTOR),
        _row(_D.REFUSE, _S.SALES_APPROVED, _S.REFUSED, Role.MARKETING_DIRECTOR),
        _row(_D.GRANT, _S.DIRECTOR_APPROVED, _S.GRANTED, Role.FINANCE),
        _row(_D.REFUSE, _S.DIRECTOR_APPROVED, _S.REFUSED, Role.FINANCE),
    )
)
"""The lifecycle of a request for a higher limit: each decision has its role."""

_NO_SUCH_STEP = (
    "The request is {source} and cannot become {target}. Next it is decided by: {roles}. Nothing was changed."
)
_NOT_HIS_STEP = "This decision is taken by: {role}. Ask one of them."
_OWN_REQUEST = "You asked for this limit yourself; somebody else decides about it."
_DECIDED_BEFORE = "You have decided about this request already; somebody else takes the next decision."
_NO_REASON = "Say why the limit is refused, so that customer service can talk to the customer."


def no_such_step(source: RaiseState, target: RaiseState) -> RaiseRefused:
    """The refusal of a state that no decision leads to, naming whose turn it is."""
    waiting = tuple(role.value for role in CREDIT_RAISE.roles_at(source)) or "-"
    return RaiseRefused(_NO_SUCH_STEP, {"source": source.value, "target": target.value, "roles": waiting})


def check_decision(
    transition: RaiseTransition,
    roles: frozenset[str],
    *,
    user: str,
    requesters: Iterable[str | None],
    deciders_before: Iterable[str | None],
    refusal: str,
) -> None:
    """Check who takes a decision.

    Args:
        transition: what is decided.
        roles: the roles of the person who decides.
        user: that person.
        requesters: who asked for the limit and wrote the request.
        deciders_before: who took an earlier decision; three roles on one person are one pair of eyes.
        refusal: the reason of a refusal.

    Raises:
        RaiseRefused: not this person's step, the own request, a second decision of the same person, or a
            refusal without a reason.
    """
    takers = CREDIT_RAISE.takers(transition)
    if roles.isdisjoint(takers):
        raise RaiseRefused(_NOT_HIS_STEP, {"role": tuple(role.value for role in takers)})
    if not is_second_person(user, requesters):
        raise RaiseRefused(_OWN_REQUEST)
    if not is_second_person(user, deciders_before):
        raise RaiseRefused(_DECIDED_BEFORE)
    if transition.step is RaiseStep.REFUSE and not refusal.strip():
        raise RaiseRefused(_NO_REASON)
