"""The roles of the company; who may do what names them."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Who works with orders (design 6, R-388)."""

    ORDER_DESK = "Order Desk"
    SALES = "Sales"
    SALES_MANAGER = "Sales Manager"
    TECHNOLOGY = "Technology"
    PURCHASING = "Purchasing"
    PLANNING = "Planning"
    PRODUCTION = "Production"
    QUALITY = "Quality"
    WAREHOUSE = "Warehouse"
    LOGISTICS = "Logistics"
    FINANCE = "Finance"
    AFTER_SALES = "After-sales"
    FIELD_REP = "Field Rep"
    INTEGRATION = "Order Integration"
    AUDITOR = "Order Auditor"
    GENERAL_MANAGER = "General Manager"
    MARKETING_DIRECTOR = "Marketing Director"
    PLANNING_DIRECTOR = "Planning Director"
