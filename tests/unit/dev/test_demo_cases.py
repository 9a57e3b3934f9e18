"""The player of the procedures' cases: its verbs, its languages, and that its verdict can fail (issue 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from dev.demo.cases import run
from dev.demo.cases.player import Memory, Outcome, Player
from dev.demo.cases.run import CASES, verdict
from dev.demo.cases.script import (
    Act,
    Agree,
    Chapter,
    Clock,
    Copy,
    Day,
    Edit,
    Enter,
    Finds,
    Flow,
    Logged,
    Moment,
    Paper,
    Person,
    Script,
    Shows,
    Stops,
    Text,
    call,
    in_wdt,
    is_in,
    on_order,
)
from dev.demo.cases.words import Language, Words
from dev.demo.rest import Caller, Refusal
from dev.errors import HostError
from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.gates.registry import RULES
from order_flow.domain.states import OrderState, Role

PROCEDURES = {"add", "omm", "apparel", "pmc"}
"""The written ones; the way of goods has no clocks of its own."""
REFUSAL = "Not settled with the customer yet: Delivery Date. Settle them and enter the result."
SAYS = Text("does it", "办理")
STARTED = "2026-03-02 09:00:00"


class Site(Caller):
    """A site in memory: one order that is confirmed once its date is promised."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1", "site")
        self.order: dict[str, Any] = {"name": "SO1", "workflow_state": "Unconfirmed", "total": 10.0}
        self.promised = False
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.clock = {
            "name": "C1", "order_id": "SO1", "rule": "R-224-N", "title": "Process a normal order", "run": 1,
            "state": "Running", "is_late": 0, "owner_role": "Order Desk", "started_at": STARTED,
            "due_at": "2026-03-03 09:00:00",
            "overrun_minutes": 0,
        }  # fmt: skip

    def call(self, method: str, /, **arguments: Any) -> Any:
        self.calls.append((method, arguments))
        if method == "order_flow.api.confirm":
            if not self.promised:
                raise Refusal(417, REFUSAL)
            self.order["workflow_state"] = "Confirmed"
            self.clock["state"] = "Met"
        if method == "order_flow.api.reviews.promise_date":
            self.promised = True
        if method == "frappe.client.attach_file":
            return {"file_url": "/private/files/paper.txt"}
        if method == "order_flow.api.sync.reconcile_orders":
            summaries = [{"summary": "the ledger has another sum"}]
            return [{"order": "SO1", "verdict": "differs", "differences": summaries}]
        if method == "order_flow.api.broken":
            raise Refusal(500, "a fault of the server")
        return {"order": "SO1", "rows": [{"name": "row-1"}]}

    def ask(self, method: str, /, **arguments: Any) -> Any:
        if method == "frappe.desk.query_report.run":
            return {"result": [{"order_id": "SO1", "total": 10}, ["total row"]]}
        return {"reasons": [] if self.promised else [{"code": "open_points", "check_point": "Confirm"}]}

    def insert(self, doctype: str, values: Mapping[str, Any]) -> dict[str, Any]:
        self.calls.append((doctype, dict(values)))
        return self.order

    def change(self, doctype: str, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        self.calls.append((f"{doctype} {name}", dict(values)))
        return self.order

    def read(self, doctype: str, name: str) -> dict[str, Any]:
        return self.order

    def rows(
        self, doctype: str, fields: Iterable[str], filters: Iterable[Iterable[Any]] = ()
    ) -> list[dict[str, Any]]:
        return [self.clock] if doctype == "Order Clock" else [self.order]


TAKES = Act(Person.DESK, SAYS, Enter("Order", {"ordered_on": Day(0)}, {"order": "name"}))
REFUSED = Act(
    Person.DESK,
    SAYS,
    on_order("api.confirm"),
    ("Not settled with the customer yet",),
    (Stops(("open_points",)), is_in("Unconfirmed"), Clock("R-224-N", "Running", hours=24)),
)
PROMISES = Act(Person.SALES, SAYS, on_order("api.reviews.promise_date", day=Day(5)), then=(Stops(()),))
CONFIRMS = Act(
    Person.DESK,
    SAYS,
    on_order("api.confirm"),
    then=(is_in("Confirmed"), Clock("R-224-N", "Met"), Logged("Order Log", {"total": 10})),
)
STORY = (Chapter(SAYS), TAKES, REFUSED, PROMISES, CONFIRMS)


def played(
    *scenes: Act | Chapter, site: Site | None = None, language: Language = Language.ENGLISH
) -> tuple[Outcome, str]:
    """The outcome of a story, and how it was told."""
    site, told = site or Site(), []
    people = dict.fromkeys(Person, site)
    script = Script("test", SAYS, {}, (), scenes)
    outcome = Player(script, people, Words.load(language), Memory({"mark": "M"}), told.append).play()
    return outcome, "\n".join(told)


def test_a_story_that_holds() -> None:
    """Every act, refusal and clock is told, and the verdict is good."""
    outcome, told = played(*STORY)
    assert outcome.held
    assert (outcome.acts, outcome.refusals, outcome.expectations) == (4, 1, 8)
    assert "REFUSED 不允许: " + REFUSAL in told
    assert "Order Desk 订单部" in told
    assert "SO1: Confirmed 已确认" in told
    assert "R-224-N" in told
    assert "due 03-03 09:00" in told


def test_a_story_in_chinese_expects_chinese_messages() -> None:
    """The same texts are looked for in the language that the site was asked for (K-25)."""
    outcome, told = played(*STORY, language=Language.CHINESE)
    assert outcome.failures == ["act 2: the refusal does not say 'Not settled with the customer yet...'"]
    assert "不允许: " in told
    assert "REFUSED" not in told


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (replace(CONFIRMS, then=(is_in("Shipped"),)), "workflow_state is 'Confirmed', expected 'Shipped'"),
        (replace(CONFIRMS, then=(Shows("Order", "{order}", {"total": 11}),)), "total is 10.0, expected 11"),
        (replace(CONFIRMS, then=(Shows("Order", "{order}", {"name": "/SO[0-9]{2}/"}),)), "name is 'SO1'"),
        (replace(CONFIRMS, then=(Stops(("open_points",)),)), "is stopped by []"),
        (replace(CONFIRMS, then=(Clock("R-224-N", "Running"),)), "is Met, expected Running"),
        (replace(CONFIRMS, then=(Clock("R-999", "Met"),)), "clock R-999 of SO1 does not run"),
        (replace(CONFIRMS, then=(Clock("R-224-N", "Met", hours=12),)), "expected 12 hours after"),
        (replace(CONFIRMS, then=(Clock("R-224-N", "Met", due=Day(0)),)), "is due 2026-03-03"),
        (replace(CONFIRMS, then=(Clock("R-224-N", "Met", minutes_working=3000),)), "of office time after"),
        (replace(CONFIRMS, then=(Logged("Order Log", {"total": 9}),)), "total is 10, expected 9"),
        (replace(CONFIRMS, then=(Finds("Order", {}, ({"total": 11},)),)), "no Order is {'total': 11}"),
        (replace(CONFIRMS, then=(Finds("Order", {}, ()),)), "1 Order more than expected"),
        (replace(CONFIRMS, then=(Agree(("{order}",)),)), "the ledger has another sum"),
        (replace(CONFIRMS, deed=in_wdt("print", "{order}")), "the story has no WDT"),
        (replace(CONFIRMS, refused=("Not settled with the customer yet",)), "must be refused"),
    ],
)
def test_a_falsified_expectation_fails_the_case(wrong: Act, found: str) -> None:
    """State, gates, numbers, clocks, the log: what is not so is named, and the case does not hold."""
    outcome, told = played(*STORY[:-1], wrong)
    assert not outcome.held
    assert found in outcome.failures[0]
    assert found in told
    assert outcome.failures[0] in verdict(CASES["add"], outcome)


