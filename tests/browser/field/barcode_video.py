"""What a camera sees over a barcode: an EAN-13 as a video file for Chromium's own test camera."""

from __future__ import annotations

from pathlib import Path
from typing import Final

WIDTH, HEIGHT, FRAMES = 640, 480, 5
MODULE_PIXELS: Final = 4
WHITE, BLACK, GREY = b"\xff", b"\x00", b"\x80"
_LEFT_ODD: Final = (
    *("0001101", "0011001", "0010011", "0111101", "0100011"),
    *("0110001", "0101111", "0111011", "0110111", "0001011"),
)
_PARITY: Final = (
    *("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG"),
    *("LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"),
)
"""By the first digit: which digits of the left half are written with even parity (G)."""


def modules(digits: str) -> str:
    """The bars of an EAN-13 as 95 ones (black) and zeros."""
    right = ["".join("10"[int(bit)] for bit in code) for code in _LEFT_ODD]
    even = [code[::-1] for code in right]
    left = [
        (even if parity == "G" else _LEFT_ODD)[int(digit)]
        for digit, parity in zip(digits[1:7], _PARITY[int(digits[0])], strict=True)
    ]
    return "101" + "".join(left) + "01010" + "".join(right[int(digit)] for digit in digits[7:]) + "101"


def write_video(path: Path, digits: str) -> Path:
    """Write some equal pictures of a barcode as YUV4MPEG2.

    Args:
        path: file to write.
        digits: thirteen digits with a right check digit.

    Returns:
        The path.
    """
    bars = b"".join((BLACK if bit == "1" else WHITE) * MODULE_PIXELS for bit in modules(digits))
    margin = WHITE * ((WIDTH - len(bars)) // 2)
    row = (margin + bars).ljust(WIDTH, WHITE)
    empty = WHITE * WIDTH
    quiet = HEIGHT // 6
    luma = empty * quiet + row * (HEIGHT - 2 * quiet) + empty * quiet
    frame = b"FRAME\n" + luma + GREY * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * FRAMES)
    return path
