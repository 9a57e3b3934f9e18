"""PMC 订单评审程序: a verbal order acknowledged in writing, four hours and four hours, five departments.

Source: 001_5ac8 PMC 3.2-3.6, 4.2.1-4.2.3, 4.3.1-4.3.4 (R-056, R-088, R-092, R-111, R-226, R-227, R-233).
"""

from __future__ import annotations

from typing import Any, Final

from dev.demo.cases.script import (
    Act,
    Chapter,
    Clock,
    Day,
    Edit,
    Enter,
    Look,
    Moment,
    Paper,
    Person,
    Prop,
    Scenes,
    Script,
    Shows,
    Stops,
    Text,
    answer,
    call,
    is_in,
    on_order,
    order_values,
    says_yes,
)

P = Person
CHANNEL: Final = "Demo PMC"
PUMP: Final = "DEMO-PMC-PUMP"
FIVE: Final = (P.PLANNING, P.TECHNOLOGY, P.QUALITY, P.PURCHASING, P.PRODUCTION)


def _line(price: float, **more: Any) -> dict[str, Any]:
    return {
        "product": PUMP,
        "quantity": 40,
        "unit_price": price,
        "agreed_quantity": 40,
        "agreed_price": 320,
        **more,
    }


TAKEN: Final[Scenes] = (
    Chapter(Text("A verbal order 口头订单 (PMC 4.2.1)", "口头订单（PMC 4.2.1）")),
    Act(
        P.DESK,
        Text("enters a new customer", "录入新客户"),
        Enter("Customer", {"customer_name": "PMC 示例泵业 {mark}"}, {"customer": "name"}),
    ),
    Act(
        P.SALES,
        Text(
            "writes down what the customer ordered by telephone: 40 pumps at 330",
            "把客户电话所订写成订单：水泵40台，单价330",
        ),
        Enter(
            "Order",
            order_values("{customer}", channel=CHANNEL, payment_term="Cash on Delivery", items=[_line(330)]),
            {"order": "name", "line": "items.0.name"},
        ),
        then=(is_in("Unconfirmed"), Clock("R-226-1", "Running", minutes_working=240)),
    ),
    Act(
        P.DESK,
        Text("wants to confirm it", "想确认订单"),
        on_order("api.confirm"),
        refused=(
            "These lines differ from what was agreed",
            "The price of these lines is neither the agreed one nor the list price",
            "Nothing proves that the customer confirmed",
        ),
        then=(
            is_in("Unconfirmed"),
            Stops(("differs_from_agreement", "price_not_agreed", "confirmation_not_proven")),
        ),
    ),
    Act(
        P.SALES,
        Text(
            "finds 320 on the quotation and asks the customer; the four hours rest",
            "发现报价为320，与客户商谈；4小时暂停计时",
        ),
        on_order("api.clocks.pause", reason="Difference Under Discussion", remark="报价320，订单330"),
        then=(Clock("R-226-1", "Paused"),),
    ),
    Act(
        P.SALES,
        Text("corrects the price to 320, as quoted", "按报价把单价改为320"),
        Edit("Order", "{order}", {"items": [_line(320, name="{line}")]}, {}),
        then=(Shows("Order", "{order}", {"total": 12800}),),
    ),
    Act(
        P.SALES,
        Text("lets the clock go on", "恢复计时"),
        on_order("api.clocks.resume", reason="Difference Under Discussion", remark="客户同意按报价"),
        then=(Clock("R-226-1", "Running", minutes_working=240),),
    ),
    Act(
        P.SALES,
        Text("keeps the record of the telephone call", "登记口头订单记录"),
        on_order(
            "api.gates.record_evidence",
            kind="Verbal Order Record",
            received_from="陈经理",
            remark="电话订购水泵40台，单价320元",
        ),
    ),
    Act(
        P.DESK,
        Text("wants to confirm on the record alone", "想仅凭口头记录确认"),
        on_order("api.confirm"),
        refused=("Nothing proves that the customer confirmed",),
        then=(is_in("Unconfirmed"),),
    ),
    Act(
        P.SALES,
        Text("uploads the customer's written acknowledgement", "上传客户的书面确认"),
        Paper("paper", "客户确认：水泵40台，单价320元。"),
    ),
    Act(
        P.SALES,
        Text("records it as evidence (R-111)", "登记为确认凭据（R-111）"),
        on_order(
            "api.gates.record_evidence",
            kind="Customer Acknowledgement",
            received_from="陈经理",
            attachment="{paper}",
        ),
        then=(Stops(()),),
    ),
    Act(
        P.SALES,
        Text(
            "has compared order, enquiry and quotation: the first four hours end",
            "已核对订单与询价、报价：前4小时结束",
        ),
        on_order("api.gates.check_order"),
        then=(
            Clock("R-226-1", "Met"),
            Clock("R-226-2", "Running", minutes_working=240),
        ),
    ),
    Act(
        P.DESK,
        Text(
            "confirms: the second four hours end, those to production control begin",
            "确认订单：后4小时结束，转PMC的4小时开始",
        ),
        on_order("api.confirm"),
        then=(
            is_in("Confirmed"),
            Clock("R-226-2", "Met"),
            Clock("R-227", "Running", minutes_working=240),
        ),
    ),
)

