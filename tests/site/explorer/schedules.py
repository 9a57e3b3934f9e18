"""Schedules as lines of text: ``Web Shop; Online Payment; release=Paid: pay rest, confirm, sync``."""

from __future__ import annotations

from dataclasses import dataclass, fields
from random import Random
from typing import Final, Self

from order_flow.defaults.flow_profiles import PROFILES, WEB_SHOP
from order_flow.domain.states import CancelWindow, Leads, PaymentTerm, ReleasePolicy
from simulators.u8.contract import ReplayPolicy
from tests.site.explorer.deeds import DEEDS
from tests.site.explorer.steering import Worth, weave

TERMS: Final = tuple(term.value for term in PaymentTerm if term is not PaymentTerm.LETTER_OF_CREDIT)
"""A letter of credit is a document of its own; its orders are told by ``test_letters_of_credit``."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The policies that an order lives under; the defaults are those of a new Sales Channel."""

    profile: str = WEB_SHOP
    term: str = PaymentTerm.ONLINE.value
    confirm: str = Leads.EITHER.value
    ship: str = Leads.EITHER.value
    cancel: str = Leads.EITHER.value
    until: str = CancelWindow.SHIPMENT.value
    release: str = ReleasePolicy.CONFIRMED.value
    receipt: str = "optional"
    """Whether money completes a pay-later order (``optional``) or only its receipt does (``needed``)."""
    ledger: str = "Sales Order"
    outside: str = "yes"
    """Whether the channel has a WDT and a U8 account."""
    replay: str = ReplayPolicy.DUPLICATE.value
    """What U8 does with a key that it has seen; by this one it keeps nothing from being there twice."""


CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "profile": tuple(PROFILES),
    "term": TERMS,
    "confirm": tuple(Leads),
    "ship": tuple(Leads),
    "cancel": tuple(Leads),
    "until": tuple(CancelWindow),
    "release": tuple(ReleasePolicy),
    "receipt": ("optional", "needed"),
    "ledger": ("Sales Order", "Receivable + Receipt"),
    "outside": ("yes", "no"),
    "replay": tuple(ReplayPolicy),
}
_NAMED: Final = tuple(name for name in CHOICES if name not in ("profile", "term"))


@dataclass(frozen=True, slots=True)
class Schedule:
    """One story: policies, and acts by name in their sequence."""

    setting: Setting
    acts: tuple[str, ...]

    def __str__(self) -> str:
        """The line that stands for it."""
        usual = Setting()
        differing = [
            f"{name}={getattr(self.setting, name)}"
            for name in _NAMED
            if getattr(self.setting, name) != getattr(usual, name)
        ]
        return f"{'; '.join([self.setting.profile, self.setting.term, *differing])}: {', '.join(self.acts)}"

    @classmethod
    def read(cls, line: str) -> Self:
        """The schedule that a line stands for.

        Raises:
            ValueError: an unknown policy or act, named.
        """
        head, _colon, tail = line.partition(":")
        profile, term, *more = [part.strip() for part in head.split(";")]
        values = {"profile": profile, "term": term} | {
            name.strip(): value.strip() for name, _is, value in (part.partition("=") for part in more)
        }
        for name, value in values.items():
            if value not in CHOICES.get(name, ()):
                known = CHOICES.get(name, tuple(CHOICES))
                raise ValueError(f"{name}={value} is no policy; there are {', '.join(known)}")
        acts = tuple(act.strip() for act in tail.split(",") if act.strip())
        if unknown := [act for act in acts if act not in DEEDS]:
            raise ValueError(f"unknown acts {unknown}; there are {', '.join(DEEDS)}")
        return cls(Setting(**values), acts)


LIVES: Final = (
    ("sync", "confirm", "pay rest", "sync", "wdt ships", "sync", "receive"),
    ("pay rest", "confirm", "sync", "wdt reviews", "wdt ships", "read stockouts", "receive"),
    ("sync", "wdt lets go", "wdt reviews", "wdt ships", "confirm", "read trades", "pay rest", "receive"),
    ("confirm", "pay rest", "ship part", "ship", "sync", "wdt follows", "receive"),
    ("confirm", "sync", "wdt ships part", "sync", "wdt ships", "sync", "pay rest", "receive"),
    ("confirm", "pay half", "sync", "cancel", "sync", "wdt stops parcel", "refund all"),
    ("edit up", "confirm", "record money", "confirm money", "sync", "wdt reviews", "cancel", "sync"),
)
"""Ordinary lives, which chance then shuffles: without them most acts would come too early to be possible."""
CONTRACT: Final = ("prove", "answer review", "drawings", "to planning")
"""What a life under a written procedure has besides."""


ANSWERS: Final = ("sync", "release", "wdt unfreezes", "wdt stops parcel", "wdt follows")
"""What follows every story: a hold, a freeze, an interception and a parcel of the desk's wait for people, who
answer now."""


def draw(random: Random, worth: Worth = lambda pair: 0.0, start: Schedule | None = None) -> Schedule:
    """Draw a schedule; likely acts come more often, any sequence is possible.

    Args:
        random: source of chance.
        worth: which pairs of acts the story should have.
        start: a story to begin with; None takes one of the ordinary lives, or none at all.
    """
    if start is None:
        setting = Setting(**{field.name: _policy(random, field.name) for field in fields(Setting)})
        acts = _life(random, setting)
    else:
        setting, acts = start.setting, list(start.acts)
    for act in _any(random, random.randint(0, 4)):
        acts.insert(random.randint(0, len(acts)), act)
    return Schedule(setting, tuple(weave(random, acts, worth, ANSWERS)))


def _life(random: Random, setting: Setting) -> list[str]:
    acts = list(random.choice(LIVES)) if random.random() < 0.7 else _any(random, 6)
    if setting.profile != WEB_SHOP:
        acts[1:1] = CONTRACT
    for _swap in range(random.randint(0, 4)):
        here, there = random.randrange(len(acts)), random.randrange(len(acts))
        acts[here], acts[there] = acts[there], acts[here]
    return acts


def _any(random: Random, count: int) -> list[str]:
    return random.choices(tuple(DEEDS), [deed.weight for deed in DEEDS.values()], k=count)


def _policy(random: Random, name: str) -> str:
    # Most policies are the shipped ones, so that stories are not all refused at their first gate.
    return getattr(Setting(), name) if random.random() < 0.7 else str(random.choice(CHOICES[name]))
