"""Documents as the queries show them (wdt-openapi 2.2, 2.3)."""

from decimal import Decimal
from typing import Any

from simulators.wdt.accounts import Account
from simulators.wdt.codes import OWN_PLATFORM
from simulators.wdt.model import ZERO, Line, Stockout, Trade
from simulators.wdt.people.submission import HEAD_AMOUNTS

RECEIVER_EXTRA = {"receiver_country": 0, "receiver_area": ""}
TRADE_FROM_API = 1
TRADE_TYPE_ONLINE = 1


def decimal_text(value: Decimal) -> str:
    """Four decimals, as decimal(19,4) comes out of the database."""
    return f"{value:.4f}"


def cut(tids: list[str], length: int) -> str:
    """src_tids: comma list, cut when too long."""
    return ",".join(tids)[:length]


def left_share(line: Line) -> Decimal:
    """Amount of what is still to be sent of a line."""
    return line.share_amount * line.actual_num / line.num


def amounts(trade: Trade) -> dict[str, str]:
    """Money of a trade: heads summed, receivable after refunds."""
    sums = {name: sum((Decimal(head[name]) for head in trade.heads.values()), ZERO) for name in HEAD_AMOUNTS}
    goods = sum((line.price * line.actual_num for line in trade.lines), ZERO)
    lines = sum((left_share(line) for line in trade.lines), ZERO)
    other = sums.pop("other_amount")
    alive = any(line.actual_num > 0 for line in trade.lines)
    sums["receivable"] = lines + sums["post_amount"] + other if alive else ZERO
    sums["goods_amount"] = goods
    sums["discount"] = goods - lines
    # The stored COD amount includes the courier's fee (wdt-openapi 2.1).
    sums["cod_amount"] += sums["ext_cod_fee"]
    return {name: decimal_text(value) for name, value in sums.items()}


def trade_answer(trade: Trade, account: Account, tids_length: int) -> dict[str, Any]:
    """One row of ``trades`` with its goods_list."""
    sent = [line for line in trade.lines if line.actual_num > 0]
    return {
        "trade_id": trade.trade_id,
        "trade_no": trade.trade_no,
        "shop_no": trade.shop_no,
        "shop_name": _name(account.shops, "shop_no", trade.shop_no, "shop_name"),
        "platform_id": OWN_PLATFORM,
        "warehouse_no": trade.warehouse_no,
        "warehouse_type": 1,
        "src_tids": cut(trade.tids, tids_length),
        "trade_status": int(trade.status),
        "consign_status": int(trade.consign_status),
        "trade_type": TRADE_TYPE_ONLINE,
        "trade_from": TRADE_FROM_API,
        "delivery_term": trade.delivery_term,
        "is_sealed": int(trade.is_sealed),
        "freeze_reason": trade.freeze_reason,
        "refund_status": int(trade.refund_status),
        "bad_reason": int(trade.bad_reason),
        "revert_reason": trade.revert_reason,
        "cancel_reason": trade.cancel_reason,
        "trade_time": trade.trade_time,
        "pay_time": trade.pay_time,
        "buyer_nick": trade.buyer_nick,
        **trade.receiver,
        **RECEIVER_EXTRA,
        "logistics_name": trade.logistics_name,
        "logistics_code": trade.logistics_code,
        "logistics_type": trade.logistics_type,
        "logistics_no": trade.logistics_no,
        "stockout_no": trade.stockout_no,
        "buyer_message": trade.buyer_message,
        "cs_remark": trade.cs_remark,
        "remark_flag": trade.remark_flag,
        "id_card": None,
        "goods_count": decimal_text(sum((line.actual_num for line in sent), ZERO)),
        "goods_type_count": len({line.goods["spec_no"] for line in sent}),
        "raw_goods_count": decimal_text(sum((line.num for line in trade.lines), ZERO)),
        **amounts(trade),
        "weight": trade.weight,
        "modified": trade.modified,
        "created": trade.created,
        "goods_list": [_trade_line(trade, line) for line in trade.lines],
    }


def _name(rows: list[dict[str, Any]], key: str, value: str, wanted: str) -> str:
    return next((str(row[wanted]) for row in rows if row[key] == value), "")


def _trade_line(trade: Trade, line: Line) -> dict[str, Any]:
    return {
        "rec_id": line.rec_id,
        "src_tid": line.src_tid,
        "src_oid": line.src_oid,
        **line.goods,
        "num": decimal_text(line.num),
        "actual_num": decimal_text(line.actual_num),
        "price": decimal_text(line.price),
        "share_price": decimal_text(line.share_amount / line.num),
        "share_amount": decimal_text(line.share_amount),
        "share_post": decimal_text(line.share_post),
        "discount": decimal_text(line.discount),
        "adjust": decimal_text(line.adjust),
        "refund_status": int(line.refund_status),
        "refund_num": decimal_text(line.num - line.actual_num),
        "gift_type": line.gift_type,
        "suite_no": None,
        "suite_num": "0.0000",
        "platform_id": OWN_PLATFORM,
        "pay_status": trade.heads[line.src_tid]["pay_status"],
        "remark": line.remark,
        "modified": trade.modified,
    }


