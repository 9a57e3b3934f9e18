"""Running numbers that people read: one counter row a series, taken in the transaction that uses them.

The row stays locked until that transaction ends, so no number is given twice, and one that is rolled back
is given again: the series has no gap.
"""

from __future__ import annotations

import frappe
from frappe.utils import now_datetime

_NEXT = """insert into `tabNumber Counter`
    (name, counter_key, last_number, creation, modified, owner, modified_by)
    values (%(key)s, %(key)s, 1, %(now)s, %(now)s, %(user)s, %(user)s)
    on duplicate key update last_number = last_number + 1, modified = %(now)s, modified_by = %(user)s
    returning last_number"""


_RAISE = """insert into `tabNumber Counter`
    (name, counter_key, last_number, creation, modified, owner, modified_by)
    values (%(key)s, %(key)s, %(number)s, %(now)s, %(now)s, %(user)s, %(user)s)
    on duplicate key update last_number = greatest(last_number, %(number)s), modified = %(now)s"""


def raise_number(key: str, number: int) -> None:
    """Let a series go on behind a number; one that is further already stays.

    Args:
        key: the series.
        number: the last one that is taken.
    """
    values = {"key": key, "number": number, "now": now_datetime(), "user": frappe.session.user}
    frappe.db.sql(_RAISE, values)


def next_number(key: str) -> int:
    """Take the next number of a series.

    Args:
        key: the series, e.g. ``Change Notice 240305``; at most 140 characters. A new one starts at 1.

    Returns:
        The number; nobody else gets it.
    """
    values = {"key": key, "now": now_datetime(), "user": frappe.session.user}
    return int(frappe.db.sql(_NEXT, values)[0][0])
