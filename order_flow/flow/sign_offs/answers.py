"""Takes the departments' answers on a review checklist or a change notice: the one way they change.

A document that asks departments has the table ``answers`` (Department Answer), calls ``guard_answers`` in its
``validate``, and offers three methods: ``answers_closed()`` (why no answer is taken any more, translated, or
an empty text), ``barred_people()`` (who must not answer here, because it is their own order) and
``answers_changed(standing)`` (what follows, in the same transaction).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import frappe
from frappe import _
from frappe.model import no_value_fields
from frappe.utils import cint, getdate, now_datetime

from order_flow.domain.reviews.sign_offs import (
    ROLES_OF_DEPARTMENT,
    Answer,
    Denial,
    Department,
    SignOff,
    Standing,
    level_reached,
    may_answer,
    standing,
)
from order_flow.flow.records.attachments import bind_paper
from order_flow.flow.records.guards import differs
from order_flow.flow.records.values import number_of
from order_flow.flow.refusals import StepRefused

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.change_notice.change_notice import ChangeNotice
    from order_flow.order_flow.doctype.review_checklist.review_checklist import ReviewChecklist

    SignedOff: TypeAlias = ReviewChecklist | ChangeNotice

ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody answers for a department."""

    answer: Answer
    remark: str = ""
    attachment: str = ""
    """The ``file_url`` of an uploaded file that the person may read."""
    stated_date: date | None = None
    """The date the department can keep (R-084, R-087)."""
    stated_price: Decimal | None = None
    """In the order's currency; not final (R-084)."""


def sign_offs_of(document: SignedOff) -> list[SignOff]:
    """The questions of a document as plain facts."""
    return [
        SignOff(
            department=Department(row.department),
            question=row.question or "",
            required=bool(cint(row.required)),
            answer=Answer(row.answer or Answer.OPEN),
            remark=row.remark or "",
            level=cint(row.level) or 1,
            deferred=bool(row.deferred_until),
        )
        for row in document.get(ANSWERS)
    ]


def standing_of(document: SignedOff) -> Standing:
    """Return where the answers of a document stand together."""
    return standing(sign_offs_of(document))


def answer(
    document: SignedOff,
    department: Department,
    answer: Answer,
    remark: str = "",
    *,
    question: str = "",
    attachment: str = "",
    stated_date: date | None = None,
    stated_price: Decimal | None = None,
) -> Standing:
    """Answer for a department and save the document; the rights are checked here, whoever calls.

    Args:
        document: the document that asks, loaded with its row locked.
        department: for whom the current user answers.
        answer: Yes or No. An answer may be changed until the document takes no more.
        remark: free words; mandatory with No.
        question: one of the department's questions; all of them where it is left out, so that a department
            signs once (K-13).
        attachment: ``file_url`` of a file the user may read.
        stated_date: the date the department can keep.
        stated_price: in the order's currency.

    Returns:
        Where all answers stand now.

    Raises:
        StepRefused: no such question, no reason for a No, a missing attachment, or it is not the time to
            answer; nothing was changed.
        frappe.PermissionError: the user does not speak for the department, or it is the user's own order.
    """
    reply = Reply(answer, remark.strip(), attachment, stated_date, stated_price)
    rows = _rows_asked(document, department, question)
    _check_open(document, rows)
    _check_person(document, department, rows)
    _check_reply(document, rows, reply)
    for row in rows:
        _write(row, reply)
    return _save(document)


def defer(document: SignedOff, department: Department, question: str, until: date, remark: str) -> Standing:
    """Leave a question open until a date, where the question allows it (R-069, R-077, K-14).

    Args:
        document: the document that asks, locked.
        department: for whom the current user speaks.
        question: the question.
        until: when it is expected to be settled; not in the past.
        remark: what is still unclear; mandatory.

    Returns:
        Where all answers stand now.

    Raises:
        StepRefused: the question must be answered now, or date or remark are missing or wrong.
        frappe.PermissionError: as for ``answer``.
    """
    rows = _rows_asked(document, department, question)
    _check_open(document, rows)
    _check_person(document, department, rows)
    if not all(cint(row.may_defer) for row in rows):
        frappe.throw(
            _("'{0}' cannot stay open; answer it with Yes or No.").format(_(rows[0].question)), StepRefused
        )
    if not remark.strip() or until < getdate():
        frappe.throw(
            _("Say what is still unclear and until when it will be settled; the date cannot be past."),
            StepRefused,
        )
    for row in rows:
        _write(row, Reply(Answer.OPEN, remark.strip()))
        row.deferred_until = until
    return _save(document)


