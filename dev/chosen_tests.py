"""What `make test ONLY=...` means: paths, options of pytest, and capabilities by the name of their folders.

ONLY="money goods" takes every folder `money` and `goods` below tests/ and, from the other folders, the files
whose names begin with `test_money` and `test_goods`. From the first option on (`-x`, `-k due`) words go to
pytest as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from dev.errors import HostError

WORD: Final = re.compile(r"[a-z][a-z0-9_]*")
TESTS: Final = "tests"


def chosen_arguments(words: Sequence[str], root: Path) -> list[str]:
    """Put paths in the place of capabilities.

    Args:
        words: what was asked for.
        root: the checkout.

    Returns:
        The arguments for pytest.

    Raises:
        HostError: a word is neither a path nor the name of a capability.
    """
    first_option = next((place for place, word in enumerate(words) if word.startswith("-")), len(words))
    chosen = [path for word in words[:first_option] for path in _paths(word, root)]
    return [*chosen, *words[first_option:]]


def _paths(word: str, root: Path) -> list[str]:
    if not WORD.fullmatch(word) or (root / word).exists():
        return [word]
    folders = [path for path in _folders(root) if path.name == word]
    files = [
        path
        for path in sorted((root / TESTS).rglob(f"test_{word}*.py"))
        if re.fullmatch(rf"test_{word}(_\w+)?\.py", path.name) and not set(folders) & set(path.parents)
    ]
    if not folders and not files:
        known = ", ".join(sorted({path.name for path in _folders(root)}))
        raise HostError(
            f"There are no tests of '{word}'.",
            "It is neither a path nor a folder below tests/ nor the beginning of a test file's name.",
            f"Name a path or one of: {known}.",
        )
    return [str(path.relative_to(root)) for path in (*folders, *files)]


def _folders(root: Path) -> Iterator[Path]:
    """Folders that hold tests."""
    for path in sorted((root / TESTS).rglob("*/")):
        if any(path.glob("test_*.py")):
            yield path
