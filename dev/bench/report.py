"""The figures of a bench run: names, limits, the table and the file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

NAME_WIDTH: Final = 36
VALUE_WIDTH: Final = 10


@dataclass(frozen=True)
class Figure:
    """One line of the table and one key of the file.

    Args:
        name: key, e.g. "create_vs_framework".
        value: the measured value.
        remark: unit, conditions and variation, in a few words.
        limit: highest allowed value; None where there is none.
        aim: value we want to stay below; None where there is none.
    """

    name: str
    value: float
    remark: str
    limit: float | None = None
    aim: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the value is within its limit."""
        return self.limit is None or self.value <= self.limit

    def line(self) -> str:
        """The figure as a line of the table."""
        value = f"{self.value:.2f}".rstrip("0").rstrip(".")
        allowed = "" if self.limit is None else f" at most {self.limit:g}, aim {self.aim:g}:"
        verdict = "" if self.limit is None else (" ok;" if self.holds else " TOO SLOW;")
        return f"{self.name:{NAME_WIDTH}}{value:>{VALUE_WIDTH}} {allowed}{verdict} {self.remark}"


def table(figures: Iterable[Figure]) -> str:
    """All figures as text, one a line."""
    return "\n".join(figure.line() for figure in figures)


def write(path: Path, figures: Iterable[Figure], details: Mapping[str, Any]) -> None:
    """Write the figures as JSON: the values by name, then limits and remarks, then details."""
    listed = list(figures)
    content = {figure.name: round(figure.value, 3) for figure in listed} | {
        "limits": {figure.name: figure.limit for figure in listed if figure.limit is not None},
        "remarks": {figure.name: figure.remark for figure in listed},
        **details,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
