"""Requirements 2.1, tables A, B and D, row by row: who goes first, what WDT shows, when to cancel (R-024).

Over HTTP against the stand-in; the policies of the channel are turned for single tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import frappe
import pytest

from order_flow.api.orders import confirm, request_cancellation, ship
from order_flow.domain.states import Leads, OrderState
from order_flow.flow.cancelling.requests import CancelReason
from order_flow.flow.refusals import StepRefused
from order_flow.integrations.wdt.stages import WarehouseStage
from order_flow.outbox.registry import AccountType
from tests.site.support.builders import WDT_ACCOUNT, WDT_CHANNEL, pay_in_full
from tests.site.support.sync_lab import Lab

REASON = CancelReason.CHANGE_OF_MIND.value
STEPS = ("leads_confirm", "leads_ship", "leads_cancel")
WAREHOUSE = ("audit", "print", "pick", "scan", "weigh", "ship")
SITE_MAY, WDT_MAY = (Leads.SITE, Leads.EITHER), (Leads.WDT, Leads.EITHER)


@pytest.fixture(autouse=True)
def either_side_leads(lab: Lab) -> Iterator[None]:
    """Every test starts and leaves with the shipped policies."""
    _set_leads(dict.fromkeys(STEPS, Leads.EITHER))
    yield
    _set_leads(dict.fromkeys(STEPS, Leads.EITHER))


def _set_leads(leads: dict[str, Leads]) -> None:
    frappe.db.rollback()
    channel = frappe.get_doc("Sales Channel", WDT_CHANNEL)
    channel.update({step: lead.value for step, lead in leads.items()})
    channel.save()
    frappe.db.commit()


def entered(lab: Lab) -> Any:
    """Entered here and a trade over there."""
    order = lab.order()
    lab.tell_wdt()
    lab.wdt.settle()
    return order


def paid(lab: Lab) -> Any:
    """Confirmed, paid, waiting for WDT's review."""
    order = lab.order()
    confirm(order.name)
    pay_in_full(order)
    frappe.db.commit()
    lab.tell_wdt()
    lab.wdt.settle()
    return order


def send_what_is_due(lab: Lab) -> None:
    """Tell WDT what is due now, without waiting for answers."""
    while lab.send_once(AccountType.WDT, WDT_ACCOUNT):
        pass
    lab.wdt.settle()


@pytest.mark.parametrize("lead", list(Leads))
def test_the_site_confirms_first(lab: Lab, lead: Leads) -> None:
    """2.1-A row 2, site first: only where the site may lead (R-017, K-02)."""
    _set_leads({"leads_confirm": lead})
    order = entered(lab)
    if lead in SITE_MAY:
        confirm(order.name)
        frappe.db.commit()
        lab.tell_wdt()
        assert lab.wdt.inside(order.name)["raw"]["pushed"]["trade_status"] == 30
    else:
        with pytest.raises(StepRefused):
            confirm(order.name)
    expected = OrderState.CONFIRMED if lead in SITE_MAY else OrderState.UNCONFIRMED
    assert lab.reload(order).workflow_state == expected


@pytest.mark.parametrize("lead", list(Leads))
def test_wdt_reviews_first(lab: Lab, lead: Leads) -> None:
    """2.1-A row 2, WDT first: followed where it may lead, a case for a person where not (R-017, K-02)."""
    _set_leads({"leads_confirm": lead})
    order = entered(lab)
    lab.warehouse(order.name, "release", "audit")
    lab.read_wdt()
    expected = OrderState.CONFIRMED if lead in WDT_MAY else OrderState.UNCONFIRMED
    assert lab.reload(order).workflow_state == expected
    assert lab.discrepancies(order) == ([] if lead in WDT_MAY else ["Contradiction"])


@pytest.mark.parametrize("lead", list(Leads))
def test_the_desk_ships_first(lab: Lab, lead: Leads) -> None:
    """2.1-A row 4, site first: only where the site may lead (R-020, K-02)."""
    _set_leads({"leads_ship": lead})
    order = paid(lab)
    if lead in SITE_MAY:
        ship(order.name, carrier="SF", waybill_number="SF-DESK")
        frappe.db.commit()
    else:
        with pytest.raises(StepRefused):
            ship(order.name, carrier="SF", waybill_number="SF-DESK")
    expected = OrderState.SHIPPED if lead in SITE_MAY else OrderState.PAID
    assert lab.reload(order).workflow_state == expected
    assert frappe.db.count("Shipment", {"order_id": order.name}) == int(lead in SITE_MAY)


@pytest.mark.parametrize("lead", list(Leads))
def test_wdt_ships_first(lab: Lab, lead: Leads) -> None:
    """2.1-A row 4, WDT first: goods that left are recorded whoever leads; the state follows a leader only."""
    _set_leads({"leads_ship": lead})
    order = paid(lab)
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    expected = OrderState.SHIPPED if lead in WDT_MAY else OrderState.PAID
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.delivery_status) == (expected, "Shipped")
    assert frappe.db.count("Shipment", {"order_id": order.name}) == 1
    assert bool(lab.discrepancies(order)) == (lead not in WDT_MAY)


@pytest.mark.parametrize("lead", list(Leads))
def test_the_site_cancels_first(lab: Lab, lead: Leads) -> None:
    """2.1-A row 6, site first: only where the site may lead (R-023, K-02)."""
    _set_leads({"leads_cancel": lead})
    order = paid(lab)
    if lead in SITE_MAY:
        request_cancellation(order.name, REASON)
        frappe.db.commit()
        lab.tell_wdt()
    else:
        with pytest.raises(StepRefused):
            request_cancellation(order.name, REASON)
    expected = OrderState.CANCELLED if lead in SITE_MAY else OrderState.PAID
    assert lab.reload(order).workflow_state == expected


