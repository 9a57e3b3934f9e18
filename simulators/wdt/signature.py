"""The simulator's own signature of openapi2 (wdt-openapi 1.2); deliberately not shared with the client."""

import hashlib
from collections.abc import Mapping


def packed(parameters: Mapping[str, str]) -> str:
    """The string that is signed, without the secret; lengths count characters, not bytes.

    Args:
        parameters: every received parameter; ``sign`` is left out here.
    """
    pairs = sorted((key.encode(), key, value) for key, value in parameters.items() if key != "sign")
    return ";".join(f"{len(key):02d}-{key}:{len(value):04d}-{value}" for _, key, value in pairs)


def signature(parameters: Mapping[str, str], secret: str) -> str:
    """32 lower-case hexadecimal digits (wdt-openapi 1.2, steps 1-5)."""
    return hashlib.md5((packed(parameters) + secret).encode("utf-8")).hexdigest()
