"""What a person can have done about a difference between the site, WDT and U8 (design 5).

Each is offered by the table in ``outbox/accounts/discrepancies``, which also checks that the user is an
operator; a repair that takes a step of the order asks for that step's role besides. Every function takes the
Sync Discrepancy and returns what was done, for the operator.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_flow.domain.gates.model import Origin
from order_flow.domain.message import Message
from order_flow.domain.orders.outside_numbers import own_name, told_number
from order_flow.domain.states import Leads, OrderStep, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.cancelling.requests import CancelReason, cancelled_in_wdt, request_cancellation
from order_flow.flow.gates.facts import leads_of
from order_flow.flow.lifecycle.follow_facts import follow_facts
from order_flow.flow.lifecycle.steps import check_role, take_step
from order_flow.flow.outside import announce
from order_flow.flow.records.order import locked_order
from order_flow.flow.refusals import StepRefused
from order_flow.flow.tasks.giving import is_asked, keep_task
from order_flow.integrations.errors import IntegrationError
from order_flow.integrations.rate_limit import CallUse
from order_flow.integrations.u8.port import U8DocumentKind, U8Port
from order_flow.integrations.wdt.codes import StockoutStatus
from order_flow.integrations.wdt.port import SalesTrade, Stockout, WdtPort
from order_flow.integrations.wdt.state_map import order_stage, step_shown
from order_flow.outbox.reading.readers import account_port
from order_flow.outbox.registry import AccountType
from order_flow.outbox.sending.interventions import send_again
from order_flow.outbox.states import RowState
from order_flow.outbox.transaction import end_reading, in_transaction
from order_flow.sync.compare.reconcile import reconcile
from order_flow.sync.compare.sides import load_site_orders
from order_flow.sync.compare.u8 import keys_of
from order_flow.sync.wdt.apply import apply_trades
from order_flow.sync.wdt.stages import follow_stockout
from order_flow.sync.wdt.stockouts import apply_stockout

TASK_ROLE: dict[AccountType, Role] = {AccountType.WDT: Role.ORDER_DESK, AccountType.U8: Role.FINANCE}
"""Who looks at a difference with which side."""


def push_again(discrepancy: Any) -> str:
    """Tell WDT of the order anew as it stands now; what was given up for it is sent first.

    Pushing is an upsert by the order's number, so telling twice is harmless (wdt-openapi 2.1).
    """
    _require_wdt(discrepancy)
    released = _released(discrepancy)
    if released:
        return released
    order = locked_order(discrepancy.document)
    if not announce.told_again(order, _revision(discrepancy)):
        frappe.throw(
            _("Order {0} is {1}: there is nothing to push. Settle the difference in WDT.").format(
                order.name, _(order.workflow_state)
            ),
            StepRefused,
        )
    return _("Order {0} is pushed to WDT again.").format(order.name)


def post_again(discrepancy: Any) -> str:
    """Post a missing document anew under the same key; the posting looks it up before it adds (R-025)."""
    released = _released(discrepancy)
    if released:
        return released
    order = locked_order(discrepancy.document)
    facts = load_site_orders([order.name])[order.name].facts
    identities = [order.name, order.name, *(payment.payment_id for payment in facts.receipts)]
    for (kind, key), identity in zip(keys_of(facts), identities, strict=True):
        if discrepancy.aspect == f"{kind.value} {key}":
            payment = "" if identity == order.name else identity
            announce.posted_again(order, kind, payment, _revision(discrepancy))
            return _("{0} of order {1} is posted again.").format(discrepancy.aspect, order.name)
    frappe.throw(
        _("Order {0} has no document {1} any more. Compare the order again.").format(
            order.name, discrepancy.aspect
        ),
        StepRefused,
    )


def read_again(discrepancy: Any) -> str:
    """Read the order's trades and shipments from WDT now, follow them, and compare again."""
    _require_wdt(discrepancy)
    order, account = discrepancy.document, discrepancy.account
    trades, stockouts = _read(order, account)
    in_transaction(lambda: _apply(order, trades, stockouts))
    verdict = reconcile([order])[0]["verdict"]
    return _("Read {0} trades and {1} stockouts of order {2}; it is now: {3}.").format(
        len(trades), len(stockouts), order, _(verdict)
    )


def read_unfit_again(order: str, account: str) -> None:
    """A job: the desk's parcel was voided beside which WDT's goods did not fit.

    Args:
        order: the order's name.
        account: its WDT Account.
    """
    read_again(frappe._dict(account_type=AccountType.WDT.value, account=account, document=order))


def accept_wdt(discrepancy: Any) -> str:
    """Take the step that WDT has taken already, although the channel's policy did not let it be followed.

    The person who accepts decides, so the step needs that person's role. Where the site leads the step it
    is taken as the site's own, otherwise as WDT's; gates other than the lead still hold (R-034, K-02).
    """
    _require_wdt(discrepancy)
    order_name, account = discrepancy.document, discrepancy.account
    trades, stockouts = _read(order_name, account)
    stage = order_stage(trades, stockouts)
    step = step_shown(stage, trades) if stage is not None else None
    if step is None:
        frappe.throw(
            _("WDT shows nothing that order {0} could follow. Choose another repair.").format(order_name),
            StepRefused,
        )
    in_transaction(lambda: _accept(order_name, step, trades, stockouts))
    reconcile([order_name])
    state = frappe.db.get_value("Order", order_name, "workflow_state")
    return _("WDT's state was accepted; order {0} is now {1}.").format(order_name, _(state))


