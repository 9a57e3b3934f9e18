"""The one way a function of the app is reached over HTTP: verb, arguments, retry and refusals in one place.

``endpoint`` is for people and systems with a login, ``guest_endpoint`` for holders of a link,
``open_endpoint`` for probes. What the caller
may see or do is checked in the function itself, by document.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache, wraps
from types import NoneType, UnionType
from typing import Any, Final, NoReturn, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import frappe
from frappe import _
from pydantic import TypeAdapter, ValidationError

from order_flow.api.call_limits import count_call
from order_flow.api.overtaken import again_if_overtaken
from order_flow.domain.entry_values import clean_text
from order_flow.flow.orders.refused_intakes import reason_for_the_desk
from order_flow.flow.records.values import parsed_json, refuse_unstorable
from order_flow.flow.refusals import ArgumentsRefused, StepRefused, refuse_without_sight

Method = TypeVar("Method", bound=Callable[..., Any])
OnRefused = Callable[[Mapping[str, Any], str], None]

_DAY: Final = 24 * 60 * 60
_OF_THE_FRAMEWORK: Final = frozenset({"cmd", "csrf_token", "sid", "_lang", "_type"})
"""Sent along with every request and meant for the framework."""
_MOST_SHOWN: Final = 60
_STRUCTURES: Final = {list, dict}
_NEITHER: Final = object()
"""Fits no type."""


class Verb(StrEnum):
    """How an endpoint is called: reads are GET, everything that changes something is POST."""

    GET = "GET"
    POST = "POST"


def endpoint(*verbs: Verb, of: str = "", on_refused: OnRefused | None = None) -> Callable[[Method], Method]:
    """Open a function to callers with a login.

    Args:
        verbs: how it may be called.
        of: the DocType it is about. Who may read none of its documents is refused before an argument is
            looked at, and learns neither what exists nor what a value should look like.
        on_refused: hears of a call whose arguments were refused: what was sent, and the refusal.

    Returns:
        A decorator. Arguments of the function must be annotated; a call with a missing, unknown or wrongly
        typed one is refused (417) before the function runs. What changes something is tried again where a
        concurrent request got in its way.
    """

    def decorate(act: Method) -> Method:
        return _opened(
            _checked(act, verbs, of, on_refused),
            verbs,
            frappe.whitelist(methods=[verb.value for verb in verbs]),
        )

    return decorate


def guest_endpoint(*verbs: Verb, key: str, limit: int) -> Callable[[Method], Method]:
    """Open a function to everybody who holds a secret, e.g. a link; all else as ``endpoint``.

    Args:
        verbs: how it may be called.
        key: the argument with the secret. Calls are counted by it and not by network address, which callers
            choose themselves where the header of a proxy is believed.
        limit: calls that one secret has in a day.
    """

    def decorate(act: Method) -> Method:
        checked = _checked(act, verbs)

        @wraps(checked)
        def counted(*args: Any, **kwargs: Any) -> Any:
            secret = frappe.form_dict.get(key)
            # The counter cannot keep every text that a caller can send.
            refuse_unstorable(secret, key)
            if secret:
                count_call(key=key, limit=limit, seconds=_DAY)
            return checked(*args, **kwargs)

        whitelist = frappe.whitelist(methods=[verb.value for verb in verbs], allow_guest=True)
        return _opened(cast(Method, counted), verbs, whitelist)

    return decorate


def open_endpoint(*verbs: Verb) -> Callable[[Method], Method]:
    """Open a function that tells nothing to everybody, e.g. to a probe; all else as ``endpoint``.

    Args:
        verbs: how it may be called.
    """

    def decorate(act: Method) -> Method:
        whitelist = frappe.whitelist(methods=[verb.value for verb in verbs], allow_guest=True)
        return _opened(_checked(act, verbs), verbs, whitelist)

    return decorate


def is_endpoint(function: object) -> bool:
    """Tell whether a whitelisted function is one of ``endpoint`` or ``guest_endpoint``."""
    return bool(getattr(function, "order_flow_verbs", None))


def _opened(act: Method, verbs: tuple[Verb, ...], whitelist: Callable[[Method], Method]) -> Method:
    act.order_flow_verbs = verbs  # type: ignore[attr-defined]
    return whitelist(act)


def _checked(
    act: Method, verbs: tuple[Verb, ...], of: str = "", on_refused: OnRefused | None = None
) -> Method:
    """The function behind the check of its arguments."""
    tried = again_if_overtaken(act) if Verb.POST in verbs else act

    @wraps(act)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if of:
            refuse_without_sight(of)
        try:
            arguments = _contract(act).arguments(args, kwargs)
        except StepRefused as refusal:
            if on_refused is not None:
                reason = reason_for_the_desk(refusal, lambda: _contract(act).arguments(args, kwargs))
                on_refused(kwargs, reason)
            raise
        try:
            return tried(**arguments)
        except frappe.db.DataError as error:
            frappe.db.rollback()
            frappe.throw(
                _("A value does not fit: {0}. Correct it; nothing was stored.").format(error.args[-1]),
                StepRefused,
            )

    # The framework drops unknown arguments without a word unless the function takes all, and would check the
    # types a second time with a message of its own.
    checked.__signature__ = _takes_all(act)  # type: ignore[attr-defined]
    checked.__annotations__ = {}
    return cast(Method, checked)


def _takes_all(act: Callable[..., Any]) -> inspect.Signature:
    signature = inspect.signature(act)
    parameters = [p for p in signature.parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
    rest = inspect.Parameter("unknown", inspect.Parameter.VAR_KEYWORD)
    return signature.replace(parameters=[*parameters, rest])


@cache
def _contract(act: Callable[..., Any]) -> _Contract:
    return _Contract(act)


class _Contract:
    """What a function takes, read once from its signature."""

    def __init__(self, act: Callable[..., Any]) -> None:
        parameters = inspect.signature(act).parameters.values()
        named = [p for p in parameters if p.kind is not inspect.Parameter.VAR_KEYWORD]
        hints = get_type_hints(act)
        self.name = act.__name__
        self.takes_all = len(named) < len(parameters)
        self.types = {p.name: hints[p.name] for p in named}
        self.required = [p.name for p in named if p.default is inspect.Parameter.empty]
        self._adapters: dict[str, TypeAdapter[Any]] = {
            name: TypeAdapter(kind) for name, kind in self.types.items()
        }

    def arguments(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a call by name, each in its type.

        Raises:
            ArgumentsRefused: one is missing, unknown or of a wrong type.
        """
        sent = dict(zip(self.types, args, strict=False))
        sent |= {
            name: value for name, value in kwargs.items() if name not in _OF_THE_FRAMEWORK - self.types.keys()
        }
        self._refuse_unknown(sent)
        # An empty value of JSON means the same as leaving the argument out.
        given = {name: value for name, value in sent.items() if value is not None or name not in self.types}
        if missing := [name for name in self.required if name not in given and not self._may_be_none(name)]:
            frappe.throw(
                _("These arguments are missing: {0}. Send them.").format(", ".join(missing)), ArgumentsRefused
            )
        given |= {name: None for name in self.required if name not in given}
        for name, value in given.items():
            refuse_unstorable(value, name)
        return {name: self._typed(name, value) for name, value in given.items()}

    def _refuse_unknown(self, sent: Mapping[str, Any]) -> None:
        unknown = sorted(sent.keys() - self.types.keys())
        if unknown and not self.takes_all:
            frappe.throw(
                _("{0} does not take these arguments: {1}. Leave them out; known are: {2}.").format(
                    self.name, ", ".join(str(name)[:_MOST_SHOWN] for name in unknown), ", ".join(self.types)
                ),
                ArgumentsRefused,
            )

    def _may_be_none(self, name: str) -> bool:
        return NoneType in get_args(self.types[name])

    def _typed(self, name: str, value: Any) -> Any:
        if name not in self._adapters or value is None:
            return value
        # In Python true is a number; 1.00 was never meant.
        if isinstance(value, bool) and bool not in _kinds(self.types[name]):
            self._refuse(name, value)
        try:
            read = self._adapters[name].validate_python(self._parsed(name, value))
        except (ValidationError, OverflowError):
            self._refuse(name, value)
        # A reason of one invisible character is no reason: rules see texts as they are stored.
        return clean_text(read) if type(read) is str else read

    def _refuse(self, name: str, value: Any) -> NoReturn:
        frappe.throw(
            _("{0}: '{1}' cannot be used here. Send {2}.").format(
                name, str(value)[:_MOST_SHOWN], _words(self.types[name])
            ),
            ArgumentsRefused,
        )

    def _parsed(self, name: str, value: Any) -> Any:
        """A list or an object from its JSON text, as forms and query strings carry it."""
        wanted = _STRUCTURES & {get_origin(kind) or kind for kind in _kinds(self.types[name])}
        if not wanted or not isinstance(value, str) or (not value and name not in self.required):
            return value
        read: object = parsed_json(value, name)
        return read if isinstance(read, tuple(wanted)) else _NEITHER


def _kinds(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _words(kind: Any) -> str:
    """Return what may be sent for an annotation, in the reader's language."""
    words = {
        str: _("a text"),
        float: _("a number"),
        int: _("a whole number"),
        bool: _("true or false"),
        list: _("a list"),
        dict: _("an object"),
    }
    return " / ".join(words[known] for known in (get_origin(k) or k for k in _kinds(kind)) if known in words)