@pytest.mark.parametrize("lead", list(Leads))
def test_wdt_cancels_first(lab: Lab, lead: Leads) -> None:
    """2.1-A row 6, WDT first: followed where it may lead, a case for a person where not (R-023, K-02)."""
    _set_leads({"leads_cancel": lead})
    order = paid(lab)
    lab.warehouse(order.name, "cancel")
    lab.read_wdt()
    expected = OrderState.CANCELLED if lead in WDT_MAY else OrderState.PAID
    assert lab.reload(order).workflow_state == expected
    assert lab.discrepancies(order) == ([] if lead in WDT_MAY else ["Contradiction"])


STAGES = (
    (0, WarehouseStage.WAITING_FOR_REVIEW),
    (1, WarehouseStage.WAITING_FOR_PRINT),
    # A trade shows no print flag, so a printed slip is still seen as waiting for print.
    (2, WarehouseStage.WAITING_FOR_PRINT),
    (3, WarehouseStage.SCANNING),
    (4, WarehouseStage.WEIGHING),
    (5, WarehouseStage.DISPATCHING),
    (6, WarehouseStage.SHIPPED),
)


@pytest.mark.parametrize(("steps", "stage"), STAGES)
def test_what_wdt_shows_at_each_step(lab: Lab, steps: int, stage: WarehouseStage) -> None:
    """2.1-B: sub-stages are shown and change no state of ours; shipping is one fact on both sides (R-020)."""
    order = paid(lab)
    lab.warehouse(order.name, *WAREHOUSE[:steps])
    lab.read_wdt()
    stored = lab.reload(order)
    shipped = stage is WarehouseStage.SHIPPED
    assert stored.wdt_stage == stage.value
    assert stored.workflow_state == (OrderState.SHIPPED if shipped else OrderState.PAID)
    assert lab.discrepancies(order) == []


@pytest.mark.parametrize("frozen", [False, True])
def test_cancel_what_wdt_can_cancel(lab: Lab, frozen: bool) -> None:
    """2.1-D rows 1 and 2: waiting for review, or frozen: cancelled on both sides at once (R-147)."""
    order = paid(lab)
    if frozen:
        lab.warehouse(order.name, "freeze")
    request_cancellation(order.name, REASON)
    frappe.db.commit()
    lab.tell_wdt()
    assert lab.reload(order).workflow_state == OrderState.CANCELLED
    assert {trade["trade_status"] for trade in lab.wdt.trades(order.name)} == {"5"}


@pytest.mark.parametrize("steps", range(1, len(WAREHOUSE)))
@pytest.mark.parametrize("stopped", [True, False])
def test_cancel_in_the_warehouse(lab: Lab, steps: int, stopped: bool) -> None:
    """2.1-D rows 3 and 4: asked for at every step from 待打单 to weighed; the outcome decides (R-147)."""
    order = paid(lab)
    lab.warehouse(order.name, *WAREHOUSE[:steps])
    request_cancellation(order.name, REASON)
    frappe.db.commit()
    send_what_is_due(lab)
    waiting = lab.reload(order)
    assert (waiting.workflow_state, waiting.cancel_requested) == (OrderState.PAID, 1)
    if stopped:
        lab.warehouse(order.name, "confirm_interception")
    else:
        lab.warehouse(order.name, "refuse_interception", *WAREHOUSE[steps:])
    lab.tell_wdt()
    lab.read_wdt()
    settled = lab.reload(order)
    expected = OrderState.CANCELLED if stopped else OrderState.SHIPPED
    assert (settled.workflow_state, settled.cancel_requested) == (expected, 0)
    assert frappe.db.count("Shipment", {"order_id": order.name}) == int(not stopped)


def test_cancel_after_shipment_is_refused(lab: Lab) -> None:
    """2.1-D row 5: goods that have left are not cancelled; a return is offered (R-147)."""
    order = paid(lab)
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    with pytest.raises(StepRefused, match="return"):
        request_cancellation(order.name, REASON)
    assert lab.reload(order).workflow_state == OrderState.SHIPPED


def test_cancel_of_goods_that_left_unseen(lab: Lab) -> None:
    """2.1-D row 5: WDT shipped and we have not read it: the request is answered, the order goes on."""
    order = paid(lab)
    lab.ship_in_wdt(order.name)
    request_cancellation(order.name, REASON)
    frappe.db.commit()
    lab.tell_wdt()
    lab.read_wdt()
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.cancel_requested) == (OrderState.SHIPPED, 0)
    assert "return" in stored.cancel_answer


def test_cancel_without_an_answer_stays_requested(lab: Lab) -> None:
    """2.1-D row 6: no answer: requested, with the reason in sight, until WDT is there again (R-147)."""
    order = paid(lab)
    lab.wdt.arm("down_until", args={"seconds": 3600})
    request_cancellation(order.name, REASON)
    frappe.db.commit()
    for _quarter in range(3):
        send_what_is_due(lab)
        lab.turn(timedelta(minutes=15))
    waiting = lab.reload(order)
    assert (waiting.workflow_state, waiting.cancel_requested) == (OrderState.PAID, 1)
    assert [bool(row.last_error) for row in lab.open_rows()] == [True]
    lab.turn(timedelta(hours=1))
    lab.tell_wdt()
    assert lab.reload(order).workflow_state == OrderState.CANCELLED
