"""The signature of openapi2 and the texts that keep it unambiguous (wdt-openapi 1.2)."""

from __future__ import annotations

import hashlib
import json

SIGN = "sign"
LAST_THREE_BYTE_CHARACTER = 0xFFFF


def sign(params: dict[str, str], secret: str) -> str:
    """Sign the parameters of one call.

    Lengths are counted in characters, as the vendor's own sample does; names and values are taken as they
    are before URL encoding. A parameter called ``sign`` is left out.

    Args:
        params: every parameter that is posted, common and business.
        secret: the account's appsecret, which itself is never posted.

    Returns:
        32 lower-case hexadecimal digits.
    """
    packed = ";".join(
        f"{len(name):02d}-{name}:{len(params[name]):04d}-{params[name]}"
        for name in sorted(params)
        if name != SIGN
    )
    return hashlib.md5((packed + secret).encode(), usedforsecurity=False).hexdigest()


def ascii_json(value: object) -> str:
    """Serialise to JSON that is pure ASCII, so that characters, bytes and UTF-16 units are all the same."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def plain_text(text: str) -> str:
    """Take out what the far side's database or signature cannot bear.

    Four-byte characters (emoji) and lone surrogates go; control characters, line breaks among them,
    become spaces; outer blanks are trimmed.
    """
    kept = (
        " " if ord(character) < ord(" ") or character == "\x7f" else character
        for character in text
        if ord(character) <= LAST_THREE_BYTE_CHARACTER and not "\ud800" <= character <= "\udfff"
    )
    return "".join(kept).strip()
