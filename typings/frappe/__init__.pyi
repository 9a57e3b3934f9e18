"""The few types of Frappe that strict checks rest on; everything else of it is `Any`."""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

_Method = TypeVar("_Method", bound=Callable[..., Any])

def _(msg: str, lang: str | None = None, context: str | None = None) -> str: ...
def throw(
    msg: object = ...,
    exc: Any = ...,
    title: str | None = ...,
    is_minimizable: bool = ...,
    wide: bool = ...,
    as_list: bool = ...,
    primary_action: Any = ...,
) -> NoReturn: ...
def whitelist(
    allow_guest: bool = ..., xss_safe: bool = ..., methods: Sequence[str] | None = ...
) -> Callable[[_Method], _Method]: ...
def __getattr__(name: str) -> Any: ...
