"""A messaging service: takes each reference once and refuses what no phone could receive (ADR 0021)."""

import re
from collections.abc import Mapping
from typing import Final

from simulators.core import Answer, Request, Section, Simulator

DEMO_KEY: Final = "demo-messaging-key"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS short_message (
    id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, medium TEXT NOT NULL, recipient TEXT NOT NULL,
    text TEXT NOT NULL
);
"""
_FIELDS: Final = frozenset({"key", "reference", "medium", "to", "text"})
_MOBILE: Final = re.compile(r"1\d{10}")
_LONGEST: Final = {"sms": 500, "wecom": 2048}


class MessagingSimulator(Simulator):
    """Stand-in of a messaging service."""

    name = "messaging"
    schema = _SCHEMA
    tables = ("short_message",)
    defaults: Mapping[str, object] = {"key": DEMO_KEY}
    secret_parameters = frozenset({"key"})

    def preload(self) -> None:
        """Nothing was sent at first."""

    def handle(self, request: Request) -> Answer:
        """Take one message; everything else is refused."""
        if request.path.strip("/") != "messages":
            return _refused("no such resource", 404)
        if request.method != "POST":
            return _refused("POST only", 405)
        body = request.json()
        if not isinstance(body, dict) or set(body) != _FIELDS or not all(map(_is_text, body.values())):
            return _refused("key, reference, medium, to and text are needed, and nothing else", 400)
        if body["key"] != self.settings.text("key"):
            return _refused("unknown key", 401)
        return self._take(body)

    def _take(self, body: Mapping[str, str]) -> Answer:
        medium, to, text = body["medium"], body["to"], body["text"]
        if medium not in _LONGEST:
            return _refused("medium is sms or wecom", 422)
        if medium == "sms" and not _MOBILE.fullmatch(to):
            return _refused("not a mobile number", 422)
        if len(text) > _LONGEST[medium]:
            return _refused("text too long", 422)
        known = self.store.row("SELECT * FROM short_message WHERE reference = ?", body["reference"])
        if known is not None:
            same = (known["medium"], known["recipient"], known["text"]) == (medium, to, text)
            return Answer({"id": str(known["id"])}) if same else _refused("reference used for another", 409)
        self.store.execute(
            "INSERT INTO short_message (reference, medium, recipient, text) VALUES (?, ?, ?, ?)",
            body["reference"],
            medium,
            to,
            text,
        )
        new = self.store.row("SELECT id FROM short_message WHERE reference = ?", body["reference"])
        assert new is not None
        return Answer({"id": str(new["id"])})

    def state(self) -> dict[str, object]:
        """What was sent, oldest first."""
        rows = self.store.rows("SELECT medium, recipient, text FROM short_message ORDER BY id")
        return {"messages": [dict(row) for row in rows]}

    def sections(self) -> list[Section]:
        """No tables on the page; ``state`` has everything."""
        return []


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _refused(why: str, status: int) -> Answer:
    return Answer({"error": why}, status)
