"""The world of one schedule: one order on the real site between both simulators, and what really happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

import frappe
from frappe.utils import add_days, nowdate

from order_flow import tasks
from order_flow.api import orders as api
from order_flow.defaults.flow_profiles import WEB_SHOP
from order_flow.domain.orders.outside_numbers import told_number
from order_flow.domain.states import Role
from order_flow.flow.clocks.sweep import sweep
from order_flow.outbox.accounts.discrepancies import unfit_shipment
from order_flow.outbox.reading.readers import run_streams
from order_flow.outbox.registry import AccountType
from order_flow.outbox.sending.relay import next_due
from order_flow.outbox.sending.worker import Point, Relay
from order_flow.outbox.transaction import in_transaction
from order_flow.sync.compare.reconcile import reconcile
from order_flow.sync.compare.repairs import read_unfit_again
from order_flow.sync.wdt import read as wdt_read
from order_flow.sync.wdt import stock as wdt_stock
from order_flow.sync.wdt.notices import NOTICES_STREAM, read_notices
from tests.contract.u8.u8_fixtures import U8Caller
from tests.contract.wdt.wdt_fixtures import WdtCaller
from tests.site.explorer.clock import TurnedClock
from tests.site.explorer.deeds import DEEDS, Impossible
from tests.site.explorer.late import Died, lost_on_the_way
from tests.site.explorer.schedules import Schedule, Setting
from tests.site.explorer.setting import (
    CHANNEL,
    HOUSE,
    PRODUCTS,
    U8_ACCOUNT,
    WDT_ACCOUNT,
    customer,
    empty_queues,
    forget_orders,
    set_channel,
    stock_simulators,
)
from tests.site.support.builders import acting_as, user_of

ACCOUNTS: Final = ((AccountType.WDT, WDT_ACCOUNT), (AccountType.U8, U8_ACCOUNT))
LINES: Final = tuple(
    {"product": product, "quantity": quantity, "unit_price": price, "customer_product_code": f"C-{product}"}
    for quantity, (product, price) in zip((3, 2), PRODUCTS.items(), strict=True)
)
SETTLED: Final = {
    "availability_confirmed": 1,
    "transport_mode": "Road",
    "packing": "纸箱",
    "labelling": "中性标签",
}
"""What the written procedures ask for beside the web shop's data."""
ROUNDS: Final = 40
"""A world that is not at rest after so many rounds of all jobs never will be."""
PATIENT: Final = 4
"""Rounds in which nothing moved although something waits."""
READERS: Final[Mapping[str, tuple[str, Any]]] = {
    "trades": (wdt_read.TRADES_STREAM, wdt_read.read_trades),
    "notices": (NOTICES_STREAM, read_notices),
    "house": (wdt_read.HOUSE_STREAM, wdt_read.read_house),
    "stockouts": (wdt_read.STOCKOUTS_STREAM, wdt_read.read_stockouts),
}


class Result(StrEnum):
    """What became of an act."""

    DONE = "done"
    REFUSED = "refused"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Happened:
    """One act of the story, as it went."""

    act: str
    result: Result
    text: str = ""


class Unclean(AssertionError):
    """An act ended in another way than done or cleanly refused."""


