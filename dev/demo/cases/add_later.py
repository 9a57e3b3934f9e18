"""ADD, later: changes of a confirmed order, its delivery, and the second order by letter of credit.

Source: 000_4be0 ADD 6.12, 6.15, 6.16 (R-106, R-126, R-127, R-130, R-131, R-155, R-157..R-159, R-249).
"""

from __future__ import annotations

from typing import Any, Final

from dev.demo.cases.add_world import CHANNEL, line
from dev.demo.cases.script import (
    Act,
    Call,
    Chapter,
    Clock,
    Day,
    Enter,
    Logged,
    Person,
    Scenes,
    Shows,
    Stops,
    Text,
    call,
    is_in,
    on_order,
    order_values,
    paper,
)

P = Person
NUMBER: Final = "/{yymmdd}-[0-9]+/"
LOG: Final = "Order Log"


def _notice_step(step: str) -> Call:
    return call("api.changes.step", notice="{notice}", step=step)


def _agrees(department: Person) -> Act:
    return Act(
        department,
        Text("answers on notice {notice}: Yes", "答复通知单 {notice}：是"),
        call("api.changes.answer", notice="{notice}", department=department.value, answer="Yes"),
    )


def _propose(kind: str, reason: str, *changes: dict[str, Any]) -> Call:
    return on_order(
        "api.changes.propose",
        {"notice": "notice"},
        kind=kind,
        reason=reason,
        changes=list(changes),
        send=True,
    )


def _loss(**more: Any) -> Call:
    return call("api.changes.loss", notice="{notice}", borne_by="Customer", amount="1800", **more)


CHANGED: Final[Scenes] = (
    Chapter(Text("Changes after release 下达后的更改 (ADD 6.15)", "下达后的更改（ADD 6.15）")),
    Act(
        P.DESK,
        Text("writes a change notice: wooden cases instead of cartons", "填写更改通知单：纸箱改木箱"),
        _propose("Packing or Transport", "客户要求改木箱", {"field": "packing", "value": "木箱"}),
        then=(Shows("Change Notice", "{notice}", {"name": NUMBER, "change_state": "Under Review"}),),
    ),
    _agrees(P.PLANNING),
    Act(
        P.DESK,
        Text("wants to approve before logistics has answered", "物流未答复就想批准"),
        _notice_step("Approve"),
        refused=("These departments have not answered yet",),
        then=(Shows("Order", "{order}", {"packing": "纸箱"}),),
    ),
    _agrees(P.LOGISTICS),
    Act(P.DESK, Text("approves", "批准"), _notice_step("Approve")),
    Act(
        P.DESK,
        Text("applies it; the old version stays readable", "使更改生效；保留旧版本"),
        _notice_step("Apply"),
        then=(
            Shows("Change Notice", "{notice}", {"change_state": "Applied"}),
            Shows("Order", "{order}", {"packing": "木箱"}),
        ),
    ),
    Act(
        P.PURCHASING,
        Text("records that the dedicated material is bought", "登记专用材料已采购"),
        on_order("api.changes.record_progress", kind="Purchased", quantities={"{line}": 200}),
    ),
    Act(
        P.DESK,
        Text("writes a notice: the customer wants another specification", "填写通知单：客户要改规格"),
        _propose(
            "Product or Parts",
            "客户要求加强型",
            {"line": "{line}", "field": "specification", "value": "黑色，加强型"},
        ),
        then=(Shows("Change Notice", "{notice}", {"name": NUMBER}),),
    ),
    Act(
        P.SALES,
        Text("writes a second notice on the same line", "对同一行再写一份通知单"),
        on_order(
            "api.changes.propose",
            kind="Quantity",
            reason="客户要加量",
            changes=[{"line": "{line}", "field": "quantity", "value": 220}],
        ),
        refused=("Change notice {0} of this order is still open",),
    ),
    _agrees(P.TECHNOLOGY),
    _agrees(P.PLANNING),
    _agrees(P.LOGISTICS),
    Act(
        P.DESK,
        Text("wants to approve: the material would be lost", "想批准：材料将报废"),
        _notice_step("Approve"),
        refused=("Material is bought or work is done for line",),
        then=(Shows("Change Notice", "{notice}", {"change_state": "Under Review"}),),
    ),
    Act(
        P.DESK,
        Text("writes that the customer pays, without his paper", "登记客户承担损失，未附书面材料"),
        _loss(),
        refused=("Attach the customer's written agreement to bear the loss",),
    ),
    paper(P.DESK, "the customer's agreement to pay 1,800", "客户承担1,800损失的书面同意", "agreement"),
    Act(P.DESK, Text("records it", "登记"), _loss(agreement="{agreement}")),
    Act(P.DESK, Text("approves", "批准"), _notice_step("Approve")),
    Act(
        P.DESK,
        Text("applies it", "使更改生效"),
        _notice_step("Apply"),
        then=(
            Shows("Change Notice", "{notice}", {"change_state": "Applied", "loss_borne_by": "Customer"}),
            Shows("Order", "{order}", {"total": 25000}),
        ),
    ),
)

