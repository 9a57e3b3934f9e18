"""Pasted lines with the products that they mean, for the form that takes them over (R-040).

Nothing is stored: the form shows what was understood, and saving it passes every rule as if it were typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import frappe
from frappe import _

from order_flow.domain.message import Message
from order_flow.domain.orders.pasted_lines import PastedLine, PasteRefused, read_pasted
from order_flow.flow.refusals import StepRefused

_OF_PRODUCT: Final = (
    "name",
    "product_name",
    "specification",
    "unit",
    "barcode",
    "list_price",
    "tax_percent",
    "disabled",
)


def lines_for_form(text: str) -> dict[str, Any]:
    """Read pasted text and look its products up, all of them in one statement.

    Args:
        text: see ``domain.orders.pasted_lines.read_pasted``.

    Returns:
        ``lines`` (values of an Order Item), ``faults`` (``row``, ``text`` and the reasons ``why`` it was not
        understood) and ``guessed`` (no heading said which column is which).

    Raises:
        StepRefused: nothing to read, or too much.
    """
    try:
        pasted = read_pasted(text)
    except PasteRefused as refusal:
        frappe.throw(_(refusal.template).format(**refusal.params), StepRefused)
    products = _products(line.product for line in pasted.lines if line.product)
    lines, faults = [], []
    for line in pasted.lines:
        found = products.get(line.product.casefold(), [])
        usable = [row for row in found if not row.disabled]
        why = [*line.faults, *_product_faults(line.product, found, usable)]
        if why:
            faults.append(
                {"row": line.row, "text": line.product, "why": [reason.in_words(_) for reason in why]}
            )
        else:
            lines.append(_values(line, usable[0]))
    return {"lines": lines, "faults": faults, "guessed": pasted.guessed}


def _products(words: Iterable[str]) -> dict[str, list[Any]]:
    """By code, barcode or name, in small letters, the products that it means; a code goes before a name."""
    wanted = sorted(set(words)) or [""]
    rows = frappe.get_list(
        "Product",
        or_filters=dict.fromkeys(("name", "barcode", "product_name"), ("in", wanted)),
        fields=list(_OF_PRODUCT),
        limit=0,
    )
    found: dict[str, list[Any]] = {}
    for field in ("product_name", "barcode", "name"):
        by_field: dict[str, list[Any]] = {}
        for row in rows:
            if row[field]:
                by_field.setdefault(row[field].casefold(), []).append(row)
        found |= by_field
    return found


def _product_faults(word: str, found: list[Any], usable: list[Any]) -> Iterable[Message]:
    if not word:
        return
    if not found:
        yield Message("There is no product '{0}'.", word)
    elif not usable:
        yield Message("Product {0} is not sold any more.", word)
    elif len(usable) > 1:
        yield Message("Several products are called '{0}': {1}.", word, ", ".join(row.name for row in usable))


def _values(line: PastedLine, product: Mapping[str, Any]) -> dict[str, Any]:
    price = line.unit_price if line.unit_price is not None else product.get("list_price")
    return {
        "product": product["name"],
        "product_name": product["product_name"],
        "specification": product["specification"],
        "unit": product["unit"],
        "quantity": float(line.quantity or 0),
        "unit_price": None if price is None else float(price),
        "tax_percent": product["tax_percent"],
        "remark": line.remark,
    }
