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
