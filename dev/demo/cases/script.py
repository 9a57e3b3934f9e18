"""What a case is made of: people, acts, and what each of them must lead to. Cases are data of these kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from dev.demo.setting import Article

API: Final = "order_flow."


class Person(StrEnum):
    """Who acts; the value is the role on the site, each played by a user who has only this role."""

    # First: the framework makes the first user of an empty site its System Manager.
    KEEPER = "System Manager"
    DESK = "Order Desk"
    SALES = "Sales"
    SALES_MANAGER = "Sales Manager"
    MARKETING_DIRECTOR = "Marketing Director"
    GENERAL_MANAGER = "General Manager"
    TECHNOLOGY = "Technology"
    PURCHASING = "Purchasing"
    PLANNING = "Planning"
    PLANNING_DIRECTOR = "Planning Director"
    PRODUCTION = "Production"
    QUALITY = "Quality"
    WAREHOUSE = "Warehouse"
    LOGISTICS = "Logistics"
    FINANCE = "Finance"
    AFTER_SALES = "After-sales"
    AUDITOR = "Order Auditor"
    INTEGRATION = "Order Integration"


@dataclass(frozen=True, slots=True)
class Text:
    """The words of the story in its two languages; ``{name}`` stands for what was kept."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Day:
    """A date so many days from today, in the site's time; with a time of day it is a moment."""

    offset: int
    time: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time so many minutes from now, in the site's time."""

    offset: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """POST a method of the app; ``keep`` names parts of the answer for later: ``{name: key}``."""

    method: str
    arguments: Mapping[str, Any]
    keep: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Enter:
    """Create a document over ``/api/resource``; ``keep`` as of ``Call``, ``items.0.name`` reaches inside."""

    doctype: str
    values: Mapping[str, Any]
    keep: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Edit:
    """Write values into a document over ``/api/resource``."""

    doctype: str
    name: str
    values: Mapping[str, Any]
    keep: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Flow:
    """Take a step of the desk's workflow on a document."""

    doctype: str
    name: str
    action: str
    keep: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """Open a document; ``keep`` as of ``Enter``."""

    doctype: str
    name: str
    keep: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Paper:
    """Upload a paper to a document; its address is kept under ``label``."""

    label: str
    content: str
    doctype: str = "Order"
    name: str = "{order}"


@dataclass(frozen=True, slots=True)
class InWdt:
    """WDT's people do something with a trade of an order; the site hears of it by its own reading.

    Args:
        verb: what they do, e.g. audit, print, split.
        order: whose trade.
        which: of its living trades, oldest first.
        options: of the verb; ``{name}`` as everywhere.
    """

    verb: str
    order: str
    which: int
    options: Mapping[str, Any]


Deed = Call | Enter | Edit | Flow | Look | Paper | InWdt


@dataclass(frozen=True, slots=True)
class Shows:
    """A document has these values; a text may be a pattern between slashes, an empty one means empty."""

    doctype: str
    name: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stops:
    """``why`` names exactly these gates of the company's procedure; none where empty."""

    codes: tuple[str, ...]
    order: str = "{order}"


@dataclass(frozen=True, slots=True)
class Clock:
    """The newest clock of a rule on the order: its state, and when it is due.

    Args:
        rule: the Clock Rule, which is a requirement's number.
        state: Running, Paused, Met ...
        hours: due so many hours after its start, to the second.
        minutes_working: due so much office time after its start, or later, and within office hours.
        due: due on this day.
        order: whose clock.
    """

    rule: str
    state: str
    hours: int = 0
    minutes_working: int = 0
    due: Day | None = None
    order: str = "{order}"


@dataclass(frozen=True, slots=True)
class Logged:
    """The order stands in the ORDER LOG with these values."""

    report: str
    values: Mapping[str, Any]
    order: str = "{order}"


@dataclass(frozen=True, slots=True)
class Finds:
    """There are exactly these documents, in any sequence.

    Args:
        doctype: their kind.
        filters: which of them are looked at.
        rows: values that each must have.
    """

    doctype: str
    filters: Mapping[str, Any]
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Agree:
    """Site, WDT and U8 say the same of these orders."""

    orders: tuple[str, ...]


Expectation = Shows | Stops | Clock | Logged | Finds | Agree


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the story.

    Args:
        who: who acts.
        says: what he does.
        deed: how, over REST.
        refused: how the messages begin that refuse it, in English as the app's texts have them; all of them
            must be said. Empty: it must go through.
        then: what must hold afterwards.
    """

    who: Person
    says: Text
    deed: Deed
    refused: tuple[str, ...] = ()
    then: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading of the story."""

    title: Text


Scenes = tuple[Act | Chapter, ...]


@dataclass(frozen=True, slots=True)
class Prop:
    """A document that must be there before the story begins; made once, kept for the next run."""

    who: Person
    doctype: str
    name: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Copy:
    """A document of the app's data under another name, with some values of its own; renewed in every run.

    The first of the values names it.
    """

    doctype: str
    source: str
    values: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The copy's name."""
        return str(next(iter(self.values.values())))


@dataclass(frozen=True, slots=True)
class Script:
    """A case: its procedure's channel, what lies ready, and the story."""

    name: str
    title: Text
    channels: Mapping[str, str]
    """Flow Profile by Sales Channel."""
    props: tuple[Prop | Copy, ...]
    scenes: Scenes
    articles: tuple[Article, ...] = ()
    """What WDT and U8 know, too; where there is any, the channels of the demo's table lie ready."""

    @property
    def acts(self) -> tuple[Act, ...]:
        """The story without its headings."""
        return tuple(scene for scene in self.scenes if isinstance(scene, Act))


def call(method: str, keep: Mapping[str, str] | None = None, /, **arguments: Any) -> Call:
    """Call ``order_flow.<method>``; where no order is named, the story's own."""
    return Call(API + method, arguments, keep or {})


def on_order(method: str, keep: Mapping[str, str] | None = None, /, **arguments: Any) -> Call:
    """Call a method about the story's order."""
    return Call(API + method, {"order": "{order}", **arguments}, keep or {})


def in_wdt(verb: str, order: str, which: int = 0, /, **options: Any) -> InWdt:
    """WDT's people act on one of an order's trades."""
    return InWdt(verb, order, which, options)


def answer(department: Person | str, word: str = "Yes", remark: str = "", **more: Any) -> Call:
    """Answer on the review checklist for a department."""
    arguments = {"checklist": "{review}", "department": str(department), "answer": word, "remark": remark}
    return Call(API + "api.reviews.answer", {**arguments, **more}, {})


def is_in(state: str, order: str = "{order}") -> Shows:
    """The order's state."""
    return Shows("Order", order, {"workflow_state": state})


def says_yes(department: Person, en: str = "answers Yes", zh: str = "答复：是", **more: Any) -> Act:
    """A department agrees on the review checklist."""
    return Act(department, Text(en, zh), answer(department, **more))


def paper(who: Person, en: str, zh: str, label: str = "paper", name: str = "{order}") -> Act:
    """Somebody uploads a paper of the order."""
    return Act(who, Text(f"uploads {en}", f"上传{zh}"), Paper(label, zh, name=name))


def order_values(customer: str, **values: Any) -> dict[str, Any]:
    """What every order of the stories has in common: whom to ask and where it goes."""
    return {
        "customer": customer,
        "contact_person": "陈经理",
        "mobile": "13800000001",
        "province": "广东省",
        "city": "佛山市",
        "address_line": "工业大道1号",
        **values,
    }
