"""The DocTypes offer exactly the words that the Enums have; messages cannot be cut by the database."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from order_flow.outbox import registry
from order_flow.outbox.handler import ActionHandler, OutboxRow, Prepared
from order_flow.outbox.states import (
    AttemptResult,
    Direction,
    DiscrepancyKind,
    DiscrepancyState,
    ErrorKind,
    RowState,
)

DOCTYPES = Path(__file__).resolve().parents[3] / "order_flow" / "order_flow" / "doctype"


def fields_of(doctype: str) -> dict[str, dict[str, Any]]:
    """The fields of a DocType by name."""
    content = json.loads((DOCTYPES / doctype / f"{doctype}.json").read_text(encoding="utf-8"))
    return {field["fieldname"]: field for field in content["fields"]}


@pytest.mark.parametrize(
    ("doctype", "field", "words"),
    [
        ("sync_outbox", "state", list(RowState)),
        ("sync_outbox", "last_error_kind", ["", *ErrorKind]),
        ("sync_attempt", "result", [*AttemptResult, *ErrorKind]),
        ("sync_attempt", "direction", list(Direction)),
        ("sync_discrepancy", "kind", list(DiscrepancyKind)),
        ("sync_discrepancy", "state", list(DiscrepancyState)),
    ],
)
def test_options_are_the_enum(doctype: str, field: str, words: list[StrEnum | str]) -> None:
    assert fields_of(doctype)[field]["options"].split("\n") == [str(word) for word in words]


def test_every_action_has_words_for_people() -> None:
    """R-015: the list and the form show words where the row keeps a code."""
    script = (DOCTYPES.parents[1] / "public" / "js" / "outbox_words.js").read_text(encoding="utf-8")
    named = re.findall(r'^\t(\w+): __\("', script, re.MULTILINE)
    assert sorted(named) == sorted(registry.Action)


@pytest.mark.parametrize("doctype", ["sync_outbox", "sync_attempt", "sync_position", "sync_discrepancy"])
def test_people_only_read(doctype: str) -> None:
    """R-352: rows are moved by buttons, not by typing; who may read is a role."""
    content = json.loads((DOCTYPES / doctype / f"{doctype}.json").read_text(encoding="utf-8"))
    assert content["in_create"] == 1
    allowed = {right for rule in content["permissions"] for right in rule if right != "role"}
    assert allowed == {"read", "report", "export", "print"}
    breaks = ("Section Break", "Column Break", "Tab Break")
    data_fields = [field for field in content["fields"] if field["fieldtype"] not in breaks]
    assert all(field.get("read_only") for field in data_fields)


def test_identity_fits_its_index() -> None:
    """InnoDB takes 3072 bytes; utf8mb4 needs four a character."""
    lengths = [
        fields_of("sync_outbox")[name].get("length", 140)
        for name in ("account_type", "account", "document_type", "document", "action", "revision")
    ]
    assert sum(lengths) * 4 <= 3072


class Nothing(ActionHandler[None, None]):
    """Sends nothing and cannot look up."""

    def prepare(self, rows: Any) -> Prepared[None]:
        return Prepared(work=None)

    def send(self, work: None, port: None) -> dict[int, Any]:
        return {}


def test_registered_handler_wins_over_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_handlers", {})
    mine = Nothing()
    registry.register(registry.Action.U8_POSTING, mine)
    assert registry.handler_of(registry.Action.U8_POSTING) is mine


def test_unknown_names_say_what_is_known() -> None:
    with pytest.raises(registry.UnknownAction, match="wdt_trade_push"):
        registry.handler_of("nobody")
    with pytest.raises(registry.UnknownAction, match="WDT Account"):
        registry.open_port("Nobody Account", "x", print)


def test_handler_without_look_up_says_so() -> None:
    row = OutboxRow(1, "t", "a", "act", "d", "n", "1", {}, {}, 1, 0, RowState.UNKNOWN, True, "token")
    with pytest.raises(NotImplementedError, match="act is not repeatable"):
        Nothing().look_up(row, None)
