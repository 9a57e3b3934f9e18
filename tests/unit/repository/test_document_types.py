"""The fields that a document's class names are those of its DocType."""

from __future__ import annotations

import ast

import pytest

from dev.document_types import FieldsOfJson, exporters, field_annotations

EXPORTERS = list(exporters())


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda exporter: exporter.doctype)
def test_a_class_names_the_fields_of_its_doctype(exporter: FieldsOfJson) -> None:
    """After a change of the JSON: ``python -m dev.document_types`` in the bench's environment."""
    tree = ast.parse(exporter.controller_path.read_text(encoding="utf-8"))
    assert field_annotations(tree) == exporter.fields()


def test_every_doctype_is_looked_at() -> None:
    assert {"Order", "Order Item", "Shipment", "Order Flow Settings"} <= {one.doctype for one in EXPORTERS}
