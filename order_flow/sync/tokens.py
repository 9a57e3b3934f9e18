"""One U8 token for all workers of a site: a new one may end the life of the old one (u8-openapi 1.2, 7.5)."""

from __future__ import annotations

import hashlib
import json
import math
import time

import frappe
from redis.exceptions import RedisError

from order_flow.integrations.u8.settings import U8Settings
from order_flow.integrations.u8.tokens import InProcessTokenStore, Token


class SharedTokenStore:
    """Keeps the token of one account in the site's Redis (``TokenStore`` of the U8 client).

    Without Redis each process keeps its own token; that is logged.

    Args:
        settings: the account. Other credentials lead to another key, so a token never outlives them.
    """

    def __init__(self, settings: U8Settings) -> None:
        digest = hashlib.sha256()
        for part in (settings.base_url, settings.from_account, settings.app_key, settings.app_secret):
            digest.update(f"{part}\n".encode())
        self._name = f"order_flow:u8_token:{settings.account}:{digest.hexdigest()}"
        self._own = InProcessTokenStore()

    def load(self) -> Token | None:
        """The token last saved by any worker, or None."""
        try:
            stored = frappe.cache().get(self._key())
        except RedisError as error:
            self._warn(error)
            return self._own.load()
        return Token(**json.loads(stored)) if stored else None

    def save(self, token: Token) -> None:
        """Keep a token until it is due for renewal."""
        self._own.save(token)
        life = math.ceil(token.renew_at - time.time())
        if life <= 0:
            return
        try:
            frappe.cache().set(self._key(), json.dumps({"id": token.id, "renew_at": token.renew_at}), ex=life)
        except RedisError as error:
            self._warn(error)

    def discard(self, token: Token) -> None:
        """Forget this token unless another worker has renewed it already."""
        self._own.discard(token)
        try:
            if self.load() == token:
                frappe.cache().delete(self._key())
        except RedisError as error:
            self._warn(error)

    def _key(self) -> bytes:
        key: bytes = frappe.cache().make_key(self._name)
        return key

    def _warn(self, error: RedisError) -> None:
        frappe.logger("order_flow", allow_site=True).warning(
            f"The U8 token cannot be shared, each worker fetches its own: {error}"
        )
