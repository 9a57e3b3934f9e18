"""Requests that another one got in the way of start over by themselves (R-046, R-386)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import frappe

Method = TypeVar("Method", bound=Callable[..., Any])
MOST_TRIES = 3


def again_if_overtaken(act: Method) -> Method:
    """Start a request over where another one got in its way at this very moment (R-046, R-386).

    A transaction reads what there was when it began, so a record that another request has just created can be
    seen in a new one only; and of two transactions that wait for each other the database gives one up.
    Nothing of the first try is stored, and nothing outside was called.
    """

    @wraps(act)
    def repeated(*args: Any, **kwargs: Any) -> Any:
        for _try in range(1, MOST_TRIES):
            try:
                return act(*args, **kwargs)
            except (frappe.UniqueValidationError, frappe.QueryDeadlockError):
                frappe.db.rollback()
                frappe.clear_messages()
        return act(*args, **kwargs)

    return cast(Method, repeated)
