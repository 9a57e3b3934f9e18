"""No call that the description allows, and none that it forbids, ends in a failure of the site (D11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pytest

from order_flow.api.openapi.document import description
from tests.site.rest.any_call import AnyCaller, NotHere
from tests.site.rest.soak import stored_documents
from tests.site.support.rest_client import Callers

CALLS_EACH: Final = 2
SECONDS: Final = 120.0
API: Final = "/api/method/order_flow."


@pytest.fixture
def stored(test_site: str) -> Iterator[Mapping[str, Sequence[Any]]]:
    with stored_documents() as names:
        yield names


def caller_of(callers: Callers, stored: Mapping[str, Sequence[Any]]) -> AnyCaller:
    return AnyCaller(callers.base_url, dict(callers.of("Administrator").session.headers), stored)


def test_every_method_has_an_answer(callers: Callers, stored: Mapping[str, Sequence[Any]]) -> None:
    """A few calls each; ``make soak CALLS=20`` makes more."""
    caller = caller_of(callers, stored)
    caller.call_all(description(), CALLS_EACH, SECONDS)
    assert caller.calls > len(description()["paths"])
    assert {200, 404, 417} <= set(caller.by_status)
    assert [str(fault) for fault in caller.faults] == []


FOUND: Final = (
    ("security.exports.download_template", {}),
    ("security.exports.download_template", {"doctype": "Order"}),
    ("security.exports.download_template", {"doctype": "Order", "export_fields": "nonsense"}),
    ("security.exports.export_list", {}),
    ("security.exports.export_list", {"doctype": "Order", "file_format_type": "x"}),
    ("security.exports.export_list", {"doctype": "Order", "file_format_type": "CSV", "unknown": 1}),
    ("security.exports.export_report", {}),
    (
        "order_flow.dashboard_chart_source.translated_groups.translated_groups.get",
        {"chart_name": "Orders by Day"},
    ),
)
"""What calls by chance have found: each was a 500."""


@pytest.mark.parametrize(("method", "sent"), FOUND)
def test_what_was_found_is_refused(callers: Callers, method: str, sent: dict[str, Any]) -> None:
    answer = callers.of("Administrator").post(f"method/order_flow.{method}", **sent)
    assert (answer.status_code, answer.json()["error"]["code"] in ("ARGUMENTS", "REFUSED")) == (417, True)


def test_a_failure_is_found(callers: Callers) -> None:
    """Else the first test says nothing: the framework's own method fails without its arguments."""
    operation = {"get": {"operationId": "fails", "responses": {"200": {"description": "A file."}}}}
    broken = {**description(), "paths": {"/api/method/frappe.client.get_value": operation}}
    caller = caller_of(callers, {})
    caller.call_all(broken, 1, SECONDS)
    assert caller.by_status
    assert [fault.status for fault in caller.faults] == [500]


def test_only_this_machine_is_called() -> None:
    with pytest.raises(NotHere):
        AnyCaller("https://shop.example.com", {}, {})
