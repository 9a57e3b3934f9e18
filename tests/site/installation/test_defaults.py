"""Tests run under the shipped defaults; what they override is written down (issue 10, B)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from tests.site.explorer.schedules import Setting
from tests.site.explorer.session import open_session
from tests.site.explorer.setting import set_channel
from tests.site.support.defaults_overridden import OVERRIDDEN, WATCHED


@pytest.fixture(scope="module")
def explorer(test_site: str) -> Iterator[None]:
    """The explorer's documents, with the policies of a story that chooses nothing."""
    with open_session():
        set_channel(Setting())
        yield


def differing(doctype: str, name: str) -> set[str]:
    """Fields of a stored document that have a default and another value."""
    stored: Any = frappe.get_doc(doctype, name)
    found = set()
    for field in frappe.get_meta(doctype).fields:
        if field.default in (None, ""):
            continue
        if str(stored.get(field.fieldname) or 0) != str(field.default) and not _same_number(stored, field):
            found.add(field.fieldname)
    return found


def _same_number(stored: Any, field: Any) -> bool:
    try:
        return float(stored.get(field.fieldname) or 0) == float(field.default)
    except (TypeError, ValueError):
        return False


@pytest.mark.parametrize(("doctype", "name"), WATCHED)
def test_what_differs_from_the_shipped_defaults_is_named(
    site: Any, explorer: None, doctype: str, name: str
) -> None:
    """No builder changes a default silently."""
    named = {row.field for row in OVERRIDDEN if (row.doctype, row.name) == (doctype, name)}
    assert differing(doctype, name) <= named


def test_the_explorer_runs_under_the_shipped_defaults(site: Any, explorer: None) -> None:
    """Only the address of the simulators is another one."""
    for doctype, name in WATCHED:
        if name.startswith("Explorer"):
            assert differing(doctype, name) <= {"base_url"}


def test_every_override_has_a_reason() -> None:
    for row in OVERRIDDEN:
        assert row.why, row
        assert (row.doctype, row.name) in WATCHED, row
