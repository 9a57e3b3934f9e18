"""Retries a request that lost a race with a concurrent one (R-046, R-386)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import frappe
from frappe import _

Method = TypeVar("Method", bound=Callable[..., Any])
MOST_TRIES = 8
"""On a busy machine neighbours lose several times in a row; each pause is longer and by chance."""
TRIES_OF_A_DUPLICATE = 2
"""A record that another request has created is seen by the next try; what is still refused is a duplicate."""
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.5
"""Seconds."""


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
        for attempt in range(1, MOST_TRIES):
            try:
                return act(*args, **kwargs)
            except frappe.UniqueValidationError:
                if attempt > TRIES_OF_A_DUPLICATE:
                    raise
                _start_over()
            except frappe.QueryDeadlockError:
                _start_over()
                # Both would meet again at once.
                time.sleep(_pause(attempt))
        try:
            return act(*args, **kwargs)
        except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
            frappe.db.rollback()
            frappe.throw(
                _("Somebody else is changing the same record at this moment. Nothing was stored; try again."),
                ChangedMeanwhile,
            )

    return cast(Method, repeated)


def _start_over() -> None:
    frappe.db.rollback()
    frappe.clear_messages()


def _pause(attempt: int) -> float:
    longest: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**attempt)
    return random.uniform(0.5, 1.0) * longest
