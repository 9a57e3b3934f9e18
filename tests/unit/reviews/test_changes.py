"""The rules of changing a confirmed order: table, kinds, refusals, loss, approval (R-126..R-144, K-28)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from order_flow.defaults.shipped_change_kinds import SHIPPED_KINDS, ShippedKind
from order_flow.domain.changes.model import (
    CHANGE,
    CHANGE_TRANSITIONS,
    OPEN_CHANGE_STATES,
    ROLES_OF_CHANGE_STEP,
    ChangeAction,
    ChangeState,
    ChangeStep,
    CustomerAnswer,
    Involvement,
    Level,
    LineProgress,
    LossBearer,
    ReReview,
    SupplementaryContract,
    Touch,
)
from order_flow.domain.changes.outside import OutsidePath, outside_path
from order_flow.domain.changes.rules import (
    FIXED_FIELDS,
    PROMISED_DATES,
    KindNeeds,
    NoticeFacts,
    OrderAtChange,
    approval_obstacles,
    lines_at_risk,
    needs_review,
    order_obstacles,
    overlap,
    sending_obstacles,
    shipping_obstacles,
    term_obstacle,
)
from order_flow.domain.reviews.sign_offs import Answer, Department, Outcome, SignOff, Standing, standing
from order_flow.domain.states import OrderState, PaymentFamily

D = Department
SET, ADD, REMOVE = ChangeAction.SET, ChangeAction.ADD_LINE, ChangeAction.REMOVE_LINE
AGREED = Standing(Outcome.AGREED)
TEN = Decimal(10)


def order(state: OrderState = OrderState.CONFIRMED, **quantities: int) -> OrderAtChange:
    """An order of two lines of ten; the quantities belong to the first."""
    progress = {name: Decimal(value) for name, value in quantities.items()}
    lines = {"a": LineProgress(1, TEN, **progress), "b": LineProgress(2, TEN)}
    return OrderAtChange("SO1", state, cancel_requested=False, lines=lines)


def texts(obstacles: object) -> str:
    return " | ".join(one.template.format(**one.params) for one in obstacles)  # type: ignore[attr-defined]


def kind(name: str) -> ShippedKind:
    return next(one for one in SHIPPED_KINDS if one.name == name)


def departments(name: str, involvement: Involvement) -> set[Department]:
    return {row.department for row in kind(name).departments if row.involvement is involvement}


def test_nothing_follows_a_closed_notice() -> None:
    closed = set(ChangeState) - OPEN_CHANGE_STATES
    assert closed == {ChangeState.APPLIED, ChangeState.REJECTED, ChangeState.WITHDRAWN}
    assert [CHANGE.steps_from(state) for state in sorted(closed)] == [(), (), ()]


def test_the_only_way_to_applied_leads_over_review_and_approval() -> None:
    """R-129: a change without a reviewed notice is not effective."""
    sources = {
        one.target: {two.source for two in CHANGE_TRANSITIONS if two.target is one.target}
        for one in CHANGE_TRANSITIONS
    }
    assert sources[ChangeState.APPLIED] == {ChangeState.APPROVED}
    assert sources[ChangeState.APPROVED] == {ChangeState.UNDER_REVIEW}
    assert sources[ChangeState.UNDER_REVIEW] == {ChangeState.DRAFT}
    assert CHANGE.between(ChangeState.DRAFT, ChangeState.APPLIED) is None


def test_every_step_has_roles_and_one_target_a_state() -> None:
    assert set(ROLES_OF_CHANGE_STEP) == set(ChangeStep)
    assert all(ROLES_OF_CHANGE_STEP.values())
    keys = [(one.step, one.source) for one in CHANGE_TRANSITIONS]
    assert len(keys) == len(set(keys))
    assert CHANGE.by_step(ChangeStep.APPLY, ChangeState.DRAFT) is None


@pytest.mark.parametrize(
    ("name", "answers", "informed"),
    [
        ("Product or Parts", {D.TECHNOLOGY, D.PLANNING, D.LOGISTICS}, set()),
        ("Packing or Transport", {D.PLANNING, D.LOGISTICS}, {D.PRODUCTION}),
        ("Shipping Sequence or Specification", {D.PLANNING, D.LOGISTICS}, {D.PRODUCTION}),
        ("Paint Colour or Lettering Mould", {D.PLANNING}, {D.PRODUCTION}),
        ("Delivery Date", {D.PLANNING}, {D.PRODUCTION, D.LOGISTICS}),  # K-28
        ("Small Local Change", {D.PRODUCTION}, {D.PLANNING, D.QUALITY}),
        (
            "Change of the Planned Date",
            {D.SALES_MANAGEMENT, D.PRODUCTION, D.PLANNING},
            {D.LOGISTICS},
        ),
        (
            "Structure or Main Components",
            {D.SALES, D.TECHNOLOGY, D.PRODUCTION, D.MATERIAL_CONTROL, D.PLANNING},
            set(),
        ),
        ("Minor Technical Detail", set(), {D.SALES, D.PRODUCTION}),
        ("Technical Change", {D.TECHNOLOGY, D.PRODUCTION, D.PLANNING}, {D.PURCHASING, D.QUALITY}),
        ("Design Error", {D.TECHNOLOGY}, {D.PRODUCTION, D.QUALITY, D.PURCHASING}),
    ],
)
def test_the_department_matrix(name: str, answers: set[Department], informed: set[Department]) -> None:
    """ADD 6.15.1 to 6.15.4 and 订单管理办法 as they are written (R-130..R-140)."""
    assert departments(name, Involvement.ANSWERS) == answers
    assert departments(name, Involvement.INFORMED) == informed


@pytest.mark.parametrize("one", SHIPPED_KINDS, ids=lambda one: one.name)
def test_shipped_kinds_are_sound(one: ShippedKind) -> None:
    """Every kind touches something, asks whom it asks a question, and leaves the order's identity alone."""
    assert one.fields
    assert len(set(one.fields)) == len(one.fields)
    assert not {row.field for row in one.fields if row.level is Level.ORDER} & FIXED_FIELDS
    assert all(row.question for row in one.departments if row.involvement is Involvement.ANSWERS)
    assert not one.apply_at_once or not departments(one.name, Involvement.ANSWERS)


