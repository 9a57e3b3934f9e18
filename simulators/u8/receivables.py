"""Rules of oughtreceive and accept beyond their field tables (u8-openapi 3.6, 3.7)."""

from decimal import Decimal
from typing import Final

from simulators.u8.amounts import rounded
from simulators.u8.contract import AMOUNT_DECIMALS
from simulators.u8.records import Record, decimal_of
from simulators.u8.refusal import eai

_BLUE: Final = "1"
_CREDIT: Final = "0"
_DEBIT: Final = "1"
_RECEIVABLE: Final = "0"


def complete_receivable(key: str, head: Record, lines: list[Record]) -> tuple[Record, list[Record]]:
    """Receivable with its defaults: blue head, credit lines, rate 1.

    The local amounts of the lines, credit against debit, make the head amount; the published example adds
    30000 (foreign 3000 x 10) and 9000 to 39000.

    Raises:
        Refusal: 20005 when the sums differ, an amount is not positive or customers are mixed.
    """
    lines = [{"bdebitcredit": _CREDIT, "currency_rate": "1", **line} for line in lines]
    for number, line in enumerate(lines, start=1):
        _check_customer(key, head["cust_vendor_code"], line["cust_vendor_code"], "cust_vendor_code", number)
        _check_local_amount(key, line, number)
        line.setdefault("amount", line["natamount"])
    total = abs(sum((_signed(line) for line in lines), Decimal(0)))
    head = {"bdebitcredit": _BLUE, "natamount": head["amount"], **head}
    for name in ("amount", "natamount"):
        _check_total(key, head, name, total)
    return head, lines


def complete_receipt(key: str, head: Record, lines: list[Record]) -> tuple[Record, list[Record]]:
    """Receipt or payment with its defaults: receivable lines, original amounts equal to local ones.

    Raises:
        Refusal: 20005 when the sums differ, an amount is not positive or customers are mixed.
    """
    lines = [{"type": _RECEIVABLE, "originalamount": line["amount"], **line} for line in lines]
    for number, line in enumerate(lines, start=1):
        _check_customer(key, head["customercode"], line["customercode"], "customercode", number)
        _check_positive(key, line, "amount", f"第{number}行")
    head = {"originalamount": head["amount"], **head}
    for name in ("amount", "originalamount"):
        _check_total(key, head, name, sum((decimal_of(line, name) for line in lines), Decimal(0)))
    return head, lines


def _signed(line: Record) -> Decimal:
    amount = decimal_of(line, "natamount")
    return -amount if line["bdebitcredit"] == _DEBIT else amount


def _check_local_amount(key: str, line: Record, number: int) -> None:
    _check_positive(key, line, "natamount", f"第{number}行")
    if "amount" in line:
        local = rounded(decimal_of(line, "amount") * decimal_of(line, "currency_rate"), AMOUNT_DECIMALS)
        if local != decimal_of(line, "natamount"):
            raise eai(key, f"第{number}行本币金额应等于原币金额乘汇率,(natamount)")


def _check_customer(key: str, head: str, line: str, name: str, number: int) -> None:
    if head != line:
        raise eai(key, f"第{number}行客户与表头客户不一致,({name})")


def _check_positive(key: str, record: Record, name: str, where: str) -> None:
    if decimal_of(record, name) <= 0:
        raise eai(key, f"{where}金额必须大于零,({name})")


def _check_total(key: str, head: Record, name: str, total: Decimal) -> None:
    _check_positive(key, head, name, "表头")
    if decimal_of(head, name) != total:
        raise eai(key, f"表头金额{head[name]}与表体合计{total}不一致,({name})")
