"""What the demo's environment variables choose: the sequence of orders, the limits of accounts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dev.demo.limits import AS_SHIPPED, QUICK, chosen_limits
from dev.demo.scenarios import SCENARIOS, Deed
from dev.demo.sequence import STORY_OF, OrderSequence, chosen_sequence
from dev.errors import HostError

DOCTYPES = Path(__file__).parents[3] / "order_flow" / "order_flow" / "doctype"


def shipped_default(doctype: str, fieldname: str) -> int:
    """The default of a field as a new document has it."""
    fields = json.loads((DOCTYPES / doctype / f"{doctype}.json").read_text(encoding="utf-8"))["fields"]
    return int(next(field["default"] for field in fields if field["fieldname"] == fieldname))


def test_the_shipped_limits_are_those_of_a_new_account() -> None:
    """LIMITS=shipped writes what a company that changes nothing has."""
    for name, value in (AS_SHIPPED.both | AS_SHIPPED.wdt).items():
        assert shipped_default("wdt_account", name) == value, name
    for name, value in (AS_SHIPPED.both | AS_SHIPPED.u8).items():
        assert shipped_default("u8_account", name) == value, name


def test_both_limits_write_the_same_fields() -> None:
    """A demo after another one leaves nothing of the other's limits in the accounts."""
    for part in ("both", "wdt", "u8"):
        assert set(getattr(QUICK, part)) == set(getattr(AS_SHIPPED, part))


def test_limits_are_chosen_by_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIMITS", raising=False)
    assert chosen_limits() is QUICK
    monkeypatch.setenv("LIMITS", "shipped")
    assert chosen_limits() is AS_SHIPPED
    monkeypatch.setenv("LIMITS", "none")
    with pytest.raises(HostError):
        chosen_limits()


def test_the_sequence_is_chosen_by_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEQUENCE", raising=False)
    assert chosen_sequence() is OrderSequence.OFFICE
    monkeypatch.setenv("SEQUENCE", "shop")
    assert chosen_sequence() is OrderSequence.SHOP
    monkeypatch.setenv("SEQUENCE", "backwards")
    with pytest.raises(HostError):
        chosen_sequence()


def test_a_shop_is_paid_before_it_confirms() -> None:
    deeds = [act.deed for act in STORY_OF[OrderSequence.SHOP]]
    assert deeds.index(Deed.PAY) < deeds.index(Deed.CONFIRM)


def test_the_table_mixes_both_sequences() -> None:
    """Orders of the demo itself are paid before and after their confirmation."""
    told = [[act.deed for act in scenario.story] for scenario in SCENARIOS]
    both = [deeds for deeds in told if Deed.PAY in deeds and Deed.CONFIRM in deeds]
    first = [deeds for deeds in both if deeds.index(Deed.PAY) < deeds.index(Deed.CONFIRM)]
    assert 5 <= len(first) < len(both)
