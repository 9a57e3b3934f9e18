"""The WDT simulator: endpoint table, knobs, asynchronous work, admin paths, page."""

from collections.abc import Callable, Mapping
from typing import Any

from simulators.core import AdminError, Answer, FaultRule, Job, Request, Section, Simulator, Store
from simulators.core.admin import json_object
from simulators.wdt import accounts as accounts_module
from simulators.wdt import overview, queries, records, sync
from simulators.wdt.accounts import DEMO_ACCOUNT, RATE_LIMIT_TEXT, Account, Accounts, Gate
from simulators.wdt.codes import Code, TradeStatus
from simulators.wdt.people.changes import apply_changes
from simulators.wdt.people.flow import AUTO, next_step, plan_auto
from simulators.wdt.people.review import Case
from simulators.wdt.people.submission import submit
from simulators.wdt.people.verbs import STEPS, run_verb, show_order
from simulators.wdt.pushing import APPLY, SUBMIT, trade_push
from simulators.wdt.records import Records
from simulators.wdt.refusal import Refusal

PREFIX, SUFFIX = "/openapi2/", ".php"
Endpoint = Callable[[Records, Account, Mapping[str, str]], dict[str, Any]]

ENDPOINTS: dict[str, Endpoint] = {
    "trade_push": trade_push,
    "trade_query": queries.trade_query,
    "sales_trade_query": queries.sales_trade_query,
    "stockout_order_query_trade": queries.stockout_order_query_trade,
    "logistics_sync_query": sync.logistics_sync_query,
    "logistics_sync_ack": sync.logistics_sync_ack,
    "shop": queries.shop_list,
    "warehouse_query": queries.warehouse_list,
    "logistics": queries.logistics_list,
    "goods_query": queries.goods_query,
    "stock_query": queries.stock_query,
}
LISTS = frozenset(
    {"trades", "stockout_list", "shoplist", "warehouses", "logistics_list", "goods_list", "stocks"}
)

DEFAULTS: dict[str, object] = {
    # time
    "submit_seconds": 5.0,  # from push to sales trade, and from change to its effect
    "server_clock_error": 0.0,  # how far the server's clock is off when it checks timestamps
    "address_refused": False,  # 6, the caller is not on the list of allowed addresses
    "password_needed": False,  # 3
    "database_down": False,  # 4
    "flagship_codes": False,  # the flagship edition's table: 7 for the time, 100 for everything else
    "calls_per_minute": 0.0,  # 0: no limit; unpublished for this edition
    # people and warehouse by themselves
    "auto": False,
    "auto_step_seconds": 0.0,
    "auto_seconds": {},  # {"audit": 30}: other seconds for single steps
    "auto_until": "ship",  # last step taken by itself
    "auto_hold_tids": [],  # orders left to the admin verbs
    # form of answers
    "numbers_as_strings": True,
    "code_as_string": False,
    "omit_empty_lists": True,
    "url_encode_errors": False,
    "src_tids_length": 255.0,
    "joined_lines": False,  # equal goods of merged orders are shown as one line, its sources as comma lists
    # readings of what is not published
    "partial_failure_code": 1.0,  # code of a push where some orders were refused; the others are stored
    "partial_failure_text": "",  # this sentence instead of the list of refused orders
    "partial_failure_length": 0.0,  # the list is cut off after so many characters; 0: whole
    "strict_switch_refuses_batch": False,
    "ignore_changed_num_price": False,
    "accept_status_60": False,
    "shop_may_ship": False,  # 40 and 50 may follow 30
    "refuse_future_trade_time": True,
    "orders_per_nick": 30.0,
    "auto_match_goods": True,
    "check_regions": True,
    "check_amounts": True,
    "finance_audit_needed": False,
    "pick_sets_sorted_bit": True,
    "split_shipping": False,
    "failed_ack_returns": False,
    "ack_limit": 50.0,
    # switches of the customer's ERP named in wdt-openapi 2.8
    "remark_flags_trade": False,
    "remark_blocks_stockout": False,
    "auto_swap_goods": False,
    "early_shipped_flags": False,
}


