"""Takes the good orders of a file, each in a transaction of its own, and gives the others back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import now_datetime
from frappe.utils.file_manager import save_file

from order_flow.domain.orders.file import Checked, FileOrder, Table
from order_flow.flow.files.orders import body_of, check, customer_codes, fault_text
from order_flow.flow.files.tables import write_table
from order_flow.flow.orders.intake import place_order
from order_flow.flow.refusals import StepRefused
from order_flow.outbox.transaction import in_transaction

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order_file.order_file import OrderFile

TAKE_JOB = "order_flow.flow.files.taking.take"
JOB_TIMEOUT = 3600
PROGRESS_EVERY = 20


class FileState(StrEnum):
    """Where a file stands."""

    NEW = "New"
    CHECKED = "Checked"
    TAKING = "Being Taken"
    TAKEN = "Taken"


def check_file(document: OrderFile) -> None:
    """Check a file and store the outcome; no order is made.

    Args:
        document: the Order File, which the user may write.

    Raises:
        StepRefused: the file is no table of orders, or is being taken now.
    """
    refuse_while_taking(document)
    table, checked = check(document.file)
    _note(document, checked, state=FileState.CHECKED)
    _give_back(document, table, {row: _texts(checked, row) for row in checked.faults})


def start_taking(document: OrderFile) -> None:
    """Queue the taking of the good orders, once.

    Args:
        document: the Order File, locked for update.

    Raises:
        StepRefused: it was not checked, has no good order, or is being taken now.
    """
    refuse_while_taking(document)
    if document.state != FileState.CHECKED:
        frappe.throw(_("Check the file first; then its good orders can be taken."), StepRefused)
    if not document.good_orders:
        frappe.throw(
            _("The file has no order that can be taken. Correct the rows in {0} and check it again.").format(
                _("Rows to Correct")
            ),
            StepRefused,
        )
    document.db_set({"state": FileState.TAKING.value, "orders_taken": 0, "orders_refused": 0})
    frappe.enqueue(
        TAKE_JOB,
        queue="long",
        timeout=JOB_TIMEOUT,
        enqueue_after_commit=True,
        job_id=f"order_flow:order_file:{document.name}",
        deduplicate=True,
        order_file=document.name,
    )


def take(order_file: str) -> None:
    """Job: take every good order of a file; a second run makes none twice (R-046).

    The order's channel and number are the key, so a run that was cut off is simply started again.

    Args:
        order_file: name of the Order File.
    """
    document = frappe.get_doc("Order File", order_file)
    table, checked = check(document.file)
    codes = customer_codes(checked.orders)
    back = {row: _texts(checked, row) for row in checked.faults}
    taken = refused = 0
    for order in checked.orders:
        reason = _take_one(document.channel, order, codes)
        taken, refused = (taken, refused + 1) if reason else (taken + 1, refused)
        if reason:
            back |= dict.fromkeys(order.rows, reason)
        if (taken + refused) % PROGRESS_EVERY == 0:
            _show_progress(document, taken, refused)
    in_transaction(lambda: _finish(document, table, back, taken, refused))


def _take_one(channel: str, order: FileOrder, codes: Mapping[str, str]) -> str:
    """Place one order; the refusal's text where a rule says no, and nothing of it is stored then."""
    body, lines = body_of(order, codes)
    for last_try in (False, True):
        try:
            in_transaction(lambda: place_order(channel, order.number, body, lines))
            return ""
        except frappe.UniqueValidationError:
            # Somebody placed the same order at this moment: the second look finds it.
            if last_try:
                raise
        except frappe.ValidationError as refusal:
            frappe.clear_messages()
            return str(refusal).replace("<br>", " ")
    raise AssertionError("the last try returned or raised")


def _show_progress(document: OrderFile, taken: int, refused: int) -> None:
    in_transaction(lambda: document.db_set({"orders_taken": taken, "orders_refused": refused}))


def _finish(document: OrderFile, table: Table, back: Mapping[int, str], taken: int, refused: int) -> None:
    document.db_set(
        {
            "state": FileState.TAKEN.value,
            "orders_taken": taken,
            "orders_refused": refused,
            "taken_at": now_datetime(),
        }
    )
    _give_back(document, table, back)


def _note(document: OrderFile, checked: Checked, state: FileState) -> None:
    good = sum(len(order.rows) for order in checked.orders)
    document.db_set(
        {
            "state": state.value,
            "good_orders": len(checked.orders),
            "good_rows": good,
            "bad_rows": len(checked.faults),
            "orders_taken": 0,
            "orders_refused": 0,
            "checked_at": now_datetime(),
        }
    )


def _texts(checked: Checked, row: int) -> str:
    return " ".join(fault_text(fault) for fault in checked.faults[row])


def _give_back(document: OrderFile, table: Table, back: Mapping[int, str]) -> None:
    """The bad rows as a file of the same form, the reason in a last column: correct and upload it again."""
    _drop_earlier(document)
    if not back:
        return
    width = len(table[0])
    rows = [[*table[0], _("Reason")]]
    for number in sorted(back):
        cells = table[number - 1][:width]
        rows.append([*cells, *[None] * (width - len(cells)), back[number]])
    name = PurePath(document.file).name
    file = save_file(
        f"{PurePath(name).stem}-{_('Rows to Correct')}{PurePath(name).suffix}",
        write_table(rows, like=name),
        document.doctype,
        document.name,
        is_private=1,
        df="result_file",
    )
    document.db_set("result_file", file.file_url)


def _drop_earlier(document: OrderFile) -> None:
    """One file of rows at a time: an old one would be corrected by mistake."""
    for name in frappe.get_all(
        "File",
        filters={
            "attached_to_doctype": document.doctype,
            "attached_to_name": document.name,
            "attached_to_field": "result_file",
        },
        pluck="name",
    ):
        # The app's own file of this document, whose writer asked for a new one; files belong to its maker.
        frappe.delete_doc("File", name, ignore_permissions=True)
    document.db_set("result_file", None)


def refuse_while_taking(document: OrderFile) -> None:
    """Refuse what would change an Order File under the job that takes its orders.

    Args:
        document: the Order File as it is stored.

    Raises:
        StepRefused: it is being taken now.
    """
    if document.state == FileState.TAKING:
        frappe.throw(
            _("The orders of {0} are being taken right now. Wait until it is finished.").format(
                document.name
            ),
            StepRefused,
        )
