"""The words of the notices to customers, in the customer's language, every value escaped (R-064, R-112)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from bs4 import BeautifulSoup
from frappe import _
from frappe.utils import escape_html, format_datetime, formatdate

from order_flow.domain.amounts import to_decimal
from order_flow.domain.customers.notices import NoticeEvent
from order_flow.domain.goods.shortages import OFFERS, Decision

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.order_payment.order_payment import OrderPayment
    from order_flow.order_flow.doctype.shipment.shipment import Shipment
    from order_flow.order_flow.doctype.shortage.shortage import Shortage


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What a customer reads, or hears on the telephone."""

    subject: str
    body: str
    """HTML."""


_WITHOUT_DETAILS: Final = frozenset({NoticeEvent.CANCELLED, NoticeEvent.RECEIVED, NoticeEvent.COMPLETED})
LONGEST_MESSAGE: Final = 400
"""Characters of a short message; the rest stands on the page behind its link."""


def short_text(text: NoticeText) -> str:
    """A notice as a short message: its words without markup, the address of its page always whole."""
    page = BeautifulSoup(text.body, "html.parser")
    addresses = [str(link.extract()["href"]) for link in page.find_all("a")]
    words = " ".join(page.get_text(" ").split())
    tail = "".join(f" {address}" for address in addresses)
    return words[: LONGEST_MESSAGE - len(tail)] + tail


def order_text(event: NoticeEvent, order: Order, language: str, reason: str = "") -> NoticeText:
    """The notice about a step or a review of an order.

    Args:
        event: what happened.
        order: the Order document.
        language: the customer's, e.g. ``zh``.
        reason: why it was returned or refused, in the words of whoever did it.
    """
    number = order.order_number or order.name
    if event is NoticeEvent.CONFIRMED:
        subject = _("Your order {0} is confirmed", language).format(number)
        return _composed(subject, order, language, _details(order, language))
    if event is NoticeEvent.REVIEW_AGREED:
        subject = _("Your order {0} has passed our review", language).format(number)
        return _composed(subject, order, language)
    if event in _WITHOUT_DETAILS:
        return _composed(_news(event, language).format(number), order, language)
    if event is NoticeEvent.NOT_URGENT:
        subject = _("Your order {0} follows the usual schedule", language).format(number)
        return _composed(subject, order, language, _row(_("Reason", language), reason))
    if event is NoticeEvent.REVIEW_REFUSED:
        subject = _("Your order {0} did not pass our review", language).format(number)
    else:
        subject = _("Your order {0} cannot be confirmed yet", language).format(number)
    problem = reason or _("Some of its data must be corrected. We will contact you.", language)
    return _composed(subject, order, language, _row(_("Reason", language), problem))


def shipped_text(
    order: Order, parcel: Any, follows: Mapping[str, Decimal], address: str, language: str
) -> NoticeText:
    """The notice that goods have left: when, with whom, under which number; of a part what is in it and what
    follows.

    Args:
        order: the Order document.
        parcel: the Shipment with its lines.
        follows: quantity by line id that is still to come.
        address: of the page that shows the order.
        language: the customer's.
    """
    number = order.order_number or order.name
    day = formatdate(parcel.shipped_at, "yyyy-MM-dd")
    rows = [
        _row(
            _("Shipped At", language),
            " ".join(filter(None, (day, parcel.carrier, parcel.waybill_number))),
        )
    ]
    leaving = parcel.leaving()
    whole = leaving == {line.name: to_decimal(line.quantity) for line in order.items}
    if not whole:
        rows.append(_row(_("In this parcel", language), _goods(order, leaving)))
    if follows:
        rows.append(_row(_("Still to come", language), _goods(order, follows)))
        subject = _("A part of your order {0} has been shipped", language)
    else:
        subject = _("Your order {0} has been shipped", language)
    link = f'<p><a href="{escape_html(address)}">{escape_html(_("Follow your order", language))}</a></p>'
    return _composed(subject.format(number), order, language, *rows, link)


def _goods(order: Order, quantities: Mapping[str, Decimal]) -> str:
    names = {line.name: line.product_name or line.product for line in order.items}
    return ", ".join(
        f"{names[line]} × {quantity.normalize():f}" for line, quantity in quantities.items() if line in names
    )


def shortage_text(order: Order, line: Any, shortage: Shortage, address: str, language: str) -> NoticeText:
    """The question about goods that are short: what is missing, what is offered, where to answer (K-20).

    Args:
        order: the Order document.
        line: its line; None where a change has taken it out.
        shortage: the decided Shortage.
        address: of the page where the customer answers.
        language: the customer's.
    """
    number = order.order_number or order.name
    name = (line.product_name if line else "") or shortage.product
    offer = _(OFFERS[Decision(shortage.decision)], language)
    day = formatdate(shortage.new_date, "yyyy-MM-dd") if shortage.new_date else ""
    rows = (
        _row(_("Missing", language), f"{name}: {to_decimal(shortage.missing).normalize():f}"),
        _row(_("Our offer", language), f"{offer} {day}".strip()),
    )
    link = f'<p><a href="{escape_html(address)}">{escape_html(_("Answer here", language))}</a></p>'
    subject = _("Some goods of your order {0} are short", language).format(number)
    return _composed(subject, order, language, *rows, link)


