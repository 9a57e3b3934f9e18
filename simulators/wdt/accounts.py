"""Sellers, their shops, warehouses and carriers, and the gate every call passes (wdt-openapi 1.1-1.3, 7)."""

import json
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulators.core import AdminError, Settings, SimulatedClock, Store
from simulators.wdt.codes import OWN_PLATFORM, Code
from simulators.wdt.refusal import Refusal
from simulators.wdt.signature import signature

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (appkey TEXT PRIMARY KEY, sid TEXT NOT NULL, doc TEXT NOT NULL);
"""
SKEW_SECONDS = 300
ALL_RIGHTS = "*"

DEMO_ACCOUNT: dict[str, Any] = {
    "sid": "demo-sid",
    "appkey": "demo-appkey",
    "secret": "demo-secret-001",
    "shops": [{"shop_no": "web01", "shop_name": "官网商城", "platform_id": OWN_PLATFORM}],
    "warehouses": [
        {"warehouse_no": "WH01", "name": "主仓", "type": 1},
        {"warehouse_no": "WH02", "name": "备用仓", "type": 1},
    ],
    "carriers": [
        {"logistics_no": "SF", "logistics_name": "顺丰速运", "logistics_type": 8},
        {"logistics_no": "YTO", "logistics_name": "圆通速递", "logistics_type": 4},
        {"logistics_no": "ZTO", "logistics_name": "中通快递", "logistics_type": 5},
    ],
}


@dataclass(frozen=True)
class Account:
    """One interface account.

    Args:
        sid: seller.
        appkey: interface account.
        secret: never sent by callers.
        shops: rows with shop_no, shop_name, platform_id, is_disabled.
        warehouses: rows with warehouse_no, name, type.
        carriers: rows with logistics_no, logistics_name, logistics_type.
        rights: endpoint names granted, ``["*"]`` for all.
        disabled: the appkey is switched off.
    """

    sid: str
    appkey: str
    secret: str
    shops: list[dict[str, Any]]
    warehouses: list[dict[str, Any]]
    carriers: list[dict[str, Any]]
    rights: list[str]
    disabled: bool

    def shop(self, shop_no: str) -> dict[str, Any]:
        """The shop row.

        Raises:
            Refusal: the account has no such shop or it is disabled.
        """
        for row in self.shops:
            if row["shop_no"] == shop_no and not row.get("is_disabled"):
                return row
        raise Refusal(Code.NO_SHOP, "店铺编号不存在或已停用")

    def own_shop_numbers(self) -> list[str]:
        """Shops of platform 自有/其它."""
        return [str(row["shop_no"]) for row in self.shops if int(row["platform_id"]) == OWN_PLATFORM]

    def carrier(self, logistics_no: str) -> dict[str, Any]:
        """The carrier row.

        Raises:
            AdminError: unknown code.
        """
        for row in self.carriers:
            if row["logistics_no"] == logistics_no:
                return row
        known = ", ".join(str(row["logistics_no"]) for row in self.carriers)
        raise AdminError(f"carrier {logistics_no!r} is not set up for {self.sid}; known: {known}", 404)


class Accounts:
    """All interface accounts.

    Args:
        store: the simulator's database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cache: dict[str, Account] = {}

    def put(self, doc: dict[str, Any]) -> Account:
        """Add or replace an account.

        Args:
            doc: sid, appkey, secret, and optionally shops, warehouses, carriers, rights, disabled;
                lists that are left out are those of the demo account.

        Raises:
            AdminError: a required field is missing.
        """
        for name in ("sid", "appkey", "secret"):
            if not isinstance(doc.get(name), str) or not doc[name]:
                raise AdminError(f"an account needs the text field {name!r}")
        full = {**{k: DEMO_ACCOUNT[k] for k in ("shops", "warehouses", "carriers")}, **doc}
        for shop in full["shops"]:
            shop.setdefault("platform_id", OWN_PLATFORM)
            shop.setdefault("shop_name", shop["shop_no"])
        self._store.execute(
            "REPLACE INTO account VALUES (?, ?, ?)", full["appkey"], full["sid"], json.dumps(full)
        )
        self._cache.clear()
        return self.by_appkey(full["appkey"])

    def forget(self) -> None:
        """Read accounts from the store again (after a reset)."""
        self._cache.clear()

    def by_appkey(self, appkey: str) -> Account:
        """One account.

        Raises:
            Refusal: unknown appkey.
        """
        if appkey not in self._cache:
            row = self._store.row("SELECT doc FROM account WHERE appkey = ?", appkey)
            if row is None:
                raise Refusal(Code.NO_ACCOUNT, "appkey不存在")
            self._cache[appkey] = _account(json.loads(row["doc"]))
        return self._cache[appkey]

    def by_sid(self, sid: str) -> Account:
        """First account of a seller.

        Raises:
            AdminError: unknown seller.
        """
        row = self._store.row("SELECT appkey FROM account WHERE sid = ? ORDER BY appkey", sid)
        if row is None:
            raise AdminError(f"no account with sid {sid!r}; POST /_admin/accounts first", 404)
        return self.by_appkey(row["appkey"])

    def all(self) -> list[Account]:
        """Every account, by appkey."""
        return [
            self.by_appkey(r["appkey"]) for r in self._store.rows("SELECT appkey FROM account ORDER BY 1")
        ]


