"""Tokens and common query parameters (u8-openapi 1.2, 1.3)."""

import secrets
from collections.abc import Mapping
from typing import Final

from simulators.core import Store
from simulators.u8.contract import Archive
from simulators.u8.knobs import Knobs
from simulators.u8.ledger import Ledger
from simulators.u8.refusal import parameter, permission, token_invalid

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS u8_token (
    id TEXT PRIMARY KEY, from_account TEXT NOT NULL, app_key TEXT NOT NULL, expires REAL NOT NULL);
"""
TABLES: Final = ("u8_token",)

APP_PARAMETERS: Final = ("from_account", "app_key", "token")
COMMON_PARAMETERS: Final = frozenset({*APP_PARAMETERS, "to_account", "ds_sequence"})


class Access:
    """Who may call, and which ledger a call reaches.

    Args:
        store: the simulator's database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def issue_token(self, query: Mapping[str, str], knobs: Knobs, now: float) -> dict[str, object]:
        """Content of ``token`` for a right app and secret; ``expiresIn`` is in seconds.

        Raises:
            Refusal: a parameter is missing, or app and secret do not fit.
        """
        from_account, app_key, secret = _required(query, ("from_account", "app_key", "app_secret"))
        known = self._store.row(
            "SELECT 1 FROM u8_ledger WHERE from_account = ? AND app_key = ? AND app_secret = ?",
            from_account, app_key, secret,
        )  # fmt: skip
        if known is None:
            raise permission("from_account、app_key或app_secret不正确")
        if knobs.new_token_kills_old:
            self._store.execute(
                "DELETE FROM u8_token WHERE from_account = ? AND app_key = ?", from_account, app_key
            )
        token = secrets.token_hex(16)
        self._store.execute(
            "INSERT INTO u8_token VALUES (?, ?, ?, ?)",
            token, from_account, app_key, now + knobs.token_life_seconds,
        )  # fmt: skip
        return {"appKey": app_key, "expiresIn": knobs.token_life_seconds, "id": token}

    def check_token(self, query: Mapping[str, str], now: float) -> tuple[str, str]:
        """Accounts ``(from_account, app_key)`` of a call with a living token.

        Raises:
            Refusal: a parameter is missing, or the token is unknown, of another app or expired.
        """
        from_account, app_key, token = _required(query, APP_PARAMETERS)
        row = self._store.row(
            "SELECT expires FROM u8_token WHERE id = ? AND from_account = ? AND app_key = ?",
            token, from_account, app_key,
        )  # fmt: skip
        if row is None or now >= row["expires"]:
            raise token_invalid()
        return from_account, app_key

    def ledger(self, query: Mapping[str, str], knobs: Knobs, now: float) -> Ledger:
        """Ledger that a call with common parameters reaches; without ds_sequence the app's first one.

        Raises:
            Refusal: as check_token, or the enterprise or data source is not granted to the app.
        """
        from_account, app_key = self.check_token(query, now)
        (to_account,) = _required(query, ("to_account",))
        sequence = query.get("ds_sequence", "")
        if sequence and not sequence.isdecimal():
            raise parameter(f"ds_sequence不是数字:{sequence}")
        row = self._store.row(
            "SELECT * FROM u8_ledger WHERE from_account = ? AND app_key = ? AND to_account = ?"
            " AND (? = '' OR ds_sequence = CAST(? AS INTEGER)) ORDER BY ds_sequence LIMIT 1",
            from_account, app_key, to_account, sequence, sequence,
        )  # fmt: skip
        if row is None:
            raise permission(f"企业{to_account}未授权该应用访问数据源{sequence or '(默认)'}")
        return Ledger(self._store, row, lenient_archives(knobs))

    def forget_tokens(self) -> None:
        """All tokens die at once."""
        self._store.execute("DELETE FROM u8_token")


def lenient_archives(knobs: Knobs) -> set[Archive]:
    """Archives whose codes documents may name without them existing."""
    lenient = set()
    if not knobs.strict_customers:
        lenient.add(Archive.CUSTOMER)
    if not knobs.strict_inventory:
        lenient.add(Archive.INVENTORY)
    return lenient


def _required(query: Mapping[str, str], names: tuple[str, ...]) -> list[str]:
    for name in names:
        if not query.get(name):
            raise parameter(f"缺少参数{name}")
    return [query[name] for name in names]