@pytest.mark.parametrize("one", SHIPPED_KINDS, ids=lambda one: one.name)
def test_a_promised_date_needs_planning_and_the_customer(one: ShippedKind) -> None:
    """K-28."""
    if any(row.field in PROMISED_DATES for row in one.fields):
        assert D.PLANNING in departments(one.name, Involvement.ANSWERS)
        assert one.needs.customer_answer


def test_needs_of_the_technical_kinds() -> None:
    """R-136 always reviewed and contracted, R-137 and R-138 only with the customer's written request."""
    assert kind("Structure or Main Components").needs.re_review is ReReview.ALWAYS
    assert kind("Structure or Main Components").needs.supplementary_contract
    assert kind("Technical Change").needs == KindNeeds(
        customer_request=True, supplementary_contract=True, re_review=ReReview.DECIDED
    )
    assert kind("Minor Technical Detail").needs.customer_request
    assert kind("Clarified Requirement").needs.customer_answer
    assert kind("Design Error").informed_at_once and kind("Small Local Change").informed_at_once


TOUCH = Touch(SET, "a", "quantity")


@pytest.mark.parametrize(
    ("state", "touch", "said"),
    [
        (OrderState.UNCONFIRMED, TOUCH, "not confirmed yet"),
        (OrderState.UNDER_REVIEW, TOUCH, "not confirmed yet"),
        (OrderState.CONFIRMED, TOUCH, ""),
        (OrderState.PAID, TOUCH, ""),
        (OrderState.SHIPPED, TOUCH, "what has left"),
        (OrderState.SHIPPED, Touch(SET, field="address_line"), "what has left"),
        (OrderState.SHIPPED, Touch(SET, field="invoice_title"), ""),
        (OrderState.RECEIVED, Touch(SET, field="tax_number"), ""),
        (OrderState.RECEIVED, Touch(ADD), "what has left"),
        (OrderState.COMPLETED, Touch(SET, field="invoice_title"), "finished"),
        (OrderState.VOIDED, TOUCH, "finished"),
        (OrderState.CANCELLED, TOUCH, "finished"),
    ],
)
def test_which_orders_may_change(state: OrderState, touch: Touch, said: str) -> None:
    """K-07, R-126: not before the confirmation, not after the end, and what has left stays as it is."""
    found = order_obstacles(order(state), [touch])
    assert (said in texts(found)) if said else not found


def test_a_requested_cancellation_comes_first() -> None:
    found = order_obstacles(replace(order(), cancel_requested=True), [TOUCH])
    assert "cancellation" in texts(found)


def test_an_empty_notice_changes_nothing() -> None:
    assert "changes nothing" in texts(order_obstacles(order(), []))