def test_another_refusal_than_the_expected_one_fails_the_case() -> None:
    outcome, _told = played(TAKES, replace(REFUSED, refused=("Below the minimum quantity",)), *STORY[3:])
    assert outcome.failures == ["act 2: the refusal does not say 'Below the minimum quantity...'"]
    assert outcome.acts == 4


def test_what_must_go_through_and_is_refused_ends_the_story() -> None:
    outcome, told = played(TAKES, CONFIRMS, PROMISES)
    assert not outcome.held
    assert outcome.acts == 2
    assert REFUSAL in told


def test_a_fault_of_the_server_is_no_refusal() -> None:
    """Only 403, 409 and 417 are answers of a rule; anything else must not pass for one."""
    broken = Act(Person.DESK, SAYS, call("api.broken"), ("Not settled with the customer yet",))
    outcome, _told = played(TAKES, broken)
    assert "a fault of the server" in outcome.failures[0]


def test_verbs() -> None:
    """Each verb sends what it should, names and days in their places."""
    site = Site()
    outcome, _told = played(
        TAKES,
        Act(Person.DESK, SAYS, Edit("Order", "{order}", {"items": [{"name": "{order}-1"}]}, {})),
        Act(Person.DESK, SAYS, Flow("Order", "{order}", "Send to Review", {"row": "rows.0.name"})),
        Act(Person.DESK, SAYS, Paper("paper", "yes")),
        Act(Person.DESK, SAYS, on_order("api.note", row="{row}", file="{paper}", quantities={"{row}": 2})),
        site=site,
    )
    assert outcome.held
    sent = dict(site.calls)
    assert sent["Order SO1"] == {"items": [{"name": "SO1-1"}]}
    assert sent["frappe.model.workflow.apply_workflow"]["action"] == "Send to Review"
    assert sent["order_flow.api.note"] == {
        "order": "SO1", "row": "row-1", "file": "/private/files/paper.txt", "quantities": {"row-1": 2},
    }  # fmt: skip


