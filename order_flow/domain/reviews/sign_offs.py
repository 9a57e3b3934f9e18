"""Which departments must answer, have they, what is still open (R-078, R-088, R-092, R-129, K-13).

Review checklists and change notices ask their departments with the same rows and the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from order_flow.domain.states import Role


class Department(StrEnum):
    """Who is asked. The companies' own names differ: design, engineering and R&D are Technology here."""

    SALES = "Sales"
    SALES_MANAGEMENT = "Sales Management"
    MARKETING_MANAGEMENT = "Marketing Management"
    GENERAL_MANAGEMENT = "General Management"
    TECHNOLOGY = "Technology"
    PLANNING = "Planning"
    MATERIAL_CONTROL = "Material Control"
    PURCHASING = "Purchasing"
    PRODUCTION = "Production"
    QUALITY = "Quality"
    WAREHOUSE = "Warehouse"
    LOGISTICS = "Logistics"
    FINANCE = "Finance"
    AFTER_SALES = "After-sales"


ROLES_OF_DEPARTMENT: Mapping[Department, tuple[Role, ...]] = {
    Department.SALES: (Role.SALES, Role.ORDER_DESK, Role.SALES_MANAGER),
    Department.SALES_MANAGEMENT: (Role.SALES_MANAGER,),
    Department.MARKETING_MANAGEMENT: (Role.MARKETING_DIRECTOR,),
    Department.GENERAL_MANAGEMENT: (Role.GENERAL_MANAGER,),
    Department.TECHNOLOGY: (Role.TECHNOLOGY,),
    Department.PLANNING: (Role.PLANNING, Role.PLANNING_DIRECTOR),
    Department.MATERIAL_CONTROL: (Role.PLANNING,),
    Department.PURCHASING: (Role.PURCHASING,),
    Department.PRODUCTION: (Role.PRODUCTION,),
    Department.QUALITY: (Role.QUALITY,),
    Department.WAREHOUSE: (Role.WAREHOUSE,),
    Department.LOGISTICS: (Role.LOGISTICS,),
    Department.FINANCE: (Role.FINANCE,),
    Department.AFTER_SALES: (Role.AFTER_SALES,),
}
"""The roles that answer for each department; nobody else does, an administrator neither (R-092)."""


class Answer(StrEnum):
    """What a department said to a question."""

    OPEN = "Open"
    YES = "Yes"
    NO = "No"


class Outcome(StrEnum):
    """Where all answers together stand."""

    OPEN = "Open"
    AGREED = "Agreed"
    REFUSED = "Refused"


class Denial(StrEnum):
    """Why somebody may not answer."""

    OTHER_DEPARTMENT = "other_department"
    OWN_ORDER = "own_order"


@dataclass(frozen=True, slots=True, order=True)
class SignOff:
    """One question to one department."""

    department: Department
    question: str = ""
    required: bool = True
    answer: Answer = Answer.OPEN
    remark: str = ""
    level: int = 1
    """Approvals of several levels: a level is asked when all lower ones agree (R-081)."""
    deferred: bool = False
    """Left open until a date, which only some questions allow (R-077)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the answers say together."""

    outcome: Outcome
    missing: tuple[Department, ...] = ()
    """Departments with a required question still open, in the order of ``Department``."""
    refusals: tuple[SignOff, ...] = ()
    """The required questions that were answered No."""


def _is_open(row: SignOff) -> bool:
    return row.answer is Answer.OPEN and not row.deferred


def standing(rows: Iterable[SignOff]) -> Standing:
    """Judge all answers: agreed only where every required one is Yes, refused with the first required No.

    Args:
        rows: the questions with their answers, in any order.

    Returns:
        The outcome, who is missing, and what was refused. Without a required question: agreed.
    """
    required = [row for row in rows if row.required]
    refusals = tuple(sorted(row for row in required if row.answer is Answer.NO))
    waiting = {row.department for row in required if _is_open(row)}
    missing = tuple(department for department in Department if department in waiting)
    if refusals:
        return Standing(Outcome.REFUSED, missing, refusals)
    return Standing(Outcome.OPEN if missing else Outcome.AGREED, missing)


def level_reached(rows: Iterable[SignOff]) -> int:
    """The level of approval that is asked now: the lowest with a required question open (R-081).

    Args:
        rows: the questions with their answers.

    Returns:
        The level; the highest one where nothing is open any more.
    """
    known = list(rows)
    waiting = [row.level for row in known if row.required and _is_open(row)]
    return min(waiting, default=max((row.level for row in known), default=1))


def may_answer(
    department: Department,
    user: str,
    roles: frozenset[str],
    *,
    delegates: frozenset[str] = frozenset(),
    barred: frozenset[str] = frozenset(),
) -> Denial | None:
    """Tell whether a person may answer for a department (R-092, K-13).

    Args:
        department: who is asked.
        user: the person.
        roles: the person's roles.
        delegates: persons to whom the department has given this answer.
        barred: persons who must not answer here, because it is their own order.

    Returns:
        None where they may, otherwise why not. Delegation does not lift the own-order rule.
    """
    if user in barred:
        return Denial.OWN_ORDER
    speaks_for_it = any(role.value in roles for role in ROLES_OF_DEPARTMENT[department])
    return None if speaks_for_it or user in delegates else Denial.OTHER_DEPARTMENT


def departments_of(roles: Iterable[str]) -> tuple[Department, ...]:
    """The departments that somebody with these roles answers for.

    Args:
        roles: role names.

    Returns:
        In the order of ``Department``; empty for roles that answer for none.
    """
    held = frozenset(roles)
    return tuple(
        department
        for department, speakers in ROLES_OF_DEPARTMENT.items()
        if any(role.value in held for role in speakers)
    )
