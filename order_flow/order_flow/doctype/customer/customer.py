"""Customer: who orders, with a code of the system's own and the terms that hold (R-014, R-049)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.contacts.address_and_contact import load_address_and_contact

from order_flow.flow.customers.codes import next_customer_code
from order_flow.flow.money.credit import guard_credit
from order_flow.flow.records.entry_document import EntryDocument


class Customer(EntryDocument):
    """A customer; Frappe's own Address and Contact carry where and whom to reach."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account_kind: DF.Literal["Cash", "Credit"]
        assessed_at: DF.Datetime | None
        assessed_by: DF.Link | None
        assessment_remark: DF.SmallText | None
        contract_number: DF.Data | None
        credit_assessment: DF.Literal["Not Assessed", "Passed", "Failed"]
        credit_limit: DF.Currency
        credit_valid_until: DF.Date | None
        customer_code: DF.Data | None
        customer_name: DF.Data
        customer_type: DF.Literal["Company", "Individual"]
        default_payment_term: DF.Literal[
            "",
            "Online Payment",
            "Postal Remittance",
            "Bank Transfer",
            "Cash",
            "Card",
            "Prepayment",
            "Deposit and Balance",
            "Letter of Credit",
            "Cash on Delivery",
            "Instalments",
            "Monthly Account",
        ]
        deposit_percent: DF.Percent
        disabled: DF.Check
        due_days: DF.Int
        due_rule: DF.Literal["", "Days after Shipment", "Days after Month End"]
        email: DF.Data | None
        forecast_customer: DF.Check
        framework_contract: DF.Check
        invoice_title: DF.Data | None
        language: DF.Link | None
        notice_channel: DF.Literal["E-mail", "SMS", "WeCom", "Phone", "None"]
        notice_mobile: DF.Data | None
        region: DF.Literal["", "CN", "NA", "LA", "EU", "SE", "AU", "ME", "AF", "UN"]
        relationship: DF.Literal["New", "Existing"]
        remark: DF.SmallText | None
        sales_rep: DF.Link | None
        tax_number: DF.Data | None
        temporary_limit: DF.Currency
        temporary_limit_until: DF.Date | None
        trade: DF.Literal["Domestic", "Foreign"]
        u8_customer_code: DF.Data | None
        wecom_id: DF.Data | None
    # end: auto-generated types

    def onload(self) -> None:
        """Addresses and contacts for the form."""
        load_address_and_contact(self)

    def autoname(self) -> None:
        """The next code; a number is never used twice, not even after a deletion (R-049)."""
        self.customer_code = self.name = next_customer_code()

    def validate(self) -> None:
        """The code stays; contract and credit data are complete (R-014, R-047)."""
        if not self.is_new() and self.customer_code != self.name:
            frappe.throw(_("The customer code {0} is given by the system and stays.").format(self.name))
        guard_credit(self)
        if self.framework_contract and not self.contract_number:
            frappe.throw(_("A framework customer needs the contract number. Enter it."))
