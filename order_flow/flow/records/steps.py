"""The one way a document goes through its table of steps, whatever the document and the way in.

A save that asks for another state is judged: is there such a step, may this user take it, does everything
else that the document asks for hold? Code that takes a step sets the state that the table names; the save
that follows is judged like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, NoReturn, TypeVar

from frappe import _

from order_flow.domain.lifecycle import Lifecycle, Transition
from order_flow.flow.refusals import refuse_without_role

D = TypeVar("D", bound=StrEnum)
S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSteps(Generic[D, S]):
    """How the saves of one kind of document are judged by their table.

    Args:
        table: every step that exists.
        refuse_state: says that no step leads from one state to another, and what is possible.
        conditions: asked one after the other once the step exists; each refuses by itself.
    """

    table: Lifecycle[D, S]
    refuse_state: Callable[[Any, S, S], NoReturn]
    conditions: Sequence[Callable[[Any, Transition[D, S]], None]] = ()

    def judge(
        self, document: Any, source: S, target: S, branch: StrEnum | None = None
    ) -> Transition[D, S] | None:
        """Judge the step that a save takes: the table, then each condition.

        Args:
            document: in the middle of its save.
            source: the state it stands in.
            target: the state it asks for.
            branch: of the table.

        Returns:
            The transition, None where the state stays.

        Raises:
            StepRefused: the table has no such step, or a condition does not hold; nothing was changed.
            frappe.PermissionError: the user's roles may not take the step.
        """
        if source is target:
            return None
        transition = self.table.between(source, target, branch)
        if transition is None:
            self.refuse_state(document, source, target)
        for condition in self.conditions:
            condition(document, transition)
        return transition


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSteps(JudgedSteps[D, S]):
    """The same where the app's own code takes steps by their name.

    Args:
        field: where the state stands.
        refuse_step: says that a step is not possible from a state, and what is.
    """

    field: str
    refuse_step: Callable[[Any, D, S], NoReturn]

    def take(self, document: Any, step: D, source: S, branch: StrEnum | None = None) -> Transition[D, S]:
        """Bring a document to the state that a step leads to; the caller saves it.

        Args:
            document: locked or freshly loaded.
            step: what to do.
            source: the state it stands in.
            branch: of the table.

        Returns:
            The transition that the save will take.

        Raises:
            StepRefused: the step is not possible from here; nothing was changed.
        """
        transition = self.table.by_step(step, source, branch)
        if transition is None:
            self.refuse_step(document, step, source)
        document.set(self.field, transition.target.value)
        return transition


def step_words(steps: Sequence[StrEnum], otherwise: str) -> str:
    """Name the steps that are possible, for the message of a refusal.

    Args:
        steps: as the table has them.
        otherwise: what is said where there is none, in the reader's language.
    """
    return ", ".join(_(step.value) for step in steps) or otherwise


def ask_role(document: Any, step: StrEnum, takers: Sequence[StrEnum]) -> None:
    """Refuse who has none of the roles of a step; what facts decide by themselves asks for none.

    Args:
        document: that goes the step.
        step: for the message.
        takers: the roles of the table.

    Raises:
        frappe.PermissionError: naming the roles that may.
    """
    if not document.flags.by_system:
        text = _("The step '{0}' is taken by: {1}. Ask one of them.")
        # The place of the roles stays open for the refusal to fill.
        refuse_without_role(takers, text.format(_(step.value), "{0}"))
