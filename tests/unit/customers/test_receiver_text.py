"""A pasted receiver is split into the fields of an order, and what is not certain is said (R-041)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.customers.divisions import leading_divisions
from order_flow.domain.customers.receiver_text import Receiver, read_receiver

ZHUHAI = ("广东省", "珠海市", "香洲区")


def place(receiver: Receiver) -> tuple[str, str, str]:
    return receiver.province, receiver.city, receiver.district


@pytest.mark.parametrize(
    "text",
    [
        "王先生 13912345678 广东省珠海市香洲区迎宾南路1号",
        "广东省珠海市香洲区迎宾南路1号 王先生 13912345678",
        "王先生13912345678广东省珠海市香洲区迎宾南路1号",
        "王先生，139-1234-5678，广东珠海香洲区迎宾南路1号",
        "收货人：王先生\n手机号码: +86 139 1234 5678\n所在地区：广东省 珠海市 香洲区\n详细地址：迎宾南路1号",
        "王先生 １３９１２３４５６７８ 广东省/珠海市/香洲区 迎宾南路1号",
        "珠海市香洲区迎宾南路1号，王先生，13912345678",
        "王先生广东省珠海市香洲区迎宾南路1号13912345678",
        "姓名:王先生 电话:13912345678 地址:广东省珠海市香洲迎宾南路1号",
    ],
)
def test_one_receiver_in_many_spellings(text: str) -> None:
    receiver = read_receiver(text)
    assert (receiver.contact_person, receiver.mobile) == ("王先生", "13912345678")
    assert place(receiver) == ZHUHAI
    assert receiver.address_line == "迎宾南路1号"
    assert receiver.doubts == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("李四 13812345678 上海市浦东新区世纪大道100号", ("上海市", "上海市", "浦东新区")),
        ("李四 13812345678 上海市上海市浦东新区世纪大道100号", ("上海市", "上海市", "浦东新区")),
        ("李四 13812345678 北京市市辖区朝阳区建国路1号", ("北京市", "北京市", "朝阳区")),
        ("李四 13812345678 广东省东莞市长安镇振安路8号", ("广东省", "东莞市", "")),
        ("李四 13812345678 内蒙古赤峰市阿鲁科尔沁旗天山镇1号", ("内蒙古自治区", "赤峰市", "阿鲁科尔沁旗")),
        ("李四 13812345678 新疆石河子市北三路1号", ("新疆维吾尔自治区", "石河子市", "")),
        ("李四 13812345678 江苏省昆山市前进东路1号", ("江苏省", "苏州市", "昆山市")),
    ],
)
def test_kinds_of_divisions(text: str, expected: tuple[str, str, str]) -> None:
    receiver = read_receiver(text)
    assert place(receiver) == expected
    assert receiver.doubts == ()


def test_further_numbers_and_the_postal_code_are_kept() -> None:
    receiver = read_receiver("王先生 13912345678 0756-8888888转12 519000 广东省珠海市香洲区迎宾南路1号")
    assert (receiver.mobile, receiver.phone) == ("13912345678", "0756-8888888-12")
    assert receiver.postal_code == "519000"


def test_a_number_behind_another_is_said() -> None:
    receiver = read_receiver("王先生 18412345678-1234 广东省珠海市香洲区迎宾南路1号")
    assert receiver.mobile == "18412345678-1234"
    assert [str(doubt) for doubt in receiver.doubts] == ["18412345678-1234 is no plain mobile number."]


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("13912345678 广东省珠海市香洲区迎宾南路1号", "No name was found."),
        ("王先生 广东省珠海市香洲区迎宾南路1号", "No telephone number was found."),
        (
            "王先生 13912345678 香洲迎宾南路1号",
            "No province or city was recognised at the beginning of the address.",
        ),
        ("王先生 13912345678 广东省香江市迎宾南路1号", "No city of 广东省 was recognised."),
        ("王先生 13912345678 广东省珠海市迎宾南路1号", "No district of 珠海市 was recognised."),
        ("王先生 13912345678 广东省珠海市香洲区", "No street was found."),
        (
            "王先生 13912345678 张三 广东省珠海市香洲区迎宾南路1号",
            "'王先生' was taken for the name. Please compare.",
        ),
    ],
)
def test_what_is_not_certain_is_said(text: str, doubt: str) -> None:
    assert [str(said) for said in read_receiver(text).doubts] == [doubt]


def test_a_second_name_is_not_dropped() -> None:
    receiver = read_receiver("王先生 13912345678 广东省珠海市香洲区迎宾南路1号 华发商都")
    assert receiver.address_line == "迎宾南路1号 华发商都"


def test_no_division_at_the_beginning() -> None:
    assert leading_divisions("迎宾南路1号") is None


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    read_receiver(text)
