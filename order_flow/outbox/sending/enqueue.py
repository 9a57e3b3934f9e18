"""Write what must be told outside, in the transaction of the change itself (design 5, R-352)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import frappe

from order_flow.outbox import bell
from order_flow.outbox.clock import SQL_NOW, utc_offset
from order_flow.outbox.states import ErrorKind, RowState

LENGTHS = {
    "account_type": 60,
    "account": 140,
    "action": 60,
    "document_type": 60,
    "document": 140,
    "revision": 60,
}
"""Column lengths of a message's identity; the insert below would cut a longer value without a word."""


@dataclass(frozen=True, slots=True)
class Message:
    """One fact for one account.

    Args:
        account_type: DocType of the account.
        account: its name.
        action: a registered action (``registry.Action``).
        document_type: DocType of the document it is about.
        document: its name; messages about one document go out in the order they were written.
        revision: what makes this message different from an earlier one of this action and document.
        payload: facts fixed now (JSON values); everything else is read when the message is sent.

    Raises:
        ValueError: a part of the identity is empty or too long.
    """

    account_type: str
    account: str
    action: str
    document_type: str
    document: str
    revision: str
    payload: Mapping[str, Any]

    def __post_init__(self) -> None:
        for part, longest in LENGTHS.items():
            value = getattr(self, part)
            if not value or len(value) > longest:
                raise ValueError(
                    f"The {part} of an outbox message must have 1 to {longest} characters, not "
                    f"{len(value)}: {value!r}. Give the account or document a shorter name."
                )


def enqueue(
    account_type: str,
    account: str,
    action: str,
    document_type: str,
    document: str,
    revision: str | int,
    payload: Mapping[str, Any],
) -> int | None:
    """Queue one message; arguments as for ``Message``.

    Returns:
        The new row's name, or None where the same message was queued before: a quiet no-op (R-351).

    Raises:
        ValueError: a part of the identity is empty or too long.
        TypeError: the payload is not JSON.
    """
    message = Message(account_type, account, action, document_type, document, str(revision), payload)
    names = enqueue_many((message,))
    return names[0] if names else None


def enqueue_many(messages: Sequence[Message]) -> list[int]:
    """Queue messages with one statement in the caller's transaction; workers are woken after its commit.

    Returns:
        The names of the new rows, ascending; messages that were queued before are not among them.

    Raises:
        TypeError: a payload is not JSON.
    """
    if not messages:
        return []
    values: dict[str, Any] = {
        "utc_offset": utc_offset(),
        "state": RowState.PENDING,
        "user": frappe.session.user,
    }
    rows = []
    for index, message in enumerate(messages):
        for part in LENGTHS:
            values[f"{part}_{index}"] = getattr(message, part)
        values[f"payload_{index}"] = json.dumps(dict(message.payload), ensure_ascii=False, sort_keys=True)
        rows.append(_ROW.format(index=index))
    # IGNORE serves the unique identity only: lengths and JSON were checked above.
    new = frappe.db.sql(f"{_INSERT} VALUES {', '.join(rows)} RETURNING name", values, pluck=True)
    for account_type, account in dict.fromkeys((m.account_type, m.account) for m in messages):
        bell.ring_after_commit(account_type, account)
    return sorted(new)


