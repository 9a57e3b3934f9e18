"""The WDT client: ``WdtPort`` over HTTP (wdt-openapi 1 to 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from order_flow.domain.message import Message
from order_flow.integrations.errors import Blocked, IntegrationError, Transient, UnreadableAnswer
from order_flow.integrations.transport import Effect, Request, Transport, lost_answer
from order_flow.integrations.wdt import codes, records
from order_flow.integrations.wdt.answers import Item, message_of, parsed, stored_count
from order_flow.integrations.wdt.fields import Record, UnreadableField, integer, listing, text
from order_flow.integrations.wdt.joined_lines import OwnLines, divided, knows_none
from order_flow.integrations.wdt.paging import Pieces, is_new, one
from order_flow.integrations.wdt.port import (
    Acknowledgement,
    Article,
    Carrier,
    PushResult,
    RawTrade,
    SalesTrade,
    ShipmentNotice,
    Shop,
    StockFigure,
    Stockout,
    UnreadableRecord,
    Warehouse,
)
from order_flow.integrations.wdt.pushing import OK, Batch, Push, PushAnswer, batches
from order_flow.integrations.wdt.refusals import NO_REASON, readable, refusal
from order_flow.integrations.wdt.settings import WdtSettings
from order_flow.integrations.wdt.signing import SIGN, ascii_json, plain_text, sign
from order_flow.integrations.window import SHANGHAI, Changes, Page, Place, Window

SECRETS = frozenset({SIGN, "appkey", "appsecret"})
PERSONAL = frozenset({"receiver_mobile", "receiver_telno", "mobile", "telno", "id_card"})
ACK_TEXT_LENGTH = 255
MAX_NOTICES = 100


def china_now() -> datetime:
    """The time in China, as the signed timestamp and the windows need it."""
    return datetime.now(SHANGHAI)


class WdtClient:
    """Talks to one WDT account.

    Args:
        settings: the account.
        transport: makes the calls; its account name and limiter belong to the same account.
        clock: the time in China; a test turns it.
        own_lines: finds lines of ours by their numbers over there, where WDT shows several as one.
    """

    def __init__(
        self,
        settings: WdtSettings,
        transport: Transport,
        clock: Callable[[], datetime] = china_now,
        own_lines: OwnLines = knows_none,
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._clock = clock
        self._own_lines = own_lines

    def push_trades(self, trades: Sequence[RawTrade]) -> PushResult:
        """See ``WdtPort.push_trades``.

        Raises:
            ValueError: a tid occurs twice, so that the later one would win by chance.
        """
        repeated = [tid for tid, times in Counter(trade.tid for trade in trades).items() if times > 1]
        if repeated:
            raise ValueError(f"these orders are in one push twice: {', '.join(sorted(repeated))}")
        settings = self._settings
        calls = tuple(batches(trades, settings.push_batch, settings.push_batch_per_buyer))
        return Push(self._send_batch, self._refusal_of_push).run(calls)

    def answers(self) -> bool:
        """See ``WdtPort.answers``: a push without orders, which WDT refuses in its own words."""
        try:
            self._push_call(())
        except Blocked:
            return False
        return True

    def trades_of(self, tid: str) -> tuple[SalesTrade, ...]:
        """See ``WdtPort.trades_of``."""
        endpoint = self._settings.trade_endpoint.value
        rows = self._rows(endpoint, "trades", {"src_tid": tid})
        found = (self._readable(endpoint, row, self._trade) for row in rows)
        return tuple({trade.trade_id: trade for trade in found}.values())

    def trades_changed(self, window: Window) -> Changes[SalesTrade | UnreadableRecord]:
        """See ``WdtPort.trades_changed``."""
        endpoint = self._settings.trade_endpoint.value
        pieces = Pieces(window, self._settings.trade_window, [{"shop_no": self._settings.shop_no}])
        return self._changes(endpoint, "trades", "trade_id", pieces, one(self._trade))

    def stockouts_of(self, tid: str) -> tuple[Stockout, ...]:
        """See ``WdtPort.stockouts_of``."""
        endpoint = "stockout_order_query_trade"
        found: dict[str, Stockout] = {}
        for status in self._settings.stockout_statuses_by_order:
            filters = {"src_tid": tid} | ({} if status is None else {"status": str(int(status))})
            for row in self._rows(endpoint, "stockout_list", filters):
                stockout = self._readable(endpoint, row, self._stockout)
                found[stockout.stockout_id] = stockout
        return tuple(found.values())

    def stockouts_shipped(self, window: Window) -> Changes[Stockout | UnreadableRecord]:
        """See ``WdtPort.stockouts_shipped``."""
        return self._stockouts(window, {})

    def stockouts_in_house(self, window: Window) -> Changes[Stockout | UnreadableRecord]:
        """See ``WdtPort.stockouts_in_house``. Below 95 the window is the time of the last change (2.3)."""
        statuses = self._settings.in_house_statuses
        return self._stockouts(window, *({"status": str(int(status))} for status in statuses))

    def waiting_shipments(self, limit: int) -> tuple[ShipmentNotice | UnreadableRecord, ...]:
        """See ``WdtPort.waiting_shipments``. Rows that WDT does not wait for any more are left out."""
        endpoint = "logistics_sync_query"
        most = min(limit, self._settings.shipment_notices_per_call, MAX_NOTICES)
        params = {"shop_no": self._settings.shop_no, "limit": str(most)}
        if self._settings.part_sync is not None:
            params["is_part_sync_able"] = str(int(self._settings.part_sync))
        answer = self._read(endpoint, params)
        notices = (
            parsed(endpoint, "rec_id", row, records.shipment_notice)
            for row in self._list(endpoint, answer, "trades")
        )
        return tuple(
            notice
            for notice in notices
            if isinstance(notice, UnreadableRecord) or notice.sync_status in (codes.SyncStatus.WAITING, None)
        )

    def acknowledge(self, acknowledgements: Sequence[Acknowledgement]) -> Mapping[str, str]:
        """See ``WdtPort.acknowledge``. Rows of calls that were not made any more are returned as errors."""
        errors: dict[str, str] = {}
        unique = list({item.rec_id: item for item in acknowledgements}.values())
        size = self._settings.acknowledge_batch
        for start in range(0, len(unique), size):
            try:
                errors |= self._acknowledge_batch(unique[start : start + size])
            except IntegrationError as error:
                if start == 0:
                    raise
                return errors | {
                    item.rec_id: Message("Not acknowledged: {0}", error.message) for item in unique[start:]
                }
        return errors

    def shops(self) -> tuple[Shop, ...]:
        """See ``WdtPort.shops``."""
        rows = self._rows("shop", "shoplist", {})
        return tuple(self._readable("shop", row, records.shop) for row in rows)

    def warehouses(self) -> tuple[Warehouse | UnreadableRecord, ...]:
        """See ``WdtPort.warehouses``."""
        rows = self._rows("warehouse_query", "warehouses", {})
        return tuple(parsed("warehouse_query", "warehouse_no", row, records.warehouse) for row in rows)

    def stock_changed(self, window: Window) -> Changes[StockFigure | UnreadableRecord]:
        """See ``WdtPort.stock_changed``."""
        pieces = Pieces(window, self._settings.stock_window)
        return self._changes("stock_query", "stocks", "spec_no", pieces, one(records.stock_figure))

    def stock_of(self, spec_no: str) -> tuple[StockFigure, ...]:
        """See ``WdtPort.stock_of``."""
        rows = self._rows("stock_query", "stocks", {"spec_no": spec_no})
        return tuple(self._readable("stock_query", row, records.stock_figure) for row in rows)

    def goods_changed(self, window: Window) -> Changes[Article | UnreadableRecord]:
        """See ``WdtPort.goods_changed``."""
        pieces = Pieces(window, self._settings.stock_window)
        return self._changes("goods_query", "goods_list", "goods_no", pieces, records.articles)

    def goods_of(self, spec_no: str) -> tuple[Article, ...]:
        """See ``WdtPort.goods_of``. WDT answers with the whole goods, of which one article was asked for."""
        rows = self._rows("goods_query", "goods_list", {"spec_no": spec_no})
        found = (self._readable("goods_query", row, records.articles) for row in rows)
        return tuple(article for articles in found for article in articles if article.spec_no == spec_no)

    def carriers(self) -> tuple[Carrier | UnreadableRecord, ...]:
        """See ``WdtPort.carriers``."""
        answer = self._read("logistics", {})
        rows = self._list("logistics", answer, "logistics_list")
        return tuple(parsed("logistics", "logistics_no", row, records.carrier) for row in rows)

    # pushing and acknowledging

    def _send_batch(self, batch: Batch) -> PushAnswer:
        answer = self._push_call(batch)
        return PushAnswer(text(answer, "code"), message_of(answer), stored_count(answer))

    def _push_call(self, batch: Batch) -> Record:
        params = {
            "shop_no": self._settings.shop_no,
            "switch": str(int(self._settings.push_switch)),
            "trade_list": ascii_json([records.trade_payload(trade) for trade in batch]),
        }
        return self._call("trade_push", params, Effect.WRITE)

    def _refusal_of_push(self, code: str, message: str) -> IntegrationError:
        return refusal("trade_push", code, message, self._settings.rest_after_rate_limit)

    def _acknowledge_batch(self, batch: Sequence[Acknowledgement]) -> dict[str, str]:
        rows = [
            {
                "rec_id": item.rec_id,
                "status": 1 if item.error else 0,
                "message": plain_text(item.error)[:ACK_TEXT_LENGTH],
            }
            for item in batch
        ]
        endpoint = "logistics_sync_ack"
        answer = self._call(endpoint, {"logistics_list": ascii_json(rows)}, Effect.WRITE)
        self._check(endpoint, answer)
        return {
            str(entry.get("rec_id")): readable(str(entry.get("error") or "")) or NO_REASON
            for entry in self._list(endpoint, answer, "errors")
            if isinstance(entry, Mapping)
        }

    # reading

    def _trade(self, row: Record) -> SalesTrade:
        return records.sales_trade(divided(row, "goods_list", self._own_lines))

    def _stockout(self, row: Record) -> Stockout:
        return records.stockout(divided(row, "details_list", self._own_lines))

    def _stockouts(self, window: Window, *queries: Mapping[str, str]) -> Changes[Stockout | UnreadableRecord]:
        asked = [{"shop_no": self._settings.shop_no, **query} for query in queries]
        pieces = Pieces(window, self._settings.stockout_window, asked)
        endpoint = "stockout_order_query_trade"
        return self._changes(endpoint, "stockout_list", "stockout_id", pieces, one(self._stockout))

    def _changes(
        self,
        endpoint: str,
        key: str,
        identity: str,
        pieces: Pieces,
        parse: Callable[[Record], tuple[Item, ...]],
    ) -> Changes[Item | UnreadableRecord]:
        """Return what a windowed query answers, each record once, page by page from any place on."""

        def read(place: Place | None) -> Iterator[Page[Item | UnreadableRecord]]:
            seen: set[object] = set()
            for piece in pieces.from_place(place, self._settings.page_size):
                for rows, number in self._paged(endpoint, key, pieces.filters_of(piece), piece.page):
                    found: list[Item | UnreadableRecord] = []
                    for row in rows:
                        item = parsed(endpoint, identity, row, parse)
                        members = (item,) if isinstance(item, UnreadableRecord) else item
                        found += [member for member in members if is_new(member, seen)]
                    following = pieces.following(piece, number, self._settings.page_size)
                    yield Page(tuple(found), following)

        return Changes(read)

    def _rows(self, endpoint: str, key: str, filters: Mapping[str, str]) -> Iterator[Any]:
        """All rows of a paged query."""
        for rows, _number in self._paged(endpoint, key, filters, None):
            yield from rows

    def _paged(
        self, endpoint: str, key: str, filters: Mapping[str, str], page: int | None
    ) -> Iterator[tuple[list[Any], int | None]]:
        """Pages of a query, last page first, each with the number of the page that follows.

        Rows move towards the front while others leave the window, so a forward reader would jump over
        some. Page 0 tells the total and is read again at the end for the same reason.

        Args:
            endpoint: name of the query.
            key: the list in its answer.
            filters: what is asked.
            page: where to go on; None asks page 0 first for how many there are.
        """
        if page is None:
            first = self._page(endpoint, filters, 0)
            rows = self._list(endpoint, first, key)
            page = self._page_count(endpoint, first, len(rows)) - 1
            if not page:
                yield rows, None
                return
            yield [], page
        for number in range(page, -1, -1):
            rows = self._list(endpoint, self._page(endpoint, filters, number), key)
            yield rows, number - 1 if number else None

    def _page_count(self, endpoint: str, first: Record, rows: int) -> int:
        size = self._settings.page_size
        try:
            total = integer(first, "total_count")
        except UnreadableField as cause:
            raise Transient(
                Message("{0}: the answer cannot be paged. {1} It is asked again.", endpoint, cause.message)
            ) from cause
        if rows < size:
            if total > rows:
                raise Transient(
                    Message(
                        "{0}: page 0 holds {1} of {2} rows although {3} were asked for. Set the account's "
                        "page size to what WDT gives.",
                        endpoint,
                        rows,
                        total,
                        size,
                    ),
                    code="page-size",
                )
            return 1
        if total < rows:
            raise Transient(
                Message(
                    "{0}: page 0 is full ({1} rows) and total_count says {2}. It is asked again.",
                    endpoint,
                    rows,
                    total,
                ),
                code="total-count",
            )
        return -(-total // size)

    def _page(self, endpoint: str, filters: Mapping[str, str], number: int) -> Record:
        paging = {"page_no": str(number), "page_size": str(self._settings.page_size)}
        return self._read(endpoint, {**filters, **paging})

    def _read(self, endpoint: str, params: Mapping[str, str]) -> Record:
        answer = self._call(endpoint, params, Effect.READ)
        self._check(endpoint, answer)
        return answer

    def _list(self, endpoint: str, answer: Record, key: str) -> list[Any]:
        try:
            return listing(answer, key)
        except UnreadableField as cause:
            raise Transient(
                Message("{0}: the answer cannot be read. {1} It is asked again.", endpoint, cause.message)
            ) from cause

    def _readable(self, endpoint: str, row: Any, parse: Callable[[Record], Item]) -> Item:
        item = parsed(endpoint, "", row, parse)
        if isinstance(item, UnreadableRecord):
            raise UnreadableAnswer(
                Message(
                    "{0}: a record cannot be read: {1}. It is asked for again; if it stays so, compare the "
                    "logged answer with WDT's documentation.",
                    endpoint,
                    item.reason,
                ),
                record=item.payload,
            )
        return item

    # one call

    def _call(self, endpoint: str, params: Mapping[str, str], effect: Effect) -> Record:
        """Sign and make one call; the answer is a record with a ``code``, whatever it says."""
        request = self._signed(endpoint, params, effect)
        answer = self._transport.call(request).payload
        if not isinstance(answer, Mapping):
            raise lost_answer(request, Message("the answer is not a record"))
        code = answer.get("code")
        if isinstance(code, bool) or not isinstance(code, int | str) or not str(code).strip():
            raise lost_answer(request, Message("the answer has no code"))
        return answer

    def _signed(self, endpoint: str, params: Mapping[str, str], effect: Effect) -> Request:
        settings = self._settings
        form = {
            **params,
            "sid": settings.sid,
            "appkey": settings.appkey,
            "timestamp": str(int(self._clock().timestamp())),
        }
        form[SIGN] = sign(form, settings.appsecret)
        return Request(
            endpoint=endpoint,
            method="POST",
            url=f"{settings.base_url.rstrip('/')}/{endpoint}.php",
            effect=effect,
            form=form,
            secrets=SECRETS | PERSONAL,
        )

    def _check(self, endpoint: str, answer: Record) -> None:
        code = text(answer, "code")
        if code != OK:
            raise refusal(endpoint, code, message_of(answer), self._settings.rest_after_rate_limit)
