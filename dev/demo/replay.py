"""Real orders against too little stock: `ORDERS=file.csv STOCK=80 make demo` (issue 4, R-257 to R-260).

Every article is in store for that share of what the file orders. All orders are confirmed, the stock is
allocated once, each short line is decided and answered; a few customers do not answer, and their orders are
put on hold. In the end every line must be set aside, short with an agreed decision, or on hold, and the
pieces must add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final

from dev.demo.case import order_fields
from dev.demo.order_file import OrderFile
from dev.demo.rest import Caller
from dev.demo.scenarios import ONLINE
from dev.demo.setting import Article, Person
from dev.demo.stage import person_with_role, set_stage
from dev.state import HostState

CHANNEL: Final = "Demo Stock Replay"
API: Final = "order_flow."
HANDS: Final = 4
PORTION: Final = 100
SILENT: Final = 10
"""Every so many-th customer with short goods does not answer."""
DECISIONS: Final = ("Partial Shipment", "Purchase", "Cancel Line and Refund")
_WITH_DATE: Final = frozenset({"Purchase"})


@dataclass(frozen=True, slots=True)
class Line:
    """An order line as the site shows it in the end.

    Args:
        order, product: of the line.
        wanted: what was ordered.
        reserved: what is set aside for it.
        short: what is missing by its shortage.
        settled: whether the customer agreed to what was decided.
        on_hold: whether its order is stopped.
    """

    order: str
    product: str
    wanted: Decimal
    reserved: Decimal
    short: Decimal
    settled: bool
    on_hold: bool


def faults(lines: Iterable[Line], stock: Mapping[str, Decimal]) -> list[str]:
    """What does not add up: pieces of a line, lines without an end, more set aside than there is.

    Args:
        lines: every line of the replay.
        stock: what was in store, by product.

    Returns:
        A sentence each; empty where everything is in order.
    """
    found, given = [], dict.fromkeys(stock, Decimal(0))
    for line in lines:
        given[line.product] += line.reserved
        if line.reserved + line.short != line.wanted:
            found.append(f"{line.order} {line.product}: {line.reserved} + {line.short} are not {line.wanted}")
        if line.short and not (line.settled or line.on_hold):
            found.append(f"{line.order} {line.product}: {line.short} short, and nobody settled it")
    found += [
        f"{product}: {given[product]} set aside of {there}"
        for product, there in stock.items()
        if given[product] > there
    ]
    return found


def run_replay(state: HostState, prefix: str, orders: OrderFile, percent: int) -> int:
    """Play the replay and judge it.

    Args:
        state: the running host.
        prefix: of this run's numbers and articles.
        orders: the file's orders.
        percent: how much of what is ordered is in store, 0 to 100.

    Returns:
        0 where everything adds up, otherwise 1.

    Raises:
        Refusal: the site refused.
    """
    code_of = {article.code: f"{prefix}{article.code}" for article in orders.articles}
    articles = [Article(code_of[a.code], a.name, a.price, a.tax_percent) for a in orders.articles]
    stage = set_stage(state, [invoice.buyer for invoice in orders.invoices], articles)
    admin = Caller(state.web_url, "Administrator")
    admin.login(state.admin_password)
    planner, store = person_with_role(admin, "Planning"), person_with_role(admin, "Warehouse")
    desk = stage.people[Person.DESK]
    stock = _fill_store(stage.people[Person.KEEPER], store, prefix, _demand(orders, code_of), percent)
    print(f"replay: {len(orders.invoices)} orders, {len(stock)} articles, {percent} % of each in store")

    def enter(number: int) -> str:
        invoice = orders.invoices[number]
        fields = order_fields(invoice.buyer, stage.customers[invoice.buyer.name], ONLINE, invoice.number)
        items = [{**line, "product": code_of[line["product"]]} for line in invoice.lines]
        placed = stage.people[Person.INTEGRATION].call(
            f"{API}api.place_order",
            channel=CHANNEL,
            external_number=f"{prefix}{invoice.number}",
            order=fields,
            items=items,
        )
        desk.call(f"{API}api.confirm", order=placed["order"])
        return str(placed["order"])

    with ThreadPoolExecutor(HANDS) as hands:
        names = list(hands.map(enter, range(len(orders.invoices))))
        run = planner.call(f"{API}api.stock.allocate", orders=names)
        print(f"allocated once: {run['lines_short']} of the lines that were left are short")
        shortages = _shortages(desk, names)
        list(hands.map(lambda pair: _settle(desk, *pair), enumerate(shortages)))
        silent = {row["order_id"] for number, row in enumerate(shortages) if number % SILENT == 0}
        list(
            hands.map(
                lambda order: desk.call(
                    f"{API}api.hold", order=order, reason="the customer has not answered about short goods"
                ),
                sorted(silent),
            )
        )
    lines = _lines(desk, names)
    return _verdict(lines, stock)


def _demand(orders: OrderFile, code_of: Mapping[str, str]) -> dict[str, Decimal]:
    demand: dict[str, Decimal] = {}
    for invoice in orders.invoices:
        for line in invoice.lines:
            code = code_of[line["product"]]
            demand[code] = demand.get(code, Decimal(0)) + Decimal(line["quantity"])
    return demand


def _fill_store(
    keeper: Caller, store: Caller, prefix: str, demand: Mapping[str, Decimal], percent: int
) -> dict[str, Decimal]:
    keeper.save("Flow Profile", CHANNEL, {"profile_name": CHANNEL, "reserve_stock": 1})
    keeper.save("Sales Channel", CHANNEL, {"channel_name": CHANNEL, "flow_profile": CHANNEL})
    house = f"{prefix}STORE"
    keeper.save("Warehouse", house, {"warehouse_code": house, "warehouse_name": house})
    stock = {
        code: (quantity * percent / 100).to_integral_value(ROUND_FLOOR) for code, quantity in demand.items()
    }
    levels = [
        {
            "doctype": "Stock Level",
            "product": code,
            "warehouse": house,
            "physical": float(pieces),
            "available": float(pieces),
        }
        for code, pieces in stock.items()
    ]
    for start in range(0, len(levels), PORTION):
        store.call("frappe.client.insert_many", docs=levels[start : start + PORTION])
    return stock


def _of_orders(caller: Caller, doctype: str, fields: Sequence[str], names: Sequence[str]) -> list[Any]:
    """In portions: the names stand in the address."""
    rows = []
    for start in range(0, len(names), PORTION):
        rows += caller.rows(doctype, fields, [["order_id", "in", list(names[start : start + PORTION])]])
    return rows


def _shortages(desk: Caller, names: Sequence[str]) -> list[Any]:
    return _of_orders(desk, "Shortage", ["name", "order_id"], names)


def _settle(desk: Caller, number: int, row: Mapping[str, Any]) -> None:
    decision = DECISIONS[number % len(DECISIONS)]
    later = (date.today() + timedelta(days=14)).isoformat()
    day = {"new_date": later} if decision in _WITH_DATE else {}
    desk.call(f"{API}api.stock.decide_shortage", shortage=row["name"], decision=decision, **day)
    if number % SILENT:
        desk.call(
            f"{API}api.stock.answer_shortage", shortage=row["name"], agreed=True, remark="agreed by phone"
        )


def _lines(desk: Caller, names: Sequence[str]) -> list[Line]:
    reserved: dict[str, Decimal] = {}
    for row in _of_orders(desk, "Stock Reservation", ["order_item", "quantity"], names):
        reserved[row["order_item"]] = reserved.get(row["order_item"], Decimal(0)) + Decimal(
            str(row["quantity"])
        )
    short = {
        row["order_item"]: row
        for row in _of_orders(desk, "Shortage", ["order_item", "missing", "shortage_state"], names)
    }
    with ThreadPoolExecutor(HANDS) as hands:
        documents = list(hands.map(lambda name: desk.read("Order", name), names))
    return [
        Line(
            order=order["name"],
            product=item["product"],
            wanted=Decimal(str(item["quantity"])),
            reserved=reserved.get(item["name"], Decimal(0)),
            short=Decimal(str(short[item["name"]]["missing"])) if item["name"] in short else Decimal(0),
            settled=item["name"] in short and short[item["name"]]["shortage_state"] == "Agreed",
            on_hold=bool(order["on_hold"]),
        )
        for order in documents
        for item in order["items"]
    ]


def _verdict(lines: Sequence[Line], stock: Mapping[str, Decimal]) -> int:
    whole = sum(1 for line in lines if not line.short)
    settled = sum(1 for line in lines if line.short and line.settled)
    held = sum(1 for line in lines if line.short and not line.settled and line.on_hold)
    wanted, given = (
        sum((getattr(line, part) for line in lines), Decimal(0)) for part in ("wanted", "reserved")
    )
    print(
        f"{len(lines)} lines: {whole} set aside whole, {settled} short with an agreed decision, {held} short "
        f"and on hold. {wanted} pieces ordered, {sum(stock.values())} in store, {given} set aside, "
        f"{wanted - given} short"
    )
    found = faults(lines, stock)
    for sentence in found:
        print(f"NOT IN ORDER {sentence}")
    print(f"replay: {len(found)} faults", flush=True)
    return 1 if found else 0
