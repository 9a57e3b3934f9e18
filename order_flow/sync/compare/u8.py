"""One order as the site has it against the documents that U8 has of it (R-025, R-345, u8-openapi 3, 4). Pure.

What must stand in the ledger is worked out from the order itself, not by the mapping that posts it. Only the
keys are shared, because a key is what makes a document ours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from order_flow.domain.amounts import CENT, ZERO, round_money
from order_flow.domain.message import Message
from order_flow.domain.orders.facts import OrderFacts
from order_flow.domain.states import OrderState
from order_flow.integrations.u8.keys import document_key
from order_flow.integrations.u8.port import RemoteDocument, U8DocumentKind
from order_flow.integrations.u8.settings import PostingProfile
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind
from order_flow.sync.comparison import Difference, SiteOrder


@dataclass(frozen=True, slots=True)
class U8View:
    """What the ledger shows, and what must be known to judge it.

    Args:
        profile: how the account posts.
        currency: the ledger's own currency.
        service_items: article codes of freight and fees.
        documents: every document that carries a key of the order, whatever its date.
    """

    profile: PostingProfile
    currency: str
    service_items: frozenset[str] = frozenset()
    documents: tuple[RemoteDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectedDocument:
    """One document that must stand in the ledger exactly once."""

    kind: U8DocumentKind
    key: str
    amount: Decimal
    tolerance: Decimal = ZERO
    """How far a converted amount may be off by rounding part by part."""
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    """By article code, services left out; empty where the document has no lines of goods."""


def keys_of(facts: OrderFacts) -> tuple[tuple[U8DocumentKind, str], ...]:
    """Every key that a document of this order can carry, whatever the profile."""
    return (
        (U8DocumentKind.SALE_ORDER, document_key(U8DocumentKind.SALE_ORDER, facts.order_id)),
        (U8DocumentKind.RECEIVABLE, document_key(U8DocumentKind.RECEIVABLE, facts.order_id)),
        *(
            (U8DocumentKind.RECEIPT, document_key(U8DocumentKind.RECEIPT, payment.payment_id))
            for payment in facts.receipts
        ),
    )


def expected_documents(
    facts: OrderFacts, profile: PostingProfile, currency: str
) -> tuple[ExpectedDocument, ...]:
    """Return what the ledger must have of an order.

    Args:
        facts: the order.
        profile: how the money was posted.
        currency: the ledger's own currency.

    Returns:
        The documents; none unless the order is completed (R-025).
    """
    if facts.state is not OrderState.COMPLETED:
        return ()
    if profile is PostingProfile.SALES_ORDER:
        return (_expected_sale(facts),)
    rate = Decimal(1) if facts.currency == currency else facts.exchange_rate
    tolerance = ZERO if facts.currency == currency else CENT
    money = [(U8DocumentKind.RECEIVABLE, facts.order_id, facts.total)]
    money += [(U8DocumentKind.RECEIPT, payment.payment_id, payment.amount) for payment in facts.receipts]
    return tuple(
        ExpectedDocument(kind, document_key(kind, identity), round_money(amount * rate), tolerance)
        for kind, identity, amount in money
        if amount
    )


def _expected_sale(facts: OrderFacts) -> ExpectedDocument:
    quantities: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in facts.lines:
        if not line.cancelled and line.quantity:
            quantities[line.product_code] += line.quantity
    key = document_key(U8DocumentKind.SALE_ORDER, facts.order_id)
    return ExpectedDocument(U8DocumentKind.SALE_ORDER, key, facts.total, quantities=dict(quantities))


def compare_with_u8(site: SiteOrder, u8: U8View) -> tuple[Difference, ...]:
    """Compare the document set: each expected one exactly once with customer, amount and goods, no other.

    Args:
        site: our side.
        u8: what was read.

    Returns:
        The differences; a document that is still queued is honest delay, a second one never is.
    """
    by_key: dict[str, list[RemoteDocument]] = defaultdict(list)
    for document in u8.documents:
        by_key[document.key].append(document)
    profile = _profile_in_use(site.facts, u8, by_key)
    expected = {document.key: document for document in expected_documents(site.facts, profile, u8.currency)}
    found: list[Difference] = []
    for key, wanted in expected.items():
        found += _check(site, u8, wanted, by_key.get(key, []))
    for key, documents in by_key.items():
        if key not in expected:
            found.append(_uncalled_for(site, documents))
    return tuple(found)


def _profile_in_use(
    facts: OrderFacts, u8: U8View, by_key: Mapping[str, list[RemoteDocument]]
) -> PostingProfile:
    """The account's profile, or the one an older order was posted by before the account was changed."""
    fitting = [
        profile
        for profile in PostingProfile
        if by_key.keys() & {document.key for document in expected_documents(facts, profile, u8.currency)}
    ]
    return u8.profile if u8.profile in fitting or len(fitting) != 1 else fitting[0]


def _shown(documents: list[RemoteDocument]) -> list[dict[str, str]]:
    return [
        {
            "kind": document.kind.value,
            "number": document.number,
            "key": document.key,
            "date": document.date.isoformat() if document.date else "",
            "customer": document.customer_code,
            "amount": f"{document.amount:.2f}",
        }
        for document in documents
    ]


def _difference(
    site: SiteOrder,
    kind: DiscrepancyKind,
    aspect: str,
    summary: str,
    documents: list[RemoteDocument],
    ours: object,
    delay: str = "",
) -> Difference:
    return Difference(
        kind=kind,
        aspect=aspect,
        account_type=AccountType.U8,
        account=site.u8_account,
        summary=summary,
        site=ours,
        u8=_shown(documents) or None,
        delay=delay,
    )


