"""Credit notes: what lowers the value of goods that have left, proposed by one and approved by another.

A refund does not make a customer a debtor, and cash that is missing at the door does not keep an order open
for ever: the note says why the company gives up a part of its claim, and who agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from order_flow.domain.amounts import ZERO, round_money
from order_flow.domain.errors import OrderFlowError
from order_flow.domain.lifecycle import Lifecycle, Transition
from order_flow.domain.states import Role


class CreditReason(StrEnum):
    """Why the company gives up a part of its claim."""

    DAMAGE = "Damage"
    MISSING_GOODS = "Missing Goods"
    RETURN = "Return"
    QUALITY = "Quality"
    PRICE = "Price Difference"
    GOODWILL = "Goodwill"


class CreditNoteState(StrEnum):
    """Where a credit note stands."""

    PROPOSED = "Proposed"
    APPROVED = "Approved"
    REJECTED = "Rejected"


PROPOSER_ROLES = (Role.SALES_MANAGER, Role.AFTER_SALES)
"""Who speaks with the customer about what is wrong."""
APPROVER_ROLES = (Role.FINANCE,)
"""Who decides about money; never the person who proposed it."""


class CreditNoteStep(StrEnum):
    """What finance decides."""

    APPROVE = "Approve"
    REJECT = "Reject"


CREDIT_NOTE: Final = Lifecycle(
    (
        Transition(CreditNoteStep.APPROVE, CreditNoteState.PROPOSED, CreditNoteState.APPROVED),
        Transition(CreditNoteStep.REJECT, CreditNoteState.PROPOSED, CreditNoteState.REJECTED),
    ),
    dict.fromkeys(CreditNoteStep, APPROVER_ROLES),
)
"""The lifecycle of a credit note: decided once."""


class CreditRefused(OrderFlowError):
    """A credit note that does not fit its order."""

    code = "credit_refused"


_NOT_POSITIVE = "The amount of a credit note must be above zero and have at most two decimals."
_BEYOND_KEPT = (
    "A credit note of {amount} is more than the {kept} that the customer keeps of this order. Goods that "
    "have not left are taken off with a change notice."
)
_UNKNOWN_LINE = "The credit note names a line that is not of this order. Choose one of its lines."
_MORE_PIECES = "Line {line}: {quantity} pieces are credited, {shipped} have left. Correct the quantity."
_LINE_BEYOND = "Line {line}: {amount} is more than its {quantity} pieces are worth ({worth}). Correct it."
_SUM_DIFFERS = "The lines add up to {lines}, not {amount}. Leave the amount out or correct the lines."
_DECIDED = "The credit note is {state} already; nothing is left to decide."
_OWN = "You proposed this credit note; somebody else of finance decides about it."


@dataclass(frozen=True, slots=True)
class ShippedLine:
    """An order line as far as it has left."""

    number: int
    quantity: Decimal
    shipped: Decimal
    gross: Decimal

    def worth_of(self, pieces: Decimal) -> Decimal:
        """Return what some of its pieces are worth, tax included."""
        return round_money(self.gross * pieces / self.quantity)


@dataclass(frozen=True, slots=True)
class CreditedLine:
    """What a credit note takes off one line."""

    line: str
    quantity: Decimal
    amount: Decimal
    """Zero: what the pieces are worth."""


def credited_lines(
    wanted: Iterable[CreditedLine], lines: Mapping[str, ShippedLine]
) -> tuple[CreditedLine, ...]:
    """Fill and check the lines of a credit note.

    Args:
        wanted: as somebody entered them.
        lines: the order's lines by id.

    Returns:
        The lines with their amounts.

    Raises:
        CreditRefused: naming the line at fault.
    """
    return tuple(_credited(row, lines.get(row.line)) for row in wanted)


def _credited(row: CreditedLine, line: ShippedLine | None) -> CreditedLine:
    if line is None:
        raise CreditRefused(_UNKNOWN_LINE)
    if row.quantity <= ZERO or row.quantity > line.shipped:
        raise CreditRefused(
            _MORE_PIECES,
            {
                "line": line.number,
                "quantity": f"{row.quantity.normalize():f}",
                "shipped": f"{line.shipped.normalize():f}",
            },
        )
    worth = line.worth_of(row.quantity)
    amount = row.amount or worth
    if amount > worth:
        raise CreditRefused(
            _LINE_BEYOND,
            {
                "line": line.number,
                "amount": round_money(amount),
                "quantity": f"{row.quantity.normalize():f}",
                "worth": round_money(worth),
            },
        )
    return CreditedLine(row.line, row.quantity, amount)


def credit_amount(amount: Decimal, lines: Iterable[CreditedLine]) -> Decimal:
    """The amount of a credit note: that of its lines where it has any.

    Args:
        amount: as entered; zero where it was left out.
        lines: checked lines.

    Raises:
        CreditRefused: not above zero, parts of a cent, or another sum than the lines'.
    """
    of_lines = [line.amount for line in lines]
    total = sum(of_lines, ZERO)
    if of_lines and amount not in (ZERO, total):
        raise CreditRefused(_SUM_DIFFERS, {"lines": round_money(total), "amount": round_money(amount)})
    result = total if of_lines else amount
    if result <= ZERO or result != round_money(result):
        raise CreditRefused(_NOT_POSITIVE)
    return result


def check_within(amount: Decimal, kept: Decimal) -> None:
    """Refuse to credit more than the customer keeps.

    Args:
        amount: of the credit note.
        kept: value of what left, earlier credit notes taken off.

    Raises:
        CreditRefused: naming both.
    """
    if amount > kept:
        raise CreditRefused(_BEYOND_KEPT, {"amount": round_money(amount), "kept": round_money(kept)})


def decided_already(state: CreditNoteState) -> CreditRefused:
    """The refusal of a second decision."""
    return CreditRefused(_DECIDED, {"state": state.value})


def check_decider(proposer: str, decider: str) -> None:
    """Refuse a decision by the person who proposed (four eyes).

    Raises:
        CreditRefused: it is one person.
    """
    if proposer == decider:
        raise CreditRefused(_OWN)
