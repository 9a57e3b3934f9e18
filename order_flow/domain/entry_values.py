"""Values as people, files and other systems send them: cleaned, read exactly, or refused with the reason.

One rule for every door. What means the same is stored the same; what cannot be read for certain is refused
instead of guessed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Final

from order_flow.domain.amounts import LARGEST, ZERO
from order_flow.domain.errors import OrderFlowError

_NOT_A_NUMBER = "{field}: '{value}' is not a number. Send plain digits, e.g. 12.50."
_TOO_LARGE = "{field}: {value} is beyond {limit}. Correct the number."
_TOO_MANY_PLACES = "{field}: {value} has more than {places} decimals. Round it."
_NO_CENT_PARTS = "{field}: {value} has parts of a cent. Enter at most {places} decimals."
_NOT_A_DAY = "{field}: '{value}' is not a date. Write it as YYYY-MM-DD."
_NOT_A_MOMENT = "{field}: '{value}' is not a date. Write it as YYYY-MM-DD HH:MM:SS."
_NOT_WHOLE = "{field}: '{value}' is not a whole number."
_NOT_YES_NO = "{field}: '{value}' is neither yes nor no. Send 1 or 0."

_YES: Final = frozenset({"1", "true", "yes"})
_NO: Final = frozenset({"", "0", "false", "no"})
_LOOKS_EMPTY: Final = frozenset("\u034f\u115f\u1160\u180b\u180c\u180d\u2800\u3164\uffa0")
"""Letters and marks that show nothing, though Unicode does not call them controls."""
_JOINERS: Final = frozenset("\u200c\u200d")
"""Without them some scripts are misspelled and joined emoji fall apart; in Chinese or ASCII they hide."""
_PLAIN_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_DAY: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_MOMENT: Final = re.compile(
    _DAY.pattern
    + r"(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?",
    re.I,
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_MARKUP: Final = re.compile(r"<(?=[A-Za-z/!?])")
_BARE_TAG: Final = re.compile(r"</?([^\s<>/=\"'`!?]+)>")
_ACTIVE_TAGS: Final = frozenset(
    {
        *("applet", "audio", "base", "body", "button", "embed", "form", "frame", "frameset", "head", "html"),
        *("iframe", "img", "image", "input", "isindex", "link", "marquee", "math", "meta", "noembed"),
        *("noframes", "noscript", "object", "option", "plaintext", "script", "select", "source", "style"),
        *("svg", "table", "template", "textarea", "title", "video", "xmp"),
    }
)
"""Elements that do something, or swallow what follows, without any attribute."""


class ValueRefused(OrderFlowError):
    """A value that cannot be stored as it was sent."""

    code = "value_refused"


def clean_key(text: str) -> str:
    """A number, code or telephone as it is stored and compared: one spelling for what looks the same.

    Args:
        text: as typed; full width digits, ligatures and other compatible forms become their plain ones.

    Returns:
        NFKC without anything invisible, white space at the ends taken off, runs of it made one blank.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    plain = "".join(
        part for part in unicodedata.normalize("NFKC", text) if not _hidden(part) or part in "\t\n"
    )
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def clean_line(text: str) -> str:
    """A name, address or other text of one line: spelled as typed, nothing invisible in it."""
    return " ".join(clean_text(text).split("\n")).strip()


def clean_text(text: str) -> str:
    """Free text of any number of lines: spelled as typed, nothing invisible in it, trimmed."""
    if text.isascii() and text.isprintable():
        return text.strip()
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = (
        part
        for place, part in enumerate(unified)
        if part in "\n\t" or not _hidden(part) or _joins(unified, place)
    )
    return "".join(kept).strip()


def _hidden(part: str) -> bool:
    return unicodedata.category(part) in ("Cc", "Cf", "Cs") or part in _LOOKS_EMPTY


def _joins(text: str, place: int) -> bool:
    if text[place] not in _JOINERS or not 0 < place < len(text) - 1:
        return False
    return _joinable(text[place - 1]) and _joinable(text[place + 1])


def _joinable(part: str) -> bool:
    return not part.isascii() and not unicodedata.name(part, "").startswith("CJK")


