"""The table of the points of style: what is measured, against which target, and whether it is held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from dev.style import measures
from dev.style.sources import Checkout


class Bound(Enum):
    """On which side of its target a number should be."""

    AT_MOST = "<="
    AT_LEAST = ">="


class Verdict(Enum):
    """How a number compares with its target."""

    KEPT = "kept"
    BROKEN = "BROKEN"
    OPEN = "open"
    NO_TARGET = ""


@dataclass(frozen=True)
class Target:
    """A bound for a number.

    Args:
        bound: the side.
        limit: the number itself is still good.
        held: the code meets it today, so that missing it is a failure; otherwise it is an aim.
    """

    bound: Bound
    limit: float
    held: bool = True

    def is_met(self, value: float) -> bool:
        """Compare a number with the bound, as exactly as it is shown."""
        shown = round(value, DECIMALS)
        return shown <= self.limit if self.bound is Bound.AT_MOST else shown >= self.limit

    def __str__(self) -> str:
        return f"{self.bound.value} {number(self.limit)}"


@dataclass(frozen=True)
class Point:
    """One row of the table."""

    label: str
    measure: Callable[[Checkout], float]
    target: Target | None = None

    def judge(self, checkout: Checkout) -> Row:
        """Measure a checkout and compare with the target."""
        value = self.measure(checkout)
        if self.target is None:
            return Row(self, value, Verdict.NO_TARGET)
        if self.target.is_met(value):
            return Row(self, value, Verdict.KEPT)
        return Row(self, value, Verdict.BROKEN if self.target.held else Verdict.OPEN)


@dataclass(frozen=True)
class Row:
    """A point with what was measured."""

    point: Point
    value: float
    verdict: Verdict


DECIMALS: Final = 2


def number(value: float) -> str:
    """A number for the table: no needless decimals, thousands apart."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.{DECIMALS}f}"


def at_most(limit: float, *, held: bool = True) -> Target:
    """A number that should not grow beyond a limit."""
    return Target(Bound.AT_MOST, limit, held)


def at_least(limit: float, *, held: bool = True) -> Target:
    """A number that should not fall below a limit."""
    return Target(Bound.AT_LEAST, limit, held)


# Turn an aim into a held target (leave out `held=False`) as soon as the code meets it.
POINTS: Final[Sequence[Point]] = (
    Point("Python files of the app", measures.app_files),
    Point("lines of the app", measures.app_lines),
    Point("longest file, lines", measures.largest_file, at_most(400)),
    Point("longest JavaScript file, lines", measures.largest_script, at_most(400)),
    Point("most modules in one folder", measures.modules_in_a_folder, at_most(20)),
    Point("function, median lines", measures.function_median, at_most(10)),
    Point("function, 90th percentile", measures.function_p90, at_most(20)),
    Point("function, longest", measures.function_max, at_most(60)),
    Point("controller, median lines", measures.controller_median, at_most(30)),
    Point("controller, longest", measures.controller_max, at_most(200)),
    Point("app lines without Frappe, %", measures.without_framework, at_least(35)),
    Point("public functions with docstring, %", measures.documented, at_least(98)),
    Point("public functions annotated, %", measures.annotated, at_least(99)),
    Point("app lines under mypy --strict, %", measures.strictly_typed, at_least(100)),
    Point("arguments typed as Any", measures.any_arguments, at_most(0, held=False)),
    Point("docstrings that open with a question, %", measures.question_docstrings, at_most(2)),
    Point("test lines per app line", measures.test_lines, at_least(0.8)),
    Point("except clauses per 1,000 lines", measures.excepts, at_most(3.5)),
    Point("except without an error", measures.bare_excepts, at_most(0)),
    Point("except Exception", measures.broad_excepts, at_most(20)),
    Point("states compared as text", measures.state_literals, at_most(0)),
    Point("REST endpoints", measures.endpoint_count),
    Point("endpoints typed, %", measures.typed_endpoints, at_least(100)),
    Point("endpoints bound to a verb, %", measures.verb_bound_endpoints, at_least(100)),
    Point("raw SQL per 1,000 lines", measures.raw_sql, at_most(0.8, held=False)),
    Point("ignore_permissions per 1,000 lines", measures.ignored_permissions, at_most(1.5)),
)
