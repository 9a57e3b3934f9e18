"""Knobs of the U8 stand-in; changed with ``POST /_admin/settings`` (u8-openapi 6, "Simulator knobs")."""

from dataclasses import dataclass, fields
from typing import Any, Final, Self

from simulators.core import Settings
from simulators.u8.contract import (
    TOKEN_LIFE_SECONDS,
    AssumedCode,
    EmptyFields,
    ErrorCode,
    IdStyle,
    KeyScope,
    ReplayPolicy,
)


@dataclass(frozen=True)
class Knobs:
    """Behaviour that the references leave open or that a test wants to vary.

    Args:
        replay_policy: answer to a key already used. ``error`` is the default because it is the one that
            exposes a client which resends blindly instead of looking its document up first.
        key_scope: ``ledger`` is the stricter reading: one key, one document, whatever the resource.
        token_life_seconds: life of a token by the simulated clock.
        new_token_kills_old: whether fetching a token invalidates the earlier ones of the same app.
        ping_after_seconds: ``ping_after`` of the acknowledgement.
        pending_polls: how often the result address answers "pending" at least.
        work_seconds: how long U8 takes for an asynchronous add, by the simulated clock.
        result_life_seconds: how long a finished result can be fetched, by the simulated clock.
        empty_fields: how fields without value look in answers.
        id_style: what ``id`` of a document add means.
        strict_customers, strict_inventory: refuse codes that the ledger does not know.
        customer_needs_class: demand class and short name of a new customer, as usual ledger set-ups do.
        mismatching_amounts_refused: refuse sale lines whose amounts do not follow from the price; when
            false the amounts are recomputed.
        unknown_filters_refused: refuse list filters the table does not have; when false they are ignored,
            so that the list comes back unfiltered.
        special_characters: characters that break EAI's parsing, besides control characters. The real set
            is unknown.
        max_rows_per_page: largest page; no public figure exists.
        code_token, code_parameter, code_permission, code_duplicate_key: values of the assumed codes.
    """

    replay_policy: ReplayPolicy = ReplayPolicy.ERROR
    key_scope: KeyScope = KeyScope.LEDGER
    token_life_seconds: int = TOKEN_LIFE_SECONDS
    new_token_kills_old: bool = False
    ping_after_seconds: int = 3
    pending_polls: int = 1
    work_seconds: float = 0.0
    result_life_seconds: int = 86400
    empty_fields: EmptyFields = EmptyFields.MIXED
    id_style: IdStyle = IdStyle.NUMBER
    strict_customers: bool = True
    strict_inventory: bool = True
    customer_needs_class: bool = True
    mismatching_amounts_refused: bool = True
    unknown_filters_refused: bool = True
    special_characters: str = "<>&'\""
    max_rows_per_page: int = 8000
    code_token: str = AssumedCode.TOKEN.value
    code_parameter: str = AssumedCode.PARAMETER.value
    code_permission: str = AssumedCode.PERMISSION.value
    code_duplicate_key: str = AssumedCode.DUPLICATE_KEY.value

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Typed view of the simulator's settings as they are now."""
        return cls(**{name: type(default)(settings[name]) for name, default in _DEFAULTS.items()})

    def errcode(self, code: ErrorCode | AssumedCode) -> str:
        """``errcode`` text of a code, with assumed codes translated by the settings."""
        assumed = {
            AssumedCode.TOKEN: self.code_token,
            AssumedCode.PARAMETER: self.code_parameter,
            AssumedCode.PERMISSION: self.code_permission,
            AssumedCode.DUPLICATE_KEY: self.code_duplicate_key,
        }
        return assumed[code] if isinstance(code, AssumedCode) else code.value


_DEFAULTS: Final[dict[str, Any]] = {field.name: field.default for field in fields(Knobs)}
DEFAULTS: Final[dict[str, object]] = dict(_DEFAULTS)
"""Every knob with its default, as the core's settings want them."""
