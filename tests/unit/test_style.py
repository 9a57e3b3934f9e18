"""`make style` counts what it says, and the targets that the code holds today stay held."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Final

import pytest

from dev.errors import HostError
from dev.style import measures
from dev.style.points import POINTS, Point, Verdict, at_least, at_most, number
from dev.style.report import checkout_of, judge_all, table
from dev.style.sources import Checkout, Source, read_checkout

ROOT: Final = Path(__file__).resolve().parents[2]


def checkout(text: str, path: str = "order_flow/rules.py", tests: str = "", **more: str) -> Checkout:
    """A checkout of one file of the app, with further ones by name."""
    files = {path: text} | {f"order_flow/{name}.py": content for name, content in more.items()}
    return Checkout(
        app=tuple(Source(Path(name), dedent(content)) for name, content in files.items()),
        tests=(Source(Path("tests/test_rules.py"), tests),) if tests else (),
    )


def test_the_held_targets_are_met() -> None:
    assert [
        f"{row.point.label}: {number(row.value)}, target {row.point.target}"
        for row in judge_all(read_checkout(ROOT))
        if row.verdict is Verdict.BROKEN
    ] == []


def test_an_aim_that_is_met_becomes_a_target() -> None:
    """An aim in the table that the code meets would let it slip back unnoticed."""
    rows = judge_all(read_checkout(ROOT))
    met = [
        row.point.label
        for row in rows
        if row.point.target and not row.point.target.held and row.verdict is Verdict.KEPT
    ]
    assert met == [], "leave out held=False for these in dev/style/points.py"


def test_every_point_measures_an_empty_app() -> None:
    """A checkout without files divides nothing by nothing."""
    assert len(judge_all(Checkout(app=(), tests=()))) == len(POINTS)


@pytest.mark.parametrize(
    ("measure", "text", "expected"),
    [
        (measures.without_framework, "import frappe\nx = 1\n", 0),
        (measures.without_framework, "from frappe.utils import cint\nx = 1\n", 0),
        (measures.without_framework, "import frappery\n", 100),
        (measures.documented, 'def a():\n    """A."""\ndef b(): ...\ndef _c(): ...\n', 50),
        (measures.annotated, "def a(x: int) -> int: ...\ndef b(x) -> int: ...\ndef _c(x): ...\n", 50),
        (measures.annotated, "class A:\n    def a(self, x: int) -> int: ...\n", 100),
        (measures.annotated, "def a(*x, y: int) -> int: ...\n", 0),
        (measures.any_arguments, "def a(x: Any, *, y: Any, z: int) -> Any: ...\n", 2),
        (measures.question_docstrings, 'def a():\n    """Whether."""\ndef b():\n    """Ask."""\n', 50),
        (measures.excepts, "try:\n    a()\nexcept A:\n    b()\n", 250),
        (measures.bare_excepts, "try:\n    a()\nexcept:\n    b()\n", 1),
        (measures.broad_excepts, "try:\n    a()\nexcept Exception:\n    b()\nexcept A:\n    c()\n", 1),
        (measures.raw_sql, 'frappe.db.sql("select 1")\nfrappe.db.get_value("A", "b")\n', 500),
        (measures.ignored_permissions, "a.insert(ignore_permissions=True)\na.save()\n", 500),
        (measures.function_max, 'def a():\n    """Two\n\n    lines."""\n    return 1\n', 2),
        (measures.typed_endpoints, "@endpoint(Verb.POST)\ndef a(x): ...\n", 0),
        (measures.verb_bound_endpoints, "@endpoint(Verb.POST)\ndef a(): ...\n", 100),
        (measures.verb_bound_endpoints, "@frappe.whitelist()\ndef a(): ...\n", 0),
        (measures.verb_bound_endpoints, "@frappe.whitelist\ndef a(): ...\n", 0),
        (measures.verb_bound_endpoints, '@frappe.whitelist(methods=["GET"])\ndef a(): ...\n', 100),
        (measures.endpoint_count, "@frappe.whitelist\ndef a(): ...\n@cached\ndef b(): ...\n", 1),
    ],
)
def test_a_point_counts(measure: Callable[[Checkout], float], text: str, expected: float) -> None:
    assert measure(checkout(text)) == expected


def test_states_as_text_are_found_by_the_enums_of_the_app() -> None:
    states = 'class OrderState(StrEnum):\n    PAID = "Paid"\nclass Colour(StrEnum):\n    RED = "Red"\n'
    compared = 'a == "Paid"\nb in ("Paid",)\nc == "Red"\nd == OrderState.PAID\n'
    assert measures.state_literals(checkout(compared, states=states)) == 1


def test_controllers_are_found_by_their_place() -> None:
    found = checkout(
        "a = 1\nb = 2\n", path="order_flow/order_flow/doctype/order/order.py", other="a = 1\n" * 9
    )
    assert measures.controller_max(found) == 2


def test_folders_of_the_framework_do_not_count_as_full() -> None:
    found = checkout("", path="order_flow/order_flow/doctype/order/order.py", rules="", __init__="", money="")
    assert measures.modules_in_a_folder(found) == 2


def test_lines_of_tests_are_held_against_lines_of_the_app() -> None:
    assert measures.test_lines(checkout("a = 1\nb = 2\n", tests="a = 1\n")) == 0.5


@pytest.mark.parametrize(
    ("point", "verdict"),
    [
        (Point("lines", lambda _checkout: 3, at_most(3)), Verdict.KEPT),
        (Point("lines", lambda _checkout: 4, at_most(3)), Verdict.BROKEN),
        (Point("lines", lambda _checkout: 4, at_most(3, held=False)), Verdict.OPEN),
        (Point("lines", lambda _checkout: 2, at_least(3)), Verdict.BROKEN),
        (Point("lines", lambda _checkout: 2), Verdict.NO_TARGET),
    ],
)
def test_a_number_is_judged_by_its_target(point: Point, verdict: Verdict) -> None:
    assert point.judge(Checkout(app=(), tests=())).verdict is verdict


def test_the_table_shows_the_numbers_of_both_revisions() -> None:
    points = (Point("lines", measures.app_lines, at_most(1)), Point("files", measures.app_files))
    now, before = (judge_all(checkout(text), points) for text in ("a = 1\nb = 2\n", "a = 1\n"))
    assert table(now, before, "v1") == [
        "point  v1  now  target",
        "lines   1    2    <= 1  BROKEN",
        "files   1    1",
        "0 targets kept, 0 aims not reached yet, 1 broken",
    ]


def test_an_older_revision_is_read_from_git(tmp_path: Path) -> None:
    for name, text in {
        "order_flow/a.py": "a = 1\n",
        "tests/t.py": "",
        "pyproject.toml": "[tool.mypy]\nfiles=[]",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True)
    (tmp_path / "order_flow/a.py").write_text("a = 1\nb = 2\n", encoding="utf-8")
    assert checkout_of(tmp_path, "HEAD").app_lines == 1
    with pytest.raises(HostError, match="cannot be compared"):
        checkout_of(tmp_path, "no-such-revision")
