"""Files over HTTP: nobody reads past the folders or past the document, and proofs stay (R-382, R-388)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frappe
import pytest
import requests

from order_flow.domain.states import OrderState, PaymentFamily, Role
from tests.site.support.builders import acting_as, order_in, user_of
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers, Rest

VISITOR = "visitor@test.example.com"
WORDS = "Signed contract: the secret words of the customer."


@dataclass(frozen=True)
class Proof:
    """A confirmed order with its evidence, and the uploaded paper behind it."""

    order: str
    evidence: str
    file: str
    address: str


@pytest.fixture(scope="module")
def visitor(test_site: str) -> str:
    """A login of the website, without any role."""
    if not frappe.db.exists("User", VISITOR):
        user = {"doctype": "User", "email": VISITOR, "first_name": "Visitor", "user_type": "Website User"}
        frappe.get_doc({**user, "send_welcome_email": 0}).insert()
        frappe.db.commit()
    return VISITOR


@pytest.fixture
def proof(test_site: str, callers: Callers) -> Iterator[Proof]:
    """Uploaded and recorded by sales over HTTP, as people do."""
    frappe.db.rollback()
    frappe.set_user("Administrator")
    order = order_in(OrderState.UNCONFIRMED, PaymentFamily.PAY_FIRST)
    frappe.db.commit()
    sales = callers.of(Role.SALES)
    file = upload(sales, WORDS + order.name)
    recorded = sales.post(
        "method/order_flow.api.gates.record_evidence",
        order=order.name,
        kind="Signed Contract",
        received_from="Mr Huang",
        attachment=file["file_url"],
    )
    assert recorded.status_code == 200, recorded.text
    frappe.db.rollback()
    evidence = frappe.db.get_value("Order Evidence", {"order_id": order.name})
    yield Proof(order.name, evidence, file["name"], file["file_url"])
    frappe.db.rollback()
    frappe.set_user("Administrator")
    for name in frappe.get_all("File", {"file_url": file["file_url"]}, pluck="name"):
        frappe.delete_doc("File", name, force=True)
    frappe.db.delete("Order Evidence", {"order_id": order.name})
    remove_orders([order.name])


def upload(caller: Rest, words: str, *, filename: str = "paper.txt", **form: str) -> dict[str, Any]:
    answer = caller.session.post(
        f"{caller.base_url}/api/method/upload_file",
        files={"file": (filename, words.encode())},
        data={"is_private": "1", **form},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["message"]
    return found


def read(caller: Rest, address: str) -> requests.Response:
    return caller.session.get(caller.base_url + address, timeout=30)


@pytest.mark.parametrize(
    "address",
    [
        "/private/files/../../site_config.json",
        "/private/files/%2e%2e/%2e%2e/site_config.json",
        "/private/files/..%252f..%252fsite_config.json",
        "/files/../../site_config.json",
        "/private/files//../../site_config.json",
        "/private/../site_config.json",
        "private/files/../../site_config.json",
        "/private/files/..\\..\\site_config.json",
    ],
)
def test_no_address_leads_out_of_the_folders(callers: Callers, visitor: str, address: str) -> None:
    """The database's password stands beside the folders."""
    caller = callers.of(visitor)
    for spelled in (address, caller.base_url + address):
        answer = caller.post("resource/File", file_name="z.json", file_url=spelled, is_private=1)
        assert answer.status_code in (403, 417), answer.text
        assert "db_password" not in read(caller, "/" + address.lstrip("/")).text


def test_a_row_of_ones_own_does_not_open_another_file(callers: Callers, visitor: str, proof: Proof) -> None:
    for user in (visitor, user_of(Role.FIELD_REP), user_of(Role.WAREHOUSE)):
        caller = callers.of(user)
        answer = caller.post("resource/File", file_name="mine.txt", file_url=proof.address, is_private=1)
        assert answer.status_code == 403, user
        assert read(caller, proof.address).status_code == 403, user


def test_the_reader_of_the_evidence_reads_its_paper(callers: Callers, proof: Proof) -> None:
    assert WORDS in read(callers.of(Role.FINANCE), proof.address).text
    assert read(callers.of(None), proof.address).status_code == 403


def test_no_field_takes_over_a_file_of_others(callers: Callers, visitor: str, proof: Proof) -> None:
    """The framework binds what an Attach field names to the document; the own picture is such a field."""
    caller = callers.of(visitor)
    answer = caller.put(f"resource/User/{visitor}", user_image=proof.address)
    assert answer.status_code == 403, answer.text
    assert read(caller, proof.address).status_code == 403


def test_a_row_does_not_move_to_another_file(callers: Callers, visitor: str, proof: Proof) -> None:
    caller = callers.of(visitor)
    mine = upload(caller, "my own words")
    answer = caller.put(f"resource/File/{mine['name']}", file_url=proof.address)
    assert answer.status_code == 403, answer.text
    assert caller.delete(f"resource/File/{mine['name']}").status_code == 202, "one's own upload may go"


