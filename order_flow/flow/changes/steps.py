"""Takes a change notice through its table: roles, what is missing, and what each step writes down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

from order_flow.domain.changes.model import (
    CHANGE,
    INVOICE_CORRECTED,
    ChangeState,
    ChangeStep,
    ChangeTransition,
    CustomerAnswer,
    Involvement,
    LossBearer,
    Obstacle,
    RequestedBy,
    ReReview,
    SupplementaryContract,
)
from order_flow.domain.changes.rules import (
    KindNeeds,
    NoticeFacts,
    approval_obstacles,
    order_obstacles,
    sending_obstacles,
    shipping_obstacles,
)
from order_flow.domain.reviews.sign_offs import Answer, Department
from order_flow.flow.changes.impact import show_impact
from order_flow.flow.changes.review import ask_for_review, asks_from_the_start, drop_review, review_passed
from order_flow.flow.changes.rows import (
    fill_rows,
    new_quantities,
    order_at_change,
    refuse_overlap,
    stale_rows,
    touches_of,
)
from order_flow.flow.profiles import profile_name
from order_flow.flow.records.steps import DocumentSteps, ask_role, step_words
from order_flow.flow.refusals import StepRefused, refuse_obstacles
from order_flow.flow.sign_offs.answers import ANSWERS, standing_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.change_kind.change_kind import ChangeKind
    from order_flow.order_flow.doctype.change_notice.change_notice import ChangeNotice
    from order_flow.order_flow.doctype.order.order import Order

_YES_NO = {"Yes": True, "No": False}


def stored_change_state(notice: ChangeNotice) -> ChangeState | None:
    """The state in the database before this save; None for a new notice."""
    before = notice.get_doc_before_save()
    return ChangeState(before.change_state) if before else None


def wanted_change_state(notice: ChangeNotice) -> ChangeState:
    """The state a save asks for; words that are none were refused with the other choices of the form."""
    return ChangeState(notice.change_state or ChangeState.DRAFT)


def kind_of(notice: ChangeNotice) -> Any:
    """The kind of a notice, from the cache.

    Raises:
        StepRefused: there is none, or it is disabled.
    """
    if not notice.kind or not frappe.db.exists("Change Kind", notice.kind):
        frappe.throw(_("Choose the kind of change."), StepRefused)
    return frappe.get_cached_doc("Change Kind", notice.kind)


def prepare_draft(notice: ChangeNotice, order: Order) -> None:
    """Check a draft and compute what it means, at every save until it is sent.

    Args:
        notice: the Change Notice document.
        order: the Order document, locked.

    Raises:
        StepRefused: the order cannot be changed, a row is wrong, or another open notice is in the way.
    """
    kind = kind_of(notice)
    _check_kind(notice, order, kind)
    facts, touches = order_at_change(order), touches_of(notice)
    if obstacles := order_obstacles(facts, touches):
        refuse_obstacles(_("This change"), obstacles)
    fill_rows(notice, order, kind)
    if obstacles := shipping_obstacles(facts, touches_of(notice), new_quantities(notice)):
        refuse_obstacles(_("This change"), obstacles)
    refuse_overlap(notice)
    show_impact(notice, order)


def _check_kind(notice: ChangeNotice, order: Order, kind: ChangeKind) -> None:
    before = notice.get_doc_before_save()
    chosen_now = before is None or before.kind != notice.kind
    if chosen_now and not kind.enabled:
        frappe.throw(
            _("The kind of change '{0}' is disabled. Choose another one.").format(_(kind.name)), StepRefused
        )
    if kind.flow_profile and kind.flow_profile != profile_name(order):
        frappe.throw(
            _("The kind of change '{0}' belongs to the procedure '{1}', not to that of this order.").format(
                _(kind.name), _(kind.flow_profile)
            ),
            StepRefused,
        )


def check_change_transition(notice: ChangeNotice, order: Order) -> ChangeTransition | None:
    """Check a save against the table, the roles, and what is missing; write down who did it.

    Args:
        notice: the Change Notice document in the middle of a save, with the wanted state.
        order: the Order document, locked.

    Returns:
        The transition this save takes, None where the state stays.

    Raises:
        StepRefused: the table has no such step, or something is missing; nothing was changed.
        frappe.PermissionError: the user's roles may not take the step.
    """
    source, target = stored_change_state(notice), wanted_change_state(notice)
    notice.change_state = target.value
    if source is None and target is ChangeState.DRAFT:
        return None
    if source is None:
        _refuse_state(notice, ChangeState.DRAFT, target)
    notice.flags.order = order
    return CHANGE_STEPS.judge(notice, source, target)


def _refuse_state(notice: ChangeNotice, source: ChangeState, target: ChangeState) -> NoReturn:
    frappe.throw(
        _(
            "Change notice {0} cannot go from {1} to {2}. Possible steps now: {3}. Nothing was changed."
        ).format(notice.name or _("(new)"), _(source.value), _(target.value), _possible(source)),
        StepRefused,
        title=_("Not Possible Now"),
    )


def _refuse_step(notice: ChangeNotice, _step: ChangeStep, source: ChangeState) -> NoReturn:
    frappe.throw(
        _("Change notice {0} is {1}; possible steps now: {2}. Nothing was changed.").format(
            notice.name, _(source.value), _possible(source)
        ),
        StepRefused,
        title=_("Not Possible Now"),
    )


def _possible(source: ChangeState) -> str:
    return step_words(CHANGE.steps_from(source), _("none, it is finished"))


def _ask_role(notice: ChangeNotice, transition: ChangeTransition) -> None:
    ask_role(notice, transition.step, CHANGE.takers(transition))


def _follow_step(notice: ChangeNotice, transition: ChangeTransition) -> None:
    """Say what a step asks for and writes down."""
    _BEFORE_STEP[transition.step](notice, notice.flags.order)


CHANGE_STEPS: Final = DocumentSteps(
    table=CHANGE,
    field="change_state",
    refuse_state=_refuse_state,
    refuse_step=_refuse_step,
    conditions=(_ask_role, _follow_step),
)


def notice_facts(notice: ChangeNotice, order: Order) -> NoticeFacts:
    """Return what the approval of a notice looks at.

    Args:
        notice: the Change Notice document with a fresh impact.
        order: the Order document.
    """
    kind = kind_of(notice)
    return NoticeFacts(
        needs=needs_of(kind),
        standing=standing_of(notice),
        requested_by=RequestedBy(notice.requested_by),
        has_request=bool(notice.customer_request),
        customer_answer=CustomerAnswer(notice.customer_answer or CustomerAnswer.OPEN),
        quality_fault=bool(notice.quality_fault),
        lines_at_risk=tuple(row.line_number for row in notice.impact if row.at_risk),
        loss_borne_by=LossBearer(notice.loss_borne_by or LossBearer.UNDECIDED),
        has_loss_agreement=bool(notice.loss_agreement),
        company_loss_approved=bool(notice.company_loss_approved_by),
        contract=SupplementaryContract(notice.supplementary_contract or SupplementaryContract.UNDECIDED),
        has_contract=bool(notice.contract_paper),
        review_wanted=_YES_NO.get(notice.review_wanted or ""),
        review_passed=review_passed(notice),
    )


def needs_of(kind: ChangeKind) -> KindNeeds:
    """Return what a kind demands."""
    return KindNeeds(
        customer_request=bool(kind.customer_request),
        customer_answer=bool(kind.customer_answer),
        supplementary_contract=bool(kind.supplementary_contract),
        re_review=ReReview(kind.re_review or ReReview.NEVER),
    )


def _send(notice: ChangeNotice, order: Order) -> None:
    kind = kind_of(notice)
    if obstacles := sending_obstacles(notice_facts(notice, order)):
        refuse_obstacles(notice.name, obstacles)
    notice.sent_by, notice.sent_at = frappe.session.user, now_datetime()
    notice.set(ANSWERS, _questions(notice, kind))
    notice.informed = ", ".join(
        row.department for row in kind.departments if Involvement(row.involvement) is Involvement.INFORMED
    )
    if asks_from_the_start(kind):
        ask_for_review(notice, order)
    if cint(kind.apply_at_once) and not approval_obstacles(notice_facts(notice, order)):
        _approve(notice, order)
        # Nobody has to answer and nothing is missing: it takes effect at once (K-07).
        notice.change_state = ChangeState.APPLIED.value
        notice.flags.by_system = True


def _questions(notice: ChangeNotice, kind: ChangeKind) -> list[dict[str, Any]]:
    rows = [
        {"department": row.department, "question": row.question, "required": 1, "answer": Answer.OPEN.value}
        for row in kind.departments
        if Involvement(row.involvement) is Involvement.ANSWERS
    ]
    invoiced = any(row.invoiced_quantity for row in notice.impact)
    if invoiced and all(row["department"] != Department.FINANCE for row in rows):
        rows.append(
            {
                "department": Department.FINANCE.value,
                "question": INVOICE_CORRECTED,
                "required": 1,
                "answer": Answer.OPEN.value,
            }
        )
    return rows


def _return(notice: ChangeNotice, order: Order) -> None:
    """Back to the draft: what was answered was answered to another text."""
    drop_review(notice, order)
    notice.set(ANSWERS, [])
    for name in _OF_ONE_ROUND:
        notice.set(name, None)
    notice.customer_answer = CustomerAnswer.OPEN.value
    prepare_draft(notice, order)


_OF_ONE_ROUND = (
    "informed",
    "review_wanted",
    "review_decided_by",
    "review_checklist",
    "customer_answered_on",
    "customer_answer_paper",
    "customer_answer_remark",
    "loss_borne_by",
    "loss_amount",
    "loss_remark",
    "loss_agreement",
    "company_loss_approved_by",
    "company_loss_approved_at",
    "supplementary_contract",
    "contract_paper",
    "sent_by",
    "sent_at",
    "approved_by",
    "approved_at",
)


def _approve(notice: ChangeNotice, order: Order) -> None:
    _check_still_possible(notice, order)
    notice.approved_by, notice.approved_at = frappe.session.user, now_datetime()


def _apply(notice: ChangeNotice, order: Order) -> None:
    """Everything is asked again: since the approval material may have been bought or goods have left."""
    _check_still_possible(notice, order)


def _check_still_possible(notice: ChangeNotice, order: Order) -> None:
    if stale := stale_rows(notice, order):
        frappe.throw(
            _("Order {0} changed since notice {1} was written: {2} Return the notice to draft.").format(
                order.name, notice.name, "<br>".join(stale)
            ),
            StepRefused,
            title=_("Not Possible Now"),
        )
    facts, touches = order_at_change(order), touches_of(notice)
    obstacles: Sequence[Obstacle] = (
        *order_obstacles(facts, touches),
        *shipping_obstacles(facts, touches, new_quantities(notice)),
    )
    if obstacles:
        refuse_obstacles(notice.name, obstacles)
    show_impact(notice, order)
    if missing := approval_obstacles(notice_facts(notice, order)):
        refuse_obstacles(notice.name, missing)


def _reject(notice: ChangeNotice, order: Order) -> None:
    if not (notice.decision_remark or "").strip():
        frappe.throw(_("Say why the change is rejected."), StepRefused)
    drop_review(notice, order)


def _withdraw(notice: ChangeNotice, order: Order) -> None:
    """Whoever may write notices may take one back as long as it has no effect."""
    drop_review(notice, order)


_BEFORE_STEP = {
    ChangeStep.SEND: _send,
    ChangeStep.RETURN: _return,
    ChangeStep.APPROVE: _approve,
    ChangeStep.APPLY: _apply,
    ChangeStep.REJECT: _reject,
    ChangeStep.WITHDRAW: _withdraw,
}


def steps_of_save(notice: ChangeNotice, transition: ChangeTransition) -> tuple[ChangeStep, ...]:
    """The steps that one save took: what needs nobody goes all the way at once (K-07)."""
    if transition.step is ChangeStep.SEND and ChangeState(notice.change_state) is ChangeState.APPLIED:
        return (ChangeStep.SEND, ChangeStep.APPROVE, ChangeStep.APPLY)
    return (transition.step,)


def take_change_step(notice: ChangeNotice, step: ChangeStep, *, remark: str = "") -> None:
    """Take a step and save the notice.

    Args:
        notice: the Change Notice document, freshly loaded.
        step: what to do.
        remark: stored with the decision.

    Raises:
        StepRefused: the table or something missing says no; nothing was changed.
    """
    CHANGE_STEPS.take(notice, step, ChangeState(notice.change_state))
    if remark.strip():
        notice.decision_remark = remark.strip()
        notice.flags.remark_open = True
    notice.save()