REVIEWED: Final[Scenes] = (
    Chapter(Text("Five departments review 五部门评审 (PMC 4.3)", "五部门评审（PMC 4.3）")),
    Act(
        P.DESK,
        Text("wants to hand it to production control", "想下达PMC"),
        on_order("api.gates.release_to_planning"),
        refused=("Review {checklist} waits for the answers of",),
        then=(Shows("Order", "{order}", {"planning_released_at": ""}),),
    ),
    Act(
        P.PLANNING,
        Text(
            "opens the review that the confirmation asked of the five departments",
            "打开确认后自动发起的五部门评审",
        ),
        Look("Order", "{order}", {"review": "review_checklist"}),
        then=(Shows("Review Checklist", "{review}", {"status": "In Review", "round": 1}),),
    ),
    Act(
        P.FINANCE,
        Text("answers for the quality department", "替品质部答复"),
        answer(P.QUALITY),
        refused=("For {0} answers:",),
    ),
    says_yes(P.PLANNING),
    says_yes(P.TECHNOLOGY),
    Act(
        P.PURCHASING,
        Text("answers No: the motors come a week too late", "答复：否，电机晚到一周"),
        answer(P.PURCHASING, "No", "电机交期晚一周"),
        then=(Shows("Review Checklist", "{review}", {"status": "Refused"}), Stops(("review_refused",))),
    ),
    Act(
        P.DESK,
        Text("wants to hand it over all the same", "仍想下达"),
        on_order("api.gates.release_to_planning"),
        refused=("The departments refused the order in review",),
    ),
    Act(
        P.PLANNING,
        Text("asks again after a second supplier was found: round two", "找到第二家供应商后再次评审：第二轮"),
        on_order("api.reviews.start_review", {"review": "checklist"}),
        then=(Shows("Review Checklist", "{review}", {"status": "In Review", "round": 2}),),
    ),
    *(says_yes(department) for department in FIVE[:-1]),
    Act(
        P.PRODUCTION,
        Text(
            "answers as the fifth: Yes; the plan is due within 24 hours", "第五个答复：是；24小时内出生产计划"
        ),
        answer(P.PRODUCTION, stated_date=Day(30)),
        then=(
            Shows("Review Checklist", "{review}", {"status": "Agreed"}),
            Shows("Order", "{order}", {"review_status": "Agreed"}),
            Clock("R-233", "Running", hours=24),
        ),
    ),
    Act(
        P.DESK,
        Text("hands it to production control", "下达PMC"),
        on_order("api.gates.release_to_planning"),
        then=(
            Shows("Order", "{order}", {"planning_released_by": "/order.desk@.*/"}),
            Clock("R-227", "Met"),
        ),
    ),
    Act(
        P.PLANNING,
        Text("hands the production plan to sales", "把生产计划交给业务部"),
        on_order("api.clocks.record_event", event="Production Plan Received", remark="计划 {order}"),
        then=(Clock("R-233", "Met"),),
    ),
)

LATE: Final[Scenes] = (
    Chapter(Text("An order that lay for three weeks 积压的订单 (PMC 4.2.2)", "积压三周的订单（PMC 4.2.2）")),
    Act(
        P.SALES,
        Text("enters an order that came twenty days ago", "录入二十天前收到的订单"),
        Enter(
            "Order",
            order_values(
                "{customer}",
                channel=CHANNEL,
                payment_term="Cash on Delivery",
                ordered_at=Moment(-20 * 24 * 60),
                items=[_line(320)],
            ),
            {"order2": "name"},
        ),
        then=(Clock("R-226-1", "Running", minutes_working=240, order="{order2}"),),
    ),
    Act(
        P.SALES,
        Text("compares it with the quotation, long after the four hours", "与报价核对，早已超过4小时"),
        call("api.gates.check_order", order="{order2}"),
        then=(Clock("R-226-1", "Missed", order="{order2}"),),
    ),
)

DELIVERED: Final[Scenes] = (
    Chapter(Text("Delivered and paid 交货收款", "交货收款")),
    Act(
        P.LOGISTICS,
        Text("ships", "发货"),
        on_order("api.ship", carrier="德邦物流", waybill_number="PMC{mark}"),
        then=(is_in("Shipped"),),
    ),
    Act(
        P.DESK,
        Text("writes down that the customer signed; the time for claims begins", "登记客户签收；索赔期开始"),
        on_order("api.confirm_receipt"),
        then=(is_in("Received"), Clock("R-250", "Running")),
    ),
    Act(
        P.FINANCE,
        Text("confirms the money", "确认收款"),
        on_order("api.record_payment", amount="12800", reference="PMC-{mark}"),
        then=(is_in("Completed"), Shows("Order", "{order}", {"settlement_status": "Settled"})),
    ),
)

PMC: Final = Script(
    name="pmc",
    title=Text(
        "PMC: a verbal order 口头订单, five departments 五部门评审", "PMC 订单评审程序：口头订单，五部门评审"
    ),
    channels={CHANNEL: "PMC"},
    props=(
        Prop(
            P.DESK,
            "Product",
            PUMP,
            {"product_code": PUMP, "product_name": "水泵", "list_price": 320, "tax_percent": 13},
        ),
    ),
    scenes=(*TAKEN, *REVIEWED, *DELIVERED, *LATE),
)
