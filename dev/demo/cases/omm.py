"""OMM 订单管理办法: regular and non-regular review, a credit customer over his limit, an order above 500,000.

Source: 001_5ac8 OMM 一.二.二-五, REG24 第十条, REG50 二.2; 004_ba2f RULE 第四条2, 第五条 (R-078..R-081,
R-120, R-134, R-160..R-164, R-224, R-228, R-230).
"""

from __future__ import annotations

from typing import Any, Final

from dev.demo.cases.script import (
    Act,
    Call,
    Chapter,
    Clock,
    Day,
    Edit,
    Enter,
    Flow,
    Moment,
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
    paper,
    says_yes,
)

P = Person
CHANNEL: Final = "Demo OMM"
CABINET: Final = "DEMO-OMM-GGD"
BIG: Final = "{order2}"
RAISE: Final = "Credit Raise Request"


def _order(name: str, quantity: int, **more: Any) -> Enter:
    values = order_values(
        "{customer}",
        channel=CHANNEL,
        payment_term="Monthly Account",
        items=[{"product": CABINET, "quantity": quantity, "unit_price": 20000}],
        **more,
    )
    return Enter(
        "Order", values, {name: "name"} if name != "order" else {name: "name", "line": "items.0.name"}
    )


def _contract(order: str, label: str) -> tuple[Act, Act]:
    return (
        paper(P.SALES, "the signed contract", "双方签订的合同", label, order),
        Act(
            P.SALES,
            Text("records it as evidence", "登记为确认凭据"),
            call(
                "api.gates.record_evidence",
                order=order,
                kind="Signed Contract",
                received_from="李总",
                attachment=f"{{{label}}}",
            ),
        ),
    )


_CONTRACT_APPROVED: Final = Act(
    P.MARKETING_DIRECTOR,
    Text("approves the contract on monthly account (R-120)", "审批月结合同（R-120）"),
    answer("Marketing Management"),
)


def _credit(limit: int) -> Edit:
    values = {"account_kind": "Credit", "credit_limit": limit, "credit_valid_until": Day(365)}
    return Edit("Customer", "{customer}", values, {})


REGULAR: Final[Scenes] = (
    Chapter(Text("A regular order on account 常规订单 (OMM 一.二.二.1)", "常规订单，月结（OMM 一.二.二.1）")),
    Act(
        P.DESK,
        Text("enters a new customer", "录入新客户"),
        Enter("Customer", {"customer_name": "OMM 示例电力 {mark}"}, {"customer": "name"}),
    ),
    Act(
        P.DESK,
        Text("takes an order over 80,000 on monthly account", "接单：80,000元，月结"),
        _order("order", 4),
        then=(
            Shows("Order", "{order}", {"technical_class": "Regular", "total": 80000}),
            Clock("R-224-N", "Running", hours=24),
            Clock("R-225", "Running", minutes_working=60),
        ),
    ),
    Act(
        P.DESK,
        Text("wants to confirm it", "想确认订单"),
        on_order("api.confirm"),
        refused=(
            "The departments have not reviewed the order",
            "Nothing proves that the customer confirmed",
            "'{term}' needs a credit account",
            "The customer is new and his credit is not assessed",
        ),
        then=(is_in("Unconfirmed"),),
    ),
    Act(
        P.FINANCE,
        Text("wants to grant credit before any assessment", "未评估就想授信"),
        _credit(100000),
        refused=("The credit of {0} has not passed an assessment",),
    ),
    Act(
        P.SALES,
        Text("wants to assess the customer", "想自己评估客户信用"),
        call("api.money.assess_customer", customer="{customer}", result="Passed"),
        refused=("{0} is done by: {1}",),
    ),
    Act(
        P.FINANCE,
        Text("assesses him: passed", "评估客户信用：通过"),
        call("api.money.assess_customer", customer="{customer}", result="Passed", remark="三年报表良好"),
    ),
    Act(
        P.FINANCE,
        Text("grants 100,000 for a year", "授信100,000元，一年有效"),
        _credit(100000),
        then=(Shows("Customer", "{customer}", {"credit_limit": 100000}),),
    ),
    Act(
        P.DESK,
        Text("sends it to review: three departments, the marketing director", "送评审：三个部门，营销总监"),
        Flow("Order", "{order}", "Send to Review", {"review": "review_checklist"}),
        then=(is_in("Under Review"),),
    ),
    says_yes(P.SALES),
    says_yes(P.PRODUCTION),
    Act(
        P.PLANNING,
        Text("answers for material control: No, the copper bars are short", "代表物控答复：否，铜排不足"),
        answer("Material Control", "No", "铜排不足，建议推迟一周"),
        then=(is_in("Unconfirmed"), Shows("Review Checklist", "{review}", {"status": "Refused"})),
    ),
    Act(
        P.DESK,
        Text("agrees a week more with the customer and sends it again", "与客户商定推迟一周，再送评审"),
        Flow("Order", "{order}", "Send to Review", {"review": "review_checklist"}),
    ),
    says_yes(P.SALES),
    says_yes(P.PRODUCTION),
    _CONTRACT_APPROVED,
    Act(
        P.PLANNING,
        Text("answers for material control: Yes", "代表物控答复：是"),
        answer("Material Control", stated_date=Day(28)),
        then=(Shows("Review Checklist", "{review}", {"status": "Agreed", "round": 2}),),
    ),
    *_contract("{order}", "contract"),
    Act(
        P.DESK,
        Text("confirms within the 24 hours", "在24小时内确认"),
        on_order("api.confirm"),
        then=(is_in("Confirmed"), Clock("R-224-N", "Met"), Clock("R-225", "Met")),
    ),
    Act(
        P.SALES,
        Text(
            "says that both sides signed; the instruction is due in four hours",
            "双方已签字；4小时内下达生产指令",
        ),
        on_order("api.clocks.record_event", event="Order Signed", remark="合同已双签"),
        then=(Clock("R-228", "Running", minutes_working=240),),
    ),
    Act(
        P.DESK,
        Text("gives the production instruction", "下达生产指令"),
        on_order("api.gates.release_to_planning"),
        then=(Clock("R-228", "Met"), Clock("R-232-O", "Running", minutes_working=240)),
    ),
    Act(
        P.PRODUCTION,
        Text("breaks it down into tasks", "分解生产任务"),
        on_order("api.clocks.record_event", event="Tasks Broken Down", remark="已分解"),
        then=(Clock("R-232-O", "Met"),),
    ),
)

