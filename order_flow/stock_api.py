"""Stock for sales channels and the desk: thin, the figures are in ``flow.stock_levels`` (R-254, R-356)."""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from typing import Any

import frappe
from frappe import _

from order_flow.domain.money import ZERO
from order_flow.flow.refusals import StepRefused
from order_flow.flow.stock_levels import age_of, free_by_product
from order_flow.outbox.people import require_operator
from order_flow.outbox.registry import AccountType
from order_flow.tasks import start_stock_reader

MOST_PRODUCTS = 500


@frappe.whitelist(methods=["GET"])
def available_stock(products: str | list) -> list[dict[str, Any]]:
    """What can be promised of some products, and how old that figure is.

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
    codes = [str(code) for code in frappe.parse_json(products) or []]
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


@frappe.whitelist(methods=["POST"])
def read_stock_now(wdt_account: str) -> dict[str, Any]:
    """Start reading a WDT account's stock changes in the background now.

    Args:
        wdt_account: name of the WDT Account.

    Returns:
        ``{"queued": True}``.

    Raises:
        frappe.PermissionError: the caller is no operator.
        frappe.DoesNotExistError: there is no such account.
    """
    require_operator()
    frappe.get_doc(AccountType.WDT.value, wdt_account)
    start_stock_reader(wdt_account)
    return {"queued": True}
