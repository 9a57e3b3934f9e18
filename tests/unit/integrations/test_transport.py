"""The one HTTP call: classes of failure, time limits, log records without secrets."""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from order_flow.integrations import transport as module
from order_flow.integrations.errors import (
    Blocked,
    IntegrationError,
    Misconfigured,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Transient,
)
from order_flow.integrations.rate_limit import InProcessRateLimiter, Unlimited
from order_flow.integrations.transport import (
    AttemptRecord,
    Effect,
    Request,
    Route,
    Timeouts,
    Transport,
    retry_after,
)

READ, WRITE = Effect.READ, Effect.WRITE
GOOD = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"code": 0}'


def http(status: int, body: bytes = b"{}", *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def whole_request(connection: socket.socket) -> bytes:
    """Head and body of one request; they may arrive in several pieces."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65_536)
        if not piece:
            return received
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    while length and len(body) < int(length[1]):
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


class Peer:
    """A listening socket that answers each connection with fixed bytes, then closes it.

    Args:
        answer: bytes to send; None keeps silent until the test ends.
    """

    def __init__(self, answer: bytes | None) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._silence = threading.Event()
        self.received: list[bytes] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/base/call.php"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                self.received.append(whole_request(connection))
                if self._answer is None:
                    self._silence.wait(10)
                else:
                    connection.sendall(self._answer)

    def close(self) -> None:
        self._silence.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


@pytest.fixture
def peer() -> Iterator[Callable[[bytes | None], Peer]]:
    started: list[Peer] = []

    def start(answer: bytes | None) -> Peer:
        started.append(Peer(answer))
        return started[-1]

    yield start
    for item in started:
        item.close()


def unused_url() -> str:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return f"http://127.0.0.1:{closed.getsockname()[1]}/x"


def call(url: str, effect: Effect, **options: Any) -> tuple[Any, AttemptRecord]:
    """Make a call; returns its answer or its error, and its log record."""
    records: list[AttemptRecord] = []
    timeouts = options.pop("timeouts", Timeouts(connect=2, read=2, total=5))
    transport = Transport("demo", records.append, Unlimited(), timeouts, options.pop("route", None))
    outcome: Any
    try:
        outcome = transport.call(Request("call", options.pop("method", "POST"), url, effect, **options))
    except IntegrationError as error:
        outcome = error
    finally:
        transport.close()
    (record,) = records
    return outcome, record


def test_an_answer_is_decoded_and_recorded(peer: Callable[[bytes | None], Peer]) -> None:
    far = peer(GOOD)
    response, record = call(far.url, WRITE, form={"limit": "100", "名": "值"})
    assert (response.status, response.payload) == (200, {"code": 0})
    assert (record.account, record.endpoint, record.status, record.error_kind) == ("demo", "call", 200, "")
    assert json.loads(record.request) == {"form": {"limit": "100", "名": "值"}}
    assert json.loads(record.answer) == {"code": 0}
    assert record.started_at.tzinfo is not None
    assert far.received[0].startswith(b"POST /base/call.php HTTP/1.1")
    assert far.received[0].endswith(b"limit=100&%E5%90%8D=%E5%80%BC")


@pytest.mark.parametrize("effect", [READ, WRITE])
def test_no_connection_means_that_nothing_was_sent(effect: Effect) -> None:
    error, record = call(unused_url(), effect)
    assert type(error) is Transient
    assert (record.status, record.error_kind) == (None, "Transient")
    assert "nothing was sent" in record.error


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(None, id="silence"),
        pytest.param(b"", id="closed"),
        pytest.param(http(200, b'{"code": 0}')[:-4], id="truncated"),
        pytest.param(http(200, b"<html>"), id="html"),
        pytest.param(http(200, b""), id="empty"),
        pytest.param(http(200, b'{"a": NaN}'), id="not-a-number"),
        pytest.param(http(200, b"\xff\xfe\xfd"), id="not-text"),
        pytest.param(b"nonsense\r\n\r\n", id="not-http"),
        pytest.param(http(500), id="500"),
        pytest.param(http(502, b"<html>"), id="502"),
        pytest.param(http(504), id="504"),
        pytest.param(http(408), id="408"),
    ],
)
@pytest.mark.parametrize(("effect", "kind"), [(READ, Transient), (WRITE, OutcomeUnknown)])
def test_a_lost_answer_leaves_a_write_unknown(
    peer: Callable[[bytes | None], Peer], answer: bytes | None, effect: Effect, kind: type[IntegrationError]
) -> None:
    far = peer(answer)
    error, record = call(far.url, effect, timeouts=Timeouts(connect=1, read=0.2, total=1))
    assert type(error) is kind
    assert record.error_kind == kind.__name__
    assert len(far.received) == 1  # nothing is repeated here


@pytest.mark.parametrize(
    ("answer", "kind", "wait"),
    [
        (http(429, b"{}", "Retry-After: 17"), RateLimited, 17.0),
        (http(429), RateLimited, None),
        (http(503, b"{}", "Retry-After: 3"), RateLimited, 3.0),
        (http(401, b"<html>"), Blocked, None),
        (http(403, b"<html>"), Blocked, None),
        (http(403, b'{"blocked": 1}'), Blocked, None),
        (http(404, b"<html>"), Blocked, None),
        (http(405, b"<html>"), Blocked, None),
        (http(403, b'{"code": 1}'), Misconfigured, None),
        (http(401, b'{"errcode": "1"}'), Misconfigured, None),
        (http(407, b"<html>"), Misconfigured, None),
        (http(302, b"", "Location: http://127.0.0.1:1/"), Blocked, None),
        (http(400, b'{"why": "bad"}'), Rejected, None),
        (http(413), Rejected, None),
    ],
)
def test_http_statuses_by_what_to_do_next(
    peer: Callable[[bytes | None], Peer], answer: bytes, kind: type[IntegrationError], wait: float | None
) -> None:
    error, record = call(peer(answer).url, WRITE)
    assert type(error) is kind
    assert error.retry_after == wait
    assert error.code == f"http-{record.status}"


def test_the_answer_of_a_refusal_is_in_the_record(peer: Callable[[bytes | None], Peer]) -> None:
    _, record = call(peer(http(400, b'{"why": "bad"}')).url, WRITE)
    assert json.loads(record.answer) == {"why": "bad"}


def test_an_answer_that_drips_is_given_up(peer: Callable[[bytes | None], Peer]) -> None:
    far = peer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\n{\r\n" * 50)
    error, _ = call(far.url, WRITE, timeouts=Timeouts(connect=1, read=1, total=0))
    assert type(error) is OutcomeUnknown
    assert "took longer" in str(error)


class Dripper:
    """Sends an answer one byte at a time, ``seconds`` apart, until it is hung up on."""

    def __init__(self, answer: bytes, seconds: float) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/x"
        self._answer, self._seconds = answer, seconds
        self._stop = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            whole_request(connection)
            for byte in self._answer:
                if self._stop.wait(self._seconds):
                    return
                try:
                    connection.sendall(bytes([byte]))
                except OSError:
                    return

    def close(self) -> None:
        self._stop.set()
        self._listener.close()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(http(200, b"{" + b" " * 500 + b"}"), id="body"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 60, id="head"),
        pytest.param(b"HTTP/1.1 200 " + b"O" * 500, id="status-line"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\n{\r\n" * 99, id="chunks"
        ),
    ],
)
def test_the_total_time_holds_however_slowly_the_answer_comes(answer: bytes) -> None:
    """F7: each piece came in time, the whole took six times its limit."""
    far = Dripper(answer, 0.02)
    started = time.monotonic()
    error, _ = call(far.url, WRITE, timeouts=Timeouts(connect=1, read=1, total=0.5))
    took = time.monotonic() - started
    far.close()
    assert type(error) is OutcomeUnknown
    assert "took longer than 0.5 s" in str(error)
    assert took < 3  # the answer needs ten seconds


class TestRoute:
    """F8: the company's proxy and certificate authority."""

    def test_calls_go_through_the_proxy(self, peer: Callable[[bytes | None], Peer]) -> None:
        proxy = peer(GOOD)
        address = proxy.url.removesuffix("/base/call.php").replace("http://", "http://me:pa55word@")
        outcome, record = call("http://far.invalid/x", WRITE, route=Route(proxy=address))
        assert outcome.payload == {"code": 0}
        assert proxy.received[0].startswith(b"POST http://far.invalid/x HTTP/1.1")
        assert b"Proxy-Authorization: Basic" in proxy.received[0]
        assert "pa55word" not in str(record)

    @pytest.mark.parametrize("url", ["http://far.invalid/x", "https://far.invalid/x"])
    def test_a_proxy_that_is_down_sent_nothing(self, url: str) -> None:
        error, _ = call(url, WRITE, route=Route(proxy=unused_url()))
        assert type(error) is Transient

    @pytest.mark.parametrize("status", [403, 407, 502])
    def test_a_proxy_that_opens_no_way_is_a_setting(
        self, peer: Callable[[bytes | None], Peer], status: int
    ) -> None:
        error, _ = call("https://far.invalid/x", WRITE, route=Route(proxy=peer(http(status, b"")).url))
        assert type(error) is (Transient if status == 502 else Misconfigured)
        assert "proxy" in str(error)

    def test_a_text_that_is_no_certificate_is_a_setting(self) -> None:
        error, _ = call(unused_url(), WRITE, route=Route(certificates="not PEM"))
        assert type(error) is Misconfigured
        assert "PEM" in str(error)

    def test_an_own_certificate_authority_is_trusted(self, tmp_path: Path) -> None:
        far = SecurePeer(tmp_path)
        refused, _ = call(far.url, WRITE)
        assert type(refused) is Misconfigured
        assert "not trusted" in str(refused)
        outcome, _ = call(far.url, WRITE, route=Route(certificates=far.certificate))
        assert outcome.payload == {"code": 0}
        far.close()


class SecurePeer:
    """Speaks TLS with a certificate that nobody but its owner knows."""

    def __init__(self, folder: Path) -> None:
        private = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "far")])
        now = datetime.now(UTC)
        address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
        signed = (
            x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(address, critical=False)
            .sign(private, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        both = folder / "both.pem"
        self.certificate = signed.public_bytes(pem).decode()
        both.write_bytes(
            private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            + self.certificate.encode()
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._context = context
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}/x"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
                with self._context.wrap_socket(plain, server_side=True) as connection:
                    whole_request(connection)
                    connection.sendall(GOOD)
            except ssl.SSLError:
                continue
            except OSError:
                return

    def close(self) -> None:
        self._listener.close()


def test_an_answer_without_end_is_given_up(
    peer: Callable[[bytes | None], Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ANSWER_BYTES", 1000)
    error, _ = call(peer(http(200, b"[" * 5000)).url, WRITE)
    assert type(error) is OutcomeUnknown
    assert "larger than" in str(error)


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1/x", "http://", "http://[::1/x"])
def test_a_bad_address_is_a_setting_to_correct(url: str) -> None:
    error, _ = call(url, WRITE)
    assert type(error) is Misconfigured
    assert "address" in str(error)


def test_no_secret_reaches_the_record(peer: Callable[[bytes | None], Peer]) -> None:
    body = b'{"code": 1, "message": "sign abcdef123456 is wrong", "token": "t0ken-value", "Sign": "x"}'
    _, record = call(
        peer(http(200, body)).url + "?token=t0ken-value",
        WRITE,
        params={"token": "t0ken-value", "page": "1"},
        form={"sign": "abcdef123456", "trade_list": '[{"tid": "A", "receiver_mobile": "13800000000"}]'},
        json=None,
        secrets=frozenset({"sign", "token", "Receiver_Mobile"}),
    )
    everything = " ".join(str(part) for part in (record.url, record.request, record.answer, record.error))
    for secret in ("abcdef123456", "t0ken-value", "13800000000"):
        assert secret not in everything
    sent = json.loads(record.request)
    assert sent["params"] == {"token": "***", "page": "1"}
    assert sent["form"] == {"sign": "***", "trade_list": [{"tid": "A", "receiver_mobile": "***"}]}
    assert json.loads(record.answer)["Sign"] == "***"


def test_long_bodies_are_cut_in_the_record(peer: Callable[[bytes | None], Peer]) -> None:
    _, record = call(peer(http(200, b'"' + b"a" * 50_000 + b'"')).url, READ, form={"x": "b" * 50_000})
    assert len(record.answer) < 21_000
    assert "more characters" in record.answer
    assert len(record.request) < 21_000


def test_a_json_body_is_sent_as_json(peer: Callable[[bytes | None], Peer]) -> None:
    far = peer(GOOD)
    _, record = call(far.url, WRITE, json={"a": [1]}, params={"q": "1"})
    assert far.received[0].startswith(b"POST /base/call.php?q=1 ")
    assert b'{"a": [1]}' in far.received[0]
    assert json.loads(record.request) == {"params": {"q": "1"}, "json": {"a": [1]}}


def test_a_log_that_fails_does_not_change_the_outcome(
    peer: Callable[[bytes | None], Peer], caplog: pytest.LogCaptureFixture
) -> None:
    def broken(record: AttemptRecord) -> None:
        raise OSError("disk full")

    transport = Transport("demo", broken, Unlimited(), Timeouts(1, 1, 2))
    assert transport.call(Request("call", "GET", peer(GOOD).url, READ)).payload == {"code": 0}
    assert "could not be stored" in caplog.text


def test_the_limiter_is_asked_first() -> None:
    records: list[AttemptRecord] = []
    limiter = InProcessRateLimiter(1)
    limiter.acquire("demo")
    transport = Transport("demo", records.append, limiter)
    with pytest.raises(RateLimited):
        transport.call(Request("call", "POST", unused_url(), WRITE))
    assert records == []  # no call, no attempt


def test_connections_are_kept_and_reused() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    accepted: list[socket.socket] = []

    def serve() -> None:
        connection, _ = listener.accept()
        accepted.append(connection)
        for _ in range(2):
            whole_request(connection)
            connection.sendall(GOOD)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    transport = Transport("demo", lambda record: None, Unlimited(), Timeouts(1, 2, 4))
    request = Request("call", "GET", f"http://127.0.0.1:{listener.getsockname()[1]}/x", READ)
    assert [transport.call(request).status for _ in range(2)] == [200, 200]
    thread.join(5)
    assert len(accepted) == 1
    transport.close()
    accepted[0].close()
    listener.close()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({}, None), ({"Retry-After": "5"}, 5.0), ({"Retry-After": "soon"}, None), ({"Retry-After": ""}, None)],
)
def test_retry_after(headers: Mapping[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_retry_after_may_be_a_date() -> None:
    wait = retry_after({"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=60))})
    assert wait is not None
    assert 50 < wait <= 60
    past = retry_after({"Retry-After": format_datetime(datetime.now(UTC) - timedelta(seconds=60))})
    assert past == 0.0


def test_a_closed_way_out_lets_stand_ins_be_called_and_nobody_else(
    peer: Callable[[bytes | None], Peer],
) -> None:
    """A rehearsal: the far side's address decides before a socket is opened (R-389)."""
    answered, _record = call(peer(GOOD).url, Effect.READ, route=Route(closed=True))
    assert not isinstance(answered, IntegrationError)
    outside = Transport("demo", pytest.fail, Unlimited(), Timeouts(), Route(closed=True))
    with pytest.raises(Transient, match="no call leaves this machine"):
        outside.call(Request("call", "POST", "http://192.0.2.1/x", Effect.WRITE))