CHANGED: Final[Scenes] = (
    Chapter(
        Text(
            "The customer changes a detail: 30 minutes 客户更改 (OMM 一.二.五.2)",
            "客户更改，30分钟内反应（OMM 一.二.五.2）",
        )
    ),
    Act(
        P.SALES,
        Text("writes the change notice as the customer calls", "接到客户电话，填写更改通知单"),
        on_order(
            "api.changes.propose",
            {"notice": "notice"},
            kind="Small Local Change",
            reason="铭牌改双语",
            changes=[{"line": "{line}", "field": "remark", "value": "铭牌中英文"}],
        ),
        then=(Clock("R-230", "Running", minutes_working=30),),
    ),
    Act(
        P.SALES,
        Text("sends it to production within the 30 minutes", "30分钟内送生产部"),
        call("api.changes.step", notice="{notice}", step="Send to Departments"),
        then=(Clock("R-230", "Met"),),
    ),
    Act(
        P.PRODUCTION,
        Text("answers: Yes", "答复：是"),
        call("api.changes.answer", notice="{notice}", department="Production", answer="Yes"),
    ),
    Act(P.DESK, Text("approves", "批准"), call("api.changes.step", notice="{notice}", step="Approve")),
    Act(
        P.DESK,
        Text("applies it", "使更改生效"),
        call("api.changes.step", notice="{notice}", step="Apply"),
        then=(Shows("Change Notice", "{notice}", {"change_state": "Applied"}),),
    ),
)


def _meeting(kind: str) -> Call:
    return call(
        "api.reviews.record_meeting",
        checklist="{review}",
        kind=kind,
        held_at=Moment(-1),
        participants="业务、设计、生产、物控",
        minutes="{minutes}",
    )


def _raise(state: str) -> Edit:
    return Edit(RAISE, "{raise}", {"workflow_state": state}, {})


