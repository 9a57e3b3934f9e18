"""Secrets stay out of what the framework writes down of an error: text, causes and variables (R-352)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import frappe
import pytest

from order_flow.integrations.errors import IntegrationError
from order_flow.outbox.registry import AccountType, open_port
from simulators.wdt.accounts import DEMO_ACCOUNT
from tests.contract.u8.u8_fixtures import U8Caller
from tests.site.support.builders import U8_ACCOUNT, WDT_ACCOUNT
from tests.site.support.sync_lab import Lab

KINDS = ["drop_before", "garbage", "http_5xx"]


def written_down(act: Callable[[], Any]) -> str:
    """What the framework's error log would hold of the error that an act raises."""
    try:
        act()
    except IntegrationError:
        text: str = frappe.get_traceback(with_context=True)
        return text
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize("kind", KINDS)
def test_secrets_of_a_ledger(lab: Lab, kind: str) -> None:
    """The app secret goes with the question for a token, the token with every other one."""
    frappe.cache().delete_keys("order_flow:u8_token")
    secret = frappe.get_doc("U8 Account", U8_ACCOUNT).get_password("app_secret")
    lab.u8.arm(kind, endpoint="system/token", times=1)
    port = open_port(AccountType.U8, U8_ACCOUNT, lambda _record: None)
    text = written_down(lambda: port.customer_exists("001"))
    assert "customer_exists" in text
    assert secret not in text
    port.customer_exists("001")
    token = _living_token(lab.u8)
    lab.u8.arm(kind, endpoint="api/customer/get", times=1)
    text = written_down(lambda: port.customer_exists("001"))
    assert "customer_exists" in text
    assert token not in text


def _living_token(u8: U8Caller) -> str:
    keys = frappe.cache().get_keys("order_flow:u8_token")
    assert len(keys) == 1, keys
    return str(json.loads(frappe.cache().get(keys[0]))["id"])


@pytest.mark.parametrize("kind", KINDS)
def test_secrets_of_a_warehouse(lab: Lab, kind: str) -> None:
    """The secret only signs; neither it nor a signature is written down."""
    lab.wdt.arm(kind, endpoint="sales_trade_query", times=1)
    port = open_port(AccountType.WDT, WDT_ACCOUNT, lambda _record: None)
    text = written_down(lambda: port.trades_of("SO1"))
    assert "trades_of" in text
    assert DEMO_ACCOUNT["secret"] not in text
    assert "'sign':" not in text
