"""What an answer of the platform means for the caller (u8-openapi 1.5 - 1.7).

Business errors arrive with HTTP 200, so every answer is judged by its ``errcode``, compared as text. Only
five codes are public; the rest is recognised by words of the message, and a code nobody knows is treated as
unclear rather than as a refusal, because the add behind it may have been booked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

from order_flow.domain.message import Message
from order_flow.integrations.errors import (
    IntegrationError,
    Misconfigured,
    OutcomeUnknown,
    Rejected,
    Transient,
)
from order_flow.integrations.transport import Effect


class Verdict(Enum):
    """What the platform says."""

    OK = "ok"
    NOT_FOUND = "nothing matches"
    TOKEN_REFUSED = "token refused"
    NO_ACCESS = "no access"
    CLOSED_PERIOD = "closed period"
    IN_USE = "in use by somebody else"
    RUNNING = "still running"
    PLATFORM_FAULT = "platform fault"
    REFUSED = "refused"
    UNCLEAR = "unclear"


_CODES: Mapping[str, Verdict] = MappingProxyType(
    {
        "": Verdict.OK,
        "0": Verdict.OK,
        "10001": Verdict.PLATFORM_FAULT,
        "20002": Verdict.NOT_FOUND,
        "20005": Verdict.REFUSED,
        "30025": Verdict.RUNNING,
    }
)
"""The published codes (u8-openapi 1.7); an absent or empty code counts as success in the SDK (1.5)."""

_WORDS: Mapping[Verdict, tuple[tuple[re.Pattern[str], Verdict], ...]] = MappingProxyType(
    {
        Verdict.REFUSED: (
            (re.compile(r"注册号|登录失败"), Verdict.NO_ACCESS),
            (re.compile(r"超时|timed? ?out|ASP 0251|processing the URL", re.I), Verdict.UNCLEAR),
            (re.compile(r"已经?(结账|结帐|月结)|会计期间"), Verdict.CLOSED_PERIOD),
            (re.compile(r"正在(被)?(修改|编辑|使用|操作)|被.{0,10}(锁定|占用)|其他用户"), Verdict.IN_USE),
        ),
        Verdict.UNCLEAR: (
            (
                re.compile(
                    r"(token|令牌|会话|session).{0,12}"
                    r"(无效|过期|失效|不正确|错误|不存在|超时|非法|invalid|expired|illegal|time ?out"
                    r"|not exist)"
                    r"|(无效|过期|失效|非法|错误|invalid|expired|illegal|bad).{0,4}\s?(access_?)?(token|令牌)"
                    r"|重新(获取token|登录)|登录(已|状态)?(过期|失效)",
                    re.I,
                ),
                Verdict.TOKEN_REFUSED,
            ),
            (
                re.compile(r"未授权|无权|没有权限|app_?key|app_?secret|from_account|to_account", re.I),
                Verdict.NO_ACCESS,
            ),
        ),
    }
)
"""Words that tell EAI's refusals, and unknown codes, apart (u8-openapi 1.7, 4, 7.2); first match wins."""

_NOTHING_FOUND = re.compile(
    r"未(检索|查询|查找|找)到|没有(检索|查询|查找|找)到|查询不到|查无|无(匹配|符合条件|此|该)?(的)?(数据|记录)"
    r"|没有(匹配|符合条件)?(的)?(数据|记录)|记录不存在|(结果|数据)为空"
    r"|no (matching |such )?(data|record|result)|not found",
    re.I,
)
"""Words in which a question is answered that nothing matches; the code differs from version to version."""

_EAI_FRAME = re.compile(r"^\s*U8\s*服务调用失败\s*[::]\s*key='[^']*'\s*;\s*(?P<text>.*?)\s*;?\s*$", re.S)

