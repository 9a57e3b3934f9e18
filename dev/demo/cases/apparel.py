"""Apparel 服装订单评审: no date before the review, three days of study, then the meeting fixes it.

Source: 001_5ac8 APP 1.1.1-1.1.4 (R-083..R-087). The three days are real time, which a story cannot turn: the
first order shows them running; the second follows a copy of the procedure whose study time an administrator
set to nought, and goes through to the fixed date.
"""

from __future__ import annotations

from typing import Any, Final

from dev.demo.cases.script import (
    Act,
    Call,
    Chapter,
    Clock,
    Copy,
    Day,
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
CHANNEL: Final = "Demo Apparel"
NO_STUDY: Final = "Demo Apparel Without Study"
"""The copy of the procedure, and the channel that follows it."""
COAT: Final = "DEMO-APP-COAT"
STYLE: Final = "Apparel Non-regular Style"
SHORT: Final = "Apparel Shortened Cycle"
BUDGET: Final = "Apparel Cost Budget Sheet"
RISK: Final = "Does the customer know the risk and the extra cost of the short cycle?"
FOUR: Final = (P.TECHNOLOGY, P.PURCHASING, P.PLANNING, P.PRODUCTION)


def _order(name: str, channel: str, **more: Any) -> Enter:
    values = order_values(
        "{customer}",
        channel=channel,
        payment_term="Cash on Delivery",
        items=[{"product": COAT, "quantity": 300, "unit_price": 180}],
        **more,
    )
    return Enter("Order", values, {name: "name"})


def _to_review(order: str = "{order}") -> Flow:
    return Flow("Order", order, "Send to Review", {"review": "review_checklist"})


def _meeting(**dates: Day) -> Call:
    return call(
        "api.reviews.record_meeting",
        checklist="{review}",
        kind="Review Meeting",
        held_at=Moment(-1),
        participants="业务、技术、采购、计划、生产",
        minutes="{minutes}",
        **dates,
    )


def _confirmed_by_mail(order: str, label: str) -> tuple[Act, Act]:
    return (
        paper(P.SALES, "the customer's e-mail", "客户邮件", label, order),
        Act(
            P.SALES,
            Text("records it as evidence", "登记为确认凭据"),
            call(
                "api.gates.record_evidence",
                order=order,
                kind="E-mail",
                received_from="周小姐",
                attachment=f"{{{label}}}",
            ),
        ),
    )


STUDIED: Final[Scenes] = (
    Chapter(
        Text(
            "A non-regular style: three days of study 非常规款式 (APP 1.1.2, 1.1.4)",
            "非常规款式：核对三天（APP 1.1.2、1.1.4）",
        )
    ),
    Act(
        P.DESK,
        Text("enters a new customer", "录入新客户"),
        Enter("Customer", {"customer_name": "服装示例商行 {mark}"}, {"customer": "name"}),
    ),
    Act(
        P.SALES,
        Text("takes an order for a new style and promises a date at once", "接新款订单，当场答应交期"),
        _order("order", CHANNEL, needs_new_design=1, promised_date=Day(45)),
        refused=("Nobody promises a date before the review",),
    ),
    Act(
        P.SALES,
        Text("takes it without a date", "接单，交期留空"),
        _order("order", CHANNEL, needs_new_design=1),
        then=(Shows("Order", "{order}", {"technical_class": "Non-regular", "promised_date": ""}),),
    ),
    Act(
        P.SALES_MANAGER,
        Text("promises the date in his place", "替他答应交期"),
        on_order("api.reviews.promise_date", day=Day(45)),
        refused=("Nobody promises a date before the review",),
        then=(Shows("Order", "{order}", {"promised_date": ""}),),
    ),
    Act(
        P.SALES,
        Text(
            "hands the documents to the departments; the meeting is in three days",
            "把资料交各部门；三天后开会",
        ),
        _to_review(),
        then=(
            is_in("Under Review"),
            Shows("Review Checklist", "{review}", {"meeting_from": Day(3)}),
            Clock("R-084", "Running", due=Day(3)),
        ),
    ),
    *(
        says_yes(who, "states its price and date", "给出价格和日期", stated_date=Day(40), stated_price="175")
        for who in FOUR
    ),
    says_yes(P.SALES, "signs the cost budget sheet", "签成本预算表"),
    paper(P.SALES, "the minutes of a meeting held today", "今天开会的纪要", "minutes"),
    Act(
        P.SALES,
        Text("wants to record the meeting before the three days are over", "三天未到就想登记会议"),
        _meeting(delivery_date=Day(45)),
        refused=("The departments study the documents until {0}; the meeting",),
        then=(Shows("Review Checklist", "{review}", {"status": "In Review"}),),
    ),
    Act(
        P.DESK,
        Text("wants to confirm without meeting", "未开会就想确认"),
        on_order("api.confirm"),
        refused=("{meetings}: not held or not recorded yet", "Nothing proves that the customer confirmed"),
        then=(is_in("Under Review"), Clock("R-084", "Running", due=Day(3))),
    ),
)

FIXED: Final[Scenes] = (
    Chapter(
        Text(
            "A shorter cycle, and the meeting fixes the date 赶货 (APP 1.1.3, no study time)",
            "赶货，会议定交期（APP 1.1.3，核对时间设为零）",
        )
    ),
    Act(
        P.SALES,
        Text("takes an order whose customer wants it sooner than usual", "接单：客户要求短于正常周期"),
        _order("order2", NO_STUDY, needs_new_design=1, shortened_cycle=1),
        then=(Shows("Order", "{order2}", {"technical_class": "Non-regular"}),),
    ),
    Act(P.SALES, Text("hands the documents to the departments", "把资料交各部门"), _to_review("{order2}")),
    Act(
        P.SALES,
        Text("says that the customer knows the risk, without his paper", "称客户已知风险，未附书面材料"),
        answer(P.SALES, question=RISK),
        refused=("'{0}' needs an attachment before it can be answered",),
    ),
    paper(
        P.SALES,
        "the customer's acknowledgement of risk and extra cost",
        "客户对风险和加急费用的书面确认",
        "risk",
        "{order2}",
    ),
    Act(
        P.SALES,
        Text("answers with it, and signs the cost budget sheet", "附件答复，并签成本预算表"),
        answer(P.SALES, attachment="{risk}"),
    ),
    *(says_yes(who, "can keep the short date: Yes", "能保证短交期：是", stated_date=Day(20)) for who in FOUR),
    paper(P.SALES, "the minutes of the meeting", "会议纪要", "minutes", "{order2}"),
    Act(
        P.SALES,
        Text(
            "records the meeting: material in 8 days, production in 18, delivery in 20",
            "登记会议：8天到料，18天完工，20天交货",
        ),
        _meeting(purchase_date=Day(8), production_date=Day(18), delivery_date=Day(20)),
        then=(
            Shows("Review Checklist", "{review}", {"status": "Agreed"}),
            Shows("Order", "{order2}", {"promised_date": Day(20), "review_status": "Agreed"}),
        ),
    ),
    *_confirmed_by_mail("{order2}", "mail2"),
    Act(
        P.DESK,
        Text("confirms", "确认订单"),
        call("api.confirm", order="{order2}"),
        then=(is_in("Confirmed", "{order2}"),),
    ),
    Act(
        P.SALES,
        Text("wants to promise a better date after the confirmation", "确认后又想改交期"),
        call("api.reviews.promise_date", order="{order2}", day=Day(15)),
        refused=("Order {0} is {1}; its promised date changes only through a change notice",),
        then=(Shows("Order", "{order2}", {"promised_date": Day(20)}),),
    ),
)

REGULAR: Final[Scenes] = (
    Chapter(
        Text(
            "A regular style needs no meeting 常规款式 (APP 1.1.1, 1.1.2)",
            "常规款式不开会（APP 1.1.1、1.1.2）",
        )
    ),
    Act(
        P.SALES,
        Text(
            "takes an order for a known style and states the date from the table",
            "接常规款订单，按周期表填交期",
        ),
        _order("order3", CHANNEL, promised_date=Day(30)),
        then=(Shows("Order", "{order3}", {"technical_class": "Regular", "promised_date": Day(30)}),),
    ),
    *_confirmed_by_mail("{order3}", "mail3"),
    Act(
        P.DESK,
        Text("wants to confirm before the cost budget sheet is signed", "成本预算表未签就想确认"),
        call("api.confirm", order="{order3}"),
        refused=("The departments have not reviewed the order",),
        then=(Stops(("review_outstanding",), "{order3}"),),
    ),
    Act(P.SALES, Text("passes the sheet round", "传签成本预算表"), _to_review("{order3}")),
    says_yes(P.SALES, "signs", "签字"),
    says_yes(P.PURCHASING, "signs the purchase date", "签采购日期", stated_date=Day(10)),
    says_yes(P.PLANNING, "signs the production date", "签生产日期", stated_date=Day(25)),
    Act(
        P.DESK,
        Text("confirms", "确认订单"),
        call("api.confirm", order="{order3}"),
        then=(is_in("Confirmed", "{order3}"),),
    ),
)

APPAREL: Final = Script(
    name="apparel",
    title=Text(
        "Apparel: no date before the review 未经评审不得答应交期",
        "服装订单评审：未经评审不得答应交期",
    ),
    channels={CHANNEL: "Apparel", NO_STUDY: NO_STUDY},
    props=(
        Prop(
            P.DESK,
            "Product",
            COAT,
            {"product_code": COAT, "product_name": "女式大衣", "list_price": 180, "tax_percent": 13},
        ),
        Copy("Flow Profile", "Apparel", {"profile_name": NO_STUDY, "shipped_parts": ""}),
        *(
            Copy(
                "Review Template",
                name,
                {"template_name": f"{name} ({NO_STUDY})", "flow_profile": NO_STUDY, "study_days": 0},
            )
            for name in (STYLE, SHORT, BUDGET)
        ),
    ),
    scenes=(*STUDIED, *FIXED, *REGULAR),
)