def _account(doc: dict[str, Any]) -> Account:
    return Account(
        sid=doc["sid"],
        appkey=doc["appkey"],
        secret=doc["secret"],
        shops=doc["shops"],
        warehouses=doc["warehouses"],
        carriers=doc["carriers"],
        rights=doc.get("rights", [ALL_RIGHTS]),
        disabled=bool(doc.get("disabled", False)),
    )


class Gate:
    """Checks who calls: account, timestamp, signature, right, call rate.

    Args:
        accounts: all accounts.
        clock: wall time for the skew check.
        settings: ``server_clock_error`` (seconds) and ``calls_per_minute`` (0: no limit).
    """

    def __init__(self, accounts: Accounts, clock: SimulatedClock, settings: Settings) -> None:
        self._accounts, self._clock, self._settings = accounts, clock, settings
        self._calls: dict[str, deque[float]] = defaultdict(deque)

    def admit(self, endpoint: str, form: Mapping[str, str]) -> Account:
        """The calling account.

        Raises:
            Refusal: wrong account, time, signature or right, or too many calls (wdt-openapi 1.1-1.4).
        """
        self._check_caller()
        for name in ("sid", "appkey", "timestamp", "sign"):
            if not form.get(name):
                raise Refusal(Code.BAD_INPUT, f"缺少参数{name}")
        account = self._accounts.by_appkey(form["appkey"])
        if account.sid != form["sid"]:
            raise Refusal(Code.NO_ACCOUNT, "sid is not matched with appkey")
        if account.disabled:
            raise Refusal(Code.DISABLED, "appkey已停用")
        self._check_time(form["timestamp"])
        if form["sign"] != signature(form, account.secret):
            raise Refusal(Code.BAD_SIGN, "sign error,签名验证失败")
        if ALL_RIGHTS not in account.rights and endpoint not in account.rights:
            raise Refusal(Code.BUSINESS, f"接口{endpoint}权限不足")
        self._count(account.appkey)
        return account

    def _check_caller(self) -> None:
        """What the seller's set-up refuses whoever asks, in the vendor's published words."""
        for flag, code, text in SET_UP_REFUSALS:
            if self._settings.flag(flag):
                raise Refusal(code, text)

    def _check_time(self, text: str) -> None:
        if not (text.isascii() and text.isdigit() and len(text) == 10):
            raise Refusal(Code.BAD_TIMESTAMP, "timestamp无效,应为10位秒数")
        server = self._clock.wall().timestamp() + self._settings.number("server_clock_error")
        if abs(int(text) - int(server)) > SKEW_SECONDS:
            raise Refusal(Code.BAD_TIMESTAMP, "时间戳错误")

    def _count(self, appkey: str) -> None:
        limit = int(self._settings.number("calls_per_minute"))
        if limit == 0:
            return
        calls, now = self._calls[appkey], time.monotonic()
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= limit:
            raise Refusal(Code.BUSINESS, RATE_LIMIT_TEXT)
        calls.append(now)


SET_UP_REFUSALS = (
    ("address_refused", Code.ADDRESS_REFUSED, "ip限制"),
    ("password_needed", Code.PASSWORD_NEEDED, "需要动态口令"),
    ("database_down", Code.DATABASE, "数据库错误"),
)
RATE_LIMIT_TEXT = "超过每分钟最大调用频率限制"
