"""Refusals: errors travel as an envelope with HTTP 200 (u8-openapi 1.6, 1.7)."""

from simulators.u8.contract import AssumedCode, ErrorCode


class Refusal(Exception):
    """The far side says no.

    Args:
        code: a published code, or an assumed one that the settings may translate.
        message: ``errmsg`` as the caller sees it.
    """

    def __init__(self, code: ErrorCode | AssumedCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def eai(document_key: str, text: str) -> Refusal:
    """20005: EAI rejected the document; ``text`` names the field or rule (u8-openapi 1.7)."""
    return Refusal(ErrorCode.EAI, f"U8 服务调用失败:key='{document_key}';{text};")


def no_match(title: str) -> Refusal:
    """20002: nothing found is an error, not an empty list (u8-openapi 1.6)."""
    return Refusal(ErrorCode.NO_MATCH, f"未检索到匹配的[{title}]")


def running() -> Refusal:
    """30025: an add with the same key is still being carried out (u8-openapi 1.4)."""
    return Refusal(ErrorCode.RUNNING, "操作正在执行")


def platform_fault() -> Refusal:
    """10001: the cloud platform itself fails; only waiting helps (u8-openapi 1.7)."""
    return Refusal(ErrorCode.PLATFORM, "平台错误")


def parameter(text: str) -> Refusal:
    """Bad or missing query parameter or body; the code is assumed (u8-openapi 7.2)."""
    return Refusal(AssumedCode.PARAMETER, text)


def permission(text: str) -> Refusal:
    """Unknown app, wrong secret or an enterprise that granted nothing; the code is assumed."""
    return Refusal(AssumedCode.PERMISSION, text)


def token_invalid() -> Refusal:
    """Token missing, expired or never issued; the code is assumed (u8-openapi 7.2)."""
    return Refusal(AssumedCode.TOKEN, "token无效或已过期")


def duplicate_key(key: str) -> Refusal:
    """The key was already used by a finished add; the code is assumed (u8-openapi 7.1)."""
    return Refusal(AssumedCode.DUPLICATE_KEY, f"交易号或业务号[{key}]已被使用")