def delegate(document: SignedOff, department: Department, to: str, remark: str = "") -> None:
    """Give the department's answer to a named person; who gave it to whom stays written (R-092).

    Args:
        document: the document that asks, locked.
        department: for whom the current user speaks by role.
        to: an enabled user.
        remark: why.

    Raises:
        StepRefused: no such user, or no answer is taken any more.
        frappe.PermissionError: the user does not speak for the department.
    """
    rows = _rows_asked(document, department, "")
    _check_open(document, rows)
    user = frappe.session.user
    if may_answer(department, user, frozenset(frappe.get_roles())):
        _refuse_person(Denial.OTHER_DEPARTMENT, department)
    if not frappe.db.exists("User", {"name": to, "enabled": 1, "user_type": "System User"}):
        frappe.throw(
            _("'{0}' is not an enabled user of the desk. Choose another person.").format(to), StepRefused
        )
    for row in rows:
        row.delegated_to, row.delegated_by = to, user
    _save(document)
    # Whom the department names must see what is asked; the department's right was checked above.
    frappe.share.add_docshare(
        document.doctype, document.name, to, read=1, flags={"ignore_share_permission": True}
    )
    document.add_comment(
        "Info",
        _("{0} gave the answer of {1} to {2}. {3}").format(user, _(department.value), to, remark).strip(),
    )


def guard_answers(document: SignedOff) -> None:
    """Refuse answers that came any other way than through this module (R-044, R-092).

    Raises:
        StepRefused: a row was added, removed or changed by a form, by REST or by an import.
    """
    if document.flags.answers_open:
        return
    before = document.get_doc_before_save()
    stored = list(before.get(ANSWERS)) if before else []
    rows = list(document.get(ANSWERS))
    fields = [df for df in frappe.get_meta("Department Answer").fields if df.fieldtype not in no_value_fields]
    same = [row.name for row in rows] == [row.name for row in stored] and not any(
        differs(row, old, df) for row, old in zip(rows, stored, strict=True) for df in fields
    )
    if not same:
        frappe.throw(
            _("Departments answer with the buttons of {0}; the rows are written by the system only.").format(
                _(document.doctype)
            ),
            StepRefused,
        )


def _rows_asked(document: SignedOff, department: Department, question: str) -> list[Any]:
    rows = [
        row
        for row in document.get(ANSWERS)
        if row.department == department.value and question in ("", row.question)
    ]
    if not rows:
        frappe.throw(
            _("{0} {1} does not ask {2} this question.").format(
                _(document.doctype), document.name, _(department.value)
            ),
            StepRefused,
        )
    reached = level_reached(sign_offs_of(document))
    asked_now = [row for row in rows if (cint(row.level) or 1) <= reached]
    return asked_now or rows


def _check_open(document: SignedOff, rows: Sequence[Any]) -> None:
    if closed := document.answers_closed():
        frappe.throw(closed, StepRefused, title=_("Not Possible Now"))
    reached = level_reached(sign_offs_of(document))
    if any((cint(row.level) or 1) > reached for row in rows):
        frappe.throw(
            _("Level {0} of the approval is still open; yours is asked when everybody there agrees.").format(
                reached
            ),
            StepRefused,
            title=_("Not Possible Now"),
        )


def _check_person(document: SignedOff, department: Department, rows: Sequence[Any]) -> None:
    delegates = [frozenset({row.delegated_to} if row.delegated_to else ()) for row in rows]
    denial = may_answer(
        department,
        frappe.session.user,
        frozenset(frappe.get_roles()),
        delegates=frozenset.intersection(*delegates),
        barred=document.barred_people(),
    )
    # An administrator holds every role on paper and answers for no department.
    if frappe.session.user == "Administrator":
        denial = Denial.OTHER_DEPARTMENT
    if denial:
        _refuse_person(denial, department)


def _refuse_person(denial: Denial, department: Department) -> None:
    if denial is Denial.OWN_ORDER:
        frappe.throw(
            _("It is your own order; somebody else of {0} answers for it.").format(_(department.value)),
            frappe.PermissionError,
        )
    frappe.throw(
        _("For {0} answers: {1}, or whom they delegate it to. Ask one of them.").format(
            _(department.value), ", ".join(_(role.value) for role in ROLES_OF_DEPARTMENT[department])
        ),
        frappe.PermissionError,
    )


def _check_reply(document: SignedOff, rows: Sequence[Any], reply: Reply) -> None:
    if reply.answer is Answer.OPEN:
        frappe.throw(_("Answer with Yes or No."), StepRefused)
    if reply.answer is Answer.NO and not reply.remark:
        frappe.throw(_("Say why: a No goes back to the order desk with its reason."), StepRefused)
    if reply.stated_price is not None:
        number_of(reply.stated_price, _("Stated Price"))
    if reply.attachment:
        bind_paper(document, reply.attachment)
    lacking = [
        row for row in rows if cint(row.attachment_required) and not (reply.attachment or row.attachment)
    ]
    if reply.answer is Answer.YES and lacking:
        frappe.throw(
            _("'{0}' needs an attachment before it can be answered with Yes.").format(_(lacking[0].question)),
            StepRefused,
        )


def _write(row: Any, reply: Reply) -> None:
    row.answer = reply.answer.value
    row.answered_by = frappe.session.user
    row.answered_at = now_datetime()
    row.remark = reply.remark
    row.deferred_until = None
    row.attachment = reply.attachment or row.attachment
    row.stated_date = reply.stated_date or row.stated_date
    if reply.stated_price is not None:
        row.stated_price = float(reply.stated_price)


def _save(document: SignedOff) -> Standing:
    document.flags.answers_open = True
    document.flags.ignore_permissions = True  # who may answer was checked by department, not by the matrix
    document.save()
    document.flags.answers_open = False
    found = standing_of(document)
    document.answers_changed(found)
    return found
