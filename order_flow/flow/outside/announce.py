"""What the outside systems are told when an order changes (requirements 2.1-A, design 3).

One row in the outbox per fact, written in the transaction that changes the order. What is told is read
from the order when it is sent; the row fixes only which fact it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import frappe

from order_flow.domain.amounts import to_decimal
from order_flow.domain.changes.outside import OutsidePath, outside_path
from order_flow.domain.money.payments import WITHOUT_BANK, PaymentKind, PaymentRecord
from order_flow.domain.orders.classes import concerns_goods
from order_flow.domain.orders.facts_json import facts_to_json
from order_flow.domain.states import (
    CALLED_OFF_STATES,
    SHIPPED_STATES,
    DeliveryStatus,
    OrderState,
    PaymentFamily,
    PaymentStatus,
    ReleasePolicy,
)
from order_flow.flow.outside.facts import order_facts
from order_flow.integrations.u8.port import U8DocumentKind
from order_flow.integrations.u8.settings import PostingProfile
from order_flow.integrations.wdt.codes import CLOSING_STATUSES, RawTradeStatus, TradeStatus
from order_flow.outbox.registry import AccountType, Action
from order_flow.outbox.sending.enqueue import enqueue, replace_refused, supersede

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

TOLD_ANYWAY: Final = "anyway"
"""Mark of a message that goes out although WDT was told the same last: a person asked for it."""
_RELEASED_STATES = frozenset({OrderState.CONFIRMED, OrderState.PAID})


def created(order: Order) -> None:
    """A new order appears in WDT as waiting for payment or review (R-016)."""
    _push(order, RawTradeStatus.UNPAID, "created")


def edited(order: Order, before: Order) -> None:
    """The content of an unconfirmed order changed, perhaps what WDT had refused.

    WDT takes new terms and addresses under the same number. Changed lines need a new edition: the old one
    is withdrawn first, and messages of one order go out one after the other.

    Args:
        order: the order as it is stored now.
        before: the order as it was.
    """
    replace_refused(order.doctype, order.name, Action.WDT_TRADE_PUSH)
    if before.wdt_account and before.wdt_account != order.wdt_account:
        # It became a complaint, or a matter of another account: the goods must not leave for it over there.
        _withdraw(order, before)
        _push(order, RawTradeStatus.UNPAID, f"edited {order.modified}")
    elif lines_changed(order, before):
        _start_edition(order, before, RawTradeStatus.UNPAID, f"edited {order.modified}")
    else:
        _push(order, RawTradeStatus.UNPAID, f"edited {order.modified}")


def lines_changed(order: Order, before: Order) -> bool:
    """Whether lines came, went, or changed in what WDT fixes: article, quantity, price (wdt-openapi 2.1)."""
    fixed = {
        line.name: (line.product, to_decimal(line.quantity), to_decimal(line.unit_price))
        for line in before.items
    }
    return fixed != {
        line.name: (line.product, to_decimal(line.quantity), to_decimal(line.unit_price))
        for line in order.items
    }


def changed(order: Order, before: Order, notice: str) -> OutsidePath:
    """The content of a confirmed order was changed by a notice (wdt-openapi 2.1, 2.8).

    Args:
        order: the order as it is stored now.
        before: the order as it was.
        notice: the change notice; what it tells is told once.

    Returns:
        How WDT hears of it, and whether people have to act over there.
    """
    lines = lines_changed(order, before)
    path = outside_path(
        account=bool(order.wdt_account),
        told=is_known_there(before),
        told_content_changed=order_facts(order, ()) != order_facts(before, ()),
        lines_changed=lines,
        reviewed=(before.wdt_trade_status or 0) >= TradeStatus.WAITING_FOR_HANDOVER,
        partly_shipped=_has_left(before),
    )
    if lines and path is OutsidePath.BY_HAND:
        # Whatever is told later, e.g. the completion, would carry quantities that WDT refuses.
        seal(order)
        return path
    if path is OutsidePath.NOT_CONCERNED:
        return path
    replace_refused(order.doctype, order.name, Action.WDT_TRADE_PUSH)
    status, revision = _status_now(order, OrderState(order.workflow_state)), f"change {notice}"
    if lines:
        _start_edition(order, before, status, revision)
    else:
        _push(order, status, revision)
    return path


def is_known_there(order: Order) -> bool:
    """Whether WDT has an order under its present number: it said that it took it, or it shows a trade of it.

    Args:
        order: the order's row or document. A message that is on its way is another matter.
    """
    return bool(order.wdt_pushed_status or order.wdt_trade_number)


def _has_left(order: Order) -> bool:
    """Whether goods are out, also those that WDT shipped of a version that could not be withdrawn any more.

    A new edition beside them would leave as well.
    """
    some_left = DeliveryStatus(order.delivery_status) is not DeliveryStatus.NOT_SHIPPED
    return some_left or order.wdt_pushed_status in CLOSING_STATUSES


def told_in_new_edition(order: Order, before: Order, revision: str) -> None:
    """Tell the rest of an order under a number of its own; the old one is closed over there.

    Args:
        order: the order as it is stored now.
        before: the order as it was.
        revision: what makes this message different from earlier ones.
    """
    _start_edition(order, before, _status_now(order, OrderState(order.workflow_state)), revision)


def seal(order: Order) -> None:
    """Nothing more is told under this number: its quantities over there are not the order's any more."""
    frappe.db.set_value(order.doctype, order.name, "wdt_sealed", 1, update_modified=False)
    order.wdt_sealed = 1


