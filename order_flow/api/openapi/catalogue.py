"""Every function of the app that answers over HTTP, with the address where it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from inspect import unwrap
from pkgutil import walk_packages
from typing import Any, Final

import frappe

import order_flow
from order_flow.api.endpoint import is_endpoint

API: Final = "/api/method/"
_WITH_ENDPOINTS: Final = ("api", "order_flow", "security")
"""Packages of the app that are looked through."""


@cache
def endpoints() -> Mapping[str, Callable[..., Any]]:
    """Find every endpoint of the app, by address and in its order.

    Importing a module with endpoints makes them known to the framework, so all are imported once.
    """
    for package in _WITH_ENDPOINTS:
        above = import_module(f"{order_flow.__name__}.{package}")
        for module in walk_packages(above.__path__, f"{above.__name__}."):
            import_module(module.name)
    ours = (method for method in frappe.whitelisted if is_endpoint(method) and _is_ours(method))
    by_address = {_address(method): method for method in ours}
    return {address: by_address[address] for address in sorted(by_address)}


def is_open_to_guests(method: Callable[..., Any]) -> bool:
    """Tell whether a method is called without a login."""
    return method in frappe.guest_methods


def written(method: Callable[..., Any]) -> Callable[..., Any]:
    """The function as its author wrote it, without what ``endpoint`` puts around it."""
    plain: Callable[..., Any] = unwrap(method)
    return plain


def _is_ours(method: Callable[..., Any]) -> bool:
    return method.__module__.partition(".")[0] == order_flow.__name__


def _address(method: Callable[..., Any]) -> str:
    return f"{API}{method.__module__}.{method.__qualname__}"
