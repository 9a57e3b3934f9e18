"""The bench's environment is the pinned one, and its packages fit each other (issue: the host)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dev.build_tools import CONSTRAINTS, ENV_REQUIREMENTS, TOOL_REQUIREMENTS, chosen_frappe
from dev.state import HostState

# A new environment comes with these; Frappe runs without them.
SEEDED = frozenset({"pip", "wheel"})


def _lines(file: Path) -> list[str]:
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _uv(host: HostState, *arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [str(host.tools_bin / "uv"), "pip", *arguments, "--python", str(host.env_python)]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def test_what_the_tests_need_is_pinned_to_the_same_version_in_both_files() -> None:
    pinned = set(_lines(CONSTRAINTS))
    required = {line.lower() for line in _lines(ENV_REQUIREMENTS) if "==" in line}
    assert required
    assert required - pinned == set()


@pytest.mark.parametrize("file", [CONSTRAINTS, TOOL_REQUIREMENTS], ids=lambda file: file.name)
def test_every_version_is_exact(file: Path) -> None:
    assert [line for line in _lines(file) if "==" not in line] == []


def test_installed_packages_fit_each_other(host: HostState) -> None:
    """Seen: a tool for the tests had replaced a library that Frappe holds to an older version."""
    done = _uv(host, "check")
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(chosen_frappe() is not None, reason="another Frappe brings other versions")
def test_the_environment_holds_nothing_but_the_pinned_packages(host: HostState) -> None:
    installed = _uv(host, "freeze", "--exclude-editable").stdout.splitlines()
    foreign = [line for line in installed if line.partition("==")[0] not in SEEDED]
    assert installed
    assert set(foreign) - set(_lines(CONSTRAINTS)) == set()
