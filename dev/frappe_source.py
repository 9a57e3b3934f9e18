"""The Frappe source tree from PyPI: fetched, given its own name back, proven, and made a git repository.

PyPI carries a snapshot of Frappe 15 (MIT) whose name was replaced throughout. Undoing that gives upstream's
tree of 2023-08-05, which one constant proves. Source: frappe-host reference, "Where the code comes from".
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dev.errors import HostError
from dev.host.steps import StepLog
from dev.state import HostState

BRANCH: Final = "version-15"
REQUIREMENT: Final = Path(__file__).with_name("frappe-source.txt")
# In this order: the short last spelling would otherwise cut into the longer ones.
RENAMES: Final = (
    ("criscostack", "frappe"),
    ("CRISCOSTACK", "FRAPPE"),
    ("Criscostack", "Frappe"),
    ("Criscoerp", "ERPNext"),
    ("criscoerp", "erpnext"),
    ("Crisco", "Frappe"),
)
# One file got a third name there and fits no rule.
RENAMED_BY_HAND: Final = ("frappe/utils/brik_helper.py", "frappe/utils/bench_helper.py")
BINARY_PROBE_BYTES: Final = 8192
STRAY_FILE: Final = ".DS_Store"
# SHA-256 over the sorted "<git blob sha1> <path>" lines, computed the same from upstream's commit
# 0cced747669d9471aa3d60819148a8e828457930.
TREE_SHA256: Final = "a41d395d4b07fc4a8570179d2900bd842a5f1c4947589398801506ed54a0085f"
# Files in which the snapshot really differs from upstream: pictures, translations, newlines at the end.
DIFFERENT_PICTURES: Final = (
    "frappe-favicon.svg",
    "frappe-framework-logo.png",
    "frappe-framework-logo.svg",
    "frappe-logo.png",
    "ui-states/404.png",
)
DIFFERENT_TRANSLATIONS: Final = ("bn", "de", "gu", "hi", "kn", "ml", "mr", "ta", "te", "tr", "uz")
DIFFERENT_FILES: Final = frozenset(
    {
        "frappe/core/README.md",
        "frappe/core/doctype/report/report.json",
        "frappe/core/doctype/scheduled_job_type/scheduled_job_type.json",
        "frappe/core/doctype/user_type/user_type.json",
        "frappe/custom/module_onboarding/customization/customization.json",
        "frappe/desk/page/backups/backups.html",
        "frappe/email/doctype/email_account/email_account.json",
        *(f"frappe/public/images/{name}" for name in DIFFERENT_PICTURES),
        *(f"frappe/translations/{language}.csv" for language in DIFFERENT_TRANSLATIONS),
    }
)


def source_dir(state: HostState) -> Path:
    """Where the undone tree lives: a git repository that `bench init` clones from."""
    return state.home / "source" / "frappe"


def make_source(state: HostState, log: StepLog) -> None:
    """Fetch the pinned sdist, undo the renaming, prove the result and commit it.

    Raises:
        HostError: the tree is not the proven one.
        subprocess.CalledProcessError: the download failed, or the hash of the sdist differs.
    """
    target = source_dir(state)
    work = target.parent
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    log.run(
        [
            *(state.tools_bin / "python", "-m", "pip", "download", "--no-deps", "--no-binary", ":all:"),
            *("--no-build-isolation", "--require-hashes", "--dest", work, "--requirement", REQUIREMENT),
        ]
    )
    unpacked = _unpack(work, log)
    undo_rename(unpacked, target)
    shutil.rmtree(unpacked.parent)
    verify_tree(target)
    _commit(target, log)


def _unpack(work: Path, log: StepLog) -> Path:
    [archive] = work.glob("*.tar.gz")
    unpacked = work / "unpacked"
    unpacked.mkdir()
    # The program, because Debian 12's tarfile does not yet know safe extraction (3.11.4 brought it).
    log.run(["tar", "--extract", "--no-same-owner", "--file", archive, "--directory", unpacked])
    [tree] = unpacked.iterdir()
    return tree


def own_name(text: str) -> str:
    """Undo the renaming in a text or a relative path."""
    for replaced, original in RENAMES:
        text = text.replace(replaced, original)
    return RENAMED_BY_HAND[1] if text == RENAMED_BY_HAND[0] else text


def undo_rename(source: Path, target: Path) -> None:
    """Copy a tree with Frappe's own name in paths and texts; binary files keep their content."""
    for path in sorted(source.rglob("*")):
        if path.is_dir() or path.name == STRAY_FILE:
            continue
        copy = target / own_name(path.relative_to(source).as_posix())
        copy.parent.mkdir(parents=True, exist_ok=True)
        content = path.read_bytes()
        if b"\0" not in content[:BINARY_PROBE_BYTES]:
            for replaced, original in RENAMES:
                content = content.replace(replaced.encode(), original.encode())
        copy.write_bytes(content)


def tree_sha256(tree: Path) -> str:
    """One number for the framework's files: SHA-256 over their sorted git blob ids and paths.

    Args:
        tree: folder that holds the `frappe` package folder.
    """
    return hashlib.sha256("\n".join(_blob_lines(tree)).encode()).hexdigest()


def _blob_lines(tree: Path) -> Iterator[str]:
    paths = (path.relative_to(tree).as_posix() for path in (tree / "frappe").rglob("*") if path.is_file())
    for path in sorted(paths):
        if path in DIFFERENT_FILES or path.endswith(STRAY_FILE):
            continue
        content = (tree / path).read_bytes()
        header = f"blob {len(content)}\0".encode()
        # Git names blobs by SHA-1; nothing here depends on it for safety.
        yield f"{hashlib.sha1(header + content, usedforsecurity=False).hexdigest()} {path}"


def verify_tree(tree: Path) -> None:
    """Prove that a tree is upstream's Frappe.

    Raises:
        HostError: it is not.
    """
    found = tree_sha256(tree)
    if found != TREE_SHA256:
        raise HostError(
            "The Frappe source from PyPI is not the expected tree.",
            f"Its SHA-256 is {found}, expected {TREE_SHA256}.",
            "Do not use it; set FRAPPE_PATH to a Frappe 15 checkout of your own instead.",
        )


def _commit(tree: Path, log: StepLog) -> None:
    git = ("git", "-C", tree, "-c", "user.name=order_flow host", "-c", "user.email=host@localhost")
    log.run([*git, "init", "--quiet", "--initial-branch", BRANCH])
    # Forced: the tree's own ignore rules must not drop a file that the proof covers.
    log.run([*git, "add", "--all", "--force"])
    log.run([*git, "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", "Frappe 15 snapshot"])
