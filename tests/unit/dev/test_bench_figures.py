"""The arithmetic of the bench: ratios of medians, the table, the file (design 8)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dev.bench.report import Figure, table, write
from dev.bench.timing import Comparison, timed


def compared() -> Comparison:
    """Two blocks in which ours takes 1.5 and 2 times as long; one outlier in each."""
    comparison = Comparison()
    comparison.start_block()
    comparison.ours[-1] += [15.0, 15.0, 900.0]
    comparison.theirs[-1] += [10.0, 10.0, 10.0]
    comparison.start_block()
    comparison.ours[-1] += [20.0, 20.0, 20.0]
    comparison.theirs[-1] += [10.0, 10.0, 700.0]
    return comparison


def test_the_ratio_is_that_of_the_medians() -> None:
    comparison = compared()
    assert (comparison.our_ms, comparison.their_ms) == (20.0, 10.0)
    assert comparison.ratio == 2.0


def test_every_block_has_a_ratio_of_its_own() -> None:
    assert compared().ratios == [1.5, 2.0]


def test_timed_gives_the_result_and_notes_milliseconds() -> None:
    times: list[float] = []
    assert timed(lambda: "done", times) == "done"
    assert len(times) == 1
    assert 0 <= times[0] < 1000


@pytest.mark.parametrize("value, holds, word", [(1.5, True, "ok"), (1.51, False, "TOO SLOW")])
def test_a_figure_is_held_against_its_limit(value: float, holds: bool, word: str) -> None:
    figure = Figure("create_vs_framework", value, "15 ms to 10 ms", limit=1.5, aim=1.3)
    assert figure.holds is holds
    assert word in table([figure])


def test_the_file_holds_the_values_by_name(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    figures = [Figure("sql_create", 11, "statements"), Figure("create_vs_framework", 1.23456, "", 1.5, 1.3)]
    write(path, figures, {"seconds": 3.5})
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert stored["sql_create"] == 11
    assert stored["create_vs_framework"] == 1.235
    assert stored["limits"] == {"create_vs_framework": 1.5}
    assert stored["seconds"] == 3.5
