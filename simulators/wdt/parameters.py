"""Reading of business parameters: paging, windows, lists (wdt-openapi 1.1, 1.5)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from simulators.core import CHINA
from simulators.wdt.codes import ZERO_TIME, Code
from simulators.wdt.refusal import Refusal

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
MAX_SHOP_NOS = 20


def parse_time(text: str, name: str) -> datetime:
    """A China-time parameter.

    Raises:
        Refusal: it is not ``YYYY-MM-DD HH:mm:ss``.
    """
    try:
        moment = datetime.strptime(text, TIME_FORMAT).replace(tzinfo=CHINA)
    except ValueError:
        moment = None
    if moment is None or time_text(moment) != text:
        raise Refusal(Code.BAD_VALUE, f"{name}:无效的时间格式,应为YYYY-MM-DD HH:mm:ss")
    return moment


def time_text(moment: datetime | None) -> str:
    """A moment as the interface writes it; None is the zero date."""
    return ZERO_TIME if moment is None else moment.astimezone(CHINA).strftime(TIME_FORMAT)


def integer(parameters: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    """A whole number between low and high.

    Raises:
        Refusal: it is something else.
    """
    text = parameters.get(name, "")
    if text == "":
        return default
    if not text.lstrip("-").isascii() or not text.lstrip("-").isdigit() or not low <= int(text) <= high:
        raise Refusal(Code.BAD_VALUE, f"{name}:无效的值,应为{low}到{high}之间的整数")
    return int(text)


def required(parameters: Mapping[str, str], name: str) -> str:
    """A parameter that must be there and not be empty.

    Raises:
        Refusal: it is not.
    """
    value = parameters.get(name, "")
    if value == "":
        raise Refusal(Code.BAD_INPUT, f"{name}不可为空")
    return value


def json_list(parameters: Mapping[str, str], name: str) -> list[object]:
    """A JSON array in one form field; numbers keep their decimals exactly.

    Raises:
        Refusal: missing, not JSON, or not an array.
    """
    try:
        value = json.loads(required(parameters, name), parse_float=Decimal)
    except ValueError as error:
        raise Refusal(Code.BAD_INPUT, f"{name}:json格式错误 {error}") from error
    if not isinstance(value, list):
        raise Refusal(Code.BAD_INPUT, f"{name}:应为json数组")
    return value


@dataclass(frozen=True)
class Page:
    """One page of an answer.

    Args:
        number: zero-based.
        size: rows per page, 1..100.
    """

    number: int
    size: int

    @classmethod
    def read(cls, parameters: Mapping[str, str], default_size: int = 40) -> "Page":
        """Read page_no and page_size; refuses what is outside their range."""
        number = integer(parameters, "page_no", 0, 0, 10**9)
        return cls(number, integer(parameters, "page_size", default_size, 1, 100))


@dataclass(frozen=True)
class Window:
    """A closed time interval, both ends as interface text."""

    start: str
    end: str

    @classmethod
    def read(cls, parameters: Mapping[str, str], longest: timedelta) -> "Window":
        """Read start_time and end_time.

        Raises:
            Refusal: one is missing or malformed, they are reversed, or the window is too long.
        """
        texts = [parameters.get(name, "") for name in ("start_time", "end_time")]
        if "" in texts:
            raise Refusal(Code.NO_RANGE, "时间条件和单号条件不可同时为空,需要start_time和end_time")
        start, end = parse_time(texts[0], "start_time"), parse_time(texts[1], "end_time")
        if end < start:
            raise Refusal(Code.BAD_VALUE, "end_time不可早于start_time")
        if end - start > longest:
            raise Refusal(Code.BAD_VALUE, f"时间间隔过大,最大支持{int(longest.total_seconds() // 60)}分钟")
        return cls(texts[0], texts[1])


def shop_filter(parameters: Mapping[str, str]) -> list[str]:
    """Shops named by shop_no or shop_nos; empty for all.

    Raises:
        Refusal: more than 20 shops.
    """
    names = [name for name in parameters.get("shop_nos", "").split(",") if name]
    if len(names) > MAX_SHOP_NOS:
        raise Refusal(Code.BAD_VALUE, f"shop_nos最多{MAX_SHOP_NOS}个店铺")
    single = parameters.get("shop_no", "")
    return [single] if single else names
