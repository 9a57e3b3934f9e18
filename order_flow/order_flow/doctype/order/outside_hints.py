"""Says while an order is entered what WDT or U8 will refuse later, after the goods have moved (D10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import frappe
from frappe import _

from order_flow.flow.outside.facts import order_facts
from order_flow.integrations.errors import Misconfigured
from order_flow.integrations.field_problem import FieldProblem
from order_flow.integrations.u8 import field_rules as u8
from order_flow.integrations.wdt import mapping as wdt
from order_flow.sync.ports import trade_rules, u8_rules

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


def hint_at_refusals(order: Order) -> None:
    """Show each problem once, in the language of whoever enters; the order is stored all the same.

    Args:
        order: the Order document with its amounts computed.
    """
    numbers = {line.name: line.idx for line in order.items}
    texts = dict.fromkeys(
        _text(problem, numbers) for problem in _problems(order) if problem.field != "district"
    )
    for text in texts:
        frappe.msgprint(text, alert=True, indicator="orange")


def _problems(order: Order) -> Iterator[FieldProblem]:
    if not (order.wdt_account or order.u8_account) or not order.ordered_at:
        return  # an order without its date is refused a moment later, by name
    facts = order_facts(order, payments=())
    if order.wdt_account:
        account = frappe.get_cached_doc("WDT Account", order.wdt_account)
        yield from wdt.order_problems(facts, trade_rules(account))
    if order.u8_account:
        try:
            settings = u8_rules(frappe.get_cached_doc("U8 Account", order.u8_account))
        except Misconfigured:
            return  # the account's own form says so
        yield from u8.order_problems(facts, settings)


def _text(problem: FieldProblem, numbers: dict[str, int]) -> str:
    said: str = problem.text.in_words(_)
    return f"{_('Line {0}').format(numbers[problem.line])}: {said}" if problem.line in numbers else said
