"""What all endpoints share in the description: ways to log in, the shape of a refusal, its statuses.

What is only words or shapes stands in ``shared.json``; it is for the makers of programs, in English.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from order_flow.api.errors.codes import MEANINGS, ErrorCode

JSON: Final = "application/json"

REFUSALS: Final[Mapping[str, str]] = {
    "401": "NoLogin",
    "403": "NotPermitted",
    "404": "NotFound",
    "409": "Conflict",
    "417": "Refused",
}
"""Names of the shared answers by status, for callers with a login."""
REFUSALS_OF_GUESTS: Final[Mapping[str, str]] = {
    "403": "NotPermitted",
    "404": "NotFound",
    "409": "Conflict",
    "417": "Refused",
    "429": "TooManyCalls",
}
REFUSAL: Final[Mapping[str, Any]] = {JSON: {"schema": {"$ref": "#/components/schemas/Refusal"}}}
"""The content of each refusal."""

_SAID_BY: Final[Mapping[str, tuple[ErrorCode, ...]]] = {
    "NoLogin": (ErrorCode.NO_LOGIN,),
    "NotPermitted": (ErrorCode.NOT_PERMITTED,),
    "NotFound": (ErrorCode.NOT_FOUND,),
    "Conflict": (ErrorCode.DIFFERS, ErrorCode.EXISTS, ErrorCode.OVERTAKEN),
    "Refused": (ErrorCode.REFUSED, ErrorCode.ARGUMENTS, ErrorCode.BODY),
    "TooManyCalls": (ErrorCode.TOO_MANY_CALLS,),
}


def written_by_hand() -> dict[str, Any]:
    """Give the words and shapes that come from no function."""
    text = Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def components(words: Mapping[str, Any]) -> dict[str, Any]:
    """Give the parts that the endpoints refer to.

    Args:
        words: of ``written_by_hand``.
    """
    codes = {"type": "string", "enum": [code.value for code in ErrorCode]}
    return {
        "schemas": {**words["schemas"], "ErrorCode": codes},
        "responses": {name: _refusal(said) for name, said in _SAID_BY.items()},
        "securitySchemes": words["securitySchemes"],
    }


def _refusal(codes: tuple[ErrorCode, ...]) -> dict[str, Any]:
    return {
        "description": " ".join(f"`{code.value}`: {MEANINGS[code]}" for code in codes),
        "content": REFUSAL,
    }