REVIEWED: Final[Scenes] = (
    Chapter(
        Text(
            "A non-regular order above 500,000 非常规订单 (OMM 一.二.二.2, REG50 二.2)",
            "非常规订单，超过50万元（OMM 一.二.二.2，REG50 二.2）",
        )
    ),
    Act(
        P.DESK,
        Text("takes an order over 600,000 that needs a new design", "接单：600,000元，需要新设计"),
        _order("order2", 30, needs_new_design=1),
        then=(Shows("Order", BIG, {"technical_class": "Non-regular", "total": 600000}),),
    ),
    Act(
        P.DESK,
        Text("sends it to review", "送评审"),
        Flow("Order", BIG, "Send to Review", {"review": "review_checklist"}),
    ),
    Act(
        P.GENERAL_MANAGER,
        Text("wants to approve before the first level has", "第一级未批就想批准"),
        answer("General Management"),
        refused=("Level {0} of the approval is still open",),
    ),
    says_yes(P.SALES),
    says_yes(P.TECHNOLOGY),
    says_yes(P.PRODUCTION),
    Act(
        P.PLANNING, Text("answers for material control: Yes", "代表物控答复：是"), answer("Material Control")
    ),
    _CONTRACT_APPROVED,
    Act(
        P.SALES_MANAGER,
        Text("approves as first level", "第一级批准"),
        answer("Sales Management"),
    ),
    Act(
        P.GENERAL_MANAGER,
        Text("approves as second level", "第二级批准"),
        answer("General Management"),
    ),
    *_contract(BIG, "contract2"),
    Act(
        P.DESK,
        Text("wants to confirm without briefing and meeting", "未交底、未开会就想确认"),
        call("api.confirm", order=BIG),
        refused=("{meetings}: not held or not recorded yet",),
        then=(Stops(("meeting_not_held",), BIG),),
    ),
    paper(P.DESK, "the minutes", "会议纪要", "minutes", BIG),
    Act(P.DESK, Text("records the technical briefing", "登记技术交底"), _meeting("Technical Briefing")),
    Act(
        P.DESK,
        Text("records the review meeting", "登记订单评审会"),
        _meeting("Review Meeting"),
        then=(Shows("Review Checklist", "{review}", {"status": "Agreed"}),),
    ),
    Act(
        P.DESK,
        Text("confirms; the credit limit is only warned of here", "确认；此处额度只作提醒"),
        call("api.confirm", order=BIG),
        then=(is_in("Confirmed", BIG),),
    ),
)

OVER_LIMIT: Final[Scenes] = (
    Chapter(Text("Over the credit limit 超信用额度 (RULE 第四条2)", "超信用额度（RULE 第四条2）")),
    Act(
        P.DESK,
        Text("wants to give the production instruction", "想下达生产指令"),
        call("api.gates.release_to_planning", order=BIG),
        refused=(
            "With this order the customer would owe",
            "The order is worth {worth}; from {large_from} on",
        ),
        then=(Shows("Order", BIG, {"planning_released_at": ""}),),
    ),
    Act(
        P.AFTER_SALES,
        Text("asks for 700,000 on the customer's behalf", "为客户申请提额至700,000"),
        Enter(
            RAISE,
            {
                "customer": "{customer}",
                "order_id": BIG,
                "requested_limit": 700000,
                "valid_until": Day(60),
                "reason": "新站项目，客户付款一向准时",
            },
            {"raise": "name"},
        ),
        then=(Shows(RAISE, "{raise}", {"workflow_state": "Requested", "present_limit": 100000}),),
    ),
    Act(
        P.FINANCE,
        Text("wants to grant it at once", "想直接授予"),
        _raise("Granted"),
        refused=("The request is {source} and cannot become {target}",),
        then=(Shows("Customer", "{customer}", {"temporary_limit": 0}),),
    ),
    Act(P.SALES_MANAGER, Text("approves", "批准"), _raise("Approved by Sales Manager")),
    Act(P.MARKETING_DIRECTOR, Text("approves", "批准"), _raise("Approved by Marketing Director")),
    Act(
        P.FINANCE,
        Text("checks anew and grants it", "重新核查并授予"),
        _raise("Granted"),
        then=(
            Shows("Customer", "{customer}", {"temporary_limit": 700000, "temporary_limit_until": Day(60)}),
        ),
    ),
    Act(
        P.FINANCE,
        Text("checks the credit of the large order: passed", "大额订单信用检查：通过"),
        call("api.money.check_credit", order=BIG, result="Passed", remark="额度内"),
    ),
    Act(
        P.DESK,
        Text("gives the production instruction", "下达生产指令"),
        call("api.gates.release_to_planning", order=BIG),
        then=(Shows("Order", BIG, {"planning_released_by": "/order.desk@.*/"}),),
    ),
)

OMM: Final = Script(
    name="omm",
    title=Text(
        "OMM: regular 常规 and non-regular 非常规 orders, credit 信用, change 更改",
        "OMM 订单管理办法：常规与非常规评审，信用额度，更改",
    ),
    channels={CHANNEL: "OMM Manufacturing"},
    props=(
        Prop(
            P.DESK,
            "Product",
            CABINET,
            {
                "product_code": CABINET,
                "product_name": "低压配电柜 GGD",
                "list_price": 20000,
                "tax_percent": 13,
            },
        ),
    ),
    scenes=(*REGULAR, *CHANGED, *REVIEWED, *OVER_LIMIT),
)
