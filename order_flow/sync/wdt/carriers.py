"""Enters WDT's couriers as our carriers, by their code and switched off until they have terms (R-350)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import frappe

from order_flow.domain.message import Message
from order_flow.integrations.rate_limit import CallUse
from order_flow.integrations.wdt.port import Carrier, WdtPort
from order_flow.outbox.clock import database_now
from order_flow.outbox.reading.places import Stream
from order_flow.outbox.reading.positions import advance
from order_flow.outbox.reading.readers import account_port
from order_flow.outbox.registry import AccountType
from order_flow.outbox.transaction import end_reading, in_transaction
from order_flow.sync.questions import Question, ask
from order_flow.sync.wdt.orders import readable_of

CARRIERS_STREAM = "carriers"
NEW_CARRIERS = "carriers: entered, without terms"
NAMESAKES = "carriers: same name, other code"


def read_carriers(account: str, port: WdtPort) -> int:
    """Enter the couriers of WDT that are not known here by their code.

    Args:
        account: the WDT Account.
        port: its port.

    Returns:
        How many were entered or given their code.

    Raises:
        IntegrationError: WDT could not be read; nothing was stored.
    """
    end_reading()
    stream = Stream(AccountType.WDT, account, CARRIERS_STREAM)
    carriers: list[Carrier] = readable_of(stream, port.carriers())
    used = [carrier for carrier in carriers if not carrier.is_disabled]
    return in_transaction(partial(_store_all, stream, used))


def read_record_again(account: str, _payload: dict[str, Any]) -> str:
    """Repair of a courier that was set aside: all are read anew, there is no question about one.

    Returns:
        How many were entered or given their code.
    """
    with account_port(AccountType.WDT, account, CallUse.READING) as open_port:
        return str(read_carriers(account, open_port()))


def _store_all(stream: Stream, carriers: Sequence[Carrier]) -> int:
    changed = _store(stream.account, carriers)
    advance(stream, database_now(), len(carriers))
    return changed


def _store(account: str, carriers: Sequence[Carrier]) -> int:
    rows = frappe.get_all("Carrier", fields=["name", "carrier_code"], limit_page_length=0)
    codes = {row.carrier_code for row in rows if row.carrier_code}
    by_name: dict[str, Any] = {row.name.casefold(): row for row in rows}
    entered, coded, namesakes = [], 0, []
    for carrier in carriers:
        if carrier.logistics_code in codes:
            continue
        codes.add(carrier.logistics_code)
        name = carrier.name or carrier.logistics_code
        if (known := by_name.get(name.casefold())) is None:
            _enter(name, carrier.logistics_code)
            entered.append(carrier)
        elif known.carrier_code:
            namesakes.append(carrier)
        else:
            frappe.db.set_value("Carrier", known.name, "carrier_code", carrier.logistics_code)
            coded += 1
    _ask(account, NEW_CARRIERS, _entered, entered)
    _ask(account, NAMESAKES, _namesakes, namesakes)
    return len(entered) + coded


def _enter(name: str, code: str) -> None:
    carrier = frappe.new_doc("Carrier")
    carrier.update({"carrier_name": name, "carrier_code": code, "disabled": 1})
    carrier.insert(ignore_permissions=True)  # the reader enters what WDT says, for nobody in particular


def _ask(account: str, aspect: str, text: Question, carriers: Sequence[Carrier]) -> None:
    names = [f"{carrier.name} ({carrier.logistics_code})" for carrier in carriers]
    ask(account, aspect, names, text, [asdict(carrier) for carrier in carriers[:3]])


def _entered(count: int, names: str) -> Message:
    """Say which carriers were entered."""
    return Message(
        "{0} carriers of WDT were entered: {1}. They are switched off: enter where they go and what they "
        "cost, and switch on those that shipments may choose.",
        count,
        names,
    )


def _namesakes(count: int, names: str) -> Message:
    """Say which carriers have the name of another."""
    return Message(
        "{0} carriers of WDT have the name of a carrier here with another code: {1}. Correct the code "
        "here, or rename one of them.",
        count,
        names,
    )