def _start_edition(order: Order, before: Order, status: RawTradeStatus, revision: str) -> None:
    _withdraw(order, before)
    _push(order, status, revision)


def _withdraw(order: Order, before: Order) -> None:
    """Close what WDT was told, or may have been told, and count the next edition."""
    edition = order.wdt_edition or 0
    sent = supersede(order.doctype, order.name, [Action.WDT_TRADE_PUSH])
    told = [message["status"] for message in sent if message["edition"] == edition]
    if told or is_known_there(order):
        enqueue(
            AccountType.WDT,
            before.wdt_account or "",
            Action.WDT_WITHDRAWAL,
            order.doctype,
            order.name,
            f"edition {edition}",
            {
                "edition": edition,
                "facts": facts_to_json(order_facts(before)),
                "pushed": max([before.wdt_pushed_status or RawTradeStatus.UNPAID, *told]),
            },
        )
        values = {
            "wdt_edition": edition + 1,
            "wdt_pushed_status": 0,
            "wdt_told_digest": None,
            "wdt_trade_number": None,
            "wdt_trade_status": 0,
            "wdt_accepted": 0,
            "wdt_stage": None,
            "wdt_changed_at": None,
            "wdt_sealed": 0,
        }
        frappe.db.set_value(order.doctype, order.name, values, update_modified=False)
        order.update(values)


def reached(order: Order, state: OrderState) -> None:
    """Tell what a newly reached state means outside.

    Args:
        order: the order, already in the state.
        state: the state just reached.
    """
    if state is OrderState.CONFIRMED and _released_at_confirmation(order):
        _push(order, RawTradeStatus.READY, "confirmed")
    elif state is OrderState.PAID:
        _push(order, RawTradeStatus.READY, "paid")
    elif state is OrderState.COMPLETED:
        _push_completion(order)
        _post_to_ledger(order)


def money_changed(order: Order, payment: str) -> None:
    """Confirmed money changed without a new state: WDT learns the amount (delivery on balance, COD rest).

    Args:
        order: the order as it is stored now.
        payment: the payment or refund that was just confirmed. It names the message: the same amount may be
            reached twice, e.g. paid, paid back, and paid again.
    """
    if OrderState(order.workflow_state) not in _RELEASED_STATES:
        return
    status = _status_now(order, OrderState(order.workflow_state))
    if status is not RawTradeStatus.UNPAID:
        _push(order, status, f"money {payment}")


def late_receipt(order: Order, payment: str, kind: PaymentKind) -> None:
    """Money confirmed after completion: one more receipt where the ledger books receipts (K-05)."""
    if kind in WITHOUT_BANK:
        return
    if order.u8_account and _profile(order.u8_account) is PostingProfile.RECEIVABLE_AND_RECEIPT:
        _ledger_row(order, U8DocumentKind.RECEIPT, payment)


def cancellation(order: Order) -> bool:
    """Ask WDT to cancel, or take back what it was never told.

    Args:
        order: the order, locked.

    Returns:
        True where WDT has to be asked, False where it never heard of the order.
    """
    if not order.wdt_account:
        return False
    possibly_told = supersede(order.doctype, order.name, [Action.WDT_TRADE_PUSH])
    if not possibly_told and not is_known_there(order):
        return False
    enqueue(
        AccountType.WDT,
        order.wdt_account,
        Action.WDT_CANCELLATION,
        order.doctype,
        order.name,
        f"cancel {order.cancel_requested_at}",
        {},
    )
    return True


