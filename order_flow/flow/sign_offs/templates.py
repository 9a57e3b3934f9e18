"""Which review an order needs: the site's Review Templates, read once and kept, over the order's facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import cint

from order_flow.domain.amounts import to_decimal
from order_flow.domain.reviews.model import (
    Conditions,
    DueUnit,
    MeetingKind,
    OrderTraits,
    Question,
    Template,
    picks,
)
from order_flow.domain.reviews.sign_offs import Department
from order_flow.flow.profiles import profile_name
from order_flow.flow.worth import company_worth

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

_CACHE_KEY = "order_flow:review_templates"
_DOCTYPE = "Review Template"


def templates() -> tuple[Template, ...]:
    """Every enabled template, in the order of their names; from the cache, so that no statement is needed."""
    rows = frappe.cache().get_value(_CACHE_KEY, _read)
    return tuple(_template(row) for row in rows)


def forget_templates() -> None:
    """A template was changed: read them again, now and once the change is seen by others, or taken back."""
    _forget()
    frappe.db.after_commit.add(_forget)
    frappe.db.after_rollback.add(_forget)


def _forget() -> None:
    frappe.cache().delete_value(_CACHE_KEY)


def _read() -> list[dict[str, Any]]:
    names = frappe.get_all(_DOCTYPE, filters={"enabled": 1}, pluck="name", order_by="name")
    return [frappe.get_doc(_DOCTYPE, name).as_dict(no_nulls=True) for name in names]


def _template(row: dict[str, Any]) -> Template:
    meetings = {MeetingKind.BRIEFING: "briefing_required", MeetingKind.REVIEW: "meeting_required"}
    return Template(
        name=row["name"],
        conditions=Conditions(
            profile=row.get("flow_profile") or "",
            amount_above=to_decimal(row.get("amount_above")),
            amount_up_to=to_decimal(row.get("amount_up_to")),
            first_order=bool(cint(row.get("first_order"))),
            technical_class=row.get("technical_class") or "",
            product_state=row.get("product_state") or "",
            payment_term=row.get("payment_term") or "",
            payment_family=row.get("payment_family") or "",
            relationship=row.get("relationship") or "",
            shortened_cycle=bool(cint(row.get("shortened_cycle"))),
            project_order=bool(cint(row.get("project_order"))),
        ),
        questions=tuple(_question(question, row["name"]) for question in row.get("questions", ())),
        meetings=frozenset(kind for kind, field in meetings.items() if cint(row.get(field))),
        study_days=cint(row.get("study_days")),
        forbids_own_order=bool(cint(row.get("forbids_own_order"))),
        locks_promised_date=bool(cint(row.get("locks_promised_date"))),
    )


def _question(row: dict[str, Any], template: str) -> Question:
    return Question(
        department=Department(row["department"]),
        text=row["question"],
        required=bool(cint(row.get("required"))),
        level=cint(row.get("level")) or 1,
        may_defer=bool(cint(row.get("may_defer"))),
        attachment_required=bool(cint(row.get("attachment_required"))),
        due_after=cint(row.get("due_after")),
        due_unit=DueUnit(row.get("due_unit") or DueUnit.WORKING_DAYS),
        source=template,
    )


def traits_of(order: Order, *, first_order: bool, relationship: str) -> OrderTraits:
    """Return what the rules look at.

    Args:
        order: the Order document.
        first_order: no other order of the customer was ever confirmed.
        relationship: the customer's, new or existing.

    Returns:
        The traits; the amount in CNY at the order's rate.
    """
    return OrderTraits(
        profile=profile_name(order),
        amount=company_worth(order, to_decimal(order.total)),
        first_order=first_order,
        technical_class=order.technical_class or "",
        product_state=order.product_state or "",
        payment_term=order.payment_term or "",
        payment_family=order.payment_family or "",
        relationship=relationship,
        shortened_cycle=bool(cint(order.shortened_cycle)),
        project_order=bool(cint(order.project_order)),
    )


def matching(
    order: Order,
    *,
    technical_class: str = "",
    history: Callable[[], tuple[bool, str]] | None = None,
    among: Sequence[Template] | None = None,
) -> tuple[Template, ...]:
    """The templates that apply to an order: at most one statement, none where no rule asks for the customer.

    Args:
        order: the Order document.
        technical_class: judge the order as of this class, e.g. after a change of its structure (R-136).
        history: answers as ``customer_history`` does, where the caller has read it already.
        among: ask these templates only; every enabled one where it is left out.

    Returns:
        The templates, by name.
    """
    # With the customer taken for both, what still fails fails for other reasons.
    known = traits_of(order, first_order=True, relationship="")
    if technical_class:
        known = replace(known, technical_class=technical_class)
    candidates = [
        template
        for template in (templates() if among is None else among)
        if picks(template.conditions, replace(known, relationship=template.conditions.relationship))
    ]
    if not any(found.conditions.first_order or found.conditions.relationship for found in candidates):
        return tuple(candidates)
    first_order, relationship = history() if history else customer_history(order)
    traits = replace(known, first_order=first_order, relationship=relationship)
    return tuple(template for template in candidates if picks(template.conditions, traits))


def customer_history(order: Order) -> tuple[bool, str]:
    """Whether this is the customer's first order, and what the customer's record says of the relationship.

    Args:
        order: the Order document.

    Returns:
        True where no other order of the customer was ever confirmed (R-076), and New, Existing or nothing.
    """
    row = frappe.db.sql(
        """select relationship, not exists(
            select 1 from `tabOrder` other
            where other.customer = customer.name and other.name != %s and other.docstatus = 1)
        from `tabCustomer` customer where customer.name = %s""",
        (order.name or "", order.customer),
    )
    return (bool(row[0][1]), row[0][0] or "") if row else (True, "")
