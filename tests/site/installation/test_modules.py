"""Every module of the app can be imported: a name that moved is found here, not when a person needs it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import order_flow

APP = Path(order_flow.__file__).parent
MODULES = sorted(
    ".".join(("order_flow", *path.relative_to(APP).with_suffix("").parts)).removesuffix(".__init__")
    for path in APP.rglob("*.py")
)


@pytest.mark.parametrize("module", MODULES)
def test_module_can_be_imported(site: Any, module: str) -> None:
    import_module(module)
