"""Tells in which encoding a Chinese CSV file was written; the file itself does not say."""

from __future__ import annotations

from typing import Final

_MARKED: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_EVERYDAY: Final = {"gb18030": "gb2312", "big5hkscs": "big5"}
"""Encodings of spreadsheets, each with the smaller one that has its everyday characters."""
_COMMON_BIG5: Final = 0xC67E
"""Big5 has its everyday characters up to here; behind are rare ones."""
_LIKELY: Final = 0.9


def decoded(content: bytes) -> str | None:
    """The text of a file.

    Args:
        content: the file's bytes.

    Returns:
        Its text; None where no encoding gives one that people would write.
    """
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return _try(content, encoding)
    text = _try(content, "utf-8")
    if text is not None:
        return text
    # Bytes of one are often valid in the other, as characters that nobody uses.
    texts = {encoding: _try(content, encoding) for encoding in _EVERYDAY}
    share, best = max((_everyday(text, encoding), encoding) for encoding, text in texts.items())
    return texts[best] if share >= _LIKELY else None


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _everyday(text: str | None, encoding: str) -> float:
    """Share of everyday characters among those that are not ASCII; 0 where there is no text."""
    foreign = [part for part in text or "" if not part.isascii()]
    if not foreign:
        return 0.0
    return sum(_is_everyday(part, encoding) for part in foreign) / len(foreign)


def _is_everyday(part: str, encoding: str) -> bool:
    try:
        code = part.encode(_EVERYDAY[encoding])
    except UnicodeEncodeError:
        return part in "\u3000￥·—…“”‘’（），。：；！？"
    return encoding != "big5hkscs" or int.from_bytes(code) <= _COMMON_BIG5
