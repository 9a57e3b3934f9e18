"""Tasks of roles as their people meet them over HTTP: seen, opened, taken, closed, withdrawn (issue 10)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import RECEIVERS, TaskReason
from order_flow.flow.tasks.giving import end_task, end_tasks_of, keep_task
from tests.site.support.builders import acting_as, new_order, user_of
from tests.site.support.rest_client import Callers, message_of
from tests.site.support.task_papers import paper

WORDS = "Somebody must do this."
PAIRS = sorted(
    {(doctype, role) for each in RECEIVERS.values() for doctype in each.doctypes for role in each.roles}
)
REASON_OF_PAIR = {
    (doctype, role): reason
    for reason, each in RECEIVERS.items()
    for doctype in each.doctypes
    for role in each.roles
}
WHOLE = sorted({role: (doctype, role) for doctype, role in PAIRS}.values(), key=str)
"""Each role once."""
OPEN = {"filters": json.dumps({"status": "Open"}), "limit_page_length": 0}


def seen_by(callers: Callers, who: Role | str, task: str) -> bool:
    rows = callers.of(who).get("resource/ToDo", **OPEN).json()["data"]
    return task in {row["name"] for row in rows}


def card(callers: Callers, who: Role | str, name: str) -> int:
    """What a number card shows, asked as the desk asks: its stored filters and those of the person."""
    document = frappe.get_doc("Number Card", name)
    user = user_of(who) if isinstance(who, Role) else who
    mine = [["ToDo", "allocated_to", "in", ["", user]]]
    assert json.loads(document.dynamic_filters_json) == [
        ["ToDo", "allocated_to", "in", "['', frappe.session.user]"]
    ]
    answer = callers.of(who).post(
        "method/frappe.desk.doctype.number_card.number_card.get_result",
        doc=json.dumps(document.as_dict(), default=str),
        filters=json.dumps(json.loads(document.filters_json) + mine),
    )
    assert answer.status_code == 200, answer.text
    return int(answer.json()["message"])


def stranger_to(role: Role) -> Role:
    """A role that has no part in another one's tasks."""
    return Role.TECHNOLOGY if role is not Role.TECHNOLOGY else Role.LOGISTICS


@pytest.fixture
def colleague(site: Any) -> Iterator[Any]:
    """Makes a second person of a role, gone afterwards."""
    made: list[str] = []

    def of(role: Role) -> str:
        name = f"second.{user_of(role)}"
        if not frappe.db.exists("User", name):
            user = frappe.get_doc(
                {
                    "doctype": "User",
                    "email": name,
                    "first_name": f"Second {role.value}",
                    "send_welcome_email": 0,
                    "language": "en",
                    "roles": [{"role": role.value}],
                }
            )
            user.flags.ignore_password_policy = True
            user.insert(ignore_permissions=True)
        frappe.db.set_value("User", name, "enabled", 1)
        # The framework makes the first user of a site its System Manager, who sees every task.
        frappe.db.delete("Has Role", {"parent": name, "role": ("!=", role.value)})
        frappe.db.commit()
        frappe.clear_cache(user=name)
        made.append(name)
        return name

    yield of
    frappe.db.rollback()
    for name in made:
        frappe.db.set_value("User", name, "enabled", 0)
    frappe.db.commit()


@pytest.mark.parametrize("doctype", sorted({doctype for doctype, _role in PAIRS}))
def test_every_receiver_sees_the_task_and_opens_what_it_is_about(
    callers: Callers, site: Any, doctype: str
) -> None:
    """Every pair of role and document that any reason knows."""
    roles = [role for kind, role in PAIRS if kind == doctype]
    with paper(doctype) as document:
        about = {"reference_type": doctype, "reference_name": str(document.name)}
        for role in roles:
            keep_task(role, document, REASON_OF_PAIR[doctype, role], WORDS)
        frappe.db.commit()
        tasks = {row.role: row.name for row in frappe.get_all("ToDo", about, ["name", "role"])}
        assert set(tasks) == set(roles)
        faults = []
        for role in roles:
            person = callers.of(role)
            if person.get(f"resource/ToDo/{tasks[role]}").status_code != 200:
                faults.append(f"{role} does not see its task")
            if person.get(f"resource/{doctype}/{document.name}").status_code != 200:
                faults.append(f"{role} may not open the {doctype}")
            foreign = next((task for other, task in tasks.items() if other != role), None)
            if foreign and person.get(f"resource/ToDo/{foreign}").status_code != 403:
                faults.append(f"{role} sees the task of another role")
        assert faults == []


