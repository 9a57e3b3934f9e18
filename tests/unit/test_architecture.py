"""The map for newcomers names functions, files and tests that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.unit.test_requirements import kept, names

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = ("docs/architecture.md", "CONTRIBUTING.md")
FENCED: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
QUOTED: Final = re.compile(r"`([^`]+)`")
NAME: Final = re.compile(r"@?(\w+)")
PATH: Final = re.compile(r"[\w./-]*[./][\w./-]+")
OF_OTHERS: Final = frozenset(
    {".bench/", ".bench/tools/bin/pre-commit", "Decimal", "Message", "NAME", "ignore_permissions", "utils.py"}
)
"""Words in code type that are no names of ours, or names of what may not be."""


def unknown_names(text: str, known: frozenset[str], files: frozenset[str]) -> list[str]:
    """Quoted names and paths of a page that are nowhere; commands and sentences in quotes are left alone."""
    wrong = []
    for quoted in QUOTED.findall(FENCED.sub("", text)):
        if match := NAME.fullmatch(quoted):
            if match[1] not in known | OF_OTHERS:
                wrong.append(quoted)
        elif (
            PATH.fullmatch(quoted)
            and quoted not in OF_OTHERS
            and not any(_fits(file, quoted) for file in files)
        ):
            wrong.append(quoted)
    return wrong


def _fits(file: str, quoted: str) -> bool:
    return f"/{file}".endswith(f"/{quoted}") or f"/{file}".find(f"/{quoted.rstrip('/')}/") >= 0


def all_files() -> frozenset[str]:
    """Every kept file below the root."""
    return frozenset(path.relative_to(ROOT).as_posix() for path in kept("*"))


@pytest.mark.parametrize("page", PAGES)
def test_every_name_of_the_map_exists(page: str) -> None:
    folders = {part for file in all_files() for part in Path(file).parts[:-1]}
    members = frozenset(
        word
        for path in kept("order_flow/*.py")
        for word in re.findall(r"^    ([A-Z][A-Z0-9_]+) = ", path.read_text(encoding="utf-8"), re.MULTILINE)
    )
    text = (ROOT / page).read_text(encoding="utf-8")
    assert unknown_names(text, names() | members | folders, all_files()) == []


def test_a_name_that_is_gone_is_found() -> None:
    text = "`there` and `gone`, `a/b.py` and `a/c.py`, `make check`, `@there`\n```\n`gone`\n```\n"
    assert unknown_names(text, frozenset({"there"}), frozenset({"a/b.py"})) == ["gone", "a/c.py"]
