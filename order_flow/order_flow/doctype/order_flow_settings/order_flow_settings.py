"""Order Flow Settings: the few values that hold for the whole site."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.outbox.accounts.checks import check_certificates, check_proxy

SHORTEST_RETENTION_MONTHS = 36
"""K-08, R-382: records are kept at least three years."""


class OrderFlowSettings(EntryDocument):
    """Site-wide values."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        attempt_log_days: DF.Int
        attempts_before_dead: DF.Int
        certificate_authorities: DF.LongText | None
        customer_code_letters: DF.Check
        customer_link_days: DF.Int
        failed_attempt_log_days: DF.Int
        open_point_lead_days: DF.Int
        order_number_letters: DF.Check
        paperwork_seconds: DF.Int
        pickers: DF.Int
        proxy: DF.Password | None
        retention_months: DF.Int
        seller_address: DF.SmallText | None
        seller_bank: DF.SmallText | None
        seller_logo: DF.AttachImage | None
        seller_name: DF.Data | None
        seller_phone: DF.Data | None
        seller_tax_number: DF.Data | None
        shortage_answer_days: DF.Int
        trade_missing_after_minutes: DF.Int
        weight_tolerance_kg: DF.Float
        weight_tolerance_percent: DF.Percent
    # end: auto-generated types

    def validate(self) -> None:
        """The retention time can be raised, not lowered below three years; the way out must be usable."""
        if (self.retention_months or 0) < SHORTEST_RETENTION_MONTHS:
            frappe.throw(
                _("Records are kept at least {0} months. Enter {0} or more.").format(
                    SHORTEST_RETENTION_MONTHS
                )
            )
        if self.proxy and set(self.proxy) != {"*"}:
            check_proxy(self.proxy)
        if self.certificate_authorities:
            check_certificates(self.certificate_authorities)
