"""The exercise of the slides: a fax, four articles in cartons, wanted before four o'clock, on account.

Source: 000_4be0 WH8, requirements 2.5 (R-036, R-258..R-260, R-268, R-270..R-273).
"""

from __future__ import annotations

from typing import Final

from dev.demo.cases.script import (
    Act,
    Call,
    Chapter,
    Day,
    Edit,
    Enter,
    Finds,
    Logged,
    Person,
    Scenes,
    Shows,
    Text,
    call,
    is_in,
    paper,
)

P = Person
ORDER: Final = "{order5}"
MILK, TOBACCO, OIL, CAKE = "FAX-MILK-{mark}", "FAX-SHA-{mark}", "FAX-OIL-{mark}", "FAX-CAKE-{mark}"
NAMES: Final = {
    MILK: "伊利舒化奶（乳铁蛋白）",
    TOBACCO: "精白沙烟（第二代）",
    OIL: "长青树葵花健康调和油（5L）",
    CAKE: "旺旺大米饼（400g）经济包",
}
CARTONS: Final = {MILK: 50, TOBACCO: 10, OIL: 30, CAKE: 30}
ACCOUNT: Final = {"account_kind": "Credit", "credit_limit": 50000}
IN_STORE: Final = {MILK: 60, TOBACCO: 10, OIL: 30, CAKE: 20}
DECIDES: Final = call(
    "api.stock.decide_shortage",
    shortage="{shortage}",
    decision="Wait for a Later Delivery",
    new_date=Day(4),
)


def _goods(code: str) -> Act:
    values = {
        "product_code": code,
        "product_name": NAMES[code],
        "unit": "箱",
        "pieces_per_carton": 1,
        "carton_seconds": 12,
        "search_seconds": 30,
    }
    return Act(
        P.DESK,
        Text(f"enters {NAMES[code]} by the carton", f"录入{NAMES[code]}，按箱"),
        Enter("Product", values, {}),
    )


def _stock(code: str, store: str) -> Act:
    number = IN_STORE[code]
    values = {"product": code, "warehouse": store, "physical": number, "available": number}
    return Act(
        P.WAREHOUSE,
        Text(f"counts {number} cartons of it", f"盘点：{number} 箱"),
        Enter("Stock Level", values, {}),
    )


AFTERWARDS: Final[Scenes] = (
    Act(
        P.DESK,
        Text("confirms; what is there is set aside", "确认订单，现货随即预留"),
        call("api.confirm", order=ORDER),
        then=(is_in("Confirmed", ORDER),),
    ),
    Act(
        P.PLANNING,
        Text("allocates: ten cartons of rice cakes are missing", "分配库存：大米饼缺 10 箱"),
        call("api.stock.allocate", {"faxrun": "run"}, orders=[ORDER]),
        then=(
            Shows("Allocation Run", "{faxrun}", {"lines_short": 1}),
            Finds("Shortage", {"order_id": ORDER}, ({"product": CAKE, "missing": 10},)),
            Logged("Picking Plan", {"lines": 4, "minutes": 29}, ORDER),
        ),
    ),
    Act(
        P.WAREHOUSE,
        Text(
            "finds it on the picking plan: 29 minutes of work, and prints the pick slip",
            "拣货计划：需 29 分钟；打印拣货单",
        ),
        Call(
            "frappe.www.printview.get_html_and_style",
            {"doc": "Order", "name": ORDER, "print_format": "Pick Slip"},
            {},
        ),
    ),
    Act(
        P.DESK,
        Text("looks the shortage up", "查看缺货"),
        Call(
            "frappe.client.get_value",
            {"doctype": "Shortage", "filters": {"order_id": ORDER}, "fieldname": "name"},
            {"shortage": "name"},
        ),
    ),
    Act(
        P.PLANNING,
        Text("wants to promise the rest himself", "想自行答应补发"),
        DECIDES,
        refused=("Shortages are decided by",),
    ),
    Act(P.DESK, Text("offers the rest four days later", "建议四天后补发"), DECIDES),
    Act(
        P.DESK,
        Text("asks the customer, who agrees by telephone", "致电客户，客户同意"),
        call("api.stock.answer_shortage", shortage="{shortage}", agreed=True, remark="黄经理电话同意"),
        then=(Finds("Shortage", {"order_id": ORDER}, ({"shortage_state": "Agreed"},)),),
    ),
)


def fax(channel: str, store: str) -> Scenes:
    """The chapter, in a company's channel and store.

    Args:
        channel: the Sales Channel.
        store: the Warehouse.
    """
    masters = tuple(act for code in CARTONS for act in (_goods(code), _stock(code, store)))
    order = {
        "customer": "{chain}",
        "channel": channel,
        "external_number": "FAX-{mark}",
        "payment_term": "Monthly Account",
        "contact_person": "黄经理",
        "mobile": "13800000000",
        "province": "广东省",
        "city": "珠海市",
        "district": "香洲区",
        "address_line": "情侣中路1号",
        "requested_delivery_at": Day(2, "16:00:00"),
        "items": [
            {"product": code, "quantity": number, "unit_price": 10} for code, number in CARTONS.items()
        ],
    }
    return (
        Chapter(Text("A fax comes in 收到传真订单 (requirements 2.5)", "收到传真订单")),
        *masters,
        Act(
            P.DESK,
            Text("enters the customer", "录入客户"),
            Enter("Customer", {"customer_name": "大商连锁有限公司2号店 {mark}"}, {"chain": "name"}),
        ),
        Act(
            P.FINANCE,
            Text("gives him an account without looking at his credit", "未评估就想给予账期"),
            Edit("Customer", "{chain}", ACCOUNT, {}),
            refused=("The credit of {0} has not passed an assessment",),
        ),
        Act(
            P.FINANCE,
            Text("assesses his credit", "评估信用"),
            call("api.money.assess_customer", customer="{chain}", result="Passed", remark="老客户，按月结清"),
        ),
        Act(
            P.FINANCE,
            Text("gives him an account: he pays by the month", "给予月结账期"),
            Edit("Customer", "{chain}", ACCOUNT, {}),
        ),
        Act(
            P.DESK,
            Text("takes the fax: wanted the day after tomorrow before 16:00", "录入传真：后天 16:00 前送达"),
            Enter("Order", order, {"order5": "name"}),
            then=(Shows("Order", ORDER, {"requested_delivery_at": "/.* 16:00:00/"}),),
        ),
        paper(P.DESK, "the fax", "传真件", "fax", ORDER),
        *AFTERWARDS,
    )