@pytest.mark.parametrize(("doctype", "role"), WHOLE, ids=[f"{pair[1]}-{pair[0]}" for pair in WHOLE])
def test_everybody_of_a_role_sees_opens_takes_and_closes_its_task(
    callers: Callers, site: Any, colleague: Any, doctype: str, role: Role
) -> None:
    second, stranger = colleague(role), stranger_to(role)
    reason = REASON_OF_PAIR[doctype, role]
    with paper(doctype) as document:
        before, of_second = (card(callers, who, "Tasks for Me") for who in (role, second))
        keep_task(role, document, reason, WORDS)
        frappe.db.commit()
        task = frappe.db.get_value("ToDo", {"reference_type": doctype, "reference_name": str(document.name)})
        assert seen_by(callers, role, task)
        assert seen_by(callers, second, task)
        assert not seen_by(callers, stranger, task)
        assert card(callers, role, "Tasks for Me") == before + 1
        me = callers.of(role)
        assert me.get(f"resource/ToDo/{task}").status_code == 200
        assert callers.of(stranger).get(f"resource/ToDo/{task}").status_code == 403
        opened = me.get(f"resource/{doctype}/{document.name}")
        assert opened.status_code == 200, f"{role} gets the task and may not open the {doctype}"
        bell = me.get("resource/Notification Log", filters=json.dumps({"document_name": task}))
        assert len(bell.json()["data"]) == 1

        assert callers.of(stranger).post("method/order_flow.api.tasks.take", task=task).status_code == 403
        answer = me.post("method/order_flow.api.tasks.take", task=task)
        assert answer.status_code == 200, answer.text
        late = callers.of(second).post("method/order_flow.api.tasks.take", task=task)
        assert late.status_code == 417
        assert role.value in message_of(late)
        taken = callers.of(second).get(f"resource/ToDo/{task}").json()["data"]
        assert taken["allocated_to"] == user_of(role)
        assert card(callers, second, "Tasks for Me") == of_second
        assert card(callers, role, "Tasks for Me") == before + 1

        assert callers.of(stranger).put(f"resource/ToDo/{task}", status="Closed").status_code == 403
        assert me.put(f"resource/ToDo/{task}", status="Closed").status_code == 200
        assert callers.of(second).get(f"resource/ToDo/{task}").json()["data"]["status"] == "Closed"
        assert card(callers, role, "Tasks for Me") == before
        frappe.db.rollback()
        comments = {"reference_doctype": doctype, "reference_name": str(document.name)}
        assert WORDS not in "".join(frappe.get_all("Comment", comments, pluck="content"))


def test_a_task_is_withdrawn_when_its_reason_ends(callers: Callers, site: Any) -> None:
    with paper("Order") as order:
        keep_task(Role.FINANCE, order, TaskReason.SURPLUS, "5 too much")
        keep_task(Role.FINANCE, order, TaskReason.SURPLUS, "7 too much")
        keep_task(Role.WAREHOUSE, order, TaskReason.STOP_PARCEL, WORDS)
        frappe.db.commit()
        tasks = frappe.get_all("ToDo", {"reference_name": order.name}, ["name", "description", "role"])
        assert sorted(task.description for task in tasks) == ["7 too much", WORDS]
        surplus = next(task.name for task in tasks if task.role == Role.FINANCE)
        end_task(order, TaskReason.SURPLUS)
        frappe.db.commit()
        assert not seen_by(callers, Role.FINANCE, surplus)
        assert frappe.db.get_value("ToDo", surplus, "status") == "Closed"
        end_tasks_of("Order", [order.name], but=[TaskReason.STOP_PARCEL])
        assert frappe.db.count("ToDo", {"reference_name": order.name, "status": "Open"}) == 1


def test_who_has_the_order_in_his_care_reads_so_in_the_bell(site: Any) -> None:
    with paper("Order") as order:
        frappe.db.set_value("Order", order.name, "sales_rep", user_of(Role.SALES))
        keep_task(Role.SALES, order, TaskReason.OVERDUE, WORDS)
        task = frappe.db.get_value("ToDo", {"reference_name": order.name})
        entry = {"document_name": task, "for_user": user_of(Role.SALES)}
        assert frappe.db.get_value("Notification Log", entry, "subject") == f"In your care: {WORDS}"
        assert frappe.db.count("Email Queue", {"reference_name": task}) == 0


