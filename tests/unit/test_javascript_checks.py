"""Every script of the repository is checked, and no rule is off without a reason beside it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Final

import pytest
import yaml

ROOT: Final = Path(__file__).resolve().parents[2]
TOOLS: Final = ROOT / ".bench" / "js-tools" / "node_modules" / ".bin"
SWITCHED_OFF: Final = re.compile(r"(eslint-disable|prettier-ignore)(?!.*-- \S)")
PINNED: Final = re.compile(r"^\d+\.\d+\.\d+$")


def scripts() -> list[Path]:
    """Every JavaScript file that is, or is about to be, kept."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.js", "*.mjs"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).exists()]


def test_both_programs_are_hooks_over_every_script() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0][
        "hooks"
    ]
    over_scripts = {hook["id"] for hook in hooks if hook.get("types") == ["javascript"]}
    assert over_scripts == {"eslint", "prettier"}
    assert not any("files" in hook or "exclude" in hook for hook in hooks)


def test_the_programs_are_pinned() -> None:
    package = json.loads((ROOT / "dev" / "js" / "package.json").read_text(encoding="utf-8"))
    assert [name for name, version in package["devDependencies"].items() if not PINNED.match(version)] == []


def test_no_rule_is_off_without_a_reason() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in scripts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if SWITCHED_OFF.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("// eslint-disable-next-line no-undef", True),
        ("// eslint-disable-next-line no-undef -- the framework puts it there", False),
        ("// prettier-ignore", True),
    ],
)
def test_a_rule_switched_off_is_seen(line: str, found: bool) -> None:
    assert bool(SWITCHED_OFF.search(line)) is found


@pytest.mark.skipif(not (TOOLS / "eslint").exists(), reason="`make check` installs eslint")
@pytest.mark.parametrize(
    ("name", "source", "rule"),
    [
        ("order_flow/public/js/sample.js", "no_such_name();\n", "no-undef"),
        ("order_flow/public/js/field_sample.js", "frappe.call();\n", "no-undef"),
        ("order_flow/public/js/sample.js", "frappe.call(unused => 1);\nlet a = 1;\n", "no-unused-vars"),
        ("order_flow/www/sample.js", "if (self.a == 1) { self.b = 2; }\n", "eqeqeq"),
    ],
)
def test_a_mistake_is_found(name: str, source: str, rule: str) -> None:
    """The rules reach the desk's scripts, the pages of our own and the service worker."""
    done = subprocess.run(
        [str(TOOLS / "eslint"), "--stdin", "--stdin-filename", name, "--format", "json"],
        input=source,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert rule in {message["ruleId"] for message in json.loads(done.stdout)[0]["messages"]}
