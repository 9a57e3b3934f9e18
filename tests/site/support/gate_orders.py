"""Orders that every gate lets pass, under procedures of the tests that ask all of them (R-055..R-091)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import frappe
from frappe.utils import add_days, nowdate

from order_flow.domain.gates import data, evidence, lifecycle, products, registry, terms
from order_flow.domain.gates.model import Effect, GateRule
from order_flow.domain.states import PaymentTerm, Role
from order_flow.flow.lifecycle.evidence import record_evidence
from order_flow.flow.profiles import EFFECT_FIELDS
from tests.site.support.builders import acting_as, new_order, user_of

STRICT: Final = "Test Strict"
"""A procedure whose every gate of content, terms, products and evidence stops; its channel has its name."""
LENIENT: Final = "Test Lenient"
"""The same gates, only warning."""
EVERY_GATE: Final = "Test Every Gate"
"""Every gate there is, warning, so that all facts are read."""
ONLY_EVIDENCE: Final = "Test Evidence"
"""Nothing but the evidence of the customer's confirmation stops."""
MADE: Final = ("GATE-A", "GATE-B")
"""Developed products with price, minimum quantity, response time and drawing."""
NEW: Final = "GATE-NEW"
"""A product without drawing."""
PRICE: Final = 12.5
PAPER: Final = "gate-confirmation.txt"
CONTRACT: Final = "K-2026-001"

OWN_RULES: Final = tuple(
    rule for module in (lifecycle, data, terms, products, evidence) for rule in module.RULES
)


def ensure_procedures() -> None:
    """Profiles, channels, products and the customer of these tests."""
    _ensure_profile(STRICT, OWN_RULES, Effect.STOP)
    _ensure_profile(LENIENT, OWN_RULES, Effect.WARN)
    _ensure_profile(EVERY_GATE, tuple(registry.RULES.values()), Effect.WARN)
    _ensure_profile(ONLY_EVIDENCE, evidence.RULES, Effect.STOP)
    for code in MADE:
        _ensure("Product", code, {"product_code": code, "drawing_number": f"DWG-{code}"})
    _ensure("Product", NEW, {"product_code": NEW})
    framework_customer()
    if not frappe.db.exists("File", {"file_name": PAPER}):
        frappe.get_doc({"doctype": "File", "file_name": PAPER, "content": "yes", "is_private": 1}).insert()


def _ensure(doctype: str, name: str, values: Mapping[str, Any]) -> None:
    if frappe.db.exists(doctype, name):
        return
    more = {"product_name": name, "list_price": PRICE, "minimum_order_quantity": 10, "response_days": 5}
    frappe.get_doc({"doctype": doctype, **(more if doctype == "Product" else {}), **values}).insert()


def _ensure_profile(name: str, rules: tuple[GateRule, ...], effect: Effect) -> None:
    """Written anew each time: the registry may have grown since the site was made."""
    profile = (
        frappe.get_doc("Flow Profile", name)
        if frappe.db.exists("Flow Profile", name)
        else frappe.get_doc({"doctype": "Flow Profile", "profile_name": name})
    )
    profile.planning_release = 1
    profile.gates, profile.evidence = [], []
    for rule in rules:
        effects = {
            field: (effect if point in rule.points else Effect.OFF).value
            for point, field in EFFECT_FIELDS.items()
        }
        profile.append("gates", {"gate": rule.code.label, **effects})
    profile.append("evidence", {"kind": "Written Confirmation", "together": 1})
    profile.append("evidence", {"kind": "Verbal Order Record", "together": 2})
    profile.append("evidence", {"kind": "Customer Acknowledgement", "together": 2})
    profile.save()
    _ensure("Sales Channel", name, {"channel_name": name, "flow_profile": name})


def framework_customer() -> str:
    """Code of the customer with a framework contract."""
    known = frappe.db.get_value("Customer", {"customer_name": "Gate Customer"})
    if known:
        return str(known)
    values = {"customer_name": "Gate Customer", "framework_contract": 1, "contract_number": CONTRACT}
    return str(frappe.get_doc({"doctype": "Customer", **values}).insert().name)


def complete_values(channel: str = STRICT, **overrides: Any) -> dict[str, Any]:
    """Fields of an order on which no gate is open but that of the evidence."""
    values: dict[str, Any] = {
        "customer": framework_customer(),
        "channel": channel,
        "payment_term": PaymentTerm.CASH_ON_DELIVERY.value,
        "promised_date": add_days(nowdate(), 30),
        "availability_confirmed": 1,
        "transport_mode": "Road",
        "packing": "纸箱",
        "labelling": "中性标签",
        "items": [line(product, number) for number, product in enumerate(MADE, 1)],
    }
    return values | overrides


def line(product: str, number: int = 1, **overrides: Any) -> dict[str, Any]:
    """One line that no gate objects to."""
    values: dict[str, Any] = {
        "product": product,
        "quantity": 10 * number,
        "unit_price": PRICE,
        "customer_product_code": f"C-{product}",
    }
    return values | overrides


def complete_order(channel: str = STRICT, **overrides: Any) -> Any:
    """An inserted order on which no gate is open at its confirmation."""
    order = unproven_order(channel, **overrides)
    prove(order.name)
    return frappe.get_doc("Order", order.name)


def unproven_order(channel: str = STRICT, **overrides: Any) -> Any:
    """The same without evidence of the customer's confirmation, entered by the order desk."""
    with acting_as(user_of(Role.ORDER_DESK)):
        return new_order(**complete_values(channel, **overrides))


def prove(order: str) -> str:
    """Record the customer's written confirmation of an order as it is now."""
    return record_evidence(order, "Written Confirmation", "王先生", attachment=paper())


def paper() -> str:
    """Address of an uploaded file."""
    return str(frappe.db.get_value("File", {"file_name": PAPER}, "file_url"))
