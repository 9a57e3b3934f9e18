"""Short lines get a decision and the customer's answer, or their order goes on hold (R-259, R-260)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import add_days, cint, getdate, now_datetime

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.goods.allocation import Allocation, AllocationReason
from order_flow.domain.goods.shortages import NEEDS_DATE, TASKS, UNSETTLED, Decision, ShortageState
from order_flow.domain.message import Message
from order_flow.domain.states import FINAL_STATES, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.lifecycle.holds import put_on_hold
from order_flow.flow.notices.sending import shortage_decided, shortages_over
from order_flow.flow.records.attachments import bind_paper
from order_flow.flow.records.order import locked_order, record_event
from order_flow.flow.records.rows import insert_rows
from order_flow.flow.refusals import StepRefused, refuse_without_role
from order_flow.flow.tasks.giving import end_tasks_of, keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.shortage.shortage import Shortage

SHORTAGE = "Shortage"
DECISION_EVENT = "Shortage Decided"
ANSWER_EVENT = "Shortage Answered"
DECIDERS = (Role.ORDER_DESK, Role.SALES_MANAGER)
DEFAULT_DAYS = 2
_UNSETTLED = tuple(state.value for state in UNSETTLED)


def note_shortages(run: str, answers: Sequence[Allocation]) -> None:
    """Open a shortage for each line that a run left short, and end those whose goods came.

    Args:
        run: the Allocation Run.
        answers: what it gave to whom; products that no warehouse keeps are no shortage of stock.
    """
    judged = [answer for answer in answers if answer.reason is not AllocationReason.NOT_KEPT]
    lines = tuple(answer.line for answer in judged) or ("",)
    open_ones = dict(
        frappe.db.sql(
            f"select order_item, name from `tab{SHORTAGE}` where order_item in %s and shortage_state != %s",
            (lines, ShortageState.OVER.value),
        )
    )
    over = {open_ones[a.line]: a.order for a in judged if a.short == ZERO and a.line in open_ones}
    if over:
        end_shortages(over)
    days = cint(frappe.db.get_single_value("Order Flow Settings", "shortage_answer_days")) or DEFAULT_DAYS
    _open(run, [a for a in judged if a.short > ZERO and a.line not in open_ones], add_days(getdate(), days))


def end_shortages(order_of: Mapping[str, str]) -> None:
    """Nobody waits for the goods any more, or they are there: nothing is left to ask or to do about them.

    Args:
        order_of: the order's name by the Shortage's.
    """
    values = {"shortage_state": ShortageState.OVER.value, "missing": 0}
    frappe.db.set_value(SHORTAGE, {"name": ("in", list(order_of))}, values)
    end_tasks_of(SHORTAGE, order_of)
    shortages_over(order_of)


def _open(run: str, short: Sequence[Allocation], answer_by: date) -> None:
    now, user = now_datetime(), frappe.session.user
    columns = ["name", "creation", "modified", "owner", "modified_by", "order_id", "order_item", "product"]
    columns += ["missing", "allocation_run", "answer_by", "shortage_state"]
    insert_rows(
        SHORTAGE,
        columns,
        [
            (
                frappe.generate_hash(length=10), now, now, user, user, answer.order, answer.line,
                answer.product, float(answer.short), run, answer_by, ShortageState.OPEN.value,
            )
            for answer in short
        ],
    )  # fmt: skip


def decide(name: str, decision: Decision, *, new_date: date | None, cost: Decimal, remark: str) -> Any:
    """Decide what is offered to the customer; deciding anew is possible until he has agreed.

    Args:
        name: the Shortage.
        decision: one of the list.
        new_date: by when the goods are there; mandatory where they come later.
        cost: what it costs the company, in its currency.
        remark: free words.

    Returns:
        The Shortage document.

    Raises:
        StepRefused: it is settled, the day is missing or past, or the cost is below zero.
        frappe.PermissionError: the user does not decide this.
    """
    shortage = _unsettled(name)
    if decision in NEEDS_DATE and new_date is None:
        frappe.throw(_("Say by when the goods will be there; the customer is told that day."), StepRefused)
    if new_date is not None and new_date < getdate():
        frappe.throw(_("The goods cannot come on {0}, which is past.").format(new_date), StepRefused)
    if cost < ZERO:
        frappe.throw(_("The cost cannot be below zero."), StepRefused)
    shortage.update(
        {
            "decision": decision.value,
            "new_date": new_date,
            "cost": float(cost),
            "decision_remark": remark.strip(),
            "decided_by": frappe.session.user,
            "decided_at": now_datetime(),
            "shortage_state": ShortageState.ASKED.value,
        }
    )
    shortage_decided(frappe.get_doc("Order", shortage.order_id), shortage)
    return _saved(
        shortage, DECISION_EVENT, f"{shortage.product}: {_(decision.value)}. {remark.strip()}".strip()
    )


def answer(name: str, *, agreed: bool, paper: str, remark: str) -> Any:
    """Store what the customer said, always with his words or his paper (K-20).

    Args:
        name: the Shortage.
        agreed: whether he takes what was decided.
        paper: ``file_url`` of the written answer; empty where he was called.
        remark: what he said; mandatory without a paper.

    Returns:
        The Shortage document. Where he agreed, whoever acts on it has a task.

    Raises:
        StepRefused: nothing was decided yet, it is settled, or nothing shows the answer.
        frappe.PermissionError: the user does not speak with the customer.
    """
    shortage = _unsettled(name)
    if ShortageState(shortage.shortage_state) is not ShortageState.ASKED:
        frappe.throw(_("Decide first what is offered to the customer."), StepRefused)
    if not paper and not remark.strip():
        frappe.throw(_("Write down what the customer said, or attach his answer."), StepRefused)
    if paper:
        bind_paper(shortage, paper)
    return _store_answer(shortage, agreed=agreed, paper=paper, remark=remark)


def answer_by_link(name: str, order: str, *, agreed: bool, remark: str) -> Any:
    """The customer answers himself, with a link of his order (K-20).

    Args:
        name: the Shortage.
        order: the order that the link opens.
        agreed: whether he takes what is offered.
        remark: what he wants to add.

    Returns:
        The Shortage document.

    Raises:
        StepRefused: nothing of this order is offered under that name, or it was answered already.
    """
    shortage = frappe.get_doc(SHORTAGE, name, for_update=True) if frappe.db.exists(SHORTAGE, name) else None
    asked = shortage and ShortageState(shortage.shortage_state) is ShortageState.ASKED
    if not shortage or not asked or shortage.order_id != order:
        frappe.throw(_("This question is answered already. Please call us if it was not you."), StepRefused)
    words = " ".join(filter(None, (_("Answered with the link."), remark.strip())))
    return _store_answer(shortage, agreed=agreed, paper="", remark=words)


def offers(order: str) -> list[Any]:
    """Return what an order's customer is asked about goods that are short, in one statement.

    Returns:
        ``name``, ``order_item``, ``missing``, ``decision``, ``new_date``.
    """
    found: list[Any] = frappe.get_all(
        SHORTAGE,
        filters={"order_id": order, "shortage_state": ShortageState.ASKED.value},
        fields=["name", "order_item", "missing", "decision", "new_date"],
        order_by="creation",
    )
    return found


def _store_answer(shortage: Shortage, *, agreed: bool, paper: str, remark: str) -> Any:
    shortage.update(
        {
            "answered_at": now_datetime(),
            "answer_paper": paper or None,
            "answer_remark": remark.strip(),
            "answer_recorded_by": frappe.session.user,
            "shortage_state": (ShortageState.AGREED if agreed else ShortageState.REFUSED).value,
        }
    )
    shortages_over({shortage.name: shortage.order_id})
    if agreed:
        _give_task(shortage)
    words = _("agreed") if agreed else _("refused")
    return _saved(shortage, ANSWER_EVENT, f"{shortage.product}: {words}. {remark.strip()}".strip())


def _give_task(shortage: Shortage) -> None:
    role, template = TASKS[Decision(shortage.decision)]
    text = Message(
        template,
        order=shortage.order_id,
        missing=f"{to_decimal(shortage.missing).normalize():f}",
        product=shortage.product,
        day=shortage.new_date or "-",
    )
    keep_task(role, shortage, TaskReason.SHORTAGE_AGREED, text)


def _unsettled(name: str) -> Any:
    refuse_without_role(
        [role.value for role in DECIDERS], _("Shortages are decided by: {0}. Ask one of them.")
    )
    shortage = frappe.get_doc(SHORTAGE, name, for_update=True)
    shortage.check_permission("read")
    if ShortageState(shortage.shortage_state) not in UNSETTLED:
        frappe.throw(
            _("Shortage {0} is settled: {1}. There is nothing left to decide.").format(
                name, _(shortage.shortage_state)
            ),
            StepRefused,
        )
    return shortage


def _saved(shortage: Shortage, event: str, words: str) -> Any:
    shortage.save(ignore_permissions=True)  # who may was checked by role and document above
    order = frappe.get_doc("Order", shortage.order_id)
    record_event(order, event, order.workflow_state, order.workflow_state, words)
    return shortage


def hold_unanswered() -> int:
    """Job: orders whose shortage nobody settled in time are put on hold (R-260).

    Returns:
        How many orders were stopped.
    """
    names = frappe.db.sql_list(
        f"""select distinct s.order_id from `tab{SHORTAGE}` s join `tabOrder` o on o.name = s.order_id
        where s.shortage_state in %s and s.answer_by < %s and o.on_hold = 0 and o.workflow_state not in %s""",
        (_UNSETTLED, getdate(), tuple(state.value for state in FINAL_STATES)),
    )
    for name in names:
        put_on_hold(locked_order(name), _("Goods are short and the customer has not answered in time."))
    return len(names)
