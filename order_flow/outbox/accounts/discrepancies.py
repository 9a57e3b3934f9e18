"""Where the site, WDT and U8 do not agree: raised once, seen again, closed by a person or by agreement.

Source: design 5, R-034, R-351.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import frappe
from frappe import _

from order_flow.domain.message import Message
from order_flow.outbox.clock import SQL_NOW, utc_offset
from order_flow.outbox.language import in_site_language
from order_flow.outbox.people import require_operator
from order_flow.outbox.states import DiscrepancyKind, DiscrepancyState


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement.

    Args:
        kind: what does not agree.
        account_type, account: the account it was found with; "" where none is concerned.
        document_type, document: our document; "" where we have none.
        aspect: which part of it, e.g. a line or the far side's record id; with kind, account and document it
            identifies the disagreement.
        summary: what differs, in an operator's words.
        site_value, wdt_value, u8_value: the three truths (JSON values), None where a side has none.
        payload: the record as it came, None if there is none.
    """

    kind: DiscrepancyKind
    account_type: str
    account: str
    document_type: str
    document: str
    aspect: str
    summary: str
    site_value: Any = None
    wdt_value: Any = None
    u8_value: Any = None
    payload: Any = None

    @property
    def open_key(self) -> str:
        """Identity while open: the same disagreement is one row."""
        return open_key(
            self.kind, self.account_type, self.account, self.document_type, self.document, self.aspect
        )


@dataclass(frozen=True, slots=True)
class Repair:
    """Something a person can have done about a discrepancy.

    Args:
        name: stable name, used by the button.
        label: what the button says (English, translated for the reader).
        path: dotted path of ``function(discrepancy: Document) -> str``; its text tells what was done.
    """

    name: str
    label: str
    path: str


_PUSH_AGAIN = Repair("push_again", "Push Again", "order_flow.sync.compare.repairs.push_again")
_READ_AGAIN = Repair("read_again", "Read Again", "order_flow.sync.compare.repairs.read_again")
_ACCEPT_WDT = Repair("accept_wdt", "Accept WDT's State", "order_flow.sync.compare.repairs.accept_wdt")
_MAKE_TASK = Repair("make_task", "Make a Task", "order_flow.sync.compare.repairs.make_task")

REPAIRS: dict[DiscrepancyKind, tuple[Repair, ...]] = {
    DiscrepancyKind.MISSING_IN_WDT: (_PUSH_AGAIN, _READ_AGAIN, _MAKE_TASK),
    DiscrepancyKind.SHIPMENT_DIFFERS: (_PUSH_AGAIN, _READ_AGAIN, _MAKE_TASK),
    DiscrepancyKind.UNKNOWN_STATE: (_READ_AGAIN, _MAKE_TASK),
    DiscrepancyKind.STATE_DIFFERS: (_PUSH_AGAIN, _READ_AGAIN, _ACCEPT_WDT, _MAKE_TASK),
    DiscrepancyKind.CONTRADICTION: (_READ_AGAIN, _ACCEPT_WDT, _MAKE_TASK),
    DiscrepancyKind.LINES_DIFFER: (_PUSH_AGAIN, _MAKE_TASK),
    DiscrepancyKind.AMOUNT_DIFFERS: (_PUSH_AGAIN, _MAKE_TASK),
    DiscrepancyKind.MISSING_IN_U8: (
        Repair("post_again", "Post Again", "order_flow.sync.compare.repairs.post_again"),
        _MAKE_TASK,
    ),
    DiscrepancyKind.MISSING_ON_SITE: (
        Repair("keep_numbers_free", "Keep Numbers Free", "order_flow.sync.missing_here.keep_numbers_free"),
        Repair("read_again", "Read Again", "order_flow.sync.missing_here.look_again_for"),
    ),
    DiscrepancyKind.DUPLICATE_IN_U8: (_MAKE_TASK,),
    DiscrepancyKind.NEEDS_MANUAL_STEP: (_MAKE_TASK,),
    DiscrepancyKind.ACCOUNT_PAUSED: (
        Repair("resume_account", "Resume Account", "order_flow.outbox.sending.interventions.resume_for"),
    ),
    DiscrepancyKind.UNREADABLE_RECORD: (
        Repair("read_again", "Read Again", "order_flow.outbox.reading.positions.read_record_again"),
    ),
}
"""Repairs offered per kind; another app adds its own with ``register_repair``."""

