"""A material change is reviewed like a non-regular order, by a review checklist (R-136, R-138)."""

from __future__ import annotations

from typing import Any

import frappe

AGREED = "Agreed"


def review_passed(notice: Any) -> bool:
    """Whether the review that the notice asked for ended with agreement."""
    checklist = notice.review_checklist
    return bool(checklist) and frappe.db.get_value("Review Checklist", checklist, "status") == AGREED


def ask_for_review(notice: Any) -> None:
    """Open a review round for the change and remember it on the notice.

    Args:
        notice: the Change Notice document; saved by the caller.
    """
