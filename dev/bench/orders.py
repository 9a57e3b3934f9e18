"""Measures creating and confirming an order against the rule-free twin, and the statements of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import frappe

from dev.bench import twin, workload
from dev.bench.statements import recorded_statements
from dev.bench.timing import Comparison, timed

BLOCKS: Final = 5
ROUNDS: Final = 30
"""Orders a block."""
WARM_UP: Final = 5


@dataclass
class Against:
    """Both steps against the twin's insert and submit."""

    create: Comparison = field(default_factory=Comparison)
    confirm: Comparison = field(default_factory=Comparison)


@dataclass(frozen=True)
class StepStatements:
    """The SQL statements of one creation and one confirmation, in order."""

    create: tuple[str, ...]
    confirm: tuple[str, ...]


def as_in_a_long_job() -> None:
    """What a process has looked up stays: the hardest comparison, as the twin then only writes."""


def as_in_a_request() -> None:
    """Forget what a web request would have to look up anew."""
    frappe.db.value_cache.clear()
    frappe.local.document_cache = {}


def compare_with_twin(prepare: Callable[[], None]) -> Against:
    """Create and confirm orders and twins in turns.

    Args:
        prepare: brings the process into the state in which each single piece of work starts.

    Returns:
        The times of both.
    """
    values = workload.order_values(workload.customer())
    twin_values = twin.twin_values(workload.create_order(values))
    result = Against()
    for _ in range(WARM_UP):
        twin.submit_twin(twin.create_twin(twin_values))
        workload.confirm_order(workload.create_order(values))
    for _ in range(BLOCKS):
        result.create.start_block()
        result.confirm.start_block()
        for turn in range(ROUNDS):
            ours = partial(_our_round, result, prepare, values)
            theirs = partial(_their_round, result, prepare, twin_values)
            for work in (ours, theirs) if turn % 2 else (theirs, ours):
                work()
    return result


def _our_round(result: Against, prepare: Callable[[], None], values: dict[str, object]) -> None:
    prepare()
    order = timed(partial(workload.create_order, values), result.create.ours[-1])
    prepare()
    timed(partial(workload.confirm_order, order), result.confirm.ours[-1])


def _their_round(result: Against, prepare: Callable[[], None], values: dict[str, object]) -> None:
    prepare()
    name = timed(partial(twin.create_twin, values), result.create.theirs[-1])
    prepare()
    timed(partial(twin.submit_twin, name), result.confirm.theirs[-1])


def order_statements() -> StepStatements:
    """The statements of one order, the commit and the begin of the next transaction among them."""
    values = workload.order_values(workload.customer())
    with recorded_statements() as create:
        order = workload.create_order(values)
    with recorded_statements() as confirm:
        workload.confirm_order(order)
    return StepStatements(tuple(create), tuple(confirm))


def twin_statements() -> StepStatements:
    """The statements of one twin."""
    order = workload.create_order(workload.order_values(workload.customer()))
    values = twin.twin_values(order)
    with recorded_statements() as create:
        name = twin.create_twin(values)
    with recorded_statements() as confirm:
        twin.submit_twin(name)
    return StepStatements(tuple(create), tuple(confirm))
