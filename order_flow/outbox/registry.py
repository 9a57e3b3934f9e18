"""Which code serves which action and which kind of account: two tables of dotted paths.

Paths instead of imports, because handlers know documents and the engine must not (design 2).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from typing import Any, Protocol

from order_flow.integrations.rate_limit import CallUse
from order_flow.outbox.handler import ActionHandler


class UnknownAction(LookupError):
    """No handler or port is registered under this name."""


class AccountType(StrEnum):
    """DocTypes whose documents are accounts of an outside system."""

    WDT = "WDT Account"
    U8 = "U8 Account"
    TRACKING = "Tracking Account"
    MESSAGING = "Messaging Account"


class Action(StrEnum):
    """What can be told outside."""

    WDT_TRADE_PUSH = "wdt_trade_push"
    """The raw order in the state that the row's payload names."""
    WDT_WITHDRAWAL = "wdt_withdrawal"
    """Close an edition of an order whose lines were changed here."""
    WDT_CANCELLATION = "wdt_cancellation"
    """Ask WDT to stop an order and read its answer until it is clear (R-147)."""
    U8_POSTING = "u8_posting"
    """The completed order by the account's posting profile, exactly once (R-345)."""
    CUSTOMER_MESSAGE = "customer_message"
    """A notice to a customer as a short message (R-370)."""


class PortFactory(Protocol):
    """Builds the port of one account.

    Args:
        account: name of the account document.
        sink: takes the record of every call that the transport makes.
        use: what the port is opened for; decides its share of the account's calls.
    """

    def __call__(self, account: str, sink: Callable[[Any], None], use: CallUse) -> Any: ...


HANDLERS: dict[str, str] = {
    Action.WDT_TRADE_PUSH: "order_flow.sync.wdt.push.WdtTradePush",
    Action.WDT_WITHDRAWAL: "order_flow.sync.wdt.cancel.WdtWithdrawal",
    Action.WDT_CANCELLATION: "order_flow.sync.wdt.cancel.WdtCancellation",
    Action.U8_POSTING: "order_flow.sync.u8.posting.U8Posting",
    Action.CUSTOMER_MESSAGE: "order_flow.sync.services.customer_messages.CustomerMessage",
}
"""Dotted path of the ActionHandler class of each action."""

PORTS: dict[str, str] = {
    AccountType.WDT: "order_flow.sync.ports.open_wdt",
    AccountType.U8: "order_flow.sync.ports.open_u8",
    AccountType.TRACKING: "order_flow.sync.ports.open_tracking",
    AccountType.MESSAGING: "order_flow.sync.ports.open_messaging",
}
"""Dotted path of the PortFactory of each account DocType."""

_handlers: dict[str, ActionHandler[Any, Any]] = {}
_factories: dict[str, PortFactory] = {}


def register(action: str, handler: ActionHandler[Any, Any]) -> None:
    """Serve an action by this handler instead of the table's, e.g. from another app or a test."""
    _handlers[action] = handler


def register_port(account_type: str, factory: PortFactory) -> None:
    """Open the ports of an account DocType by this factory instead of the table's."""
    _factories[account_type] = factory


def handler_of(action: str) -> ActionHandler[Any, Any]:
    """The handler of an action.

    Raises:
        UnknownAction: the table has no such action.
    """
    if action not in _handlers:
        handler_class = _resolve(HANDLERS, action, "handler")
        _handlers[action] = handler_class()
    return _handlers[action]


def open_port(
    account_type: str, account: str, sink: Callable[[Any], None], use: CallUse = CallUse.SENDING
) -> Any:
    """Build the port of an account.

    Args:
        account_type: DocType of the account.
        account: its name.
        sink: takes the record of every call.
        use: what the calls are for; decides the share of the account's limit.

    Raises:
        UnknownAction: the table has no such account type.
        IntegrationError: the account's settings do not allow to build one (Misconfigured).
    """
    if account_type not in _factories:
        _factories[account_type] = _resolve(PORTS, account_type, "port")
    return _factories[account_type](account, sink, use)


def _resolve(table: dict[str, str], key: str, what: str) -> Any:
    if key not in table:
        raise UnknownAction(
            f"No {what} is registered for {key!r}. Known: {', '.join(sorted(table))}. "
            "Add it to order_flow/outbox/registry.py, or remove the row that asks for it."
        )
    module_name, _, attribute = table[key].rpartition(".")
    return getattr(import_module(module_name), attribute)
