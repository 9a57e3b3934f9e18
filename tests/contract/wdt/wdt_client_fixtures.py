"""Clients of the running WDT stand-in (``wdt_simulator``), with their log records at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from order_flow.domain.orders.facts import OrderFacts
from order_flow.integrations.rate_limit import Unlimited
from order_flow.integrations.transport import AttemptRecord, Timeouts, Transport
from order_flow.integrations.wdt.client import WdtClient
from order_flow.integrations.wdt.codes import RawTradeStatus
from order_flow.integrations.wdt.mapping import raw_trade
from order_flow.integrations.wdt.port import RawTrade
from order_flow.integrations.window import SHANGHAI
from simulators.core import RunningServer
from tests.unit.wdt.wdt_samples import settings

ClientMaker = Callable[..., WdtClient]


def pushed(facts: OrderFacts, status: RawTradeStatus, last_pushed: RawTradeStatus | None = None) -> RawTrade:
    """An order as the demo account pushes it now."""
    return raw_trade(facts, status, settings().trade, datetime.now(SHANGHAI), last_pushed)


@pytest.fixture
def attempts() -> list[AttemptRecord]:
    """Log records of every call of the test's clients."""
    return []


@pytest.fixture
def make_client(wdt_simulator: RunningServer, attempts: list[AttemptRecord]) -> Iterator[ClientMaker]:
    """Makes clients of the demo account; any setting may be changed."""
    transports: list[Transport] = []

    def make(**changes: Any) -> WdtClient:
        account = settings(**({"base_url": f"{wdt_simulator.url}/openapi2", "read_timeout": 5.0} | changes))
        timeouts = Timeouts(account.connect_timeout, account.read_timeout, 20)
        transport = Transport(account.account, attempts.append, Unlimited(), timeouts)
        transports.append(transport)
        return WdtClient(account, transport)

    yield make
    for transport in transports:
        transport.close()


@pytest.fixture
def wdt_client(make_client: ClientMaker) -> WdtClient:
    """A client of the demo account."""
    return make_client()
