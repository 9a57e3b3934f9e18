"""Who and what stands on the pictures: people with a password, and orders in every situation."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from dev.demo.case import Case, case_of
from dev.demo.deeds import REASON
from dev.demo.director import Director
from dev.demo.rest import Caller
from dev.demo.scenarios import (
    CONFIRMED,
    ONLINE,
    PAID_THEN_SHIPPED,
    SHIPPED,
    TRANSFER,
    VOIDED,
    Basket,
    Deed,
    Scenario,
    acts,
    await_state,
    pay,
    ship,
)
from dev.demo.setting import ARTICLES, BUYERS, LEDGER_OF, TO_ACCOUNT, WITHOUT_WDT, Channel, Person
from dev.demo.stage import Stage, set_stage
from dev.errors import HostError
from dev.state import HostState

PASSWORD: Final = "desk-of-the-pictures-1"
PATIENCE_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 1.0
NEW_ARTICLE: Final = "新款保温壶"
"""An article that U8 does not know yet; each time a new one, since U8 learns it in the end."""
OUTBOX: Final = "order_flow.order_flow.doctype.sync_outbox.sync_outbox"
DISCREPANCY: Final = "order_flow.order_flow.doctype.sync_discrepancy.sync_discrepancy"
UNCONFIRMED, REVIEW, PAID, COMPLETED, COD = (
    "Unconfirmed", "Under Review", "Paid", "Completed", "Cash on Delivery",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody at whose desk pictures are taken."""

    email: str
    first_name: str
    language: str
    roles: tuple[str, ...]


CLERK: Final = Viewer("order.clerk@demo.example.com", "订单员", "zh", ("Order Desk",))
ENGLISH_CLERK: Final = Viewer("order.clerk.en@demo.example.com", "Order Clerk", "en", ("Order Desk",))
OPERATOR: Final = Viewer(
    "sync.operator@demo.example.com", "系统管理员", "zh", ("System Manager", "Order Auditor")
)

D = Deed
WAITS_FOR_MONEY: Final = "waits for the rest of the money"
ASKED_TO_CANCEL: Final = "asked to cancel"
CONTRADICTS: Final = "WDT cancels what only the site may"
REFUSED_BY_U8: Final = "U8 does not know the article"

SCENES: Final = (
    Scenario("completed", Channel.WEB_SHOP, ONLINE, Basket(0, 2), PAID_THEN_SHIPPED, COMPLETED),
    Scenario(
        "shipped", Channel.PREPAID, COD, Basket(3, 3),
        acts(D.PLACE, D.CONFIRM, D.WDT_SHIPS, await_state(SHIPPED)), SHIPPED,
    ),
    Scenario("voided", Channel.COUNTER, ONLINE, Basket(5, 2), acts(D.PLACE, D.CANCEL), VOIDED),
    Scenario(
        CONTRADICTS, Channel.SITE_FIRST, TRANSFER, Basket(7, 2),
        acts(D.PLACE, D.CONFIRM, D.WDT_CANCELS), CONFIRMED,
    ),
    Scenario(
        "shipped in part", Channel.COUNTER, COD, Basket(9, 3), acts(D.PLACE, D.CONFIRM, ship(50)), CONFIRMED
    ),
    Scenario(
        "paid", Channel.WEB_SHOP, ONLINE, Basket(11, 2, freight=Decimal(12)),
        acts(D.PLACE, D.CONFIRM, D.PAY), PAID,
    ),
    Scenario(
        "under review", Channel.PROJECTS, TRANSFER, Basket(13, 4), acts(D.PLACE, D.SEND_TO_REVIEW), REVIEW
    ),
    Scenario("held", Channel.WEB_SHOP, ONLINE, Basket(15, 2), acts(D.PLACE, D.HOLD), UNCONFIRMED),
    Scenario(
        ASKED_TO_CANCEL, Channel.WEB_SHOP, ONLINE, Basket(17, 3),
        acts(D.PLACE, D.CONFIRM, D.PAY, D.WDT_REVIEWS), PAID,
    ),
    Scenario(
        WAITS_FOR_MONEY, Channel.PROJECTS, "Deposit and Balance",
        Basket(19, 4, gifts=1, freight=Decimal(30), discount=Decimal("9.90")),
        acts(D.PLACE, D.CONFIRM, pay(30)), CONFIRMED,
    ),
    Scenario("new", Channel.WEB_SHOP, ONLINE, Basket(21, 2), acts(D.PLACE), UNCONFIRMED),
)  # fmt: skip
REFUSED: Final = Scenario(
    REFUSED_BY_U8, Channel.WEB_SHOP, TRANSFER, Basket(2, 1), PAID_THEN_SHIPPED, COMPLETED,
)  # fmt: skip