DELIVERED: Final[Scenes] = (
    Chapter(Text("Shipped and completed 发货与完成 (ADD 6.16)", "发货与完成（ADD 6.16）")),
    Act(
        P.PLANNING,
        Text("sets today as the ship date; two days' difference at most", "定今日发运；误差不超过两天"),
        on_order("api.clocks.set_ship_date", day=Day(0)),
        then=(Clock("R-249", "Running", due=Day(2)),),
    ),
    Act(
        P.LOGISTICS,
        Text("wants to ship before the balance is in", "余款未到就想发货"),
        on_order("api.ship", carrier="中远海运", waybill_number="ADD{mark}"),
        refused=("Order {0} is {1}; the step '{2}' is possible only from",),
        then=(is_in("Confirmed"),),
    ),
    Act(
        P.FINANCE,
        Text("confirms the balance of 17,500", "确认余款17,500"),
        on_order("api.record_payment", amount="17500", reference="BAL-{mark}"),
        then=(is_in("Paid"),),
    ),
    Act(
        P.LOGISTICS,
        Text("ships", "发货"),
        on_order("api.ship", carrier="中远海运", waybill_number="ADD{mark}"),
        then=(is_in("Shipped"), Clock("R-249", "Met")),
    ),
    Act(
        P.DESK,
        Text("writes down that the customer has the goods", "登记客户已收货"),
        on_order("api.confirm_receipt"),
        then=(
            is_in("Completed"),
            Shows("Order", "{order}", {"settlement_status": "Settled"}),
            Clock("R-250", "Running"),
            Logged(LOG, {"order_number": "EUS{customer}{yymm}01", "customer": "{customer}"}),
        ),
    ),
)

_SECOND: Final = "{order2}"
_AMENDED: Final = call(
    "api.money.amend_letter_of_credit", letter_of_credit="{letter}", amended_on=Day(0), expiry_date=Day(40)
)

SECOND_ORDER: Final[Scenes] = (
    Chapter(
        Text("The second order, by letter of credit 信用证 (ADD 6.12)", "第二张订单，信用证付款（ADD 6.12）")
    ),
    Act(
        P.DESK,
        Text("takes the customer's second order", "接该客户第二张订单"),
        Enter(
            "Order",
            order_values(
                "{customer}",
                channel=CHANNEL,
                payment_term="Letter of Credit",
                transport_mode="Sea",
                packing="木箱",
                labelling="客户标签",
                availability_confirmed=1,
                promised_date=Day(60),
                items=[line(100)],
            ),
            {"order2": "name"},
        ),
    ),
    paper(P.DESK, "the signed order", "签回的订单", "paper2", _SECOND),
    Act(
        P.DESK,
        Text("records the written confirmation", "登记书面确认"),
        call(
            "api.gates.record_evidence",
            order=_SECOND,
            kind="Written Confirmation",
            received_from="Ms. Example",
            attachment="{paper2}",
        ),
    ),
    Act(
        P.DESK,
        Text("confirms: the customer's sequence is 02", "确认：该客户顺序号为02"),
        call("api.confirm", order=_SECOND),
        then=(Shows("Order", _SECOND, {"order_number": "EUS{customer}{yymm}02"}),),
    ),
    Act(
        P.TECHNOLOGY,
        Text("confirms the drawings", "确认图纸"),
        call("api.gates.confirm_drawings", order=_SECOND),
    ),
    Act(
        P.DESK,
        Text(
            "wants to release it without letter of credit; no review is asked, he is known",
            "未收到信用证就想下达；老客户不再评审",
        ),
        call("api.gates.release_to_planning", order=_SECOND),
        refused=("The order is paid by letter of credit, and none is entered",),
        then=(Stops(("letter_of_credit_missing",), _SECOND),),
    ),
    Act(
        P.SALES_MANAGER,
        Text("enters the letter of credit; it expires in 12 days", "录入信用证，12天后到期"),
        Enter(
            "Letter of Credit",
            {
                "lc_number": "LC-{mark}",
                "customer": "{customer}",
                "issuing_bank": "Example Bank",
                "currency": "CNY",
                "amount": 12500,
                "received_on": Day(0),
                "expiry_date": Day(12),
            },
            {"letter": "name"},
        ),
    ),
    Act(
        P.DESK,
        Text(
            "puts the order under it; goods must leave a week before it expires",
            "订单归入该信用证；到期前一周须发运",
        ),
        call("api.money.put_under_letter_of_credit", order=_SECOND, letter_of_credit="{letter}"),
        then=(
            Shows("Order", _SECOND, {"lc_expiry_date": Day(12)}),
            Clock("R-157", "Running", due=Day(5), order=_SECOND),
        ),
    ),
    Act(
        P.PLANNING,
        Text("plans to ship in 10 days", "计划10天后发运"),
        call("api.clocks.set_ship_date", order=_SECOND, day=Day(10)),
    ),
    Act(
        P.DESK,
        Text("wants to release: less than seven days would be left", "想下达：不足七天"),
        call("api.gates.release_to_planning", order=_SECOND),
        refused=("Goods would leave on {ships_on}; the letter of credit wants them to leave by",),
    ),
    Act(
        P.DESK,
        Text("enters the bank's amendment with a new expiry", "录入银行修改，延长到期日"),
        _AMENDED,
        refused=("{0} is done by: {1}",),
    ),
    Act(
        P.SALES_MANAGER,
        Text("fixes the new expiry with the customer, in 40 days", "与客户商定新到期日：40天后"),
        _AMENDED,
        then=(
            Shows("Order", _SECOND, {"lc_expiry_date": Day(40)}),
            Clock("R-157", "Running", due=Day(33), order=_SECOND),
        ),
    ),
    Act(
        P.FINANCE,
        Text("verifies the papers", "审核信用证"),
        call("api.money.verify_letter_of_credit", letter_of_credit="{letter}", result="Correct"),
        then=(Shows("Letter of Credit", "{letter}", {"verification": "Correct"}),),
    ),
    Act(
        P.DESK,
        Text("releases to planning", "下达计划"),
        call("api.gates.release_to_planning", order=_SECOND),
        then=(
            Shows("Order", _SECOND, {"planning_released_by": "/order.desk@.*/"}),
            Logged(LOG, {"lc_expiry_date": Day(40)}, _SECOND),
        ),
    ),
)
