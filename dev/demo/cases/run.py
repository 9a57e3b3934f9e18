"""Runs one case on the demo site: its people and its channel, the story, the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dev.demo.cases.add import ADD
from dev.demo.cases.apparel import APPAREL
from dev.demo.cases.omm import OMM
from dev.demo.cases.outside import Outside
from dev.demo.cases.player import Memory, Outcome, Player, day_of, now
from dev.demo.cases.pmc import PMC
from dev.demo.cases.script import Copy, Day, Person, Script
from dev.demo.cases.warehouse import WAREHOUSE
from dev.demo.cases.words import Language, Words
from dev.demo.rest import Caller
from dev.demo.stage import person_with_role, set_stage
from dev.errors import HostError
from dev.state import HostState

IDENTITY: Final = frozenset(
    {"name", "parent", "owner", "creation", "modified", "modified_by", "docstatus", "doctype", "idx"}
)
"""Fields by which the framework knows a document or a row."""
CASES: Final[Mapping[str, Script]] = {script.name: script for script in (ADD, OMM, APPAREL, PMC, WAREHOUSE)}


def run_case(state: HostState, name: str, language: Language) -> int:
    """Play a case and judge it.

    Args:
        state: the running host.
        name: one of ``CASES``.
        language: what the story is told in, and the site answers in.

    Returns:
        0 where everything was as the story has it, otherwise 1.

    Raises:
        HostError: no such case, or something does not answer.
        Refusal: the site refused the case's set-up.
    """
    script, words = script_of(name), Words.load(language)
    # The stage has people of its own: keys are made anew for those who play.
    stage = set_stage(state, (), script.articles) if script.articles else None
    people = _people(state, language)
    outside = Outside(stage.wdt, people[Person.INTEGRATION]) if stage else None
    _lay_ready(script, people)
    print(f"{words.text(script.title)}\n{'=' * 60}")
    outcome = Player(script, people, words, Memory(_beginning()), outside=outside).play()
    print(f"\n{verdict(script, outcome)}", flush=True)
    return 0 if outcome.held else 1


def script_of(name: str) -> Script:
    """The case of this name.

    Raises:
        HostError: there is none.
    """
    if name not in CASES:
        raise HostError(
            f"There is no case '{name}'.",
            f"The cases are: {', '.join(CASES)}.",
            "Name one: make demo CASE=add",
        )
    return CASES[name]


def _people(state: HostState, language: Language) -> dict[Person, Caller]:
    admin = Caller(state.web_url, "Administrator")
    admin.login(state.admin_password)
    return {person: person_with_role(admin, person.value, language.value) for person in Person}


def _lay_ready(script: Script, people: Mapping[Person, Caller]) -> None:
    for prop in script.props:
        if isinstance(prop, Copy):
            _copy(prop, people[Person.KEEPER])
        elif not people[prop.who].rows(prop.doctype, ["name"], [["name", "=", prop.name]]):
            people[prop.who].insert(prop.doctype, prop.values)
    for channel, profile in script.channels.items():
        people[Person.KEEPER].save(
            "Sales Channel", channel, {"channel_name": channel, "flow_profile": profile}
        )


def _copy(prop: Copy, keeper: Caller) -> None:
    source = keeper.read(prop.doctype, prop.source)
    keeper.save(prop.doctype, prop.name, {**_content(source), **prop.values})


def _content(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a document says, without what identifies it and its rows."""
    return {
        name: [_content(row) for row in value] if isinstance(value, list) else value
        for name, value in document.items()
        if name not in IDENTITY
    }


def _beginning() -> dict[str, str]:
    """What every story may name: a mark of its own for fresh names, and today in the forms of numbers."""
    today = day_of(Day(0))
    return {"mark": f"{now():%m%d-%H%M%S}", "yymm": f"{today:%y%m}", "yymmdd": f"{today:%y%m%d}"}


def verdict(script: Script, outcome: Outcome) -> str:
    """The last lines of a case: what did not hold, and the result."""
    lines = [f"NOT AS EXPECTED {failure}" for failure in outcome.failures]
    told = (
        f"{outcome.acts} of {len(script.acts)} acts, {outcome.refusals} refusals, "
        f"{outcome.expectations} expectations"
    )
    result = "everything held" if outcome.held else f"{len(outcome.failures)} did not hold"
    return "\n".join([*lines, f"case {script.name}: {told}, {result}"])
