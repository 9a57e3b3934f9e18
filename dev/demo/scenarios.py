"""What happens to each sample order, as a table (issue 2, section 5; requirements 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from dev.demo.setting import Channel


class Deed(Enum):
    """What somebody does to an order, or waits for."""

    PLACE = auto()
    PLACE_AGAIN = auto()
    """The same call once more, then with another content: the same order, then a refusal (R-046)."""
    SEND_TO_REVIEW = auto()
    CONFIRM = auto()
    CONFIRM_IN_VAIN = auto()
    HOLD = auto()
    RELEASE = auto()
    PAY = auto()
    PAY_BACK = auto()
    SHIP = auto()
    SHIP_IN_VAIN = auto()
    RECEIVE = auto()
    CANCEL = auto()
    CANCEL_IN_VAIN = auto()
    AWAIT = auto()
    AWAIT_REFUSAL = auto()
    WDT_KNOWS = auto()
    WDT_RELEASES = auto()
    """WDT's staff take an order that waits for money into their review by hand."""
    WDT_REVIEWS = auto()
    WDT_PICKS = auto()
    WDT_SHIPS = auto()
    WDT_SHIPS_PART = auto()
    WDT_FOLLOWS = auto()
    """The desk shipped first; the warehouse does the same in WDT with the same waybill."""
    WDT_CANCELS = auto()
    WDT_FREEZES = auto()
    WDT_UNFREEZES = auto()
    WDT_STOPS_PARCEL = auto()
    WDT_LETS_PARCEL_GO = auto()
    WDT_PUSH_UNANSWERED = auto()
    """Fault: WDT stores the next push of this order and never answers it."""
    U8_ADD_UNANSWERED = auto()
    """Fault: U8 books the document and closes the connection without an answer."""
    U8_GOES_DOWN = auto()
    U8_COMES_BACK = auto()
    U8_REFUSES_ONCE = auto()
    """Fault: the platform reports trouble of its own."""
    WDT_REFUSES_RATE = auto()
    """Fault: too many calls, once; the whole account rests for minutes."""
    RESUME_WDT = auto()
    """An operator lets the resting account go on at once."""


@dataclass(frozen=True, slots=True)
class Act:
    """One deed; ``share`` is the part of the open amount or quantity, ``state`` what is waited for."""

    deed: Deed
    share: Decimal = Decimal(1)
    state: str = ""


def pay(percent: int) -> Act:
    """Pay a part of what is open, in percent; above 100 is an overpayment."""
    return Act(Deed.PAY, Decimal(percent) / 100)


def ship(percent: int) -> Act:
    """Ship a part of what is open from the desk, in percent."""
    return Act(Deed.SHIP, Decimal(percent) / 100)


def await_state(state: str) -> Act:
    """Wait until the site shows a state."""
    return Act(Deed.AWAIT, state=state)


def acts(*deeds: Deed | Act) -> tuple[Act, ...]:
    """Deeds without numbers need no Act around them."""
    return tuple(deed if isinstance(deed, Act) else Act(deed) for deed in deeds)


@dataclass(frozen=True, slots=True)
class Basket:
    """What is ordered: the first article's number, how many lines, and what is special about them."""

    first: int
    lines: int = 2
    gifts: int = 0
    line_discount: Decimal = Decimal(0)
    freight: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    tax_included: bool = True


@dataclass(frozen=True, slots=True)
class Scenario:
    """One order: where it comes from, what is in it, what happens to it, how it ends."""

    title: str
    channel: Channel
    term: str
    basket: Basket
    story: tuple[Act, ...]
    end: str = "Completed"


ONLINE, REMITTANCE, TRANSFER = "Online Payment", "Postal Remittance", "Bank Transfer"
DEPOSIT, PREPAYMENT, CREDIT = "Deposit and Balance", "Prepayment", "Letter of Credit"
COD, INSTALMENTS, MONTHLY = "Cash on Delivery", "Instalments", "Monthly Account"
COMPLETED, SHIPPED, CONFIRMED, VOIDED, CANCELLED = "Completed", "Shipped", "Confirmed", "Voided", "Cancelled"

