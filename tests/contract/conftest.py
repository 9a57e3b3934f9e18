"""Fixtures of the contract tests: running stand-ins of the outside systems."""

from tests.contract.services.messaging_fixtures import (
    message_attempts,
    messaging,
    messaging_client,
    messaging_server,
)
from tests.contract.services.tracking_fixtures import (
    tracking,
    tracking_attempts,
    tracking_client,
    tracking_server,
)
from tests.contract.u8.u8_fixtures import u8, u8_server, u8_simulator
from tests.contract.wdt.wdt_client_fixtures import attempts, make_client, wdt_client
from tests.contract.wdt.wdt_fixtures import wdt, wdt_server, wdt_simulator

__all__ = [
    "attempts",
    "make_client",
    "message_attempts",
    "messaging",
    "messaging_client",
    "messaging_server",
    "tracking",
    "tracking_attempts",
    "tracking_client",
    "tracking_server",
    "u8",
    "u8_server",
    "u8_simulator",
    "wdt",
    "wdt_client",
    "wdt_server",
    "wdt_simulator",
]
