"""People who only work on orders see the order workspaces and no others (R-388)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.desk.desktop import get_desktop_page, get_workspace_sidebar_items

from order_flow.defaults.module_profile import PROFILE
from order_flow.domain.states import Role
from tests.site.support.builders import acting_as, ensure_people, user_of


def places() -> dict[str, Any]:
    return {page["title"]: page for page in get_workspace_sidebar_items()["pages"]}


@pytest.mark.usefixtures("site")
def test_the_shipped_profile_leaves_the_workspaces_of_orders() -> None:
    clerk = frappe.get_doc("User", user_of(Role.ORDER_DESK))
    with acting_as(clerk.name):
        before = set(places())
    clerk.module_profile = PROFILE
    clerk.save()
    # The framework makes whoever is saved a System Manager as long as the site has none.
    ensure_people()
    with acting_as(clerk.name):
        after = places()
        page = get_desktop_page(frappe.as_json(after["Order Flow"]))
    assert set(after) == {"Order Flow", "Warehouse Work"}
    assert before > set(after), "without the profile the framework's own workspaces stand there too"
    shown = {card.number_card_name for card in page["number_cards"]["items"]}
    assert {"Open Orders", "Tasks for Me"} <= shown
