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
