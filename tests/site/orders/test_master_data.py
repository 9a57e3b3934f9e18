"""Brand, category and type are kept here and come by file, since WDT's goods lack them (R-348, R-349)."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import frappe
import pytest
from frappe.core.doctype.data_import.exporter import Exporter
from frappe.core.doctype.data_import.importer import Importer

from order_flow.patches.v0_1 import enter_brands_and_categories
from tests.site.support.builders import PRODUCTS

PRODUCT = PRODUCTS[0]
KNOWN = {"brand": "正裕", "category": "减振器", "product_type": "Shock Absorber", "barcode": "6901234567892"}


def import_file(path: Path, kind: str, doctype: str = "Product") -> Any:
    """What the desk's Data Import does with a file, without its background job."""
    document = frappe.get_doc(
        {
            "doctype": "Data Import",
            "reference_doctype": doctype,
            "import_type": kind,
            "submit_after_import": 0,
            "mute_emails": 1,
        }
    ).insert()
    # As the desk does it: an uploaded file. A bare path is for the command line only.
    file = frappe.get_doc({"doctype": "File", "file_name": path.name, "content": path.read_text("utf-8")})
    document.import_file = file.insert().file_url
    Importer(doctype, data_import=document).import_data()
    return document


def written(path: Path, rows: list[dict[str, str]]) -> Path:
    """A CSV file of the rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def enter(doctype: str, name: str) -> None:
    """A brand or a category, once."""
    if not frappe.db.exists(doctype, name):
        field = "brand_name" if doctype == "Brand" else "category_name"
        frappe.get_doc({"doctype": doctype, field: name}).insert()


@pytest.fixture
def product(site: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A product with its own brand, category and type; the import's commits are held back."""
    monkeypatch.setattr(frappe.db, "commit", lambda: None)
    monkeypatch.setattr(frappe.flags, "in_import", False)
    enter("Brand", "正裕")
    enter("Product Category", "减振器")
    document = frappe.get_doc("Product", PRODUCT)
    document.update(KNOWN)
    return document.save()


def test_a_file_with_blanks_takes_nothing_away(product: Any, tmp_path: Path) -> None:
    """R-348: what came without brand and category leaves ours alone, and brings what it has."""
    row = {"ID": PRODUCT, "Product Name": "改名", "Brand": "", "Category": "", "Type": ""}
    import_file(written(tmp_path / "goods.csv", [row]), "Update Existing Records")
    product.reload()
    assert product.product_name == "改名"
    assert {field: product.get(field) for field in KNOWN} == KNOWN


def test_brand_category_and_type_come_by_file(product: Any, tmp_path: Path) -> None:
    """R-349: local master data by Frappe's own import."""
    enter("Product Category", "零部件")
    rows = [
        {
            "Product Code": f"FILE-{number}",
            "Product Name": f"文件产品{number}",
            "Unit": "PCS",
            "Product State": "Existing",
            "Brand": "正裕",
            "Category": "零部件",
            "Type": "Spare Part",
        }
        for number in range(3)
    ]
    import_file(written(tmp_path / "new.csv", rows), "Insert New Records")
    stored = frappe.get_all(
        "Product", {"product_code": ("like", "FILE-%")}, ["brand", "category", "product_type"]
    )
    assert stored == [{"brand": "正裕", "category": "零部件", "product_type": "Spare Part"}] * 3


MASTERS: dict[str, dict[str, str]] = {
    "Brand": {"brand_name": "FILE-Brand"},
    "Product Category": {"category_name": "FILE-Category"},
    "Product Type": {"product_type": "FILE-Type", "number_letter": "F"},
    "Product": {"product_code": "FILE-P", "product_name": "文件产品", "unit": "PCS", "brand": "正裕"},
    "Warehouse": {"warehouse_code": "FILE-W", "warehouse_name": "文件仓"},
    "Carrier": {"carrier_name": "FILE-Carrier", "transport_mode": "Road"},
}


@pytest.mark.parametrize("language", ["en", "zh", "zh-TW"])
@pytest.mark.parametrize("doctype", list(MASTERS))
def test_the_desks_own_template_is_taken_back_filled(
    product: Any, tmp_path: Path, doctype: str, language: str
) -> None:
    """R-349: the template that the desk offers for a kind of master, filled, in each language."""
    # The import reads the file in the language of its user, as the desk wrote the template.
    frappe.db.set_value("User", frappe.session.user, "language", language)
    frappe.local.lang = language
    values = MASTERS[doctype]
    template = Exporter(doctype, {doctype: list(values)}).get_csv_array()
    path = tmp_path / "template.csv"
    written_out = io.StringIO()
    csv.writer(written_out).writerows([template[0], list(values.values())])
    path.write_text(written_out.getvalue(), encoding="utf-8")
    done = import_file(path, "Insert New Records", doctype)
    done.reload()
    assert done.status == "Success", frappe.get_all(
        "Data Import Log", {"data_import": done.name}, ["messages"]
    )
    assert frappe.db.exists(doctype, values)


def test_a_brand_that_nobody_entered_is_named_and_nothing_is_stored(product: Any, tmp_path: Path) -> None:
    """R-349: a gap is a question to who imports, not a guess."""
    row = {"Product Code": "FILE-X", "Product Name": "x", "Unit": "PCS", "Product State": "Existing"}
    file = written(tmp_path / "gap.csv", [{**row, "Brand": "没有这个品牌"}])
    refused = import_file(file, "Insert New Records")
    told = [warning["message"] for warning in json.loads(refused.template_warnings)]
    assert any("没有这个品牌" in message for message in told)
    assert not frappe.db.exists("Product", "FILE-X")


def test_texts_on_products_become_masters_by_the_patch(product: Any) -> None:
    """A site that had texts keeps them: each becomes a document, once, whatever the case."""
    frappe.db.delete("Brand")
    frappe.db.delete("Product Category")
    frappe.db.set_value("Product", PRODUCTS[1], {"brand": "Acme ", "category": "罐子"})
    frappe.db.set_value("Product", PRODUCTS[2], {"brand": "acme"})
    for _run in range(2):
        enter_brands_and_categories.execute()
        assert {name.casefold() for name in frappe.get_all("Brand", pluck="name")} == {"acme", "正裕"}
        assert "罐子" in frappe.get_all("Product Category", pluck="name")