SHIPMENT_ASPECT: Final = "shipment"
"""Of goods that left WDT; with a colon and the trade's number where they do not fit the order."""
AFTER_CLOSING: tuple[str, ...] = ("order_flow.sync.disagreements.closed",)
"""Dotted paths of ``function(names)``, called in the transaction that closes discrepancies."""


def open_key(
    kind: DiscrepancyKind, account_type: str, account: str, document_type: str, document: str, aspect: str
) -> str:
    """Short identity of an open discrepancy (the parts together are longer than an index takes)."""
    parts = json.dumps([kind, account_type, account, document_type, document, aspect], ensure_ascii=False)
    return hashlib.sha256(parts.encode()).hexdigest()


def register_repair(kind: DiscrepancyKind, repair: Repair) -> None:
    """Offer a repair for a kind of discrepancy; registering it again replaces it."""
    others = tuple(known for known in REPAIRS.get(kind, ()) if known.name != repair.name)
    REPAIRS[kind] = (*others, repair)


def raise_discrepancy(finding: Finding) -> int:
    """Store a disagreement, or note that it was seen again (one statement, in the caller's transaction).

    Returns:
        The row's name.
    """
    values = {
        "open_key": finding.open_key,
        "kind": finding.kind,
        "state": DiscrepancyState.OPEN,
        "account_type": finding.account_type or None,
        "account": finding.account or None,
        "document_type": finding.document_type or None,
        "document": finding.document or None,
        "aspect": finding.aspect[:140],
        "summary": in_site_language(finding.summary),
        "site_value": readable(finding.site_value),
        "wdt_value": readable(finding.wdt_value),
        "u8_value": readable(finding.u8_value),
        "payload": readable(finding.payload),
        "user": frappe.session.user,
        "utc_offset": utc_offset(),
    }
    return int(frappe.db.sql(_UPSERT, values)[0][0])


def unfit_shipment(order: str) -> Any:
    """Return what WDT shipped of an order and could not be stored here, while a person has not looked.

    Args:
        order: the order's name.

    Returns:
        ``account`` and ``summary``; None where there is nothing.
    """
    about = {
        "kind": DiscrepancyKind.SHIPMENT_DIFFERS.value,
        "state": DiscrepancyState.OPEN.value,
        "document_type": "Order",
        "document": order,
        "aspect": ("like", f"{SHIPMENT_ASPECT}:%"),
    }
    return frappe.db.get_value("Sync Discrepancy", about, ["account", "summary"], as_dict=True)


def readable(value: Any) -> str | None:
    """A truth as indented JSON that people can compare; dates and amounts as text, None stays None."""
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str)


def close_resolved(
    kind: DiscrepancyKind, account_type: str, account: str, document_type: str, document: str, aspect: str
) -> None:
    """Close a discrepancy because the sides agree again; quiet if none is open."""
    key = open_key(kind, account_type, account, document_type, document, aspect)
    _close("open_key", key, DiscrepancyState.RESOLVED, in_site_language(Message("The sides agree again.")))


def resolve(name: int, resolution: str) -> None:
    """Close a discrepancy as settled by a person.

    Args:
        name: the row.
        resolution: what was done; required.

    Raises:
        frappe.PermissionError: the user is no operator.
        frappe.ValidationError: no resolution was given.
    """
    _close_by_person(name, DiscrepancyState.RESOLVED, resolution)


def dismiss(name: int, resolution: str) -> None:
    """Close a discrepancy as no problem; arguments and errors as for ``resolve``."""
    _close_by_person(name, DiscrepancyState.DISMISSED, resolution)


def repairs_of(kind: str) -> list[dict[str, str]]:
    """Names and labels of the repairs that a kind of discrepancy offers."""
    return [{"name": repair.name, "label": repair.label} for repair in REPAIRS.get(DiscrepancyKind(kind), ())]


