"""WDT's records turned into the port's dataclasses and back (wdt-openapi 2.1 to 2.4, 3)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from order_flow.domain.amounts import ZERO
from order_flow.domain.message import Message
from order_flow.integrations.wdt import codes, port
from order_flow.integrations.wdt.fields import (
    Record,
    UnreadableField,
    amount,
    integer,
    known,
    known_amount,
    moment,
    names,
    nested,
    required_integer,
    required_text,
    text,
    time_text,
)

Line = TypeVar("Line")
NOT_FROZEN = frozenset({"", "0"})
SPELLINGS_OF_AVAILABLE = ("avaliable_num", "available_num")


def trade_payload(trade: port.RawTrade) -> dict[str, object]:
    """One member of ``trade_list``: amounts and quantities as strings with four decimals."""
    carrier = {} if trade.logistics_type is None else {"logistics_type": trade.logistics_type}
    return carrier | {
        "tid": trade.tid,
        "trade_status": int(trade.trade_status),
        "pay_status": int(trade.pay_status),
        "delivery_term": int(trade.delivery_term),
        "trade_time": time_text(trade.trade_time),
        "pay_time": time_text(trade.pay_time),
        "buyer_nick": trade.buyer_nick,
        "receiver_name": trade.receiver_name,
        "receiver_province": trade.receiver_province,
        "receiver_city": trade.receiver_city,
        "receiver_district": trade.receiver_district,
        "receiver_address": trade.receiver_address,
        "receiver_mobile": trade.receiver_mobile,
        "receiver_telno": trade.receiver_telno,
        "receiver_zip": trade.receiver_zip,
        "buyer_message": trade.buyer_message,
        "seller_memo": trade.seller_memo,
        "post_amount": decimal_text(trade.post_amount),
        "cod_amount": decimal_text(trade.cod_amount),
        "ext_cod_fee": decimal_text(trade.ext_cod_fee),
        "other_amount": decimal_text(trade.other_amount),
        "paid": decimal_text(trade.paid),
        "order_list": [_line_payload(line) for line in trade.lines],
    }


def _line_payload(line: port.RawTradeLine) -> dict[str, object]:
    return {
        "oid": line.oid,
        "num": decimal_text(line.num),
        "price": decimal_text(line.price),
        "status": int(line.status),
        "refund_status": int(line.refund_status),
        "goods_id": line.goods_id,
        "spec_id": line.spec_id,
        "goods_no": line.goods_no,
        "spec_no": line.spec_no,
        "goods_name": line.goods_name,
        "spec_name": line.spec_name,
        "adjust_amount": decimal_text(line.adjust_amount),
        "discount": decimal_text(line.discount),
        "share_discount": decimal_text(line.share_discount),
        "remark": line.remark,
    }


def decimal_text(value: Decimal) -> str:
    """A number with exactly four decimals, never in exponent form."""
    return f"{value:.4f}"


def sales_trade(record: Record) -> port.SalesTrade:
    """Read one member of ``trades``.

    Raises:
        UnreadableField: a field is not what it should be, or the status or a quantity is missing.
    """
    status = required_integer(record, "trade_status")
    return port.SalesTrade(
        trade_id=required_text(record, "trade_id"),
        trade_no=required_text(record, "trade_no"),
        shop_no=text(record, "shop_no"),
        warehouse_no=text(record, "warehouse_no"),
        src_tids=names(record, "src_tids"),
        status_code=status,
        status=known(codes.TradeStatus, status),
        consign=codes.ConsignBit(integer(record, "consign_status")),
        freeze_reason=_freeze_reason(record),
        refund_status=known(codes.RefundStatus, integer(record, "refund_status")),
        bad_reason=codes.BadReason(integer(record, "bad_reason")),
        delivery_term=known(codes.DeliveryTerm, integer(record, "delivery_term")),
        trade_time=moment(record, "trade_time"),
        pay_time=moment(record, "pay_time"),
        modified=moment(record, "modified"),
        logistics_code=text(record, "logistics_code"),
        logistics_name=text(record, "logistics_name"),
        logistics_no=text(record, "logistics_no"),
        stockout_no=text(record, "stockout_no"),
        goods_amount=known_amount(record, "goods_amount"),
        post_amount=known_amount(record, "post_amount"),
        discount=known_amount(record, "discount"),
        receivable=known_amount(record, "receivable"),
        paid=known_amount(record, "paid"),
        cod_amount=known_amount(record, "cod_amount"),
        cancel_reason=text(record, "cancel_reason"),
        revert_reason=text(record, "revert_reason"),
        lines=_lines(record, "goods_list", _trade_line, status != codes.TradeStatus.CANCELLED),
    )


def _lines(
    record: Record, name: str, parse: Callable[[Record], Line], must_be_there: bool
) -> tuple[Line, ...]:
    """Lines of a trade or a stockout; without them nothing can be said of what it holds."""
    rows = nested(record, name)
    if must_be_there and not rows:
        raise UnreadableField(name, record.get(name), Message("a list of lines"))
    return tuple(parse(row) for row in rows)


def _quantity(record: Record, name: str) -> Decimal:
    """How many of a line. Lines added over there belong to no order of ours, and nothing depends on them."""
    return amount(record, name) if text(record, "src_oid") else known_amount(record, name) or ZERO


def _trade_line(record: Record) -> port.SalesTradeLine:
    return port.SalesTradeLine(
        rec_id=text(record, "rec_id"),
        src_tid=text(record, "src_tid"),
        src_oid=text(record, "src_oid"),
        goods_no=text(record, "goods_no"),
        spec_no=text(record, "spec_no"),
        goods_name=text(record, "goods_name"),
        quantity=_quantity(record, "num"),
        actual_quantity=_quantity(record, "actual_num"),
        price=known_amount(record, "price"),
        share_amount=known_amount(record, "share_amount"),
        gift_type=integer(record, "gift_type"),
        refund_status=integer(record, "refund_status"),
    )


def stockout(record: Record) -> port.Stockout:
    """Read one member of ``stockout_list``.

    Raises:
        UnreadableField: a field is not what it should be, or the status or a quantity is missing.
    """
    status = required_integer(record, "status")
    return port.Stockout(
        stockout_id=required_text(record, "stockout_id"),
        order_no=text(record, "order_no"),
        trade_id=text(record, "trade_id"),
        trade_no=text(record, "src_order_no"),
        src_tids=names(record, "src_tids"),
        status_code=status,
        status=known(codes.StockoutStatus, status),
        consign=codes.ConsignBit(integer(record, "consign_status")),
        block_reason=codes.BlockReason(integer(record, "block_reason")),
        freeze_reason=_freeze_reason(record),
        warehouse_no=text(record, "warehouse_no"),
        consign_time=moment(record, "consign_time"),
        logistics_code=text(record, "logistics_code"),
        logistics_name=text(record, "logistics_name"),
        logistics_no=text(record, "logistics_no"),
        weight=known_amount(record, "weight"),
        slip_print=_print_status(record, "logistics_print_status"),
        dispatch_note_print=_print_status(record, "sendbill_print_status"),
        pick_list_print=_print_status(record, "picklist_print_status"),
        modified=moment(record, "modified"),
        lines=_lines(record, "details_list", _stockout_line, status >= codes.StockoutStatus.SHIPPED),
    )


def _stockout_line(record: Record) -> port.StockoutLine:
    return port.StockoutLine(
        rec_id=text(record, "rec_id"),
        src_tid=text(record, "src_tid"),
        src_oid=text(record, "src_oid"),
        goods_no=text(record, "goods_no"),
        spec_no=text(record, "spec_no"),
        quantity=_quantity(record, "num"),
        share_amount=known_amount(record, "share_amount"),
        gift_type=integer(record, "gift_type"),
        refund_status=integer(record, "refund_status"),
    )


def shipment_notice(record: Record) -> port.ShipmentNotice:
    """Read one member of the ``trades`` of logistics_sync_query.

    Raises:
        UnreadableField: a field is not what it should be.
    """
    return port.ShipmentNotice(
        rec_id=required_text(record, "rec_id"),
        shop_no=text(record, "shop_no"),
        tid=required_text(record, "tid"),
        oids=names(record, "oids"),
        is_part=integer(record, "is_part_sync") == 1,
        logistics_code=text(record, "logistics_code_erp"),
        logistics_name=text(record, "logistics_name_erp") or text(record, "logistics_name"),
        logistics_no=text(record, "logistics_no"),
        shipped_at=moment(record, "consign_time"),
        trade_id=text(record, "trade_id"),
        stockout_id=text(record, "stockout_id"),
        sync_status=known(codes.SyncStatus, required_integer(record, "sync_status")),
        delivery_term=known(codes.DeliveryTerm, integer(record, "delivery_term")),
    )


def shop(record: Record) -> port.Shop:
    """Read one member of ``shoplist``."""
    return port.Shop(
        shop_no=required_text(record, "shop_no"),
        name=text(record, "shop_name"),
        platform_id=integer(record, "platform_id"),
    )


def warehouse(record: Record) -> port.Warehouse:
    """Read one member of ``warehouses``."""
    return port.Warehouse(
        warehouse_no=required_text(record, "warehouse_no"),
        name=text(record, "name"),
        type_code=integer(record, "warehouse_type"),
        province=text(record, "province"),
        city=text(record, "city"),
        district=text(record, "district"),
        address=text(record, "address"),
    )


def stock_figure(record: Record) -> port.StockFigure:
    """Read one member of ``stocks``. ``avaliable_num`` is WDT's own spelling (wdt-openapi 3).

    Raises:
        UnreadableField: a field is not what it should be, or one of the two figures is missing.
    """
    filled = [name for name in SPELLINGS_OF_AVAILABLE if text(record, name)]
    spelling = (filled or SPELLINGS_OF_AVAILABLE)[0]
    return port.StockFigure(
        spec_no=required_text(record, "spec_no"),
        warehouse_no=required_text(record, "warehouse_no"),
        physical=amount(record, "stock_num"),
        available=amount(record, spelling),
        modified=moment(record, "modified"),
    )


def articles(record: Record) -> tuple[port.Article, ...]:
    """Read one member of ``goods_list`` with its ``spec_list``; a goods without articles has none."""
    goods_deleted = integer(record, "deleted") != 0
    return tuple(
        port.Article(
            spec_no=required_text(spec, "spec_no"),
            name=text(record, "goods_name"),
            specification=text(spec, "spec_name"),
            brand=text(record, "brand_name"),
            category=text(record, "class_name"),
            unit=text(record, "unit_name"),
            barcode=text(spec, "barcode"),
            is_deleted=goods_deleted or integer(spec, "deleted") != 0,
        )
        for spec in nested(record, "spec_list")
    )


def carrier(record: Record) -> port.Carrier:
    """Read one member of ``logistics_list``."""
    return port.Carrier(
        logistics_code=required_text(record, "logistics_no"),
        name=text(record, "logistics_name"),
        type_code=integer(record, "logistics_type"),
        supports_cash_on_delivery=integer(record, "is_support_cod") != 0,
        is_disabled=integer(record, "is_disabled") != 0,
    )


def _freeze_reason(record: Record) -> str:
    reason = text(record, "freeze_reason")
    return "" if reason in NOT_FROZEN else reason


def _print_status(record: Record, name: str) -> codes.PrintStatus:
    # Absent or unheard of counts as not printed: the stage then shows the earliest step it can be in.
    return known(codes.PrintStatus, integer(record, name)) or codes.PrintStatus.NO