def _check(
    site: SiteOrder, u8: U8View, wanted: ExpectedDocument, documents: list[RemoteDocument]
) -> list[Difference]:
    facts = site.facts
    aspect = f"{wanted.kind.value} {wanted.key}"
    ours = {"key": wanted.key, "customer": facts.customer_code, "amount": f"{wanted.amount:.2f}"}
    if not documents:
        text = Message(
            "Order {0} is completed, but U8 has no {1}.", facts.order_id, _named(wanted.kind, wanted.key)
        )
        delay = site.queue_delay(AccountType.U8)
        return [_difference(site, DiscrepancyKind.MISSING_IN_U8, aspect, text, documents, ours, delay)]
    if len(documents) > 1:
        numbers = ", ".join(document.number for document in documents)
        text = Message(
            "U8 has {0} documents {1} of order {2}: {3}. The same money is booked more than once: delete the "
            "surplus ones in U8.",
            len(documents),
            _named(wanted.kind, wanted.key),
            facts.order_id,
            numbers,
        )
        return [_difference(site, DiscrepancyKind.DUPLICATE_IN_U8, aspect, text, documents, ours)]
    return [*_money(site, wanted, documents[0], ours), *_goods(site, u8, wanted, documents[0])]


def _named(kind: U8DocumentKind, key: str) -> Message:
    return Message("{0} {1}", kind.label, key)


def _money(
    site: SiteOrder, wanted: ExpectedDocument, document: RemoteDocument, ours: Mapping[str, str]
) -> list[Difference]:
    same_amount = abs(round_money(document.amount) - wanted.amount) <= wanted.tolerance
    if same_amount and document.customer_code == site.facts.customer_code:
        return []
    aspect = f"{wanted.kind.value} {wanted.key}"
    text = Message(
        "U8's {0} has customer {1} and amount {2}; here it is customer {3} and amount {4}. Correct it in U8.",
        _named(wanted.kind, wanted.key),
        document.customer_code,
        f"{document.amount:.2f}",
        site.facts.customer_code,
        f"{wanted.amount:.2f}",
    )
    return [_difference(site, DiscrepancyKind.AMOUNT_DIFFERS, aspect, text, [document], dict(ours))]


def _goods(
    site: SiteOrder, u8: U8View, wanted: ExpectedDocument, document: RemoteDocument
) -> list[Difference]:
    if not wanted.quantities:
        return []
    theirs: dict[str, Decimal] = defaultdict(lambda: ZERO)
    aspect = f"{wanted.kind.value} {wanted.key}"
    for line in document.lines:
        if line.quantity is None or line.gross is None:
            return [_left_out(site, aspect, wanted, document)]
        if line.item_code not in u8.service_items - wanted.quantities.keys():
            theirs[line.item_code] += line.quantity
    gross = round_money(sum((line.gross or ZERO for line in document.lines), ZERO))
    if dict(theirs) == wanted.quantities and gross == wanted.amount:
        return []
    text = Message(
        "The lines of U8's {0} ({1}) are not those of order {2}.",
        _named(wanted.kind, wanted.key),
        document.number,
        site.facts.order_id,
    )
    return [
        Difference(
            kind=DiscrepancyKind.LINES_DIFFER,
            aspect=aspect,
            account_type=AccountType.U8,
            account=site.u8_account,
            summary=text,
            site=_goods_shown(wanted.quantities, wanted.amount),
            u8=_goods_shown(theirs, gross),
        )
    ]


def _left_out(site: SiteOrder, aspect: str, wanted: ExpectedDocument, document: RemoteDocument) -> Difference:
    """Figures that U8 does not show cannot be compared; that is said, not taken for zero."""
    text = Message(
        "A line of U8's {0} ({1}) of order {2} came without quantity or amount; that could not be compared. "
        "Look at the document in U8.",
        _named(wanted.kind, wanted.key),
        document.number,
        site.facts.order_id,
    )
    ours = _goods_shown(wanted.quantities, wanted.amount)
    return _difference(site, DiscrepancyKind.UNREADABLE_RECORD, aspect, text, [document], ours)


def _goods_shown(quantities: Mapping[str, Decimal], gross: Decimal) -> dict[str, object]:
    return {
        "quantities": {code: f"{quantity:f}" for code, quantity in sorted(quantities.items())},
        "amount": f"{gross:.2f}",
    }


def _uncalled_for(site: SiteOrder, documents: list[RemoteDocument]) -> Difference:
    facts = site.facts
    first = documents[0]
    aspect = f"{first.kind.value} {first.key}"
    if facts.state is OrderState.COMPLETED:
        text = Message(
            "U8 has {0} of order {1} besides the documents its money was posted by. The same money may be "
            "booked by two profiles: delete one set in U8.",
            _named(first.kind, first.key),
            facts.order_id,
        )
        return _difference(site, DiscrepancyKind.DUPLICATE_IN_U8, aspect, text, documents, None)
    text = Message(
        "U8 has {0} although order {1} is {2}. Delete it in U8.",
        _named(first.kind, first.key),
        facts.order_id,
        Message(facts.state.value),
    )
    ours = {"state": facts.state.value}
    return _difference(site, DiscrepancyKind.STATE_DIFFERS, aspect, text, documents, ours)
