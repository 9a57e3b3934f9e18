"""Sentences for people that are written by code which knows no language: translated where they are stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

_SECOND_STOP: Final = re.compile(r"(?<![.。])([.。！？!?])[.。](?![.。])")


def one_stop(text: str) -> str:
    """Take the second full stop where a value that ends with one stands at the end of a sentence."""
    return _SECOND_STOP.sub(r"\1", text)


class Message(str):
    """A sentence with places for values. As a plain text it is English; ``in_words`` gives it translated.

    Args:
        template: the English sentence with places ``{0}``, ``{1}`` or ``{name}``; a row of the translation
            tables.
        values: what fills the numbered places; a ``Message`` among them is translated as well, so a word
            of ours (a state, a reason) is given as one.
        named: what fills the named places.
    """

    template: str
    values: tuple[object, ...]
    named: dict[str, object]

    def __new__(cls, template: str, *values: object, **named: object) -> Message:
        """Fill the places in English."""
        message = super().__new__(cls, one_stop(template.format(*values, **named)))
        message.template = template
        message.values = values
        message.named = named
        return message

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle as the sentence that it is."""
        return (_again, (self.template, self.values, self.named))

    def in_words(self, translate: Callable[[str], str]) -> str:
        """The sentence in another language.

        Args:
            translate: gives the row of a table for an English text.
        """
        values = (in_words(value, translate) for value in self.values)
        named = {name: in_words(value, translate) for name, value in self.named.items()}
        return one_stop(translate(self.template).format(*values, **named))


def _again(template: str, values: tuple[object, ...], named: dict[str, object]) -> Message:
    return Message(template, *values, **named)


def in_words(value: object, translate: Callable[[str], str]) -> object:
    """A ``Message`` translated; anything else as it is."""
    return value.in_words(translate) if isinstance(value, Message) else value


def joined(texts: Sequence[str], separator: str = " ") -> Message:
    """Several texts as one; those that are messages stay translatable.

    Args:
        texts: in their order.
        separator: between them, e.g. a comma in an enumeration.
    """
    places = separator.join(f"{{{place}}}" for place in range(len(texts)))
    return Message(places, *texts)
