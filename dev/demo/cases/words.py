"""The two languages of a story, taken from the app's own translations, and how a message is recognised."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from dev.demo.cases.script import Text

TRANSLATIONS: Final = Path(__file__).parents[3] / "order_flow" / "translations" / "zh.csv"
_PLACE: Final = re.compile(r"\{[^{}]*\}")
_SPACE: Final = re.compile(r"\s+")


class Language(StrEnum):
    """What a story is told in; the value is what the site is asked for."""

    ENGLISH = "en"
    CHINESE = "zh"

    @classmethod
    def of_environment(cls, value: str) -> Language:
        """The language that ``LANG`` names, e.g. ``zh_CN.UTF-8``; English for all but Chinese."""
        return cls.CHINESE if value.lower().startswith("zh") else cls.ENGLISH


class Words:
    """Says things in the story's language.

    Args:
        language: the story's.
        chinese: the app's Chinese texts by their English ones.
    """

    def __init__(self, language: Language, chinese: Mapping[str, str]) -> None:
        self.language = language
        self._chinese = chinese

    @classmethod
    def load(cls, language: Language) -> Words:
        """With the translations of this checkout."""
        with TRANSLATIONS.open(encoding="utf-8", newline="") as file:
            return cls(language, {row[0]: row[1] for row in csv.reader(file) if len(row) >= 2})

    def text(self, text: Text) -> str:
        """Words of the story."""
        return text.zh if self.language is Language.CHINESE else text.en

    def term(self, english: str) -> str:
        """A word of the app: in Chinese, or in English with the Chinese term behind it."""
        chinese = self._chinese.get(english, "")
        if self.language is Language.CHINESE:
            return chinese or english
        return f"{english} {chinese}" if chinese and chinese != english else english

    def pattern(self, beginning: str) -> re.Pattern[str]:
        """How a message of the app looks in the story's language, whatever stands in its places.

        Args:
            beginning: how the English text begins.

        Raises:
            LookupError: the app has no such text.
        """
        known = [english for english in self._chinese if english.startswith(beginning)]
        if not known:
            raise LookupError(f"no text of the app begins with '{beginning}'")
        chinese = self.language is Language.CHINESE
        return re.compile("|".join(_as_pattern(self._chinese[text] if chinese else text) for text in known))

    def says(self, said: str, beginning: str) -> bool:
        """Whether an answer of the site contains a message."""
        return bool(self.pattern(beginning).search(_SPACE.sub(" ", said)))


def _as_pattern(text: str) -> str:
    parts = _PLACE.split(_SPACE.sub(" ", text))
    return ".*?".join(map(re.escape, parts))
