"""What WDT's refusals mean for the caller (wdt-openapi 1.4) and the per-order errors of a push (2.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote_plus

from order_flow.integrations.errors import (
    IntegrationError,
    Misconfigured,
    RateLimited,
    Rejected,
    Transient,
)

URL_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
NO_REASON = "WDT gave no reason"
NOT_WAITING_ANY_MORE = "非待同步状态"
"""Part of the answer to a repeated acknowledgement: the first one did its work (wdt-openapi 2.5)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: matches by code or by a part of the message, whatever its case."""

    kind: type[IntegrationError]
    advice: str
    codes: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()

    def matches(self, code: str, message: str) -> bool:
        """Whether this row is about such an answer; ``message`` in lower case."""
        return code in self.codes or any(part in message for part in self.texts)


RULES: tuple[Rule, ...] = (
    Rule(
        RateLimited,
        "The account rests before the next call.",
        texts=("超过每分钟最大调用频率限制", "超过每分钟最大并发次数限制"),
    ),
    Rule(
        Misconfigured,
        "Ask WDT to grant the interface, the shop or the warehouse to this interface account.",
        texts=("权限不足", "无仓库访问权限"),
    ),
    Rule(
        Misconfigured,
        "Check sid, appkey and appsecret of the account, and this machine's clock.",
        codes=frozenset({"2030", "2060", "2100"}),
        texts=("签名", "验证失败", "sign error", "app auth fail", "appkey", "sid is not", "timestamp"),
    ),
    Rule(
        Misconfigured,
        "Have the interface account enabled, or its balance settled, by WDT.",
        codes=frozenset({"1007", "1060"}),
    ),
    Rule(
        Misconfigured,
        "Check the shop number of the account: the shop must exist, be enabled and be an own shop.",
        codes=frozenset({"2310"}),
    ),
    Rule(
        Transient,
        "It is tried again later.",
        codes=frozenset({"1012", "1013", "1020", "1030", "1040", "1200", "1610"}),
    ),
)
"""First match wins; anything else is a refusal of the content."""


def refusal(endpoint: str, code: str, message: str, rest: float) -> IntegrationError:
    """Class of a refused call.

    Args:
        endpoint: name of the call.
        code: WDT's code, not "0".
        message: WDT's text.
        rest: seconds the account rests after a rate limit.

    Returns:
        The error to raise; its message says what to do next.
    """
    reason = readable(message) or NO_REASON
    label = f"{endpoint}: WDT refused (code {code}): {reason}."
    for rule in RULES:
        if rule.matches(code, reason.lower()):
            wait = rest if rule.kind is RateLimited else None
            return rule.kind(f"{label} {rule.advice}", code=code, retry_after=wait)
    return Rejected(f"{label} Correct the content and send it again.", code=code)


def readable(message: str) -> str:
    """A message as a person can read it: URL-encoded text is decoded."""
    return unquote_plus(message).strip() if URL_ENCODED.search(message) else message.strip()


def errors_by_order(message: str, tids: Iterable[str]) -> dict[str, str]:
    """Read the per-order errors out of the ``message`` of a push.

    The message is plain text or a JSON list of ``{"tid":, "error":}``, as a whole or its errors possibly
    URL-encoded. Entries about orders that were not sent are ignored.

    Args:
        message: what WDT answered.
        tids: the orders that were sent.

    Returns:
        Reason by tid; empty where the message names no order of ours.
    """
    entries = _json_list(message) or _json_list(readable(message))
    sent = set(tids)
    return {
        str(entry["tid"]): readable(str(entry.get("error") or "")) or NO_REASON
        for entry in entries
        if isinstance(entry, dict) and str(entry.get("tid")) in sent
    }


def _json_list(message: str) -> list[object]:
    try:
        value = json.loads(message)
    except ValueError:
        return []
    return value if isinstance(value, list) else []
