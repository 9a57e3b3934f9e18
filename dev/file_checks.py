"""Checks of every tracked file that need no language tool. Usage: python -m dev.file_checks FILE..."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

MAX_BYTES: Final = 600_000
MERGE_MARKS: Final = ("<<<<<<< ", ">>>>>>> ")
# Text whose trailing blanks mean something.
TRAILING_BLANKS_ALLOWED: Final = frozenset({".csv", ".svg", ".patch"})
PARSERS: Final[dict[str, Callable[[str], Any]]] = {
    ".json": json.loads,
    ".toml": tomllib.loads,
    ".yaml": yaml.safe_load,
    ".yml": yaml.safe_load,
}


def problems(path: Path) -> Iterator[str]:
    """Everything that is wrong with one file, each as "path[:line]: what"."""
    content = path.read_bytes()
    if len(content) > MAX_BYTES:
        yield f"{path}: {len(content)} bytes, at most {MAX_BYTES} belong into the repository"
    if b"\0" in content:
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        yield f"{path}: not UTF-8 ({error.reason} at byte {error.start})"
        return
    if text and not text.endswith("\n"):
        yield f"{path}: no newline at the end"
    yield from _line_problems(path, text)
    yield from _syntax_problems(path, text)


def _line_problems(path: Path, text: str) -> Iterator[str]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.endswith("\r"):
            yield f"{path}:{number}: Windows line end"
        if line != line.rstrip() and path.suffix not in TRAILING_BLANKS_ALLOWED:
            yield f"{path}:{number}: trailing blanks"
        if line.startswith(MERGE_MARKS):
            yield f"{path}:{number}: merge mark"


def _syntax_problems(path: Path, text: str) -> Iterator[str]:
    parse = PARSERS.get(path.suffix)
    if parse is None:
        return
    try:
        parse(text)
    except (ValueError, yaml.YAMLError) as error:
        yield f"{path}: {error}"


def main(arguments: Sequence[str]) -> int:
    """Print the problems of the named files; 1 when there are any."""
    found = [problem for name in arguments for problem in problems(Path(name))]
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
