"""Programs of the machine that the host needs, and the Debian packages that bring them."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Final

# Program that proves a package is there -> Debian package that brings it.
PROGRAMS: Final = {
    "mariadbd": "mariadb-server",
    "redis-server": "redis-server",
    "chromium": "chromium",
    "git": "git",
    "node": "nodejs",
    "npm": "npm",
}
CJK_FONT_DIR: Final = Path("/usr/share/fonts/opentype/noto")


def missing_packages() -> list[str]:
    """Debian packages that this machine still needs."""
    missing = [package for program, package in PROGRAMS.items() if find_program(program) is None]
    if not any(CJK_FONT_DIR.glob("NotoSansCJK*")):
        missing.append("fonts-noto-cjk")
    if find_spec("ensurepip") is None:
        missing.append("python3-venv")
    return missing


def find_program(name: str) -> str | None:
    """Path of a program; Debian keeps servers outside the path of ordinary users."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