def carries_markup(text: str) -> bool:
    """Tell whether a browser could take the text for more than words.

    ``<A座>`` and ``<VIP>`` are words, also ``a < b``. An element with attributes, one that acts by itself, a
    comment or an unfinished tag is markup.
    """
    for found in _MARKUP.finditer(text):
        tag = _BARE_TAG.match(text, found.start())
        if tag is None or tag[1].lower() in _ACTIVE_TAGS:
            return True
    return False


def exact_number(value: object, field: object, places: int) -> Decimal:
    """A number that its column holds exactly.

    Args:
        value: int, float, text or Decimal; None and an empty text count as zero.
        field: what it is, for the refusal.
        places: decimals of the column.

    Returns:
        A finite decimal of at most ``LARGEST``, either sign.

    Raises:
        ValueRefused: no number, more decimals, or too large.
    """
    if value is None or value == "":
        return ZERO
    text = _digits(value)
    if isinstance(value, bool) or not _PLAIN_NUMBER.fullmatch(text):
        raise ValueRefused(_NOT_A_NUMBER, {"field": field, "value": _shown(value)})
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueRefused(_NOT_A_NUMBER, {"field": field, "value": _shown(value)}) from error
    if abs(number) > LARGEST:
        raise ValueRefused(_TOO_LARGE, {"field": field, "value": _shown(value), "limit": LARGEST})
    if number != round(number, places):
        template = _NO_CENT_PARTS if places == 2 else _TOO_MANY_PLACES
        raise ValueRefused(template, {"field": field, "value": text, "places": places})
    return number


def _digits(value: object) -> str:
    if isinstance(value, str):
        return unicodedata.normalize("NFKC", value).strip()
    # A float carries 15 digits; what is behind them comes from adding in binary, e.g. 0.1 + 0.2.
    return format(value, ".15g") if isinstance(value, float) else str(value)


def whole_number(value: object, field: object) -> int:
    """A whole number; None and an empty text count as zero.

    Raises:
        ValueRefused: anything else, or too large.
    """
    try:
        return int(exact_number(value, field, 0))
    except ValueRefused as error:
        raise ValueRefused(_NOT_WHOLE, {"field": field, "value": _shown(value)}) from error


def yes_no(value: object, field: object) -> bool:
    """A mark that is set or not; None counts as not.

    Raises:
        ValueRefused: no such word.
    """
    word = "" if value is None else str(value).strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    if word in ("1.0", "0.0"):
        return word == "1.0"
    raise ValueRefused(_NOT_YES_NO, {"field": field, "value": _shown(value)})


def read_day(value: object, field: object) -> date:
    """A day of the calendar.

    Args:
        value: a date, a moment (its day), or text such as ``2026-11-22`` or ``2026/11/22``.
        field: what it is, for the refusal.

    Raises:
        ValueRefused: not written in full, or no such day.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    moment = parse_moment(value)
    if moment is None:
        raise ValueRefused(_NOT_A_DAY, {"field": field, "value": _shown(value)})
    return moment.date()


def read_moment(value: object, field: object, zone: tzinfo) -> datetime:
    """A date and time of a place's wall clock.

    Args:
        value: a moment, a date (its midnight), or text such as ``2026-11-22 18:30:00``. With an offset
            (``Z``, ``+08:00``) it is converted to the place; without one it is the place's own time.
        field: what it is, for the refusal.
        zone: the place's zone.

    Returns:
        The moment without a zone.

    Raises:
        ValueRefused: not written in full, or no such moment.
    """
    moment: datetime | None
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime.combine(value, time())
    else:
        moment = parse_moment(value)
    if moment is None:
        raise ValueRefused(_NOT_A_MOMENT, {"field": field, "value": _shown(value)})
    return moment if moment.tzinfo is None else moment.astimezone(zone).replace(tzinfo=None)


def parse_moment(value: object) -> datetime | None:
    """A moment written in full, aware where it has an offset; None where it is anything else."""
    text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    found = _MOMENT.fullmatch(text)
    if not found or not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        return None
    year, month, day = int(found[1]), int(found[3]), int(found[4])
    hour, minute, second = (int(found[place] or 0) for place in (5, 6, 7))
    micros = int((found[8] or "0").ljust(6, "0")[:6])
    try:
        moment = datetime(year, month, day, hour, minute, second, micros)
        offset = (found[9] or "").upper().replace("Z", "+00:00")
        return datetime.fromisoformat(f"{moment.isoformat()}{offset}") if offset else moment
    except ValueError:
        return None


def _shown(value: object) -> str:
    return str(value)[:60]
