"""Ships the limits of the procedures and China's working calendar; what an administrator changed stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import frappe

from order_flow.flow.clocks.rules import forget_rules

SHIPPED_RULES = Path(__file__).with_name("clock_rules.json")
CALENDAR = "China"
OFFICE_HOURS = (("08:30:00", "12:00:00"), ("13:30:00", "18:00:00"))


def shipped_rules() -> list[dict[str, Any]]:
    """Every limit of requirements 2.6 as the app ships it."""
    rules: list[dict[str, Any]] = json.loads(SHIPPED_RULES.read_text(encoding="utf-8"))
    return rules


def ensure_clock_rules() -> None:
    """Add the limits that are not there yet; runs on install and migrate and may run twice."""
    _ensure_calendar()
    known = set(frappe.get_all("Clock Rule", pluck="name"))
    for rule in shipped_rules():
        if rule["code"] not in known:
            document = frappe.get_doc({**_as_document(rule), "doctype": "Clock Rule", "is_standard": 1})
            document.flags.shipped = True
            document.insert(ignore_permissions=True)  # runs on install and migrate, never for a request
    forget_rules()


def _as_document(rule: dict[str, Any]) -> dict[str, Any]:
    """Short rows of the file as rows of the tables."""
    return {
        **rule,
        "working_calendar": CALENDAR,
        "stop_events": [{"event": event} for event in rule["stop_events"]],
        "profiles": [{"flow_profile": profile} for profile in rule["profiles"]],
        "pauses": [{"reason": reason} for reason in rule.get("pauses", ())],
        "ladder": [{"percent": percent, "role": role} for percent, role in rule.get("ladder", ())],
        "conditions": [
            dict(zip(("fieldname", "value", "is_not"), row, strict=False))
            for row in rule.get("conditions", ())
        ],
    }


def _ensure_calendar() -> None:
    if frappe.db.exists("Working Calendar", CALENDAR):
        return
    hours = [{"opens": opens, "closes": closes} for opens, closes in OFFICE_HOURS]
    frappe.get_doc({"doctype": "Working Calendar", "calendar_name": CALENDAR, "intervals": hours}).insert(
        ignore_permissions=True  # runs on install and migrate, never for a request
    )
