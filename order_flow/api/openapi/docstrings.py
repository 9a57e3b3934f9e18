"""Takes a function's docstring apart, in words for callers who do not read the code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import docstring_parser

_CODE: Final = re.compile(r"``(.+?)``")
_LINES: Final = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class Words:
    """What a docstring says."""

    summary: str
    description: str
    arguments: Mapping[str, str]
    answer: str
    refusals: Mapping[str, str]
    """By the exception's class, without its module."""


def words_of(function: Callable[..., Any]) -> Words:
    """Read the docstring of a function.

    Args:
        function: with a docstring in Google's form.
    """
    read = docstring_parser.parse(function.__doc__ or "", docstring_parser.DocstringStyle.GOOGLE)
    return Words(
        summary=_plain(read.short_description),
        description=_plain(read.long_description),
        arguments={one.arg_name: _plain(one.description) for one in read.params},
        answer=_answer(read.returns),
        refusals={(one.type_name or "").rpartition(".")[2]: _plain(one.description) for one in read.raises},
    )


def _answer(returns: Any) -> str:
    """The whole sentence: what stands before a colon in it is taken for a type by the parser."""
    if returns is None:
        return ""
    parts = (part for part in (returns.type_name, returns.description) if part)
    return _plain(": ".join(parts))


def _plain(text: str | None) -> str:
    """One line, with code marked as Markdown does."""
    return _CODE.sub(r"`\1`", _LINES.sub(" ", text or "").strip())
