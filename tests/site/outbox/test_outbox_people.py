"""What a person sees and may do about outbox rows (R-352, R-388)."""

from __future__ import annotations

import json

import frappe
import pytest

from order_flow.domain.states import Role
from order_flow.order_flow.doctype.sync_outbox import sync_outbox
from order_flow.outbox import registry
from order_flow.outbox.handler import OutboxRow
from order_flow.outbox.sending import interventions, relay
from order_flow.outbox.states import RowState
from tests.site.support.builders import user_of
from tests.site.support.outbox_lab import ACCOUNT_TYPE, BOOK, FarSide, LabHandler, drain, put, row

pytest_plugins = ("tests.site.support.outbox_fixtures",)
pytestmark = pytest.mark.usefixtures("lab_account")


def test_dead_row_blocks_its_document_visibly_and_a_button_frees_it(
    lab_account: str, outside: FarSide
) -> None:
    first, second = put(lab_account, "D1", "1"), put(lab_account, "D1", "2")
    other = put(lab_account, "D2", "1")
    outside.rejected = frozenset({"D1/1"})
    drain(lab_account)
    assert (row(first).state, row(second).state, row(other).state) == ("Dead", "Pending", "Done")
    assert row(second).blocked_by == str(first)
    assert f"Waits for row {first}" in row(second).last_error
    blocker = interventions.blocker_of(second)
    assert blocker is not None and blocker["name"] == first
    outside.rejected = frozenset()
    assert interventions.send_again([first]) == [
        {"name": first, "released": True, "message": "Will be sent now."}
    ]
    frappe.db.commit()
    drain(lab_account)
    assert (row(first).state, row(second).state) == ("Done", "Done")
    assert row(second).last_error is None
    assert outside.arrivals == ["D2/1", "D1/1", "D1/2"]


def test_row_queued_behind_a_dead_one_is_marked_by_the_sweep(lab_account: str, outside: FarSide) -> None:
    first = put(lab_account, "D1", "1")
    outside.rejected = frozenset({"D1/1"})
    drain(lab_account)
    second = put(lab_account, "D1", "2")
    assert (ACCOUNT_TYPE, lab_account) in relay.sweep()
    assert row(second).blocked_by == str(first)


def test_done_outside_needs_a_reason_and_frees_the_document(lab_account: str, outside: FarSide) -> None:
    first, second = put(lab_account, "D1", "1"), put(lab_account, "D1", "2")
    outside.rejected = frozenset({"D1/1"})
    drain(lab_account)
    with pytest.raises(frappe.ValidationError):
        interventions.done_outside([first], "  ")
    report = interventions.done_outside([first, second, 10**15], "Booked by hand as 4711")
    frappe.db.commit()
    assert [line["released"] for line in report] == [True, False, False]
    stored = row(first)
    assert (stored.state, stored.done_outside_by) == ("Done", "Administrator")
    assert stored.done_outside_reason == "Booked by hand as 4711"
    drain(lab_account)
    assert outside.arrivals == ["D1/2"]


def test_handler_hears_of_what_was_done_by_hand(lab_account: str, outside: FarSide) -> None:
    heard: list[str] = []

    class Listening(LabHandler):
        def done_by_hand(self, row: OutboxRow) -> None:
            heard.append(row.document)

    registry.register(BOOK, Listening())
    name = put(lab_account, "D1")
    outside.rejected = frozenset({"D1/1"})
    drain(lab_account)
    interventions.done_outside([name], "Booked by hand")
    assert heard == ["D1"]


def test_buttons_take_what_the_desk_sends(lab_account: str, outside: FarSide) -> None:
    """The list sends its names as JSON; running rows are left alone and the report says why."""
    dead, pending = put(lab_account, "D1"), put(lab_account, "D1", "2")
    outside.rejected = frozenset({"D1/1"})
    drain(lab_account)
    report = sync_outbox.send_again(json.dumps([str(dead), str(pending)]))
    assert [(line["name"], line["released"]) for line in report] == [(dead, True), (pending, False)]
    assert "Pending" in str(report[1]["message"])


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ORDER_DESK, Role.FINANCE, Role.FIELD_REP])
def test_who_may_not_press_the_buttons(lab_account: str, role: Role) -> None:
    """R-388: auditors read, the desk does not resend."""
    name = put(lab_account, "D1")
    frappe.set_user(user_of(role))
    for act in (
        lambda: interventions.send_again([name]),
        lambda: interventions.done_outside([name], "why"),
        lambda: interventions.resume(ACCOUNT_TYPE, lab_account),
    ):
        with pytest.raises(frappe.PermissionError):
            act()
    document = frappe.get_doc("Sync Outbox", name)
    document.state = RowState.DONE.value
    with pytest.raises(frappe.PermissionError):
        document.save()


def test_integration_role_may_press_the_buttons(lab_account: str, outside: FarSide) -> None:
    name = put(lab_account, "D1")
    outside.rejected = frozenset({"D1/1"})
    drain(lab_account)
    frappe.set_user(user_of(Role.INTEGRATION))
    assert interventions.send_again([name])[0]["released"] is True
