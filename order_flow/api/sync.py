"""The sync by hand: compare orders now, compare an account's orders, read a warehouse now.

For the desk's buttons and for other systems: typed, bound to POST, checked by role and document.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
from frappe import _

from order_flow.api.endpoint import Verb, endpoint
from order_flow.domain.states import Role
from order_flow.flow.refusals import refuse_without_role
from order_flow.integrations.rate_limit import CallUse
from order_flow.outbox.accounts.health import health
from order_flow.outbox.people import OPERATOR_ROLES, require_operator
from order_flow.outbox.registry import AccountType
from order_flow.sync.compare.reconcile import BATCH
from order_flow.sync.compare.reconcile import reconcile as _reconcile
from order_flow.tasks import (
    start_goods_reader,
    start_product_reader,
    start_reader,
    start_reconciliation,
    start_stock_reader,
    start_tracking_reader,
)

COMPARED = (AccountType.WDT, AccountType.U8)
"""Accounts that have an opinion about orders."""
ONE_ORDER_ROLES = (*OPERATOR_ROLES, Role.ORDER_DESK.value)
"""Who may compare a single order."""


PRODUCT_ROLES = (*ONE_ORDER_ROLES, Role.WAREHOUSE.value, Role.PLANNING.value, Role.PURCHASING.value)
"""Who may have products read anew."""
MOST_PRODUCTS_READ = 50


def may_compare() -> bool:
    """Tell whether the user may compare a single order."""
    return not set(ONE_ORDER_ROLES).isdisjoint(frappe.get_roles())


@endpoint(Verb.POST)
def reconcile(order: str) -> dict[str, Any]:
    """Compare one order with WDT and U8 now (R-034, R-351).

    Args:
        order: the order's name.

    Returns:
        Its summary, see ``sync.reconcile.reconcile``.

    Raises:
        frappe.PermissionError: the caller may not see the order or has none of the roles.
    """
    refuse_without_role(ONE_ORDER_ROLES, _("Comparing an order needs one of the roles {0}."))
    frappe.get_doc("Order", order).check_permission("read")
    return _reconcile([order])[0]


@endpoint(Verb.POST)
def reconcile_orders(orders: list | str) -> list[dict[str, Any]]:
    """Compare several orders now, at most one batch.

    Args:
        orders: names, as a list or as JSON text.

    Returns:
        One summary per order, in the given order.

    Raises:
        frappe.PermissionError: the caller is no operator.
        frappe.ValidationError: more orders than one batch.
    """
    require_operator()
    names = [str(name) for name in frappe.parse_json(orders) or []]
    if len(names) > BATCH:
        frappe.throw(_("At most {0} orders at once; {1} were named.").format(BATCH, len(names)))
    known = frappe.get_all("Order", filters={"name": ("in", names or [""])}, pluck="name")
    if unknown := sorted(set(names) - set(known)):
        frappe.throw(
            _("These orders do not exist: {0}.").format(", ".join(unknown)), frappe.DoesNotExistError
        )
    return _reconcile(names, use=CallUse.COMPARING)


@endpoint(Verb.POST)
def reconcile_account(account_type: str, account: str) -> dict[str, Any]:
    """Start comparing the next portion of an account's orders in the background.

    Args:
        account_type: DocType of the account, ``WDT Account`` or ``U8 Account``.
        account: its name.

    Returns:
        ``{"queued": True}``; what is found appears as Sync Discrepancy.

    Raises:
        frappe.PermissionError: the caller is no operator.
        frappe.DoesNotExistError: there is no such account.
    """
    require_operator()
    if account_type not in COMPARED:
        frappe.throw(_("'{0}' is no kind of account. Known: {1}.").format(account_type, ", ".join(COMPARED)))
    frappe.get_doc(account_type, account)
    start_reconciliation(account_type, account)
    return {"queued": True}


@endpoint(Verb.POST)
def read_now(wdt_account: str) -> dict[str, Any]:
    """Start reading a WDT account's changes in the background now.

    Args:
        wdt_account: name of the WDT Account.

    Returns:
        ``{"queued": True}``.

    Raises:
        frappe.PermissionError: the caller is no operator.
        frappe.DoesNotExistError: there is no such account.
    """
    return _queued(start_reader, wdt_account)


@endpoint(Verb.POST)
def read_stock_now(wdt_account: str) -> dict[str, Any]:
    """Start reading a WDT account's stock changes in the background now; all else as ``read_now``."""
    return _queued(start_stock_reader, wdt_account)


@endpoint(Verb.POST)
def read_goods_now(wdt_account: str) -> dict[str, Any]:
    """Start reading a WDT account's changed goods in the background now; all else as ``read_now``."""
    return _queued(start_goods_reader, wdt_account)


@endpoint(Verb.POST)
def read_products(products: list | str) -> dict[str, Any]:
    """Start reading goods and stock of some products from every WDT account now (R-254, R-348).

    What has not moved for 30 days is in no window of changes; it comes this way.

    Args:
        products: product codes, as a list or as JSON text; at most 50, since each is two calls.

    Returns:
        ``{"queued": number of accounts}``.

    Raises:
        frappe.PermissionError: the caller has none of the roles, or may not read one of the products.
        frappe.ValidationError: none, too many, or unknown products; no account to ask.
    """
    refuse_without_role(PRODUCT_ROLES, _("Reading products from WDT needs one of the roles {0}."))
    codes = list(dict.fromkeys(str(code) for code in frappe.parse_json(products) or []))
    if not 0 < len(codes) <= MOST_PRODUCTS_READ:
        frappe.throw(_("Name 1 to {0} products.").format(MOST_PRODUCTS_READ))
    known = frappe.get_list("Product", filters={"name": ("in", codes)}, pluck="name", limit_page_length=0)
    if unknown := sorted(set(codes) - set(known)):
        frappe.throw(_("These products are not known here: {0}.").format(", ".join(unknown)))
    accounts = frappe.get_all("WDT Account", filters={"enabled": 1, "paused": 0}, pluck="name")
    if not accounts:
        frappe.throw(_("No WDT account is enabled, so there is nobody to ask. Enable one first."))
    for account in accounts:
        start_product_reader(account, codes)
    return {"queued": len(accounts)}


@endpoint(Verb.POST)
def read_tracking_now(tracking_account: str) -> dict[str, Any]:
    """Start asking a tracking service about the parcels on their way; all else as ``read_now``."""
    return _queued(start_tracking_reader, tracking_account, AccountType.TRACKING)


def _queued(
    start: Callable[[str], None], account: str, account_type: AccountType = AccountType.WDT
) -> dict[str, Any]:
    require_operator()
    frappe.get_doc(account_type.value, account)
    start(account)
    return {"queued": True}


@endpoint(Verb.GET)
def sync_health() -> dict[str, Any]:
    """Is the sync alive: what waits for whom, since when, and what stands in the way.

    Returns:
        See ``outbox.health.health``.

    Raises:
        frappe.PermissionError: the caller is no operator.
    """
    require_operator()
    return health()
