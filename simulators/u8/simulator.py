"""The U8 OpenAPI stand-in: routing, adds with their keys, asynchronous results (u8-openapi 1)."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from simulators.core import Answer, FaultKind, FaultRule, Job, Request, Section, Simulator, Store
from simulators.u8 import access, ledger, work
from simulators.u8.access import COMMON_PARAMETERS, Access, lenient_archives
from simulators.u8.admin import AdminDesk
from simulators.u8.booking import Booking
from simulators.u8.contract import READING, ErrorCode, Operation, ReplayPolicy
from simulators.u8.knobs import DEFAULTS, Knobs
from simulators.u8.ledger import Ledger
from simulators.u8.master_data import DEMO, create_ledger
from simulators.u8.reading import Reading
from simulators.u8.refusal import Refusal, duplicate_key, no_match, parameter, platform_fault, running
from simulators.u8.resources import LISTS, RESOURCES, Resource
from simulators.u8.work import Work, WorkBook

Envelope = dict[str, Any]

_ADD_JOB: Final = "add"
_ADD_PARAMETERS: Final = frozenset({"tradeid", "biz_id", "sync"})
_ACTION_PARAMETERS: Final = frozenset({"tradeid"})


class U8Simulator(Simulator):
    """Stand-in for the U8 OpenAPI platform with several ledgers behind it."""

    name = "u8"
    schema = ledger.SCHEMA + work.SCHEMA + access.SCHEMA
    tables = (*ledger.TABLES, *work.TABLES, *access.TABLES)
    defaults = DEFAULTS
    secret_parameters = frozenset({"app_secret", "token"})

    def __init__(self, store: Store) -> None:
        self._access = Access(store)
        self._work = WorkBook(store)
        super().__init__(store)
        self._desk = AdminDesk(store, self._work, self._access)

    def preload(self) -> None:
        """Create the demo ledger."""
        create_ledger(self.store, DEMO)

    def handle(self, request: Request) -> Answer:
        """Answer one call; refusals are envelopes with HTTP 200 (u8-openapi 1.6)."""
        knobs = Knobs.of(self.settings)
        try:
            return self._route(request, knobs)
        except Refusal as refusal:
            return Answer(_refused(refusal, knobs))

    def rate_limited(self, request: Request) -> Answer:
        """10001: the only trouble of the platform itself that is on record (u8-openapi 1.7)."""
        return Answer(_refused(platform_fault(), Knobs.of(self.settings)))

    def side_fault(self, rule: FaultRule, request: Request) -> Answer | None:
        """token_loss kills every token before the call; replay_policy is looked at where keys are."""
        if rule.kind is FaultKind.TOKEN_LOSS:
            with self.store.transaction():
                self._access.forget_tokens()
        return None

    def run_due(self, job: Job) -> None:
        """Carry out an accepted add."""
        accepted = self._work.find(job.key)
        if accepted is not None and accepted.finished is None:
            self._carry_out(accepted, Knobs.of(self.settings))

    def admin(self, request: Request, parts: list[str]) -> Answer | None:
        """Verbs below ``/_admin/u8/``."""
        return self._desk.answer(request, parts[1:]) if parts[0] == self.name else None

    def state(self) -> dict[str, object]:
        """Ledgers with their document counts, closed months and running work."""
        return self._desk.summary()

    def sections(self) -> list[Section]:
        """Documents, asynchronous work and keys."""
        return self._desk.sections()

    def _now(self) -> float:
        return self.clock.now().timestamp()

    def _route(self, request: Request, knobs: Knobs) -> Answer:
        match request.path.strip("/").split("/"):
            case ["system", "token"]:
                _expect(request, "GET")
                token = self._access.issue_token(request.query, knobs, self._now())
                return Answer({**_ok(), "token": token})
            case ["system", "tradeid"]:
                _expect(request, "GET")
                account, app_key = self._access.check_token(request.query, self._now())
                return Answer({**_ok(), "trade": {"id": self._work.issue_trade(account, app_key)}})
            case ["result"]:
                _expect(request, "GET")
                return self._result(request, knobs)
            case ["api", name, verb]:
                return self._api(request, name, verb, knobs)
        return Answer("<html><body>404 Not Found</body></html>", 404, "text/html; charset=utf-8")

    def _api(self, request: Request, name: str, verb: str, knobs: Knobs) -> Answer:
        resource, operation = _published(name, verb)
        _expect(request, "GET" if operation in READING else "POST")
        book = self._access.ledger(request.query, knobs, self._now())
        own = {key: text for key, text in request.query.items() if key not in COMMON_PARAMETERS}
        if operation is Operation.BATCH_GET:
            return Answer({**_ok(), **Reading(book, knobs).batch_get(resource, own)})
        if operation is Operation.GET:
            return Answer({**_ok(), **Reading(book, knobs).get(resource, _only_id(own))})
        if operation is Operation.ADD:
            return self._add(request, book, resource, own, knobs)
        _refuse_unknown(own, _ACTION_PARAMETERS)
        content = _content(request, resource)
        booking = Booking(book, knobs, self.clock.stamp())
        if operation is Operation.VERIFY:
            booking.verify(resource, content)
        else:
            booking.unverify(resource, content)
        return Answer(_ok())

    def _add(
        self, request: Request, book: Ledger, resource: Resource, own: Mapping[str, str], knobs: Knobs
    ) -> Answer:
        _refuse_unknown(own, _ADD_PARAMETERS)
        key, tradeid = self._key(request, own)
        synchronous = _is_synchronous(own)
        content = _content(request, resource)
        earlier = self._work.last_with_key(book.id, resource.name, key, knobs.key_scope)
        if earlier is not None:
            if earlier.finished is None:
                raise running()
            policy = _replay_policy(request, knobs)
            if policy is ReplayPolicy.ERROR:
                raise duplicate_key(key)
            if policy is ReplayPolicy.SAME_ID:
                self._work.revive(earlier, self._now())
                return Answer(earlier.answer if synchronous else _acknowledgement(request, earlier, knobs))
        accepted = self._work.start(book.id, resource.name, key, tradeid, content, self._now())
        if synchronous:
            return Answer(self._carry_out(accepted, knobs))
        self.agenda.put(_ADD_JOB, accepted.requestid, knobs.work_seconds)
        return Answer(_acknowledgement(request, accepted, knobs))

    def _key(self, request: Request, own: Mapping[str, str]) -> tuple[str, str]:
        """The idempotency key and the platform's trade id of an add (u8-openapi 1.4)."""
        trade, business = own.get("tradeid", ""), own.get("biz_id", "")
        if bool(trade) == bool(business):
            raise parameter("tradeid和biz_id必须且只能传一个")
        account, app_key = request.query["from_account"], request.query["app_key"]
        if business:
            return business, self._work.issue_trade(account, app_key)
        if not self._work.is_issued(trade, account, app_key):
            raise parameter(f"tradeid不是平台发放的:{trade}")
        return trade, trade

    def _carry_out(self, accepted: Work, knobs: Knobs) -> Envelope:
        row = self.store.row("SELECT * FROM u8_ledger WHERE id = ?", accepted.ledger)
        resource = RESOURCES[accepted.resource]
        try:
            if row is None:
                raise no_match("数据源")
            book = Ledger(self.store, row, lenient_archives(knobs))
            number = Booking(book, knobs, self.clock.stamp()).add(resource, accepted.body, accepted.key)
        except Refusal as refusal:
            envelope = _refused(refusal, knobs)
            self._work.finish(accepted, envelope, self._now(), succeeded=False)
            return envelope
        envelope = {**_ok(), "id": number, "tradeid": accepted.tradeid}
        self._work.finish(accepted, envelope, self._now(), succeeded=True)
        return envelope

    def _result(self, request: Request, knobs: Knobs) -> Answer:
        accepted, ready = self._work.poll(request.query.get("requestid", ""), knobs, self._now())
        return Answer(accepted.answer if ready else _acknowledgement(request, accepted, knobs))


