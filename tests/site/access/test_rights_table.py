"""Who may what: the table in ``rights/`` against the definitions, the site, and real requests (R-388).

A DocType, report, card or chart that is not in a table fails here. Who changes rights on purpose writes the
tables anew (``python -m tests.rights_table``) and shows the difference in the review.
"""

from __future__ import annotations

import json
import random
from typing import Any

import frappe
import pytest
import requests

from order_flow.domain.access.row_rules import RULES
from order_flow.domain.states import Role
from tests.rights_table import cell_of, defined_rights, read_table
from tests.site.support.builders import acting_as, user_of
from tests.site.support.rest_client import Callers

RIGHTS = read_table("doctypes")
PARTS = read_table("parts")
FRAMEWORK = read_table("framework")
ROLE_NAMES = [role.value for role in Role]
VERBS = {"w": "write", "c": "create", "d": "delete", "s": "submit", "x": "cancel", "p": "print"}
VERBS |= {"e": "export", "t": "report", "h": "share", "i": "import", "m": "email", "r": "read"}
SEED = 20261130
SAMPLE = 250
"""Writing requests of one run, of some five thousand; each run draws the same ones."""
WHOLE = (Role.FIELD_REP, Role.WAREHOUSE, None)
"""Who is asked about everything over HTTP; of the others a part, since in the process all is compared."""


def test_the_table_is_what_the_definitions_say() -> None:
    assert defined_rights() == RIGHTS, "run python -m tests.rights_table and read the difference"


def test_the_site_has_the_same_rights(site: Any) -> None:
    """Neither customised away nor forgotten by a migration."""
    wrong = []
    for doctype, cells in RIGHTS.items():
        if cells["kind"] != "document":
            continue
        stored = [row.as_dict() for row in frappe.get_meta(doctype).permissions]
        wrong += [
            f"{doctype}, {role}: {cell_of(stored, role)} instead of {cells[role]}"
            for role in ROLE_NAMES
            if cell_of(stored, role) != cells[role]
        ]
    assert wrong == []


def test_nobody_outside_the_table_has_any_right(site: Any) -> None:
    """No other role, no right of everybody's, no right by hand."""
    known = set(next(iter(RIGHTS.values()))) - {"kind", "limited people see"}
    ours = {"parent": ("in", list(RIGHTS))}
    assert set(frappe.get_all("DocPerm", ours, pluck="role")) <= known
    assert frappe.get_all("Custom DocPerm", ours) == []


def test_every_right_holds_for_the_role_alone(site: Any) -> None:
    """The framework's own answer, for each role, DocType and verb."""
    wrong = []
    for role in Role:
        with acting_as(user_of(role)):
            for doctype, cells in RIGHTS.items():
                if cells["kind"] != "document":
                    continue
                meta = frappe.get_meta(doctype)
                given = cells[role.value].split(" ")[0]
                for letter, verb in VERBS.items():
                    if (verb in ("submit", "cancel") and not meta.is_submittable) or (
                        verb == "import" and not meta.allow_import
                    ):
                        continue
                    if bool(frappe.has_permission(doctype, verb)) != (letter in given) and "o" not in given:
                        wrong.append(f"{role.value} {verb} {doctype}")
    frappe.clear_messages()
    assert wrong == []


def drawn(rows: list[Any], role: Role | None, number: int) -> list[Any]:
    """All rows for some roles, a part of them for the others; always the same."""
    return rows if role in WHOLE else random.Random(f"{SEED} {role}").sample(rows, number)


