"""The other way through the house: WDT leads, splits, merges, adds a gift and takes a parcel back.

Sources: 004_ba2f V1 4 (R-277, R-293), 000_4be0 ADD 6.9 (R-294); wdt-openapi 2.2, 2.3, 5, 6.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from dev.demo.cases.script import (
    Act,
    Agree,
    Call,
    Chapter,
    Enter,
    Finds,
    InWdt,
    Look,
    Person,
    Scenes,
    Shows,
    Text,
    call,
    in_wdt,
    is_in,
    order_values,
)
from dev.demo.setting import Article, Channel

P = Person
SHOP: Final = Channel.WEB_SHOP.value
CUP, LID, GIFT = "STORY-CUP", "STORY-LID", "STORY-SPOON"
ARTICLES: Final = (
    Article(CUP, "故事杯", Decimal(20)),
    Article(LID, "故事杯盖", Decimal(5)),
    Article(GIFT, "赠品勺", Decimal(1)),
)
FIRST, SECOND = "{order3}", "{order4}"
ALIVE: Final = ["!=", "Voided"]


def _takes(name: str, line: str, cups: int, lids: int) -> Enter:
    lines: list[dict[str, Any]] = [{"product": CUP, "quantity": cups, "unit_price": 20}]
    if lids:
        lines.append({"product": LID, "quantity": lids, "unit_price": 5})
    values = order_values(
        "{customer}", channel=SHOP, payment_term="Online Payment", district="南海区", items=lines
    )
    return Enter("Order", values, {name: "name", line: "items.0.name"})


def _pays(order: str, total: str) -> Call:
    reference = f"STORY-{order[1:-1]}-{{mark}}"
    return call("api.record_payment", order=order, amount=total, reference=reference)


def _shipments(order: str, *rows: dict[str, Any]) -> Finds:
    return Finds("Shipment", {"order_id": order, "shipment_state": ALIVE}, rows)


def _wdt(en: str, zh: str, deed: InWdt, *then: Any) -> Act:
    return Act(P.WAREHOUSE, Text(f"in WDT: {en}", f"在旺店通中：{zh}"), deed, then=then)


TAKEN: Final[Scenes] = (
    Chapter(
        Text(
            "Where WDT leads: split and merged 旺店通主导：拆单与合单 (R-277, R-293, R-294)",
            "旺店通主导：拆单与合单",
        )
    ),
    Act(P.DESK, Text("takes 5 cups with 3 lids", "接单：杯 5 个、盖 3 个"), _takes("order3", "line3", 5, 3)),
    Act(
        P.DESK,
        Text("takes 2 cups for the same customer", "同一客户再要杯 2 个"),
        _takes("order4", "line4", 2, 0),
    ),
    Act(P.DESK, Text("confirms the first", "确认第一单"), call("api.confirm", order=FIRST)),
    Act(P.DESK, Text("confirms the second", "确认第二单"), call("api.confirm", order=SECOND)),
    Act(
        P.FINANCE,
        Text("looks at the first bill", "查看第一单金额"),
        Look("Order", FIRST, {"total3": "total"}),
    ),
    Act(
        P.FINANCE,
        Text("looks at the second bill", "查看第二单金额"),
        Look("Order", SECOND, {"total4": "total"}),
    ),
    Act(
        P.FINANCE,
        Text("sees the money of the first come in", "第一单到账"),
        _pays(FIRST, "{total3}"),
        then=(is_in("Paid", FIRST),),
    ),
    Act(
        P.FINANCE,
        Text("sees the money of the second come in", "第二单到账"),
        _pays(SECOND, "{total4}"),
        then=(is_in("Paid", SECOND),),
    ),
)

APART: Final[Scenes] = (
    _wdt(
        "splits the first order, 2 cups go ahead",
        "拆分第一单，先发 2 个杯",
        in_wdt("split", FIRST, lines=[{"oid": "{line3}", "num": 2}]),
    ),
    _wdt(
        "reviews the 2 cups",
        "审核先发的 2 个杯",
        in_wdt("audit", FIRST),
        _shipments(FIRST, {"shipment_state": "Waiting for Print", "led_by": "WDT"}),
    ),
    _wdt(
        "prints their papers",
        "打单",
        in_wdt("print", FIRST),
        _shipments(FIRST, {"shipment_state": "Picking"}),
    ),
    _wdt("picks them", "拣货", in_wdt("pick", FIRST), _shipments(FIRST, {"shipment_state": "Scanning"})),
    Act(
        P.WAREHOUSE,
        Text("looks the shipment up", "查看发货单"),
        Call(
            "frappe.client.get_value",
            {"doctype": "Shipment", "filters": {"order_id": FIRST}, "fieldname": "name"},
            {"wdt_shipment": "name"},
        ),
    ),
    Act(
        P.WAREHOUSE,
        Text("wants to scan here what WDT leads", "想在本系统扫描旺店通主导的货物"),
        call("api.shipments.scan", shipment="{wdt_shipment}", code=CUP, quantity=1),
        refused=("WDT leads shipment {0}",),
    ),
    _wdt("examines them", "验货", in_wdt("scan", FIRST), _shipments(FIRST, {"shipment_state": "Weighing"})),
    _wdt("weighs them", "称重", in_wdt("weigh", FIRST, weight=0.9)),
    _wdt(
        "ships them: a part of the order has left",
        "发货：订单部分发出",
        in_wdt("ship", FIRST, logistics_code="SF", logistics_no="SF-{mark}-1"),
        _shipments(FIRST, {"shipment_state": "Shipped", "waybill_number": "SF-{mark}-1"}),
        Shows("Order", FIRST, {"delivery_status": "Partly Shipped", "workflow_state": "Paid"}),
    ),
)

TOGETHER: Final[Scenes] = (
    _wdt(
        "puts the rest and the second order into one parcel",
        "余下部分与第二单合单",
        in_wdt("merge", FIRST, 1, other=SECOND),
    ),
    _wdt("adds a spoon as a gift", "加一把勺作赠品", in_wdt("gift", FIRST, 1, spec_no=GIFT, num=1)),
    _wdt("reviews the parcel", "审核合单包裹", in_wdt("audit", FIRST, 1)),
    _wdt(
        "prints, and both orders show what they wait for",
        "打单，两单都显示所处环节",
        in_wdt("print", FIRST, 1),
        _shipments(FIRST, {"shipment_state": "Shipped"}, {"shipment_state": "Picking"}),
        _shipments(SECOND, {"shipment_state": "Picking"}),
    ),
    _wdt("picks", "拣货", in_wdt("pick", FIRST, 1)),
    _wdt("examines", "验货", in_wdt("scan", FIRST, 1)),
    _wdt("weighs", "称重", in_wdt("weigh", FIRST, 1, weight=1.7)),
    _wdt(
        "ships: each order has its own lines, nobody has the spoon",
        "发货：各单只见自己的明细，赠品不属于任何一单",
        in_wdt("ship", FIRST, 1, logistics_code="SF", logistics_no="SF-{mark}-2"),
        is_in("Shipped", FIRST),
        is_in("Shipped", SECOND),
        _shipments(
            FIRST,
            {"waybill_number": "SF-{mark}-1"},
            {"waybill_number": "SF-{mark}-2", "shipment_state": "Shipped"},
        ),
        _shipments(SECOND, {"waybill_number": "SF-{mark}-2", "shipment_state": "Shipped"}),
    ),
)

BACK: Final[Scenes] = (
    Chapter(Text("A parcel is taken back 撤销发货 (R-026)", "撤销发货（R-026）")),
    _wdt(
        "takes the parcel back: goods are in the house again, the order waits",
        "撤销发货：货物回到仓库",
        in_wdt("recall", SECOND),
        _shipments(SECOND, {"shipment_state": "Weighing"}),
        Shows("Order", SECOND, {"delivery_status": "Not Shipped"}),
        Finds(
            "Sync Discrepancy",
            {"document": SECOND, "state": "Open"},
            ({"kind": "Contradiction"},),
        ),
    ),
    _wdt(
        "ships it again, with another waybill",
        "重新发货，换了运单",
        in_wdt("ship", SECOND, logistics_code="YTO", logistics_no="YT-{mark}"),
        _shipments(SECOND, {"shipment_state": "Shipped", "waybill_number": "YT-{mark}"}),
        Shows("Order", SECOND, {"delivery_status": "Shipped"}),
        Finds("Sync Discrepancy", {"document": ["in", [FIRST, SECOND]], "state": "Open"}, ()),
    ),
    Act(
        P.LOGISTICS,
        Text("records what the customer of the first received", "第一单客户已收货"),
        call("api.confirm_receipt", order=FIRST),
        then=(is_in("Completed", FIRST),),
    ),
    Act(
        P.LOGISTICS,
        Text("and of the second; site, WDT and U8 agree", "第二单也已收货；三方一致"),
        call("api.confirm_receipt", order=SECOND),
        then=(
            is_in("Completed", SECOND),
            Shows("Order", FIRST, {"u8_status": "Posted"}),
            Shows("Order", SECOND, {"u8_status": "Posted"}),
            Agree((FIRST, SECOND)),
        ),
    ),
)

LED_BY_WDT: Final[Scenes] = (*TAKEN, *APART, *TOGETHER, *BACK)