def _ok() -> Envelope:
    return {"errcode": ErrorCode.OK.value, "errmsg": ""}


def _refused(refusal: Refusal, knobs: Knobs) -> Envelope:
    return {"errcode": knobs.errcode(refusal.code), "errmsg": refusal.message}


def _acknowledgement(request: Request, accepted: Work, knobs: Knobs) -> Envelope:
    """Answer while an add is under way; it has a ``url`` and no ``errcode`` (u8-openapi 1.5)."""
    return {
        "tradeid": accepted.tradeid,
        "ping_after": str(knobs.ping_after_seconds),
        "url": f"http://{request.host}/result?requestid={accepted.requestid}",
    }


def _expect(request: Request, method: str) -> None:
    if request.method != method:
        raise parameter(f"请求方式应为{method}")


def _published(name: str, verb: str) -> tuple[Resource, Operation]:
    """Resource and call behind a path; lists of documents have a name of their own (u8-openapi 1.3)."""
    table = LISTS if verb == Operation.BATCH_GET.value else RESOURCES
    resource = table.get(name)
    if resource is None or verb not in {operation.value for operation in resource.operations}:
        raise parameter(f"接口不存在:{name}/{verb}")
    return resource, Operation(verb)


def _only_id(own: Mapping[str, str]) -> str:
    if set(own) != {"id"} or not own["id"]:
        raise parameter("get只接受参数id")
    return own["id"]


def _refuse_unknown(own: Mapping[str, str], allowed: frozenset[str]) -> None:
    unknown = sorted(set(own) - allowed)
    if unknown:
        raise parameter(f"不支持的查询参数:{','.join(unknown)}")


def _is_synchronous(own: Mapping[str, str]) -> bool:
    text = own.get("sync", "0")
    if text not in ("0", "1"):
        raise parameter(f"sync只能为0或1:{text}")
    return text == "1"


def _content(request: Request, resource: Resource) -> dict[str, Any]:
    """Content under the one wrapper key of a body (u8-openapi 1.3)."""
    try:
        body = json.loads(request.body.decode("utf-8"), parse_float=Decimal, parse_constant=_not_a_number)
    except ValueError as error:
        raise parameter(f"请求内容不是UTF-8编码的JSON:{error}") from error
    if not isinstance(body, dict) or set(body) != {resource.name}:
        raise parameter(f"请求内容应只有一个根节点{resource.name}")
    content = body[resource.name]
    if not isinstance(content, dict):
        raise parameter(f"{resource.name}的内容应为对象")
    return content


def _not_a_number(text: str) -> Any:
    raise ValueError(f"{text}不是数字")


def _replay_policy(request: Request, knobs: Knobs) -> ReplayPolicy:
    """Policy for this call: that of a replay_policy fault which struck it, else the knob."""
    for rule in request.faults:
        if rule.kind is FaultKind.REPLAY_POLICY:
            return ReplayPolicy(rule.text("policy", knobs.replay_policy))
    return knobs.replay_policy
