"""From stock to signature: two orders, too few lids, one parcel too heavy, a dent at the door.

Sources: 000_4be0 WH8 (R-257..R-273), 001_5ac8 OMM 三.二 (R-244, R-281, R-307), 004_ba2f V1 4 (R-277), 003 ch5
(R-303). The company keeps its own store and ships in stages.
"""

from __future__ import annotations

from typing import Any, Final

from dev.demo.cases.script import (
    Act,
    Call,
    Chapter,
    Day,
    Enter,
    Moment,
    Person,
    Prop,
    Scenes,
    Script,
    Shows,
    Text,
    call,
    is_in,
    on_order,
    order_values,
)
from dev.demo.cases.warehouse_fax import fax
from dev.demo.cases.warehouse_wdt import ARTICLES, LED_BY_WDT

P = Person
CHANNEL: Final = "Demo Store"
STORE: Final = "DEMO-STORE"
CUP, LID = "WH-CUP-{mark}", "WH-LID-{mark}"
_AT_THE_DOOR: Final = {
    "at_confirm": "Off",
    "at_planning": "Off",
    "at_ship": "Stop",
    "at_complete": "Off",
}


def _goods(code: str, name: str, weight: float) -> Enter:
    values = {"product_code": code, "product_name": name, "unit": "个", "list_price": 10, "weight": weight}
    return Enter("Product", values, {})


def _stock(code: str, pieces: int) -> Enter:
    values = {"product": code, "warehouse": STORE, "physical": pieces, "available": pieces}
    return Enter("Stock Level", values, {})


def _order(name: str, cups: int, lids: int) -> Enter:
    lines = [{"product": CUP, "quantity": cups, "unit_price": 10}]
    if lids:
        lines.append({"product": LID, "quantity": lids, "unit_price": 2})
    values = order_values("{customer}", channel=CHANNEL, payment_term="Cash on Delivery", items=lines)
    return Enter("Order", values, {name: "name"})


def _step(step: str) -> Call:
    return call("api.shipments.take_step", shipment="{shipment}", step=step)


def _scan(code: str, quantity: int, parcel: int = 1) -> Call:
    return call("api.shipments.scan", shipment="{shipment}", code=code, quantity=quantity, parcel=parcel)


def _stands(state: str, **values: Any) -> Shows:
    return Shows("Shipment", "{shipment}", {"shipment_state": state, **values})


STOCK: Final[Scenes] = (
    Chapter(Text("What is there, and who gets it 库存与分配 (R-254..R-264)", "库存与分配（R-254 至 R-264）")),
    Act(P.DESK, Text("enters the cups", "录入保温杯"), _goods(CUP, "保温杯", 0.5)),
    Act(P.DESK, Text("enters the lids", "录入杯盖"), _goods(LID, "杯盖", 0.1)),
    Act(P.WAREHOUSE, Text("counts 10 cups", "盘点：保温杯 10 个"), _stock(CUP, 10)),
    Act(P.WAREHOUSE, Text("counts 20 lids", "盘点：杯盖 20 个"), _stock(LID, 20)),
    Act(
        P.DESK,
        Text("enters a customer", "录入客户"),
        Enter("Customer", {"customer_name": "仓储示例商行 {mark}"}, {"customer": "name"}),
    ),
    Act(P.DESK, Text("takes 4 cups with 2 lids", "接单：保温杯 4 个、杯盖 2 个"), _order("order", 4, 2)),
    Act(P.DESK, Text("confirms; the goods are set aside", "确认订单，货物随即预留"), on_order("api.confirm")),
    Act(P.DESK, Text("takes 8 cups more", "再接一单：保温杯 8 个"), _order("second", 8, 0)),
    Act(
        P.DESK,
        Text("confirms the second order: 6 are left", "确认第二单：只剩 6 个"),
        call("api.confirm", order="{second}"),
    ),
    Act(
        P.PLANNING,
        Text("allocates what is there", "统一分配库存"),
        call("api.stock.allocate", {"run": "run"}, orders=["{second}"]),
        then=(Shows("Allocation Run", "{run}", {"lines_short": 1}),),
    ),
)