@pytest.mark.parametrize("role", [*Role, None])
def test_lists_open_for_their_readers_only(callers: Callers, role: Role | None) -> None:
    """Real requests: every DocType and table for every role, and for a guest."""
    caller, wrong = callers.of(role), []
    for doctype, cells in drawn(list(RIGHTS.items()), role, 16):
        answer = caller.get(f"resource/{doctype}", limit_page_length=1)
        reads = bool(role) and cells.get(role.value if role else "", "").startswith("r")
        if RIGHTS[doctype]["kind"] != "document":
            reads = False  # rows are listed with a document named only
        if frappe.get_meta(doctype).issingle:
            continue
        if (answer.status_code == 200) != reads:
            wrong.append(f"{doctype}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("role", [*Role, None])
def test_tables_open_with_their_document_only(callers: Callers, role: Role | None) -> None:
    caller, wrong = callers.of(role), []
    tables = [(doctype, cells) for doctype, cells in RIGHTS.items() if cells["kind"] != "document"]
    for doctype, cells in drawn(tables, role, 6):
        for parent in cells["kind"].removeprefix("rows of ").split(" / "):
            body = {"doctype": doctype, "parent": parent, "fields": ["name"], "limit_page_length": 1}
            answer = caller.post("method/frappe.client.get_list", **body)
            reads = bool(role) and RIGHTS[parent][role.value if role else ""].startswith("r")
            if (answer.status_code == 200) != reads:
                wrong.append(f"{doctype} of {parent}: {answer.status_code}")
    assert wrong == []


def refused_verbs() -> list[tuple[str, str, str]]:
    """What each role may not do, drawn evenly."""
    cases = [
        (role, doctype, letter)
        for doctype, cells in RIGHTS.items()
        if cells["kind"] == "document"
        for role in ROLE_NAMES
        for letter in "wcdehx"
        if letter not in cells[role].split(" ")[0]
    ]
    return random.Random(SEED).sample(cases, SAMPLE)


def test_what_a_role_may_not_is_refused_over_http(callers: Callers, site: Any) -> None:
    """Writing, creating, deleting, exporting, sharing, cancelling; on stored documents if there are some."""
    names = {
        doctype: (frappe.get_all(doctype, pluck="name", limit=1) or ["none-stored"])[0]
        for doctype, cells in RIGHTS.items()
        if cells["kind"] == "document" and not frappe.get_meta(doctype).issingle
    }
    by_role = {role.value: role for role in Role}
    allowed = []
    for role, doctype, letter in refused_verbs():
        if doctype not in names:
            continue
        answer = attempt(callers, by_role[role], doctype, names[doctype], letter)
        if answer.status_code < 400 or answer.status_code >= 500:
            allowed.append(f"{role} {VERBS[letter]} {doctype}: {answer.status_code} {answer.text[-200:]}")
    assert allowed == []


def attempt(callers: Callers, role: Role, doctype: str, name: str, letter: str) -> requests.Response:
    caller = callers.of(role)
    path = f"resource/{doctype}/{name}"
    match letter:
        case "w":
            return caller.put(path, docstatus=0)
        case "c":
            return caller.post(f"resource/{doctype}")
        case "d":
            return caller.delete(path)
        case "x":
            return caller.post("method/frappe.client.cancel", doctype=doctype, name=name)
        case "h":
            user = user_of(Role.AUDITOR)
            return caller.post("method/frappe.share.add", doctype=doctype, name=name, user=user)
    return caller.post(
        "method/frappe.desk.reportview.export_query",
        doctype=doctype,
        fields='["name"]',
        file_format_type="CSV",
    )


def test_every_part_of_the_desk_is_in_the_table(site: Any) -> None:
    """Reports, cards and charts of the app; a new one without its row fails."""
    found = {
        f"{kind}: {name}"
        for kind in ("Report", "Number Card", "Dashboard Chart")
        for name in frappe.get_all(
            kind, {"module": "Order Flow", "is_standard": ("in", ("Yes", 1))}, pluck="name"
        )
    }
    assert found == set(PARTS)


def test_parts_open_for_their_roles_only(callers: Callers, site: Any) -> None:
    """Real requests: each report, card and chart by each role."""
    wrong = []
    for part, cells in PARTS.items():
        kind, _colon, name = part.partition(": ")
        some = random.Random(f"{SEED} {part}").sample(list(Role), 4)
        for role in {*some, *(role for role in WHOLE if role)}:
            answer = open_part(callers, role, kind, name)
            opens = bool(cells[role.value])
            # A reader who may is asked for other filters at most.
            if (answer.status_code in (200, 417)) != opens:
                wrong.append(f"{part} by {role.value}: {answer.status_code}")
    assert wrong == []


def open_part(callers: Callers, role: Role, kind: str, name: str) -> requests.Response:
    caller = callers.of(role)
    if kind == "Report":
        filters = {"from_date": "2026-11-01", "to_date": "2026-11-02", "month": "2026-11"}
        return caller.get(
            "method/frappe.desk.query_report.run", report_name=name, filters=json.dumps(filters)
        )
    if kind == "Number Card":
        card = frappe.get_doc("Number Card", name).as_dict(convert_dates_to_str=True)
        if card["type"] == "Custom":
            return caller.get(f"method/{card['method']}", filters="[]")
        return caller.post(
            "method/frappe.desk.doctype.number_card.number_card.get_result",
            doc=json.dumps(card, default=str),
            filters=card["filters_json"],
        )
    return caller.get(f"resource/Dashboard Chart/{name}")


@pytest.mark.parametrize("doctype", list(FRAMEWORK))
def test_what_the_framework_keeps_is_ones_own(callers: Callers, site: Any, doctype: str) -> None:
    """Files, tasks, mails, comments, histories: nothing, or what is about documents that one reads."""
    columns = [
        column
        for column in ("owner", "user", "for_user", "allocated_to", "assigned_by", "role", "is_private")
        if frappe.get_meta(doctype).has_field(column) or column == "owner"
    ]
    about = [
        pair
        for pair in (
            ("reference_doctype", "reference_name"),
            ("reference_type", "reference_name"),
            ("attached_to_doctype", "attached_to_name"),
        )
        if frappe.get_meta(doctype).has_field(pair[0])
    ][:1]
    wrong = []
    for role in Role:
        fields = json.dumps(["name", *columns, *(field for pair in about for field in pair)])
        answer = callers.of(role).get(f"resource/{doctype}", fields=fields, limit_page_length=0)
        expected = FRAMEWORK[doctype][role.value]
        if doctype in CLOSED_LATER and expected == "own" and not _open_to_all(doctype):
            expected = ""
        if (answer.status_code == 200) != bool(expected):
            wrong.append(f"{role.value}: {answer.status_code}")
            continue
        if not expected:
            continue
        user = user_of(role)
        for row in answer.json()["data"]:
            mine = user in [row.get(column) for column in columns] or row.get("role") == role.value
            free = row.get("is_private") == 0
            subject = (row.get(about[0][0]), row.get(about[0][1])) if about else (None, None)
            if not (mine or free or _reads(user, *subject)):
                wrong.append(f"{role.value} lists {row}")
    assert wrong[:5] == []


CLOSED_LATER = {"Activity Log"}
"""What the snapshot of 2023 lets everybody read his own of; releases since 15.72 keep it from all but System
Managers, which is as well."""


def _open_to_all(doctype: str) -> bool:
    return any(right.role == "All" and right.read for right in frappe.get_meta(doctype).permissions)


def _reads(user: str, doctype: str | None, name: str | None) -> bool:
    if not doctype or not name or doctype not in RULES or not frappe.db.exists(doctype, name):
        return True  # about nothing of the app's, or about what a test has taken out again
    return bool(frappe.has_permission(doctype, "read", name, user))
