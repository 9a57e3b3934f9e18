"""Runs the demo: `python -m dev.demo`, called by `make demo`.

ORDERS=file.csv takes real orders instead, with STOCK=80 against so much percent of stock, with SEQUENCE=shop
paid at checkout before they are confirmed; LIMITS=shipped leaves the accounts at their shipped limits;
CASE=add|omm|apparel|pmc|warehouse plays a case.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dev.build_tools import warning_of_snapshot
from dev.demo.case import Case, case_of, order_fields
from dev.demo.cases.run import run_case
from dev.demo.cases.words import Language
from dev.demo.director import Director
from dev.demo.limits import chosen_limits
from dev.demo.logins import leave_logins
from dev.demo.order_file import MAPPING, OrderFile, read_orders
from dev.demo.replay import run_replay
from dev.demo.rest import Caller, Refusal
from dev.demo.scenarios import COMPLETED, ONLINE, SCENARIOS
from dev.demo.sequence import STORY_OF, OrderSequence, chosen_sequence
from dev.demo.setting import (
    ARTICLES,
    BUYERS,
    LEDGER_OF,
    TO_ACCOUNT,
    WITHOUT_WDT,
    Article,
    Buyer,
    Channel,
    Person,
)
from dev.demo.stage import Stage, set_stage
from dev.demo.verdict import Verdict, judge, left_over, summary, table
from dev.errors import HostError
from dev.state import HostState, load

FILE_VARIABLE: Final = "ORDERS"
CASE_VARIABLE: Final = "CASE"
STOCK_VARIABLE: Final = "STOCK"


def run_table(state: HostState, prefix: str) -> int:
    """Play the table of scenarios."""
    print(f"demo: {len(SCENARIOS)} orders by the table in dev/demo/scenarios.py, numbers {prefix}...")
    stage = _stage(state, BUYERS, ARTICLES)
    cases = [
        case_of(
            scenario,
            f"{prefix}{number:03d}",
            BUYERS[number % len(BUYERS)],
            stage.customers,
            scenario.channel not in WITHOUT_WDT,
            TO_ACCOUNT[LEDGER_OF[scenario.channel]],
        )
        for number, scenario in enumerate(SCENARIOS, 1)
    ]
    return _play(state, stage, cases, prefix)


def run_file(state: HostState, prefix: str, orders: OrderFile, sequence: OrderSequence) -> int:
    """Play real orders: confirmed and paid in the sequence that is asked for, shipped by WDT, received."""
    lines = [len(invoice.lines) for invoice in orders.invoices]
    print(
        f"demo: {len(lines)} orders of {sum(lines)} lines, the largest of {max(lines)}; "
        f"{orders.left_out} rows left out. How rows are read:"
    )
    for rule in MAPPING:
        print(f"  - {rule}")
    stage = _stage(state, [invoice.buyer for invoice in orders.invoices], orders.articles)
    channel = Channel.WEB_SHOP
    cases = [
        Case(
            title=f"invoice {invoice.number}",
            channel=channel.value,
            term=ONLINE,
            number=f"{prefix}{invoice.number}",
            order=order_fields(
                invoice.buyer, stage.customers[invoice.buyer.name], ONLINE, f"{prefix}{invoice.number}"
            )
            | {"buyer_message": f"Country: {invoice.country}"},
            items=[dict(line) for line in invoice.lines],
            story=STORY_OF[sequence],
            end=COMPLETED,
            uses_wdt=True,
            to_account=TO_ACCOUNT[LEDGER_OF[channel]],
        )
        for invoice in orders.invoices
    ]
    return _play(state, stage, cases, prefix)


def _stage(state: HostState, buyers: Sequence[Buyer], articles: Sequence[Article]) -> Stage:
    started = time.monotonic()
    stage = set_stage(state, buyers, articles, chosen_limits())
    print(f"stage set over REST in {time.monotonic() - started:.1f} s: people, accounts, channels, articles")
    return stage


def _play(state: HostState, stage: Stage, cases: Sequence[Case], prefix: str) -> int:
    started = time.monotonic()
    Director(stage, cases, prefix).play()
    played = time.monotonic() - started
    reader = stage.people[Person.INTEGRATION]
    verdicts = judge(reader, cases, stage.limits)
    print(f"\n{table(cases, verdicts)}\n")
    _tell_differences(cases, verdicts)
    remains = left_over(reader)
    for sentence in remains:
        print(f"left over: {sentence}")
    print(
        f"played in {played:.0f} s, three sides compared in {time.monotonic() - started - played:.0f} s. "
        f"Look at {state.web_url}/app/order, {state.web_url}/app/sync-outbox, "
        f"{state.web_url}/app/sync-discrepancy (login Administrator / {state.admin_password}); "
        f"WDT {state.wdt_url}/ and U8 {state.u8_url}/"
    )
    admin = Caller(state.web_url, "Administrator")
    admin.login(state.admin_password)
    print("\n".join(leave_logins(admin, Language.of_environment(os.environ.get("LANG", "")).value)))
    if warning := warning_of_snapshot():
        print(warning)
    print(summary(cases, verdicts), flush=True)
    agreed = all(verdict.agreed for verdict in verdicts.values())
    return 0 if agreed and not remains else 1


def _tell_differences(cases: Sequence[Case], verdicts: dict[str, Verdict]) -> None:
    for case in cases:
        for difference in verdicts[case.number].differences:
            print(f"NOT AGREED {case.name or case.number} ({case.title}): {difference}")


def _percent(text: str) -> int:
    if not text.isdecimal() or int(text) > 100:
        raise HostError(
            f"STOCK={text} is no share of stock.", "It is a whole number from 0 to 100.", "E.g. STOCK=80."
        )
    return int(text)


def main() -> int:
    """Run the table, the file that ORDERS names or the case that CASE names; the exit code is the verdict."""
    # Fresh external numbers for each run; seconds since 2020 keep them short.
    prefix = f"D{int(time.time()) - 1577836800:X}-"
    try:
        state = load()
        if case := os.environ.get(CASE_VARIABLE):
            return run_case(state, case, Language.of_environment(os.environ.get("LANG", "")))
        if os.environ.get(FILE_VARIABLE):
            orders = read_orders(Path(os.environ[FILE_VARIABLE]))
            if percent := os.environ.get(STOCK_VARIABLE):
                return run_replay(state, prefix, orders, _percent(percent))
            return run_file(state, prefix, orders, chosen_sequence())
        return run_table(state, prefix)
    except HostError as error:
        print(error.report(), file=sys.stderr)
    except Refusal as refusal:
        print(
            f"error: the site refused the demo's set-up.\n  why:  {refusal}\n"
            "  cure: look at .bench/log/web.log; `make stop` and `make demo` start the host anew.",
            file=sys.stderr,
        )
    return 1


if __name__ == "__main__":
    sys.exit(main())
