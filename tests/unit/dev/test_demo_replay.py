"""The verdict on real orders against too little stock can fail (issue 4)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from dev.demo.replay import Line, faults

WHOLE = Line("SO1", "CUP", Decimal(3), Decimal(3), Decimal(0), settled=False, on_hold=False)
SHORT = Line("SO2", "CUP", Decimal(4), Decimal(1), Decimal(3), settled=True, on_hold=False)
STOCK = {"CUP": Decimal(4)}


def test_lines_that_add_up_are_in_order() -> None:
    assert faults([WHOLE, SHORT], STOCK) == []
    assert faults([replace(SHORT, settled=False, on_hold=True)], STOCK) == []


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([replace(WHOLE, reserved=Decimal(2))], "2 + 0 are not 3"),
        ([replace(SHORT, settled=False)], "nobody settled it"),
        ([WHOLE, replace(SHORT, reserved=Decimal(2), short=Decimal(2))], "5 set aside of 4"),
    ],
)
def test_what_does_not_add_up_is_named(lines: list[Line], words: str) -> None:
    (fault,) = faults(lines, STOCK)
    assert words in fault
