"""The tests in two processes: what runs where, what is told when one does not come to its end (ADR 0036)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path, PurePath

import pytest

from dev.state import PART_VARIABLE, PORT_NAMES, SECOND, load, load_or_create, parts, second_part
from dev.testing import IN_TWO_PROCESSES
from tests.two_processes import FIRST_WORKER, OF_THE_SECOND, SECOND_WORKER, worker_of

ROOT = Path(__file__).parents[3]
PASSING = "def test_it():\n    pass\n"
FAILING = "def test_it():\n    assert 1 == 2\n"
HANGING = "import threading\ndef test_hangs():\n    threading.Event().wait(60)\n"
DYING = "import os\ndef test_dies():\n    os._exit(1)\n"
FAULTY = "from tests import injected\ndef test_it():\n    injected.count('deadlock')\n"
SEEN = "import os\ndef test_it():\n    assert os.environ.get('ORDER_FLOW_HOST_PART') == {part!r}\n"
OF_FIRST = "tests/unit/test_sample.py"
OF_SECOND = f"{OF_THE_SECOND[0]}/test_sample.py"


def test_every_entry_of_the_table_is_there_and_both_have_tests() -> None:
    assert [entry for entry in OF_THE_SECOND if not (ROOT / entry).exists()] == []
    files = [path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py")]
    assert {worker_of(path) for path in files} == {FIRST_WORKER, SECOND_WORKER}


def test_a_name_that_only_begins_alike_is_not_meant() -> None:
    assert worker_of(PurePath(f"{OF_THE_SECOND[0]}_else/test_a.py")) == FIRST_WORKER


def test_the_second_part_shares_nothing_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_or_create(tmp_path)
    assert parts(first) == [first]
    second = second_part(first)
    assert parts(first) == [first, second] == [load_or_create(tmp_path), second_part(first)]
    assert not set(first.ports().values()) & set(second.ports().values())
    assert len(set(second.ports().values())) == len(PORT_NAMES)
    for name in ("test_site", "home", "run_dir", "log_dir", "db_data", "db_socket", "screenshot_dir"):
        assert getattr(first, name) != getattr(second, name), name
    for name in ("bench", "sites_path", "tools_bin", "env_python", "db_root_password"):
        assert getattr(first, name) == getattr(second, name), name
    monkeypatch.setenv(PART_VARIABLE, SECOND)
    assert load(tmp_path) == second


def test_a_new_host_does_not_keep_the_second_part_of_an_old_one(tmp_path: Path) -> None:
    first = load_or_create(tmp_path)
    old = second_part(first)
    (first.home / "host.json").unlink()
    new = load_or_create(tmp_path)
    assert second_part(new).db_root_password == new.db_root_password != old.db_root_password


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing but two tests, one for each process."""
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
    for name in (OF_FIRST, OF_SECOND):
        write(tmp_path, name, PASSING)
    return tmp_path


def write(checkout: Path, name: str, text: str) -> None:
    path = checkout / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def run(checkout: Path, *options: str) -> tuple[int, str]:
    """Run the tests of the small checkout as `make test` runs those of this one, with no other plug-ins."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    )
    needed = ("-p", "xdist", "-p", "pytest_timeout", "-p", "no:cacheprovider")
    # What this very process was told, when it is one of two, is not for them.
    outside = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_XDIST")}
    done = subprocess.run(
        [sys.executable, "-c", code, *needed, *IN_TWO_PROCESSES, "-q", *options, "tests"],
        cwd=checkout,
        env=outside | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=100,
    )
    return done.returncode, done.stdout + done.stderr


def test_both_halves_count_in_one_line(checkout: Path) -> None:
    write(checkout, OF_SECOND, FAULTY)
    write(checkout, "tests/unit/test_part.py", SEEN.format(part=None))
    write(checkout, f"{OF_THE_SECOND[0]}/test_part.py", SEEN.format(part=SECOND))
    status, output = run(checkout)
    assert status == 0, output
    assert output.splitlines()[-1].startswith("4 passed")
    assert "first process: 2 tests" in output and "second process: 2 tests" in output


def test_a_failure_in_one_and_a_test_that_hangs_in_the_other_are_of_the_whole(checkout: Path) -> None:
    write(checkout, OF_FIRST, FAILING)
    write(checkout, OF_SECOND, HANGING + PASSING)
    status, output = run(checkout, "--timeout=1")
    assert status == 1, output
    assert "test_hangs" in output and "Timeout" in output
    assert output.splitlines()[-1].startswith("2 failed, 1 passed")


@pytest.mark.parametrize("name", [OF_FIRST, OF_SECOND])
def test_a_process_that_dies_is_named_with_its_test(checkout: Path, name: str) -> None:
    write(checkout, name, DYING + PASSING)
    status, output = run(checkout)
    assert status == 1, output
    assert f"crashed while running '{name}::test_dies'" in output
    assert "did not come to its end" in output and f"not finished: {name}::test_dies" in output
    assert output.splitlines()[-1].startswith("1 failed, 1 passed")


def test_half_without_tests_is_no_success(checkout: Path) -> None:
    (checkout / OF_SECOND).unlink()
    status, output = run(checkout)
    assert status == 1, output
    assert "the second process has no tests" in output
