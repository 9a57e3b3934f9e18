"""Stock for sales channels and the desk: thin, the figures are in ``flow.stock_levels`` (R-254, R-356)."""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from typing import Any

import frappe
from frappe import _

from order_flow.api.endpoint import Verb, endpoint
from order_flow.domain.amounts import ZERO
from order_flow.domain.goods.allocation import DEFAULT_KEYS, AllocationKey
from order_flow.domain.goods.shortages import Decision
from order_flow.domain.states import Role
from order_flow.flow.records.choices import choice
from order_flow.flow.records.values import day_of, number_of
from order_flow.flow.refusals import StepRefused, refuse_without_role
from order_flow.flow.shortages import allocation as allocation_runs
from order_flow.flow.shortages import decisions as shortages
from order_flow.flow.stock.levels import age_of, free_by_product

MOST_PRODUCTS = 500
ALLOCATORS = (Role.ORDER_DESK, Role.WAREHOUSE, Role.PLANNING)


def _words(value: list | str) -> list[str]:
    """A list of texts, sent as JSON or as text of it; empty where nothing was sent."""
    if not value:
        return []
    try:
        words = frappe.parse_json(value)
    except ValueError:
        words = None
    if not isinstance(words, list):
        frappe.throw(_("'{0}' is not a list. Send one, e.g. as JSON.").format(str(value)[:80]), StepRefused)
    return [str(word) for word in words]


@endpoint(Verb.GET, of="Stock Level")
def available_stock(products: str | list) -> list[dict[str, Any]]:
    """Return what can be promised of some products, and how old that figure is.

    Args:
        products: product codes, as a list or as JSON text; at most 500.

    Returns:
        ``{"product", "free", "read_at", "kept"}`` for each; ``kept`` is false where no warehouse keeps the
        product, ``free`` is 0 then and says nothing.

    Raises:
        frappe.PermissionError: the caller may not read stock.
        StepRefused: too many products, or none.
    """
    if not frappe.has_permission("Stock Level", "read"):
        frappe.throw(_("Your roles may not see the stock. Ask the order desk."), frappe.PermissionError)
    codes = _words(products)
    if not 0 < len(codes) <= MOST_PRODUCTS:
        frappe.throw(_("Name 1 to {0} products.").format(MOST_PRODUCTS), StepRefused)
    free, ages = free_by_product(codes), age_of(codes)
    return [
        {
            "product": code,
            "free": float(max(free.get(code, ZERO), ZERO)),
            "read_at": str(ages[code]) if code in ages else None,
            "kept": code in free,
        }
        for code in codes
    ]


@endpoint(Verb.POST, of="Order")
def allocate(
    orders: list | str = "", keys: list | str = "", whole_orders: bool = False, nearest_first: bool = False
) -> dict[str, Any]:
    """Give the stock to orders: to those named, or to all that are confirmed and not shipped (R-258).

    Args:
        orders: names, as a list or as JSON text; all where it is empty.
        keys: the strategy, e.g. ``["Urgent First", "First Confirmed First"]``; the default where it is empty.
        whole_orders: an order that cannot get everything gets nothing.
        nearest_first: warehouses near the receiver first.

    Returns:
        ``{"run", "orders", "lines_allocated", "lines_short"}``.

    Raises:
        StepRefused: nothing waits for goods, or a key is not known.
        frappe.PermissionError: the caller does not allocate stock.
    """
    refuse_without_role(
        [role.value for role in ALLOCATORS], _("Stock is allocated by: {0}. Ask one of them.")
    )
    names = _words(orders)
    wanted = [choice(AllocationKey, key, _("Strategy")) for key in _words(keys)]
    run = allocation_runs.run(
        wanted or DEFAULT_KEYS,
        orders=names,
        whole_orders=bool(whole_orders),
        nearest_first=bool(nearest_first),
    )
    return {
        "run": run.name,
        "orders": run.orders,
        "lines_allocated": run.lines_allocated,
        "lines_short": run.lines_short,
    }


@endpoint(Verb.POST, of="Shortage")
def decide_shortage(
    shortage: str, decision: str, new_date: str = "", cost: float | str = 0, remark: str = ""
) -> dict[str, Any]:
    """Decide what is offered to the customer whose goods are short (R-259, R-260).

    Args:
        shortage: the Shortage's name.
        decision: one of its options.
        new_date: ``YYYY-MM-DD`` by which the goods are there.
        cost: what it costs the company.
        remark: free words.

    Returns:
        ``{"shortage", "state"}``.

    Raises:
        StepRefused: it is settled, or something is missing.
        frappe.PermissionError: the caller does not decide this.
    """
    document = shortages.decide(
        shortage,
        choice(Decision, decision, _("Decision")),
        new_date=day_of(new_date, _("New Date")) if new_date else None,
        cost=number_of(cost or 0, _("Cost")),
        remark=remark,
    )
    return {"shortage": document.name, "state": document.shortage_state}


@endpoint(Verb.POST, of="Shortage")
def answer_shortage(shortage: str, agreed: bool = False, remark: str = "", paper: str = "") -> dict[str, Any]:
    """Store what the customer said to the decision (K-20).

    Args:
        shortage: the Shortage's name.
        agreed: whether he takes what was decided.
        remark: what he said; mandatory without a paper.
        paper: ``file_url`` of his written answer.

    Returns:
        ``{"shortage", "state"}``.

    Raises:
        StepRefused: nothing was decided yet, it is settled, or nothing shows the answer.
        frappe.PermissionError: the caller does not speak with the customer.
    """
    document = shortages.answer(shortage, agreed=bool(agreed), paper=paper, remark=remark)
    return {"shortage": document.name, "state": document.shortage_state}
