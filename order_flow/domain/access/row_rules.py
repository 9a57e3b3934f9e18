"""Which rows of each DocType somebody sees who is limited to his own orders and customers (design 6, R-388).

Every DocType of the app stands here, tables of rows included, and those of the framework that hold data of
customers; a test fails for one that does not. Whose roles see all is in ``flow/access/care``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RolesOnly:
    """Master data, settings and the machine's own records: the roles of the DocType decide alone."""


@dataclass(frozen=True)
class InCare:
    """Rows that name the person as the one who looks after them or entered them.

    Args:
        fields: the fields with a user.
    """

    fields: tuple[str, ...] = ("sales_rep", "owner")


@dataclass(frozen=True)
class HangsOn:
    """Rows about another document: whoever sees that one sees them.

    Args:
        doctype: the other document's DocType.
        field: the field with its name.
    """

    doctype: str
    field: str


@dataclass(frozen=True)
class RowOf:
    """Rows of a table: whoever sees the document sees them.

    Args:
        doctypes: the DocTypes that have this table.
    """

    doctypes: tuple[str, ...]


@dataclass(frozen=True)
class LinkedTo:
    """Rows with dynamic links, or entered by the person.

    Args:
        doctype: whoever sees one of the linked documents of this DocType sees the row.
    """

    doctype: str


@dataclass(frozen=True)
class About:
    """Rows about any document: those about a ruled one go by its rule.

    Args:
        doctype_field: the field with the other document's DocType.
        name_field: the field with its name.
    """

    doctype_field: str
    name_field: str


RowRule = RolesOnly | InCare | HangsOn | RowOf | LinkedTo | About

_ROLES_ONLY = RolesOnly()
_OF_ORDER = HangsOn("Order", "order_id")
_OF_CUSTOMER = HangsOn("Customer", "customer")

RULES: dict[str, RowRule] = {
    "Order": InCare(),
    "Order Item": RowOf(("Order",)),
    "Order Clock": _OF_ORDER,
    "Order Event": _OF_ORDER,
    "Order Evidence": _OF_ORDER,
    "Order Payment": _OF_ORDER,
    "Order Version": _OF_ORDER,
    "Form Issue": _OF_ORDER,
    "Gate Override": _OF_ORDER,
    "Credit Note": _OF_ORDER,
    "Credit Note Line": RowOf(("Credit Note",)),
    "Customer Link": _OF_ORDER,
    "Delivery Case": _OF_ORDER,
    "Open Point": _OF_ORDER,
    "Shortage": _OF_ORDER,
    "Stock Reservation": _OF_ORDER,
    "Allocation Run Line": _OF_ORDER,
    "Review Checklist": _OF_ORDER,
    "Review Meeting": RowOf(("Review Checklist",)),
    "Department Answer": RowOf(("Review Checklist", "Change Notice")),
    "Change Notice": _OF_ORDER,
    "Change Notice Line": RowOf(("Change Notice",)),
    "Change Notice Impact": RowOf(("Change Notice",)),
    "Shipment": _OF_ORDER,
    "Shipment Item": RowOf(("Shipment",)),
    "Shipment Event": RowOf(("Shipment",)),
    "Shipment Parcel": RowOf(("Shipment",)),
    "Shipment Packing": RowOf(("Shipment",)),
    "Customer": InCare(),
    "Customer Evaluation": _OF_CUSTOMER,
    "Customer Price": _OF_CUSTOMER,
    "Credit Raise Request": _OF_CUSTOMER,
    "Letter of Credit": _OF_CUSTOMER,
    "Letter of Credit Amendment": RowOf(("Letter of Credit",)),
    "Order File": InCare(("owner",)),
    "Allocation Run": _ROLES_ONLY,
    "Brand": _ROLES_ONLY,
    "Carrier": _ROLES_ONLY,
    "Change Kind": _ROLES_ONLY,
    "Change Kind Department": _ROLES_ONLY,
    "Change Kind Field": _ROLES_ONLY,
    "Clock Call": HangsOn("Order Clock", "clock"),
    "Clock Rule": _ROLES_ONLY,
    "Clock Rule Condition": _ROLES_ONLY,
    "Clock Rule Event": _ROLES_ONLY,
    "Clock Rule Pause": _ROLES_ONLY,
    "Clock Rule Profile": _ROLES_ONLY,
    "Clock Rule Rung": _ROLES_ONLY,
    "Evidence Policy": _ROLES_ONLY,
    "Flow Profile": _ROLES_ONLY,
    "Form Code": _ROLES_ONLY,
    "Gate Policy": _ROLES_ONLY,
    "Messaging Account": _ROLES_ONLY,
    "Number Counter": _ROLES_ONLY,
    "Order Flow Settings": _ROLES_ONLY,
    "Payment Term Policy": _ROLES_ONLY,
    "Product": _ROLES_ONLY,
    "Product Category": _ROLES_ONLY,
    "Product Type": _ROLES_ONLY,
    "Review Question": _ROLES_ONLY,
    "Review Template": _ROLES_ONLY,
    "Sales Channel": _ROLES_ONLY,
    "Sales Policy": _ROLES_ONLY,
    "State Alias": _ROLES_ONLY,
    "Stock Level": _ROLES_ONLY,
    "Sync Attempt": _ROLES_ONLY,
    "Sync Discrepancy": _ROLES_ONLY,
    "Sync Outbox": _ROLES_ONLY,
    "Sync Position": _ROLES_ONLY,
    "Tracking Account": _ROLES_ONLY,
    "U8 Account": _ROLES_ONLY,
    "WDT Account": _ROLES_ONLY,
    "Warehouse": _ROLES_ONLY,
    "Working Calendar": _ROLES_ONLY,
    "Working Calendar Day": _ROLES_ONLY,
    "Working Interval": _ROLES_ONLY,
    # The framework's own, with data of customers.
    "Address": LinkedTo("Customer"),
    "Contact": LinkedTo("Customer"),
    "Contact Phone": RowOf(("Contact",)),
    "Contact Email": RowOf(("Contact",)),
    "Dynamic Link": RowOf(("Contact", "Address")),
    "Workflow Action": About("reference_doctype", "reference_name"),
}


def rule_of(doctype: str) -> RowRule:
    """The rule of a DocType; one that is not named here belongs to somebody else's app.

    Args:
        doctype: its name.
    """
    return RULES.get(doctype, _ROLES_ONLY)


def ruled() -> tuple[str, ...]:
    """The DocTypes whose rows not everybody with the role sees."""
    return tuple(doctype for doctype, rule in RULES.items() if rule != _ROLES_ONLY)


def documents() -> tuple[str, ...]:
    """The ruled DocTypes that others may be about: no tables of rows, nothing that is about others itself."""
    return tuple(doctype for doctype in ruled() if not isinstance(RULES[doctype], RowOf | About))


def hook_name(doctype: str) -> str:
    """Spell a DocType as a part of a Python name.

    Args:
        doctype: its name.
    """
    return doctype.lower().replace(" ", "_")