def make_task(discrepancy: Any) -> str:
    """Give a person of the right department a task; a second one is not made while the first is open."""
    role = TASK_ROLE[AccountType(discrepancy.account_type)]
    if is_asked(role, discrepancy, TaskReason.DISCREPANCY):
        return _("There is a task for {0} already.").format(_(role.value))
    words = Message("{0}: {1}", discrepancy.document, discrepancy.summary)
    keep_task(role, discrepancy, TaskReason.DISCREPANCY, words)
    return _("{0} has a task now.").format(_(role.value))


def _require_wdt(discrepancy: Any) -> None:
    """Kinds are shared by both sides; what U8 has wrong is corrected in U8."""
    if AccountType(discrepancy.account_type) is not AccountType.WDT:
        frappe.throw(
            _("This concerns {0}, not WDT. Correct it there, or make a task of it.").format(
                discrepancy.account
            ),
            StepRefused,
        )


def _released(discrepancy: Any) -> str:
    """Rows that were given up hold back everything after them, so they go first."""
    dead = frappe.get_all(
        "Sync Outbox",
        filters={
            "document_type": discrepancy.document_type,
            "document": discrepancy.document,
            "account_type": discrepancy.account_type,
            "account": discrepancy.account,
            "state": RowState.DEAD.value,
        },
        order_by="name",
        pluck="name",
    )
    if not dead:
        return ""
    send_again(dead)
    return _("{0} given up messages of order {1} are sent again.").format(len(dead), discrepancy.document)


def _revision(discrepancy: Any) -> str:
    """One repair of one sighting is one message, however often the button is pressed."""
    return f"repair {discrepancy.name} {discrepancy.last_seen}"


def _read(order: str, account: str) -> tuple[tuple[SalesTrade, ...], tuple[Stockout, ...]]:
    edition = frappe.db.get_value("Order", order, "wdt_edition") or 0
    end_reading()
    try:
        with account_port(AccountType.WDT, account, CallUse.ASKING) as open_port:
            port: WdtPort = open_port()
            number = told_number(order, edition)
            return port.trades_of(number), port.stockouts_of(number)
    except IntegrationError as error:
        frappe.throw(error.message, title=_("WDT Could Not Be Read"))


def _apply(order: str, trades: tuple[SalesTrade, ...], stockouts: tuple[Stockout, ...]) -> None:
    apply_trades(order, trades)
    for stockout in stockouts:
        if stockout.status_code >= StockoutStatus.SHIPPED:
            apply_stockout(order, stockout)
        else:
            follow_stockout(order, stockout)


def _accept(
    order_name: str, step: OrderStep, trades: tuple[SalesTrade, ...], stockouts: tuple[Stockout, ...]
) -> None:
    order = locked_order(order_name)
    check_role(order, step)
    site_leads = leads_of(frappe.get_cached_doc("Sales Channel", order.channel))[step] is Leads.SITE
    if step is OrderStep.CONFIRM:
        take_step(order, step, origin=Origin.SITE if site_leads else Origin.WDT)
    elif step is OrderStep.SHIP:
        _apply(order_name, trades, stockouts)
        follow_facts(locked_order(order_name))
    elif site_leads:
        request_cancellation(order_name, CancelReason.CANCELLED_IN_WDT, _("Accepted as WDT shows it."))
    else:
        cancelled_in_wdt(order, _("Accepted as WDT shows it."))


def read_record_again(account: str, record: dict[str, Any]) -> str:
    """Repair of a record of WDT that was set aside: read its orders as they are over there now.

    Args:
        account: the WDT Account.
        record: what was set aside, either one order's records or one record as it came.

    Returns:
        What was stored.

    Raises:
        frappe.ValidationError: WDT could not be read, or the record names no order of ours.
    """
    numbers = str(record.get("src_tids") or record.get("tid") or "").split(",")
    names = {str(record["order"])} if record.get("order") else {own_name(number)[0] for number in numbers}
    orders = frappe.get_all(
        "Order", filters={"name": ("in", sorted(names)), "wdt_account": account}, pluck="name"
    )
    if not orders:
        frappe.throw(_("The record names no order of ours. Dismiss it with a reason if it is none."))
    for order in orders:
        trades, stockouts = _read(order, account)
        _apply(order, trades, stockouts)
    return _("Read again: {0}").format(", ".join(orders))


def read_document_again(account: str, record: dict[str, Any]) -> str:
    """Repair of a document of U8 that was set aside: read it as it is over there now.

    Args:
        account: the U8 Account.
        record: ``kind`` and ``number`` of the document, and the row as it came.

    Returns:
        What was read.

    Raises:
        frappe.ValidationError: it can still not be read, or it has no number by which it could be asked for.
    """
    kind, number = U8DocumentKind(record["kind"]), str(record.get("number") or "")
    if not number:
        frappe.throw(_("The record names no document. Correct it in U8; the next comparison reads the list."))
    end_reading()
    try:
        with account_port(AccountType.U8, account, CallUse.ASKING) as open_port:
            port: U8Port = open_port()
            document = port.get(kind, number)
    except IntegrationError as error:
        frappe.throw(error.message, title=_("U8 Could Not Be Read"))
    if document is None:
        return _("U8 has no document {0} any more.").format(number)
    return _("Read again: {0}").format(number)