def test_an_answer_without_the_part_to_keep_breaks_the_story() -> None:
    outcome, _told = played(TAKES, Act(Person.DESK, SAYS, call("api.note", {"row": "rows.7.name"})))
    assert "the answer has no 'rows.7.name'" in outcome.failures[0]


def test_days_and_moments() -> None:
    memory = Memory({})
    today = datetime.fromisoformat(memory.fill(Moment(0)))
    assert memory.fill(Day(2, "16:00:00")).endswith(" 16:00:00")
    assert memory.fill(Day(3)) == (today + timedelta(days=3)).date().isoformat()
    assert datetime.fromisoformat(memory.fill(Moment(-90))) < today


def test_languages() -> None:
    """LANG decides; a term of the app carries its Chinese word in an English story."""
    assert Language.of_environment("zh_CN.UTF-8") is Language.CHINESE
    assert Language.of_environment("C.UTF-8") is Language.ENGLISH
    words = Words.load(Language.CHINESE)
    assert words.term("Confirmed") == "已确认"
    assert words.says(f"订单 SO1：{words.pattern('Not settled').pattern[:4]}", "Not settled") is False
    with pytest.raises(LookupError):
        words.pattern("The app never says this")


def test_an_unknown_case_is_named() -> None:
    with pytest.raises(HostError, match="no case 'ad'"):
        run.script_of("ad")


@pytest.mark.parametrize("script", CASES.values(), ids=list(CASES))
@pytest.mark.parametrize("language", Language)
def test_every_message_of_a_case_is_one_of_the_app(script: Script, language: Language) -> None:
    """A case that waits for words which the app has no more would never hold."""
    words = Words.load(language)
    for act in script.acts:
        for beginning in act.refused:
            assert words.pattern(beginning)


@pytest.mark.parametrize("script", CASES.values(), ids=list(CASES))
def test_a_case_names_what_exists(script: Script) -> None:
    """Roles, states and gates are those of the app; names are kept before they are used."""
    known = {"mark", "yymm", "yymmdd"}
    for act in script.acts:
        assert act.who.value in set(Role) | {"System Manager"}
        keeps = {act.deed.label} if isinstance(act.deed, Paper) else set(getattr(act.deed, "keep", ()))
        filled = Memory(dict.fromkeys(known, "x"))
        filled.fill(act.says.en), filled.fill(act.says.zh)
        for part in ("arguments", "values", "name", "options"):
            filled.fill(getattr(act.deed, part, ""))
        if not act.refused:
            known |= keeps
        for expectation in act.then:
            _check_expectation(expectation, Memory(dict.fromkeys(known, "x")))


def _check_expectation(expectation: Any, memory: Memory) -> None:
    memory.fill(getattr(expectation, "values", {}))
    memory.fill(getattr(expectation, "order", ""))
    memory.fill(list(getattr(expectation, "rows", ())) + list(getattr(expectation, "orders", ())))
    memory.fill(getattr(expectation, "filters", {}))
    if isinstance(expectation, Shows):
        state = expectation.values.get("workflow_state")
        assert expectation.doctype != "Order" or state is None or state in set(OrderState)
    if isinstance(expectation, Stops):
        assert [code for code in expectation.codes if code not in {rule.value for rule in RULES}] == []


def test_cases_show_what_the_issue_asks_for() -> None:
    """Refusals and clocks in every procedure; both languages of every line."""
    for script in CASES.values():
        assert [act for act in script.acts if act.refused], script.name
        if script.name in PROCEDURES:
            assert [row for act in script.acts for row in act.then if isinstance(row, Clock)], script.name
        assert all(scene.says.zh for scene in script.acts)
    told = {
        act.deed.arguments["event"] for script in CASES.values() for act in script.acts
        if getattr(act.deed, "method", "") == "order_flow.api.clocks.record_event"
    }  # fmt: skip
    assert told <= {event.value for event in ClockEvent}


def test_a_copy_leaves_behind_what_identifies_the_source() -> None:
    """Rows of a copied procedure are rows of its own."""
    site = Site()
    site.order = {"name": "Apparel", "owner": "x", "gates": [{"name": "r1", "idx": 1, "gate": "Open Points"}]}
    run._copy(Copy("Flow Profile", "Apparel", {"profile_name": "Other"}), site)
    assert site.calls == [
        ("Flow Profile Other", {"gates": [{"gate": "Open Points"}], "profile_name": "Other"})
    ]