class Cast:
    """The demo site as the pictures need it, prepared over REST.

    Args:
        state: the running host.
    """

    def __init__(self, state: HostState) -> None:
        self._admin = Caller(state.web_url, "Administrator")
        self._admin.login(state.admin_password)
        self._stage: Stage = set_stage(state, BUYERS, ARTICLES)
        self._reader = self._stage.people[Person.INTEGRATION]
        self._orders: dict[str, str] = {}
        self._prefix = f"P{int(time.time()) - 1577836800:X}-"
        self._new_code = f"NEW-{self._prefix}900"

    def enter(self) -> None:
        """Create viewers and orders.

        Raises:
            HostError: an order did not come to where the pictures need it.
        """
        for viewer in (CLERK, ENGLISH_CLERK, OPERATOR):
            self._viewer(viewer)
        code, prefix = self._new_code, self._prefix
        values = {
            "product_code": code,
            "product_name": NEW_ARTICLE,
            "u8_inventory_code": code,
            "list_price": 159,
        }
        self._stage.people[Person.DESK].save("Product", code, values)
        self._stage.wdt.stock([code])
        cases = [self._case(scene, f"{prefix}{number:02d}") for number, scene in enumerate(SCENES, 1)]
        refused = self._case(REFUSED, f"{prefix}U8")
        refused.items = [{"product": code, "quantity": 5, "unit_price": "159"}]
        Director(self._stage, [*cases, refused], prefix).play()
        self._check(cases)
        self._orders = {case.title: case.name for case in (*cases, refused)}
        # Nobody over there answers, so that the request stays to be seen.
        self._stage.people[Person.DESK].call(
            "order_flow.api.request_cancellation", order=self._orders[ASKED_TO_CANCEL], reason=REASON
        )

    def _viewer(self, viewer: Viewer) -> None:
        self._admin.save(
            "User",
            viewer.email,
            {
                "email": viewer.email,
                "first_name": viewer.first_name,
                "language": viewer.language,
                "send_welcome_email": 0,
                "new_password": PASSWORD,
                "module_profile": "Order Work",
                "roles": [{"role": role} for role in viewer.roles],
            },
        )

    def _case(self, scene: Scenario, number: str) -> Case:
        return case_of(
            scene,
            number,
            BUYERS[len(scene.title) % len(BUYERS)],
            self._stage.customers,
            scene.channel not in WITHOUT_WDT,
            TO_ACCOUNT[LEDGER_OF[scene.channel]],
        )

    @staticmethod
    def _check(cases: Sequence[Case]) -> None:
        for case in cases:
            if case.failure:
                raise HostError(
                    f"The order for the picture '{case.title}' did not get there.",
                    case.failure,
                    "Look at .bench/log/; run `make pictures` again.",
                )

    def order(self, title: str) -> str:
        """Name of the order that plays a scene."""
        return self._orders[title]

    def dead_message(self) -> str:
        """The outgoing message that U8 refused."""
        filters = [["state", "=", "Dead"], ["document", "=", self._orders[REFUSED_BY_U8]]]
        return self._awaited("Sync Outbox", filters)

    def contradiction(self) -> str:
        """The discrepancy about the order that WDT cancelled on its own."""
        filters = [["state", "=", "Open"], ["document", "=", self._orders[CONTRADICTS]]]
        return self._awaited("Sync Discrepancy", filters)

    def _awaited(self, doctype: str, filters: list[list[Any]]) -> str:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if rows := self._reader.rows(doctype, ["name"], filters):
                return str(rows[0]["name"])
            time.sleep(LOOK_SECONDS)
        raise HostError(
            f"No {doctype} appeared.",
            f"Waited {PATIENCE_SECONDS:.0f} s for {filters}.",
            "Look at .bench/log/worker.log; `make status` shows what runs.",
        )

    def leave(self) -> None:
        """Settle what needs a person, so that `make demo` finds a clean site."""
        keeper = self._stage.people[Person.KEEPER]
        ledger = TO_ACCOUNT[LEDGER_OF[REFUSED.channel]]
        self._stage.u8.enter_articles(ledger, {self._new_code: NEW_ARTICLE})
        keeper.call(f"{OUTBOX}.send_again", names=[int(self.dead_message())])
        keeper.call(f"{DISCREPANCY}.dismiss", name=int(self.contradiction()), resolution="Made for a picture")
        sent = [["state", "=", "Done"], ["document", "=", self._orders[REFUSED_BY_U8]]]
        self._awaited("Sync Outbox", [*sent, ["account_type", "=", "U8 Account"]])
