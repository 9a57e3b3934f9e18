"""Calls of one U8 account: common parameters, token, and the judgement of every answer (u8-openapi 1)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from order_flow.domain.message import Message
from order_flow.integrations.errors import IntegrationError, Misconfigured
from order_flow.integrations.transport import Effect, Request, Transport, lost_answer
from order_flow.integrations.u8.answers import Answer, OwnCodes, Verdict, lower_names, plain_text, read_answer
from order_flow.integrations.u8.numbers import number_of
from order_flow.integrations.u8.settings import U8Settings
from order_flow.integrations.u8.tokens import InProcessTokenStore, Token, TokenStore, token_of

_UNAUTHORISED = "http-401"
_TOKEN_IN_DOUBT = frozenset({Verdict.TOKEN_REFUSED, Verdict.NO_ACCESS, Verdict.UNCLEAR})
SECRETS = frozenset({"token", "app_secret", "app_key"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call to ``/api``: path, own parameters, body and whether it may change something."""

    endpoint: str
    effect: Effect
    params: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None

    @property
    def method(self) -> str:
        """POST for what carries a body (u8-openapi 1.3)."""
        return "GET" if self.body is None else "POST"


class Connection:
    """The account's way to the platform.

    Args:
        settings: the ledger.
        transport: makes the calls and logs them with the secrets masked.
        tokens: keeps the token; give workers a shared one.
        clock: seconds since the epoch; a test turns them.
    """

    def __init__(
        self,
        settings: U8Settings,
        transport: Transport,
        tokens: TokenStore | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._tokens = tokens or InProcessTokenStore()
        self._clock = clock
        self._renewal = threading.Lock()
        behaviour = settings.behaviour
        self._codes = OwnCodes(behaviour.token_codes, behaviour.nothing_found_codes)

    def call(self, call: Call) -> Answer:
        """Make a call under ``/api``; an expired token is renewed once.

        Renewing and repeating is safe for adds as well: the platform checks the token before anything else,
        so the refusal says that nothing was done.

        Returns:
            The judged answer; the caller decides whether its verdict is an error.

        Raises:
            IntegrationError: no usable answer, see ``Transport.call``.
        """
        token = self._token()
        answer = self._send_with(token, call)
        if answer.verdict in _TOKEN_IN_DOUBT:
            # An unknown refusal may be a token ended in words nobody published: the next call fetches one.
            self._tokens.discard(token)
        if answer.verdict is not Verdict.TOKEN_REFUSED:
            return answer
        fresh = self._token()
        answer = self._send_with(fresh, call)
        if answer.verdict is Verdict.TOKEN_REFUSED:
            self._tokens.discard(fresh)
        return answer

    def result(self, url: str) -> Answer:
        """Fetch the result of an asynchronous add exactly as the platform named it (u8-openapi 1.5)."""
        return self._send(Request("result", "GET", url, Effect.READ, secrets=SECRETS))

    def transaction_id(self) -> str:
        """Fetch a tradeid (u8-openapi 1.2).

        Raises:
            Transient: the platform did not give one; nothing was done.
        """
        call = Call("system/tradeid", Effect.READ)
        answer = self.call(call)
        if answer.verdict is not Verdict.OK:
            raise answer.error(call.endpoint, Effect.READ)
        trade = answer.fields.get("trade")
        number = plain_text(lower_names(trade).get("id")) if isinstance(trade, Mapping) else ""
        if not number:
            raise lost_answer(self._request(call, {}), Message("the answer has no transaction id"))
        return number

    def _send_with(self, token: Token, call: Call) -> Answer:
        return self._send(self._request(call, self._common(call) | {"token": token.id}))

    def _common(self, call: Call) -> dict[str, str]:
        settings = self._settings
        common = {"from_account": settings.from_account, "app_key": settings.app_key}
        if call.endpoint.startswith("system/"):
            return common
        return common | {"to_account": settings.to_account, "ds_sequence": str(settings.ds_sequence)}

    def _request(self, call: Call, params: Mapping[str, str]) -> Request:
        root = "" if call.endpoint.startswith("system/") else "api/"
        return Request(
            endpoint=call.endpoint,
            method=call.method,
            url=f"{self._settings.base_url.rstrip('/')}/{root}{call.endpoint}",
            effect=call.effect,
            params={**call.params, **params},
            json=call.body,
            secrets=SECRETS,
        )

    def _send(self, request: Request) -> Answer:
        try:
            payload = self._transport.call(request).payload
        except Misconfigured as refusal:
            if refusal.code != _UNAUTHORISED:
                raise
            return self._unauthorised(refusal)
        if not isinstance(payload, Mapping):
            raise lost_answer(request, Message("the answer is not a U8 envelope"))
        return read_answer(payload, request.effect, self._codes)

    def _unauthorised(self, refusal: Misconfigured) -> Answer:
        """HTTP 401 is about the token, whatever else it says (u8-openapi 1.3); nothing was done."""
        said = read_answer(refusal.payload or {}, Effect.READ, self._codes)
        return Answer(Verdict.TOKEN_REFUSED, said.code or _UNAUTHORISED, said.text, said.fields)

    def _token(self) -> Token:
        with self._renewal:
            token = self._tokens.load()
            if token is None or self._clock() >= token.renew_at:
                token = self._fetch_token()
                self._tokens.save(token)
            return token

    def _fetch_token(self) -> Token:
        settings = self._settings
        call = Call("system/token", Effect.READ)
        request = self._request(call, self._common(call) | {"app_secret": settings.app_secret})
        asked_at = self._clock()
        answer = self._send(request)
        if answer.verdict is not Verdict.OK:
            raise self._token_error(answer)
        token = answer.fields.get("token")
        fields = lower_names(token) if isinstance(token, Mapping) else {}
        token_id = plain_text(fields.get("id"))
        try:
            life = float(number_of(fields.get("expiresin")))
        except ValueError as cause:
            raise lost_answer(request, Message("the token's lifetime is not a number")) from cause
        if not token_id or life <= 0:
            raise lost_answer(request, Message("the answer has no token with a lifetime"))
        return token_of(token_id, life, asked_at)

    def _token_error(self, answer: Answer) -> IntegrationError:
        """A token call depends on nothing but the credentials, so an unknown refusal means those."""
        if answer.verdict in (Verdict.PLATFORM_FAULT, Verdict.RUNNING):
            return answer.error("system/token", Effect.READ)
        return Misconfigured(
            Message(
                "U8 account {0}: the platform gives no token ({1}: {2}). Check from account, app key and "
                "app secret.",
                self._settings.account,
                answer.code,
                answer.text,
            ),
            code=answer.code,
        )
