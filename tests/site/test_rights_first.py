"""Who has no right is told so first: no answer shows what exists or what a value should look like."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, get_args, get_origin, get_type_hints

import frappe
import pytest

from order_flow import hooks
from order_flow.api.endpoint import Verb, is_endpoint
from order_flow.domain.states import Role
from tests.site.rest.test_endpoints import arguments_of, own_methods, path_of
from tests.site.support.rest_client import Callers, Rest

NOBODY = "no-roles@example.com"
_STAND_IN = "Stands in for a method of the framework, which asks by the DocType or report it is called for."
OPEN_TO_EVERYBODY = {
    "method/order_flow.security.exports.export_data": _STAND_IN,
    "method/order_flow.security.exports.export_list": _STAND_IN,
    "method/order_flow.security.exports.export_report": _STAND_IN,
    "method/order_flow.security.exports.download_template": _STAND_IN,
    "method/order_flow.api.reviews.my_departments": "The departments of the caller's own roles: none here.",
    "method/order_flow.api.tasks.take": "Everybody has tasks; the task's own rights are asked.",
    "method/order_flow.api.tasks.put_back": "As above.",
}
"""Endpoints that answer whoever has logged in, each with the reason."""
_VALUES: dict[Any, Any] = {str: "NO-SUCH-1", int: 1, float: 1, bool: True, dict: {}, list: []}


def methods() -> Iterator[Callable[..., Any]]:
    """Every endpoint for callers with a login."""
    yield from (
        method for method in own_methods() if is_endpoint(method) and method not in frappe.guest_methods
    )


def well_formed(method: Callable[..., Any]) -> dict[str, Any]:
    """Arguments of the right types about things that do not exist."""
    hints = get_type_hints(inspect_original(method))
    required = [name for name, one in arguments_of(method).items() if one.default is one.empty]
    return {name: _value(hints[name]) for name in required}


def _value(kind: Any) -> Any:
    """Of a type, or of the first of several."""
    wanted = get_origin(kind) or kind
    return _VALUES[wanted] if wanted in _VALUES else _value(get_args(kind)[0])


def inspect_original(method: Callable[..., Any]) -> Any:
    """The function behind the endpoint's checks."""
    while wrapped := getattr(method, "__wrapped__", None):
        method = wrapped
    return method


@pytest.fixture(scope="module")
def nobody(test_site: str, callers: Callers) -> Iterator[Rest]:
    """Somebody with a login and without any role of the app."""
    if not frappe.db.exists("User", NOBODY):
        # Of the website, else the framework makes a site's first person a System Manager.
        values = {"email": NOBODY, "first_name": "Nobody", "user_type": "Website User"}
        frappe.get_doc({"doctype": "User", "send_welcome_email": 0, **values}).insert()
        frappe.db.commit()
    yield callers.of(NOBODY)


def test_nobody_learns_anything(nobody: Rest) -> None:
    """Not 404 for what is not there, nor 417 for a value, but 403."""
    wrong = []
    for method in methods():
        path = path_of(method)
        if path in OPEN_TO_EVERYBODY:
            continue
        send = nobody.post if Verb.POST in method.order_flow_verbs else nobody.get  # type: ignore[attr-defined]
        answer = send(path, **well_formed(method))
        if answer.status_code != 403:
            wrong.append(f"{path}: {answer.status_code} {answer.content[-200:]!r}")
    assert wrong == [], "\n".join(wrong)


def test_what_is_open_to_everybody_exists() -> None:
    assert set(OPEN_TO_EVERYBODY) - {path_of(method) for method in methods()} == set()


STARTS_SOMETHING = (
    "frappe.core.doctype.data_import.data_import.form_start_import",
    "frappe.desk.form.document_follow.follow_document",
    "frappe.email.relink",
)


def test_stand_ins_open_no_other_way(site: Any) -> None:
    """What stands in for a method of the framework takes its verbs and callers, or fewer."""
    verbs = frappe.allowed_http_methods_for_whitelisted_func
    wider = []
    for original, ours in hooks.override_whitelisted_methods.items():
        module, _dot, name = original.rpartition(".")
        there, here = getattr(import_module(module), name), frappe.get_attr(ours)
        # One of the framework's newer methods is no method of the older ones.
        if there in verbs and not set(verbs[here]) <= set(verbs[there]):
            wider.append(original)
        if (here in frappe.guest_methods) > (there in frappe.guest_methods):
            wider.append(original)
    assert wider == []


@pytest.mark.parametrize("method", STARTS_SOMETHING)
def test_a_link_changes_nothing(callers: Callers, method: str) -> None:
    """A browser follows a link with the reader's own cookies; what changes something takes POST alone."""
    assert callers.of(Role.ORDER_DESK).get(f"method/{method}").status_code == 403
