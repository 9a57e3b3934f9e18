"""One table of what this app refuses: each case with its words in English and Chinese, and nothing changes.

Assembled from the rows that the parts keep beside their tests; here each is provoked in both languages, and
the versions of all rows of all tables of the app are compared (issue 3, R-026, K-25).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import frappe
import pytest

from order_flow.domain.states import OrderState, PaymentFamily
from tests.site.clocks import test_clocks
from tests.site.gates import test_gate_methods, test_gates
from tests.site.refusals import (
    refusals_of_changes,
    refusals_of_credit,
    refusals_of_money,
    refusals_of_papers,
    refusals_of_reviews,
)
from tests.site.reviews import test_review_rights
from tests.site.support.builders import PRODUCTS, order_in
from tests.site.support.clock_lab import ClockLab
from tests.site.support.money_lab import money_channel
from tests.site.support.review_cases import sent_to_review
from tests.unit.repository.thrown import pattern_of, thrown_texts

__all__ = ["money_channel"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row of the table."""

    part: str
    case: str
    build: Callable[[], tuple[Any, ...]]
    """Makes what the case is about."""
    provoke: Callable[..., object]
    english: str
    chinese: str

    @property
    def label(self) -> str:
        """How a report names the row."""
        return f"{self.part}: {self.case}"


def _nothing() -> tuple[Any, ...]:
    return ()


def _confirmed_order() -> tuple[Any, ...]:
    line = {"product": PRODUCTS[0], "quantity": 10, "unit_price": 5}
    return (order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST, items=[line]),)


def _checklist() -> tuple[Any, ...]:
    return (sent_to_review(test_review_rights.PMC)[1],)


def _clocks() -> tuple[Any, ...]:
    return (ClockLab(),)


def _money_troubles() -> tuple[Any, ...]:
    return (refusals_of_money.built(),)


def _of(part: str, build: Callable[[], tuple[Any, ...]], rows: Any) -> Iterator[Refusal]:
    for case, provoke, english, chinese in rows:
        yield Refusal(part, case, build, provoke, english, chinese)


TABLE: Final = (
    *_of("gates", _nothing, test_gates.REFUSALS),
    *_of("evidence, overrides, planning", _nothing, test_gate_methods.REFUSALS),
    *_of("overrides and planning by role", _nothing, refusals_of_reviews.OVERRIDES),
    *_of("answers", _checklist, test_review_rights.REFUSALS),
    *_of("reviews", _nothing, refusals_of_reviews.REVIEWS),
    *_of("changes", _confirmed_order, refusals_of_changes.REFUSALS),
    *_of("money", _money_troubles, refusals_of_money.REFUSALS),
    *_of("credit", _nothing, refusals_of_credit.CREDIT),
    *_of("clocks", _clocks, test_clocks.REFUSALS),
    *_of("papers", _nothing, refusals_of_papers.refusals()),
)
"""What every part refuses."""
SAID: Final[dict[str, str]] = {}
"""What was said in English, by row; filled by the run of the table."""


@pytest.fixture
def world(site: Any, money_channel: str) -> Iterator[None]:
    """A row of its own company; taken back after each of them."""
    yield
    frappe.local.lang = "en"
    frappe.set_user("Administrator")
    ClockLab.forget()


def row_versions() -> dict[str, tuple[int, int]]:
    """Number of rows and sum of their versions for every table of the app, in one statement."""
    tables = frappe.get_all("DocType", {"module": "Order Flow", "issingle": 0}, pluck="name", order_by="name")
    parts = [
        f"select '{name}' as doctype, count(*) as number,"
        f" coalesce(sum(crc32(concat(name, modified))), 0) as versions from `tab{name}`"
        for name in (*tables, "File", "ToDo", "Version")
    ]
    rows = frappe.db.sql(" union all ".join(parts), as_dict=True)
    return {row.doctype: (int(row.number), int(row.versions)) for row in rows}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.label)
def test_refused_in_both_languages_and_nothing_changes(world: None, row: Refusal) -> None:
    """R-026: refused with its words; what the request did is taken back whole, nothing was stored past it."""
    subject = row.build()
    before = row_versions()
    for language, words in (("en", row.english), ("zh", row.chinese)):
        frappe.clear_messages()
        frappe.db.savepoint("request")
        frappe.local.lang = language
        try:
            with pytest.raises((frappe.ValidationError, frappe.PermissionError)) as refused:
                row.provoke(*subject)
        finally:
            frappe.local.lang = "en"
            frappe.set_user("Administrator")
        # As a request ends that was refused. A commit on the way would have taken the savepoint with it.
        frappe.db.rollback(save_point="request")
        assert row_versions() == before
        said = frappe.utils.strip_html(str(refused.value))
        assert words in said or re.search(words, said), said
        if language == "en":
            SAID[row.label] = said


def test_the_table_is_whole() -> None:
    """Each case once, with words in both languages; every part that refuses is in it."""
    labels = [row.label for row in TABLE]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []
    assert [row.label for row in TABLE if not row.english or not row.chinese] == []
    spoken = re.compile(r"[\u4e00-\u9fff]")
    assert [row.label for row in TABLE if not spoken.search(row.chinese)] == [
        label for label in UNTRANSLATABLE if label in labels
    ]


UNTRANSLATABLE: Final = (
    "changes: not a number",
    "changes: product that does not exist",
)
"""Where only the word that was sent can be looked for."""


def test_every_text_of_the_code_is_in_the_table() -> None:
    """What the code can refuse with was provoked above, or stands below with the reason why not."""
    if len(SAID) < len(TABLE):
        pytest.skip("only a part of the table was run")
    texts = thrown_texts()
    missing = {text for text in texts if not any(pattern_of(text).search(said) for said in SAID.values())}

    assert [text for text in sorted(missing) if not text.startswith(tuple(ELSEWHERE))] == []
    assert [start for start in ELSEWHERE if not any(text.startswith(start) for text in missing)] == []


ELSEWHERE: Final[dict[str, str]] = {
    "'{0}' is not an enabled user of the desk.": "test_review_rights: delegation",
    "A promised date changes only with": "not provoked yet: a rule for administrators",
    "Clock Rule {0} has words that": "needs a rule of another version, test_clocks",
    "Departments answer with the buttons": "test_change_bypass: every way around the buttons",
    "It is your own order;": "test_reviews: own orders",
    "No review template applies": "needs a procedure without templates, which the app does not ship",
    "Order {0} changed since notice": "not provoked yet: needs two notices in turn",
    "Order {0} is paid already.": "not provoked yet: needs a second order of the customer",
    "Order {0} is your own;": "test_gates: own orders",
    "Order {0} is {1}; it takes no money": "not provoked yet: needs a second order of the customer",
    "Order {0} is {1}; its letter of credit": "not provoked yet: a finished order under a letter of credit",
    "The attachment belongs to somebody else.": "not provoked yet: needs a stranger's file",
    "The kind of change '{0}' belongs to": "not provoked yet: needs two procedures",
    "The kind of change '{0}' is disabled.": "needs a kind that an administrator switched off",
    "These fields of the request do not": "test_credit: a decided request",
    "{0} {1} at {2} are {3} {4}, not {5}.": "test_settling: money in another currency",
}
"""How texts begin that the table does not provoke, with the reason."""
