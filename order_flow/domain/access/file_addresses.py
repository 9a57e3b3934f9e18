"""Which addresses of files are addresses of files: inside one of the two folders, and of one spelling."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

PUBLIC_FOLDER = "/files"
PRIVATE_FOLDER = "/private/files"
_FOLDERS = (PUBLIC_FOLDER, PRIVATE_FOLDER)


def local_path(url: str, site: str) -> str | None:
    """The path a ``file_url`` stands for on this site, as the framework's own code would read it.

    Args:
        url: as it was sent; may be quoted, once or more often.
        site: address of the site, which the framework takes away from an address of its own.

    Returns:
        The path without its quoting; None for an address on another host.
    """
    path = url
    while (plain := unquote(path)) != path:
        path = plain
    path = path.strip()
    if path.lower().startswith(("http://", "https://")):
        if not path.startswith(site.rstrip("/") + "/"):
            return None
        path = path[len(site.rstrip("/")) :]
    return path


def is_safe(path: str) -> bool:
    """Tell whether a path is a file in one of the two folders and says so without detours.

    Args:
        path: from ``local_path``.
    """
    if "\\" in path or "\0" in path or "//" in path or posixpath.normpath(path) != path:
        return False
    return any(path.startswith(f"{folder}/") for folder in _FOLDERS)


def is_private(path: str) -> bool:
    """Tell whether a safe path is in the folder that asks for rights."""
    return path.startswith(f"{PRIVATE_FOLDER}/")
