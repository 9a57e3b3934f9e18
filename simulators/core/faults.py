"""Faults that a test arms over the admin endpoint."""

import fnmatch
import random
import threading
from dataclasses import dataclass, field
from enum import StrEnum

from simulators.core.errors import AdminError


class FaultKind(StrEnum):
    """What goes wrong. ``args`` in brackets; ``when`` is "before" or "after" the effect is stored."""

    DELAY = "delay"  # {seconds, when: before}
    DROP_BEFORE = "drop_before"  # connection closed, nothing happened
    DROP_AFTER_COMMIT = "drop_after_commit"  # effect stored, connection closed without an answer
    HANG = "hang"  # {seconds: 30, when: before}: silence, then the connection closes
    DUPLICATE = "duplicate"  # the request is processed twice, {answer: last|first}
    REORDER = "reorder"  # {mode: reverse|shuffle|hold, seconds: 5}: hold lets a later answer overtake
    HTTP_5XX = "http_5xx"  # {status: 502, when: before}
    FIREWALL = "firewall"  # {status: 405}: a page of something on the way, no effect
    GARBAGE = "garbage"  # {mode: invalid|truncated|html, when: after}
    RATE_LIMIT = "rate_limit"  # the vendor's refusal, no effect
    TOKEN_LOSS = "token_loss"  # all tokens die (simulators that have tokens)
    REPLAY_POLICY = "replay_policy"  # {policy}: for simulators with idempotency keys
    DOWN_UNTIL = "down_until"  # {seconds}: refused until the simulated clock passes; {mode: status|drop}


WHEN = ("before", "after")
CHOICES: dict[tuple[FaultKind, str], tuple[str, ...]] = {
    (FaultKind.DELAY, "when"): WHEN,
    (FaultKind.HANG, "when"): WHEN,
    (FaultKind.HTTP_5XX, "when"): WHEN,
    (FaultKind.GARBAGE, "when"): WHEN,
    (FaultKind.GARBAGE, "mode"): ("invalid", "truncated", "html"),
    (FaultKind.REORDER, "mode"): ("reverse", "shuffle", "hold"),
    (FaultKind.DUPLICATE, "answer"): ("last", "first"),
    (FaultKind.DOWN_UNTIL, "mode"): ("status", "drop"),
}
NUMBERS: dict[FaultKind, tuple[str, ...]] = {
    FaultKind.DELAY: ("seconds",),
    FaultKind.HANG: ("seconds",),
    FaultKind.REORDER: ("seconds",),
    FaultKind.HTTP_5XX: ("status",),
    FaultKind.FIREWALL: ("status",),
    FaultKind.DOWN_UNTIL: ("seconds", "status"),
}
FREE_TEXT: dict[FaultKind, tuple[str, ...]] = {FaultKind.REPLAY_POLICY: ("policy",)}


@dataclass
class FaultRule:
    """One armed fault.

    Args:
        kind: what goes wrong.
        endpoint: glob over endpoint names.
        times: how often it fires, None for always.
        probability: chance per matching request, 0..1.
        seed: of the chance, so that a run can be repeated.
        match: substring that a parameter value must contain (for example an order number), or "".
        args: see FaultKind.
        armed_at: simulated epoch seconds when it was armed.
    """

    kind: FaultKind
    endpoint: str = "*"
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    match: str = ""
    args: dict[str, object] = field(default_factory=dict)
    armed_at: float = 0.0
    fired: int = 0
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def text(self, name: str, default: str) -> str:
        """A text argument."""
        return str(self.args.get(name, default))

    def number(self, name: str, default: float) -> float:
        """A numeric argument."""
        return float(str(self.args.get(name, default)))

    def strikes(self, endpoint: str, haystack: str, now: float) -> bool:
        """Whether this rule fires on the request; counts it when it does.

        Args:
            endpoint: endpoint name of the request.
            haystack: all parameter values joined.
            now: simulated epoch seconds.
        """
        if self.times is not None and self.fired >= self.times:
            return False
        if not fnmatch.fnmatchcase(endpoint, self.endpoint) or self.match not in haystack:
            return False
        if self.kind is FaultKind.DOWN_UNTIL and now >= self.armed_at + self.number("seconds", 3600):
            return False
        if self.probability < 1.0 and self._random.random() >= self.probability:
            return False
        self.fired += 1
        return True

    def as_dict(self) -> dict[str, object]:
        """The rule as JSON-able data, with ``fired`` (count)."""
        return {
            "kind": self.kind.value, "endpoint": self.endpoint, "times": self.times,
            "probability": self.probability, "seed": self.seed, "match": self.match,
            "args": self.args, "fired": self.fired,
        }  # fmt: skip


class FaultEngine:
    """All armed rules, in the order they were armed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[FaultRule] = []

    def arm(self, data: object, now: float) -> list[FaultRule]:
        """Add rules.

        Args:
            data: one rule or a list of rules as JSON objects.
            now: simulated epoch seconds.

        Raises:
            AdminError: a rule is malformed; none is added then.
        """
        items = data if isinstance(data, list) else [data]
        rules = [parse_rule(item, now) for item in items]
        with self._lock:
            self._rules.extend(rules)
        return rules

    def take(self, endpoint: str, haystack: str, now: float) -> list[FaultRule]:
        """Rules that fire on this request."""
        if not self._rules:
            return []
        with self._lock:
            return [rule for rule in self._rules if rule.strikes(endpoint, haystack, now)]

    def rules(self) -> list[FaultRule]:
        """All armed rules."""
        with self._lock:
            return list(self._rules)

    def clear(self) -> None:
        """Disarm everything."""
        with self._lock:
            self._rules.clear()


def parse_rule(item: object, now: float) -> FaultRule:
    """Build a rule from JSON.

    Args:
        item: JSON object with the fields of FaultRule.
        now: simulated epoch seconds, when it is armed.

    Raises:
        AdminError: unknown kind, field or argument, or a value of the wrong type.
    """
    if not isinstance(item, dict):
        raise AdminError(f"a fault rule is a JSON object, got {item!r}")
    unknown = set(item) - {"kind", "endpoint", "times", "probability", "seed", "match", "args"}
    if unknown:
        raise AdminError(f"unknown fields in the fault rule: {', '.join(sorted(unknown))}")
    try:
        kind = FaultKind(str(item.get("kind")))
        times = item.get("times")
        rule = FaultRule(
            kind=kind,
            endpoint=str(item.get("endpoint", "*")),
            times=None if times is None else int(times),
            probability=float(item.get("probability", 1.0)),
            seed=int(item.get("seed", 0)),
            match=str(item.get("match", "")),
            args=dict(item.get("args") or {}),
            armed_at=now,
        )
    except (TypeError, ValueError) as error:
        raise AdminError(f"bad fault rule {item!r}: {error}; kinds: {', '.join(FaultKind)}") from error
    _check_args(rule)
    return rule


def _check_args(rule: FaultRule) -> None:
    for name, value in rule.args.items():
        choices = CHOICES.get((rule.kind, name))
        if choices is not None:
            if value not in choices:
                raise AdminError(f"{rule.kind}: {name} must be one of {', '.join(choices)}, got {value!r}")
        elif name in NUMBERS.get(rule.kind, ()):
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise AdminError(f"{rule.kind}: {name} must be a number from 0, got {value!r}")
        elif name not in FREE_TEXT.get(rule.kind, ()):
            raise AdminError(f"{rule.kind}: unknown argument {name!r}")
