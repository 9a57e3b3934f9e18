"""The demo leaves a login for every role of a person, printed with its password."""

from __future__ import annotations

from typing import Any

from dev.demo.logins import MACHINES, leave_logins, roles_of_people
from dev.demo.rest import Caller
from order_flow.domain.roles import Role


class Admin(Caller):
    """Remembers the users it is told to make; one of them exists."""

    def __init__(self, existing: str) -> None:
        super().__init__("http://127.0.0.1:1", "Administrator")
        self.existing = existing
        self.made: dict[str, Any] = {}

    def rows(self, doctype: str, fields: Any, filters: Any = (), **more: Any) -> list[dict[str, Any]]:
        """Find the one that exists."""
        return [{"name": self.existing}] if filters[0][2] == self.existing else []

    def insert(self, doctype: str, values: Any) -> dict[str, Any]:
        """Remember a new user."""
        self.made[values["email"]] = values
        return dict(values)

    def save(self, doctype: str, name: str, values: Any) -> Any:
        """Remember a changed user."""
        self.made[name] = values


def test_every_role_has_a_login_with_the_printed_password() -> None:
    admin = Admin("finance@demo.example.com")
    told = leave_logins(admin, "zh")
    password = told[0].rsplit(" ", 1)[1]
    assert len(admin.made) == len(Role) - len(MACHINES) == len(roles_of_people())
    assert {user["new_password"] for user in admin.made.values()} == {password}
    assert {user["language"] for user in admin.made.values()} == {"zh"}
    for line, email in zip(told[1:], admin.made, strict=True):
        assert line.endswith(email)
    assert "roles" not in admin.made["finance@demo.example.com"]
    assert admin.made["field.rep@demo.example.com"]["roles"] == [{"role": "Field Rep"}]
