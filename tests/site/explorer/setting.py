"""The accounts, channel and customer of the explorer: the shipped defaults, and only what must differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import frappe

from order_flow.api.money import assess_customer
from order_flow.defaults.flow_profiles import WEB_SHOP
from order_flow.domain.money.credit import AccountKind, Assessment
from order_flow.domain.states import Leads, Role
from tests.contract.u8.u8_fixtures import U8Caller
from tests.contract.wdt.wdt_fixtures import WdtCaller
from tests.site.support.builders import acting_as, user_of
from tests.site.support.committed_orders import remove_orders

CHANNEL: Final = "Explorer"
WDT_ACCOUNT: Final = "Explorer WDT"
U8_ACCOUNT: Final = "Explorer U8"
CUSTOMER: Final = "Explorer Customer"
PARTNER: Final = "Explorer Partner"
"""A customer with a framework contract and a credit account, for the written procedures."""
PRODUCTS: Final = {"EXPLORER-A": 10, "EXPLORER-B": 35}
"""Articles with their list prices."""
HOUSE: Final = "EXPLORER"
LOGINS: Final[dict[str, dict[str, Any]]] = {
    "WDT Account": {
        "account_name": WDT_ACCOUNT,
        "seller_account": "demo-sid",
        "appkey": "demo-appkey",
        "appsecret": "demo-secret-001",
        "shop_no": "web01",
    },
    "U8 Account": {
        "account_name": U8_ACCOUNT,
        "from_account": "dev-demo",
        "to_account": "ent-demo",
        "app_key": "opa0123456789abcdef",
        "app_secret": "u8-demo-secret-001",
    },
}
"""What no default can know."""


PAPER: Final = "explorer-paper.txt"


def paper() -> str:
    """Address of a signed order form that everybody may read."""
    return str(frappe.db.get_value("File", {"file_name": PAPER}, "file_url"))


def ensure_accounts(wdt_url: str, u8_url: str) -> None:
    """Accounts with every shipped default, at the addresses of the simulators; committed."""
    for doctype, url in (("WDT Account", f"{wdt_url}/openapi2/"), ("U8 Account", u8_url)):
        values = LOGINS[doctype]
        name = values["account_name"]
        if not frappe.db.exists(doctype, name):
            frappe.get_doc({"doctype": doctype, **values, "base_url": url}).insert()
        fresh = {"base_url": url, "paused": 0, "pause_reason": None, "resting_until": None, "enabled": 1}
        frappe.db.set_value(doctype, name, fresh)
    if not frappe.db.exists("Sales Channel", CHANNEL):
        frappe.get_doc({"doctype": "Sales Channel", "channel_name": CHANNEL}).insert()
    frappe.db.commit()
    frappe.clear_cache()


def ensure_masters() -> None:
    """Articles, a store and the two customers; committed."""
    frappe.set_user("Administrator")
    for code, price in PRODUCTS.items():
        values = {
            "product_code": code,
            "product_name": code,
            "list_price": price,
            "tax_percent": 13,
            "drawing_number": f"DWG-{code}",
            "product_type": "Shock Absorber",
        }
        _ensure("Product", code, values)
    _ensure("Warehouse", HOUSE, {"warehouse_code": HOUSE, "warehouse_name": HOUSE})
    contract = {"framework_contract": 1, "contract_number": "K-EXPLORER"}
    for name, values in ((CUSTOMER, {}), (PARTNER, contract)):
        if not frappe.db.exists("Customer", {"customer_name": name}):
            known = {"customer_name": name, "relationship": "Existing", **values}
            frappe.get_doc({"doctype": "Customer", **known}).insert()
    if not frappe.db.exists("File", {"file_name": PAPER}):
        frappe.get_doc({"doctype": "File", "file_name": PAPER, "content": "yes", "is_private": 0}).insert()
    partner = customer("ADD Contract")
    with acting_as(user_of(Role.FINANCE)):
        assess_customer(partner, Assessment.PASSED.value, "known for years")
        document = frappe.get_doc("Customer", partner)
        document.account_kind, document.credit_limit = AccountKind.CREDIT.value, 1_000_000
        document.save()
    frappe.db.commit()


def _ensure(doctype: str, name: str, values: dict[str, Any]) -> None:
    if not frappe.db.exists(doctype, name):
        frappe.get_doc({"doctype": doctype, **values}).insert()
    elif doctype == "Product":
        frappe.db.set_value(doctype, name, values)


def customer(profile: str) -> str:
    """Code of the customer who orders under a procedure."""
    name = CUSTOMER if profile == WEB_SHOP else PARTNER
    return str(frappe.db.get_value("Customer", {"customer_name": name}))


def set_channel(setting: Any) -> None:
    """Give the explorer's channel the policies of a schedule, and its accounts their posting profile."""
    outside = setting.outside == "yes"
    values = {
        "flow_profile": setting.profile,
        # A channel without WDT cannot let it lead; its document says so.
        "leads_confirm": setting.confirm if outside else Leads.EITHER.value,
        "leads_ship": setting.ship if outside else Leads.EITHER.value,
        "leads_cancel": setting.cancel if outside else Leads.EITHER.value,
        "cancel_until": setting.until,
        "release_policy": setting.release,
        "complete_on_payment": int(setting.receipt == "optional"),
        "wdt_account": WDT_ACCOUNT if outside else None,
        "u8_account": U8_ACCOUNT if outside else None,
    }
    frappe.db.set_value("Sales Channel", CHANNEL, values, update_modified=False)
    frappe.db.set_value("U8 Account", U8_ACCOUNT, "posting_profile", setting.ledger, update_modified=False)
    frappe.clear_document_cache("Sales Channel", CHANNEL)
    frappe.clear_document_cache("U8 Account", U8_ACCOUNT)
    frappe.db.commit()


