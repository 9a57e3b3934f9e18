"""Workers that are killed at an exact moment of real work: a forked process that ends itself with SIGKILL.

A moment is every checkpoint of the relay and every outside call, just before it and just after its answer.
They come in the same order every time, so a number names one.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import frappe
import requests

from order_flow.integrations.transport import Request, Response, Transport
from order_flow.outbox.sending.worker import Point
from tests import injected
from tests.site.support.sync_lab import Lab

BROKEN = 255
"""Exit code of a process whose work raised; fewer moments than this are told apart."""


@dataclass
class Fuse:
    """Counts moments and ends the process at the chosen one.

    Args:
        moment: number of the moment, from 1; 0 lets the work end.
    """

    moment: int
    passed: list[str] = field(default_factory=list)

    def at(self, what: str) -> None:
        """A moment has come."""
        self.passed.append(what)
        if len(self.passed) == self.moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def checkpoint(self, point: Point) -> None:
        """A point of the relay."""
        self.at(point.value)


def killed_at(lab: Lab, work: Callable[[], Any], moment: int) -> bool:
    """Do work in a process of its own that is killed at a moment.

    Args:
        lab: its accounts and stand-ins; the process sees a copy.
        work: what the worker does, through the lab.
        moment: when it is killed, from 1.

    Returns:
        Whether the moment came; False where the work ended before it.
    """
    status = _forked(lab, work, Fuse(moment))
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        injected.count("worker killed")
        return True
    assert os.waitstatus_to_exitcode(status) != BROKEN, "the worker's own work failed, see its traceback"
    return False


def moments_of(lab: Lab, work: Callable[[], Any]) -> int:
    """How many moments undisturbed work has; it is done in a process of its own."""
    found = os.waitstatus_to_exitcode(_forked(lab, work, Fuse(0)))
    assert found not in (0, BROKEN), f"the work had {found} moments"
    return found


def _forked(lab: Lab, work: Callable[[], Any], fuse: Fuse) -> int:
    frappe.db.commit()
    child = os.fork()
    if child == 0:
        code = BROKEN
        try:
            _own_connections(lab)
            _wire(lab, fuse)
            work()
            code = len(fuse.passed)
        except BaseException:
            traceback.print_exc()
        finally:
            # Past every handler of the test run, which belongs to the parent.
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    frappe.db.rollback()
    return status


def _own_connections(lab: Lab) -> None:
    """Let go of the parent's sockets without a word to the other end."""
    frappe.db._conn = None
    frappe.connect()
    lab.wdt.session = requests.Session()
    lab.u8.session = requests.Session()


def _wire(lab: Lab, fuse: Fuse) -> None:
    lab.checkpoint = fuse.checkpoint
    original = Transport.call

    def call(transport: Transport, request: Request) -> Response:
        fuse.at(f"before {request.endpoint}")
        answer = original(transport, request)
        fuse.at(f"after {request.endpoint}")
        return answer

    Transport.call = call  # type: ignore[method-assign]
