"""The people behind the two stand-ins: reviewers and warehouse of WDT, the book keepers of U8."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any, Final

import requests

from dev.errors import HostError

TIMEOUT_SECONDS: Final = 60.0
STEPS: Final = ("audit", "print", "pick", "scan", "weigh", "ship")
REVIEW, IN_WAREHOUSE, SHIPPED, CANCELLED = 30, 55, 95, 5
"""Status codes of a sales trade that the people act on (wdt-openapi 2.2)."""


class Admin:
    """Admin endpoint of a simulator.

    Args:
        base_url: its address, without a trailing slash.
    """

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._local = threading.local()

    def post(self, path: str, body: object) -> dict[str, Any]:
        """Send JSON to an admin path and return the answer.

        Raises:
            HostError: it refused or did not answer.
        """
        return self._checked("POST", path, json=body)

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Read an admin path; raises as ``post``."""
        return self._checked("GET", path, params=query)

    def arm(self, rule: Mapping[str, Any]) -> None:
        """Arm a fault rule (see simulators.core.faults)."""
        self.post("faults", [dict(rule)])

    def disarm(self) -> None:
        """Forget all fault rules."""
        self._checked("DELETE", "faults")

    def turn_clock(self, seconds: float) -> None:
        """Let simulated time pass."""
        self.post("clock", {"advance_seconds": seconds})

    def _checked(self, verb: str, path: str, **options: Any) -> dict[str, Any]:
        answer = self._send(verb, path, **options)
        if answer.status_code != requests.codes.ok:
            raise HostError(
                f"The simulator refused {verb} {path}.",
                f"HTTP {answer.status_code}: {answer.text[:300]}",
                f"Open {self.base_url}/ to see what is in it.",
            )
        return dict(answer.json())

    def _send(self, verb: str, path: str, **options: Any) -> requests.Response:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
        session: requests.Session = self._local.session
        try:
            return session.request(verb, f"{self.base_url}/_admin/{path}", timeout=TIMEOUT_SECONDS, **options)
        except requests.RequestException as error:
            raise HostError(
                f"The simulator at {self.base_url} did not answer.",
                str(error),
                "Run `make up`, which starts it again.",
            ) from error


class WdtPeople(Admin):
    """Reviewers and warehouse staff of WDT."""

    def trades_of(self, tid: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Sales trades and living stockouts of an order; both empty while WDT does not know it."""
        answer = self._send("GET", "wdt/order", params={"tid": tid})
        if answer.status_code == requests.codes.not_found:
            return [], []
        content = answer.json()
        living = [stockout for stockout in content["stockouts"] if stockout["status"] != CANCELLED]
        return list(content["trades"]), living

    def do(self, verb: str, trade_no: str, **options: Any) -> dict[str, Any]:
        """Do one step with a trade; raises HostError where the warehouse cannot."""
        return self.post(f"wdt/{verb}", {"trade_no": trade_no, **options})

    def ship(self, trade: Mapping[str, Any], **options: Any) -> None:
        """Take a trade through all steps that are left, up to the handover to the carrier.

        Args:
            trade: as ``trades_of`` gives it, at review or freshly reviewed.
            options: of the last step: carrier, waybill, lines of a part.
        """
        number = str(trade["trade_no"])
        for step in STEPS if trade["status"] == REVIEW else STEPS[1:]:
            self.do(step, number, **(options if step == "ship" else {}))

    def stock(self, codes: Iterable[str]) -> None:
        """Make articles known to the warehouse."""
        self.post("wdt/specs", {"specs": [{"spec_no": code} for code in codes]})


class U8People(Admin):
    """Book keepers of the U8 ledgers."""

    def open_ledger(self, ledger: Mapping[str, Any]) -> None:
        """Create a ledger unless it exists."""
        self.post("u8/ledgers", dict(ledger))

    def enter_articles(self, to_account: str, articles: Mapping[str, str]) -> None:
        """Enter inventory codes with their names into a ledger."""
        records = [
            {
                "code": code,
                "name": name,
                "sort_code": "01",
                "unitgroup_code": "01",
                "unitgroup_type": "0",
                "main_measure": "01",
            }
            for code, name in articles.items()
        ]
        self.post("u8/archives", {"resource": "inventory", "to_account": to_account, "records": records})
