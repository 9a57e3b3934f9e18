"""The Frappe source with its own name back (frappe-host reference, "Where the code comes from")."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dev.build_tools import FRAPPE_BRANCH, FRAPPE_PATH, SOURCE, chosen_frappe, warning_of_snapshot
from dev.errors import HostError
from dev.frappe_source import (
    DIFFERENT_FILES,
    RENAMES,
    TREE_SHA256,
    own_name,
    tree_sha256,
    undo_rename,
    verify_tree,
)
from dev.state import HostState

ours_only = pytest.mark.skipif(
    chosen_frappe() is not None, reason="FRAPPE_PATH or FRAPPE_BRANCH chose a Frappe that was never renamed"
)


@pytest.mark.parametrize(
    ("renamed", "original"),
    [
        ("import criscostack", "import frappe"),
        ("CRISCOSTACK_ENV", "FRAPPE_ENV"),
        ("Criscostack Technologies", "Frappe Technologies"),
        ("Criscoerp and criscoerp", "ERPNext and erpnext"),
        ("Crisco Cloud", "Frappe Cloud"),
        ("criscostack/utils/brik_helper.py", "frappe/utils/bench_helper.py"),
        ("nothing to do", "nothing to do"),
    ],
)
def test_own_name_undoes_every_spelling(renamed: str, original: str) -> None:
    assert own_name(renamed) == original


def test_undo_rename_changes_paths_and_texts_but_no_binary_file(tmp_path: Path) -> None:
    source = tmp_path / "source" / "criscostack"
    (source / "utils").mkdir(parents=True)
    (source / "utils" / "brik_helper.py").write_text("import criscostack\n")
    (source / "logo.png").write_bytes(b"\0criscostack")
    (source / ".DS_Store").write_bytes(b"criscostack")
    undo_rename(tmp_path / "source", tmp_path / "target")
    found = {
        path.relative_to(tmp_path / "target").as_posix(): path.read_bytes()
        for path in (tmp_path / "target").rglob("*")
        if path.is_file()
    }
    assert found == {
        "frappe/utils/bench_helper.py": b"import frappe\n",
        "frappe/logo.png": b"\0criscostack",
    }


def test_tree_hash_depends_on_path_and_content_and_skips_the_known_differences(tmp_path: Path) -> None:
    package = tmp_path / "frappe" / "core"
    package.mkdir(parents=True)
    (package / "a.py").write_text("1")
    first = tree_sha256(tmp_path)
    (package / "README.md").write_text("a file that differs from upstream")
    assert tree_sha256(tmp_path) == first
    (package / "a.py").write_text("2")
    changed = tree_sha256(tmp_path)
    (package / "a.py").rename(package / "b.py")
    assert len({first, changed, tree_sha256(tmp_path)}) == 3


def test_a_tree_that_is_not_upstreams_is_refused_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "frappe").mkdir()
    (tmp_path / "frappe" / "__init__.py").write_text("")
    with pytest.raises(HostError, match="FRAPPE_PATH"):
        verify_tree(tmp_path)


def _tracked(app: Path) -> list[Path]:
    git = ["git", "-c", f"safe.directory={app}", "-C", str(app), "ls-files", "-z"]
    names = subprocess.run(git, check=True, capture_output=True, text=True).stdout
    return [app / name for name in names.split("\0") if name]


@pytest.fixture(scope="module")
def installed(host: HostState) -> Path:
    """Frappe as the bench runs it."""
    return host.bench / "apps" / "frappe"


@ours_only
def test_the_installed_tree_is_upstreams(installed: Path, tmp_path: Path) -> None:
    """Also after the build has put its own files between the tracked ones."""
    for file in _tracked(installed):
        copy = tmp_path / file.relative_to(installed)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.symlink_to(file)
    assert tree_sha256(tmp_path) == TREE_SHA256


@ours_only
def test_no_leftover_of_the_replaced_name_is_installed(installed: Path) -> None:
    leftovers = [
        str(file.relative_to(installed))
        for file in _tracked(installed)
        if "crisco" in file.as_posix().lower() or b"crisco" in file.read_bytes().lower()
    ]
    assert leftovers == []
    assert (installed / "frappe" / "utils" / "bench_helper.py").exists()


@ours_only
def test_the_files_left_out_of_the_hash_are_the_23_known_ones(installed: Path) -> None:
    assert len(DIFFERENT_FILES) == 23
    assert [name for name in DIFFERENT_FILES if not (installed / name).exists()] == []


def test_the_interpreter_of_the_bench_runs_frappe_15(host: HostState) -> None:
    program = "import frappe; print(frappe.__version__)"
    argv = [str(host.env_python), "-c", program]
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    assert done.stdout.strip().split(".")[0] == "15"


def test_renames_never_cut_a_longer_spelling() -> None:
    """A short spelling that is part of a longer one has to come after it."""
    spellings = [replaced for replaced, _ in RENAMES]
    for position, spelling in enumerate(spellings):
        assert not any(spelling in later for later in spellings[position + 1 :])


@pytest.mark.parametrize("path", ["/nowhere/frappe", "./nowhere"])
def test_a_frappe_that_is_not_there_is_told_before_anything_is_built(
    host: HostState, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """A slip in the variable must not cost the bench that stands: the inputs are asked before any step."""
    monkeypatch.setenv(FRAPPE_PATH, path)
    monkeypatch.setenv(FRAPPE_BRANCH, "version-15")
    with pytest.raises(HostError, match="cannot be used"):
        list(SOURCE.inputs(host))


def test_the_login_of_the_default_host_says_what_it_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FRAPPE_PATH, raising=False)
    monkeypatch.delenv(FRAPPE_BRANCH, raising=False)
    assert "not for real data" in warning_of_snapshot()
    monkeypatch.setenv(FRAPPE_BRANCH, "version-15")
    assert warning_of_snapshot() == ""
