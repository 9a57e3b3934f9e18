"""Every way in over HTTP is an endpoint of one kind and refuses nonsense (issue: D11, S20, S24)."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest

import order_flow
from order_flow.api.endpoint import Verb, is_endpoint
from order_flow.domain.states import OrderState, PaymentFamily, Role
from tests.site.support.builders import order_in
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers, message_of

REFUSALS = range(400, 500)
GARBAGE: dict[str, Any] = {
    "null": None,
    "list": [1, {"a": []}],
    "object": {"name": ["like", "%"]},
    "half a character": "\ud83d",
    "empty": "",
    "signs": " 😀\x00\x07' or 1=1 -- `",
    "long": "长" * 100_000,
    "huge": 10**40,
    "not a number": float("nan"),
    "json": '{"a": [1, {"b": null}]}',
    "day": "0000-00-00",
}


def own_methods() -> Iterator[Callable[..., Any]]:
    """Every function of the app that the framework would call for a request."""
    for module in pkgutil.walk_packages(order_flow.__path__, "order_flow."):
        importlib.import_module(module.name)
    stand_ins = "order_flow.security.closed_doors"  # they take what the framework's own functions take
    ours = (m for m in frappe.whitelisted if m.__module__.split(".")[0] == "order_flow")
    yield from (method for method in ours if method.__module__ != stand_ins)


def path_of(method: Callable[..., Any]) -> str:
    """Where a method is called."""
    return f"method/{method.__module__}.{method.__qualname__}"


def arguments_of(method: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """The arguments that it names."""
    parameters = inspect.signature(inspect.unwrap(method)).parameters
    return {name: p for name, p in parameters.items() if p.kind is not inspect.Parameter.VAR_KEYWORD}


@pytest.fixture(scope="module")
def order(test_site: str) -> Iterator[str]:
    """A committed order."""
    frappe.set_user("Administrator")
    name = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER).name
    frappe.db.commit()
    yield name
    frappe.db.rollback()
    remove_orders([name])


def test_every_method_is_an_endpoint(site: Any) -> None:
    methods = list(own_methods())
    assert len(methods) > 90
    assert [path_of(m) for m in methods if not is_endpoint(m)] == []


def test_every_endpoint_is_bound_to_verbs(site: Any) -> None:
    for method in own_methods():
        allowed = frappe.allowed_http_methods_for_whitelisted_func[method]
        assert set(allowed) <= {verb.value for verb in Verb}, path_of(method)


def test_a_missing_argument_is_named(callers: Callers) -> None:
    answer = callers.of(Role.ORDER_DESK).call("confirm")
    assert (answer.status_code, message_of(answer)) == (417, "These arguments are missing: order. Send them.")


def test_an_unknown_argument_is_named(callers: Callers) -> None:
    answer = callers.of(Role.ORDER_DESK).call("confirm", order="SO1", remrak="x")
    assert answer.status_code == 417
    assert "confirm does not take these arguments: remrak" in message_of(answer)


def test_an_object_is_no_name(callers: Callers) -> None:
    """A dictionary would be taken for a filter by whatever looks the document up (S20)."""
    path = "method/order_flow.api.clocks.finish"
    for value in ({"state": ["!=", ""]}, {"a": {"b": 1}}, ["x"]):
        answer = callers.of(Role.ORDER_DESK).post(path, clock=value, remark="x")
        assert answer.status_code == 417, value
        assert message_of(answer).startswith("clock: "), value


def test_null_means_left_out(callers: Callers, order: str) -> None:
    answer = callers.of(Role.ORDER_DESK).call("request_cancellation", order=order, reason="x", remark=None)
    assert answer.status_code == 417
    assert "'x' is not a cancel reason" in message_of(answer)


@pytest.mark.parametrize("kind", GARBAGE)
def test_nonsense_is_refused_everywhere(callers: Callers, order: str, kind: str) -> None:
    """Each argument of each endpoint in turn; the others are as good as can be guessed."""
    caller, failures = callers.of("Administrator"), []
    for method in own_methods():
        names = arguments_of(method)
        good = {name: _guess(name, parameter, order) for name, parameter in names.items()}
        for name in names:
            sent = {**good, name: GARBAGE[kind]}
            if frappe.allowed_http_methods_for_whitelisted_func[method] == ["GET"]:
                answer = caller.get(path_of(method), **{k: _query(v) for k, v in sent.items()})
            else:
                answer = caller.post(path_of(method), **sent)
            if answer.status_code >= 500:
                failures.append(f"{path_of(method)} {name}: {answer.status_code} {_last_line(answer)}")
    assert failures == [], "\n".join(failures)


def _last_line(answer: Any) -> str:
    return str(answer.json().get("exception") or answer.text[-200:])[:200]


def _guess(name: str, parameter: inspect.Parameter, order: str) -> Any:
    if name == "order":
        return order
    if parameter.default is not inspect.Parameter.empty:
        return parameter.default
    return {"items": [], "amount": 1, "order_file": "x"}.get(name, "x")


def _query(value: Any) -> str:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()[:2000]
    return json.dumps(value)
