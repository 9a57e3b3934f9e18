"""What the form of a change notice offers whom: fields to choose, buttons, and what is still missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _

from order_flow.domain.changes.model import (
    CHANGE,
    OPEN_CHANGE_STATES,
    ROLES_OF_CHANGE_STEP,
    ChangeState,
    Level,
    LossBearer,
    ReReview,
)
from order_flow.domain.changes.rules import approval_obstacles, sending_obstacles
from order_flow.domain.reviews.sign_offs import Answer, Department, departments_of
from order_flow.domain.states import Role
from order_flow.flow.access.sight import levels_read
from order_flow.flow.changes.agreements import DESK, REVIEW_DECIDERS
from order_flow.flow.changes.rows import stale_rows
from order_flow.flow.changes.steps import kind_of, notice_facts
from order_flow.flow.changes.values import changeable_field, text_of
from order_flow.flow.refusals import obstacle_sentence
from order_flow.flow.sign_offs.answers import ANSWERS

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.change_notice.change_notice import ChangeNotice
    from order_flow.order_flow.doctype.order.order import Order


def choices_of(order: Order, kind_name: str) -> dict[str, Any]:
    """Return what a kind of change may touch of an order.

    Args:
        order: the Order document.
        kind_name: the Change Kind.

    Returns:
        ``order`` and ``line``: field definitions with label, type and options; ``lines``: the order's lines
        with what stands there now; ``values``: the same for the order; ``add_line`` and ``remove_line``.
    """
    kind = frappe.get_cached_doc("Change Kind", kind_name)
    rows = [(Level(row.level), row.fieldname or "") for row in kind.fields_allowed]
    of_order, of_line = _shown(rows, Level.ORDER), _shown(rows, Level.LINE)
    return {
        "order": [_definition(df) for df in of_order],
        "line": [_definition(df) for df in of_line],
        "values": {df.fieldname: text_of(order.get(df.fieldname), df) for df in of_order},
        "lines": [
            {
                "name": line.name,
                "label": f"{line.idx}: {line.product} {line.product_name or ''}".strip(),
                "values": {df.fieldname: text_of(line.get(df.fieldname), df) for df in of_line},
            }
            for line in order.items
        ],
        "add_line": (Level.ADD_LINE, "") in rows,
        "remove_line": (Level.REMOVE_LINE, "") in rows,
    }


def _shown(rows: list[tuple[Level, str]], wanted: Level) -> list[Any]:
    """The fields of a level that the reader sees; a picker proposes no prices."""
    seen = levels_read("Order")
    fields = [changeable_field(level, name) for level, name in rows if level is wanted]
    return [df for df in fields if df and (not df.permlevel or df.permlevel in seen)]


def _definition(df: Any) -> dict[str, Any]:
    return {
        "fieldname": df.fieldname,
        "label": _(df.label),
        "fieldtype": "Float" if df.fieldtype == "Currency" else df.fieldtype,
        "options": df.options if df.fieldtype in ("Select", "Link") else None,
    }


def form_of(notice: ChangeNotice) -> dict[str, Any]:
    """Return what the form shows beside the document: buttons for this user, and what is missing.

    Args:
        notice: the Change Notice document.

    Returns:
        ``steps`` (names of the table's steps this user may take), ``records`` (agreements this user may
        record), ``departments`` this user answers for and that are still asked, ``missing`` sentences.
    """
    state, roles = ChangeState(notice.change_state), frozenset(frappe.get_roles())
    order = frappe.get_doc("Order", notice.order_id)
    return {
        "steps": [
            step.value
            for step in CHANGE.steps_from(state)
            if not {role.value for role in ROLES_OF_CHANGE_STEP[step]}.isdisjoint(roles)
        ],
        "records": _records(notice, state, roles),
        "departments": _departments(notice, state, roles),
        "missing": _missing(notice, order, state),
    }


def _departments(notice: ChangeNotice, state: ChangeState, roles: frozenset[str]) -> list[str]:
    if state is not ChangeState.UNDER_REVIEW:
        return []
    mine = set(departments_of(roles))
    asked = dict.fromkeys(
        Department(row.department)
        for row in notice.get(ANSWERS)
        if Answer(row.answer) is Answer.OPEN or row.answered_by == frappe.session.user
    )
    delegated = {row.department for row in notice.get(ANSWERS) if row.delegated_to == frappe.session.user}
    return [department.value for department in asked if department in mine or department.value in delegated]


def _records(notice: ChangeNotice, state: ChangeState, roles: frozenset[str]) -> list[str]:
    if state is not ChangeState.UNDER_REVIEW:
        return []
    kind = kind_of(notice)
    desk = not {role.value for role in DESK}.isdisjoint(roles)
    deciders = not {role.value for role in REVIEW_DECIDERS}.isdisjoint(roles)
    company_pays = LossBearer(notice.loss_borne_by or "") is LossBearer.COMPANY
    unapproved = company_pays and not notice.company_loss_approved_by
    offered = {
        "customer_answer": desk,
        "loss": desk,
        "approve_company_loss": unapproved and Role.SALES_MANAGER.value in roles,
        "contract": desk and bool(kind.supplementary_contract),
        "decide_review": deciders and ReReview(kind.re_review) is ReReview.DECIDED,
    }
    return [name for name, on in offered.items() if on]


def _missing(notice: ChangeNotice, order: Order, state: ChangeState) -> list[str]:
    if state not in OPEN_CHANGE_STATES:
        return []
    if stale := stale_rows(notice, order):
        return [*stale, _("Return the notice to draft.")]
    facts = notice_facts(notice, order)
    obstacles = sending_obstacles(facts) if state is ChangeState.DRAFT else approval_obstacles(facts)
    return [obstacle_sentence(obstacle) for obstacle in obstacles]
