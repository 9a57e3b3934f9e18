"""Sets the stage over REST: people with keys, accounts, channels, articles, customers. Safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dev.demo.limits import QUICK, Limits
from dev.demo.rest import Caller
from dev.demo.setting import (
    LEDGER_OF,
    POLICY,
    PROFILE,
    TO_ACCOUNT,
    U8_LOGIN,
    WDT_ACCOUNT,
    WDT_LOGIN,
    WITHOUT_WDT,
    Article,
    Buyer,
    Channel,
    Ledger,
    Person,
)
from dev.demo.simulators import U8People, WdtPeople
from dev.state import HostState

PORTION: Final = 100
"""Documents of one request; the framework takes at most 200."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everybody and everything that a run needs.

    Args:
        people: callers by person.
        wdt: the warehouse's people.
        u8: the ledgers' people.
        customers: customer code by name.
        limits: what stands in the accounts.
    """

    people: Mapping[Person, Caller]
    wdt: WdtPeople
    u8: U8People
    customers: Mapping[str, str]
    limits: Limits = QUICK


def set_stage(
    state: HostState, buyers: Iterable[Buyer], articles: Sequence[Article], limits: Limits = QUICK
) -> Stage:
    """Create what is missing on the site and in both stand-ins.

    Args:
        state: the running host.
        buyers: customers that will order.
        articles: products that will be ordered, codes unique.
        limits: how fast the accounts may call.

    Returns:
        The stage, with fresh keys for every person.

    Raises:
        Refusal: the site refused; HostError: something does not answer.
    """
    admin = Caller(state.web_url, "Administrator")
    admin.login(state.admin_password)
    people = {person: person_with_role(admin, person.value) for person in Person}
    wdt, u8 = WdtPeople(state.wdt_url), U8People(state.u8_url)
    wdt.disarm()
    u8.disarm()
    keeper = people[Person.KEEPER]
    _accounts(keeper, state, limits)
    for channel in Channel:
        _channel(keeper, channel)
    desk = people[Person.DESK]
    _articles(desk, articles)
    wdt.stock([article.code for article in articles])
    for to_account in TO_ACCOUNT.values():
        u8.open_ledger({**U8_LOGIN, "to_account": to_account})
        u8.enter_articles(to_account, {article.code: article.name for article in articles})
    return Stage(people, wdt, u8, _customers(desk, buyers), limits)


def email_of(role: str) -> str:
    """The address that a person with a role logs in with."""
    return f"{role.lower().replace(' ', '.')}@demo.example.com"


def ensure_person(admin: Caller, role: str, **values: Any) -> str:
    """Make a user who has this role and no other, or change the one there is.

    Args:
        admin: may create users.
        role: the role on the site.
        values: what else is to stand in the user's record; none leaves an existing one alone.

    Returns:
        The address the user logs in with.
    """
    email = email_of(role)
    if not admin.rows("User", ["name"], [["name", "=", email]]):
        new = {"email": email, "first_name": role, "send_welcome_email": 0, "language": "en"}
        admin.insert("User", {**new, "roles": [{"role": role}], **values})
    elif values:
        admin.save("User", email, values)
    return email


def person_with_role(admin: Caller, role: str, language: str = "en") -> Caller:
    """A user who has this role and no other, with a fresh key; created where he is missing.

    Args:
        admin: may create users.
        role: the role on the site.
        language: what the site answers him in.
    """
    email = ensure_person(admin, role)
    secret = admin.call("frappe.core.doctype.user.user.generate_keys", user=email)["api_secret"]
    key = admin.rows("User", ["api_key"], [["name", "=", email]])[0]["api_key"]
    return Caller(admin.base_url, email, f"token {key}:{secret}", language)


def _accounts(keeper: Caller, state: HostState, limits: Limits) -> None:
    common = {"enabled": 1, **limits.both}
    keeper.save(
        "WDT Account",
        WDT_ACCOUNT,
        {
            **common,
            **WDT_LOGIN,
            "account_name": WDT_ACCOUNT,
            "base_url": f"{state.wdt_url}/openapi2/",
            **limits.wdt,
        },
    )
    for ledger in Ledger:
        keeper.save(
            "U8 Account",
            ledger.value,
            {
                **common,
                **U8_LOGIN,
                "account_name": ledger.value,
                "base_url": state.u8_url,
                "to_account": TO_ACCOUNT[ledger],
                "posting_profile": PROFILE[ledger],
                "freight_item_code": "FREIGHT",
                "fees_item_code": "FEE",
                **limits.u8,
            },
        )


def _channel(keeper: Caller, channel: Channel) -> None:
    keeper.save(
        "Sales Channel",
        channel.value,
        {
            "channel_name": channel.value,
            "wdt_account": None if channel in WITHOUT_WDT else WDT_ACCOUNT,
            "u8_account": LEDGER_OF[channel].value,
            **POLICY[channel],
        },
    )


def _articles(desk: Caller, articles: Sequence[Article]) -> None:
    known = {row["name"] for row in desk.rows("Product", ["name"])}
    _insert_many(
        desk,
        [
            {
                "doctype": "Product",
                "product_code": article.code,
                "product_name": article.name,
                "list_price": float(article.price),
                "tax_percent": article.tax_percent,
                "u8_inventory_code": article.code,
            }
            for article in articles
            if article.code not in known
        ],
    )


def _customers(desk: Caller, buyers: Iterable[Buyer]) -> dict[str, str]:
    wanted = {buyer.name: buyer for buyer in buyers}
    known = _codes_by_name(desk)
    missing = [
        {"doctype": "Customer", "customer_name": buyer.name, "customer_type": buyer.kind}
        for buyer in wanted.values()
        if buyer.name not in known
    ]
    _insert_many(desk, missing)
    return _codes_by_name(desk) if missing else known


def _codes_by_name(desk: Caller) -> dict[str, str]:
    return {row["customer_name"]: row["name"] for row in desk.rows("Customer", ["name", "customer_name"])}


def _insert_many(caller: Caller, documents: Sequence[Mapping[str, Any]]) -> None:
    for start in range(0, len(documents), PORTION):
        caller.call("frappe.client.insert_many", docs=list(documents[start : start + PORTION]))
