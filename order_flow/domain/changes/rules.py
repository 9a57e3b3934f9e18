"""What a change must not touch, whom it costs, and what is missing before it may be approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from order_flow.domain.amounts import ZERO
from order_flow.domain.changes.model import (
    ChangeAction,
    CustomerAnswer,
    LineProgress,
    LossBearer,
    Obstacle,
    RequestedBy,
    ReReview,
    SupplementaryContract,
    Touch,
)
from order_flow.domain.reviews.sign_offs import Outcome, Standing
from order_flow.domain.states import ENTRY_STATES, FINAL_STATES, SHIPPED_STATES, OrderState, PaymentFamily

QUANTITY = "quantity"

FIXED_FIELDS = frozenset(
    {
        "customer",
        "channel",
        "external_number",
        "customer_order_number",
        "ordered_at",
        "currency",
        "exchange_rate",
        "tax_included",
        "trade",
        "product_state",
    }
)
"""What makes an order the order it is. Another customer or currency is another order."""

AFTER_SHIPMENT = frozenset({"invoice_title", "tax_number"})
"""Fields of the order that may still change when everything has left."""

OF_GOODS_TO_COME = frozenset({QUANTITY, "promised_date", "requested_date", "remark"})
"""Fields of a line that may change although a part of it has left: they concern the rest."""

MATERIAL_FIELDS = frozenset(
    {"product", "specification", "model", "packing", "label_requirement", "labelling"}
)
"""Part numbers (packing included) and specification: bought or made goods may become useless (R-126)."""

PROMISED_DATES = frozenset({"promised_date", "expected_arrival"})
"""Dates we promised; they change only with planning's sign-off and the customer's answer (K-28)."""

_NOT_YET = (
    "Order {order} is not confirmed yet. Edit it in place (return it to entry first if it is under review)."
)
_FINISHED = "Order {order} is {state}; a finished order cannot be changed."
_ALL_SHIPPED = (
    "Order {order} is {state}: what has left cannot be changed. Only {fields} may still be corrected; for "
    "goods offer a return, for more goods take a new order."
)
_CANCELLING = (
    "A cancellation of order {order} has been requested. Wait for its answer before changing the order."
)
_LINE_LEFT = (
    "Line {line}: {shipped} of {ordered} have left, so the line cannot be cancelled. Reduce its quantity to "
    "{shipped} instead, or offer a return."
)
_BELOW_SHIPPED = (
    "Line {line}: {shipped} have left, the quantity cannot become {quantity}. Choose at least {shipped}."
)
_PART_LEFT = (
    "Line {line}: {shipped} of {ordered} have left, '{field}' cannot change for them. Reduce the quantity to "
    "{shipped} and add a new line for the rest."
)
_OTHER_FAMILY = (
    "The payment term cannot change from money before the goods to money after them or back. Cancel the "
    "order and take it anew."
)
_NO_LINES_LEFT = "Every line would be cancelled. Request the cancellation of the order instead."
_NOTHING = "The notice changes nothing. Enter what is to become different."

_REQUEST_MISSING = "The customer's written request is missing. Attach it."
_DEPARTMENTS_OPEN = "These departments have not answered yet: {departments}."
_DEPARTMENT_REFUSED = "{department} says no: {remark}."
_CUSTOMER_OPEN = "The customer has not agreed yet. Record the customer's answer with its paper."
_CUSTOMER_REFUSED = "The customer refused the change. Reject or withdraw the notice."
_LOSS_OPEN = (
    "Material is bought or work is done for line {lines} that the change makes useless. Record who bears the "
    "loss: the customer in writing, or the company with the sales manager's approval."
)
_LOSS_UNSIGNED = "The customer bears the loss, but the written agreement is missing. Attach it."
_LOSS_UNAPPROVED = "The company bears the loss: the sales manager has to approve it."
_FAULT_OF_OURS = (
    "The change follows from a quality fault of ours, so the company bears the loss: record it so, with the "
    "sales manager's approval."
)
_CONTRACT_OPEN = "Decide whether a supplementary contract is needed."
_CONTRACT_UNSIGNED = "The supplementary contract is not signed yet. Attach the signed contract."
_REVIEW_UNDECIDED = "Decide whether the change is reviewed like a non-regular order."
_REVIEW_OPEN = "The change is reviewed like a non-regular order, and the review is not finished."


@dataclass(frozen=True, slots=True)
class OrderAtChange:
    """What the rules look at of the order that is to change."""

    name: str
    state: OrderState
    cancel_requested: bool
    lines: Mapping[str, LineProgress]
    """By line id."""


def _shown(quantity: Decimal) -> str:
    return format(quantity.normalize(), "f")


def order_obstacles(order: OrderAtChange, touches: Sequence[Touch]) -> tuple[Obstacle, ...]:
    """Why this order cannot be changed by a notice now (K-07, R-126).

    Args:
        order: the order as it is now.
        touches: what the notice changes.

    Returns:
        The obstacles; empty where the order may change.
    """
    found: list[Obstacle] = []
    if order.state in ENTRY_STATES:
        found.append(Obstacle(_NOT_YET, {"order": order.name}))
    elif order.state in FINAL_STATES:
        found.append(Obstacle(_FINISHED, {"order": order.name, "state": order.state.value}))
    elif order.state in SHIPPED_STATES and any(
        touch.line or touch.field not in AFTER_SHIPMENT for touch in touches
    ):
        found.append(
            Obstacle(
                _ALL_SHIPPED,
                {
                    "order": order.name,
                    "state": order.state.value,
                    "fields": ", ".join(sorted(AFTER_SHIPMENT)),
                },
            )
        )
    if order.cancel_requested:
        found.append(Obstacle(_CANCELLING, {"order": order.name}))
    if not touches:
        found.append(Obstacle(_NOTHING))
    return tuple(found)


def shipping_obstacles(
    order: OrderAtChange, touches: Iterable[Touch], quantities: Mapping[str, Decimal]
) -> tuple[Obstacle, ...]:
    """Return what of a change would touch goods that have left.

    Args:
        order: the order as it is now.
        touches: what the notice changes; lines that are not on the order any more are judged elsewhere.
        quantities: the new quantity by line id, for the lines whose quantity changes.

    Returns:
        One obstacle per touch that must not be.
    """
    found: list[Obstacle] = []
    removed: set[str] = set()
    added = False
    for touch in touches:
        added = added or touch.action is ChangeAction.ADD_LINE
        line = order.lines.get(touch.line)
        if line is None:
            continue
        if touch.action is ChangeAction.REMOVE_LINE:
            removed.add(touch.line)
        if obstacle := _line_obstacle(line, touch, quantities.get(touch.line, line.ordered)):
            found.append(obstacle)
    if removed and not added and removed == set(order.lines):
        found.append(Obstacle(_NO_LINES_LEFT))
    return tuple(found)


def _line_obstacle(line: LineProgress, touch: Touch, quantity: Decimal) -> Obstacle | None:
    if line.shipped <= ZERO:
        return None
    places = {"line": line.number, "shipped": _shown(line.shipped), "ordered": _shown(line.ordered)}
    if touch.action is ChangeAction.REMOVE_LINE:
        return Obstacle(_LINE_LEFT, places)
    if touch.field == QUANTITY and quantity < line.shipped:
        return Obstacle(_BELOW_SHIPPED, {**places, "quantity": _shown(quantity)})
    if touch.field not in OF_GOODS_TO_COME:
        return Obstacle(_PART_LEFT, {**places, "field": touch.field})
    return None


def term_obstacle(before: PaymentFamily, after: PaymentFamily) -> Obstacle | None:
    """A payment term may change within its family only: the order's whole way depends on it (R-013)."""
    return None if before is after else Obstacle(_OTHER_FAMILY)