@pytest.mark.parametrize(
    ("touch", "quantity", "said"),
    [
        (Touch(SET, "a", "quantity"), 4, ""),
        (Touch(SET, "a", "quantity"), 3, "cannot become 3"),
        (Touch(SET, "a", "quantity"), 20, ""),
        (Touch(SET, "a", "unit_price"), None, "cannot change for them"),
        (Touch(SET, "a", "product"), None, "cannot change for them"),
        (Touch(SET, "a", "promised_date"), None, ""),
        (Touch(SET, "a", "remark"), None, ""),
        (Touch(REMOVE, "a"), None, "cannot be cancelled"),
        (Touch(SET, "b", "unit_price"), None, ""),
        (Touch(REMOVE, "b"), None, ""),
        (Touch(ADD), None, ""),
    ],
)
def test_goods_that_have_left(touch: Touch, quantity: int | None, said: str) -> None:
    """Four of ten of the first line have left; the second line is free."""
    quantities = {touch.line: Decimal(quantity)} if quantity is not None else {}
    found = shipping_obstacles(order(shipped=4), [touch], quantities)
    assert (said in texts(found)) if said else not found


def test_an_order_keeps_a_line() -> None:
    both = [Touch(REMOVE, "a"), Touch(REMOVE, "b")]
    assert "Every line" in texts(shipping_obstacles(order(), both, {}))
    assert not shipping_obstacles(order(), [*both, Touch(ADD)], {})


@pytest.mark.parametrize(
    ("progress", "touch", "quantity", "risky"),
    [
        ({}, Touch(REMOVE, "a"), None, False),
        ({"purchased": 1}, Touch(REMOVE, "a"), None, True),
        ({"in_work": 6}, Touch(SET, "a", "quantity"), 5, True),
        ({"in_work": 6}, Touch(SET, "a", "quantity"), 6, False),
        ({"packed": 6}, Touch(SET, "a", "specification"), None, True),
        ({"packed": 6, "shipped": 6}, Touch(SET, "a", "packing"), None, False),
        ({"purchased": 10}, Touch(SET, "a", "unit_price"), None, False),
        ({"purchased": 10}, Touch(SET, "a", "promised_date"), None, False),
        ({"purchased": 10}, Touch(SET, field="packing"), None, True),
        ({"purchased": 10}, Touch(SET, field="address_line"), None, False),
        ({"purchased": 10}, Touch(SET, "b", "product"), None, False),
    ],
)
def test_when_loss_threatens(
    progress: dict[str, int], touch: Touch, quantity: int | None, risky: bool
) -> None:
    """R-126, R-127: bought for this order or made, and useless after the change."""
    quantities = {touch.line: Decimal(quantity)} if quantity is not None else {}
    assert lines_at_risk(order(**progress).lines, [touch], quantities) == (("a",) if risky else ())


@pytest.mark.parametrize(
    ("own", "other", "collide"),
    [
        (Touch(SET, "a", "quantity"), Touch(SET, "a", "packing"), True),
        (Touch(SET, "a", "quantity"), Touch(REMOVE, "a"), True),
        (Touch(SET, "a", "quantity"), Touch(SET, "b", "quantity"), False),
        (Touch(SET, field="packing"), Touch(SET, field="packing"), True),
        (Touch(SET, field="packing"), Touch(SET, field="freight"), False),
        (Touch(SET, field="promised_date"), Touch(SET, "a", "promised_date"), False),
        (Touch(ADD), Touch(ADD), False),
    ],
)
def test_two_notices_on_one_line(own: Touch, other: Touch, collide: bool) -> None:
    assert overlap([own], [other]) is collide
    assert overlap([other], [own]) is collide


def test_the_payment_family_stays() -> None:
    """R-013: money before the goods stays money before the goods."""
    assert term_obstacle(PaymentFamily.PAY_FIRST, PaymentFamily.PAY_FIRST) is None
    assert term_obstacle(PaymentFamily.PAY_FIRST, PaymentFamily.PAY_LATER) is not None