_ADVICE: Mapping[Verdict, tuple[Message, type[IntegrationError], type[IntegrationError]]] = MappingProxyType(
    {
        Verdict.NOT_FOUND: (Message("U8 has no such record; check the number"), Rejected, Rejected),
        Verdict.TOKEN_REFUSED: (
            Message("U8 does not accept a fresh token; it is tried again later"),
            Transient,
            Transient,
        ),
        Verdict.NO_ACCESS: (
            Message("U8 refuses access; check app key, secret, accounts and the EAI registration"),
            Misconfigured,
            Misconfigured,
        ),
        Verdict.CLOSED_PERIOD: (
            Message(
                "U8 refuses the date, its accounting period is closed or missing; finance must open it "
                "there, then send again"
            ),
            Rejected,
            Rejected,
        ),
        Verdict.IN_USE: (
            Message("U8 is busy with this record; it is tried again later"),
            Transient,
            Transient,
        ),
        Verdict.RUNNING: (
            Message(
                "U8 is still working on the same key; the document is looked up before anything is sent again"
            ),
            Transient,
            OutcomeUnknown,
        ),
        Verdict.PLATFORM_FAULT: (
            Message(
                "U8 has a platform fault, only waiting helps; a document that was sent is looked up first"
            ),
            Transient,
            OutcomeUnknown,
        ),
        Verdict.REFUSED: (
            Message("U8 refused the content; correct it and send again"),
            Rejected,
            Rejected,
        ),
        Verdict.UNCLEAR: (
            Message(
                "U8 gave an answer that no public source explains; a document that was sent is looked up "
                "first"
            ),
            Transient,
            OutcomeUnknown,
        ),
    }
)
"""Verdict to advice, error of a read, error of a call that may have had an effect."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its verdict and its fields, names in lower case (u8-openapi 2, mixed-case names)."""

    verdict: Verdict
    code: str
    text: str
    fields: Mapping[str, Any]

    def error(self, endpoint: str, effect: Effect) -> IntegrationError:
        """The error that this answer is to a caller.

        Args:
            endpoint: what was called, for the message.
            effect: whether the call may have changed something.
        """
        advice, of_read, of_write = _ADVICE[self.verdict]
        kind = of_write if effect is Effect.WRITE else of_read
        if self.code or self.text:
            return kind(
                Message("{0}: {1} ({2}: {3})", endpoint, advice, self.code, self.text), code=self.code
            )
        return kind(Message("{0}: {1}", endpoint, advice))

    def text_field(self, name: str) -> str:
        """A field as text, empty where it is missing or null."""
        return plain_text(self.fields.get(name))


@dataclass(frozen=True, slots=True)
class OwnCodes:
    """Codes of one ledger that no public source names, from the account's settings.

    Args:
        token: an access token that is not valid any more.
        nothing_found: a question that nothing matches.
    """

    token: frozenset[str] = frozenset()
    nothing_found: frozenset[str] = frozenset()


NO_CODES = OwnCodes()


def read_answer(
    payload: Mapping[str, Any], effect: Effect = Effect.WRITE, codes: OwnCodes = NO_CODES
) -> Answer:
    """Judge a decoded answer.

    Args:
        payload: the JSON object.
        effect: only a question can be answered with "nothing found" in words; the same words about a
            document that was sent name something in it that U8 does not have.
        codes: further codes, from the account's settings.
    """
    fields = lower_names(payload)
    code = plain_text(fields.get("errcode"))
    text = plain_text(fields.get("errmsg"))
    return Answer(verdict_of(code, text, effect, codes), code, eai_text(text), fields)


def verdict_of(code: str, text: str, effect: Effect = Effect.WRITE, codes: OwnCodes = NO_CODES) -> Verdict:
    """Return what an errcode and its message mean; arguments as for ``read_answer``."""
    if code in codes.token:
        return Verdict.TOKEN_REFUSED
    if code in codes.nothing_found:
        return Verdict.NOT_FOUND
    verdict = _CODES.get(code, Verdict.UNCLEAR)
    if verdict is Verdict.UNCLEAR and effect is Effect.READ and _NOTHING_FOUND.search(text):
        return Verdict.NOT_FOUND
    return next((refined for words, refined in _WORDS.get(verdict, ()) if words.search(text)), verdict)


def eai_text(text: str) -> str:
    """The part of a 20005 message that EAI wrote, without the platform's frame (u8-openapi 1.7)."""
    framed = _EAI_FRAME.match(text)
    return framed.group("text") if framed else text.strip()


def lower_names(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with its names in lower case: the platform mixes cases (u8-openapi 2)."""
    return {str(name).lower(): value for name, value in record.items()}


def plain_text(value: object) -> str:
    """A value as text; null, missing and empty are the same (u8-openapi 1.6)."""
    return "" if value is None else str(value).strip()
