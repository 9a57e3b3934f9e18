"""A higher credit limit, asked for on a form: two decisions and finance's new check (R-164).

The desk's workflow is written from this table, and the controller checks against it, so that no way in
gets past a step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from order_flow.domain.access.four_eyes import is_second_person
from order_flow.domain.errors import OrderFlowError
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


@dataclass(frozen=True, slots=True)
class RaiseTransition:
    """One decision: only its role takes it."""

    step: RaiseStep
    source: RaiseState
    target: RaiseState
    role: Role


_S = RaiseState
RAISE_TRANSITIONS: tuple[RaiseTransition, ...] = (
    RaiseTransition(RaiseStep.APPROVE_AS_SALES, _S.REQUESTED, _S.SALES_APPROVED, Role.SALES_MANAGER),
    RaiseTransition(RaiseStep.REFUSE, _S.REQUESTED, _S.REFUSED, Role.SALES_MANAGER),
    RaiseTransition(
        RaiseStep.APPROVE_AS_DIRECTOR, _S.SALES_APPROVED, _S.DIRECTOR_APPROVED, Role.MARKETING_DIRECTOR
    ),
    RaiseTransition(RaiseStep.REFUSE, _S.SALES_APPROVED, _S.REFUSED, Role.MARKETING_DIRECTOR),
    RaiseTransition(RaiseStep.GRANT, _S.DIRECTOR_APPROVED, _S.GRANTED, Role.FINANCE),
    RaiseTransition(RaiseStep.REFUSE, _S.DIRECTOR_APPROVED, _S.REFUSED, Role.FINANCE),
)

_NO_SUCH_STEP = (
    "The request is {source} and cannot become {target}. Next it is decided by: {roles}. Nothing was changed."
)
_NOT_HIS_STEP = "This decision is taken by: {role}. Ask one of them."
_OWN_REQUEST = "You asked for this limit yourself; somebody else decides about it."
_DECIDED_BEFORE = "You have decided about this request already; somebody else takes the next decision."
_NO_REASON = "Say why the limit is refused, so that customer service can talk to the customer."


def deciders(state: RaiseState) -> tuple[Role, ...]:
    """Whose turn it is."""
    return tuple(dict.fromkeys(row.role for row in RAISE_TRANSITIONS if row.source is state))


def check_decision(
    source: RaiseState,
    target: RaiseState,
    roles: frozenset[str],
    *,
    user: str,
    requesters: Iterable[str | None],
    deciders_before: Iterable[str | None],
    refusal: str,
) -> RaiseTransition:
    """The transition that a decision takes.

    Args:
        source: where the request stands.
        target: where it shall go.
        roles: the roles of the person who decides.
        user: that person.
        requesters: who asked for the limit and wrote the request.
        deciders_before: who took an earlier decision; three roles on one person are one pair of eyes.
        refusal: the reason of a refusal.

    Raises:
        RaiseRefused: no such step, not this person's, the own request, a second decision of the same person,
            or a refusal without a reason.
    """
    found = [row for row in RAISE_TRANSITIONS if row.source is source and row.target is target]
    if not found:
        waiting = tuple(role.value for role in deciders(source)) or "-"
        raise RaiseRefused(_NO_SUCH_STEP, {"source": source.value, "target": target.value, "roles": waiting})
    transition = found[0]
    if transition.role.value not in roles:
        raise RaiseRefused(_NOT_HIS_STEP, {"role": transition.role.value})
    if not is_second_person(user, requesters):
        raise RaiseRefused(_OWN_REQUEST)
    if not is_second_person(user, deciders_before):
        raise RaiseRefused(_DECIDED_BEFORE)
    if target is RaiseState.REFUSED and not refusal.strip():
        raise RaiseRefused(_NO_REASON)
    return transition
