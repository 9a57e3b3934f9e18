"""Brand, category and type are kept here and come by file, since WDT's goods lack them (R-348, R-349)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import frappe
import pytest
from frappe.core.doctype.data_import.importer import Importer

from tests.site.builders import PRODUCTS

PRODUCT = PRODUCTS[0]
KNOWN = {"brand": "正裕", "category": "减振器", "product_type": "Shock Absorber", "barcode": "6901234567892"}


def import_file(path: Path, kind: str) -> Any:
    """What the desk's Data Import does with a file, without its background job."""
    document = frappe.get_doc(
        {
            "doctype": "Data Import",
            "reference_doctype": "Product",
            "import_type": kind,
            "submit_after_import": 0,
            "mute_emails": 1,
        }
    ).insert()
    # As the desk does it: an uploaded file. A bare path is for the command line only.
    file = frappe.get_doc({"doctype": "File", "file_name": path.name, "content": path.read_text("utf-8")})
    document.import_file = file.insert().file_url
    Importer("Product", data_import=document).import_data()
    return document


def written(path: Path, rows: list[dict[str, str]]) -> Path:
    """A CSV file of the rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def product(site: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A product with its own brand, category and type; the import's commits are held back."""
    monkeypatch.setattr(frappe.db, "commit", lambda: None)
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