D = Deed
PAID_THEN_SHIPPED = acts(D.PLACE, D.CONFIRM, D.PAY, D.WDT_SHIPS, D.RECEIVE)
PAID_AT_CHECKOUT = acts(D.PLACE, D.PAY, D.CONFIRM, D.WDT_SHIPS, D.RECEIVE)
"""The sequence of a web shop: the money comes with the order, the back office confirms afterwards."""
PAID_AT_CHECKOUT_KNOWN = acts(D.PLACE, D.WDT_KNOWS, D.PAY, D.CONFIRM, D.WDT_SHIPS, D.RECEIVE)
PAID_IN_PARTS_FIRST = acts(D.PLACE, pay(30), D.CONFIRM, D.PAY, D.WDT_SHIPS, D.RECEIVE)
IN_TWO_PAYMENTS = acts(D.PLACE, D.CONFIRM, pay(30), D.PAY, D.WDT_SHIPS, D.RECEIVE)
IN_THREE_PAYMENTS = acts(D.PLACE, D.CONFIRM, pay(40), pay(50), D.PAY, D.WDT_SHIPS, D.RECEIVE)
OVERPAID = acts(D.PLACE, D.CONFIRM, pay(110), D.WDT_SHIPS, D.RECEIVE)
STEP_BY_STEP = acts(D.PLACE, D.CONFIRM, D.PAY, D.WDT_REVIEWS, D.WDT_PICKS, D.WDT_SHIPS, D.RECEIVE)
IN_TWO_PARCELS = acts(D.PLACE, D.CONFIRM, D.PAY, D.WDT_SHIPS_PART, D.WDT_SHIPS, D.RECEIVE)
DESK_SHIPS = acts(D.PLACE, D.CONFIRM, D.PAY, D.WDT_KNOWS, D.SHIP, D.WDT_FOLLOWS, D.RECEIVE)
DESK_SHIPS_PARTS = acts(
    D.PLACE, D.CONFIRM, D.PAY, D.WDT_KNOWS, ship(50), D.WDT_FOLLOWS, D.SHIP, D.WDT_FOLLOWS, D.RECEIVE
)
SHIPPED_BEFORE_PAID = acts(D.PLACE, D.CONFIRM, D.WDT_SHIPS, D.PAY, D.RECEIVE)
PLACED_TWICE = acts(D.PLACE_AGAIN, D.CONFIRM, D.PAY, D.WDT_SHIPS, D.RECEIVE)
HELD = acts(D.PLACE, D.HOLD, D.CONFIRM_IN_VAIN, D.RELEASE, D.CONFIRM, D.PAY, D.WDT_SHIPS, D.RECEIVE)
HELD_WHEN_PAID = acts(D.PLACE, D.CONFIRM, D.HOLD, D.PAY, D.RELEASE, D.WDT_SHIPS, D.RECEIVE)
REVIEWED = acts(D.PLACE, D.SEND_TO_REVIEW, D.CONFIRM, D.PAY, D.WDT_SHIPS, D.RECEIVE)
FROZEN_FOR_A_WHILE = acts(D.PLACE, D.CONFIRM, D.PAY, D.WDT_FREEZES, D.WDT_UNFREEZES, D.WDT_SHIPS, D.RECEIVE)
UNPAID_IN_VAIN = acts(D.PLACE, D.CONFIRM, D.SHIP_IN_VAIN, D.PAY, D.WDT_SHIPS, D.RECEIVE)

PAID_AT_THE_DOOR = acts(D.PLACE, D.CONFIRM, D.WDT_SHIPS, D.RECEIVE, D.PAY)
PAID_ON_THE_WAY = acts(D.PLACE, D.CONFIRM, D.WDT_SHIPS, await_state(SHIPPED), D.PAY)
PAID_PARTLY_BEFORE = acts(D.PLACE, D.CONFIRM, pay(25), D.WDT_SHIPS, D.RECEIVE, D.PAY)
PAID_IN_RATES = acts(D.PLACE, D.CONFIRM, D.WDT_SHIPS, D.RECEIVE, pay(34), pay(50), D.PAY)
DESK_SHIPS_ON_ACCOUNT = acts(D.PLACE, D.CONFIRM, D.WDT_KNOWS, D.SHIP, D.WDT_FOLLOWS, D.RECEIVE, D.PAY)

