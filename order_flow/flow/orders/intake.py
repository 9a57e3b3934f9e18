"""Orders from other systems: the same call twice gives the same order (R-037, R-046, issue: REST)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _

from order_flow.domain.amounts import to_decimal
from order_flow.domain.entry_values import clean_key
from order_flow.flow.orders.refused_intakes import order_came_in, reason_for_the_desk, tell_after_rollback
from order_flow.flow.records.entry_fields import read_field
from order_flow.flow.records.values import fields_of, rows_of
from order_flow.flow.refusals import DuplicateDiffers, StepRefused

ORDER_FIELDS = (
    "customer", "customer_order_number", "ordered_at", "payment_term", "currency", "exchange_rate",
    "tax_included", "freight", "other_fees", "discount", "total", "trade", "product_state",
    "requested_delivery_at", "transport_mode", "packing", "labelling", "contact_person", "mobile", "phone",
    "email", "province", "city", "district", "address_line", "postal_code", "invoice_title", "tax_number",
    "buyer_message", "seller_memo", "sales_rep", "order_kind", "urgency", "emergency_cause",
    "needs_new_design", "product_discontinued", "above_standard_quality", "tight_date", "late_penalty",
    "reputation_at_stake", "contract_number", "quotation_number", "availability_confirmed", "discount_reason",
    "special_request", "special_request_settled", "wishes_expected_on",
)  # fmt: skip
"""What an order may bring along; everything else of it is the system's."""

