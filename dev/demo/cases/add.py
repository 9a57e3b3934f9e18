"""ADD 订单管理程序: a new framework customer from Europe, from his order to its completion.

Source: 000_4be0 ADD 5.1 and 6.2-6.11 (R-003, R-047, R-067..R-069, R-076, R-077, R-091, R-096..R-100, R-153).
Changes of the confirmed order and his second one, paid by letter of credit, are in ``add_later``.
"""

from __future__ import annotations

from typing import Any, Final

from dev.demo.cases.add_later import CHANGED, DELIVERED, SECOND_ORDER
from dev.demo.cases.add_world import ABSORBER, ABSORBER_WITH_DRAWING, CHANNEL, TYPE, line
from dev.demo.cases.script import (
    Act,
    Call,
    Chapter,
    Clock,
    Day,
    Edit,
    Enter,
    Look,
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
LABEL: Final = "Are the label requirements clear?"


def _customer(contract: dict[str, Any]) -> Enter:
    values = {"customer_name": "Example Parts Europe {mark}", "trade": "Foreign", "region": "EU"}
    return Enter("Customer", {**values, "framework_contract": 1, **contract}, {"customer": "name"})


def _open_until(days: int) -> Call:
    return call(
        "api.reviews.leave_open",
        checklist="{review}",
        department="Sales",
        question=LABEL,
        until=Day(days),
        remark="标签样稿待客户确认",
        kind="Label",
    )


def _override(reason: str) -> Call:
    return on_order(
        "api.gates.override_gate",
        {"override": "override"},
        gate="deposit_missing",
        check_point="Release to Planning",
        kind="Manager Override",
        reason=reason,
        due_date=Day(7),
    )


TAKEN: Final[Scenes] = (
    Chapter(Text("The order 订单 (ADD 6.2, 6.6, 7.1.2)", "订单（ADD 6.2、6.6、7.1.2）")),
    Act(
        P.DESK,
        Text("enters a framework customer without contract number", "录入框架客户，未填合同号"),
        _customer({}),
        refused=("A framework customer needs the contract number",),
    ),
    Act(
        P.DESK,
        Text("enters him with framework contract HT-{mark}", "按框架合同 HT-{mark} 录入该客户"),
        _customer({"contract_number": "HT-{mark}"}),
    ),
    Act(
        P.DESK,
        Text("takes his order: 60 shock absorbers, 30 % deposit", "接单：减振器60只，定金30%"),
        Enter(
            "Order",
            order_values(
                "{customer}",
                channel=CHANNEL,
                payment_term="Deposit and Balance",
                deposit_percent=30,
                transport_mode="Sea",
                packing="纸箱",
                labelling="待客户确认",
                items=[line(60)],
            ),
            {"order": "name", "line": "items.0.name"},
        ),
        then=(
            is_in("Unconfirmed"),
            Shows("Order", "{order}", {"contract_number": "HT-{mark}", "order_number": "{order}"}),
            Clock("R-102", "Running"),
        ),
    ),
    Act(
        P.DESK,
        Text("wants to confirm it", "想确认订单"),
        on_order("api.confirm"),
        refused=(
            "Not settled with the customer yet",
            "Below the minimum quantity",
            "Nothing proves that the customer confirmed",
        ),
        then=(
            is_in("Unconfirmed"),
            Stops(("open_points", "below_minimum_quantity", "confirmation_not_proven")),
        ),
    ),
    Act(
        P.DESK,
        Text("agrees 200 with the customer; goods are available", "与客户商定200只；货源已落实"),
        Edit("Order", "{order}", {"availability_confirmed": 1, "items": [line(200, name="{line}")]}, {}),
        then=(Shows("Order", "{order}", {"total": 25000}),),
    ),
    Act(
        P.SALES,
        Text("promises a date before the response time of 45 days", "承诺的日期早于45天的反应时间"),
        on_order("api.reviews.promise_date", day=Day(30)),
        then=(Stops(("date_too_early", "confirmation_not_proven")),),
    ),
    Act(
        P.SALES,
        Text("promises a date in 60 days", "承诺60天后交货"),
        on_order("api.reviews.promise_date", day=Day(60)),
        then=(Stops(("confirmation_not_proven",)),),
    ),
    paper(P.DESK, "the order that the customer returned signed", "客户签回的订单"),
    Act(
        P.DESK,
        Text("records it as written confirmation", "登记为书面确认"),
        on_order(
            "api.gates.record_evidence",
            kind="Written Confirmation",
            received_from="Ms. Example",
            attachment="{paper}",
        ),
        then=(Stops(()),),
    ),
    Act(
        P.DESK,
        Text(
            "confirms: number EU, S, customer, year and month, 01", "确认：订单号为 EU + S + 客户 + 年月 + 01"
        ),
        on_order("api.confirm"),
        then=(
            is_in("Confirmed"),
            Shows("Order", "{order}", {"order_number": "EUS{customer}{yymm}01"}),
            Clock("R-102", "Met"),
        ),
    ),
)

REVIEWED: Final[Scenes] = (
    Chapter(
        Text(
            "A new customer is reviewed 新客户评审 (ADD 6.3, 003.F3E/F4E)",
            "新客户评审（ADD 6.3，003.F3E/F4E）",
        )
    ),
    Act(
        P.DESK,
        Text("wants to release it to planning", "想下达计划"),
        on_order("api.gates.release_to_planning"),
        refused=(
            "Technology has not confirmed the drawings yet",
            "Review {checklist} waits for the answers of",
            "{missing} of the deposit of {due} is not confirmed",
        ),
        then=(Shows("Order", "{order}", {"planning_released_at": ""}),),
    ),
    Act(
        P.TECHNOLOGY,
        Text("confirms the drawings; less than three working days are left", "确认图纸；须在3个工作日内下达"),
        on_order("api.gates.confirm_drawings"),
        then=(Clock("R-229", "Running", minutes_working=60),),
    ),
    Act(
        P.DESK,
        Text("opens the checklist that the confirmation asked for", "打开确认后自动生成的评审检查清单"),
        Look("Order", "{order}", {"review": "review_checklist"}),
        then=(
            Shows(
                "Review Checklist",
                "{review}",
                {"form_code": "ADD-PCD-SD-003.F3E", "form_code_alias": "ADD-PCD-SD-003.F4E", "round": 1},
            ),
        ),
    ),
    Act(
        P.PLANNING,
        Text("answers in place of technology", "替技术部答复"),
        answer(P.TECHNOLOGY),
        refused=("For {0} answers:",),
    ),
    says_yes(P.SALES, "answers its questions: Yes", "答复本部门问题：是"),
    says_yes(P.TECHNOLOGY),
    Act(
        P.FINANCE,
        Text("answers No: the contract does not say when the balance is due", "答复：否，合同未写明余款期限"),
        answer(P.FINANCE, "No", "合同未写明余款期限"),
        then=(Shows("Review Checklist", "{review}", {"status": "Refused"}),),
    ),
    Act(
        P.DESK,
        Text("wants to release it all the same", "仍想下达计划"),
        on_order("api.gates.release_to_planning"),
        refused=("The departments refused the order in review",),
    ),
    Act(
        P.DESK,
        Text("has the contract completed and asks again: round two", "补全合同后再次评审：第二轮"),
        on_order("api.reviews.start_review", {"review": "checklist"}),
        then=(Shows("Review Checklist", "{review}", {"status": "In Review", "round": 2}),),
    ),
    says_yes(P.SALES),
    says_yes(P.TECHNOLOGY),
    says_yes(P.LOGISTICS),
    says_yes(P.FINANCE),
    Act(
        P.PLANNING,
        Text("plans the start of production in 40 days", "计划40天后开始生产"),
        on_order("api.reviews.set_production_start", day=Day(40)),
    ),
    Act(
        P.SALES,
        Text("wants to leave the label open for 35 days", "想把标签问题留到35天后"),
        _open_until(35),
        refused=("Production starts on {0}: the point must be settled by",),
    ),
    Act(
        P.SALES,
        Text("leaves it open for 20 days", "留到20天后"),
        _open_until(20),
        then=(Shows("Review Checklist", "{review}", {"status": "In Review"}),),
    ),
    says_yes(P.PLANNING, "answers as the last one: Yes", "最后答复：是", stated_date=Day(60)),
)

RELEASED: Final[Scenes] = (
    Chapter(Text("Release to planning 下达计划 (ADD 6.11)", "下达计划（ADD 6.11）")),
    Act(
        P.DESK,
        Text("releases: only the deposit is missing", "下达：只差定金"),
        on_order("api.gates.release_to_planning"),
        refused=("{missing} of the deposit of {due} is not confirmed",),
        then=(Shows("Review Checklist", "{review}", {"status": "Agreed"}),),
    ),
    Act(
        P.SALES,
        Text("wants to let it pass", "想特批"),
        _override("客户说已汇款"),
        refused=("This can be overridden by",),
    ),
    Act(
        P.SALES_MANAGER,
        Text("lets it pass for a week: the bank confirmed the remittance", "特批一周：银行已确认汇款"),
        _override("银行已确认汇款"),
        then=(
            Shows(
                "Gate Override",
                "{override}",
                {"kind": "Manager Override", "status": "Open", "approver": "/sales.manager@.*/"},
            ),
        ),
    ),
    Act(
        P.DESK,
        Text("releases to planning", "下达计划"),
        on_order("api.gates.release_to_planning"),
        then=(
            Shows("Order", "{order}", {"planning_released_by": "/order.desk@.*/"}),
            Clock("R-229", "Met"),
            Clock("R-077", "Running", due=Day(30)),
        ),
    ),
    Act(
        P.FINANCE,
        Text(
            "confirms the deposit of 7,500; delivery time counts from today", "确认定金7,500；交期自今日起算"
        ),
        on_order("api.record_payment", amount="7500", reference="DEP-{mark}", kind="Deposit"),
        then=(Shows("Order", "{order}", {"paid_amount": 7500, "delivery_start": Day(0)}),),
    ),
    Act(
        P.SALES_MANAGER,
        Text("closes the override", "关闭特批"),
        call("api.gates.close_override", override="{override}", remark="定金已到账"),
        then=(Shows("Gate Override", "{override}", {"status": "Closed"}),),
    ),
    Act(
        P.SALES,
        Text("has the customer's label: the open point is settled", "客户标签已确认：未决事项确认完毕"),
        call("api.reviews.settle_point", point="{order}-P1", answer="标签样稿已确认"),
        then=(Clock("R-077", "Met"),),
    ),
)

ADD: Final = Script(
    name="add",
    title=Text(
        "ADD: a new customer from Europe 欧洲新客户, from order to completion",
        "ADD 订单管理程序：欧洲新客户，从接单到完成",
    ),
    channels={CHANNEL: "ADD Contract"},
    props=(
        Prop(P.KEEPER, "Product Type", TYPE, {"type_name": TYPE, "number_letter": "S"}),
        Prop(P.DESK, "Product", ABSORBER, ABSORBER_WITH_DRAWING),
    ),
    scenes=(*TAKEN, *REVIEWED, *RELEASED, *CHANGED, *DELIVERED, *SECOND_ORDER),
)
