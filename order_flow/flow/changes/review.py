"""A material change is reviewed like a non-regular order, by a review checklist (R-136, R-138)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from order_flow.domain.changes.model import ReReview
from order_flow.domain.reviews.model import ReviewStatus
from order_flow.flow.refusals import StepRefused
from order_flow.flow.reviews.checklists import CHECKLIST, open_review, withdraw_review

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.change_kind.change_kind import ChangeKind
    from order_flow.order_flow.doctype.change_notice.change_notice import ChangeNotice
    from order_flow.order_flow.doctype.order.order import Order

NON_REGULAR = "Non-regular"


def review_passed(notice: ChangeNotice) -> bool:
    """Tell whether the review that the notice asked for ended with agreement."""
    checklist = notice.review_checklist
    return _status(checklist) is ReviewStatus.AGREED if checklist else False


def _status(checklist: str) -> ReviewStatus:
    return ReviewStatus(frappe.db.get_value(CHECKLIST, checklist, "status"))


def asks_from_the_start(kind: ChangeKind) -> bool:
    """Tell whether every change of this kind is reviewed, without a decision on the notice (R-136)."""
    return ReReview(kind.re_review or ReReview.NEVER) is ReReview.ALWAYS


def ask_for_review(notice: ChangeNotice, order: Order) -> None:
    """Open a review round for the change and remember it on the notice.

    Args:
        notice: the Change Notice document; saved by the caller.
        order: the Order document, locked.

    Raises:
        StepRefused: the company has no review template for non-regular orders.
    """
    reason = _("Change notice {0}: {1}").format(notice.name, notice.reason)
    checklist = open_review(order, reason, technical_class=NON_REGULAR)
    if checklist is None:
        frappe.throw(
            _(
                "No review template applies to order {0} as a non-regular order. Ask an administrator to "
                "enter one for its procedure."
            ).format(order.name),
            StepRefused,
        )
    notice.review_checklist = checklist.name


def drop_review(notice: ChangeNotice, order: Order) -> None:
    """The change is not made: its review ends, and the order's former one counts again.

    Args:
        notice: the Change Notice document that is returned, rejected or withdrawn.
        order: the Order document, locked.
    """
    checklist = notice.review_checklist
    if not checklist:
        return
    if _status(checklist) is ReviewStatus.OPEN and order.review_checklist == checklist:
        withdraw_review(order, _("Change notice {0} is not carried out.").format(notice.name))
    former = frappe.get_all(
        CHECKLIST,
        filters={"order_id": order.name, "name": ("!=", checklist), "round": ("<", _round(checklist))},
        fields=["name as review_checklist", "status as review_status"],
        order_by="round desc",
        limit=1,
    )
    if order.review_checklist == checklist:
        values = former[0] if former else {"review_checklist": None, "review_status": None}
        order.update(values)
        # As the review itself writes it: past the document, by the system only.
        frappe.db.set_value("Order", order.name, values, update_modified=False)


def _round(checklist: str) -> int:
    return int(frappe.db.get_value(CHECKLIST, checklist, "round"))
