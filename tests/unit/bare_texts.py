"""Finds words for people in the code that no table of translations could reach.

A job has no reader: what it stores in English stays English for whoever reads it later. So a text of several
words is written inside ``Message()`` (translated where it is stored) or ``_()`` (translated at once), in
every module but the domain's, whose sentences ``translatable.sentences`` collects as they are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from tests.unit.repository.translatable import APP

NOT_FOR_READERS: Final = ("domain", "patches", "defaults")
"""Folders whose texts are collected as they are, have no reader, or are the data of shipped profiles."""
_TRANSLATED: Final = {"_", "Message"}
_FOR_DEVELOPERS: Final = {
    "AssertionError", "NotImplementedError", "RuntimeError", "TimeoutError", "TypeError", "ValueError",
    "LeaseLost", "OutsideTransactionRequired", "UnknownAction", "UnknownPort", "UnknownStream",
    "critical", "debug", "error", "exception", "info", "log_error", "warning", "compile",
}  # fmt: skip
"""What speaks to whoever runs or changes the app: mistakes of code, and the logs."""
_STORED_AS_GIVEN: Final = {"add_comment"}
"""Functions that store their texts as they are, however short: (kind of comment, text)."""
_LEAST_WORDS: Final = 4
_PLACE: Final = "{}"
_WORD: Final = re.compile(r"\(?[A-Za-z][A-Za-z'\u2019-]*[.,;:!?)]*")
_LETTERS: Final = re.compile(r"[A-Za-z]")
_NAME: Final = re.compile(r"(?:[A-Z0-9][\w'\u2019-]*|of|on|by|to|in|for|and|the)")
_SQL: Final = re.compile(
    r"\s*(select|insert|update|delete|with|alter|create|drop|from|left|join|where|order by)\b.*"
    r"|\s*(set|when|and|or)\b.*|name, creation, .*|.* RETURNING name"
    r"|.*\b(asc|desc|null|varchar|lock in share mode)\b.*",
    re.IGNORECASE | re.DOTALL,
)


class Bare(NamedTuple):
    """A text of several words outside ``_()`` and ``Message()``; what is filled in is shown as ``{}``."""

    line: int
    text: str


def bare_texts(source: str) -> Iterator[Bare]:
    """Every such text of one module; docstrings, SQL, names and developers' errors are none."""
    tree = ast.parse(source)
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    stored: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign):
            # The choices of a field, whose words are collected from the DocType.
            passed |= {id(part) for part in ast.walk(node.annotation)}
        elif isinstance(node, ast.Call):
            if _name(node.func) in _TRANSLATED | _FOR_DEVELOPERS:
                passed |= {id(part) for part in ast.walk(node)}
            elif _name(node.func) in _STORED_AS_GIVEN:
                stored |= {id(argument) for argument in node.args[1:]}
        elif isinstance(node, ast.JoinedStr):
            passed |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        text = _text(node)
        if not text or id(node) in passed or not _LETTERS.search(text):
            continue
        if id(node) in stored or _is_said(text):
            yield Bare(node.lineno, text)  # type: ignore[attr-defined]


def bare_texts_of_the_app() -> dict[str, set[str]]:
    """All bare texts, each with the modules that have it."""
    found: dict[str, set[str]] = {}
    for path in sorted(APP.rglob("*.py")):
        place = path.relative_to(APP)
        if place.parts[0] not in NOT_FOR_READERS:
            for bare in bare_texts(path.read_text(encoding="utf-8")):
                found.setdefault(bare.text, set()).add(place.as_posix())
    return found


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else _PLACE for part in node.values)
    return ""


def _is_said(text: str) -> bool:
    """Whether a text reads as something said to somebody: words, and neither SQL nor the name of a thing."""
    tokens = re.sub(r"\{[a-z_0-9]*\}", _PLACE, text).split()
    words = [token for token in tokens if _WORD.fullmatch(token)]
    readable = [token for token in tokens if _PLACE in token or token in words]
    enough = len(tokens) >= _LEAST_WORDS or (len(tokens) > 1 and text[-1] in ".!?")
    return (
        enough
        and len(words) * 2 > len(tokens)
        and len(readable) >= len(tokens) * 0.8
        and not _SQL.fullmatch(text)
        and not all(_NAME.fullmatch(token) for token in tokens)
    )


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