@dataclass
class World:
    """Plays acts and remembers what happened; ``facts`` tells the oracle."""

    setting: Setting
    clock: TurnedClock
    wdt: WdtCaller
    u8: U8Caller
    order: str = ""
    story: list[Happened] = field(default_factory=list)
    payments: int = 0
    parcels: int = 0
    last_reference: tuple[str, Decimal, str] | None = None
    ledger_worker_dies: bool = False
    """Whether the next worker dies that sends a document to U8."""
    _read_last: dict[str, Any] | None = None

    def begin(self) -> None:
        """A channel with these policies, and a placed order."""
        set_channel(self.setting)
        with acting_as(user_of(Role.INTEGRATION)):
            self.place()
        if self.setting.profile != WEB_SHOP:
            self.stock(1000)
            with acting_as(user_of(Role.ORDER_DESK)):
                order = self.stored()
                order.promised_date = add_days(nowdate(), 60)
                order.save()
        frappe.db.commit()

    def place(self) -> None:
        """The shop sends its order; the second time it is known."""
        placed = api.place_order(
            CHANNEL,
            "EXPLORER-1",
            {
                "customer": customer(self.setting.profile),
                "payment_term": self.setting.term,
                "contact_person": "黄经理",
                "mobile": "13800000000",
                "province": "广东省",
                "city": "珠海市",
                "district": "香洲区",
                "address_line": "情侣中路1号",
                **(SETTLED if self.setting.profile != WEB_SHOP else {}),
            },
            [dict(line) for line in LINES],
        )
        self.order = self.order or placed["order"]
        assert self.order == placed["order"], "the same call made another order"

    def stock(self, pieces: int) -> None:
        """Have so many of each article in store."""
        for product in PRODUCTS:
            known = frappe.db.get_value("Stock Level", {"product": product, "warehouse": HOUSE})
            level = (
                frappe.get_doc("Stock Level", known)
                if known
                else frappe.get_doc({"doctype": "Stock Level", "product": product, "warehouse": HOUSE})
            )
            level.physical = level.available = pieces
            level.save()

    def play(self, acts: Iterable[str]) -> None:
        """Do acts one after the other.

        Raises:
            Unclean: one of them ended in something else than a refusal that changed nothing.
        """
        for act in acts:
            self.clock.turn(1)
            self.story.append(self._do(act))

    def play_as(self, role: Role, act: str) -> None:
        """Let a person with one role do an act; raises as ``play``."""
        self.clock.turn(1)
        self.story.append(self._do(act, role))

    def _do(self, act: str, role: Role | None = None) -> Happened:
        deed = DEEDS[act]
        role = role or deed.role
        frappe.local.message_log = []
        committed: list[str] = []
        try:
            with acting_as(user_of(role) if role else "Administrator"):
                frappe.db.after_commit.add(lambda: committed.append(act))
                deed.do(self)
            frappe.db.commit()
            return Happened(act, Result.DONE)
        except Impossible as error:
            frappe.db.rollback()
            return Happened(act, Result.IMPOSSIBLE, str(error))
        except (frappe.ValidationError, frappe.PermissionError) as refusal:
            frappe.db.rollback()
            text = frappe.utils.strip_html(str(refusal))
            if committed:
                # Everything else is taken back with the transaction.
                raise Unclean(f"'{act}' was refused ({text}), and yet stored something") from None
            return Happened(act, Result.REFUSED, text)
        except Exception as error:
            frappe.db.rollback()
            raise Unclean(f"'{act}' ended in {type(error).__name__}: {error}") from error

    def stored(self) -> Any:
        """The order as the database has it."""
        return frappe.get_doc("Order", self.order)

    def trades(self) -> list[dict[str, Any]]:
        """The trades of the order's present edition in WDT, dead ones too."""
        return list(self._inside().get("trades", []))

    def old_trades(self) -> list[dict[str, Any]]:
        """The trades of editions that were withdrawn."""
        edition = frappe.db.get_value("Order", self.order, "wdt_edition") or 0
        return [trade for earlier in range(edition) for trade in self._of_edition(earlier).get("trades", [])]

    def _inside(self) -> dict[str, Any]:
        return self._of_edition(frappe.db.get_value("Order", self.order, "wdt_edition") or 0)

    def _of_edition(self, edition: int) -> dict[str, Any]:
        answer = self.wdt.admin_raw("GET", "wdt/order", tid=told_number(self.order, edition))
        return dict(answer.json()) if answer.ok else {}

    def in_wdt(self, verb: str, trade: Mapping[str, Any], **options: Any) -> bool:
        """Whether WDT's people could do something with a trade."""
        body = {"trade_no": trade["trade_no"], **options}
        return self.wdt.admin_raw("POST", f"wdt/{verb}", body).ok

    def relay(self) -> None:
        """Send what is due now."""
        frappe.db.commit()
        _send_due(AccountType.WDT, WDT_ACCOUNT)
        if not self.ledger_worker_dies:
            _send_due(AccountType.U8, U8_ACCOUNT)
            return
        user = frappe.session.user
        try:
            with lost_on_the_way(self.clock):
                _send_due(AccountType.U8, U8_ACCOUNT)
        except Died:
            frappe.db.rollback()
            frappe.set_user(user)
            self.ledger_worker_dies = False

    def lose_ledger_worker(self) -> None:
        """The next worker for U8 dies with its document on the way."""
        self.ledger_worker_dies = True

    def relay_and_die(self) -> None:
        """A worker dies when its message was sent and nothing stored yet; the next looks after its lease."""

        def die(point: Point) -> None:
            if point is Point.SENT:
                raise Died

        for side, account in ACCOUNTS:
            frappe.db.commit()
            try:
                Relay(side.value, account, checkpoint=die).run_once()
            except Died:
                frappe.db.rollback()
        frappe.set_user("Administrator")

    def read(self, name: str) -> None:
        """One run of one reader."""
        stream, reader = READERS[name]
        frappe.db.commit()
        run_streams(AccountType.WDT, WDT_ACCOUNT, {stream: lambda port: reader(WDT_ACCOUNT, port)})

    def read_unfit(self) -> None:
        """The job that a voided parcel or a changed order asks for, where it was asked for."""
        if unfit := unfit_shipment(self.order):
            # An old version that cannot be withdrawn any more counts again first.
            self.sync()
            read_unfit_again(self.order, unfit.account)

    def read_stock(self) -> None:
        """One run of the reader of WDT's stock."""
        frappe.db.commit()
        wdt_stock.run(WDT_ACCOUNT)

    def reconcile(self) -> list[dict[str, Any]]:
        """Compare the three sides."""
        frappe.db.commit()
        found = reconcile([self.order])
        frappe.db.commit()
        return found

    def hour(self) -> None:
        """An hour passes; what the scheduler would run then has run once."""
        self.clock.turn(3600)
        in_transaction(sweep)
        tasks.remind_departments()
        tasks.end_reservations()
        tasks.open_delay_cases()
        self.sync()

    def sync(self) -> None:
        """The relay and all readers, as the scheduler runs them."""
        if self.setting.outside == "no":
            self.clock.turn(6)
            return
        self.relay()
        self.clock.turn(6)
        frappe.db.commit()
        wdt_read.run(WDT_ACCOUNT)
        self.relay()

    def _settle(self) -> None:
        """As ``sync``, but WDT is read only where it shows something new; acts read it again and again."""
        self.relay()
        self.clock.turn(6)
        shown = self._inside()
        if shown != self._read_last:
            frappe.db.commit()
            wdt_read.run(WDT_ACCOUNT)
            self._read_last = shown
            self.relay()

    def drain(self) -> None:
        """All facts are told and read, and nothing is due any more.

        Raises:
            AssertionError: the sides do not come to rest.
        """
        quiet, waits, after = 0, list[float](), self._fingerprint()
        for _round in range(ROUNDS):
            # The longest that the shared limit keeps a call waiting is a minute.
            self.clock.turn(max([61.0, *waits]))
            before = after
            if self.setting.outside == "yes":
                self._settle()
            waits = [wait for wait in map(self._wait, ACCOUNTS) if wait is not None]
            after = self._fingerprint()
            still = before == after
            if still and not waits and not self.clock.expects:
                return
            quiet = quiet + 1 if still and not self.clock.expects else 0
            if quiet == PATIENT and not any(row.last_error for row in self.open_rows()):
                # What waits without an error waits for the other side's people, e.g. to ship there too.
                return
        raise AssertionError(f"the sides do not come to rest in {ROUNDS} rounds: {self.open_rows()}")

    def _wait(self, account: tuple[AccountType, str]) -> float | None:
        due_in = next_due(account[0].value, account[1])
        frappe.db.rollback()
        return None if due_in is None else max(0.0, due_in / timedelta(seconds=1))

    def _fingerprint(self) -> str:
        frappe.db.rollback()
        watched = ["workflow_state", "delivery_status", "payment_status", "wdt_stage", "modified"]
        order = frappe.db.get_value("Order", self.order, watched)
        rows = frappe.get_all("Sync Outbox", {"document": self.order}, ["name", "state"], order_by="name")
        return f"{order} {rows} {[(trade['trade_no'], trade['status']) for trade in self.trades()]}"

    def open_rows(self) -> list[Any]:
        """Outbox rows that are not finished."""
        return list(
            frappe.get_all(
                "Sync Outbox",
                {"document": self.order, "state": ("not in", ("Done", "Superseded"))},
                ["action", "state", "last_error"],
            )
        )

    def end(self) -> None:
        """Take the order and all its traces out of the site."""
        frappe.db.rollback()
        frappe.set_user("Administrator")
        if self.order:
            forget_orders([self.order])


def _send_due(side: AccountType, account: str) -> None:
    """Let workers send all that is due, a batch at a time; an empty queue is not asked for more."""
    relay = Relay(side.value, account)
    while _is_due(side, account) and relay.run_once():
        continue


def _is_due(side: AccountType, account: str) -> bool:
    due_in = next_due(side.value, account)
    frappe.db.rollback()
    return due_in is not None and due_in <= timedelta()


def new_world(schedule: Schedule, clock: TurnedClock, wdt: WdtCaller, u8: U8Caller) -> World:
    """A world of its own for a schedule: fresh simulators, empty queues, a new order."""
    stock_simulators(wdt, u8, schedule.setting.replay)
    clock.start()
    empty_queues()
    world = World(schedule.setting, clock, wdt, u8)
    world.begin()
    return world
