"""How long the server takes for what the desk's first pages ask, and for a batch of the allocation."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import frappe
from frappe.desk.doctype.number_card.number_card import get_result

from order_flow.domain.goods.allocation import DEFAULT_KEYS, LineClaim, OrderClaim, Place, allocate
from order_flow.domain.states import FINAL_STATES
from order_flow.order_flow.dashboard_chart_source.orders_by_day import orders_by_day
from order_flow.order_flow.dashboard_chart_source.translated_groups import translated_groups

WORKSPACE: Final = "Order Flow"
CHART_SOURCES: Final = {"Orders by Day": orders_by_day.get, "Translated Groups": translated_groups.get}
LINES, LINES_PER_ORDER, PRODUCTS, WAREHOUSES = 10_000, 10, 2_000, 5
PAGE_LENGTH: Final = 20
ROUNDS: Final = 3


def workspace_ms() -> dict[str, float]:
    """Milliseconds of each number card and chart of the main workspace, nothing of them cached.

    Returns:
        The best of some rounds, by name; their sum is what a browser waits for at most, it asks side by side.
    """
    page = frappe.get_doc("Workspace", WORKSPACE)
    found: dict[str, float] = {}
    for row in page.number_cards:
        card = frappe.get_doc("Number Card", row.number_card_name)
        if card.type == "Document Type":
            found[card.name] = _best(lambda card=card: get_result(card.as_dict(), card.filters_json))
    for row in page.charts:
        chart = frappe.get_doc("Dashboard Chart", row.chart_name)
        found[chart.name] = _best(lambda chart=chart: CHART_SOURCES[chart.source](chart.name))
    return found


def list_ms() -> float:
    """Milliseconds of the first page of the list of open orders, as the desk sorts it."""
    final = [state.value for state in FINAL_STATES]
    return _best(
        lambda: frappe.get_list(
            "Order",
            filters={"workflow_state": ("not in", final)},
            fields=["name", "customer_name", "workflow_state", "total", "promised_date", "delivery_status"],
            order_by="modified desc",
            limit_page_length=PAGE_LENGTH,
        )
    )


def allocation_ms() -> float:
    """Milliseconds of 10,000 lines over 2,000 products and 5 warehouses, the pure rules alone."""
    start = datetime(2026, 11, 26)
    claims = [
        OrderClaim(
            f"O{order:05d}",
            start + timedelta(minutes=order * 7919 % 10_000),
            tuple(
                LineClaim(
                    f"O{order}-{line}", f"P{(order * 31 + line * 17) % PRODUCTS}", Decimal(1 + line % 5)
                )
                for line in range(LINES_PER_ORDER)
            ),
        )
        for order in range(LINES // LINES_PER_ORDER)
    ]
    places = {
        f"P{product}": [Place(f"W{number}", Decimal(product % 4), number) for number in range(WAREHOUSES)]
        for product in range(PRODUCTS)
    }
    return _best(lambda: allocate(claims, places, DEFAULT_KEYS))


def _best(work: Any) -> float:
    times = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - started))
    return min(times)