COUNTER_PAID = acts(D.PLACE, D.CONFIRM, D.PAY, D.SHIP, D.RECEIVE)
COUNTER_PAID_FIRST = acts(D.PLACE, D.PAY, D.CONFIRM, D.SHIP, D.RECEIVE)
COUNTER_IN_PARTS = acts(D.PLACE, D.CONFIRM, D.PAY, ship(50), D.SHIP, D.RECEIVE)
COUNTER_ON_ACCOUNT = acts(D.PLACE, D.CONFIRM, ship(50), D.SHIP, D.RECEIVE, pay(50), D.PAY)

WDT_CONFIRMS = acts(
    D.PLACE, D.CONFIRM_IN_VAIN, D.WDT_RELEASES, D.WDT_REVIEWS, await_state(CONFIRMED),
    D.PAY, D.WDT_SHIPS, D.RECEIVE,
)  # fmt: skip
WDT_REVIEWS_FIRST = acts(
    D.PLACE, D.WDT_RELEASES, D.WDT_REVIEWS, await_state(CONFIRMED), D.CONFIRM, D.PAY, D.WDT_SHIPS, D.RECEIVE
)
WDT_CONFIRMS_AND_SHIPS = acts(D.PLACE, D.WDT_RELEASES, D.WDT_SHIPS, D.RECEIVE, D.PAY)

WDT_SHIPS_UNREAD = acts(D.PLACE, D.PAY, D.WDT_RELEASES, D.WDT_SHIPS, D.RECEIVE)
"""WDT reviews and ships in one go; whatever is read first, the order ends the same."""
CONFIRMED_AFTER_SHIPMENT = acts(D.PLACE, D.WDT_RELEASES, D.WDT_SHIPS, D.CONFIRM, D.RECEIVE, D.PAY)

CANCELLED_AT_ONCE = acts(D.PLACE, D.CANCEL)
CANCELLED_IN_BOTH = acts(D.PLACE, D.WDT_KNOWS, D.CANCEL)
CANCELLED_BEFORE_REVIEW = acts(D.PLACE, D.CONFIRM, D.WDT_KNOWS, D.CANCEL)
CANCELLED_WHEN_PAID = acts(
    D.PLACE, D.CONFIRM, D.PAY, D.WDT_KNOWS, D.CANCEL, await_state(CANCELLED), D.PAY_BACK
)
CANCELLED_WHEN_FROZEN = acts(D.PLACE, D.CONFIRM, D.WDT_FREEZES, D.CANCEL)
PARCEL_STOPPED = acts(D.PLACE, D.CONFIRM, D.WDT_REVIEWS, D.CANCEL, D.WDT_STOPS_PARCEL)
PICKED_AND_STOPPED = acts(
    D.PLACE, D.CONFIRM, D.PAY, D.WDT_REVIEWS, D.WDT_PICKS, D.CANCEL, D.WDT_STOPS_PARCEL,
    await_state(CANCELLED), D.PAY_BACK,
)  # fmt: skip
PARCEL_NOT_STOPPED = acts(
    D.PLACE, D.CONFIRM, D.PAY, D.WDT_REVIEWS, D.CANCEL, D.WDT_LETS_PARCEL_GO, D.WDT_SHIPS,
    D.AWAIT_REFUSAL, D.RECEIVE,
)  # fmt: skip
WDT_CALLS_IT_OFF = acts(D.PLACE, D.WDT_CANCELS)
WDT_CALLS_IT_OFF_LATER = acts(D.PLACE, D.CONFIRM, D.WDT_CANCELS)
ONLY_WDT_MAY_CANCEL = acts(D.PLACE, D.WDT_KNOWS, D.CANCEL_IN_VAIN, D.WDT_CANCELS)
COUNTER_CANCELLED = acts(D.PLACE, D.CONFIRM, D.CANCEL)

PUSH_UNANSWERED = acts(D.WDT_PUSH_UNANSWERED, D.PLACE, D.CONFIRM, D.PAY, D.WDT_SHIPS, D.RECEIVE)
ADD_UNANSWERED = acts(D.PLACE, D.CONFIRM, D.PAY, D.U8_ADD_UNANSWERED, D.SHIP, D.RECEIVE)
U8_OUTAGE = acts(D.PLACE, D.CONFIRM, D.PAY, D.WDT_SHIPS, D.U8_GOES_DOWN, D.RECEIVE, D.U8_COMES_BACK)
U8_REFUSES = acts(D.PLACE, D.CONFIRM, D.PAY, D.U8_REFUSES_ONCE, D.SHIP, D.RECEIVE)
RATE_REFUSED = acts(D.WDT_REFUSES_RATE, D.PLACE, D.RESUME_WDT, D.CONFIRM, D.PAY, D.WDT_SHIPS, D.RECEIVE)

