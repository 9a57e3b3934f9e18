"""Which buttons about money an order offers whom now; the server decides when one is pressed."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import frappe

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.money.credit_notes import PROPOSER_ROLES
from order_flow.domain.states import CALLED_OFF_STATES, FINAL_STATES, OrderState, PaymentTerm, Role
from order_flow.flow.money.letters_of_credit import KEEPERS
from order_flow.flow.money.settling import tolerance_of
from order_flow.flow.profiles import profile_of
from order_flow.flow.terms.figures import money_of
from order_flow.flow.worth import known_worth

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


class MoneyAction(StrEnum):
    """What the order's form has a money button for."""

    SETTLE_OVERPAYMENT = "settle_overpayment"
    ACCEPT_SHORTFALL = "accept_shortfall"
    USE_BALANCE = "use_balance"
    CHECK_CREDIT = "check_credit"
    PUT_UNDER_LETTER = "put_under_letter_of_credit"
    PROPOSE_CREDIT_NOTE = "propose_credit_note"


def money_actions_for(order: Order) -> tuple[MoneyAction, ...]:
    """The actions that the order's money and the user's roles leave.

    Args:
        order: the Order document.

    Returns:
        In the order of the buttons; no statement.
    """
    roles = frozenset(frappe.get_roles())
    finance = Role.FINANCE.value in roles
    proposer = not roles.isdisjoint(role.value for role in PROPOSER_ROLES)
    keeper = not roles.isdisjoint(role.value for role in KEEPERS)
    state = OrderState(order.workflow_state)
    finished = state in FINAL_STATES
    money = money_of(order)
    missing = ZERO if state in CALLED_OFF_STATES else money.missing
    offered = {
        MoneyAction.SETTLE_OVERPAYMENT: finance and money.surplus > ZERO,
        MoneyAction.ACCEPT_SHORTFALL: finance and ZERO < missing <= tolerance_of(order),
        MoneyAction.USE_BALANCE: finance and missing > ZERO,
        MoneyAction.CHECK_CREDIT: finance and not finished and _is_large(order),
        MoneyAction.PUT_UNDER_LETTER: keeper
        and not finished
        and PaymentTerm(order.payment_term) is PaymentTerm.LETTER_OF_CREDIT,
        MoneyAction.PROPOSE_CREDIT_NOTE: proposer and money.kept > ZERO,
    }
    return tuple(action for action, is_offered in offered.items() if is_offered)


def _is_large(order: Order) -> bool:
    large_from = to_decimal(profile_of(order).large_order_amount)
    worth = known_worth(order, to_decimal(order.total))
    return worth is not None and ZERO < large_from <= worth
