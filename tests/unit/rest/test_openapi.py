"""The OpenAPI description: valid, whole, and true to the functions it is made from."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from order_flow.api.errors.codes import MEANINGS, ErrorCode, code_of
from order_flow.api.openapi.docstrings import words_of
from order_flow.api.openapi.document import description

ROOT: Final = Path(__file__).resolve().parents[3]
APP: Final = ROOT / "order_flow"
OPENERS: Final = {
    "endpoint": {"security": None},
    "guest_endpoint": {"security": []},
    "open_endpoint": {"security": []},
}


def opened() -> Iterator[tuple[str, ast.FunctionDef, str]]:
    """Every decorated function of the sources: its address, itself, its decorator. Imports nothing."""
    for path in sorted(APP.rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            for decorator in node.decorator_list:
                name = ast.unparse(decorator).partition("(")[0]
                if name in OPENERS:
                    yield f"/api/method/{module}.{node.name}", node, ast.unparse(decorator)


OPENED: Final = list(opened())


def test_the_description_is_valid() -> None:
    validate(json.loads(json.dumps(description())), cls=OpenAPIV31SpecValidator)


def test_the_validator_finds_faults() -> None:
    """Else the test above says nothing."""
    broken = deepcopy(description())
    next(iter(broken["paths"].values()))["post"] = {"parameters": [{"name": "x"}]}
    with pytest.raises(OpenAPIValidationError):
        validate(broken, cls=OpenAPIV31SpecValidator)


def test_every_endpoint_is_described_and_nothing_else() -> None:
    assert len(OPENED) > 90
    assert sorted(description()["paths"]) == sorted(address for address, _node, _decorator in OPENED)


@pytest.mark.parametrize(("address", "node", "decorator"), OPENED, ids=[address for address, *_ in OPENED])
def test_a_description_says_what_the_function_does(
    address: str, node: ast.FunctionDef, decorator: str
) -> None:
    """Verbs, arguments, which are required, who may call, and words to each."""
    operations = description()["paths"][address]
    verbs = {verb.lower() for verb in re.findall(r"Verb\.(\w+)", decorator)}
    assert set(operations) == verbs
    arguments = [argument.arg for argument in node.args.args]
    required = set(arguments[: len(arguments) - len(node.args.defaults)])
    for verb, operation in operations.items():
        assert (names_of(verb, operation), required_of(verb, operation)) == (set(arguments), required)
        assert operation.get("security") == OPENERS[decorator.partition("(")[0]]["security"]
        assert operation["summary"]
        assert {"200", "403", "404", "409", "417"} <= set(operation["responses"])


def names_of(verb: str, operation: dict[str, Any]) -> set[str]:
    if verb == "get":
        return {parameter["name"] for parameter in operation["parameters"]}
    return set(schema_of(operation)["properties"])


def required_of(verb: str, operation: dict[str, Any]) -> set[str]:
    if verb == "get":
        return {parameter["name"] for parameter in operation["parameters"] if parameter["required"]}
    return set(schema_of(operation).get("required", []))


def schema_of(operation: dict[str, Any]) -> dict[str, Any]:
    return operation["requestBody"]["content"]["application/json"]["schema"]


def test_types_and_words_come_from_the_function() -> None:
    operation = description()["paths"]["/api/method/order_flow.api.orders.record_payment"]["post"]
    properties = schema_of(operation)["properties"]
    assert properties["amount"]["anyOf"] == [{"type": "number"}, {"type": "string"}]
    assert properties["amount"]["description"] == "positive, in the order's currency."
    assert properties["kind"]["default"] == "Payment"
    assert operation["responses"]["200"]["description"].startswith("The payment's name and status")


def test_refusals_come_from_the_function() -> None:
    responses = description()["paths"]["/api/method/order_flow.api.orders.place_order"]["post"]["responses"]
    assert responses["409"]["description"] == "the same number came with another content (409)."
    assert responses["417"] == {"$ref": "#/components/responses/Refused"}


def test_operations_have_names_of_their_own() -> None:
    names = [
        operation["operationId"] for path in description()["paths"].values() for operation in path.values()
    ]
    assert len(names) == len(set(names))


def test_code_in_a_docstring_is_marked() -> None:
    def act() -> None:
        """Do something.

        Returns:
            ``{"a": 1}``: of ``b``.
        """

    assert words_of(act).answer == '`{"a": 1}`: of `b`.'


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (417, "StepRefused", ErrorCode.REFUSED),
        (417, "ArgumentsRefused", ErrorCode.ARGUMENTS),
        (417, "UnreadableBody", ErrorCode.BODY),
        (409, "DuplicateDiffers", ErrorCode.DIFFERS),
        (409, "ChangedMeanwhile", ErrorCode.OVERTAKEN),
        (409, "DuplicateEntryError", ErrorCode.EXISTS),
        (401, "", ErrorCode.NO_LOGIN),
        (403, "PermissionError", ErrorCode.NOT_PERMITTED),
        (404, "", ErrorCode.NOT_FOUND),
        (429, "CalledTooOften", ErrorCode.TOO_MANY_CALLS),
        (418, "", ErrorCode.REFUSED),
        (500, "StepRefused", ErrorCode.FAILED),
        (503, "", ErrorCode.RESTS),
    ],
)
def test_a_refusal_has_its_code(status: int, kind: str, code: ErrorCode) -> None:
    assert code_of(status, kind) is code


def test_every_code_has_its_meaning_and_its_row() -> None:
    """In both languages of the page for other systems."""
    assert set(MEANINGS) == set(ErrorCode)
    for page in ("rest.md", "rest.zh-CN.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        assert re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE) == [code.value for code in ErrorCode]
