"""Facts that differ from account to account are fields of the account, and reach the calls (F8, F9, F10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import frappe
import pytest

from order_flow.domain.states import PaymentTerm
from order_flow.integrations.u8.settings import KeyMode
from order_flow.integrations.wdt.codes import DeliveryTerm, RawRefundStatus
from order_flow.integrations.wdt.settings import CodAmount, NumberField, TradeRules
from order_flow.sync.ports import route_of, trade_rules, u8_rules, u8_settings, wdt_settings
from tests.site.support.builders import U8_ACCOUNT, WDT_ACCOUNT

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"


@pytest.fixture
def wdt_account(site: Any) -> Any:
    return frappe.get_doc("WDT Account", WDT_ACCOUNT)


@pytest.fixture
def u8_account(site: Any) -> Any:
    return frappe.get_doc("U8 Account", U8_ACCOUNT)


@pytest.fixture
def way_out(site: Any) -> Iterator[Any]:
    yield frappe.get_doc("Order Flow Settings")
    frappe.db.rollback()
    frappe.clear_document_cache("Order Flow Settings", "Order Flow Settings")


def test_the_shipped_values_are_the_clients_own(wdt_account: Any, u8_account: Any) -> None:
    """Whoever checks nothing has what the vendor's pages say."""
    assert trade_rules(wdt_account) == TradeRules()
    shipped = wdt_settings(wdt_account)
    assert (shipped.trade_window, shipped.stockout_window) == (timedelta(minutes=60), timedelta(days=30))
    assert (shipped.in_house_statuses, shipped.stockout_statuses_by_order) == ((55,), (None,))
    ledger = u8_settings(u8_account).behaviour
    assert (ledger.key_mode, ledger.key_field, ledger.row_field) == (KeyMode.BIZ_ID, "define1", "rowno")
    assert ledger.nothing_found_codes == {"20006"}
    assert not ledger.dispatch_date


def test_what_was_found_out_reaches_the_client(wdt_account: Any, u8_account: Any) -> None:
    wdt_account.update(
        {
            "monthly_delivery_term": "4 Monthly Account",
            "cod_amount": "Goods and Freight Only",
            "cancelled_line_refund": "5 Refunded",
            "own_number_field": "Buyer Message",
            "carrier_not_chosen": 1,
            "stockout_window_hours": 24,
            "in_house_statuses": "55, 50,53",
            "stockout_statuses": "55 95",
        }
    )
    wdt_account.save()
    rules = trade_rules(wdt_account)
    assert rules.delivery_terms[PaymentTerm.MONTHLY_ACCOUNT] is DeliveryTerm.MONTHLY_ACCOUNT
    assert rules.cod_amount is CodAmount.WITHOUT_FEES
    assert rules.cancelled_line_refund is RawRefundStatus.REFUNDED
    assert (rules.number_field, rules.logistics_type) == (NumberField.BUYER_MESSAGE, -1)
    found = wdt_settings(wdt_account)
    assert found.stockout_window == timedelta(hours=24)
    assert (found.in_house_statuses, found.stockout_statuses_by_order) == ((55, 50, 53), (55, 95))
    u8_account.update(
        {
            "key_mode": "tradeid (From the Platform)",
            "key_field": "Define2",
            "row_field": "irowno (Older Documents)",
            "tell_dispatch_date": 1,
            "token_codes": "40001,40002",
            "nothing_found_codes": "20006,20009",
        }
    )
    u8_account.save()
    ledger = u8_rules(u8_account).behaviour
    assert (ledger.key_mode, ledger.key_field, ledger.row_field) == (KeyMode.TRADE_ID, "define2", "irowno")
    assert (ledger.token_codes, ledger.nothing_found_codes) == ({"40001", "40002"}, {"20006", "20009"})
    assert ledger.dispatch_date


@pytest.mark.parametrize(
    ("doctype", "name", "values"),
    [
        ("WDT Account", WDT_ACCOUNT, {"in_house_statuses": "55,five"}),
        ("WDT Account", WDT_ACCOUNT, {"stockout_statuses": "-1"}),
        ("U8 Account", U8_ACCOUNT, {"token_codes": "expired"}),
        ("U8 Account", U8_ACCOUNT, {"key_field": "define4"}),
        ("U8 Account", U8_ACCOUNT, {"key_field": "memo"}),
        ("Order Flow Settings", "Order Flow Settings", {"proxy": "proxy:3128"}),
        ("Order Flow Settings", "Order Flow Settings", {"proxy": "socks5://proxy:1"}),
        ("Order Flow Settings", "Order Flow Settings", {"certificate_authorities": PEM}),
    ],
)
def test_what_no_call_could_use_is_refused(
    site: Any, doctype: str, name: str, values: dict[str, object]
) -> None:
    document = frappe.get_doc(doctype, name)
    document.update(values)
    with pytest.raises(frappe.ValidationError):
        document.save()


class TestWayOut:
    """F8: the proxy and the authorities hold for every account, unless it is inside the network."""

    def test_nothing_is_set_at_first(self, wdt_account: Any) -> None:
        route = route_of(wdt_account)
        assert (route.proxy, route.certificates) == ("", "")

    def test_the_sites_proxy_serves_its_accounts(self, way_out: Any, wdt_account: Any) -> None:
        way_out.proxy = "http://me:pa55@proxy.company:3128"
        way_out.save()
        assert route_of(wdt_account).proxy == "http://me:pa55@proxy.company:3128"
        wdt_account.without_proxy = 1
        assert route_of(wdt_account).proxy == ""
        assert "pa55" not in repr(route_of(wdt_account))

    def test_its_password_is_shown_to_nobody(self, way_out: Any) -> None:
        way_out.proxy = "http://me:pa55@proxy.company:3128"
        way_out.save()
        assert "pa55" not in str(frappe.get_doc("Order Flow Settings").as_dict())
        way_out.reload()
        way_out.save()  # the masked value is no new address