FREE = NoticeFacts(KindNeeds(), AGREED)
CUSTOMER_PAYS = replace(FREE, lines_at_risk=(1,), loss_borne_by=LossBearer.CUSTOMER)
COMPANY_PAYS = replace(FREE, lines_at_risk=(1,), loss_borne_by=LossBearer.COMPANY)
CONTRACT = replace(FREE, needs=KindNeeds(supplementary_contract=True))
REVIEWED = replace(FREE, needs=KindNeeds(re_review=ReReview.ALWAYS))
DECIDED = replace(FREE, needs=KindNeeds(re_review=ReReview.DECIDED))
ASKED = replace(FREE, needs=KindNeeds(customer_answer=True))
OPEN = standing([SignOff(D.PLANNING), SignOff(D.LOGISTICS, answer=Answer.YES)])
REFUSED = standing([SignOff(D.PLANNING, answer=Answer.NO, remark="no capacity")])


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (FREE, ""),
        (replace(FREE, standing=OPEN), "Planning"),
        (replace(FREE, standing=REFUSED), "no capacity"),
        (replace(FREE, needs=KindNeeds(customer_request=True)), "written request"),
        (replace(FREE, needs=KindNeeds(customer_request=True), has_request=True), ""),
        (ASKED, "has not agreed"),
        (replace(ASKED, customer_answer=CustomerAnswer.AGREED), ""),
        (replace(FREE, customer_answer=CustomerAnswer.REFUSED), "refused"),
        (replace(FREE, lines_at_risk=(1, 3)), "line 1, 3"),
        (replace(FREE, lines_at_risk=(1,), loss_borne_by=LossBearer.NO_LOSS), "line 1"),
        (CUSTOMER_PAYS, "written agreement"),
        (replace(CUSTOMER_PAYS, has_loss_agreement=True), ""),
        (COMPANY_PAYS, "sales manager"),
        (replace(COMPANY_PAYS, company_loss_approved=True), ""),
        (CONTRACT, "supplementary contract"),
        (replace(CONTRACT, contract=SupplementaryContract.NOT_NEEDED), ""),
        (replace(CONTRACT, contract=SupplementaryContract.TO_BE_SIGNED), "not signed"),
        (replace(CONTRACT, contract=SupplementaryContract.SIGNED), "not signed"),
        (replace(CONTRACT, contract=SupplementaryContract.SIGNED, has_contract=True), ""),
        (REVIEWED, "not finished"),
        (replace(REVIEWED, review_passed=True), ""),
        (DECIDED, "Decide whether"),
        (replace(DECIDED, review_wanted=False), ""),
        (replace(DECIDED, review_wanted=True), "not finished"),
        (replace(DECIDED, review_wanted=True, review_passed=True), ""),
    ],
)
def test_what_the_approval_waits_for(facts: NoticeFacts, said: str) -> None:
    """Open, closed, and closed the wrong way, one condition after the other (R-127, R-128, R-135..R-139)."""
    found = approval_obstacles(facts)
    assert (said in texts(found)) if said else not found


def test_everything_missing_is_said_at_once() -> None:
    needs = KindNeeds(True, True, True, ReReview.ALWAYS)
    found = approval_obstacles(NoticeFacts(needs, OPEN, lines_at_risk=(1,)))
    assert len(found) == 6


def test_only_the_request_is_needed_before_the_departments_are_asked() -> None:
    needs = KindNeeds(True, True, True, ReReview.ALWAYS)
    assert len(sending_obstacles(NoticeFacts(needs, OPEN))) == 1
    assert not sending_obstacles(NoticeFacts(needs, OPEN, has_request=True))


def test_who_is_reviewed_again() -> None:
    """R-136 always, R-138 by decision."""
    assert needs_review(REVIEWED)
    assert not needs_review(DECIDED)
    assert needs_review(replace(DECIDED, review_wanted=True))
    assert not needs_review(replace(FREE, review_wanted=True))


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"account": False}, OutsidePath.NOT_CONCERNED),
        ({"told_content_changed": False}, OutsidePath.NOT_CONCERNED),
        ({"told": False, "lines_changed": True}, OutsidePath.TOLD),
        ({}, OutsidePath.TOLD),
        ({"lines_changed": True}, OutsidePath.NEW_EDITION),
        ({"lines_changed": True, "reviewed": True}, OutsidePath.WAREHOUSE_ASKED),
        ({"reviewed": True}, OutsidePath.WAREHOUSE_ASKED),
        ({"lines_changed": True, "reviewed": True, "partly_shipped": True}, OutsidePath.BY_HAND),
        ({"partly_shipped": True}, OutsidePath.BY_HAND),
    ],
)
def test_what_wdt_can_still_take(facts: dict[str, bool], path: OutsidePath) -> None:
    """wdt-openapi 2.1, 2.8: no new quantity or price under one number, nothing quietly after review."""
    usual = {
        "account": True,
        "told": True,
        "told_content_changed": True,
        "lines_changed": False,
        "reviewed": False,
        "partly_shipped": False,
    }
    assert outside_path(**{**usual, **facts}) is path
