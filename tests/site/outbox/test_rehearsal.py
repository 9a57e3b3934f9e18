"""A copy of a site reaches neither the real far sides nor customers; nothing of it is lost (R-389)."""

from __future__ import annotations

from collections.abc import Iterator

import frappe
import pytest

from order_flow import hooks
from order_flow.outbox.accounts.care import state_of
from order_flow.outbox.clock import database_now
from order_flow.outbox.states import RowState
from order_flow.rehearsal import SWITCH, is_rehearsal, keep_mail_in, tell_desk
from order_flow.sync.ports import route_of
from tests.site.support.outbox_lab import ACCOUNT_TYPE, FarSide, drain, put, register_lab, row

pytest_plugins = ("tests.site.support.outbox_fixtures",)


@pytest.fixture
def rehearsal(lab_account: str, outside: FarSide) -> Iterator[str]:
    """An account whose address leads out of the machine, on a site that is a rehearsal."""
    register_lab(outside.url)
    muted = frappe.flags.mute_emails
    frappe.conf[SWITCH] = 1
    yield lab_account
    frappe.conf.pop(SWITCH)
    frappe.flags.mute_emails = muted


def test_what_waits_is_told_when_the_rehearsal_ends(rehearsal: str) -> None:
    name = put(rehearsal, "D1")
    drain(rehearsal)
    assert (row(name).state, row(name).attempts) == (RowState.PENDING, 0)
    assert "This site is a rehearsal" in str(state_of(ACCOUNT_TYPE, rehearsal).obstacle(database_now()))
    frappe.conf[SWITCH] = 0
    drain(rehearsal)
    assert row(name).state == RowState.DONE


def test_a_stand_in_may_be_called(rehearsal: str) -> None:
    frappe.db.set_value(ACCOUNT_TYPE, rehearsal, "base_url", "http://127.0.0.1:9/", update_modified=False)
    assert state_of(ACCOUNT_TYPE, rehearsal).obstacle(database_now()) is None
    route = route_of(frappe.get_doc(ACCOUNT_TYPE, rehearsal))
    assert (route.closed, route.proxy) == (True, ""), "the last door is shut all the same, the proxy's too"


def test_no_mail_leaves_and_the_desk_says_so(rehearsal: str) -> None:
    assert {hooks.before_request, *hooks.before_job} >= {"order_flow.rehearsal.keep_mail_in"}
    keep_mail_in()
    assert frappe.are_emails_muted()
    boot = frappe._dict()
    tell_desk(bootinfo=boot)
    assert boot.order_flow_rehearsal is True


def test_a_site_is_real_unless_its_configuration_says_otherwise(site: object) -> None:
    assert not is_rehearsal()
    boot = frappe._dict()
    tell_desk(bootinfo=boot)
    assert boot.order_flow_rehearsal is False
