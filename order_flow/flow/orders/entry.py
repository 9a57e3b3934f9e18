"""Takes an order's data in: fills what is known, computes amounts, and says when it may be edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.utils import flt

from order_flow.domain.amounts import (
    HUNDRED,
    LARGEST,
    ZERO,
    OrderAmounts,
    line_amounts,
    order_amounts,
    round_money,
    to_decimal,
)
from order_flow.domain.orders.classes import Trade, concerns_goods
from order_flow.domain.orders.numbering import usual_region
from order_flow.domain.regions import district_of
from order_flow.domain.reviews.model import NOT_REVIEWED
from order_flow.domain.states import EDITABLE_STATES, FINAL_STATES, OrderState, PaymentTerm
from order_flow.flow.access.care import limited_to_own
from order_flow.flow.orders.classing import classify
from order_flow.flow.orders.masters import company_currency, masters_of
from order_flow.flow.records.guards import differs
from order_flow.flow.refusals import StepRefused, refuse_faults
from order_flow.flow.terms.plan import compute_plan, fill_plan
from order_flow.integrations.wdt.codes import TradeStatus

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.order_item.order_item import OrderItem


def fill_from_masters(order: Order) -> None:
    """Fill what the channel, the customer and the products know and the entry left empty (R-013, R-041).

    Raises:
        StepRefused: a customer or product that is disabled or does not exist.
        frappe.PermissionError: a field rep's order for a customer of somebody else's.
    """
    channel = frappe.get_cached_doc("Sales Channel", order.channel)
    if not channel.enabled:
        frappe.throw(
            _("Sales channel {0} is disabled. Choose another channel or enable it.").format(order.channel),
            StepRefused,
        )
    customer = masters_of(order).customer
    if not customer or customer.disabled:
        frappe.throw(
            _("Customer {0} does not exist or is disabled. Choose another customer or enable it.").format(
                order.customer
            ),
            StepRefused,
        )
    if limited_to_own(user := frappe.session.user) and user not in (
        customer.sales_rep,
        customer.customer_owner,
    ):
        frappe.throw(
            _("Customer {0} is not in your care. Ask the sales manager to enter you there.").format(
                order.customer
            ),
            frappe.PermissionError,
        )
    order.customer_name = customer.customer_name
    order.sales_rep = order.sales_rep or customer.sales_rep
    _fill_usual_terms(order, customer, channel)
    if customer.framework_contract:
        order.contract_number = order.contract_number or customer.contract_number
    order.region = order.region or customer.region or usual_region(Trade(order.trade)).value
    order.invoice_title = order.invoice_title or customer.invoice_title
    order.tax_number = order.tax_number or customer.tax_number
    fill_plan(order, _payment_term(order), customer)
    order.external_number = order.external_number or None
    goods = concerns_goods(order.order_kind)
    order.wdt_account = channel.wdt_account if goods else None
    order.u8_account = channel.u8_account if goods else None
    # The customer's own number, or ours where there is none.
    order.customer_order_number = order.customer_order_number or order.name
    if not order.contact_person:
        order.contact_person = customer.customer_name
    order.email = order.email or customer.email
    products = fill_lines(order, to_decimal(channel.default_tax_percent))
    first = products.get(order.items[0].product) if order.items else None
    order.product_type = first.product_type if first else None
    classify(order, products.values())


def _fill_usual_terms(order: Order, customer: Any, channel: Any) -> None:
    """Take what was not said from customer and channel, not the first option of a choice (R-013)."""
    usual = {
        "trade": (customer.trade,),
        "payment_term": (customer.default_payment_term, channel.default_payment_term),
        "currency": (channel.currency,),
    }
    left_out = order.flags.left_out or frozenset()
    for fieldname, values in usual.items():
        said = None if fieldname in left_out else order.get(fieldname)
        order.set(fieldname, said or next(filter(None, values), order.get(fieldname)))
    if "tax_included" in left_out:
        order.tax_included = channel.tax_included
    _check_rate(order)


def _check_rate(order: Order) -> None:
    """A foreign amount counts by its rate; a rate that nobody entered is 1, and would count 1 to 1.

    Raises:
        StepRefused: another currency than the company's without a rate, or the company's with one.
    """
    own = company_currency()
    rate = to_decimal(order.exchange_rate)
    if order.currency == own:
        if rate not in (ZERO, Decimal(1)):
            frappe.throw(
                _("{0} is the company's own currency: the exchange rate is 1, not {1}.").format(own, rate),
                StepRefused,
            )
        order.exchange_rate = 1
    elif rate <= ZERO or rate == Decimal(1):
        frappe.throw(
            _("The order is in {0}. Enter the exchange rate: how many {1} one {0} is worth.").format(
                order.currency, own
            ),
            StepRefused,
            title=_("Exchange Rate Missing"),
        )


def _payment_term(order: Order) -> PaymentTerm:
    try:
        return PaymentTerm(order.payment_term)
    except ValueError:
        frappe.throw(
            _("'{0}' is not a payment term. Choose one of: {1}.").format(
                order.payment_term, ", ".join(_(term.value) for term in PaymentTerm)
            ),
            StepRefused,
        )


def fill_lines(order: Order, channel_tax: Decimal) -> Mapping[str, Any]:
    """Fill lines from their products (R-041); the order itself stays as it is.

    Args:
        order: the Order document, or anything with its customer, currency, lines and flags.
        channel_tax: tax in percent where neither line nor product says one.

    Returns:
        The products by code.

    Raises:
        frappe.LinkValidationError: a product does not exist or is disabled.
    """
    masters = masters_of(order)
    products = masters.products
    missing = sorted(masters.product_codes - products.keys())
    if missing:
        frappe.throw(
            _("These products do not exist or are disabled: {0}. Create or enable them first.").format(
                ", ".join(missing)
            ),
            frappe.LinkValidationError,
        )
    for line in order.items:
        product = products.get(line.product)
        if product is None:
            continue
        line.product_name = line.product_name or product.product_name
        line.specification = line.specification or product.specification
        line.unit = line.unit or product.unit
        line.currency = order.currency
        if line.is_gift and line.unit_price in (None, ""):
            line.unit_price = 0
        # Left out or left empty; 0 is a rate that somebody typed.
        if line.tax_percent in (None, ""):
            line.tax_percent = float(to_decimal(product.tax_percent) or channel_tax)
    return products


def warn_of_gaps(order: Order) -> None:
    """Say while the order is being typed what WDT would send back later (wdt-openapi 2.1)."""
    if order.wdt_account and not district_of(order.city or "", order.district or ""):
        frappe.msgprint(
            _(
                "The district is empty. Enter it: WDT takes no address without one, and is not told until "
                "then."
            ),
            alert=True,
            indicator="orange",
        )


def check_lines(order: Order) -> None:
    """Quantities above zero, prices present (R-042).

    Raises:
        StepRefused: naming every line at fault.
    """
    faults = []
    for line in order.items:
        if "quantity" in (line.flags.left_out or ()):
            faults.append(_("Line {0}: the quantity is missing. Enter it.").format(line.idx))
        elif flt(line.quantity) <= 0:
            faults.append(_("Line {0}: the quantity must be above zero.").format(line.idx))
        faults += _price_faults(line)
        if not ZERO <= to_decimal(line.tax_percent) <= HUNDRED:
            faults.append(_("Line {0}: the tax rate is a percentage from 0 to 100.").format(line.idx))
    refuse_faults(faults, _("Lines Incomplete"))


def _price_faults(line: OrderItem) -> list[str]:
    price = to_decimal(line.unit_price)
    if line.is_gift:
        free = price == to_decimal(line.discount) == ZERO
        return [] if free else [_("Line {0}: a gift has neither price nor discount.").format(line.idx)]
    if price < ZERO:
        return [_("Line {0}: the price is below zero. Correct it.").format(line.idx)]
    if price == ZERO:
        return [_("Line {0}: the price is missing. Enter it, or mark the line as a gift.").format(line.idx)]
    if round_money(to_decimal(line.quantity) * price) == ZERO:
        return [_("Line {0}: quantity and price come to less than a cent.").format(line.idx)]
    return []


def compute_amounts(order: Order) -> None:
    """Compute every amount of the order from its lines (R-044).

    Raises:
        StepRefused: a typed total that differs from the computed one, or a total below zero.
    """
    typed = to_decimal(order.total)
    before = order.get_doc_before_save()
    computed = order_amounts(
        (
            line_amounts(
                to_decimal(line.quantity),
                to_decimal(line.unit_price),
                to_decimal(line.discount),
                to_decimal(line.tax_percent),
                tax_included=bool(order.tax_included),
            )
            for line in order.items
        ),
        to_decimal(order.freight),
        to_decimal(order.other_fees),
        to_decimal(order.discount),
    )
    known = {ZERO, computed.total, to_decimal(before.total) if before else ZERO}
    if typed not in known:
        frappe.throw(
            _("The total is computed by the system: {0}, not {1}. Leave it out or correct the lines.").format(
                computed.total, round_money(typed)
            ),
            StepRefused,
        )
    _check_computed(order, computed)
    for line, amounts in zip(order.items, computed.lines, strict=True):
        line.amount, line.tax, line.gross = float(amounts.amount), float(amounts.tax), float(amounts.gross)
    order.lines_total = float(computed.lines_total)
    order.tax_total = float(computed.tax_total)
    order.total = float(computed.total)
    compute_plan(order)


def _check_computed(order: Order, computed: OrderAmounts) -> None:
    overdrawn = [
        str(line.idx)
        for line, amounts in zip(order.items, computed.lines, strict=True)
        if amounts.amount < ZERO
    ]
    if overdrawn:
        frappe.throw(
            _("The discount of these lines exceeds their value: {0}. Correct the discounts.").format(
                ", ".join(overdrawn)
            ),
            StepRefused,
        )
    if computed.total < ZERO:
        frappe.throw(
            _("The order's total would be {0}. Discounts cannot exceed the order's value.").format(
                computed.total
            ),
            StepRefused,
        )
    if computed.total > LARGEST:
        frappe.throw(
            _("The order's total would be {0}, beyond {1}. Correct quantities and prices.").format(
                computed.total, LARGEST
            ),
            StepRefused,
        )


def _content_fields(meta: Any) -> Iterable[Any]:
    return (
        df
        for df in meta.fields
        if not df.read_only
        and not df.allow_on_submit
        and df.fieldtype not in (*no_value_fields, *table_fields)
    )


def content_changed(order: Order) -> bool:
    """Tell whether anything a person enters differs from what is stored."""
    return _differs_from_stored(order, left_out=frozenset())


def material_change(order: Order) -> bool:
    """Tell whether something differs that the departments judged in a review (R-092)."""
    return _differs_from_stored(order, left_out=NOT_REVIEWED)


def _differs_from_stored(order: Order, *, left_out: frozenset[str]) -> bool:
    before = order.get_doc_before_save()
    if before is None:
        return True
    fields = [df for df in _content_fields(order.meta) if df.fieldname not in left_out]
    if any(differs(order, before, df) for df in fields):
        return True
    if [line.name for line in order.items] != [line.name for line in before.items]:
        return True
    line_fields = list(_content_fields(frappe.get_meta("Order Item")))
    return any(
        differs(line, old, df)
        for line, old in zip(order.items, before.items, strict=True)
        for df in line_fields
    )


def _refuse_edit(order: Order, state: OrderState) -> NoReturn:
    way = {
        OrderState.UNDER_REVIEW: _("Return it to entry first; then it can be edited."),
        **dict.fromkeys(FINAL_STATES, _("It is finished.")),
    }.get(state) or _("Propose a change notice on it: the order changes when that is approved.")
    frappe.throw(
        _("Order {0} is {1} and cannot be edited.").format(order.name, _(state.value)) + " " + way,
        StepRefused,
    )


def check_edit(order: Order, state_before: OrderState) -> None:
    """In place only while unconfirmed, and only by those who enter orders (K-07, R-388).

    Raises:
        StepRefused: the state does not allow editing.
        frappe.PermissionError: the user may take steps but not edit orders.
    """
    if order.flags.system_fields_open or not content_changed(order):
        return
    if state_before not in EDITABLE_STATES:
        _refuse_edit(order, state_before)
    if (order.wdt_trade_status or 0) >= TradeStatus.WAITING_FOR_HANDOVER:
        frappe.throw(
            _(
                "WDT has reviewed order {0} already; its content cannot change here any more. Request its "
                "cancellation and enter it anew."
            ).format(order.name),
            StepRefused,
        )
    if not order.flags.ignore_permissions and not frappe.has_permission("Order", "create"):
        frappe.throw(
            _("Your roles may take steps on orders but not edit their content. Ask the order desk."),
            frappe.PermissionError,
        )
