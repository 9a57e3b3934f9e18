"""Asks tracking services where parcels are, and follows what they say (R-297 to R-300, R-308).

Parcels are asked for one by one outside any transaction, then stored each in its own; a service that fails is
noted and asked again later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from order_flow.domain.goods.delivery import CaseKind, CaseState
from order_flow.domain.goods.shipments import SHIPMENT_AS_READ, ShipmentState
from order_flow.flow.deliveries.cases import CASE, open_case
from order_flow.flow.records.order import locked_order
from order_flow.flow.shipments.leaving import save_by_method
from order_flow.integrations.errors import UnreadableAnswer
from order_flow.integrations.rate_limit import CallUse
from order_flow.integrations.tracking.port import TrackingEvent, TrackingPort, TrackingStatus
from order_flow.outbox.clock import database_now
from order_flow.outbox.reading.places import Stream
from order_flow.outbox.reading.positions import advance, set_aside, work_through
from order_flow.outbox.reading.readers import account_port, run_streams
from order_flow.outbox.registry import AccountType
from order_flow.outbox.transaction import end_reading, in_transaction
from order_flow.site_time import stored

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment

TRACKING_STREAM = "tracking"
MOST_PARCELS = 200
"""Asked for in one run; who was not asked longest comes first."""
_ON_ITS_WAY = (ShipmentState.SHIPPED.value, ShipmentState.IN_TRANSIT.value, ShipmentState.EXCEPTION.value)
STATE_OF: dict[TrackingStatus, ShipmentState] = {
    TrackingStatus.IN_TRANSIT: ShipmentState.IN_TRANSIT,
    TrackingStatus.OUT_FOR_DELIVERY: ShipmentState.IN_TRANSIT,
    TrackingStatus.DELIVERED: ShipmentState.DELIVERED,
    TrackingStatus.EXCEPTION: ShipmentState.EXCEPTION,
    TrackingStatus.RETURNED: ShipmentState.EXCEPTION,
}
"""What a shipment becomes when its parcel's newest event says so; other events move nothing."""


def run(account: str) -> int:
    """Job: ask one account about its parcels.

    Args:
        account: name of the Tracking Account.

    Returns:
        How many parcels were asked for; 0 where the account may not be called, or failed.
    """
    streams = {TRACKING_STREAM: lambda port: read_parcels(account, port)}
    return run_streams(AccountType.TRACKING, account, streams).get(TRACKING_STREAM, 0)


def read_parcels(account: str, port: TrackingPort) -> int:
    """Ask for each parcel whose turn it is and store what is new; one that cannot be read is set aside.

    Args:
        account: the Tracking Account.
        port: its port.

    Returns:
        How many parcels were asked for.

    Raises:
        IntegrationError: the service could not be read, or there is no call left; what was read before is
            stored, and the next run goes on behind it.
    """
    stream = Stream(AccountType.TRACKING, account, TRACKING_STREAM)
    parcels = _due_parcels(account)
    for parcel in parcels:
        end_reading()
        _read_parcel(stream, port, parcel)
    in_transaction(lambda: advance(stream, database_now(), len(parcels)))
    return len(parcels)


def _read_parcel(stream: Stream, port: TrackingPort, parcel: Any) -> bool:
    """Ask for one parcel; its turn has passed whatever came of it.

    Returns:
        Whether the answer could be read and stored.
    """
    payload: dict[str, Any] = {"shipment": parcel.name}
    try:
        events = port.events(parcel.tracking_code, parcel.waybill_number)
    except UnreadableAnswer as error:
        payload["answer"] = error.record
        in_transaction(partial(set_aside, stream, parcel.name, payload, error.message))
        in_transaction(partial(_note_turn, parcel.name))
        return False
    store = partial(_store, parcel.name, parcel.order_id)
    payload["answer"] = [asdict(event) for event in events]
    tally = work_through(stream, [events], store, lambda _events: parcel.name, lambda _events: payload)
    if not tally.stored:
        in_transaction(partial(_note_turn, parcel.name))
    return bool(tally.stored)


