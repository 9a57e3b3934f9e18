"""Receivers pasted in one go, or taken from former orders that the reader may see (R-041)."""

from __future__ import annotations

import frappe
import pytest

from order_flow.api.desk import read_receiver, receivers
from order_flow.domain.states import Role
from tests.site.support.builders import acting_as, new_order, user_of

pytestmark = pytest.mark.usefixtures("site")


def test_pasted_text_fills_fields_and_names_doubts() -> None:
    frappe.local.lang = "zh"
    answer = read_receiver("王先生 13912345678 广东省珠海市迎宾南路1号")
    assert answer["fields"] == {
        "contact_person": "王先生",
        "mobile": "13912345678",
        "province": "广东省",
        "city": "珠海市",
        "address_line": "迎宾南路1号",
    }
    assert answer["doubts"] == ["未识别到 珠海市 的区县。"]


def test_former_receivers_come_once_and_newest_first() -> None:
    first = new_order(contact_person="甲", address_line="一路1号")
    for name, line in (("乙", "二路2号"), ("甲", "一路1号")):
        new_order(customer=first.customer, contact_person=name, address_line=line)
    with acting_as(user_of(Role.ORDER_DESK)):
        offered = [(row["contact_person"], row["address_line"]) for row in receivers(first.customer)]
    assert offered[:2] == [("甲", "一路1号"), ("乙", "二路2号")]
    assert len(offered) == len(set(offered)) <= 5


def test_a_rep_is_offered_receivers_of_his_own_orders_alone() -> None:
    rep = user_of(Role.FIELD_REP)
    mine = new_order(sales_rep=rep, contact_person="我的客人")
    new_order(customer=mine.customer, contact_person="别人的客人")
    with acting_as(rep):
        assert [row["contact_person"] for row in receivers(mine.customer)] == ["我的客人"]


def test_who_enters_no_orders_is_refused() -> None:
    with acting_as(user_of(Role.QUALITY)):
        with pytest.raises(frappe.PermissionError):
            read_receiver("王先生")
        with pytest.raises(frappe.PermissionError):
            receivers("C0001")