def test_no_method_copies_a_file_of_others(callers: Callers, visitor: str, proof: Proof) -> None:
    """A document that a client made up is not believed, and archives are unpacked for their keepers."""
    caller = callers.of(visitor)
    forged = {"doctype": "File", "name": proof.file, "file_name": "a.png", "file_url": proof.address}
    for private in (0, 1):
        answer = caller.post(
            "method/run_doc_method", docs={**forged, "is_private": private}, method="optimize_file"
        )
        assert answer.status_code >= 400, answer.text
    assert caller.post("method/frappe.core.api.file.unzip_file", name=proof.file).status_code == 403
    add = "method/frappe.utils.file_manager.add_attachments"
    answer = caller.post(add, doctype="User", name=visitor, attachments=[proof.file])
    assert read(caller, proof.address).status_code == 403, answer.text


def test_the_list_of_files_gives_no_addresses_of_others(callers: Callers, visitor: str, proof: Proof) -> None:
    for user in (visitor, user_of(Role.FIELD_REP), user_of(Role.WAREHOUSE)):
        caller = callers.of(user)
        rows = caller.get("resource/File", fields='["name","file_url"]', limit_page_length=0).json()["data"]
        assert proof.address not in {row["file_url"] for row in rows}, user
        found = caller.get("method/frappe.core.api.file.get_files_by_search_text", text="paper").text
        assert proof.address not in found, user
    rows = callers.of(Role.FINANCE).get("resource/File", fields='["file_url"]', limit_page_length=0).json()
    assert proof.address in {row["file_url"] for row in rows["data"]}


def test_nobody_puts_files_to_documents_that_are_closed_to_him(
    callers: Callers, visitor: str, proof: Proof
) -> None:
    for user in (visitor, user_of(Role.FIELD_REP)):
        caller = callers.of(user)
        answer = caller.session.post(
            f"{caller.base_url}/api/method/upload_file",
            files={"file": ("x.txt", b"x")},
            data={"doctype": "Order", "docname": proof.order, "is_private": "1"},
            timeout=30,
        )
        assert answer.status_code == 403, user


def test_what_belongs_to_an_order_is_private(callers: Callers, proof: Proof) -> None:
    """Whatever the upload says; a public file is read by everybody who guesses its address."""
    file = upload(callers.of(Role.SALES), "drawing", doctype="Order", docname=proof.order, is_private="0")
    assert file["file_url"].startswith("/private/files/")
    frappe.db.rollback()
    frappe.delete_doc("File", file["name"], force=True)
    frappe.db.commit()


@pytest.mark.parametrize("role", [Role.SALES, Role.ORDER_DESK, Role.SALES_MANAGER])
def test_a_proof_stays_whoever_uploaded_it(callers: Callers, proof: Proof, role: Role) -> None:
    """R-382: neither deleted nor replaced, by no way of the framework."""
    caller = callers.of(role)
    rows = frappe.get_all("File", {"file_url": proof.address}, pluck="name")
    for name in rows:
        assert caller.delete(f"resource/File/{name}").status_code in (403, 417)
        remove = "method/frappe.desk.form.utils.remove_attach"
        assert caller.post(remove, fid=name, dt="Order Evidence", dn=proof.evidence).status_code in (403, 417)
        assert caller.put(f"resource/File/{name}", is_private=0).status_code in (403, 417)
        assert caller.put(f"resource/File/{name}", attached_to_name="").status_code in (403, 417)
        client = caller.post("method/frappe.client.delete", doctype="File", name=name)
        assert client.status_code in (403, 417)
    assert WORDS in read(callers.of(Role.FINANCE), proof.address).text


def test_no_equal_upload_takes_a_proof_away(callers: Callers, proof: Proof) -> None:
    """Two rows with equal content have one address each: deleting the second leaves the first whole."""
    sales = callers.of(Role.SALES)
    again = upload(sales, WORDS + proof.order)
    assert again["file_url"] != proof.address
    assert sales.delete(f"resource/File/{again['name']}").status_code == 202
    assert WORDS in read(callers.of(Role.FINANCE), proof.address).text


def test_administrators_of_the_desk_delete_no_proof_either(site: Any, proof: Proof) -> None:
    with acting_as(user_of(Role.ORDER_DESK)):
        for name in frappe.get_all("File", {"file_url": proof.address}, pluck="name"):
            with pytest.raises(frappe.PermissionError):
                frappe.delete_doc("File", name, ignore_permissions=True)


def test_a_new_upload_does_not_take_the_address_of_a_row_without_its_content(
    callers: Callers, site: Any
) -> None:
    """The framework looks at the disk only; who reads the old row's document would read the new paper."""
    sales = callers.of(Role.SALES)
    left = upload(sales, "a paper that the disk has lost", filename="lost.txt")
    frappe.db.rollback()
    Path(frappe.get_site_path(left["file_url"].lstrip("/"))).unlink()
    frappe.db.set_value("File", left["name"], {"attached_to_doctype": "Order", "attached_to_name": "SO-GONE"})
    frappe.db.commit()
    try:
        new = upload(callers.of(Role.ORDER_DESK), "words of today", filename="lost.txt")
        assert new["file_url"] != left["file_url"]
        assert callers.of(Role.ORDER_DESK).delete(f"resource/File/{new['name']}").status_code == 202
        assert sales.delete(f"resource/File/{left['name']}").status_code == 202, "what is gone asks nothing"
    finally:
        frappe.db.rollback()
        frappe.db.delete("File", {"name": left["name"]})
        frappe.db.commit()