HOUSE: Final[Scenes] = (
    Chapter(Text("Through the house 打单、拣货、扫描、称重 (R-244, R-267..R-279)", "打单、拣货、扫描、称重")),
    Act(
        P.WAREHOUSE,
        Text("wants to ship the first order in one step", "想一步发出第一单"),
        on_order("api.ship"),
        refused=("Goods of order {0} leave in stages",),
        then=(is_in("Confirmed"),),
    ),
    Act(
        P.DESK,
        Text("instructs the dispatch for yesterday", "下达昨天的发货指令"),
        on_order("api.shipments.instruct_dispatch", planned_ship_date=Day(-1)),
        refused=("The goods cannot leave on {0}, that day is over",),
    ),
    Act(
        P.DESK,
        Text("instructs it for today", "下达今天的发货指令"),
        on_order("api.shipments.instruct_dispatch", {"shipment": "shipment"}, planned_ship_date=Day(0)),
        then=(_stands("Waiting for Print"),),
    ),
    Act(
        P.DESK,
        Text("instructs the same goods again", "对同一批货再次下达指令"),
        on_order("api.shipments.instruct_dispatch"),
        refused=("Line {0}: {1} of {2} wait in other shipments",),
    ),
    Act(P.WAREHOUSE, Text("prints the papers", "打单"), _step("Print Papers"), then=(_stands("Picking"),)),
    Act(P.WAREHOUSE, Text("picks", "拣货"), _step("Finish Picking"), then=(_stands("Scanning"),)),
    Act(
        P.WAREHOUSE,
        Text("scans something that is not on the list", "扫到清单外的货品"),
        _scan("WH-PLATE", 1),
        refused=("{code} does not belong to this shipment",),
    ),
    Act(
        P.WAREHOUSE,
        Text("packs five cups", "装 5 个保温杯"),
        _scan(CUP, 5),
        refused=("{product}: {quantity} would be packed",),
    ),
    Act(P.WAREHOUSE, Text("packs four cups in parcel 1", "1 号箱装 4 个保温杯"), _scan(CUP, 4)),
    Act(
        P.WAREHOUSE,
        Text("wants to go on without the lids", "未装杯盖就想结束扫描"),
        _step("Finish Scanning"),
        refused=("Not everything is packed yet",),
    ),
    Act(
        P.WAREHOUSE,
        Text("packs the lids in parcel 2; the shipment moves to the scales", "2 号箱装杯盖，转称重"),
        _scan(LID, 2, 2),
        then=(_stands("Weighing", computed_weight=2.2),),
    ),
    Act(
        P.WAREHOUSE,
        Text("weighs: parcel 1 is too heavy, and nobody has inspected", "称重：1 号箱偏重，且未检查"),
        call("api.shipments.weigh", shipment="{shipment}", weights={"1": 3.9, "2": 0.2}),
        then=(_stands("Weighing", weight=4.1),),
    ),
    Act(
        P.WAREHOUSE,
        Text("wants to dispatch all the same", "仍想出库"),
        _step("Dispatch"),
        refused=("Shipment {shipment} weighs {weighed} kg", "Nobody has inspected the goods of shipment"),
    ),
    Act(
        P.QUALITY,
        Text("opens the parcels: all right, the box is heavy", "开箱检查：货物正确，纸箱较重"),
        call("api.shipments.inspect", shipment="{shipment}", result="Passed"),
    ),
    Act(
        P.WAREHOUSE,
        Text("wants to let the weight pass by himself", "想自行放行重量"),
        on_order(
            "api.gates.override_gate",
            gate="weight_differs",
            check_point="Ship",
            kind="Manager Override",
            reason="纸箱较重",
            due_date=Day(0),
        ),
        refused=("This can be overridden by: {0}",),
    ),
    Act(
        P.QUALITY,
        Text("lets the weight pass", "对重量放行"),
        on_order(
            "api.gates.override_gate",
            gate="weight_differs",
            check_point="Ship",
            kind="Manager Override",
            reason="纸箱较重",
            due_date=Day(0),
        ),
    ),
    Act(
        P.WAREHOUSE,
        Text("dispatches", "出库"),
        _step("Dispatch"),
        then=(_stands("Shipped"), is_in("Shipped")),
    ),
)

DOOR: Final[Scenes] = (
    Chapter(Text("To the door 配送与签收 (R-290, R-303..R-308, K-22)", "配送与签收")),
    Act(
        P.LOGISTICS,
        Text("hands over to the carrier", "交物流公司"),
        _step("Hand Over to Carrier"),
        then=(_stands("In Transit"),),
    ),
    Act(
        P.LOGISTICS,
        Text("reports the delivery without a signature", "无签名登记签收"),
        call("api.deliveries.record_delivery", shipment="{shipment}", received_by="王先生"),
        refused=("Let the receiver sign",),
    ),
    Act(
        P.LOGISTICS,
        Text("reports it with the customer's identity card", "凭身份证件登记签收"),
        call(
            "api.deliveries.record_delivery",
            shipment="{shipment}",
            received_by="王先生",
            proof="Identity Document",
            delivered_at=Moment(0),
        ),
        then=(_stands("Delivered", received_by="王先生"), is_in("Received")),
    ),
    Act(
        P.DESK,
        Text("takes the customer's call: one cup has a dent", "客户来电：一个杯子有凹痕"),
        on_order(
            "api.deliveries.report_trouble",
            {"case": "case"},
            kind="Damage",
            description="一个杯子有凹痕",
            shipment="{shipment}",
        ),
    ),
    Act(
        P.AFTER_SALES,
        Text("tells the customer that a new one comes", "告知客户补发一个"),
        call("api.deliveries.tell_customer", case="{case}", words="补发一个新杯子"),
    ),
    Act(
        P.AFTER_SALES,
        Text("closes the case without its cause", "未查原因就想关闭"),
        call("api.deliveries.close_case", case="{case}", solution="Replace"),
        refused=("Find the cause with quality and production",),
    ),
    Act(
        P.AFTER_SALES,
        Text("closes it: pressed in the van, the carrier pays", "关闭：运输挤压，物流公司赔付"),
        call(
            "api.deliveries.close_case",
            case="{case}",
            solution="Replace",
            cost=10,
            cause="运输挤压",
            claimed_from="物流公司",
        ),
        then=(Shows("Delivery Case", "{case}", {"case_state": "Closed"}),),
    ),
)

WAREHOUSE: Final = Script(
    name="warehouse",
    title=Text("From stock to signature 从库存到签收", "从库存到签收"),
    channels={CHANNEL: CHANNEL},
    props=(
        Prop(
            P.KEEPER,
            "Flow Profile",
            CHANNEL,
            {
                "profile_name": CHANNEL,
                "warehouse_stages": 1,
                "reserve_stock": 1,
                "gates": [
                    {"gate": "Weight Differs", **_AT_THE_DOOR},
                    {"gate": "Not Inspected", **_AT_THE_DOOR},
                ],
            },
        ),
        Prop(
            P.KEEPER,
            "Warehouse",
            STORE,
            {"warehouse_code": STORE, "warehouse_name": "示例成品库", "province": "广东省", "city": "佛山市"},
        ),
    ),
    scenes=(*fax(CHANNEL, STORE), *STOCK, *HOUSE, *DOOR, *LED_BY_WDT),
    articles=ARTICLES,
)