def overlap(touches: Iterable[Touch], others: Iterable[Touch]) -> bool:
    """Whether two notices touch one line, or one field of the order. Lines that are added stand alone."""
    return not _subjects(touches).isdisjoint(_subjects(others))


def _subjects(touches: Iterable[Touch]) -> frozenset[tuple[str, str]]:
    return frozenset(
        ("line", touch.line) if touch.line else ("field", touch.field)
        for touch in touches
        if touch.action is not ChangeAction.ADD_LINE
    )


def lines_at_risk(
    lines: Mapping[str, LineProgress], touches: Iterable[Touch], quantities: Mapping[str, Decimal]
) -> tuple[str, ...]:
    """Lines for which bought material or finished work may become useless (R-126, R-127).

    Args:
        lines: how far each line is, by line id.
        touches: what the notice changes.
        quantities: the new quantity by line id, for the lines whose quantity changes.

    Returns:
        Line ids in the order of the lines.
    """
    known = tuple(touches)
    whole_order = any(not touch.line and touch.field in MATERIAL_FIELDS for touch in known)
    found = {
        line_id
        for line_id, line in lines.items()
        if (whole_order and line.committed > line.shipped)
        or any(
            _wastes(line, touch, quantities.get(line_id, line.ordered))
            for touch in known
            if touch.line == line_id
        )
    }
    return tuple(line_id for line_id in lines if line_id in found)


def _wastes(line: LineProgress, touch: Touch, quantity: Decimal) -> bool:
    if touch.action is ChangeAction.REMOVE_LINE:
        return line.committed > ZERO
    if touch.field == QUANTITY:
        return line.committed > quantity
    return touch.field in MATERIAL_FIELDS and line.committed > line.shipped