def forget_orders(orders: Sequence[str]) -> None:
    """Take orders with everything that they left out of the site, and commit."""
    if not orders:
        return
    frappe.db.commit()
    shipments = frappe.get_all("Shipment", {"order_id": ("in", orders)}, pluck="name")
    frappe.db.delete("ToDo", {"reference_name": ("in", [*orders, *shipments])})
    frappe.db.delete("Sync Discrepancy", {"document": ("in", orders)})
    for table in ("Order Evidence", "Shortage", "Delivery Case", "Gate Override", "Credit Note"):
        frappe.db.delete(table, {"order_id": ("in", orders)})
    frappe.db.commit()
    remove_orders(orders)


def forget_earlier_runs() -> None:
    """A run that was ended in the middle of a story left its order."""
    frappe.db.rollback()
    forget_orders(frappe.get_all("Order", {"channel": CHANNEL}, pluck="name"))


def leave_no_stock() -> None:
    """Take away the warehouses read from WDT and the figures of a turned clock, which others would meet."""
    frappe.db.rollback()
    read_from_wdt = frappe.get_all("Warehouse", {"wdt_account": WDT_ACCOUNT}, pluck="name")
    frappe.db.delete("Stock Level", {"warehouse": ("in", [HOUSE, *read_from_wdt])})
    frappe.db.delete("Warehouse", {"name": ("in", read_from_wdt or [""])})
    frappe.db.commit()


def empty_queues() -> None:
    """No message, position or difference of an earlier schedule is left, and no account rests."""
    ours = (WDT_ACCOUNT, U8_ACCOUNT)
    for table in ("Sync Outbox", "Sync Position", "Sync Discrepancy", "Sync Attempt"):
        frappe.db.delete(table, {"account": ("in", ours)})
    fresh = {"paused": 0, "pause_reason": None, "resting_until": None}
    for doctype, name in (("WDT Account", WDT_ACCOUNT), ("U8 Account", U8_ACCOUNT)):
        frappe.db.set_value(doctype, name, fresh, update_modified=False)
    frappe.db.commit()


def stock_simulators(wdt: WdtCaller, u8: U8Caller, replay: str) -> None:
    """Fresh simulators that know the articles of the tests.

    Args:
        wdt, u8: callers of them.
        replay: what U8 does with a key that it has seen, which no public source tells.
    """
    wdt.admin("POST", "reset")
    u8.admin("POST", "reset")
    u8.set(replay_policy=replay)
    wdt.admin("POST", "wdt/specs", {"specs": [{"spec_no": code} for code in PRODUCTS]})
    records = [
        {
            "code": code,
            "name": code,
            "sort_code": "02",
            "unitgroup_code": "01",
            "unitgroup_type": "0",
            "main_measure": "01",
        }
        for code in PRODUCTS
    ]
    u8.admin("POST", "u8/archives", {"resource": "inventory", "records": records})