def told_again(order: Order, revision: str) -> bool:
    """Tell WDT of an order once more, as it stands now, even where that is what it was told last.

    Args:
        order: the order, locked.
        revision: what makes this message different from earlier ones.

    Returns:
        False where there is nothing to tell: no account, or the order was called off.
    """
    state = OrderState(order.workflow_state)
    if not order.wdt_account or state in CALLED_OFF_STATES:
        return False
    _tell(order, revision, {**_content(order, _status_now(order, state)), TOLD_ANYWAY: True})
    return True


def _status_now(order: Order, state: OrderState) -> RawTradeStatus:
    if state is OrderState.COMPLETED and _tells_completed(order):
        return RawTradeStatus.COMPLETED
    if state in SHIPPED_STATES:
        return RawTradeStatus.READY
    if state not in _RELEASED_STATES:
        return RawTradeStatus.UNPAID
    paid = PaymentStatus(order.payment_status)
    # A paid order that a change made dearer waits for the rest, as it does here (design 3).
    complete = state is OrderState.PAID and paid in (PaymentStatus.PAID, PaymentStatus.OVERPAID)
    if complete or _released_at_confirmation(order):
        return RawTradeStatus.READY
    return RawTradeStatus.DEPOSIT_PAID if paid is PaymentStatus.PARTLY_PAID else RawTradeStatus.UNPAID


def posted_again(order: Order, kind: U8DocumentKind, payment: str, revision: str) -> None:
    """Queue one document of a completed order once more; the posting looks its key up before it adds.

    Args:
        order: the completed order.
        kind: which document.
        payment: the payment of a receipt; "" for the others.
        revision: what makes this message different from earlier ones.
    """
    _ledger_row(order, kind, payment, revision)


def _released_at_confirmation(order: Order) -> bool:
    channel = frappe.get_cached_doc("Sales Channel", order.channel)
    return (
        ReleasePolicy(channel.release_policy) is ReleasePolicy.CONFIRMED
        or PaymentFamily(order.payment_family) is PaymentFamily.PAY_LATER
    )


def _push(order: Order, status: RawTradeStatus, revision: str) -> None:
    _tell(order, revision, _content(order, status))


def _content(order: Order, status: RawTradeStatus) -> dict[str, Any]:
    return {"status": int(status), "edition": order.wdt_edition or 0}


def _tell(order: Order, revision: str, payload: Mapping[str, Any]) -> None:
    if order.wdt_account and concerns_goods(order.order_kind):
        enqueue(
            AccountType.WDT,
            order.wdt_account,
            Action.WDT_TRADE_PUSH,
            order.doctype,
            order.name,
            revision,
            payload,
        )


def _tells_completed(order: Order) -> bool:
    return bool(frappe.get_cached_value("WDT Account", order.wdt_account, "tell_completed"))


def _push_completion(order: Order) -> None:
    if order.wdt_account and _tells_completed(order):
        _push(order, RawTradeStatus.COMPLETED, "completed")


def _profile(account: str) -> PostingProfile:
    return PostingProfile(frappe.get_cached_value("U8 Account", account, "posting_profile"))


def _post_to_ledger(order: Order) -> None:
    """One row per document of the posting profile; each document is one money fact (R-025, R-345)."""
    if not order.u8_account or not concerns_goods(order.order_kind):
        return
    if _profile(order.u8_account) is PostingProfile.SALES_ORDER:
        _ledger_row(order, U8DocumentKind.SALE_ORDER)
        return
    _ledger_row(order, U8DocumentKind.RECEIVABLE)
    payments = frappe.get_all(
        "Order Payment",
        filters={
            "order_id": order.name,
            "status": PaymentRecord.CONFIRMED.value,
            "kind": ("not in", [kind.value for kind in WITHOUT_BANK]),
        },
        order_by="received_on, name",
        pluck="name",
    )
    for payment in payments:
        _ledger_row(order, U8DocumentKind.RECEIPT, payment)


def _ledger_row(order: Order, kind: U8DocumentKind, payment: str = "", revision: str = "") -> None:
    enqueue(
        AccountType.U8,
        order.u8_account or "",
        Action.U8_POSTING,
        order.doctype,
        order.name,
        revision or f"{kind.value} {payment}".strip(),
        {"kind": kind.value, "payment": payment},
    )
