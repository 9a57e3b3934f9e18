"""Knobs of a simulator: named values with defaults, kept in the store."""

import json
from collections.abc import Mapping
from enum import StrEnum

from simulators.core.errors import AdminError
from simulators.core.store import Store

SCHEMA = "CREATE TABLE IF NOT EXISTS core_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);"


class Settings:
    """Typed knobs; a value must have the type of its default, or be a member when that is a StrEnum.

    Args:
        store: where changed values live.
        defaults: every knob with its default value.
    """

    def __init__(self, store: Store, defaults: Mapping[str, object]) -> None:
        self._store = store
        self._defaults = dict(defaults)
        store.script(SCHEMA)
        self._values = self._load()

    def _load(self) -> dict[str, object]:
        stored = {
            row["name"]: json.loads(row["value"]) for row in self._store.rows("SELECT * FROM core_setting")
        }
        return {name: stored.get(name, default) for name, default in self._defaults.items()}

    def __getitem__(self, name: str) -> object:
        return self._values[name]

    def flag(self, name: str) -> bool:
        """A yes/no knob."""
        return bool(self._values[name])

    def text(self, name: str) -> str:
        """A text knob."""
        return str(self._values[name])

    def number(self, name: str) -> float:
        """A numeric knob."""
        return float(str(self._values[name]))

    def names(self, name: str) -> list[str]:
        """A knob that holds a list of names."""
        value = self._values[name]
        return [str(item) for item in value] if isinstance(value, list) else []

    def as_dict(self) -> dict[str, object]:
        """All knobs with their present values."""
        return dict(self._values)

    def update(self, changes: Mapping[str, object]) -> None:
        """Change knobs.

        Args:
            changes: new values by name.

        Raises:
            AdminError: a name is unknown or a value has the wrong type; nothing is changed then.
        """
        for name, value in changes.items():
            if name not in self._defaults:
                raise AdminError(f"unknown setting {name!r}; known: {', '.join(sorted(self._defaults))}")
            if not _same_type(value, self._defaults[name]):
                raise AdminError(f"setting {name!r} needs {_wanted(self._defaults[name])}, got {value!r}")
        with self._store.transaction():
            for name, value in changes.items():
                self._store.execute("REPLACE INTO core_setting VALUES (?, ?)", name, json.dumps(value))
        self._values.update(changes)

    def reset(self) -> None:
        """Back to the defaults."""
        self._store.execute("DELETE FROM core_setting")
        self._values = dict(self._defaults)


def _wanted(default: object) -> str:
    if isinstance(default, StrEnum):
        return f"one of {', '.join(type(default))}"
    return f"a value like {default!r}"


def _same_type(value: object, default: object) -> bool:
    if isinstance(default, StrEnum):
        return value in [member.value for member in type(default)]
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    return isinstance(value, type(default))
