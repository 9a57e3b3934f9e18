"""Tells pictures from what only calls itself one."""

from __future__ import annotations

import base64
import binascii
from io import BytesIO
from typing import Final

from PIL import Image, UnidentifiedImageError

_PNG: Final = "data:image/png;base64,"
_MOST_PIXELS: Final = 4_000_000
"""Of a drawn signature; a larger one would fill the memory when it is opened."""


def is_drawing(url: str) -> bool:
    """Tell whether a data URL is a PNG that can be opened and on which something is drawn.

    Args:
        url: ``data:image/png;base64,...`` as the signature pad sends it.
    """
    if not url.startswith(_PNG):
        return False
    try:
        with Image.open(
            BytesIO(base64.b64decode(url.removeprefix(_PNG), validate=True)), formats=["PNG"]
        ) as image:
            if image.width * image.height > _MOST_PIXELS:
                return False
            image.load()
            # An untouched pad is one colour, or wholly transparent.
            return any(low != high for low, high in image.convert("RGBA").getextrema())
    except (binascii.Error, UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        return False
