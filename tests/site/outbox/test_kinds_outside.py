"""Complaints and refund requests are no goods: neither the warehouse nor the ledger hears of them (F12)."""

from __future__ import annotations

import frappe
import pytest

from order_flow.domain.orders.classes import OrderKind
from order_flow.flow.outside import announce
from order_flow.outbox.states import RowState
from tests.site.support.sync_lab import Lab

ABOUT_NO_GOODS = [OrderKind.COMPLAINT, OrderKind.REFUND]


@pytest.mark.parametrize("kind", ABOUT_NO_GOODS, ids=str)
def test_what_is_no_goods_is_told_to_nobody(lab: Lab, kind: OrderKind) -> None:
    order = lab.order(order_kind=kind.value)
    assert (order.wdt_account, order.u8_account) == (None, None)
    assert lab.rows(order) == []


@pytest.mark.parametrize("kind", [OrderKind.PRODUCT_SALE, OrderKind.AFTER_SALES_SERVICE], ids=str)
def test_goods_are_told(lab: Lab, kind: OrderKind) -> None:
    assert [row[0] for row in lab.rows(lab.order(order_kind=kind.value))] == ["wdt_trade_push"]


@pytest.mark.parametrize("kind", ABOUT_NO_GOODS, ids=str)
def test_a_sale_that_turns_out_to_be_none_is_withdrawn_and_comes_back_as_a_new_edition(
    lab: Lab, kind: OrderKind
) -> None:
    order = lab.order()
    lab.tell_wdt()
    lab.wdt.settle()
    order = lab.reload(order)
    order.order_kind = kind.value
    order.save()
    frappe.db.commit()
    lab.tell_wdt()
    lab.wdt.settle()
    assert lab.wdt.trade(order.name)["trade_status"] == "5"
    assert {row[2] for row in lab.rows(order)} == {RowState.DONE}
    order = lab.reload(order)
    order.order_kind = OrderKind.PRODUCT_SALE.value
    order.save()
    frappe.db.commit()
    lab.tell_wdt()
    lab.wdt.settle()
    assert lab.wdt.trade(f"{order.name}-1")["trade_status"] == "10"


def test_an_account_that_stands_on_it_from_before_changes_nothing(lab: Lab) -> None:
    order = lab.order()
    frappe.db.delete("Sync Outbox", {"document": order.name})
    frappe.db.commit()
    order.order_kind = OrderKind.COMPLAINT.value
    announce.created(order)
    assert lab.rows(order) == []