def read_record_again(account: str, payload: dict[str, Any]) -> str:
    """Repair of a parcel that was set aside: the service is asked about it now.

    Args:
        account: the Tracking Account.
        payload: names the shipment.

    Returns:
        The waybill that was read.

    Raises:
        frappe.ValidationError: it still cannot be read, or the shipment has no waybill any more.
    """
    rows = _parcels("s.name = %(shipment)s", account, {"shipment": payload["shipment"]})
    if not rows:
        frappe.throw(
            _("Shipment {0} is not followed by {1} any more. Dismiss it with a reason.").format(
                payload["shipment"], account
            )
        )
    end_reading()
    stream = Stream(AccountType.TRACKING, account, TRACKING_STREAM)
    with account_port(AccountType.TRACKING, account, CallUse.READING) as open_port:
        if not _read_parcel(stream, open_port(), rows[0]):
            frappe.throw(_("The answer about {0} still cannot be read.").format(rows[0].waybill_number))
    return str(rows[0].waybill_number)


def _note_turn(shipment: str) -> None:
    frappe.db.set_value("Shipment", shipment, "tracking_read_at", now_datetime(), update_modified=False)


def _due_parcels(account: str) -> Sequence[Any]:
    minutes = frappe.get_cached_value("Tracking Account", account, "read_every_minutes") or 0
    condition = """s.shipment_state in %(states)s
        and (s.tracking_read_at is null or s.tracking_read_at <= %(before)s)"""
    values = {"states": _ON_ITS_WAY, "before": now_datetime() - timedelta(minutes=minutes)}
    return _parcels(condition, account, values)


def _parcels(condition: str, account: str, values: dict[str, Any]) -> Sequence[Any]:
    rows: Sequence[Any] = frappe.db.sql(
        f"""select s.name, s.order_id, s.waybill_number, c.tracking_code from `tabShipment` s
        join `tabCarrier` c on c.name = s.carrier and c.tracking_account = %(account)s
        where s.waybill_number != '' and c.tracking_code != '' and {condition}
        order by s.tracking_read_at, s.name limit %(most)s""",
        {"account": account, "most": MOST_PARCELS, **values},
        as_dict=True,
    )
    return rows


def _store(name: str, order_name: str, events: Sequence[TrackingEvent]) -> None:
    order = locked_order(order_name)
    shipment = frappe.get_doc("Shipment", name, for_update=True)
    known = {(get_datetime(row.at), row.event) for row in shipment.events}
    fresh = [event for event in events if (stored(event.at), event.text) not in known]
    for event in fresh:
        shipment.append("events", _row(event))
    shipment.tracking_read_at = now_datetime()
    _follow(shipment, fresh)
    shipment.flags.by_system = True
    save_by_method(shipment)
    if fresh and fresh[-1].status in (TrackingStatus.EXCEPTION, TrackingStatus.RETURNED):
        _open_case_once(order, shipment, fresh[-1])


def _row(event: TrackingEvent) -> dict[str, Any]:
    row = {"event": event.text, "at": stored(event.at), "place": event.place, "source": "Carrier"}
    if event.status is TrackingStatus.UNCLEAR:
        # What nobody told us the meaning of is marked.
        row["remark"] = _("The carrier's status is not known here; its words stand as they came.")
    return row


def _follow(shipment: Shipment, fresh: Sequence[TrackingEvent]) -> None:
    meant = [event for event in fresh if event.status in STATE_OF]
    if not meant:
        return
    newest = meant[-1]
    state, target = ShipmentState(shipment.shipment_state), STATE_OF[newest.status]
    if SHIPMENT_AS_READ.between(state, target) is None:
        return
    shipment.shipment_state = target.value
    if target is ShipmentState.DELIVERED:
        # The carrier's word, not the customer's: he confirms the receipt, or proof does.
        shipment.delivered_at = stored(newest.at)
        shipment.delivery_remark = newest.text


def _open_case_once(order: Order, shipment: Shipment, event: TrackingEvent) -> None:
    known = {
        "shipment": shipment.name,
        "kind": CaseKind.TRACKING.value,
        "case_state": ("!=", CaseState.CLOSED.value),
    }
    if not frappe.db.exists(CASE, known):
        words = " ".join(filter(None, (event.text, event.place)))
        open_case(order, CaseKind.TRACKING, words, shipment=shipment.name)
