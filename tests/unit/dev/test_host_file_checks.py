"""The checks of every tracked file can fail (issue: the host)."""

from __future__ import annotations

from pathlib import Path

import pytest

from dev.file_checks import MAX_BYTES, main, problems


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.md", b"blank \n", "trailing blanks"),
        ("a.md", b"no end", "no newline"),
        ("a.md", b"dos\r\n", "Windows line end"),
        ("a.md", b"<<<<<<< mine\n", "merge mark"),
        ("a.md", b"\xff\n", "not UTF-8"),
        ("a.json", b"{\n", "Expecting"),
        ("a.toml", b"a = \n", "Invalid"),
        ("a.yml", b"a: [\n", "a.yml"),
        ("a.bin", b"\0" * (MAX_BYTES + 1), "at most"),
    ],
)
def test_problem_is_found(tmp_path: Path, name: str, content: bytes, found: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert any(found in problem for problem in problems(path))
    assert main([str(path)]) == 1


def test_a_good_file_has_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"状态": 1}\n', encoding="utf-8")
    assert main([str(path)]) == 0
