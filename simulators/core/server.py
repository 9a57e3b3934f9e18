"""HTTP/1.1 server around a simulator."""

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from simulators.core.admin import answer_admin, is_admin
from simulators.core.message import Answer, Request
from simulators.core.simulator import Simulator


class SimulatorServer(ThreadingHTTPServer):
    """One thread per connection; connections stay open.

    Args:
        simulator: what answers.
        host: address to bind, loopback unless told otherwise.
        port: 0 picks a free one.
    """

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, simulator: Simulator, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), _Handler)
        self.simulator = simulator

    def handle_error(self, request: object, client_address: object) -> None:
        """Callers that go away in the middle are an everyday thing here and not worth a traceback."""


class _Handler(BaseHTTPRequestHandler):
    server: SimulatorServer
    protocol_version = "HTTP/1.1"
    server_version = "simulator"
    disable_nagle_algorithm = True
    wbufsize = -1

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        content_type = (self.headers.get("Content-Type") or "").split(";")[0].strip().lower()
        request = Request(self.command, self.path, content_type, body, self.headers.get("Host") or "")
        simulator = self.server.simulator
        answer = answer_admin(simulator, request) if is_admin(request) else simulator.respond(request)
        if answer is None:
            self._drop()
        else:
            self._send(answer)
        if not is_admin(request):
            simulator.answer_sent()

    do_GET = do_POST = do_DELETE = do_PUT = _serve

    def _send(self, answer: Answer) -> None:
        data = answer.encoded()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def _drop(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:
        """The journal keeps what matters."""


class RunningServer:
    """A simulator that serves in threads of this process; use as a context manager.

    Args:
        simulator: what answers.
        host: address to bind.
        port: 0 picks a free one.
        tick_seconds: also run due work by itself this often; None: only when a request comes.
    """

    def __init__(
        self, simulator: Simulator, host: str = "127.0.0.1", port: int = 0, tick_seconds: float | None = None
    ) -> None:
        self.simulator = simulator
        self._server = SimulatorServer(simulator, host, port)
        self.host, self.port = host, int(self._server.server_address[1])
        self._stopping = threading.Event()
        # A short poll only shortens how long stop() takes.
        self._threads = [threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)]
        if tick_seconds is not None:
            self._threads.append(threading.Thread(target=self._tick, args=(tick_seconds,), daemon=True))

    @property
    def url(self) -> str:
        """Base address without a trailing slash."""
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        """Begin to serve."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop serving; the simulator and its store stay usable."""
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join(timeout=5)

    def _tick(self, seconds: float) -> None:
        while not self._stopping.wait(seconds):
            self.simulator.advance()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
