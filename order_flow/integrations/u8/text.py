"""What may stand in a text or a code that goes through EAI (u8-openapi 1.7, 6: special characters break it).

EAI turns the document into XML by itself. Free text is made harmless; a code with such a character is
refused, because a changed code would name something else.
"""

from __future__ import annotations

import re

from order_flow.domain.message import Message
from order_flow.integrations.errors import Rejected

_FULL_WIDTH = str.maketrans({"&": "＆", "<": "＜", ">": "＞", '"': "＂", "'": "＇", "\\": "＼", "|": "｜"})
_BLANK = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff]+")
_BEYOND_BASIC_PLANE = re.compile(r"[\U00010000-\U0010ffff\ud800-\udfff\ufffe\uffff]")
_UNSAFE_IN_CODE = re.compile(r"""[^\x21-\x7e\u4e00-\u9fff]|[&<>"'\\|;%]""")


def clean_text(text: str, limit: int) -> str:
    """Make free text safe for EAI.

    Args:
        text: what a person wrote.
        limit: longest text in characters; what is beyond is cut off, as it is free text.

    Returns:
        The text with XML's special characters in full width, runs of blanks and control characters as one
        space, and characters outside the basic plane (emoji) as 〓.
    """
    safe = _BEYOND_BASIC_PLANE.sub("〓", text.translate(_FULL_WIDTH))
    return _BLANK.sub(" ", safe).strip()[:limit].rstrip()


def checked_code(code: str, name: Message, limit: int) -> str:
    """Return a code unchanged if U8 can take it.

    Args:
        code: an archive code, e.g. a customer code.
        name: what it is, for the message.
        limit: longest code in characters.

    Raises:
        Rejected: it is empty, too long or has a character that breaks EAI.
    """
    if not code:
        raise Rejected(Message("U8 needs the {0}, but it is empty. Enter it.", name))
    if len(code) > limit:
        raise Rejected(
            Message(
                "The {0} '{1}' is longer than the {2} characters that U8 can hold. Shorten it.",
                name,
                code,
                limit,
            )
        )
    found = _UNSAFE_IN_CODE.search(code)
    if found:
        raise Rejected(
            Message(
                "The {0} '{1}' contains '{2}', which U8's import cannot read. Use letters, digits, dot "
                "and dash.",
                name,
                code,
                found.group(),
            )
        )
    return code