def repair(name: int, repair_name: str) -> str:
    """Carry out a repair; the discrepancy stays open until the sides agree or a person closes it.

    Args:
        name: the discrepancy.
        repair_name: one of ``repairs_of`` its kind.

    Returns:
        What was done, for the operator.

    Raises:
        frappe.PermissionError: the user is no operator.
        frappe.ValidationError: this kind offers no such repair, or the discrepancy is closed.
    """
    require_operator()
    document = frappe.get_doc("Sync Discrepancy", name)
    if DiscrepancyState(document.state) is not DiscrepancyState.OPEN:
        frappe.throw(
            _("Discrepancy {0} is {1}; there is nothing left to repair.").format(name, _(document.state))
        )
    offered = {known.name: known for known in REPAIRS.get(DiscrepancyKind(document.kind), ())}
    if repair_name not in offered:
        frappe.throw(
            _("'{0}' offers no repair '{1}'. Choose one of: {2}.").format(
                _(document.kind), repair_name, ", ".join(offered) or "-"
            )
        )
    chosen = offered[repair_name]
    done: str = _function_at(chosen.path)(document)
    document.add_comment("Info", f"{_(chosen.label)}: {done}")
    return done


def open_count(kinds: Sequence[DiscrepancyKind] = tuple(DiscrepancyKind)) -> int:
    """Count the discrepancies of these kinds that wait for a person."""
    count: int = frappe.db.count(
        "Sync Discrepancy", {"state": DiscrepancyState.OPEN.value, "kind": ("in", [k.value for k in kinds])}
    )
    return count


def _function_at(path: str) -> Callable[[Any], Any]:
    module_name, _dot, attribute = path.rpartition(".")
    function: Callable[[Any], Any] = getattr(import_module(module_name), attribute)
    return function


def _close_by_person(name: int, state: DiscrepancyState, resolution: str) -> None:
    require_operator()
    if not resolution.strip():
        frappe.throw(_("Say what was done or why it is no problem; the next one will want to know."))
    _close("name", name, state, resolution.strip())


def _close(column: str, value: str | int, state: DiscrepancyState, resolution: str) -> None:
    # Looked for first: an update that finds nothing would lock the place where others insert theirs.
    names = frappe.get_all(
        "Sync Discrepancy", {column: value, "state": DiscrepancyState.OPEN.value}, pluck="name"
    )
    if not names:
        return
    # open_key becomes NULL: a closed discrepancy must not stop the same one from being raised again.
    frappe.db.sql(
        f"""UPDATE `tabSync Discrepancy`
        SET state = %(closed)s, resolution = %(resolution)s, resolved_by = %(user)s, resolved_at = {SQL_NOW},
            modified = {SQL_NOW}, modified_by = %(user)s, open_key = NULL
        WHERE name IN %(names)s AND state = %(open)s""",
        {
            "closed": state,
            "open": DiscrepancyState.OPEN,
            "resolution": resolution,
            "user": frappe.session.user,
            "names": tuple(names),
            "utc_offset": utc_offset(),
        },
    )
    for path in AFTER_CLOSING:
        _function_at(path)(names)


_UPSERT = f"""INSERT INTO `tabSync Discrepancy` (
    name, creation, modified, owner, modified_by, kind, state, account_type, account, document_type,
    document, aspect, summary, site_value, wdt_value, u8_value, payload, first_seen, last_seen, times_seen,
    open_key)
VALUES (NEXTVAL(`sync_discrepancy_id_seq`), {SQL_NOW}, {SQL_NOW}, %(user)s, %(user)s, %(kind)s, %(state)s,
    %(account_type)s, %(account)s, %(document_type)s, %(document)s, %(aspect)s, %(summary)s, %(site_value)s,
    %(wdt_value)s, %(u8_value)s, %(payload)s, {SQL_NOW}, {SQL_NOW}, 1, %(open_key)s)
ON DUPLICATE KEY UPDATE last_seen = VALUES(last_seen), modified = VALUES(modified),
    times_seen = times_seen + 1, summary = VALUES(summary), site_value = VALUES(site_value),
    wdt_value = VALUES(wdt_value), u8_value = VALUES(u8_value), payload = VALUES(payload)
RETURNING name"""
