"""Field tables of trade_push and the check of one order against them (wdt-openapi 2.1)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import Enum, auto
from typing import Any

from simulators.wdt.codes import ZERO_TIME, DeliveryTerm, LineRefund, PayStatus, PushStatus
from simulators.wdt.parameters import TIME_FORMAT


class Kind(Enum):
    """Type of a field."""

    TEXT = auto()
    CODE = auto()
    MONEY = auto()
    TIME = auto()


@dataclass(frozen=True)
class Field:
    """One row of the field table.

    Args:
        name: field name.
        kind: its type.
        required: must be present (an empty text counts as absent).
        length: most characters of a TEXT.
        codes: allowed values of a CODE; empty for any whole number.
        lowest: least value of a MONEY, None for any.
    """

    name: str
    kind: Kind
    required: bool = False
    length: int = 0
    codes: frozenset[int] = frozenset()
    lowest: Decimal | None = None


def _text(name: str, length: int, required: bool = False) -> Field:
    return Field(name, Kind.TEXT, required, length)


def _code(name: str, codes: Iterable[int] = (), required: bool = False) -> Field:
    return Field(name, Kind.CODE, required, codes=frozenset(int(code) for code in codes))


def _money(name: str, lowest: int | None = 0, required: bool = True) -> Field:
    return Field(name, Kind.MONEY, required, lowest=None if lowest is None else Decimal(lowest))


def _time(name: str, required: bool = False) -> Field:
    return Field(name, Kind.TIME, required)


HEAD_FIELDS = (
    _text("tid", 40, required=True),
    _code("trade_status", PushStatus, required=True),
    _code("pay_status", PayStatus, required=True),
    _code("delivery_term", DeliveryTerm, required=True),
    _time("trade_time", required=True),
    _time("pay_time", required=True),
    _text("buyer_nick", 100, required=True),
    _text("buyer_email", 60),
    _text("pay_id", 40),
    _text("pay_account", 128),
    _text("receiver_name", 40, required=True),
    _text("receiver_province", 40),
    _text("receiver_city", 40),
    _text("receiver_district", 40),
    _text("receiver_address", 256, required=True),
    _text("receiver_mobile", 40, required=True),
    _text("receiver_telno", 40),
    _text("receiver_zip", 20),
    _code("logistics_type"),
    _code("invoice_kind", range(5)),
    _text("invoice_title", 255),
    _text("invoice_content", 255),
    _text("buyer_message", 1024),
    _text("seller_memo", 1024),
    _code("seller_flag", range(6)),
    _money("post_amount"),
    _money("cod_amount"),
    _money("ext_cod_fee"),
    _money("other_amount", lowest=None),
    _money("paid"),
    _text("warehouse_no", 40),
)
LINE_FIELDS = (
    _text("oid", 40, required=True),
    _money("num"),
    _money("price"),
    _code("status", PushStatus, required=True),
    _code("refund_status", LineRefund, required=True),
    _text("goods_id", 40, required=True),
    _text("spec_id", 40),
    _text("goods_no", 40),
    _text("spec_no", 40),
    _text("goods_name", 255, required=True),
    _text("spec_name", 100),
    _money("adjust_amount", lowest=None),
    _money("discount"),
    _money("share_discount"),
    _text("remark", 255),
    _text("cid", 40),
)
REGION_FIELDS = ("receiver_province", "receiver_city", "receiver_district")

# decimal(19,4): fifteen digits before the point, four behind it, no exponent.
MONEY_TEXT = re.compile(r"-?\d{1,15}(\.\d{1,4})?")
WHOLE_TEXT = re.compile(r"-?\d{1,9}")
FIRST_FOUR_BYTE_CHARACTER = 0x10000


class OrderError(Exception):
    """One order of a batch is refused; the text goes back under its tid."""


def check_order(order: Mapping[str, Any], statuses: frozenset[int]) -> dict[str, Any]:
    """Check one pushed order and bring its values into one form.

    Args:
        order: member of trade_list as received.
        statuses: trade_status values that are accepted.

    Returns:
        A new order: texts as str, codes as int, money as text with four decimals, lines in ``order_list``.

    Raises:
        OrderError: the first field that does not fit.
    """
    clean = _check_fields(order, HEAD_FIELDS, "")
    _check_regions(clean)
    lines = order.get("order_list")
    if lines is None:
        lines = []
    if not isinstance(lines, list):
        raise OrderError("order_list应为json数组")
    clean["order_list"] = [_check_line(line) for line in lines]
    for code in (clean["trade_status"], *(line["status"] for line in clean["order_list"])):
        if code not in statuses:
            raise OrderError(f"trade_status:无效的状态{code}")
    return clean


def _check_line(line: object) -> dict[str, Any]:
    if not isinstance(line, dict):
        raise OrderError("order_list的成员应为json对象")
    clean = _check_fields(line, LINE_FIELDS, "order_list.")
    if not clean["goods_no"] and not clean["spec_no"]:
        raise OrderError("order_list.goods_no和spec_no不可同时为空")
    if Decimal(clean["num"]) == 0:
        raise OrderError("order_list.num必须大于0")
    return clean


def _check_fields(source: Mapping[str, Any], fields: tuple[Field, ...], prefix: str) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    for field in fields:
        value = source.get(field.name)
        if value is None or value == "":
            if field.required:
                raise OrderError(f"{prefix}{field.name}不可为空")
            clean[field.name] = _absent(field)
        else:
            clean[field.name] = _CHECKS[field.kind](field, value, prefix + field.name)
    return clean


def _absent(field: Field) -> Any:
    return {Kind.TEXT: "", Kind.CODE: 0, Kind.MONEY: "0.0000", Kind.TIME: ZERO_TIME}[field.kind]


def _check_text(field: Field, value: object, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise OrderError(f"{name}:应为字符串")
    text = str(value)
    if len(text) > field.length:
        raise OrderError(f"{name}:长度超过{field.length}")
    if any(ord(character) >= FIRST_FOUR_BYTE_CHARACTER for character in text):
        raise OrderError(f"{name}:包含非法字符(表情符号)")
    return text


def _check_code(field: Field, value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int) or not WHOLE_TEXT.fullmatch(str(value)):
        raise OrderError(f"{name}:应为整数")
    number = int(value)
    if field.codes and number not in field.codes:
        raise OrderError(f"{name}:无效的值{number}")
    return number


def _check_money(field: Field, value: object, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise OrderError(f"{name}:应为数字")
    if not MONEY_TEXT.fullmatch(str(value)):
        raise OrderError(f"{name}:超出decimal(19,4)范围")
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise OrderError(f"{name}:应为数字") from error
    if field.lowest is not None and amount < field.lowest:
        raise OrderError(f"{name}:不可小于{field.lowest}")
    return f"{amount:.4f}"


def _check_time(field: Field, value: object, name: str) -> str:
    if value == ZERO_TIME:
        if field.name == "trade_time":
            raise OrderError(f"{name}不可为空")
        return ZERO_TIME
    try:
        moment = datetime.strptime(str(value), TIME_FORMAT)
    except ValueError as error:
        raise OrderError(f"{name}:无效的时间格式") from error
    if moment.strftime(TIME_FORMAT) != value:
        raise OrderError(f"{name}:无效的时间格式")
    return str(value)


_CHECKS = {
    Kind.TEXT: _check_text,
    Kind.CODE: _check_code,
    Kind.MONEY: _check_money,
    Kind.TIME: _check_time,
}


def _check_regions(order: dict[str, Any]) -> None:
    """Fill missing regions from a space-separated address; refuse when that is not possible."""
    missing = [name for name in REGION_FIELDS if not order[name]]
    if not missing:
        return
    parts = str(order["receiver_address"]).split(" ")
    if len(missing) < len(REGION_FIELDS) or len(parts) <= len(REGION_FIELDS):
        raise OrderError(f"{missing[0]}不可为空")
    order.update(zip(REGION_FIELDS, parts, strict=False))
