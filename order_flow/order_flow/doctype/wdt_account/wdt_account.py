"""WDT Account: one seller account of 旺店通, with its shop, credentials and limits."""

from __future__ import annotations

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.outbox.accounts.checks import check_base_url, check_codes, resume_when_corrected


class WDTAccount(EntryDocument):
    """Connection data; the secret is a Password field and never leaves the server."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account_name: DF.Data
        appkey: DF.Data
        appsecret: DF.Password
        base_url: DF.Data
        batch_size: DF.Int
        calls_per_minute: DF.Int
        cancelled_line_refund: DF.Literal["0 None", "5 Refunded"]
        carrier_not_chosen: DF.Check
        cod_amount: DF.Literal["Everything Unpaid", "Goods and Freight Only"]
        default_warehouse_no: DF.Data | None
        enabled: DF.Check
        enter_new_products: DF.Check
        in_house_statuses: DF.Data | None
        lag_minutes: DF.Int
        monthly_delivery_term: DF.Literal["3 Instalments", "4 Monthly Account"]
        own_number_field: DF.Literal["Seller Memo", "Buyer Message", "Not Told"]
        page_size: DF.Int
        part_shipments: DF.Check
        pause_reason: DF.SmallText | None
        paused: DF.Check
        read_every_minutes: DF.Int
        read_goods_every_minutes: DF.Int
        read_stock_every_minutes: DF.Int
        resting_until: DF.Datetime | None
        seller_account: DF.Data
        shop_no: DF.Data
        stock_window_hours: DF.Int
        stockout_statuses: DF.Data | None
        stockout_window_hours: DF.Int
        strict_push: DF.Check
        tell_completed: DF.Check
        timeout_seconds: DF.Int
        trade_window_minutes: DF.Int
        window_overlap_minutes: DF.Int
        without_proxy: DF.Check
    # end: auto-generated types

    def validate(self) -> None:
        """A corrected account runs again by itself."""
        check_base_url(self)
        check_codes(self, ("in_house_statuses", "stockout_statuses"))
        resume_when_corrected(
            self, ("base_url", "seller_account", "appkey", "appsecret", "shop_no", "enabled")
        )
