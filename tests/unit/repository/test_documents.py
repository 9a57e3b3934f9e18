"""The documents lead where they say: files, headings, pictures, commands (issue 2, section 5)."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pytest

ROOT: Final = Path(__file__).resolve().parents[3]
LINK: Final = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
OUTSIDE: Final = re.compile(r"^[a-z]+:")
FENCED: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
MAKE: Final = re.compile(r"`(?:[A-Z_]+=\S+ )*make ([a-z]+)`")
LARGEST_PICTURE_BYTES: Final = 250_000


def documents() -> list[Path]:
    """Every Markdown file that is, or is about to be, kept."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in sorted(listed.stdout.splitlines()) if (path := ROOT / name).exists()]


def slugs(text: str) -> set[str]:
    """Anchors of a document's headings, as the usual readers make them."""
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(FENCED.sub("", text)))
    return {heading.strip().replace(" ", "-") for heading in kept}


def broken_links(document: Path) -> list[str]:
    """Targets inside the repository that do not exist."""
    broken = []
    for target in LINK.findall(FENCED.sub("", document.read_text(encoding="utf-8"))):
        if OUTSIDE.match(target):
            continue
        name, _, anchor = unquote(target).partition("#")
        file = document.parent / name if name else document
        if not file.exists() or (
            anchor and file.suffix == ".md" and anchor not in slugs(file.read_text(encoding="utf-8"))
        ):
            broken.append(target)
    return broken


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document: Path) -> None:
    assert broken_links(document) == []


def test_a_link_to_nothing_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# What is there\n", encoding="utf-8")
    document = tmp_path / "a.md"
    document.write_text(
        "[a](there.md#what-is-there) [b](gone.md) [c](there.md#gone) ![d](gone.png) [e](https://example.com)\n"
        "```\n[f](in-a-command.md)\n```\n",
        encoding="utf-8",
    )
    assert broken_links(document) == ["gone.md", "there.md#gone", "gone.png"]


def test_every_command_of_the_documents_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE).group(1).split())  # type: ignore[union-attr]
    named = {name for path in documents() for name in MAKE.findall(path.read_text(encoding="utf-8"))}
    assert named
    assert named <= targets


IN_BOTH_LANGUAGES: Final = ("README", "docs/demo", "docs/install", "docs/rest", "docs/roles")
PAGE_LINES: Final = 75
"""A README that fits on one screen of a wide window, tables included."""


@pytest.mark.parametrize("page", IN_BOTH_LANGUAGES)
def test_both_languages_have_the_same_chapters_and_commands(page: str) -> None:
    """The Chinese page says the same: as many headings, and the same commands."""
    english, chinese = (
        (ROOT / name).read_text(encoding="utf-8") for name in (f"{page}.md", f"{page}.zh-CN.md")
    )
    assert len(HEADING.findall(FENCED.sub("", english))) == len(HEADING.findall(FENCED.sub("", chinese)))
    without_notes = re.compile(r"\s*#[^\n]*")
    assert [without_notes.sub("", block) for block in FENCED.findall(english)] == [
        without_notes.sub("", block) for block in FENCED.findall(chinese)
    ]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_is_short(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= PAGE_LINES


def test_every_command_of_the_host_is_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE).group(1).split())  # type: ignore[union-attr]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert targets == set(MAKE.findall(readme)) | set(re.findall(r"`make ([a-z]+) [A-Z]+=", readme))


@pytest.mark.parametrize("picture", sorted((ROOT / "docs" / "pictures").glob("*.png")), ids=lambda p: p.name)
def test_pictures_are_small(picture: Path) -> None:
    assert picture.stat().st_size <= LARGEST_PICTURE_BYTES


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text(encoding="utf-8")
    decisions = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert decisions
    assert [name for name in decisions if f"({name})" not in index] == []