class WdtSimulator(Simulator):
    """旺店通企业版 openapi2 simulator."""

    name = "wdt"
    schema = accounts_module.SCHEMA + records.SCHEMA
    tables = ("account", *records.TABLES)
    defaults = DEFAULTS
    secret_parameters = frozenset({"sign", "appsecret"})

    def __init__(self, store: Store) -> None:
        store.script(self.schema)
        self.accounts = Accounts(store)
        super().__init__(store)
        self.records = Records(store, self.clock, self.agenda, self.settings, self.accounts)
        self.gate = Gate(self.accounts, self.clock, self.settings)

    def preload(self) -> None:
        """The demo account, unless somebody stored one under its appkey."""
        known = self.store.row("SELECT 1 FROM account WHERE appkey = ?", DEMO_ACCOUNT["appkey"])
        if known is None:
            self.accounts.put(dict(DEMO_ACCOUNT))

    def endpoint_name(self, request: Request) -> str:
        """Bare name, without folder and suffix."""
        return request.path.removeprefix(PREFIX).removesuffix(SUFFIX)

    def handle(self, request: Request) -> Answer:
        """One call of openapi2; refusals are HTTP 200 with a code."""
        name = self.endpoint_name(request)
        if not (request.path == f"{PREFIX}{name}{SUFFIX}" and name in ENDPOINTS):
            return Answer("<html><body><h1>404 Not Found</h1></body></html>", 404, "text/html")
        try:
            if request.method != "POST" or not request.form:
                raise Refusal(Code.BAD_INPUT, "请以POST方式提交application/x-www-form-urlencoded参数")
            account = self.gate.admit(name, request.form)
            return self._answer(ENDPOINTS[name](self.records, account, request.form))
        except Refusal as refusal:
            return self._answer({"code": self._code(refusal.code), "message": refusal.message})

    def _code(self, code: Code) -> int:
        """A refusal's code by the table that the knob names."""
        if not self.settings.flag("flagship_codes") or code < Code.BUSINESS:
            return int(code)
        return int(Code.TIME if code is Code.BAD_TIMESTAMP else Code.BUSINESS)

    def _answer(self, payload: dict[str, Any]) -> Answer:
        """Bring an answer into the loose form of the real side (wdt-openapi 1.3)."""
        code = payload.pop("code")
        if self.settings.flag("omit_empty_lists"):
            payload = {k: v for k, v in payload.items() if not (k in LISTS and v == [])}
        if self.settings.flag("numbers_as_strings"):
            payload = {key: _as_strings(value) for key, value in payload.items()}
        return Answer({"code": str(code) if self.settings.flag("code_as_string") else code, **payload})

    def rate_limited(self, request: Request) -> Answer:
        """The vendor's text for too many calls per minute (wdt-openapi 1.4)."""
        return self._answer({"code": int(Code.BUSINESS), "message": RATE_LIMIT_TEXT})

    def side_fault(self, rule: FaultRule, request: Request) -> Answer | None:
        """Openapi2 has neither tokens nor idempotency keys: such a rule changes nothing."""
        return None

    def run_due(self, job: Job) -> None:
        """Submit or update from a raw order, or one automatic step."""
        if job.kind == AUTO:
            self._auto_step(str(job.payload["trade_no"]))
            return
        raw = self.records.raw_by_id(int(job.key.removeprefix("raw:")))
        if raw is None:
            return
        if job.kind == SUBMIT:
            submit(self.records, raw)
        elif job.kind == APPLY:
            apply_changes(self.records, raw)

    def _auto_step(self, trade_no: str) -> None:
        trade = self.records.trade_by_no(trade_no)
        if trade is None:
            return
        step = next_step(trade, self.records.stockout_of(trade))
        if step is None:
            return
        try:
            STEPS[step](Case(self.records, trade, {}))
        except AdminError as error:
            # People would stop here too; the next change or verb plans the step again.
            for tid in trade.tids:
                self.records.log(trade.sid, tid, f"自动{step.value}停止:{error}")

    def settings_changed(self) -> None:
        """Auto mode may have been switched on: plan a step for every open trade."""
        with self.store.transaction():
            for trade in self.records.trades(
                "status BETWEEN ? AND ?", TradeStatus.REVIEW, TradeStatus.AUDITED
            ):
                plan_auto(self.records, trade)

    def reset(self) -> None:
        """As freshly started."""
        super().reset()
        self.accounts.forget()

    def admin(self, request: Request, parts: list[str]) -> Answer | None:
        """``/_admin/accounts``, ``/_admin/wdt/order``, ``/_admin/wdt/specs`` and ``/_admin/wdt/<verb>``."""
        match (request.method, parts):
            case ("GET", ["accounts"]):
                return Answer({"accounts": [_without_secret(account) for account in self.accounts.all()]})
            case ("POST", ["accounts"]):
                return Answer(_without_secret(self.accounts.put(json_object(request))))
            case ("GET", ["wdt", "order"]):
                return Answer(show_order(self.records, dict(request.query)))
            case ("POST", ["wdt", "specs"]):
                return self._put_specs(json_object(request))
            case ("POST", ["wdt", verb]):
                return Answer(run_verb(self.records, verb, json_object(request)))
        return None

    def _put_specs(self, body: dict[str, object]) -> Answer:
        specs = body.get("specs")
        if not isinstance(specs, list) or not all(isinstance(s, dict) and s.get("spec_no") for s in specs):
            raise AdminError('the body needs "specs": [{"spec_no": ..}]')
        self.records.save_specs(str(body.get("sid") or self.accounts.all()[0].sid), specs)
        return Answer({"stored": len(specs)})

    def state(self) -> dict[str, object]:
        """Counts by status, and how much waits."""
        return {
            "accounts": [account.sid for account in self.accounts.all()],
            "raw_orders": self._counts("raw_order", "process_status"),
            "trades": self._counts("trade", "status"),
            "stockouts": self._counts("stockout", "status"),
            "sync_rows": self._counts("sync_row", "sync_status"),
            "waiting_jobs": len(self.agenda.waiting()),
        }

    def _counts(self, table: str, column: str) -> dict[str, int]:
        rows = self.store.rows(f"SELECT {column} AS code, COUNT(*) AS n FROM {table} GROUP BY 1 ORDER BY 1")
        return {str(row["code"]): int(row["n"]) for row in rows}

    def sections(self) -> list[Section]:
        """Tables of the page."""
        return overview.sections(self.records)


def _without_secret(account: Account) -> dict[str, object]:
    return {name: value for name, value in vars(account).items() if name != "secret"}


def _as_strings(value: object) -> object:
    """Numbers as text, at every depth."""
    if isinstance(value, dict):
        return {key: _as_strings(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_strings(item) for item in value]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
