"""Describes one endpoint: its arguments, its answer and its refusals, as OpenAPI has them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import Any, Final, get_type_hints

from pydantic import TypeAdapter
from werkzeug.wrappers import Response

from order_flow.api.endpoint import Verb
from order_flow.api.openapi.catalogue import API, is_open_to_guests, written
from order_flow.api.openapi.docstrings import Words, words_of
from order_flow.api.openapi.shared import JSON, REFUSAL, REFUSALS, REFUSALS_OF_GUESTS

Schema = dict[str, Any]


def operations_of(address: str, method: Callable[..., Any]) -> dict[str, Schema]:
    """Describe an endpoint.

    Args:
        address: its path.
        method: the endpoint.

    Returns:
        One operation a verb, by the verb in small letters.
    """
    verbs: Sequence[Verb] = method.order_flow_verbs  # type: ignore[attr-defined]
    return {verb.value.lower(): _operation(address, method, verb, len(verbs) > 1) for verb in verbs}


def _operation(address: str, method: Callable[..., Any], verb: Verb, one_of_several: bool) -> Schema:
    function = written(method)
    words = words_of(function)
    name = address.removeprefix(API)
    guest = is_open_to_guests(method)
    described = {
        "operationId": f"{name}.{verb.value.lower()}" if one_of_several else name,
        "tags": [name.split(".")[-2]],
        "summary": words.summary,
        "description": words.description,
        **_arguments(function, words, verb),
        "responses": {"200": _answer(function, words), **_refusals(words, guest)},
    }
    return described | ({"security": []} if guest else {})


def _arguments(function: Callable[..., Any], words: Words, verb: Verb) -> Schema:
    parameters = inspect.signature(function).parameters
    named = [p for p in parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
    hints = get_type_hints(function)
    schemas = {p.name: _argument(hints[p.name], p, words.arguments.get(p.name, "")) for p in named}
    required = [p.name for p in named if p.default is inspect.Parameter.empty]
    if verb is Verb.GET:
        return {"parameters": [_parameter(name, schemas[name], name in required) for name in schemas]}
    body: Schema = {
        "type": "object",
        "properties": schemas,
        "additionalProperties": len(named) < len(parameters),
    }
    if required:
        body["required"] = required
    return {"requestBody": {"required": bool(required), "content": {JSON: {"schema": body}}}}


def _argument(kind: Any, parameter: inspect.Parameter, text: str) -> Schema:
    schema = _schema(kind)
    if text:
        schema["description"] = text
    if parameter.default is not inspect.Parameter.empty:
        schema["default"] = parameter.default
    return schema


def _parameter(name: str, schema: Schema, required: bool) -> Schema:
    """An argument in the address; lists and objects stand there as JSON."""
    described: Schema = {"name": name, "in": "query", "required": required}
    if text := schema.get("description"):
        described["description"] = text
    bare = {key: value for key, value in schema.items() if key != "description"}
    structured = "array" in str(bare) or "object" in str(bare)
    return described | ({"content": {JSON: {"schema": bare}}} if structured else {"schema": bare})


def _schema(kind: Any) -> Schema:
    return TypeAdapter(kind).json_schema()


def _answer(function: Callable[..., Any], words: Words) -> Schema:
    """Return what comes back: below ``message``, where the framework puts what a function gives."""
    described: Schema = {"description": words.answer or "Done."}
    kind = get_type_hints(function).get("return")
    if kind in (None, NoneType):
        # Nothing at all, or a file.
        return described
    if kind is Response:
        return described | {"content": {JSON: {"schema": {"type": "object"}}}}
    body = {"type": "object", "properties": {"message": _schema(kind)}}
    return described | {"content": {JSON: {"schema": body}}}


def _refusals(words: Words, guest: bool) -> Mapping[str, Schema]:
    """Return which statuses mean no, in the words of this endpoint where it has some."""
    shared = REFUSALS_OF_GUESTS if guest else REFUSALS
    own: dict[str, list[str]] = {}
    for kind, text in words.refusals.items():
        own.setdefault(_status(kind), []).append(text)
    return {
        status: {"$ref": f"#/components/responses/{name}"}
        if status not in own
        else {
            "description": " ".join(own[status]) or name,
            "content": REFUSAL,
        }
        for status, name in shared.items()
    }


_STATUS_OF: Final[Mapping[str, str]] = {
    "PermissionError": "403",
    "LinkUnknown": "404",
    "DoesNotExistError": "404",
    "DuplicateDiffers": "409",
    "ChangedMeanwhile": "409",
    "CalledTooOften": "429",
}


def _status(kind: str) -> str:
    return _STATUS_OF.get(kind, "417")
