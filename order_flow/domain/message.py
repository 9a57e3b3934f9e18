"""Sentences for people that are written by code which knows no language: translated where they are stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Message(str):
    """A sentence with numbered places. As a plain text it is English; ``in_words`` gives it translated.

    Args:
        template: the English sentence with places ``{0}``, ``{1}``; a row of the translation tables.
        values: what fills the places; a ``Message`` among them is translated as well.
    """

    template: str
    values: tuple[object, ...]

    def __new__(cls, template: str, *values: object) -> Message:
        """Fill the places in English."""
        message = super().__new__(cls, template.format(*values))
        message.template = template
        message.values = values
        return message

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle as the sentence that it is."""
        return (Message, (self.template, *self.values))

    def in_words(self, translate: Callable[[str], str]) -> str:
        """The sentence in another language.

        Args:
            translate: gives the row of a table for an English text.
        """
        return translate(self.template).format(*(in_words(value, translate) for value in self.values))


def in_words(value: object, translate: Callable[[str], str]) -> object:
    """A ``Message`` translated; anything else as it is."""
    return value.in_words(translate) if isinstance(value, Message) else value


def joined(messages: list[str]) -> str:
    """Several sentences as one text that is still translatable."""
    if len(messages) == 1:
        return messages[0]
    return Message(" ".join(f"{{{place}}}" for place in range(len(messages))), *messages)
