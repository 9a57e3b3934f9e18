"""Which package may use which, and how full a folder may be."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.unit.repository.document_imports import for_types_only

ROOT: Final = Path(__file__).parents[3]
APP: Final = ROOT / "order_flow"
MOST_MODULES: Final = 20
ORDER: Final = (
    "domain", "domain/access", "domain/money", "domain/reviews", "domain/goods", "domain/orders",
    "domain/gates", "domain/changes", "domain/tasks", "domain/clocks", "domain/customers", "site_time",
    "frappe_versions", "rehearsal", "integrations", "integrations/wdt", "integrations/u8",
    "integrations/messaging", "integrations/tracking", "integrations/crm", "outbox", "outbox/accounts",
    "outbox/sending", "outbox/reading", "flow/access", "flow", "flow/records", "flow/tasks", "flow/terms",
    "flow/orders",
    "flow/sign_offs", "flow/stock", "flow/outside", "flow/gates", "flow/clocks", "flow/notices",
    "flow/lifecycle", "flow/money", "flow/shortages", "flow/shipments", "flow/deliveries",
    "flow/reviews", "flow/changes", "flow/cancelling", "flow/customers", "flow/parcels", "flow/files",
    "flow/desk", "sync", "sync/services", "sync/u8", "sync/wdt", "sync/compare", "tasks", "api",
    "security", "order_flow", "papers", "www", "workflow", "defaults", "install", "patches", "hooks",
)  # fmt: skip
"""The packages of the app. Each may use those before it and none after it, so there is no ring."""


def _package(module: Path) -> str:
    parts = module.relative_to(APP).with_suffix("").parts
    if parts[0] in {"domain", "flow", "integrations", "outbox", "sync"}:
        return "/".join(parts[:2]) if len(parts) > 2 else parts[0]
    return parts[0]


def _home(dotted: str) -> Path | None:
    """The file of a module of the app; None where the name is no module."""
    path = ROOT.joinpath(*dotted.split("."))
    if (path / "__init__.py").exists():
        return path / "__init__.py"
    return path.with_suffix(".py") if path.with_suffix(".py").exists() else None


def _modules() -> Iterator[Path]:
    return (path for path in sorted(APP.rglob("*.py")) if path.name != "__init__.py")


def _used(module: Path) -> Iterator[Path]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    for node in set(ast.walk(tree)) - for_types_only(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("order_flow."):
            for name in node.names:
                home = _home(f"{node.module}.{name.name}") or _home(node.module)
                if home:
                    yield home


def test_a_package_uses_only_packages_before_it() -> None:
    place = {package: number for number, package in enumerate(ORDER)}
    wrong = {
        f"{module.relative_to(APP)} uses {used.relative_to(APP)}"
        for module in _modules()
        for used in _used(module)
        if place[_package(used)] > place[_package(module)]
    }
    assert wrong == set()


def test_every_package_has_its_place() -> None:
    assert {_package(module) for module in _modules()} == set(ORDER)


def test_no_folder_is_a_hall() -> None:
    folders = Counter(
        path.parent.relative_to(ROOT)
        for top in ("order_flow", "dev", "simulators", "tests")
        for path in (ROOT / top).rglob("*.py")
        if path.name not in ("__init__.py", "__main__.py")
    )
    assert {str(folder): count for folder, count in folders.items() if count > MOST_MODULES} == {}