LINE_FIELDS = (
    "product", "quantity", "unit_price", "discount", "tax_percent", "is_gift", "customer_product_code",
    "requested_date", "packing", "label_requirement", "remark", "model", "specification",
    "agreed_quantity", "agreed_price", "agreed_specification",
)  # fmt: skip
"""What a line may bring along."""
_NUMBERS = frozenset({"Currency", "Float", "Percent", "Int", "Check"})


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a placed order."""

    name: str
    created: bool


def canonical_body(body: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> str:
    """The order as it came, in one fixed form, for comparing a second call with the first.

    Args:
        body: the order's fields.
        lines: its lines.

    Returns:
        JSON text with sorted keys. What means the same is written the same: 59.9 and "59.90", an empty value
        and one that was left out, a text with and without blanks around it, one moment in two time zones.

    Raises:
        StepRefused: a value that cannot be read.
    """
    return json.dumps(
        {"order": _canonical("Order", body), "items": [_canonical("Order Item", line) for line in lines]},
        sort_keys=True,
        default=str,
        ensure_ascii=False,
    )


def _canonical(doctype: str, values: Mapping[str, Any]) -> dict[str, str]:
    meta = frappe.get_meta(doctype)
    written = {}
    for fieldname, value in values.items():
        if value is None:
            continue
        df = meta.get_field(fieldname)
        read = read_field(df, value, _(df.label))
        text = (
            format(to_decimal(read).normalize(), "f")
            if df.fieldtype in _NUMBERS and read != ""
            else str(read)
        )
        if text:
            written[fieldname] = text
    return written


def place_order(
    channel: str, external_number: str, body: Mapping[str, Any] | str, lines: list[Any] | str
) -> Placed:
    """Create the order, or give the one that this channel and number created before.

    Args:
        channel: the Sales Channel it comes from.
        external_number: its number over there; together with the channel the idempotency key.
        body: fields of ``ORDER_FIELDS``, or JSON of them.
        lines: at least one, with fields of ``LINE_FIELDS``, or JSON of them.

    Returns:
        The order's name, and whether this call created it.

    Raises:
        StepRefused: not JSON, unknown fields, no number, or no lines.
        DuplicateDiffers: the same number came with another content; says what differs.
        frappe.PermissionError: that other order is none of the caller's.
        frappe.UniqueValidationError: another transaction placed the same order at this very moment; whoever
            began this one can roll it back and call again.
    """
    number = clean_key(external_number)
    try:
        placed = _read_and_place(channel, number, body, lines)
    except frappe.UniqueValidationError:
        raise
    except frappe.ValidationError as refusal:
        is_stored = isinstance(refusal, DuplicateDiffers)
        reason = reason_for_the_desk(refusal, lambda: _read_and_place(channel, number, body, lines))
        tell_after_rollback(channel, number, reason, is_stored=is_stored)
        raise
    order_came_in(channel, number)
    return placed


def _read_and_place(
    channel: str, number: str, body: Mapping[str, Any] | str, lines: list[Any] | str
) -> Placed:
    return _place(channel, number, fields_of(body, "order"), rows_of(lines, "items"))


def _place(
    channel: str, external_number: str, body: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]
) -> Placed:
    if not lines:
        frappe.throw(_("Order {0} has no lines. Send at least one.").format(external_number), StepRefused)
    _refuse_unknown_fields(body, lines)
    if not external_number:
        frappe.throw(
            _("An order from outside needs its external number; it keeps a repeated call from doubling it."),
            StepRefused,
        )
    wanted = canonical_body(body, lines)
    if known := _known(channel, external_number):
        return _same_or_refuse(known, external_number, wanted)
    order = frappe.get_doc(
        {
            "doctype": "Order",
            # What is sent empty is left out: the field's default stands, or it is missed by name.
            **{field: value for field, value in body.items() if value not in (None, "")},
            "channel": channel,
            "external_number": external_number,
            "intake_body": wanted,
            "items": [dict(line) for line in lines],
        }
    )
    order.flags.system_fields_open = True  # only intake_body: every other field is of ORDER_FIELDS
    order.insert()
    return Placed(order.name, created=True)


def _known(channel: str, external_number: str) -> Any:
    return frappe.db.get_value(
        "Order",
        {"channel": channel, "external_number": external_number},
        ["name", "intake_body"],
        as_dict=True,
    )


def _refuse_unknown_fields(body: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> None:
    unknown = sorted(set(body) - set(ORDER_FIELDS))
    unknown += sorted({f"items.{field}" for line in lines for field in set(line) - set(LINE_FIELDS)})
    if unknown:
        frappe.throw(
            _(
                "These fields are not part of an order from outside: {0}. Leave them out; nothing was stored."
            ).format(", ".join(unknown)),
            StepRefused,
        )


def _same_or_refuse(known: Any, external_number: str, wanted: str) -> Placed:
    stored = json.loads(known.intake_body or "{}")
    # Bodies of an earlier version were kept as they came.
    before = canonical_body(stored.get("order", {}), stored.get("items", []))
    if before == wanted:
        return Placed(known.name, created=False)
    # The differences quote what is stored.
    if not frappe.has_permission("Order", "read", known.name):
        frappe.throw(
            _("External number {0} belongs to an order that you may not see. Use a new number.").format(
                external_number
            ),
            frappe.PermissionError,
        )
    differences = "; ".join(_differences(json.loads(before), json.loads(wanted)))
    frappe.throw(
        _(
            "External number {0} already belongs to order {1} with another content: {2}. "
            "Nothing was changed. Send the first content again, or use a new number."
        ).format(external_number, known.name, differences),
        DuplicateDiffers,
    )


def _differences(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Name what differs between two bodies, field by field and line by line."""
    before, now = stored.get("order", {}), wanted["order"]
    texts = [
        _("{0}: stored {1}, now {2}").format(field, before.get(field, "-"), now.get(field, "-"))
        for field in sorted({*before, *now})
        if before.get(field) != now.get(field)
    ]
    old_lines, new_lines = stored.get("items", []), wanted["items"]
    if len(old_lines) != len(new_lines):
        return [*texts, _("lines: stored {0}, now {1}").format(len(old_lines), len(new_lines))]
    for number, (old, new) in enumerate(zip(old_lines, new_lines, strict=True), 1):
        texts += [
            _("line {0}, {1}: stored {2}, now {3}").format(
                number, field, old.get(field, "-"), new.get(field, "-")
            )
            for field in sorted({*old, *new})
            if old.get(field) != new.get(field)
        ]
    return texts
