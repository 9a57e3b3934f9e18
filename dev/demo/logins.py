"""Leaves a login for each role on the demo's site, so that its desk can be seen as each of its people."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Final

from dev.demo.rest import Caller
from dev.demo.stage import email_of, ensure_person
from order_flow.domain.roles import Role

MACHINES: Final = frozenset({Role.INTEGRATION})
"""Roles of other systems, which open no desk."""
_PASSWORD_BYTES: Final = 9


def roles_of_people() -> list[Role]:
    """Every role that a person has."""
    return [role for role in Role if role not in MACHINES]


def leave_logins(admin: Caller, language: str) -> list[str]:
    """Make one user for each role, with that role alone, and one fresh password for all of them.

    Args:
        admin: may create users.
        language: of their desk, e.g. ``zh``.

    Returns:
        Lines to print: the password, then each role's address for logging in.

    Raises:
        Refusal: the site refused.
    """
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    for role in roles_of_people():
        ensure_person(admin, role.value, language=language, new_password=password, enabled=1)
    return list(_told(password))


def _told(password: str) -> Iterable[str]:
    yield f"One login for each role, the password of all is {password}"
    for role in roles_of_people():
        yield f"  {role.value:<20} {email_of(role.value)}"
