"""The stable key of a money fact: what makes a repeated push recognisable (u8-openapi 1.4, 6).

``S-<order>`` is an order's sale order, ``R-<order>`` its receivable, ``P-<payment>`` one receipt. The same
fact always has the same key, computed from nothing but its identity; it goes out as biz_id and stands in a
user-defined field (20 characters in U8) and in the memo or digest. An id that does not fit, or has characters
U8 cannot search for, is replaced by its tail and a digest of the whole.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

from order_flow.integrations.u8.port import KEY_LENGTH, U8DocumentKind

_LETTER: Mapping[U8DocumentKind, str] = {
    U8DocumentKind.SALE_ORDER: "S",
    U8DocumentKind.RECEIVABLE: "R",
    U8DocumentKind.RECEIPT: "P",
}
LETTERS = "".join(_LETTER.values())
"""What a key of ours can begin with."""
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]")
_DIGEST_LENGTH = 12
_TAIL_LENGTH = KEY_LENGTH - _DIGEST_LENGTH - 3


def document_key(kind: U8DocumentKind, identity: str) -> str:
    """The key of a document.

    Args:
        kind: which document.
        identity: the order's or the payment's own id, unique on this site.

    Returns:
        At most ``KEY_LENGTH`` characters out of letters, digits, dash and underscore.
    """
    readable = f"{_LETTER[kind]}-{identity}"
    if len(readable) <= KEY_LENGTH and _PLAIN.fullmatch(identity):
        return readable
    digest = base64.b32encode(hashlib.sha256(identity.encode()).digest()).decode()[:_DIGEST_LENGTH]
    tail = _NOT_PLAIN.sub("", identity)[-_TAIL_LENGTH:]
    return "-".join(part for part in (_LETTER[kind], tail, digest) if part)


def identity_of(key: str) -> str:
    """The order or payment that a readable key names; empty for any other."""
    letter, dash, identity = key.partition("-")
    return identity if dash and letter in _LETTER.values() else ""


def carries_key(text: str, key: str) -> bool:
    """Whether a memo or digest contains the key as a word of its own, not as the start of a longer one."""
    return re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", text) is not None
