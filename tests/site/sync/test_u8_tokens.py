"""The workers of a site share one U8 token (u8-openapi 1.2, 7.5)."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import frappe
import pytest
from redis.exceptions import ConnectionError as RedisDown

from order_flow.integrations.u8.tokens import Token
from order_flow.sync.tokens import SharedTokenStore
from tests.unit.u8.u8_samples import SETTINGS


@pytest.fixture
def account(site: Any) -> Any:
    """Settings of an account that no other test uses."""
    return replace(SETTINGS, account=f"U8-{frappe.generate_hash(length=8)}")


def test_a_second_worker_finds_the_token_and_only_the_current_one_is_forgotten(account: Any) -> None:
    first, second = SharedTokenStore(account), SharedTokenStore(account)
    assert first.load() is None
    old, new = Token("old", time.time() + 60), Token("new", time.time() + 90)
    first.save(old)
    assert second.load() == old
    second.save(new)
    first.discard(old)
    assert first.load() == new
    first.discard(new)
    assert second.load() is None


def test_other_credentials_do_not_see_the_token(account: Any) -> None:
    SharedTokenStore(account).save(Token("t", time.time() + 60))
    assert SharedTokenStore(replace(account, app_secret="another")).load() is None


def test_a_token_that_is_due_is_not_shared(account: Any) -> None:
    store = SharedTokenStore(account)
    store.save(Token("t", time.time() - 1))
    assert SharedTokenStore(account).load() is None


def test_without_redis_each_worker_keeps_its_own(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis is the bell, not the memory: losing it must not stop a posting."""

    def down(*_: Any, **__: Any) -> None:
        raise RedisDown("no redis")

    store, other = SharedTokenStore(account), SharedTokenStore(account)
    for name in ("get", "set", "delete"):
        monkeypatch.setattr(type(frappe.cache()), name, down)
    token = Token("t", time.time() + 60)
    store.save(token)
    assert (store.load(), other.load()) == (token, None)
    store.discard(token)
    assert store.load() is None
