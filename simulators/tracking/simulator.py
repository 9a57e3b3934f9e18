"""A tracking service: parcels with their events, asked one by one with a key (ADR 0020)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from simulators.core import Answer, Request, Section, Simulator

DEMO_KEY: Final = "demo-tracking-key"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS tracking_event (
    carrier TEXT NOT NULL, number TEXT NOT NULL, time TEXT NOT NULL, status TEXT NOT NULL,
    text TEXT NOT NULL, place TEXT NOT NULL
);
"""
_PARAMETERS: Final = frozenset({"carrier", "number", "key"})


class TrackingSimulator(Simulator):
    """Stand-in of a tracking service."""

    name = "tracking"
    schema = _SCHEMA
    tables = ("tracking_event",)
    defaults: Mapping[str, object] = {"key": DEMO_KEY}
    secret_parameters = frozenset({"key"})

    def preload(self) -> None:
        """Nothing is on its way at first."""

    def handle(self, request: Request) -> Answer:
        """Answer what is known of one parcel; everything else is refused."""
        if request.path.strip("/") != "tracks":
            return Answer({"error": "no such resource"}, 404)
        if request.method != "GET":
            return Answer({"error": "GET only"}, 405)
        query = request.query
        if query.get("key") != self.settings.text("key"):
            return Answer({"error": "unknown key"}, 401)
        if set(query) != _PARAMETERS or not query["carrier"] or not query["number"]:
            return Answer({"error": "carrier, number and key are needed, and nothing else"}, 400)
        rows = self.store.rows(
            "SELECT time, status, text, place FROM tracking_event WHERE carrier = ? AND number = ?"
            " ORDER BY time",
            query["carrier"],
            query["number"],
        )
        events = [dict(row) for row in rows]
        return Answer({"carrier": query["carrier"], "number": query["number"], "events": events})

    def admin(self, request: Request, parts: list[str]) -> Answer | None:
        """``POST /_admin/tracking/event``: something happens to a parcel."""
        if parts != ["tracking", "event"] or request.method != "POST":
            return None
        event = request.json()
        if not isinstance(event, dict):
            return Answer({"error": "send one event"}, 400)
        datetime.strptime(event["time"], "%Y-%m-%d %H:%M:%S")
        with self.store.transaction():
            self.store.execute(
                "INSERT INTO tracking_event VALUES (?, ?, ?, ?, ?, ?)",
                event["carrier"],
                event["number"],
                event["time"],
                event["status"],
                event["text"],
                event.get("place", ""),
            )
        return Answer({"ok": True})

    def state(self) -> dict[str, object]:
        """How many events there are."""
        return {"events": len(self.store.rows("SELECT 1 FROM tracking_event"))}

    def sections(self) -> list[Section]:
        """The events."""
        return []
