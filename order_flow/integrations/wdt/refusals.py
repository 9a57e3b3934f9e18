"""What WDT's refusals mean for the caller (wdt-openapi 1.4) and the per-order errors of a push (2.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote_plus

from order_flow.domain.message import Message
from order_flow.integrations.errors import (
    IntegrationError,
    Misconfigured,
    RateLimited,
    Rejected,
    Transient,
)

URL_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
NO_REASON = Message("WDT gave no reason")
NOT_WAITING_ANY_MORE = "非待同步状态"
"""Part of the answer to a repeated acknowledgement: the first one did its work (wdt-openapi 2.5)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: matches by code or by a part of the message, whatever its case.

    Args:
        kind: class of the error.
        advice: what to do.
        codes: codes that mean this whatever the message says.
        texts: parts of the message in lower case. An order's own words stand in messages too ("商品 签名笔
            不存在"), so each part is a phrase that nobody writes into an order.
    """

    kind: type[IntegrationError]
    advice: Message
    codes: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()

    def matches(self, code: str, message: str) -> bool:
        """Tell whether this row is about such an answer; ``message`` in lower case."""
        return code in self.codes or any(part in message for part in self.texts)


RULES: tuple[Rule, ...] = (
    Rule(
        RateLimited,
        Message("The account rests before the next call."),
        texts=("超过每分钟最大调用频率限制", "超过每分钟最大并发次数限制", "调用频率限制", "并发次数限制"),
    ),
    Rule(
        Misconfigured,
        Message("Ask WDT to grant the interface, the shop or the warehouse to this interface account."),
        texts=("权限不足", "无仓库访问权限", "没有接口权限", "未授权"),
    ),
    Rule(
        Misconfigured,
        Message("Have the address of this site's server entered in WDT's list of allowed addresses."),
        codes=frozenset({"6"}),
        texts=("ip限制", "ip白名单", "不在白名单"),
    ),
    Rule(
        Misconfigured,
        Message("Switch the one-time password off for this interface account in WDT."),
        codes=frozenset({"3"}),
        texts=("需要动态口令",),
    ),
    Rule(
        Misconfigured,
        Message("Set this machine's clock: WDT takes five minutes of difference at most."),
        codes=frozenset({"7"}),
        texts=("时间戳错误", "时间戳过期", "时间戳无效", "timestamp无效", "timestamp验证失败"),
    ),
    Rule(
        Misconfigured,
        Message("Check sid, appkey and appsecret of the account, and this machine's clock."),
        codes=frozenset({"2030", "2060", "2100"}),
        texts=(
            "签名错误",
            "签名验证失败",
            "签名不正确",
            "验证失败",
            "sign error",
            "app auth fail",
            "appkey",
            "sid is not",
            "timestamp",
        ),
    ),
    Rule(
        Misconfigured,
        Message("Have the interface account enabled, or its balance settled, by WDT."),
        codes=frozenset({"1007", "1060"}),
        texts=("账户欠费", "余额不足"),
    ),
    Rule(
        Misconfigured,
        Message("Check the shop number of the account: the shop must exist, be enabled and be an own shop."),
        codes=frozenset({"2310"}),
        texts=(
            "店铺编号不存在",
            "店铺不存在",
            "店铺平台不是自有平台",
            "店铺编号全部错误",
            "不存在或已停用",
        ),
    ),
    Rule(
        Transient,
        Message("WDT's database failed. It is tried again later."),
        codes=frozenset({"4", "5"}),
        texts=("数据库错误",),
    ),
    Rule(
        Transient,
        Message("It is tried again later. If it stays so, this machine's clock is ahead of WDT's: set it."),
        texts=("下单时间非法",),
    ),
    Rule(
        Transient,
        Message("It is tried again later."),
        codes=frozenset({"1012", "1013", "1020", "1030", "1040", "1200", "1610"}),
        texts=("请稍后再试", "系统繁忙"),
    ),
)
"""First match wins; anything else is a refusal of the content. The codes 3 to 7 and the texts about shop and
order time are from the table of errors that the vendor publishes for its flagship edition."""


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
    label = Message("{0}: WDT refused (code {1}): {2}.", endpoint, code, reason)
    for rule in RULES:
        if rule.matches(code, reason.lower()):
            wait = rest if rule.kind is RateLimited else None
            return rule.kind(Message("{0} {1}", label, rule.advice), code=code, retry_after=wait)
    advice = Message("Correct the content and send it again.")
    return Rejected(Message("{0} {1}", label, advice), code=code)


def readable(message: str) -> str:
    """A message as a person can read it: URL-encoded text is decoded."""
    return unquote_plus(message).strip() if URL_ENCODED.search(message) else message.strip()


def errors_by_order(message: str, tids: Iterable[str]) -> dict[str, str]:
    """Read the per-order errors out of the ``message`` of a push.

    The message is plain text or a JSON list of ``{"tid":, "error":}``, as a whole or its errors possibly
    URL-encoded, and possibly cut off. Entries about orders that were not sent are ignored.

    Args:
        message: what WDT answered.
        tids: the orders that were sent.

    Returns:
        Reason by tid; empty where the message names no order of ours.
    """
    sent = list(tids)
    for text in (message, readable(message)):
        entries = _entries(text)
        found = {
            tid: readable(str(entry.get("error") or "")) or NO_REASON
            for entry in entries
            if isinstance(entry, dict) and (tid := str(entry.get("tid"))) in sent
        }
        if found or entries:
            return found
    return {}


def named_in(message: str, tids: Iterable[str]) -> dict[str, str]:
    """The orders that a refusal in plain text is about: those whose numbers stand in it.

    Args:
        message: text of a refusal.
        tids: the orders that were sent.

    Returns:
        The text by tid; empty where it names no order of ours.
    """
    text = readable(message)
    return {tid: text for tid in tids if _names(text, tid)}


def says_nothing(message: str) -> bool:
    """Tell whether the message of a push with code 0 adds nothing to it: empty, or a word for success."""
    text = readable(message).strip(" .!。\uff01").lower()
    return text in _SUCCESS or text == "[]"


def is_complete_list(message: str) -> bool:
    """Tell whether the message of a push is a whole list of per-order errors."""
    return any(isinstance(_json(text), list) for text in (message, readable(message)))


_SUCCESS = frozenset({"", "ok", "success", "成功", "操作成功", "null"})


def _names(text: str, tid: str) -> bool:
    """Tell whether a number stands in a text as a word of its own, not as the start of a longer one."""
    return re.search(rf"(?<![A-Za-z0-9_-]){re.escape(tid)}(?![A-Za-z0-9_-])", text) is not None


def _entries(message: str) -> list[object]:
    """Members of a JSON list; of a list that was cut off those before the cut."""
    value = _json(message)
    if isinstance(value, list):
        return value
    if not message.lstrip().startswith("["):
        return []
    decoder, rest, members = json.JSONDecoder(), message.lstrip()[1:].lstrip(" ,\n"), []
    while rest:
        try:
            member, end = decoder.raw_decode(rest)
        except (ValueError, RecursionError):
            break
        members.append(member)
        rest = rest[end:].lstrip(" ,\n")
    return members


def _json(message: str) -> object:
    try:
        value: object = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return value