def test_people_who_left_get_no_task_and_leave_none_lying(
    callers: Callers, site: Any, colleague: Any
) -> None:
    gone = colleague(Role.FINANCE)
    with paper("Order") as order:
        keep_task(Role.FINANCE, order, TaskReason.SURPLUS, WORDS, person=gone)
        task = frappe.db.get_value("ToDo", {"reference_name": order.name})
        assert frappe.db.get_value("ToDo", task, "allocated_to") == gone
        frappe.get_doc(
            {
                "doctype": "User",
                "email": "keeper@test.example.com",
                "first_name": "Keeper",
                "send_welcome_email": 0,
                "roles": [{"role": "System Manager"}],
            }
        ).insert()  # the framework lets nobody go while a site has no other one
        user = frappe.get_doc("User", gone)
        user.enabled = 0
        user.save()
        assert not frappe.db.get_value("ToDo", task, "allocated_to")
        keep_task(Role.FINANCE, order, TaskReason.REFUND_DUE, WORDS, person=gone)
        refund = frappe.db.get_value("ToDo", {"reference_name": order.name, "name": ("like", "refund-due%")})
        assert not frappe.db.get_value("ToDo", refund, "allocated_to")
        assert not frappe.db.exists("Notification Log", {"document_name": refund, "for_user": gone})


def test_what_the_system_wrote_stays_as_it_is(callers: Callers, site: Any) -> None:
    with paper("Order") as order:
        keep_task(Role.FINANCE, order, TaskReason.SURPLUS, WORDS)
        frappe.db.commit()
        task = frappe.db.get_value("ToDo", {"reference_name": order.name})
        finance = callers.of(Role.FINANCE)
        refused = finance.put(f"resource/ToDo/{task}", description="Nothing to do", role="Warehouse")
        assert refused.status_code == 417
        given = finance.put(f"resource/ToDo/{task}", allocated_to=user_of(Role.WAREHOUSE))
        assert given.status_code == 417
        stolen = callers.of(Role.WAREHOUSE).put(
            f"resource/ToDo/{task}", allocated_to=user_of(Role.WAREHOUSE), role="Warehouse"
        )
        assert stolen.status_code == 403
        assert finance.delete(f"resource/ToDo/{task}").status_code == 403


def test_whose_deed_a_task_follows_from_does_not_see_it(callers: Callers, site: Any) -> None:
    """A task for finance speaks of money, whoever's scan brought it about."""
    with paper("Order") as order:
        with acting_as(user_of(Role.WAREHOUSE)):
            keep_task(Role.FINANCE, order, TaskReason.SURPLUS, "400.00 too much")
        frappe.db.commit()
        task = frappe.db.get_value("ToDo", {"reference_name": order.name})
        assert not seen_by(callers, Role.WAREHOUSE, task)
        assert callers.of(Role.WAREHOUSE).get(f"resource/ToDo/{task}").status_code == 403


def test_private_tasks_stay_private(callers: Callers, site: Any) -> None:
    made = callers.of(Role.SALES).post(
        "resource/ToDo", description="Buy flowers", allocated_to=user_of(Role.SALES)
    )
    task = made.json()["data"]["name"]
    try:
        assert callers.of(Role.FINANCE).get(f"resource/ToDo/{task}").status_code == 403
        assert not seen_by(callers, Role.FINANCE, task)
        assert (
            callers.of(Role.SALES).post("method/order_flow.api.tasks.put_back", task=task).status_code == 417
        )
    finally:
        assert callers.of(Role.SALES).delete(f"resource/ToDo/{task}").status_code == 202


def test_a_giver_of_tasks_costs_few_statements(site: Any) -> None:
    """However many people hold the role."""
    order = new_order()
    keep_task(Role.FINANCE, order, TaskReason.SURPLUS, WORDS)
    frappe.db.commit()
    order = new_order()
    counted: list[str] = []
    plain = frappe.db.sql
    frappe.db.sql = lambda query, *args, **kwargs: counted.append(str(query)) or plain(query, *args, **kwargs)
    try:
        keep_task(Role.FINANCE, order, TaskReason.SURPLUS, WORDS)
    finally:
        frappe.db.sql = plain
    assert len(counted) <= 16, "\n".join(counted)
