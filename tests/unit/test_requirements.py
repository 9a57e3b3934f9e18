"""docs/requirements.md explains every number that is cited, and names places that exist."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "docs" / "requirements.md"
CITING: Final = ("*.py", "*.md", "*.js", "*.mjs", "*.json", "*.csv", "*.html", "*.css", "*.yaml")
SAMPLES: Final = frozenset({"R-999"})
"""Numbers that tests make up."""

NUMBER: Final = re.compile(r"\b(?:(R)-(\d{3})|(K)-(\d{2}))(?!\d)(?:(?: to |-|\.\.)(?:R|K)-(\d{2,3})(?!\d))?")
ROW: Final = re.compile(r"^\| ([RK]-\d+) \| (.+?) \| (.+?) \| ?(.*?) ?\|$", re.MULTILINE)
DEFINED: Final = re.compile(r"^ *(?:async def|def|class) (\w+)|^([A-Z][A-Z_]+)\b *[:=]", re.MULTILINE)
STATUS: Final = re.compile(r"^(built|in part: .+|not built(: .+)?|background)$")
NEEDS_NO_PLACE: Final = ("not built", "background")


@dataclass(frozen=True)
class Row:
    """A row of the page."""

    number: str
    sentence: str
    status: str
    places: tuple[str, ...]


def cited(text: str) -> Iterator[str]:
    """Numbers that a text cites; "R-001 to R-003" and "R-001..R-003" cite what lies between too."""
    for match in NUMBER.finditer(text):
        kind, first = (match[1], match[2]) if match[1] else (match[3], match[4])
        for number in range(int(first), int(match[5] or first) + 1):
            yield f"{kind}-{number:0{len(first)}d}"


def kept(*patterns: str) -> list[Path]:
    """Files that are, or are about to be, kept."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).exists()]


def rows_of(text: str) -> list[Row]:
    """The rows of the page."""
    return [
        Row(number, sentence, status, tuple(re.findall(r"`([^`]+)`", places)))
        for number, sentence, status, places in ROW.findall(text)
    ]


@cache
def page() -> list[Row]:
    """The page as it is."""
    return rows_of(PAGE.read_text(encoding="utf-8"))


@cache
def names() -> frozenset[str]:
    """Functions, classes and constants of the app and its tests, and the names of DocTypes and reports."""
    found = {
        one or other
        for path in kept("order_flow/*.py", "tests/*.py", "dev/*.py")
        for one, other in DEFINED.findall(path.read_text(encoding="utf-8"))
    }
    standard = kept("order_flow/order_flow/doctype/*.json", "order_flow/order_flow/report/*.json")
    return frozenset(found | {path.stem.replace("_", " ").title() for path in standard})


def test_every_cited_number_is_explained() -> None:
    known = {row.number for row in page()} | SAMPLES
    unknown: dict[str, list[str]] = {}
    for path in kept(*CITING):
        if path != PAGE:
            for number in set(cited(path.read_text(encoding="utf-8"))) - known:
                unknown.setdefault(number, []).append(str(path.relative_to(ROOT)))
    assert unknown == {}, "give each a row in docs/requirements.md"


def test_every_number_has_one_row_in_sequence() -> None:
    numbers = [row.number for row in page()]
    assert numbers == sorted(set(numbers), key=lambda number: (number[0] == "K", number))
    assert [row.number for row in page() if not STATUS.match(row.status)] == []


def missing_places(rows: Iterable[Row], known: frozenset[str]) -> list[str]:
    """Rows whose place is missing, or is nowhere."""
    wrong = [f"{row.number}: {place}" for row in rows for place in row.places if place not in known]
    bare = [row.number for row in rows if not row.places and not row.status.startswith(NEEDS_NO_PLACE)]
    return [*wrong, *bare]


def test_every_place_exists() -> None:
    assert missing_places(page(), names()) == []


def test_a_place_that_is_gone_is_found() -> None:
    rows = rows_of(
        "| R-001 | A. | built | `there`, `gone` |\n| R-002 | B. | built | |\n| R-003 | C. | not built | |\n"
    )
    assert missing_places(rows, frozenset({"there"})) == ["R-001: gone", "R-002"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ship it (R-020, K-06).", ["R-020", "K-06"]),
        ("stages (R-267 to R-269)", ["R-267", "R-268", "R-269"]),
        ("(R-153..R-155)", ["R-153", "R-154", "R-155"]),
        ("the rules R-224-N and R-237-C", ["R-224", "R-237"]),
        ("SO-0123, R-12, R-1234", []),
    ],
)
def test_numbers_are_read_from_texts(text: str, found: list[str]) -> None:
    assert list(cited(text)) == found
