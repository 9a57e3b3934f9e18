"""What exists is connected: jobs are scheduled, events are raised, code has a caller."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from order_flow import hooks, tasks
from order_flow.domain.clocks.manual_events import EVENTS_BY_HAND, PAUSES_BY_HAND
from order_flow.domain.clocks.model import EVENT_OF_STEP, NOT_RAISED_YET, ClockEvent, PauseReason
from order_flow.domain.customers.notices import NoticeEvent
from order_flow.domain.orders.state_words import Audience
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.outbox.states import DiscrepancyKind

APP = Path(__file__).resolve().parents[3] / "order_flow"
TABLES_OF_EVENTS = {"domain/clocks/model.py", "domain/clocks/manual_events.py"}
"""Files that list the clocks' events without raising them; their tables are read by the tests themselves."""
_WORD = re.compile(r"[A-Za-z_]\w*")
_SOURCES = {".py", ".js", ".json", ".html", ".txt"}
LISTENING_CALLS = {"listens"}
"""Calls that ask about an event instead of raising it."""


FOUND_BY_THE_FRAMEWORK = ("hooks.py", "doctype/", "report/", "www/")
"""Places whose names the framework looks up itself."""
WITHOUT_CALLER = {
    "CrmPort": "2026-11-30: the port of a CRM ships empty and off (design 5).",
    "Unlimited": "2026-11-30: lets the contract tests call a simulator without the account's own limit.",
    "register_port": "2026-11-30: the seam through which tests of the outbox put a port of their own.",
}


@cache
def trees() -> dict[Path, ast.Module]:
    """Every Python file of the app, parsed."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(APP.rglob("*.py"))}


def scheduled() -> list[str]:
    """Every path of the schedule, as often as it stands there."""
    plain = (paths for when, paths in hooks.scheduler_events.items() if when != "cron")
    crons = hooks.scheduler_events["cron"].values()
    return [path for paths in (*plain, *crons) for path in paths]


def test_every_job_is_scheduled_once() -> None:
    """A job that stands nowhere never runs, whatever its own test says."""
    jobs = [
        f"order_flow.tasks.{name}"
        for name, job in inspect.getmembers(tasks, inspect.isfunction)
        if job.__module__ == "order_flow.tasks" and not name.startswith("_") and not _parameters(job)
    ]
    twice = [path for path, times in Counter(scheduled()).items() if times > 1]
    assert sorted(set(jobs) - set(scheduled())) == []
    assert twice == []


def test_no_hook_is_written_twice() -> None:
    """The later one of two would silently replace the earlier."""
    names = Counter(
        target.id
        for node in trees()[APP / "hooks.py"].body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    )
    assert [name for name, times in names.items() if times > 1] == []


def _parameters(job: object) -> bool:
    return bool(inspect.signature(job).parameters)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", sorted(set(scheduled())))
def test_what_is_scheduled_can_be_called(path: str) -> None:
    module, _, name = path.rpartition(".")
    assert not _parameters(getattr(import_module(module), name))


def _raised(enum: str) -> set[str]:
    """Members of an enum that the code hands on or stores somewhere, by name."""
    found: set[str] = set()
    for path, tree in trees().items():
        if path.relative_to(APP).as_posix() in TABLES_OF_EVENTS:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if name not in LISTENING_CALLS:
                    found |= set(_members((*node.args, *(word.value for word in node.keywords)), enum))
            elif isinstance(node, ast.List | ast.Tuple | ast.Set):
                found |= set(_members(node.elts, enum))
            elif isinstance(node, ast.Dict):
                found |= set(_members((*node.keys, *node.values), enum))
            elif isinstance(node, ast.Return | ast.Assign | ast.AnnAssign) and node.value is not None:
                found |= set(_members([node.value], enum))
            elif isinstance(node, ast.IfExp):
                found |= set(_members([node.body, node.orelse], enum))
    return found


def _members(nodes: Iterable[ast.expr | None], enum: str) -> Iterator[str]:
    for node in nodes:
        value = node.value if isinstance(node, ast.Attribute) and node.attr == "value" else node
        if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name) and value.value.id == enum:
            yield value.attr


def test_every_clock_event_is_raised_or_named_as_not_yet() -> None:
    told = {ClockEvent[name] for name in _raised("ClockEvent")}
    raised = told | set(EVENT_OF_STEP.values()) | set(EVENTS_BY_HAND)
    assert set(ClockEvent) - raised == NOT_RAISED_YET


def test_every_pause_can_begin() -> None:
    told = {PauseReason[name] for name in _raised("PauseReason")}
    assert set(PauseReason) == told | set(PAUSES_BY_HAND)


@pytest.mark.parametrize("enum", [NoticeEvent, Audience, DiscrepancyKind, TaskReason])
def test_every_kind_that_the_system_writes_is_written(enum: type[StrEnum]) -> None:
    assert sorted(set(enum.__members__) - _raised(enum.__name__)) == []


def test_every_function_and_class_has_a_caller() -> None:
    """Nothing is kept that only its own test calls."""
    words: Counter[str] = Counter()
    for path in APP.rglob("*"):
        if path.suffix in _SOURCES and "translations" not in path.parts:
            words.update(_WORD.findall(path.read_text(encoding="utf-8")))
    lonely = {
        name: str(path.relative_to(APP))
        for path, tree in trees().items()
        if not any(place in path.as_posix() for place in FOUND_BY_THE_FRAMEWORK)
        for name in _defined(tree)
        if words[name] == 1
    }
    assert sorted(set(lonely) - set(WITHOUT_CALLER)) == []
    assert sorted(set(WITHOUT_CALLER) - set(lonely)) == [], "these have a caller now"


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.FunctionDef) and node.name != "__getattr__":
            # Endpoints are called over HTTP, and a test of their own walks them all.
            if not any("endpoint" in ast.unparse(mark) for mark in node.decorator_list):
                yield node.name
        elif isinstance(node, ast.Assign):
            names = (target.id for target in node.targets if isinstance(target, ast.Name))
            yield from (name for name in names if name != "__all__")
