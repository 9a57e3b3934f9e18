"""A receiver as people paste him: ``王先生 139 0000 0000 广东省珠海市香洲区迎宾路1号`` in any sequence.

Each part that is not certain comes back as a doubt beside what was read; nothing of the text is dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from order_flow.domain.customers.divisions import Found, leading_divisions
from order_flow.domain.entry_values import clean_key
from order_flow.domain.message import Message

_LABELS: Final = re.compile(
    r"(收货人|收件人|联系人|姓名|手机号码|手机号|手机|联系电话|电话号码|电话|收货地址|收件地址|详细地址|所在地区|地区|地址"
    r"|邮政编码|邮编|聯絡人|聯繫人|電話|手機|郵編|name|tel|phone|mobile|address)\s*[:：]",
    re.IGNORECASE,
)
_MOBILE: Final = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)(?:[-转轉](\d{1,6}))?"
)
_PHONE: Final = re.compile(
    r"(?<!\d)(0\d{2,3})[- ]?(\d{7,8})(?!\d)(?:[-转轉](\d{1,6}))?|(?<!\d)(400)-?(\d{3})-?(\d{4})(?!\d)"
)
_POSTAL_CODE: Final = re.compile(r"(?<![\d-])\d{6}(?![\d-])")
_BETWEEN: Final = re.compile(r"[\s,;，；、|]+")
_NAME: Final = re.compile(r"[\u4e00-\u9fff·]{2,6}|[A-Za-z][A-Za-z .'-]{1,30}")
_OF_AN_ADDRESS: Final = re.compile(r"\d|[路街巷弄号號楼樓栋棟幢室层層村镇鎮乡鄉园園区區厦廈座]")
_LONGEST_NAME: Final = 6


@dataclass(frozen=True, slots=True)
class Receiver:
    """What was read.

    Args:
        contact_person: name, "" where none was found; so for the others.
        mobile: eleven digits, with an extension behind a hyphen where one was given.
        phone: a further number.
        province, city, district: full names of the list of divisions.
        address_line: what follows them.
        postal_code: six digits.
        doubts: what is missing or not certain.
    """

    contact_person: str = ""
    mobile: str = ""
    phone: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    address_line: str = ""
    postal_code: str = ""
    doubts: tuple[Message, ...] = ()


def read_receiver(text: str) -> Receiver:
    """Split a pasted receiver into its fields.

    Args:
        text: one or more lines, in any sequence, with or without labels.
    """
    left = _LABELS.sub(" ", clean_key(text.replace("\n", " ")))
    mobiles, left = _numbers(_MOBILE, left)
    phones, left = _numbers(_PHONE, left)
    codes, left = _taken(_POSTAL_CODE, left)
    numbers = [*mobiles, *("-".join(part for part in phone.split("-") if part) for phone in phones)]
    name, found, line, unsure = _name_and_place([part for part in _BETWEEN.split(left) if part])
    receiver = Receiver(
        contact_person=name,
        mobile=numbers[0] if numbers else "",
        phone=", ".join(numbers[1:]),
        province=found.province if found else "",
        city=found.city if found else "",
        district=found.district if found else "",
        address_line=line,
        postal_code=codes[0] if codes else "",
    )
    doubts = tuple(_doubts(receiver, found, unsure))
    return Receiver(
        **{name: getattr(receiver, name) for name in Receiver.__slots__ if name != "doubts"}, doubts=doubts
    )


def _numbers(pattern: re.Pattern[str], text: str) -> tuple[list[str], str]:
    found = []
    for hit in pattern.finditer(text):
        parts = [part for part in hit.groups() if part]
        if pattern is _MOBILE:
            mobile, extension = "".join(parts[:3]), parts[3:]
            found.append("-".join([mobile, *extension]))
        else:
            found.append("-".join(parts))
    return found, pattern.sub(" ", text)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[list[str], str]:
    return pattern.findall(text), pattern.sub(" ", text, count=1)


def _name_and_place(parts: list[str]) -> tuple[str, Found | None, str, bool]:
    """Name, divisions, line of the address, and whether the name is a guess among several."""
    names: list[str] = []
    lines: list[str] = []
    found: Found | None = None
    rest = list(parts)
    while rest:
        begun = None if found else _begins_address(rest)
        if begun:
            before, found, used = begun
            names += [before] if before else []
            lines += [found.rest] if found.rest else []
            rest = rest[used:]
            continue
        part = rest.pop(0)
        is_name = _NAME.fullmatch(part) and not _OF_AN_ADDRESS.search(part)
        (names if is_name else lines).append(part)
    name = names[0] if names else ""
    return name, found, " ".join([*lines, *names[1:]]), len(names) > 1


def _begins_address(parts: list[str]) -> tuple[str, Found, int] | None:
    """Divisions at the head of the parts, over as many parts as they are written in."""
    first = parts[0]
    for start in range(min(_LONGEST_NAME, max(len(first) - 2, 0)) + 1):
        if leading_divisions(first[start:]) is None:
            continue
        used, text = 1, first[start:]
        found = leading_divisions(text)
        assert found is not None
        # 广东省 珠海市 香洲区 written apart: as long as the next part is a division, it belongs to them.
        while used < len(parts) and not found.rest and not found.district:
            longer = leading_divisions(f"{text} {parts[used]}")
            if longer is None or (longer.city, longer.district) == (found.city, found.district):
                break
            text, found, used = f"{text} {parts[used]}", longer, used + 1
        return first[:start], found, used
    return None


def _doubts(receiver: Receiver, found: Found | None, unsure_name: bool) -> list[Message]:
    doubts = []
    if not receiver.contact_person:
        doubts.append(Message("No name was found."))
    elif unsure_name:
        doubts.append(Message("'{0}' was taken for the name. Please compare.", receiver.contact_person))
    if not receiver.mobile:
        doubts.append(Message("No telephone number was found."))
    elif not re.fullmatch(r"1\d{10}", receiver.mobile):
        doubts.append(Message("{0} is no plain mobile number.", receiver.mobile))
    if not receiver.province:
        doubts.append(Message("No province or city was recognised at the beginning of the address."))
    elif not receiver.city:
        doubts.append(Message("No city of {0} was recognised.", receiver.province))
    elif found and found.has_districts and not receiver.district:
        doubts.append(Message("No district of {0} was recognised.", receiver.city))
    if not receiver.address_line:
        doubts.append(Message("No street was found."))
    return doubts
