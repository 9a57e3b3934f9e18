"""`make test ONLY=...`: capabilities by name, and paths and options as pytest knows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dev.chosen_tests import chosen_arguments
from dev.errors import HostError
from dev.state import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    files = (
        *("unit/money/test_terms.py", "site/money/test_credit.py", "site/goods/test_stock.py"),
        *("unit/orders/test_money.py", "unit/orders/test_money_gates.py", "site/money/deep/test_money.py"),
        *("unit/orders/test_moneyed.py", "site/money_support/builders.py"),
    )
    for name in files:
        path = tmp_path / "tests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def test_a_capability_is_its_folders_and_the_files_of_its_name(checkout: Path) -> None:
    assert chosen_arguments(["money"], checkout) == [
        "tests/site/money",
        "tests/unit/money",
        "tests/unit/orders/test_money.py",
        "tests/unit/orders/test_money_gates.py",
    ]
    assert chosen_arguments(["goods", "money"], checkout)[:2] == ["tests/site/goods", "tests/site/money"]


@pytest.mark.parametrize(
    "words",
    [
        ["tests/site/money", "-x", "-q"],
        ["tests/site/money/test_credit.py::test_a", "-k", "money"],
        ["-k", "money"],
        ["tests"],
        [],
    ],
)
def test_paths_and_options_are_left_as_they_are(checkout: Path, words: list[str]) -> None:
    assert chosen_arguments(words, checkout) == words


def test_options_follow_a_capability(checkout: Path) -> None:
    assert chosen_arguments(["goods", "-k", "money"], checkout) == ["tests/site/goods", "-k", "money"]


@pytest.mark.parametrize("word", ["nothing", "support", "money_support"])
def test_an_unknown_word_is_refused_with_those_that_are_known(checkout: Path, word: str) -> None:
    with pytest.raises(HostError, match=f"no tests of '{word}'") as refused:
        chosen_arguments([word], checkout)
    assert "goods, money, orders" in refused.value.cure


def test_the_capabilities_of_this_checkout_have_tests() -> None:
    assert "tests/site/money" in chosen_arguments(["money"], ROOT)
