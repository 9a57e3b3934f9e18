"""Which raw status may be pushed next, as a table (wdt-openapi 2.1, 2.8)."""

from __future__ import annotations

from collections.abc import Mapping

from order_flow.domain.message import Message
from order_flow.integrations.errors import Rejected
from order_flow.integrations.wdt.codes import RawTradeStatus

_S = RawTradeStatus

FIRST: Mapping[RawTradeStatus, RawTradeStatus | None] = {
    _S.UNPAID: _S.UNPAID,
    _S.DEPOSIT_PAID: _S.DEPOSIT_PAID,
    _S.READY: _S.READY,
    # A first push at 40 or above never becomes a sales trade, so the order is introduced at 30 first.
    _S.COMPLETED: _S.READY,
    # WDT never heard of it: there is nothing to cancel.
    _S.REFUNDED: None,
    _S.CLOSED: None,
}
"""What is pushed of an order that WDT does not know, by the wanted status."""

FOLLOWING: Mapping[RawTradeStatus, Mapping[RawTradeStatus, RawTradeStatus | None]] = {
    _S.UNPAID: {
        _S.UNPAID: _S.UNPAID,
        _S.DEPOSIT_PAID: _S.DEPOSIT_PAID,
        _S.READY: _S.READY,
        _S.COMPLETED: _S.READY,
        # 80 is for money that WDT knows of; what it took for unpaid is closed.
        _S.REFUNDED: _S.CLOSED,
        _S.CLOSED: _S.CLOSED,
    },
    _S.DEPOSIT_PAID: {
        _S.UNPAID: None,
        _S.DEPOSIT_PAID: _S.DEPOSIT_PAID,
        _S.READY: _S.READY,
        _S.COMPLETED: _S.READY,
        _S.REFUNDED: _S.REFUNDED,
        _S.CLOSED: _S.REFUNDED,
    },
    _S.READY: {
        _S.UNPAID: None,
        # Released once, it stays so; what was paid of it has changed.
        _S.DEPOSIT_PAID: _S.READY,
        _S.READY: _S.READY,
        _S.COMPLETED: _S.COMPLETED,
        _S.REFUNDED: _S.REFUNDED,
        _S.CLOSED: _S.REFUNDED,
    },
    _S.COMPLETED: {_S.UNPAID: None, _S.DEPOSIT_PAID: None, _S.READY: None, _S.COMPLETED: None},
    _S.REFUNDED: {_S.REFUNDED: None, _S.CLOSED: None},
    _S.CLOSED: {_S.REFUNDED: None, _S.CLOSED: None},
}
"""What is pushed next, by the last pushed and the wanted status. None: WDT knows already, push nothing."""


def next_raw_status(last_pushed: RawTradeStatus | None, wanted: RawTradeStatus) -> RawTradeStatus | None:
    """Find the status to push now on the way to the wanted one.

    Where the answer is not the wanted status yet (30 on the way to 70), ask again after that push. Pushing
    30 on 30 is an update and only worth a call when money facts changed.

    Args:
        last_pushed: status WDT took last; None where it never took one.
        wanted: where the order stands on our side.

    Returns:
        The status to push, or None when WDT has nothing to learn.

    Raises:
        Rejected: the wanted status cannot follow any more.
    """
    table = FIRST if last_pushed is None else FOLLOWING.get(last_pushed, {})
    if wanted not in table:
        told: int | Message = Message("nothing") if last_pushed is None else int(last_pushed)
        raise Rejected(
            Message(
                "WDT was told {0} last, {1} cannot follow. A completed order needs an after-sales document, "
                "a cancelled one a new order number.",
                told,
                int(wanted),
            ),
            code=f"{told}-{int(wanted)}",
        )
    return table[wanted]
