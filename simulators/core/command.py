"""Command line of a simulator: ``python -m simulators.<name> --host H --port P --db FILE``."""

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Sequence

from simulators.core.server import RunningServer
from simulators.core.simulator import Simulator
from simulators.core.store import Store

TICK_SECONDS = 0.5


def run_command(
    factory: Callable[[Store], Simulator],
    switches: dict[str, dict[str, object]] | None = None,
    argv: Sequence[str] | None = None,
) -> int:
    """Serve until SIGTERM or SIGINT.

    Args:
        factory: builds the simulator on its store.
        switches: option name (without dashes) -> settings it turns on, for example
            ``{"auto": {"auto": True}}``.
        argv: arguments, sys.argv when None.

    Returns:
        Exit code.
    """
    parser = argparse.ArgumentParser(description=factory.__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one, which is printed")
    parser.add_argument("--db", default=":memory:", help="SQLite file; state survives a restart")
    for name in switches or {}:
        parser.add_argument(f"--{name}", action="store_true")
    options = parser.parse_args(argv)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    store = Store(options.db)
    simulator = factory(store)
    for name, changes in (switches or {}).items():
        if getattr(options, name):
            simulator.settings.update(changes)
    simulator.settings_changed()
    try:
        server = RunningServer(simulator, options.host, options.port, TICK_SECONDS)
    except OSError as error:
        print(
            f"cannot listen on {options.host}:{options.port}: {error}; choose another port", file=sys.stderr
        )
        return 1
    with server:
        print(f"{simulator.name} simulator listening on {server.url}", flush=True)
        stopping.wait()
    store.close()
    return 0
