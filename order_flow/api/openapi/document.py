"""Puts the OpenAPI description of all endpoints together."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import order_flow
from order_flow.api.openapi.catalogue import endpoints
from order_flow.api.openapi.operations import operations_of
from order_flow.api.openapi.shared import components, written_by_hand

VERSION: Final = "3.1.0"


@cache
def description() -> dict[str, Any]:
    """Describe every endpoint of the app."""
    words = written_by_hand()
    return {
        "openapi": VERSION,
        "info": {"version": order_flow.__version__, **words["info"]},
        "servers": [{"url": "/"}],
        # Any one of them.
        "security": [{name: []} for name in words["securitySchemes"]],
        "paths": {address: operations_of(address, method) for address, method in endpoints().items()},
        "components": components(words),
    }
