"""What `pip install` and `bench get-app` bring is the whole app: json, js, csv and text files too."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[3]
BUILD: Final = "import sys, setuptools.build_meta as build; build.build_wheel(sys.argv[1])"


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a wheel of what is kept here."""
    sources, packages = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("packages")
    for name in kept_files():
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, sources / name)
    subprocess.run(
        [sys.executable, "-c", BUILD, str(packages)], cwd=sources, check=True, capture_output=True, text=True
    )
    with zipfile.ZipFile(next(packages.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


def kept_files(*folders: str) -> set[str]:
    """Files of the checkout that are, or are about to be, kept."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return {name for name in listed.stdout.splitlines() if (ROOT / name).exists()}


def test_the_wheel_brings_every_file_of_the_app(brought: set[str]) -> None:
    assert sorted(kept_files("order_flow") - brought) == []


def test_the_wheel_brings_nothing_else(brought: set[str]) -> None:
    """Tests, simulators and the host stay out of a site's Python environment."""
    tops = {name.split("/")[0] for name in brought}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"order_flow"}
