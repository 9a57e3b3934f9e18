"""Fixtures shared by the contract tests; each simulator's live in a file of their own."""

from tests.contract.u8_fixtures import u8, u8_server, u8_simulator

__all__ = ["u8", "u8_server", "u8_simulator"]
