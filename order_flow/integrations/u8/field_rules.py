"""What U8 will refuse about an order, said while it is entered instead of after the goods have left.

The rules are those of the posting itself (``text``, ``billing``, ``currency``), so both always agree. A
completed order is refused with the first problem; here all of them are named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from order_flow.domain.message import Message
from order_flow.domain.orders.facts import OrderFacts
from order_flow.integrations.errors import IntegrationError
from order_flow.integrations.field_problem import FieldProblem
from order_flow.integrations.u8.billing import PRODUCT_CODE_LIMIT, billed_lines
from order_flow.integrations.u8.currency import exchange_rate
from order_flow.integrations.u8.mapping import CUSTOMER_CODE_LIMIT, currency_fields
from order_flow.integrations.u8.settings import PostingProfile, U8Settings
from order_flow.integrations.u8.text import checked_code, clean_text

_NAME_LIMIT = 98


def order_problems(facts: OrderFacts, settings: U8Settings) -> tuple[FieldProblem, ...]:
    """Everything that keeps an order from being posted once it is completed.

    Args:
        facts: the order as it was entered.
        settings: the ledger; its secret is not needed.

    Returns:
        The problems with the fields of the Order form; empty where the order can be posted.
    """
    problems = [*customer_problems(facts.customer_code, facts.customer_name)]
    for line in facts.lines:
        if not line.cancelled:
            problems += product_problems(line.product_code, line.line_id)
    problems += _of("currency", lambda: exchange_rate(facts, settings))
    if not problems and settings.profile is PostingProfile.SALES_ORDER:
        problems += _of("currency", lambda: currency_fields(facts, settings))
    if not problems:
        problems += _of("total", lambda: billed_lines(facts, settings))
    return tuple(problems)


def product_problems(code: str, line: str = "") -> tuple[FieldProblem, ...]:
    """Return what U8 will refuse about a product's code.

    Args:
        code: the product's code.
        line: id of the order line, "" for the product itself.
    """
    return tuple(
        _of("product", lambda: checked_code(code, Message("product code"), PRODUCT_CODE_LIMIT), line)
    )


def customer_problems(code: str, name: str) -> tuple[FieldProblem, ...]:
    """Return what U8 will refuse about a customer's code and name.

    Args:
        code: the customer's code.
        name: the customer's name.
    """
    problems = [*_of("customer", lambda: checked_code(code, Message("customer code"), CUSTOMER_CODE_LIMIT))]
    if not clean_text(name, _NAME_LIMIT):
        problems.append(FieldProblem("customer", Message("Customer {0} has no name. Enter one.", code)))
    return tuple(problems)


def _of(field: str, check: Callable[[], object], line: str = "") -> Iterator[FieldProblem]:
    try:
        check()
    except IntegrationError as error:
        yield FieldProblem(field, Message("{0}", error.message), line)