_C = Channel
_N = Decimal
EVERYTHING = Basket(6, 6, 1, _N("0.10"), freight=_N(12), fees=_N("1.20"), discount=_N("7.77"))
EVERYTHING_LONG = Basket(3, 30, 2, _N("0.37"), discount=_N("9.99"))
NET_AND_FREIGHT = Basket(8, 3, tax_included=False, freight=_N(15))

FAULTS: Final = (
    Scenario("WDT push unanswered", _C.PROJECTS, ONLINE, Basket(0, 3), PUSH_UNANSWERED),
    Scenario("U8 add unanswered", _C.COUNTER, ONLINE, Basket(4, 2), ADD_UNANSWERED),
    Scenario("U8 in trouble once", _C.COUNTER, TRANSFER, Basket(7, 2), U8_REFUSES),
    Scenario("WDT refuses rate once", _C.WEB_SHOP, TRANSFER, Basket(8, 2), RATE_REFUSED),
    Scenario("U8 outage", _C.PROJECTS, ONLINE, Basket(2, 3, freight=_N(12)), U8_OUTAGE),
    Scenario("cancel refused, completes", _C.WEB_SHOP, ONLINE, Basket(5, 3), PARCEL_NOT_STOPPED),
    Scenario("cancel refused, completes", _C.PREPAID, TRANSFER, Basket(9, 2), PARCEL_NOT_STOPPED),
)
"""Those that wait for a delay of the app's own start first."""

