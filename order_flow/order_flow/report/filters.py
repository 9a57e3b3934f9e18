"""The filters of a report as it reads them: days as days, words as words, anything else refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import frappe
from frappe import _

from order_flow.flow.records.values import day_of, fields_of, number_of, time_of
from order_flow.flow.refusals import StepRefused

_READERS: Final[dict[str, Callable[[Any, str], Any]]] = {
    **dict.fromkeys(("from_date", "to_date", "until", "month"), day_of),
    "start": time_of,
    "pickers": lambda value, label: int(number_of(value, label)),
}


def read_filters(filters: Any, needed: tuple[str, ...] = ()) -> Any:
    """Read the filters that a reader, a chart or a mailed report sends.

    Args:
        filters: an object, or JSON text of one; None where there are none.
        needed: names that may not be empty.

    Returns:
        The filled filters, accessible as attributes; days as dates.

    Raises:
        StepRefused: a value that is none of its kind, or a needed one is missing.
    """
    sent = fields_of(filters or {}, _("Filters"))
    read = frappe._dict()
    for name, value in sent.items():
        if value in (None, ""):
            continue
        if isinstance(value, dict | list):
            frappe.throw(
                _("{0}: '{1}' cannot be used here. Send {2}.").format(name, str(value)[:60], _("one value")),
                StepRefused,
            )
        read[name] = _READERS[name](value, name) if name in _READERS else value
    if missing := [name for name in needed if name not in read]:
        frappe.throw(
            _("These filters are missing: {0}. Fill them in.").format(", ".join(missing)), StepRefused
        )
    return read
