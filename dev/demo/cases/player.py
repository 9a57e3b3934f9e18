"""Plays a case over REST and tells it: who did what, what was refused and why, what each clock said."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, assert_never
from zoneinfo import ZoneInfo

from dev.demo.cases.expectations import Eyes, misses
from dev.demo.cases.outside import Outside
from dev.demo.cases.script import (
    Act,
    Call,
    Chapter,
    Day,
    Deed,
    Edit,
    Enter,
    Expectation,
    Flow,
    InWdt,
    Look,
    Moment,
    Paper,
    Person,
    Script,
    Text,
)
from dev.demo.cases.words import Words
from dev.demo.rest import Caller, Refusal
from dev.errors import HostError

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
REFUSED: Final = frozenset({403, 409, 417})
NAME: Final = re.compile(r"\{([a-z]\w*)\}")
INDENT: Final = " " * 6
MARKS: Final[Mapping[str, Text]] = {
    "refused": Text("REFUSED 不允许", "不允许"),
    "failed": Text("NOT AS EXPECTED", "与预期不符"),
    "clock": Text("clock 时限", "时限"),
    "due": Text("due", "到期"),
    "late": Text("LATE 逾期", "逾期"),
}

Tell = Callable[[str], None]


class Broken(Exception):
    """The story cannot go on: something was refused that must go through, or the other way round."""


@dataclass(slots=True)
class Outcome:
    """What a run came to."""

    acts: int = 0
    refusals: int = 0
    expectations: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """Whether everything was as the story has it."""
        return not self.failures


class Memory:
    """What the story has come across: names of documents, addresses of papers.

    Args:
        known: what it begins with.
    """

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = dict(known)

    def fill(self, value: Any) -> Any:
        """Put names, days and times in their places, at any depth.

        Raises:
            KeyError: a name that nothing has kept yet.
        """
        if isinstance(value, str):
            return NAME.sub(lambda found: self.known[found[1]], value)
        if isinstance(value, Day):
            return " ".join(filter(None, (day_of(value).isoformat(), value.time)))
        if isinstance(value, Moment):
            return f"{now() + timedelta(minutes=value.offset):%Y-%m-%d %H:%M:%S}"
        if isinstance(value, Mapping):
            return {self.fill(key): self.fill(part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [self.fill(part) for part in value]
        return value

    def keep(self, answer: Any, wanted: Mapping[str, str]) -> None:
        """Remember parts of an answer; a path such as ``items.0.name`` reaches inside.

        Raises:
            Broken: the answer has no such part.
        """
        for name, path in wanted.items():
            part = answer
            for step in path.split("."):
                try:
                    part = part[int(step) if isinstance(part, list) else step]
                except (KeyError, IndexError, TypeError, ValueError) as error:
                    raise Broken(f"the answer has no '{path}': {answer}") from error
            self.known[name] = str(part)


def now() -> datetime:
    """The time in Shanghai."""
    return datetime.now(SHANGHAI).replace(tzinfo=None)


def day_of(day: Day) -> Any:
    """The date that a day of the script is."""
    return now().date() + timedelta(days=day.offset)


class Player:
    """Plays one script.

    Args:
        script: the case.
        people: callers by person.
        words: the story's language.
        memory: what is known at the beginning.
        tell: takes each line of the story.
        outside: WDT's people, where the story has any.
    """

    def __init__(
        self,
        script: Script,
        people: Mapping[Person, Caller],
        words: Words,
        memory: Memory,
        tell: Tell = print,
        outside: Outside | None = None,
    ) -> None:
        self._script = script
        self._people = people
        self._words = words
        self._memory = memory
        self._tell = tell
        self._outside = outside
        self._eyes = Eyes(people[Person.AUDITOR], people[Person.DESK], people[Person.INTEGRATION])
        self._seen: dict[str, str] = {}
        self._number = 0
        self.outcome = Outcome()

    def play(self) -> Outcome:
        """Play to the end, or to the act that breaks the story.

        Returns:
            What was done and what did not hold.
        """
        for scene in self._script.scenes:
            if isinstance(scene, Chapter):
                self._tell(f"\n{self._fill(self._words.text(scene.title))}")
                continue
            try:
                self._play(scene)
            except Broken as error:
                self._fail(str(error))
                break
        return self.outcome

    def _play(self, act: Act) -> None:
        self._number += 1
        self.outcome.acts += 1
        refusal = self._do(act)
        self._say(act)
        if refusal is not None:
            self.outcome.refusals += 1
            reasons = f"\n{INDENT}  - ".join(_reasons(refusal.text))
            self._tell(f"{INDENT}{self._mark('refused')}: {reasons}")
            for beginning in act.refused:
                self._check(
                    self._words.says(refusal.text, beginning), f"the refusal does not say '{beginning}...'"
                )
        for expectation in act.then:
            self._check(*self._looked(expectation))
        self._look()

    def _looked(self, expectation: Expectation) -> tuple[bool, str]:
        """Whether something is so, and what is not; what comes from outside may take its time."""

        def missing() -> str:
            return misses(self._memory.fill, self._eyes, expectation)

        if self._outside is not None and self._outside.settled(lambda: "" if missing() else "held"):
            return True, ""
        return not (found := missing()), found

    def _do(self, act: Act) -> Refusal | None:
        try:
            self._perform(act)
        except Refusal as refusal:
            if refusal.status not in REFUSED or not act.refused:
                self._say(act)
                raise Broken(f"this must go through, and was refused: {refusal}") from refusal
            return refusal
        if act.refused:
            self._say(act)
            raise Broken("this must be refused, and went through")
        return None

    def _perform(self, act: Act) -> None:
        caller, deed = self._people[act.who], act.deed
        match deed:
            case Call():
                answer = caller.call(deed.method, **self._fill(deed.arguments))
            case Enter():
                answer = caller.insert(deed.doctype, self._fill(deed.values))
            case Edit():
                answer = caller.change(deed.doctype, self._fill(deed.name), self._fill(deed.values))
            case Flow():
                document = caller.read(deed.doctype, self._fill(deed.name))
                answer = caller.call("frappe.model.workflow.apply_workflow", doc=document, action=deed.action)
            case Look():
                answer = caller.read(deed.doctype, self._fill(deed.name))
            case Paper():
                answer = self._upload(caller, deed)
            case InWdt():
                answer = self._in_wdt(deed)
            case _:
                assert_never(deed)
        self._memory.keep(answer, _kept(deed))

    def _in_wdt(self, deed: InWdt) -> Any:
        if self._outside is None:
            raise Broken("the story has no WDT: its script names no articles")
        try:
            return self._outside.act(deed.verb, self._fill(deed.order), deed.which, self._fill(deed.options))
        except HostError as error:
            raise Broken(f"WDT does not let its people: {error.report()}") from error

    def _upload(self, caller: Caller, paper: Paper) -> Any:
        return caller.call(
            "frappe.client.attach_file",
            filename=f"{paper.label}-{now():%H%M%S%f}.txt",
            filedata=base64.b64encode(paper.content.encode()).decode(),
            doctype=paper.doctype,
            docname=self._fill(paper.name),
            decode_base64=1,
            is_private=1,
        )

    def _fill(self, value: Any) -> Any:
        return self._memory.fill(value)

    def _say(self, act: Act) -> None:
        said = self._fill(self._words.text(act.says))
        self._tell(f"{self._number:3}  {_time_of_day(now())}  {self._words.term(act.who.value)}: {said}")

    def _look(self) -> None:
        """Tell what has changed: states of orders and reviews, clocks."""
        orders = [name for key, name in self._memory.known.items() if re.fullmatch(r"order\d*", key)]
        for name, state in self._eyes.states(orders).items():
            if self._changed(name, state):
                self._tell(f"{INDENT}{name}: {self._words.term(state)}")
        for clock in self._eyes.clocks(orders):
            said = self._clock(clock)
            if self._changed(clock["name"], said):
                self._tell(f"{INDENT}{said}")

    def _changed(self, name: str, said: str) -> bool:
        before = self._seen.get(name)
        self._seen[name] = said
        return before != said

    def _clock(self, clock: Mapping[str, Any]) -> str:
        over = f" {clock['overrun_minutes']} min" if clock["overrun_minutes"] else ""
        late = f", {self._mark('late')}{over}" if clock["is_late"] else ""
        due = f" {self._mark('due')} {_short(clock['due_at'])}" if clock["due_at"] else ""
        owner = f" ({self._words.term(clock['owner_role'])})" if clock["owner_role"] else ""
        return (
            f"{self._mark('clock')} {clock['rule']} {self._words.term(clock['title'])}{owner}: "
            f"{self._words.term(clock['state'])}{due}{late}"
        )

    def _mark(self, word: str) -> str:
        return self._words.text(MARKS[word])

    def _check(self, held: bool, what: str) -> None:
        self.outcome.expectations += 1
        if not held:
            self._fail(what)

    def _fail(self, what: str) -> None:
        self.outcome.failures.append(f"act {self._number}: {what}")
        self._tell(f"{INDENT}{self._mark('failed')}: {what}")


def _kept(deed: Deed) -> Mapping[str, str]:
    if isinstance(deed, InWdt):
        return {}
    return {deed.label: "file_url"} if isinstance(deed, Paper) else deed.keep


def _reasons(said: str) -> list[str]:
    """What was said, then each reason; the first reason stands behind the colon of the first line."""
    first, *others = (line.strip() for line in said.splitlines() if line.strip())
    head, colon, reason = first.partition(": ")
    return [f"{head}:", reason, *others] if others and colon else [first, *others]


def _time_of_day(moment: datetime) -> str:
    return f"{moment:%m-%d %H:%M}"


def _short(stamp: str) -> str:
    """Without the year where it is this one."""
    return str(stamp)[5 if str(stamp).startswith(f"{now():%Y}") else 0 : 16]