@dataclass(frozen=True, slots=True)
class KindNeeds:
    """What a kind of change demands before it is approved."""

    customer_request: bool = False
    customer_answer: bool = False
    supplementary_contract: bool = False
    re_review: ReReview = ReReview.NEVER


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What the approval looks at."""

    needs: KindNeeds
    standing: Standing
    requested_by: RequestedBy = RequestedBy.CUSTOMER
    has_request: bool = False
    customer_answer: CustomerAnswer = CustomerAnswer.OPEN
    lines_at_risk: tuple[int, ...] = ()
    """Their numbers on the order."""
    quality_fault: bool = False
    """The company's own quality fault is the reason."""
    loss_borne_by: LossBearer = LossBearer.UNDECIDED
    has_loss_agreement: bool = False
    company_loss_approved: bool = False
    contract: SupplementaryContract = SupplementaryContract.UNDECIDED
    has_contract: bool = False
    review_wanted: bool | None = None
    """The decision on this notice; None while nobody took it."""
    review_passed: bool = False


def sending_obstacles(facts: NoticeFacts) -> tuple[Obstacle, ...]:
    """Return what is missing before the departments are asked (R-137, R-138)."""
    if facts.needs.customer_request and not facts.has_request:
        return (Obstacle(_REQUEST_MISSING),)
    return ()


def approval_obstacles(facts: NoticeFacts) -> tuple[Obstacle, ...]:
    """Everything that is missing before a notice may be approved, all at once.

    Args:
        facts: the notice.

    Returns:
        The obstacles in the order in which people clear them; empty where the notice may be approved.
    """
    return (
        *sending_obstacles(facts),
        *_department_obstacles(facts.standing),
        *_loss_obstacles(facts),
        *_review_obstacles(facts),
        *_contract_obstacles(facts),
        *_customer_obstacles(facts),
    )


def needs_review(facts: NoticeFacts) -> bool:
    """Tell whether the change is reviewed like a non-regular order (R-136, R-138)."""
    if facts.needs.re_review is ReReview.ALWAYS:
        return True
    return facts.needs.re_review is ReReview.DECIDED and facts.review_wanted is True


def _department_obstacles(standing: Standing) -> Iterable[Obstacle]:
    for refusal in standing.refusals:
        yield Obstacle(
            _DEPARTMENT_REFUSED, {"department": refusal.department.value, "remark": refusal.remark or "-"}
        )
    if standing.outcome is not Outcome.AGREED and standing.missing:
        yield Obstacle(
            _DEPARTMENTS_OPEN, {"departments": tuple(department.value for department in standing.missing)}
        )


def _loss_obstacles(facts: NoticeFacts) -> Iterable[Obstacle]:
    bearer = facts.loss_borne_by
    if facts.quality_fault and bearer is not LossBearer.COMPANY:
        yield Obstacle(_FAULT_OF_OURS)
        return
    if facts.lines_at_risk and bearer in (LossBearer.UNDECIDED, LossBearer.NO_LOSS):
        yield Obstacle(_LOSS_OPEN, {"lines": ", ".join(str(number) for number in facts.lines_at_risk)})
    if bearer is LossBearer.CUSTOMER and not facts.has_loss_agreement:
        yield Obstacle(_LOSS_UNSIGNED)
    if bearer is LossBearer.COMPANY and not facts.company_loss_approved:
        yield Obstacle(_LOSS_UNAPPROVED)


def _review_obstacles(facts: NoticeFacts) -> Iterable[Obstacle]:
    if facts.needs.re_review is ReReview.DECIDED and facts.review_wanted is None:
        yield Obstacle(_REVIEW_UNDECIDED)
    if needs_review(facts) and not facts.review_passed:
        yield Obstacle(_REVIEW_OPEN)


def _contract_obstacles(facts: NoticeFacts) -> Iterable[Obstacle]:
    if facts.needs.supplementary_contract and facts.contract is SupplementaryContract.UNDECIDED:
        yield Obstacle(_CONTRACT_OPEN)
    signed = facts.contract is SupplementaryContract.SIGNED and facts.has_contract
    if facts.contract in (SupplementaryContract.TO_BE_SIGNED, SupplementaryContract.SIGNED) and not signed:
        yield Obstacle(_CONTRACT_UNSIGNED)


def _customer_obstacles(facts: NoticeFacts) -> Iterable[Obstacle]:
    if facts.customer_answer is CustomerAnswer.REFUSED:
        yield Obstacle(_CUSTOMER_REFUSED)
    elif facts.needs.customer_answer and facts.customer_answer is not CustomerAnswer.AGREED:
        yield Obstacle(_CUSTOMER_OPEN)
