"""Writes the shipped review templates to a site, once; afterwards they are the administrator's."""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.defaults.shipped_reviews import SHIPPED, ShippedTemplate
from order_flow.domain.reviews.model import MeetingKind, Question

_DOCTYPE = "Review Template"


def install_review_templates() -> None:
    """Insert the templates that the site does not have; what is there stays as it is."""
    known = set(frappe.get_all(_DOCTYPE, pluck="name", limit_page_length=0))
    for shipped in SHIPPED:
        if shipped.template.name not in known:
            # Runs on install and migrate only, never for a request.
            frappe.get_doc(_values(shipped)).insert(ignore_permissions=True)


def _values(shipped: ShippedTemplate) -> dict[str, Any]:
    template = shipped.template
    conditions = template.conditions
    return {
        "doctype": _DOCTYPE,
        "template_name": template.name,
        "enabled": int(shipped.enabled),
        "purpose": shipped.purpose,
        "form_code": shipped.form_code,
        "form_code_alias": shipped.form_code_alias,
        "flow_profile": conditions.profile or None,
        "amount_above": float(conditions.amount_above),
        "amount_up_to": float(conditions.amount_up_to),
        "first_order": int(conditions.first_order),
        "relationship": conditions.relationship,
        "technical_class": conditions.technical_class,
        "product_state": conditions.product_state,
        "payment_term": conditions.payment_term,
        "payment_family": conditions.payment_family,
        "shortened_cycle": int(conditions.shortened_cycle),
        "project_order": int(conditions.project_order),
        "briefing_required": int(MeetingKind.BRIEFING in template.meetings),
        "meeting_required": int(MeetingKind.REVIEW in template.meetings),
        "study_days": template.study_days,
        "forbids_own_order": int(template.forbids_own_order),
        "locks_promised_date": int(template.locks_promised_date),
        "questions": [_row(question) for question in template.questions],
    }


def _row(question: Question) -> dict[str, Any]:
    return {
        "department": question.department.value,
        "question": question.text,
        "required": int(question.required),
        "level": question.level,
        "due_after": question.due_after,
        "due_unit": question.due_unit.value,
        "may_defer": int(question.may_defer),
        "attachment_required": int(question.attachment_required),
    }