PAY_FIRST: Final = (
    Scenario("paid, WDT ships", _C.WEB_SHOP, ONLINE, Basket(0, 1), PAID_THEN_SHIPPED),
    Scenario("paid, WDT ships", _C.WEB_SHOP, ONLINE, Basket(1, 2, freight=_N("8.50")), PAID_THEN_SHIPPED),
    Scenario("discount", _C.WEB_SHOP, REMITTANCE, Basket(2, 3, discount=_N("5.55")), PAID_THEN_SHIPPED),
    Scenario("paid, WDT ships", _C.WEB_SHOP, TRANSFER, Basket(3, 5, fees=_N("3.30")), PAID_THEN_SHIPPED),
    Scenario("30 lines", _C.WEB_SHOP, ONLINE, Basket(0, 30, freight=_N(20)), PAID_THEN_SHIPPED),
    Scenario("30 lines, discounts", _C.PREPAID, TRANSFER, EVERYTHING_LONG, PAID_THEN_SHIPPED),
    Scenario("with gifts", _C.WEB_SHOP, ONLINE, Basket(4, 2, gifts=2), PAID_THEN_SHIPPED),
    Scenario("price without tax", _C.WEB_SHOP, TRANSFER, Basket(5, 4, tax_included=False), PAID_THEN_SHIPPED),
    Scenario("price without tax", _C.PREPAID, PREPAYMENT, NET_AND_FREIGHT, PAID_THEN_SHIPPED),
    Scenario("freight, fees, discount", _C.PREPAID, ONLINE, EVERYTHING, PAID_THEN_SHIPPED),
    Scenario("released when paid", _C.PREPAID, ONLINE, Basket(7, 2), PAID_THEN_SHIPPED),
    Scenario("deposit and balance", _C.PREPAID, DEPOSIT, Basket(9, 3), IN_TWO_PAYMENTS),
    Scenario("deposit and balance", _C.WEB_SHOP, DEPOSIT, Basket(19, 2, freight=_N(30)), IN_TWO_PAYMENTS),
    Scenario("letter of credit in parts", _C.PREPAID, CREDIT, Basket(29, 4), IN_THREE_PAYMENTS),
    Scenario("three payments", _C.WEB_SHOP, TRANSFER, Basket(10, 3), IN_THREE_PAYMENTS),
    Scenario("overpaid", _C.WEB_SHOP, TRANSFER, Basket(11, 2), OVERPAID),
    Scenario("overpaid", _C.PREPAID, TRANSFER, Basket(12, 2), OVERPAID),
    Scenario("warehouse step by step", _C.WEB_SHOP, ONLINE, Basket(13, 3), STEP_BY_STEP),
    Scenario("two parcels", _C.WEB_SHOP, ONLINE, Basket(14, 4), IN_TWO_PARCELS),
    Scenario("two parcels", _C.PREPAID, ONLINE, Basket(15, 2, freight=_N(18)), IN_TWO_PARCELS),
    Scenario("two parcels of one line", _C.WEB_SHOP, ONLINE, Basket(16, 1), IN_TWO_PARCELS),
    Scenario("desk ships first", _C.WEB_SHOP, ONLINE, Basket(17, 2), DESK_SHIPS),
    Scenario("desk ships first", _C.SITE_FIRST, ONLINE, Basket(18, 3, discount=_N(3)), DESK_SHIPS),
    Scenario("desk ships two parts", _C.SITE_FIRST, TRANSFER, Basket(19, 4), DESK_SHIPS_PARTS),
    Scenario("WDT ships before paid", _C.WEB_SHOP, ONLINE, Basket(20, 2), SHIPPED_BEFORE_PAID),
    Scenario("WDT ships before paid", _C.WEB_SHOP, TRANSFER, Basket(21, 5), SHIPPED_BEFORE_PAID),
    Scenario("placed twice", _C.WEB_SHOP, ONLINE, Basket(22, 2), PLACED_TWICE),
    Scenario("held, then released", _C.WEB_SHOP, ONLINE, Basket(23, 2), HELD),
    Scenario("held while paid", _C.PREPAID, ONLINE, Basket(24, 3), HELD_WHEN_PAID),
    Scenario("reviewed first", _C.WEB_SHOP, TRANSFER, Basket(25, 2), REVIEWED),
    Scenario("frozen in WDT for a while", _C.WEB_SHOP, ONLINE, Basket(26, 2), FROZEN_FOR_A_WHILE),
    Scenario("unpaid is not shipped", _C.WEB_SHOP, ONLINE, Basket(27, 2), UNPAID_IN_VAIN),
    Scenario("WDT confirms first", _C.WDT_FIRST, ONLINE, Basket(28, 2), WDT_CONFIRMS),
    Scenario("WDT confirms first", _C.WEB_SHOP, TRANSFER, Basket(0, 2), WDT_REVIEWS_FIRST),
    Scenario("paid at checkout", _C.WEB_SHOP, ONLINE, Basket(2, 3), PAID_AT_CHECKOUT),
    Scenario("paid at checkout", _C.PREPAID, ONLINE, Basket(6, 2, freight=_N(8)), PAID_AT_CHECKOUT),
    Scenario("paid at checkout", _C.PROJECTS, TRANSFER, Basket(9, 2), PAID_AT_CHECKOUT_KNOWN),
    Scenario("paid at checkout", _C.PREPAID, TRANSFER, Basket(13, 2), PAID_AT_CHECKOUT_KNOWN),
    Scenario("deposit at checkout", _C.WEB_SHOP, DEPOSIT, Basket(15, 2), PAID_IN_PARTS_FIRST),
    Scenario("paid, WDT confirms, ships", _C.WDT_FIRST, ONLINE, Basket(18, 2), WDT_SHIPS_UNREAD),
    Scenario("counter, paid first", _C.COUNTER, ONLINE, Basket(21, 2), COUNTER_PAID_FIRST),
    Scenario("counter, no WDT", _C.COUNTER, ONLINE, Basket(29, 2), COUNTER_PAID),
    Scenario("counter, two parts", _C.COUNTER, TRANSFER, Basket(1, 4, 1), COUNTER_IN_PARTS),
)  # fmt: skip

