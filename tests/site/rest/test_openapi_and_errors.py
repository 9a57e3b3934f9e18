"""The description is served to whoever may call, and every refusal has its code, over real HTTP."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from order_flow.api.errors.codes import ErrorCode
from order_flow.domain.states import Role
from tests.site.rest.test_endpoints import own_methods, path_of
from tests.site.support.rest_client import Callers, message_of
from tests.site.test_rights_first import nobody

__all__ = ["nobody"]

DESCRIBE = "method/order_flow.api.openapi.describe"


@pytest.mark.parametrize("role", list(Role))
def test_whoever_may_call_reads_the_description(callers: Callers, role: Role) -> None:
    answer = callers.of(role).get(DESCRIBE)
    assert (answer.status_code, answer.json()["openapi"]) == (200, "3.1.0")


def test_what_is_served_is_valid_and_whole(callers: Callers) -> None:
    """Each function that the framework would call, and nothing that it would not."""
    served = callers.of("Administrator").get(DESCRIBE).json()
    validate(served, cls=OpenAPIV31SpecValidator)
    assert sorted(served["paths"]) == sorted(f"/api/{path_of(method)}" for method in own_methods())


def test_others_do_not_read_it(callers: Callers, nobody: Any) -> None:
    assert callers.of(None).get(DESCRIBE).status_code == 403
    assert nobody.get(DESCRIBE).status_code == 403


def error_of(answer: requests.Response) -> tuple[str, int]:
    error = answer.json()["error"]
    assert error["message"], answer.text
    assert "<" not in error["message"]
    assert error["status"] == answer.status_code
    return error["code"], answer.status_code


def test_refusals_have_their_codes(callers: Callers) -> None:
    desk = callers.of(Role.ORDER_DESK)
    missing = desk.call("confirm")
    assert error_of(missing) == (ErrorCode.ARGUMENTS, 417)
    assert missing.json()["error"]["message"] == message_of(missing)
    assert error_of(desk.call("confirm", order="NO-SUCH-ORDER")) == (ErrorCode.NOT_FOUND, 404)
    assert error_of(callers.of(Role.WAREHOUSE).get("method/order_flow.api.sync.sync_health")) == (
        ErrorCode.NOT_PERMITTED,
        403,
    )
    assert error_of(callers.of(None).get(DESCRIBE)) == (ErrorCode.NOT_PERMITTED, 403)
    assert error_of(desk.get("method/order_flow.api.no_such_method")) == (ErrorCode.REFUSED, 417)
    assert error_of(desk.get("resource/Order/NO-SUCH-ORDER")) == (ErrorCode.NOT_FOUND, 404)


def test_a_body_that_is_none_has_its_code(callers: Callers) -> None:
    caller = callers.of(Role.ORDER_DESK)
    answer = caller.session.post(
        f"{caller.base_url}/api/method/order_flow.api.confirm",
        data=b'{"order": ',
        headers={"Content-Type": "application/json"},
        timeout=30,
    )
    assert error_of(answer) == (ErrorCode.BODY, 417)


def test_a_wrong_key_has_its_code(callers: Callers) -> None:
    answer = requests.get(
        f"{callers.base_url}/api/{DESCRIBE}", headers={"Authorization": "token no:such"}, timeout=30
    )
    assert error_of(answer) == (ErrorCode.NO_LOGIN, 401)


@pytest.mark.parametrize(("language", "sentence"), [("zh", "参数"), ("zh-TW", "參數"), ("en", "arguments")])
def test_the_sentence_is_in_the_callers_language(callers: Callers, language: str, sentence: str) -> None:
    caller = callers.fresh(Role.ORDER_DESK)
    caller.session.headers["Accept-Language"] = language
    assert sentence in caller.call("confirm").json()["error"]["message"]


def test_an_answer_that_is_no_refusal_is_left_alone(callers: Callers) -> None:
    answer = callers.of(Role.ORDER_DESK).get("method/order_flow.api.field.products")
    assert answer.status_code == 200 or error_of(answer)
    assert "error" not in callers.of("Administrator").get(DESCRIBE).json()
