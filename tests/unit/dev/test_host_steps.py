"""Steps run once per state of their inputs and pick up where they stopped (issue: the host)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dev.errors import HostError
from dev.host.app import INSTALL
from dev.host.steps import Runner, Step, StepFailed, StepLog, digest_of, stamped_digest, tree_inputs
from dev.sites import DEMO_DATABASE, TEST_DATABASE
from dev.state import PORT_NAMES, HostState


@pytest.fixture
def state(tmp_path: Path) -> HostState:
    ports: dict[str, Any] = {name: 20000 + number for number, name in enumerate(PORT_NAMES)}
    return HostState(root=tmp_path, admin_password="admin", db_root_password="root", **ports)


class Recorder:
    """Makes steps that write down when they ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.inputs: dict[str, str] = {}
        self.failing: set[str] = set()
        self.lost: set[str] = set()

    def step(self, name: str) -> Step:
        def run(_state: HostState, log: StepLog) -> None:
            self.ran.append(name)
            log.write("last words")
            if name in self.failing:
                raise HostError("It broke.", "The disk is full.", "Make room.")
            self.lost.discard(name)

        return Step(
            name,
            run,
            inputs=lambda _state: [self.inputs.get(name, "")],
            is_whole=lambda _state: name not in self.lost,
            cure="Look into it.",
        )


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def run_all(state: HostState, recorder: Recorder) -> Callable[[], list[str]]:
    """Runs first -> second -> third (third builds on first only); gives what ran."""

    def run() -> list[str]:
        recorder.ran.clear()
        steps = [
            (recorder.step("first"), ()),
            (recorder.step("second"), ("first",)),
            (recorder.step("third"), ("first",)),
        ]
        Runner(state).run_all(steps)
        return list(recorder.ran)

    return run


def test_a_second_run_has_nothing_to_do(run_all: Callable[[], list[str]]) -> None:
    assert run_all() == ["first", "second", "third"]
    assert run_all() == []


def test_changed_inputs_run_the_step_and_what_builds_on_it(
    run_all: Callable[[], list[str]], recorder: Recorder
) -> None:
    run_all()
    recorder.inputs["second"] = "new"
    assert run_all() == ["second"]
    recorder.inputs["first"] = "new"
    assert run_all() == ["first", "second", "third"]


def test_a_result_that_went_missing_is_made_again(
    run_all: Callable[[], list[str]], recorder: Recorder
) -> None:
    run_all()
    recorder.lost.add("third")
    assert run_all() == ["third"]


def test_a_failed_step_names_itself_its_log_and_the_cure_and_the_next_run_goes_on_there(
    run_all: Callable[[], list[str]],
    recorder: Recorder,
    state: HostState,
    capsys: pytest.CaptureFixture[str],
) -> None:
    recorder.failing.add("second")
    with pytest.raises(StepFailed) as caught:
        run_all()
    report = caught.value.report()
    assert "'second'" in report
    assert str(state.log_dir / "second.log") in report
    assert "The disk is full." in report
    assert "Make room." in report
    assert "last words" in capsys.readouterr().err
    recorder.failing.clear()
    assert run_all() == ["second", "third"]


def test_an_interrupted_step_leaves_no_stamp(state: HostState, recorder: Recorder) -> None:
    def interrupted(_state: HostState, _log: StepLog) -> None:
        raise KeyboardInterrupt

    whole = recorder.step("only")
    Runner(state).run_all([(whole, ())])
    assert stamped_digest(state, "only") is not None
    recorder.inputs["only"] = "new"
    broken = Step("only", interrupted, whole.inputs, whole.is_whole, whole.cure)
    with pytest.raises(KeyboardInterrupt):
        Runner(state).run_all([(broken, ())])
    assert stamped_digest(state, "only") is None


def test_a_program_that_fails_is_reported_with_its_output(state: HostState) -> None:
    def run(_state: HostState, log: StepLog) -> None:
        log.run(["sh", "-c", "echo no such thing >&2; exit 3"])

    step = Step("shell", run, lambda _state: [], lambda _state: True, "Mend it.")
    with pytest.raises(StepFailed, match="sh exited with 3"):
        Runner(state).run_all([(step, ())])
    assert "no such thing" in (state.log_dir / "shell.log").read_text()


def test_digest_tells_where_one_input_ends(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("ab")
    assert digest_of(["a", "b"]) != digest_of(["ab"])
    assert digest_of([file]) == digest_of(["ab"])


def test_tree_inputs_follow_names_and_leave_built_files_out(tmp_path: Path) -> None:
    for name in ("app/a.json", "app/dist/b.json", "app/__pycache__/c.json", "app/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    assert tree_inputs(tmp_path, ["app/**/*.json"]) == ["app/a.json", tmp_path / "app" / "a.json"]


def test_a_hidden_argument_shows_nowhere(state: HostState, capsys: pytest.CaptureFixture[str]) -> None:
    def run(_state: HostState, log: StepLog) -> None:
        log.run(["sh", "-c", "exit 1", "top-secret"], hidden=("top-secret",))

    step = Step("shell", run, lambda _state: [], lambda _state: True, "Mend it.")
    with pytest.raises(StepFailed) as caught:
        Runner(state).run_all([(step, ())])
    shown = capsys.readouterr()
    everything = caught.value.report() + shown.out + shown.err + (state.log_dir / "shell.log").read_text()
    assert "***" in everything
    assert "top-secret" not in everything


def test_the_app_is_not_on_a_site_that_was_made_anew(state: HostState, tmp_path: Path) -> None:
    """The stamp stays when only the test site is built again; the site itself says that the app is gone."""
    (tmp_path / "order_flow").mkdir()
    (tmp_path / "order_flow" / "hooks.py").touch()
    tables = [state.db_data / name / "tabOrder.frm" for name in (DEMO_DATABASE, TEST_DATABASE)]
    for table in tables:
        table.parent.mkdir(parents=True)
        table.touch()
    assert INSTALL.is_whole(state)
    for table in tables:
        table.unlink()
        assert not INSTALL.is_whole(state)
        table.touch()


def test_without_an_app_nothing_has_to_be_on_the_sites(state: HostState) -> None:
    assert INSTALL.is_whole(state)