PAY_LATER: Final = (
    Scenario("cash on delivery", _C.WEB_SHOP, COD, Basket(2, 2), PAID_AT_THE_DOOR),
    Scenario("cash on delivery", _C.WEB_SHOP, COD, Basket(3, 6, freight=_N(9)), PAID_AT_THE_DOOR),
    Scenario("cash on delivery", _C.PREPAID, COD, Basket(4, 3, gifts=1), PAID_AT_THE_DOOR),
    Scenario("paid on the way", _C.WEB_SHOP, COD, Basket(5, 2), PAID_ON_THE_WAY),
    Scenario("paid on the way", _C.PREPAID, MONTHLY, Basket(6, 4, tax_included=False), PAID_ON_THE_WAY),
    Scenario("part paid before", _C.WEB_SHOP, COD, Basket(7, 2), PAID_PARTLY_BEFORE),
    Scenario("instalments", _C.WEB_SHOP, INSTALMENTS, Basket(8, 3), PAID_IN_RATES),
    Scenario("instalments", _C.PREPAID, INSTALMENTS, Basket(9, 2, fees=_N("2.50")), PAID_IN_RATES),
    Scenario("monthly account", _C.WEB_SHOP, MONTHLY, Basket(10, 8), PAID_AT_THE_DOOR),
    Scenario("desk ships on account", _C.SITE_FIRST, MONTHLY, Basket(11, 3), DESK_SHIPS_ON_ACCOUNT),
    Scenario("desk ships on account", _C.WEB_SHOP, COD, Basket(12, 2), DESK_SHIPS_ON_ACCOUNT),
    Scenario("WDT confirms and ships", _C.WDT_FIRST, COD, Basket(13, 3), WDT_CONFIRMS_AND_SHIPS),
    Scenario("confirmed after shipment", _C.WEB_SHOP, COD, Basket(23, 2), CONFIRMED_AFTER_SHIPMENT),
    Scenario("counter on account", _C.COUNTER, MONTHLY, Basket(14, 4), COUNTER_ON_ACCOUNT),
)  # fmt: skip

CALLED_OFF: Final = (
    Scenario("cancelled at once", _C.WEB_SHOP, ONLINE, Basket(15, 2), CANCELLED_AT_ONCE, VOIDED),
    Scenario("cancelled unconfirmed", _C.WEB_SHOP, ONLINE, Basket(16, 2), CANCELLED_IN_BOTH, VOIDED),
    Scenario("cancelled unconfirmed", _C.WEB_SHOP, COD, Basket(17, 3), CANCELLED_IN_BOTH, VOIDED),
    Scenario("called off unreviewed", _C.WEB_SHOP, ONLINE, Basket(18, 2), CANCELLED_BEFORE_REVIEW, CANCELLED),
    Scenario("cancelled before review", _C.WEB_SHOP, COD, Basket(19, 2), CANCELLED_BEFORE_REVIEW, CANCELLED),
    Scenario("cancelled, paid back", _C.PREPAID, ONLINE, Basket(20, 2), CANCELLED_WHEN_PAID, CANCELLED),
    Scenario("cancelled, paid back", _C.WEB_SHOP, TRANSFER, Basket(21, 4), CANCELLED_WHEN_PAID, CANCELLED),
    Scenario("cancelled while frozen", _C.WEB_SHOP, COD, Basket(22, 1), CANCELLED_WHEN_FROZEN, CANCELLED),
    Scenario("parcel stopped", _C.WEB_SHOP, COD, Basket(23, 2), PARCEL_STOPPED, CANCELLED),
    Scenario("parcel stopped", _C.WEB_SHOP, ONLINE, Basket(24, 3), PARCEL_STOPPED, CANCELLED),
    Scenario("picked, then stopped", _C.PREPAID, ONLINE, Basket(25, 2), PICKED_AND_STOPPED, CANCELLED),
    Scenario("WDT cancels first", _C.WEB_SHOP, ONLINE, Basket(26, 2), WDT_CALLS_IT_OFF, VOIDED),
    Scenario("WDT cancels first", _C.WEB_SHOP, COD, Basket(27, 2), WDT_CALLS_IT_OFF_LATER, CANCELLED),
    Scenario("only WDT may cancel", _C.WDT_FIRST, ONLINE, Basket(28, 2), ONLY_WDT_MAY_CANCEL, VOIDED),
    Scenario("counter, cancelled", _C.COUNTER, ONLINE, Basket(29, 2), COUNTER_CANCELLED, CANCELLED),
)  # fmt: skip

SCENARIOS: Final = (*FAULTS, *PAY_FIRST, *PAY_LATER, *CALLED_OFF)
