"""Reads what the gates over an order's content look at, in one statement for any number of lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import getdate, nowdate

from order_flow.domain.amounts import to_decimal
from order_flow.domain.gates.data import DataFacts, LineData, SalesTerms
from order_flow.domain.gates.model import fingerprint
from order_flow.domain.orders.classes import Urgency
from order_flow.flow.orders.masters import product_codes

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.flow_profile.flow_profile import FlowProfile
    from order_flow.order_flow.doctype.order.order import Order


def data_facts(order: Order, profile: FlowProfile) -> DataFacts:
    """Return what an order says, and what its customer, products and agreed prices say about it.

    Args:
        order: the Order document, also in the middle of a save: its own lines count.
        profile: its Flow Profile with sales policy, discount limit and price tolerance.

    Returns:
        The facts.
    """
    today = getdate(nowdate())
    customer, products = _read(order, today)
    return DataFacts(
        today=today,
        lines=tuple(_line(order, line, products.get(line.product) or frappe._dict()) for line in order.items),
        customer_name=order.customer_name or "",
        contact_person=order.contact_person or "",
        mobile=order.mobile or "",
        phone=order.phone or "",
        address=(order.province or "", order.city or "", order.address_line or ""),
        framework_customer=bool(customer.framework_contract),
        contract_number=order.contract_number or "",
        trade=order.trade or "",
        payment_term=order.payment_term or "",
        transport_mode=order.transport_mode or "",
        requested_on=_day(order.requested_delivery_at),
        promised_on=_day(order.promised_date),
        availability_confirmed=bool(order.availability_confirmed),
        special_request_open=bool(order.special_request and not order.special_request_settled),
        packing=order.packing or "",
        label=order.labelling or "",
        wishes_expected_on=_day(order.wishes_expected_on),
        discount=to_decimal(order.discount),
        discount_reason=order.discount_reason or "",
        discount_limit=to_decimal(profile.discount_limit),
        price_tolerance=to_decimal(profile.price_tolerance),
        sales_policy=tuple(
            SalesTerms(row.trade or "", row.payment_term or "", row.transport_mode or "")
            for row in profile.sales_policy
        ),
        urgency=Urgency(order.urgency or Urgency.NORMAL),
        urgent_approved=bool(order.urgent_approved_at),
        urgent_handler=order.urgent_handler or "",
        drawings_confirmed=bool(order.drawings_confirmed_at) and order.drawings_content == products_of(order),
    )


def products_of(order: Order) -> str:
    """A fingerprint of what drawings are for: products, models and specifications (R-091)."""
    return fingerprint(
        *sorted((line.product, line.model or "", line.specification or "") for line in order.items)
    )


def _read(order: Order, today: date) -> tuple[Any, Mapping[str, Any]]:
    """The customer and the products by code; of several agreed prices the newest in force (R-057)."""
    rows = frappe.db.sql(
        """select customer.framework_contract, product.name, product.list_price, product.currency,
            product.minimum_order_quantity, product.response_days, product.drawing_number,
            product.quotation_accepted, product.quotation_valid_until,
            agreed.price as agreed_price, agreed.minimum_order_quantity as agreed_minimum,
            agreed.response_days as agreed_days
        from `tabCustomer` customer
        left join `tabProduct` product on product.name in %(products)s
        left join `tabCustomer Price` agreed
            on agreed.customer = customer.name and agreed.product = product.name
            and agreed.currency = %(currency)s and agreed.valid_from <= %(today)s
            and (agreed.valid_until is null or agreed.valid_until >= %(today)s)
        where customer.name = %(customer)s
        order by agreed.valid_from""",
        {
            "products": tuple(sorted(product_codes(order))) or ("",),
            "currency": order.currency,
            "today": today,
            "customer": order.customer,
        },
        as_dict=True,
    )
    return rows[0] if rows else frappe._dict(), {row.name: row for row in rows if row.name}


def _line(order: Order, line: Any, product: Any) -> LineData:
    return LineData(
        number=line.idx,
        product=line.product,
        quantity=to_decimal(line.quantity),
        unit_price=to_decimal(line.unit_price),
        discount=to_decimal(line.discount),
        is_gift=bool(line.is_gift),
        specification=line.specification or "",
        model=line.model or "",
        customer_product_code=line.customer_product_code or "",
        packing=line.packing or "",
        label=line.label_requirement or "",
        requested_on=_day(line.requested_date),
        promised_on=_day(line.promised_date),
        agreed_quantity=to_decimal(line.agreed_quantity),
        agreed_price=to_decimal(line.agreed_price),
        agreed_specification=line.agreed_specification or "",
        known_prices=_known_prices(order, product),
        minimum_quantity=to_decimal(product.agreed_minimum) or to_decimal(product.minimum_order_quantity),
        response_days=product.agreed_days or product.response_days or 0,
        drawing_number=product.drawing_number or "",
        quotation_accepted=bool(product.quotation_accepted),
        quotation_valid_until=_day(product.quotation_valid_until),
    )


def _known_prices(order: Order, product: Any) -> tuple[Decimal, ...]:
    """The current selling price and the price agreed with the customer, in the order's currency (R-057)."""
    listed = product.list_price if product.currency == order.currency else None
    return tuple(to_decimal(price) for price in (product.agreed_price, listed) if price)


def _day(value: Any) -> date | None:
    return getdate(value) if value else None
