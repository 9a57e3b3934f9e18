"""docs/interfaces has every section that code and tests cite, and names settings that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.unit.test_requirements import kept

ROOT: Final = Path(__file__).resolve().parents[2]
NOTES: Final = ROOT / "docs" / "interfaces"
CITATION: Final = r"{name}-openapi ((?:\d{{1,2}}(?:\.\d+)?\b(?:, | and | to | - )?)+)"
SECTION: Final = re.compile(r"^(?:#+ |- \*\*)(\d+(?:\.\d+)?)\b", re.MULTILINE)
CODE_NAME: Final = re.compile(r"`([a-z]+(?:_[a-z]+)+|[A-Z]\w+[a-z]\w*|[A-Z_]{4,})`")
NOT_USED: Final = frozenset({"sales_refund_push", "refund_query", "vip_trade_modify"})
"""Calls that the notes name because the app leaves them alone."""
FAR_SIDES: Final = ("wdt", "u8")


def code_of(name: str) -> str:
    """Client, simulator and account document of a far side."""
    places = (
        f"order_flow/integrations/{name}/*.py",
        f"simulators/{name}/*.py",
        f"order_flow/order_flow/doctype/{name}_account/*",
    )
    return "\n".join(path.read_text(encoding="utf-8") for path in kept(*places))


def cited_sections(name: str, text: str) -> set[str]:
    """Sections of one interface's notes that a text cites."""
    found = re.findall(CITATION.format(name=name), text)
    return {number for numbers in found for number in re.findall(r"\d+(?:\.\d+)?", numbers)}


@pytest.mark.parametrize("name", FAR_SIDES)
def test_every_cited_section_exists(name: str) -> None:
    sections = set(SECTION.findall((NOTES / f"{name}.md").read_text(encoding="utf-8")))
    missing: dict[str, list[str]] = {}
    for path in kept("*.py", "*.md"):
        for number in cited_sections(name, path.read_text(encoding="utf-8")) - sections:
            missing.setdefault(number, []).append(str(path.relative_to(ROOT)))
    assert missing == {}


@pytest.mark.parametrize("name", FAR_SIDES)
def test_every_name_of_the_notes_is_known_to_the_code(name: str) -> None:
    """Settings, classes and fields that the notes name stand in the client or in its simulator."""
    code = code_of(name)
    named = set(CODE_NAME.findall((NOTES / f"{name}.md").read_text(encoding="utf-8")))
    assert sorted(word for word in named - NOT_USED if not re.search(rf"\b{word}\b", code)) == []


def test_citations_are_read() -> None:
    text = "a shop (wdt-openapi 2.1, 2.5) and wdt-openapi 3; u8-openapi 1.5 - 1.7."
    assert cited_sections("wdt", text) == {"2.1", "2.5", "3"}
    assert cited_sections("u8", text) == {"1.5", "1.7"}