def stockout_answer(stockout: Stockout, trade: Trade, account: Account, tids_length: int) -> dict[str, Any]:
    """One row of ``stockout_list`` with its details_list."""
    lines = [line for line in trade.lines if str(line.rec_id) in stockout.quantities]
    quantities = {line.rec_id: Decimal(stockout.quantities[str(line.rec_id)]) for line in lines}
    return {
        "stockout_id": stockout.stockout_id,
        "order_no": stockout.order_no,
        "src_order_no": stockout.trade_no,
        "src_trade_no": cut(stockout.tids, tids_length),
        "trade_id": stockout.trade_id,
        "src_tids": cut(stockout.tids, tids_length),
        "status": int(stockout.status),
        "consign_status": int(stockout.consign_status),
        "refund_status": int(trade.refund_status),
        "block_reason": int(stockout.block_reason),
        "bad_reason": int(stockout.bad_reason),
        "freeze_reason": stockout.freeze_reason,
        "error_info": "",
        "warehouse_no": stockout.warehouse_no,
        "warehouse_name": _name(account.warehouses, "warehouse_no", stockout.warehouse_no, "name"),
        "shop_no": stockout.shop_no,
        "shop_name": _name(account.shops, "shop_no", stockout.shop_no, "shop_name"),
        "consign_time": stockout.consign_time,
        "stock_check_time": stockout.consign_time,
        "logistics_type": stockout.logistics_type,
        "logistics_code": stockout.logistics_code,
        "logistics_name": stockout.logistics_name,
        "logistics_no": stockout.logistics_no,
        "logistics_print_status": int(stockout.logistics_print_status),
        "sendbill_print_status": int(stockout.sendbill_print_status),
        "picklist_print_status": int(stockout.picklist_print_status),
        "print_batch_no": stockout.print_batch_no,
        "picklist_no": stockout.picklist_no,
        "weight": stockout.weight,
        "calc_weight": "0.0000",
        "post_weight": "0.0000",
        "post_fee": "0.0000",
        "post_cost": "0.0000",
        "package_fee": "0.0000",
        "delivery_term": trade.delivery_term,
        "goods_count": decimal_text(sum(quantities.values(), ZERO)),
        "raw_goods_count": decimal_text(sum((line.num for line in lines), ZERO)),
        "goods_total_amount": decimal_text(sum((l_.price * quantities[l_.rec_id] for l_ in lines), ZERO)),
        **{name: value for name, value in amounts(trade).items() if name in STOCKOUT_AMOUNTS},
        **trade.receiver,
        "buyer_message": trade.buyer_message,
        "cs_remark": trade.cs_remark,
        "checker_name": None,
        "picker_name": None,
        "printer_name": None,
        "examiner_name": None,
        "modified": stockout.modified,
        "created": stockout.created,
        "details_list": [_stockout_line(stockout, line, quantities[line.rec_id]) for line in lines],
    }


STOCKOUT_AMOUNTS = frozenset({"receivable", "cod_amount", "discount", "paid"})


def _stockout_line(stockout: Stockout, line: Line, quantity: Decimal) -> dict[str, Any]:
    share = line.share_amount * quantity / line.num
    return {
        "rec_id": line.rec_id,
        "stockout_id": stockout.stockout_id,
        **line.goods,
        "num": decimal_text(quantity),
        "price": decimal_text(line.share_amount / line.num),
        "sell_price": decimal_text(line.price),
        "share_amount": decimal_text(share),
        "share_post": decimal_text(line.share_post),
        "discount": decimal_text(line.discount),
        "paid": decimal_text(share),
        "src_tid": line.src_tid,
        "src_oid": line.src_oid,
        "gift_type": line.gift_type,
        "refund_status": int(line.refund_status),
        "suite_no": None,
        "is_examined": int(bool(stockout.consign_status & 1)),
        "brand_no": "",
        "brand_name": "",
        "batch_no": "",
        "expire_date": None,
        "weight": "0.0000",
        "barcode": "",
        "remark": line.remark,
    }


SUMMED = ("num", "actual_num", "share_amount", "share_post", "discount", "adjust", "refund_num", "paid")


def joined(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Equal goods of several orders as one line: quantities and amounts added up, sources as comma lists."""
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    for line in lines:
        key = (line["spec_no"], line["price"], line["gift_type"], bool(line["src_oid"]))
        known = found.get(key)
        if known is None:
            found[key] = dict(line)
            continue
        for name in SUMMED:
            if name in line:
                known[name] = decimal_text(Decimal(known[name]) + Decimal(line[name]))
        for name in ("src_tid", "src_oid"):
            known[name] = f"{known[name]},{line[name]}"
    return list(found.values())
