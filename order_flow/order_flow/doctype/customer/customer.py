"""Customer: who orders, with a code of the system's own and the terms that hold (R-014, R-049)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.contacts.address_and_contact import load_address_and_contact
from frappe.model.document import Document

from order_flow.domain.errors import NumbersExhausted
from order_flow.domain.numbering import customer_code
from order_flow.flow.customer_credit import guard_credit
from order_flow.flow.refusals import refuse_rule

CODE_SEQUENCE = "_code_seq"


class Customer(Document):
    """A customer; Frappe's own Address and Contact carry where and whom to reach."""

    def onload(self) -> None:
        """Addresses and contacts for the form."""
        load_address_and_contact(self)

    def autoname(self) -> None:
        """The next code; a number is never used twice, not even after a deletion (R-049)."""
        number = frappe.db.get_next_sequence_val(self.doctype, slug=CODE_SEQUENCE)
        letters = bool(frappe.db.get_single_value("Order Flow Settings", "customer_code_letters"))
        try:
            self.customer_code = customer_code(number, letters_allowed=letters)
        except NumbersExhausted as error:
            refuse_rule(error)
        self.name = self.customer_code

    def validate(self) -> None:
        """The code stays; contract and credit data are complete (R-014, R-047)."""
        if not self.is_new() and self.customer_code != self.name:
            frappe.throw(_("The customer code {0} is given by the system and stays.").format(self.name))
        guard_credit(self)
        if self.framework_contract and not self.contract_number:
            frappe.throw(_("A framework customer needs the contract number. Enter it."))


def on_doctype_update() -> None:
    """The sequence of the codes, created once; it does not cache, so that codes have no gaps."""
    frappe.db.create_sequence("Customer", slug=CODE_SEQUENCE, check_not_exists=True)
