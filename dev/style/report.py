"""Print the table of style; with `SINCE=REVISION` beside the numbers of an older revision."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dev.errors import HostError
from dev.state import HostState
from dev.style.points import POINTS, Point, Row, Verdict, number
from dev.style.sources import APP, SETTINGS, TESTS, Checkout, read_checkout

SINCE: Final = "SINCE"
"""Environment variable with the revision to compare with, in any form that git understands."""


def style(state: HostState) -> int:
    """Print each point of style with its target.

    Returns:
        0 when every target that is held today is met, else 1.
    """
    rows = judge_all(read_checkout(state.root))
    revision = os.environ.get(SINCE, "")
    before = judge_all(checkout_of(state.root, revision)) if revision else []
    print("\n".join(table(rows, before, revision)))
    return 1 if any(row.verdict is Verdict.BROKEN for row in rows) else 0


def judge_all(checkout: Checkout, points: Sequence[Point] = POINTS) -> list[Row]:
    """Measure every point."""
    return [point.judge(checkout) for point in points]


def table(rows: Sequence[Row], before: Sequence[Row] = (), revision: str = "") -> list[str]:
    """Lay the rows out in columns.

    Args:
        rows: what was measured.
        before: the same points of an older revision, or nothing.
        revision: its name, for the heading.

    Returns:
        The lines to print, a heading first and a summary last.
    """
    cells = [["point", *([revision] if before else []), "now", "target", ""]]
    for place, row in enumerate(rows):
        then = [number(before[place].value)] if before else []
        cells.append(
            [row.point.label, *then, number(row.value), str(row.point.target or ""), row.verdict.value]
        )
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if column in (0, len(line) - 1) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]
    return [*lines, _summary(rows)]


def _summary(rows: Sequence[Row]) -> str:
    counts = {verdict: sum(row.verdict is verdict for row in rows) for verdict in Verdict}
    return (
        f"{counts[Verdict.KEPT]} targets kept, {counts[Verdict.OPEN]} aims not reached yet, "
        f"{counts[Verdict.BROKEN]} broken"
    )


def checkout_of(root: Path, revision: str) -> Checkout:
    """Read the files of a revision from git.

    Raises:
        HostError: git knows no such revision.
    """
    git = [
        "git",
        "-c",
        f"safe.directory={root}",
        "archive",
        "--format=tar",
        revision,
        "--",
        APP,
        TESTS,
        SETTINGS,
    ]
    done = subprocess.run(git, cwd=root, capture_output=True, check=False)
    if done.returncode:
        raise HostError(
            f"{SINCE}={revision} cannot be compared with.",
            done.stderr.decode(errors="replace").strip(),
            f"Name a commit, branch or tag of this repository: {SINCE}=HEAD~10 make style",
        )
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
        return read_checkout(Path(folder))
