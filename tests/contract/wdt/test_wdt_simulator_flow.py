"""The life of a trade in the ERP, and reading it (wdt-openapi 2.2 - 2.5, 4.5, 5)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from simulators.wdt.accounts import DEMO_ACCOUNT
from tests.contract.wdt.wdt_fixtures import CHINA, WdtCaller, line, order, unpaid

TIME = "%Y-%m-%d %H:%M:%S"


def test_happy_path(wdt: WdtCaller) -> None:
    """wdt-openapi 4.5: 10 -> 30 -> 55 -> 95 -> ack -> 70 -> 110."""
    assert wdt.submitted(unpaid())["trade_status"] == "10"
    assert "only 30" in wdt.verb_refused("audit")
    assert wdt.submitted(order())["trade_status"] == "30"
    wdt.verb("audit")
    seen = [(wdt.trade("W1")["trade_status"], wdt.stockout("W1")["consign_status"])]
    for step in ("print", "pick", "scan", "weigh", "ship"):
        wdt.verb(step)
        seen.append((wdt.trade("W1")["trade_status"], wdt.stockout("W1")["consign_status"]))
    assert seen == [("55", "0"), ("55", "0"), ("55", "16"), ("55", "17"), ("55", "19"), ("95", "23")]
    rows = wdt.sync_rows()
    assert [(row["tid"], row["logistics_no"], row["is_part_sync"], row["oids"]) for row in rows] == [
        ("W1", wdt.trade("W1")["logistics_no"], "0", "")
    ]
    assert wdt.ack({"rec_id": rows[0]["rec_id"], "status": 0, "message": "ok"}) == {"code": 0, "message": ""}
    assert wdt.sync_rows() == []
    assert wdt.trade("W1")["consign_status"] == "31"
    trade = wdt.submitted(order(trade_status=70))
    assert (trade["trade_status"], wdt.stockout("W1")["status"]) == ("110", "110")
    assert wdt.inside()["raw"]["process_status"] == 60


def test_steps_are_strict(wdt: WdtCaller) -> None:
    """wdt-openapi 5: print, pick, scan, weigh, ship, one after the other."""
    steps = ["print", "pick", "scan", "weigh", "ship"]
    wdt.to_warehouse()
    for index, step in enumerate(steps):
        for other in steps[:index] + steps[index + 1 :]:
            assert f"waits for {step}" in wdt.verb_refused(other)
        wdt.verb(step)
    assert "waits for nobody" in wdt.verb_refused("ship")
    assert "not shipped" in wdt.verb_refused("reject", trade_no=wdt.trade("W1")["trade_no"])


def test_print_flags(wdt: WdtCaller) -> None:
    """wdt-openapi 2.3, 5: slip, dispatch note and pick list."""
    wdt.to_warehouse()
    flags = ("logistics_print_status", "sendbill_print_status", "picklist_print_status")
    shown = [[wdt.stockout("W1")[flag] for flag in flags]]
    for step in ("print", "pick"):
        wdt.verb(step)
        shown.append([wdt.stockout("W1")[flag] for flag in flags])
    assert shown == [["0", "0", "0"], ["2", "2", "0"], ["2", "2", "2"]]


def test_finance_review(wdt: WdtCaller) -> None:
    """wdt-openapi 2.2: 35 待财审 where the ERP is set so."""
    wdt.set(finance_audit_needed=True)
    wdt.submitted(order())
    assert "only 35" in wdt.verb_refused("finance_audit")
    assert wdt.verb("audit")["status"] == 35
    assert wdt.verb("finance_audit")["status"] == 55


def test_freeze_keeps_the_status(wdt: WdtCaller) -> None:
    """wdt-openapi 5: frozen is a flag, not a stage; nothing moves."""
    wdt.submitted(order())
    wdt.verb("freeze", reason=3)
    trade = wdt.trade("W1")
    assert (trade["trade_status"], trade["freeze_reason"]) == ("30", "3")
    assert "frozen" in wdt.verb_refused("audit")
    wdt.steps("unfreeze", "audit", "freeze")
    assert wdt.stockout("W1")["freeze_reason"] == "1"
    assert "frozen" in wdt.verb_refused("print")
    wdt.steps("unfreeze", "print")
    assert "not frozen" in wdt.verb_refused("unfreeze")


def test_reject_and_audit_again_gives_a_new_stockout_number(wdt: WdtCaller) -> None:
    """wdt-openapi 2.3: never key on the stockout number."""
    wdt.to_warehouse()
    wdt.steps("print", "pick")
    first = wdt.stockout("W1")
    wdt.verb("reject")
    trade = wdt.trade("W1")
    assert (trade["trade_status"], trade["stockout_no"], trade["consign_status"]) == ("30", "", "0")
    wdt.verb("audit")
    second = wdt.stockout("W1")
    assert second["order_no"] != first["order_no"]
    assert second["logistics_print_status"] == "0"
    by_number = wdt.call("stockout_order_query_trade", stockout_no=first["order_no"])["stockout_list"]
    assert [row["status"] for row in by_number] == ["5"]


def test_cancel_by_staff(wdt: WdtCaller) -> None:
    """wdt-openapi 5: 5 已取消; only before the audit."""
    wdt.submitted(order())
    wdt.verb("cancel")
    assert wdt.trade("W1")["trade_status"] == "5"
    assert wdt.inside()["raw"]["process_status"] == 70
    wdt.to_warehouse(order("W2"))
    assert "not audited" in wdt.verb_refused("cancel", "W2")


def test_own_waybill_and_unknown_carrier(wdt: WdtCaller) -> None:
    """wdt-openapi 2.4: carrier code and number as the warehouse gave them."""
    wdt.to_warehouse()
    wdt.steps("print", "pick", "scan")
    wdt.verb("weigh", weight="2.345")
    assert wdt.admin_raw("POST", "wdt/ship", {"tid": "W1", "logistics_code": "DHL"}).status_code == 404
    wdt.verb("ship", logistics_code="YTO", logistics_no="YT123")
    row = wdt.sync_rows()[0]
    assert (row["logistics_no"], row["logistics_code_erp"], row["logistics_type"]) == ("YT123", "YTO", "4")
    assert wdt.stockout("W1")["weight"] == "2.3450"
    found = wdt.call("sales_trade_query", logistics_no="YT123", **wdt.window())["trades"]
    assert [trade["src_tids"] for trade in found] == ["W1"]


def test_recalled_shipment(wdt: WdtCaller) -> None:
    """wdt-openapi 2.4: the row is done without the shop; a new shipment makes a new row."""
    wdt.shipped()
    row = wdt.sync_rows()[0]
    wdt.verb("recall")
    assert wdt.sync_rows() == []
    assert wdt.trade("W1")["trade_status"] == "55"
    wdt.verb("ship")
    again = wdt.sync_rows()
    assert len(again) == 1
    assert again[0]["rec_id"] != row["rec_id"]


# Splitting and merging (wdt-openapi 2.4, 6)


def test_quantity_split_without_split_shipping(wdt: WdtCaller) -> None:
    """One waybill per tid: only the first parcel reaches the shop through sync, stockouts show both."""
    wdt.to_warehouse(order(lines=[line("A", num="3"), line("B")], paid="228"))
    wdt.steps("print", "pick", "scan", "weigh")
    wdt.verb("ship", lines=[{"oid": "A", "num": 1}])
    assert {trade["trade_status"] for trade in wdt.trades("W1")} == {"95", "30"}
    assert wdt.inside()["raw"]["process_status"] == 30
    wdt.steps("audit", "print", "pick", "scan", "weigh", "ship")
    assert [(row["is_part_sync"], row["oids"]) for row in wdt.sync_rows()] == [("0", "")]
    parcels = wdt.call("stockout_order_query_trade", src_tid="W1")["stockout_list"]
    sent = sorted((item["src_oid"], item["num"]) for parcel in parcels for item in parcel["details_list"])
    assert sent == [("A", "1.0000"), ("A", "2.0000"), ("B", "2.0000")]
    assert wdt.inside()["raw"]["process_status"] == 40
    total = sum(float(trade["receivable"]) for trade in wdt.trades("W1"))
    assert total == 228.0


def test_split_shipping_switched_on(wdt: WdtCaller) -> None:
    """One waybill per oid; an oid that is split over two trades is synced once."""
    wdt.set(split_shipping=True)
    wdt.submitted(order(lines=[line("A", num="3"), line("B"), line("C")], paid="313"))
    wdt.verb("split", lines=[{"oid": "A", "num": "1"}, {"oid": "B"}])
    for trade in wdt.trades("W1"):
        for step in ("audit", "print", "pick", "scan", "weigh", "ship"):
            wdt.admin("POST", f"wdt/{step}", {"trade_no": trade["trade_no"]})
    rows = wdt.sync_rows()
    assert [(row["is_part_sync"], row["oids"], row["is_last"]) for row in rows] == [
        ("1", "A,B", "0"),
        ("1", "C", "1"),
    ]


@pytest.mark.parametrize("term", [2, 3])
def test_sealed_orders_are_never_split_or_merged(wdt: WdtCaller, term: int) -> None:
    """wdt-openapi 2.1: delivery_term != 1 sets is_sealed."""
    cod = {"delivery_term": term, "pay_status": 0, "paid": "0", "cod_amount": "93" if term == 2 else "0"}
    wdt.submitted(order("W1", **cod))
    wdt.submitted(order("W2"))
    assert wdt.trade("W1")["is_sealed"] == "1"
    assert "sealed" in wdt.verb_refused("split", lines=[{"oid": "W1-1", "num": 1}])
    assert "sealed" in wdt.verb_refused("merge", other="W2")
    assert "sealed" in wdt.verb_refused("merge", "W2", other="W1")


def test_merge(wdt: WdtCaller) -> None:
    """wdt-openapi 6: src_tids holds several tids; goods_list tells which line is whose; one row per tid."""
    wdt.submitted(order("W1"))
    wdt.submitted(order("W2"))
    wdt.submitted(order("W3", buyer_nick="somebody else"))
    assert "buyer_nick" in wdt.verb_refused("merge", other="W3")
    wdt.verb("merge", "W2", other="W1")
    merged = wdt.trade("W1")
    assert merged["src_tids"] == "W1,W2"
    assert merged["trade_no"] == wdt.trade("W2")["trade_no"]
    assert [(item["src_tid"], item["src_oid"]) for item in merged["goods_list"]] == [
        ("W2", "W2-1"),
        ("W1", "W1-1"),
    ]
    assert (merged["paid"], merged["receivable"]) == ("186.0000", "186.0000")
    wdt.steps("audit", "print", "pick", "scan", "weigh", "ship")
    rows = wdt.sync_rows()
    assert [row["tid"] for row in rows] == ["W1", "W2"]
    assert len({row["logistics_no"] for row in rows}) == 1
    wdt.ack({"rec_id": rows[0]["rec_id"], "status": 0})
    assert int(wdt.trade("W1")["consign_status"]) & 8 == 0, "the other row still waits"
    wdt.ack({"rec_id": rows[1]["rec_id"], "status": 0})
    assert int(wdt.trade("W1")["consign_status"]) & 8 == 8


def test_src_tids_are_cut(wdt: WdtCaller) -> None:
    """wdt-openapi 2.2: cut when too long; a query by src_tid still finds the trade."""
    wdt.set(src_tids_length=5)
    wdt.submitted(order("W1"))
    wdt.submitted(order("W22222"))
    wdt.verb("merge", other="W22222")
    assert wdt.trade("W22222")["src_tids"] == "W1,W2"


# Acknowledging (wdt-openapi 2.5)


def test_ack_errors_come_with_code_0(wdt: WdtCaller) -> None:
    """wdt-openapi 2.5."""
    wdt.shipped()
    rec_id = wdt.sync_rows()[0]["rec_id"]
    answer = wdt.ack(
        {"rec_id": rec_id, "status": 0}, {"rec_id": 999, "status": 0}, {"rec_id": rec_id, "status": 2}
    )
    assert answer["code"] == 0
    assert [error["rec_id"] for error in answer["errors"]] == ["999", rec_id]
    again = wdt.ack({"rec_id": rec_id, "status": 0})
    assert again == {
        "code": 0,
        "message": "",
        "errors": [{"rec_id": rec_id, "error": "非待同步状态,不可更新"}],
    }


def test_unacknowledged_rows_come_back(wdt: WdtCaller) -> None:
    """wdt-openapi 2.5; limit above 100 is taken as 100, oldest first."""
    for number in range(3):
        wdt.shipped(order(f"W{number}"))
    assert [row["tid"] for row in wdt.sync_rows()] == ["W0", "W1", "W2"]
    assert [row["tid"] for row in wdt.call("logistics_sync_query", limit=2)["trades"]] == ["W0", "W1"]
    assert len(wdt.call("logistics_sync_query", limit=500, shop_no="web01")["trades"]) == 3
    assert wdt.call("logistics_sync_query")["code"] != 0
    assert wdt.call("logistics_sync_query", limit=0)["code"] != 0
    assert wdt.call("logistics_sync_query", limit=10, shop_no="nowhere")["code"] == 2310


def test_failed_ack(wdt: WdtCaller) -> None:
    """wdt-openapi 9.8: whether a failed row returns is unknown; a knob decides, by default it does not."""
    wdt.shipped(order("W1"))
    wdt.ack({"rec_id": wdt.sync_rows()[0]["rec_id"], "status": 1, "message": "no such order"})
    assert wdt.sync_rows() == []
    assert wdt.inside()["sync_rows"][0]["sync_status"] == 2
    wdt.set(failed_ack_returns=True)
    wdt.shipped(order("W2"))
    wdt.ack({"rec_id": wdt.sync_rows()[0]["rec_id"], "status": 1})
    assert wdt.sync_rows()[0]["try_times"] == "1"


def test_ack_takes_at_most_50_rows(wdt: WdtCaller) -> None:
    """wdt-openapi 1.5."""
    assert wdt.ack(*[{"rec_id": n, "status": 0} for n in range(51)])["code"] != 0
    assert wdt.ack()["code"] != 0


# Reading (wdt-openapi 1.5, 2.2, 2.3)


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("sales_trade_query", timedelta(minutes=60)),
        ("trade_query", timedelta(minutes=60)),
        ("stockout_order_query_trade", timedelta(days=30)),
        ("goods_query", timedelta(days=30)),
        ("stock_query", timedelta(days=30)),
    ],
)
def test_windows(wdt: WdtCaller, name: str, longest: timedelta) -> None:
    """wdt-openapi 1.5: 60 minutes and 30 days, closed; a second more is refused."""
    end = datetime.now(CHINA)

    def code(start: datetime) -> int:
        return int(wdt.call(name, start_time=start.strftime(TIME), end_time=end.strftime(TIME))["code"])

    assert code(end - longest) == 0
    assert code(end - longest - timedelta(seconds=1)) != 0
    assert code(end + timedelta(seconds=1)) != 0
    assert wdt.call(name)["code"] == 2900
    assert wdt.call(name, start_time="2025-01-01", end_time="2025-01-02")["code"] != 0


@pytest.mark.parametrize(
    "parameters",
    [
        {"page_size": 0}, {"page_size": 101}, {"page_no": -1}, {"page_no": "x"}, {"status": 54},
        {"shop_no": "no"}, {"shop_nos": ",".join(f"s{n}" for n in range(21))}, {"has_logistics_no": 3},
    ],
)  # fmt: skip
def test_refused_filters(wdt: WdtCaller, parameters: dict[str, object]) -> None:
    """wdt-openapi 1.5, 2.2."""
    assert wdt.call("sales_trade_query", **wdt.window(), **parameters)["code"] != 0


def test_paging(wdt: WdtCaller) -> None:
    """wdt-openapi 1.3, 1.5: zero-based pages, total on page 0 only, no row lost."""
    wdt.push_ok(*[order(f"W{n}") for n in range(5)])
    wdt.settle()
    window = wdt.window()
    pages = [wdt.call("sales_trade_query", **window, page_no=n, page_size=2) for n in range(4)]
    assert [page.get("total_count") for page in pages] == ["5", None, None, None]
    assert [trade["src_tids"] for page in pages for trade in page.get("trades", [])] == [
        f"W{n}" for n in range(5)
    ]


def test_filters(wdt: WdtCaller) -> None:
    """wdt-openapi 2.2."""
    wdt.submitted(order("W1"))
    wdt.shipped(order("W2"))

    def tids(**filters: object) -> list[str]:
        return [
            t["src_tids"] for t in wdt.call("sales_trade_query", **wdt.window(), **filters).get("trades", [])
        ]

    assert tids() == ["W1", "W2"]
    assert tids(status=95) == ["W2"]
    assert tids(has_logistics_no=1) == ["W2"]
    assert tids(has_logistics_no=2) == ["W1"]
    assert tids(warehouse_no="WH02") == []
    number = wdt.trade("W1")["trade_no"]
    assert wdt.call("sales_trade_query", trade_no=number)["trades"][0]["src_tids"] == "W1"


def test_sales_trade_query_shows_own_shops_only(wdt: WdtCaller) -> None:
    """wdt-openapi 2.2: trade_query covers all shops."""
    wdt.submitted(order())
    shops = [{"shop_no": "web01", "platform_id": 1}, {"shop_no": "web02"}]
    wdt.admin("POST", "accounts", {**DEMO_ACCOUNT, "shops": shops})
    assert wdt.trades("W1") == []
    assert len(wdt.call("trade_query", src_tid="W1")["trades"]) == 1


def test_stockout_time_rule(wdt: WdtCaller) -> None:
    """wdt-openapi 2.3: no status: ship time and shipped only; < 95 modified; is_by_modified with a status."""
    wdt.to_warehouse(order("W1"))
    wdt.shipped(order("W2"))

    def tids(**filters: object) -> list[str]:
        answer = wdt.call("stockout_order_query_trade", **wdt.window(), **filters)
        assert answer["code"] == 0
        return [row["src_tids"] for row in answer.get("stockout_list", [])]

    assert tids() == ["W2"]
    assert tids(status=55) == ["W1"]
    assert tids(status=95) == ["W2"]
    assert tids(status=95, is_by_modified=1) == ["W2"]
    assert wdt.call("stockout_order_query_trade", **wdt.window(), status=30)["code"] != 0


def test_stockout_ship_time_is_not_its_modified_time(wdt: WdtCaller) -> None:
    """wdt-openapi 2.3: an ack changes modified, not consign_time; stamps may follow the simulated clock."""
    wdt.set(clock_stamps="simulated")
    wdt.shipped()
    row = wdt.sync_rows()[0]
    wdt.turn_clock(7200)
    wdt.ack({"rec_id": row["rec_id"], "status": 0})
    shipped_at = wdt.stockout("W1")["consign_time"]
    window = {"start_time": shipped_at, "end_time": shipped_at}
    assert len(wdt.call("stockout_order_query_trade", **window, status=95)["stockout_list"]) == 1
    by_modified = wdt.call("stockout_order_query_trade", **window, status=95, is_by_modified=1)
    assert "stockout_list" not in by_modified


def test_goods_and_stock(wdt: WdtCaller) -> None:
    """wdt-openapi 3: pushing an order makes the goods known; ``avaliable_num`` is spelt so."""
    wdt.push_ok(order())
    goods = wdt.call("goods_query", **wdt.window())["goods_list"]
    assert goods[0]["spec_list"][0]["spec_no"] == "SKU1"
    stocks = wdt.call("stock_query", spec_no="SKU1")["stocks"]
    assert {row["warehouse_no"] for row in stocks} == {"WH01", "WH02"}
    assert "avaliable_num" in stocks[0]


# Auto mode


def test_auto_mode_at_once(wdt: WdtCaller) -> None:
    """People and warehouse by themselves, 0 seconds a step."""
    wdt.set(auto=True)
    assert wdt.submitted(order())["trade_status"] == "95"
    assert len(wdt.sync_rows()) == 1


def test_auto_mode_by_the_clock(wdt: WdtCaller) -> None:
    """A chosen number of simulated seconds for each step; switching on takes open trades along."""
    wdt.submitted(order())
    wdt.set(auto=True, auto_step_seconds=60, auto_seconds={"audit": 600})
    wdt.turn_clock(599)
    assert wdt.trade("W1")["trade_status"] == "30"
    wdt.turn_clock(2)
    assert wdt.trade("W1")["trade_status"] == "55"
    for _ in range(4):
        wdt.turn_clock(61)
    assert wdt.trade("W1")["consign_status"] == "19"
    wdt.turn_clock(61)
    assert wdt.trade("W1")["trade_status"] == "95"


def test_auto_mode_leaves_some_orders_to_people(wdt: WdtCaller) -> None:
    """Held, frozen, bad and unpaid orders wait; auto_until ends the automatic part."""
    wdt.set(auto=True, auto_hold_tids=["HELD"])
    wdt.push_ok(order("HELD"), unpaid("UNPAID"), order("BAD", paid="1"), order("FINE"))
    wdt.settle()
    statuses = {tid: wdt.trade(tid)["trade_status"] for tid in ("HELD", "UNPAID", "BAD", "FINE")}
    assert statuses == {"HELD": "30", "UNPAID": "10", "BAD": "30", "FINE": "95"}
    wdt.verb("clear", "BAD")
    assert wdt.trade("BAD")["trade_status"] == "95"
    wdt.set(auto_until="audit")
    assert wdt.submitted(order("NEXT"))["trade_status"] == "55"