def supersede(document_type: str, document: str, actions: Collection[str]) -> tuple[Mapping[str, Any], ...]:
    """Withdraw a document's messages that were never sent, because something newer replaces them.

    Args:
        document_type: DocType of the document.
        document: its name.
        actions: the actions whose messages are withdrawn.

    Returns:
        The payloads of the messages of these actions that were possibly sent, oldest first: what the far
        side may know and may need a correction of.
    """
    if not actions:
        return ()
    # A locking read: a worker's claim that was stored after our snapshot must be seen.
    rows = frappe.db.sql(
        """SELECT name, state, first_attempt_at, payload FROM `tabSync Outbox`
        WHERE document_type = %(document_type)s AND document = %(document)s AND action IN %(actions)s
        FOR UPDATE""",
        {"document_type": document_type, "document": document, "actions": tuple(actions)},
        as_dict=True,
    )
    never_sent = [
        row.name for row in rows if row.first_attempt_at is None and row.state == RowState.PENDING.value
    ]
    if never_sent:
        frappe.db.sql(
            f"""UPDATE `tabSync Outbox` SET state = %(state)s, modified = {SQL_NOW}, modified_by = %(user)s
            WHERE name IN %(names)s""",
            {
                "state": RowState.SUPERSEDED,
                "names": tuple(never_sent),
                "user": frappe.session.user,
                "utc_offset": utc_offset(),
            },
        )
    sent = sorted((row for row in rows if row.first_attempt_at is not None), key=lambda row: int(row.name))
    return tuple(json.loads(row.payload or "{}") for row in sent)


def replace_refused(document_type: str, document: str, action: str) -> None:
    """Withdraw messages that the far side refused for what they said: a newer one says it as it is now.

    Whoever corrects a document need not ask an operator to send the dead message again, which would hold the
    newer one back. A message that may have arrived is left to a person.

    Args:
        document_type: DocType of the document.
        document: its name.
        action: the action whose newer message replaces them; what it tells is read when it is sent.
    """
    frappe.db.sql(
        f"""UPDATE `tabSync Outbox` SET state = %(superseded)s, modified = {SQL_NOW}, modified_by = %(user)s
        WHERE document_type = %(document_type)s AND document = %(document)s AND action = %(action)s
            AND state = %(dead)s AND last_error_kind = %(rejected)s AND outcome_unknown = 0""",
        {
            "superseded": RowState.SUPERSEDED,
            "dead": RowState.DEAD,
            "rejected": ErrorKind.REJECTED,
            "document_type": document_type,
            "document": document,
            "action": action,
            "user": frappe.session.user,
            "utc_offset": utc_offset(),
        },
    )


def hasten(document_type: str, document: str, actions: Collection[str]) -> None:
    """Let messages that wait for something look again now, because it may have happened.

    Only rows that wait without an error: after a failure their delay is meant.

    Args:
        document_type: DocType of the document.
        document: its name.
        actions: the actions that may go on now.
    """
    if not actions:
        return
    waiting = frappe.db.sql(
        """SELECT name, account_type, account FROM `tabSync Outbox`
        WHERE document_type = %(document_type)s AND document = %(document)s AND action IN %(actions)s
            AND state = %(waiting)s AND last_error_kind IS NULL
        FOR UPDATE""",
        {
            "document_type": document_type,
            "document": document,
            "actions": tuple(actions),
            "waiting": RowState.WAITING,
        },
        as_dict=True,
    )
    if not waiting:
        return
    frappe.db.sql(
        f"UPDATE `tabSync Outbox` SET next_attempt_at = {SQL_NOW} WHERE name IN %(names)s",
        {"names": tuple(row.name for row in waiting), "utc_offset": utc_offset()},
    )
    for account_type, account in dict.fromkeys((row.account_type, row.account) for row in waiting):
        bell.ring_after_commit(account_type, account)


_INSERT = """INSERT IGNORE INTO `tabSync Outbox` (
    name, creation, modified, next_attempt_at, owner, modified_by, state,
    account_type, account, action, document_type, document, revision, payload, progress)"""

# The sequence gives ascending names: writers of one document are serialised by its row lock, so for one
# document the order of names is the order of facts. Clocks of several machines could not promise that.
_ROW = (
    "(NEXTVAL(`sync_outbox_id_seq`), "
    + f"{SQL_NOW}, {SQL_NOW}, {SQL_NOW}, %(user)s, %(user)s, %(state)s, "
    + "%(account_type_{index})s, %(account_{index})s, %(action_{index})s, %(document_type_{index})s, "
    + "%(document_{index})s, %(revision_{index})s, %(payload_{index})s, '{{}}')"
)
