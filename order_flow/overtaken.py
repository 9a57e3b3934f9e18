"""Retries a request that lost a race with a concurrent one (R-046, R-386)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import frappe
from frappe import _

Method = TypeVar("Method", bound=Callable[..., Any])
MOST_TRIES = 3


class ChangedMeanwhile(frappe.ValidationError):
    """Concurrent requests got in the way of this one each time it was tried."""

    http_status_code = 409


def again_if_overtaken(act: Method) -> Method:
    """Start a request over where a concurrent one got in its way (R-046, R-386).

    A transaction reads what there was when it began, so a record that another request has just created can be
    seen in a new one only; and of two transactions that wait for each other the database gives one up.
    Nothing of the first try is stored, and nothing outside was called.

    Args:
        act: a request's function; ``endpoint`` applies this to every one that changes something.

    Returns:
        The function; it raises ``ChangedMeanwhile`` where the last try lost as well.
    """

    @wraps(act)
    def repeated(*args: Any, **kwargs: Any) -> Any:
        for _try in range(1, MOST_TRIES):
            try:
                return act(*args, **kwargs)
            except (frappe.UniqueValidationError, frappe.QueryDeadlockError):
                frappe.db.rollback()
                frappe.clear_messages()
        try:
            return act(*args, **kwargs)
        except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
            frappe.db.rollback()
            frappe.throw(
                _("Somebody else is changing the same record at this moment. Nothing was stored; try again."),
                ChangedMeanwhile,
            )

    return cast(Method, repeated)