def delivery_text(event: NoticeEvent, order: Order, words: str, new_date: Any, language: str) -> NoticeText:
    """The notice about trouble with a delivery: what happened, and by when the goods come (R-296, R-374).

    Args:
        event: a delay, or another problem.
        order: the Order document.
        words: the reason, in the words of whoever tells it.
        new_date: the new day; None where there is none.
        language: the customer's.
    """
    number = order.order_number or order.name
    if event is NoticeEvent.DELAYED:
        subject = _("Your order {0} arrives later", language).format(number)
    else:
        subject = _("About the delivery of your order {0}", language).format(number)
    day = _row(_("New date", language), formatdate(new_date, "yyyy-MM-dd")) if new_date else ""
    return _composed(subject, order, language, _row(_("Reason", language), words), day)


def dispatch_text(order: Order, shipment: Shipment, language: str) -> NoticeText:
    """The advice before goods leave, so that their receipt can be prepared (R-283, R-284, R-375).

    Args:
        order: the Order document.
        shipment: with ``planned_ship_date``, ``arrive_by``, ``delivery_place`` and its items.
        language: the customer's.
    """
    goods = ", ".join(
        f"{item.product_name or item.product} {to_decimal(item.quantity).normalize():f}"
        for item in shipment.items
    )
    arrives = format_datetime(shipment.arrive_by, "yyyy-MM-dd HH:mm") if shipment.arrive_by else ""
    rows = (
        _row(_("Leaves on", language), formatdate(shipment.planned_ship_date, "yyyy-MM-dd")),
        _row(_("Expected by", language), arrives) if arrives else "",
        _row(_("Place of Delivery", language), shipment.delivery_place or "-"),
        _row(_("Goods", language), goods),
    )
    subject = _("Goods of your order {0} are being prepared", language).format(
        order.order_number or order.name
    )
    return _composed(subject, order, language, *rows)


def _news(event: NoticeEvent, language: str) -> str:
    """Return news that need no more words; why the company calls an order off is between people."""
    if event is NoticeEvent.CANCELLED:
        return str(_("Your order {0} has been called off", language))
    if event is NoticeEvent.RECEIVED:
        return str(_("We have noted that the goods of your order {0} arrived", language))
    return str(_("Your order {0} is completed. Thank you", language))


def rest_text(order: Order, day: date, rest: Decimal, language: str) -> NoticeText:
    """The notice that the goods can leave as soon as the rest is paid (R-155)."""
    subject = _("Please pay the rest of your order {0} before it ships", language).format(
        order.order_number or order.name
    )
    rows = (
        _row(_("Open Amount", language), _money(rest, order.currency)),
        _row(_("Leaves on", language), formatdate(day, "yyyy-MM-dd")),
    )
    return _composed(subject, order, language, *rows)


def payment_text(event: NoticeEvent, order: Order, payment: OrderPayment, language: str) -> NoticeText:
    """The notice about money that finance confirmed or rejected; the state is that of the order after it."""
    number = order.order_number or order.name
    if event is NoticeEvent.PAYMENT_CONFIRMED:
        subject = _("We received your payment for order {0}", language).format(number)
        advice = ""
    else:
        subject = _("Your payment for order {0} was not received", language).format(number)
        advice = _paragraph(_("Please ask your bank or payment service, or pay again.", language))
    rows = (
        _row(_("Amount", language), _money(payment.amount, order.currency)),
        _row(_("Reference", language), payment.reference or "-"),
        _row(_("Payment Status", language), _(order.payment_status, language)),
    )
    return _composed(subject, order, language, *rows, advice)


def _composed(subject: str, order: Order, language: str, *parts: str) -> NoticeText:
    greeting = _("Dear {0},", language).format(order.contact_person or order.customer_name)
    return NoticeText(subject, _paragraph(greeting) + _paragraph(subject) + "".join(parts))


def _details(order: Order, language: str) -> str:
    """Order details, expected delivery date and payment method (R-112)."""
    day = order.expected_arrival or order.promised_date
    expected = formatdate(day, "yyyy-MM-dd") if day else _("We will tell you the date.", language)
    lines = "".join(
        "<li>{}</li>".format(
            escape_html(
                " ".join(
                    filter(
                        None,
                        (
                            line.product_name or line.product,
                            line.specification,
                            f"{to_decimal(line.quantity).normalize():f}",
                            line.unit,
                            _money(line.gross, order.currency),
                        ),
                    )
                )
            )
        )
        for line in order.items
    )
    return (
        f"<ul>{lines}</ul>"
        + _row(_("Total", language), _money(order.total, order.currency))
        + _row(_("Expected delivery", language), expected)
        + _row(_("Payment Term", language), _(order.payment_term, language))
    )


def _money(amount: Any, currency: str) -> str:
    return f"{to_decimal(amount):,.2f} {currency}"


def _row(label: str, value: str) -> str:
    return _paragraph(f"{label}: {value}")


def _paragraph(text: str) -> str:
    lines: str = escape_html(text).replace("\n", "<br>")
    return f"<p>{lines}</p>"
