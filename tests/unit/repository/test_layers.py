"""The direction of dependencies and the shape of the files, read from the sources (design 2)."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.repository.document_imports import for_types_only

ROOT = Path(__file__).resolve().parents[3]
APP = ROOT / "order_flow"
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
DUMPING_GROUNDS = {"utils.py", "helpers.py", "common.py", "misc.py", "tools.py"}

ALLOWED: dict[str, tuple[str, ...]] = {
    "domain": ("domain",),
    "integrations": ("domain", "integrations"),
    "outbox": (
        "domain.addresses",
        "domain.message",
        "outbox",
        "rehearsal",
        "site_time",
        "frappe_versions",
        "integrations.errors",
        "integrations.transport",
        "integrations.window",
        "integrations.rate_limit",
        "integrations.masking",
    ),
    "workflow": ("domain", "workflow", "flow.rows"),
    "flow": (
        "domain",
        "flow",
        "outbox",
        "site_time",
        "frappe_versions",
        "integrations.wdt.codes",
        "integrations.u8.port",
        "integrations.u8.settings",
    ),
    "sync": ("domain", "integrations", "outbox", "flow", "sync", "rehearsal", "site_time"),
}
"""For each layer the parts of the app it may import; controllers, api, tasks and the like may import all."""

WITHOUT_FRAMEWORK = ("domain", "integrations")


def sources(folder: Path) -> list[Path]:
    """Python files of a folder."""
    return sorted(path for path in folder.rglob("*.py") if ".bench" not in path.parts)


def imported(path: Path) -> Iterator[str]:
    """Modules that a file imports, but for types of documents; of ``from a import b`` also ``a.b``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    never_run = for_types_only(tree)
    for node in ast.walk(tree):
        if node in never_run:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: str, parts: tuple[str, ...]) -> bool:
    """Whether a module is one of the parts or inside one."""
    return any(f"{module}.".startswith(f"order_flow.{part}.") for part in parts)


@pytest.mark.parametrize("layer", list(ALLOWED))
def test_layers_point_one_way(layer: str) -> None:
    """domain <- integrations <- outbox <- flow <- sync <- controllers, api, tasks (design 2)."""
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in sources(APP / layer)
        for module in imported(path)
        if module.startswith("order_flow.") and not within(module, ALLOWED[layer])
    ]
    assert wrong == []


@pytest.mark.parametrize("layer", WITHOUT_FRAMEWORK)
def test_rules_and_clients_know_no_framework(layer: str) -> None:
    """Importable without Frappe (design 2, issue section 3)."""
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in sources(APP / layer)
        for module in imported(path)
        if module.split(".")[0] == "frappe"
    ]
    assert wrong == []


def test_simulators_know_nothing_of_the_app() -> None:
    """A shared mistake could hide otherwise (issue section 3)."""
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in sources(ROOT / "simulators")
        for module in imported(path)
        if module.split(".")[0] in {"order_flow", "frappe", "tests", "dev"}
    ]
    assert wrong == []


def test_only_the_transport_opens_sockets() -> None:
    """One place for timeouts, masking and limits (design 2); beside it its connections and their failures."""
    openers = {"requests", "urllib3", "socket", "http.client", "httpx"}
    wrong = [
        str(path.relative_to(ROOT))
        for path in sources(APP)
        for module in imported(path)
        if any(f"{module}.".startswith(f"{name}.") for name in openers)
    ]
    places = ("transport", "sockets", "failures")
    assert set(wrong) <= {f"order_flow/integrations/{name}.py" for name in places}


def tracked_sources() -> list[Path]:
    """Python files that are committed, or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    return [ROOT / name for name in listed if (ROOT / name).exists()]


def product_sources() -> list[Path]:
    """The same without the tests, which are tables to a good part."""
    return [path for path in tracked_sources() if path.relative_to(ROOT).parts[0] != "tests"]


def test_no_file_is_too_long() -> None:
    """No god files (design 2)."""
    app = product_sources()
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in app
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_dumping_grounds() -> None:
    """A file is named for what it does (design 2)."""
    assert [str(path) for path in tracked_sources() if path.name in DUMPING_GROUNDS] == []


def test_no_function_is_too_long() -> None:
    """Hardly over 40 lines, never over 60, its documentation left out."""
    too_long = []
    for path in product_sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            first = node.body[0]
            documentation = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) else 0
            if (node.end_lineno or 0) - node.lineno + 1 - documentation > LONGEST_FUNCTION:
                too_long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert too_long == []


def test_states_are_compared_as_enums() -> None:
    """Nothing compares a state to a string literal (design 2)."""
    from order_flow.domain.states import OrderState, OrderStep

    words = {member.value for enum in (OrderState, OrderStep) for member in enum}
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources(APP)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Constant) and side.value in words
    ]
    assert wrong == []


def test_nothing_depends_on_a_crm() -> None:
    """R-346: no interface was supplied, so the port stands alone and everything works without it."""
    users = [
        str(path.relative_to(ROOT))
        for path in sources(APP)
        if "crm" not in path.parts
        and any(module.startswith("order_flow.integrations.crm") for module in imported(path))
    ]
    assert users == []
    assert "class CrmPort(Protocol)" in (APP / "integrations" / "crm" / "port.py").read_text(encoding="utf-8")
