"""``trade_push``: create or update raw orders (wdt-openapi 2.1)."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from simulators.wdt.accounts import Account
from simulators.wdt.codes import MAY_FOLLOW, OWN_PLATFORM, Code, LineRefund, ProcessStatus, PushStatus
from simulators.wdt.fieldrules import OrderError, check_order
from simulators.wdt.model import RawOrder
from simulators.wdt.parameters import integer, json_list, required, time_text
from simulators.wdt.records import Records
from simulators.wdt.refusal import Refusal

SUBMIT = "submit"
APPLY = "apply"
# Needs the shop-shipping knob: between 30 and the end, only when that knob is on (wdt-openapi 9.6).
SHOP_SHIPPING = frozenset({PushStatus.PART_SHIPPED, PushStatus.SHIPPED})
UNCHANGEABLE = ("num", "price")


def trade_push(records: Records, account: Account, form: Mapping[str, str]) -> dict[str, Any]:
    """Store a batch of pushed orders; each order stands for itself.

    Args:
        records: the ERP's documents.
        account: the caller.
        form: shop_no, trade_list (JSON), switch.

    Returns:
        code, message (JSON list of per-tid errors when some were refused), new_count, chg_count.

    Raises:
        Refusal: the batch as a whole is refused, nothing is stored.
    """
    shop = account.shop(required(form, "shop_no"))
    if int(shop["platform_id"]) != OWN_PLATFORM:
        raise Refusal(Code.BUSINESS, "店铺平台不是自有平台")
    strict = integer(form, "switch", 0, 0, 1) == 1
    orders = json_list(form, "trade_list")
    _check_batch(records, orders)
    ready, errors = _check_each(records, account, str(shop["shop_no"]), orders)
    if errors and strict and records.settings.flag("strict_switch_refuses_batch"):
        ready = []
    counts = Counter(_store(records, raw) for raw in ready)
    code = int(records.settings.number("partial_failure_code")) if errors else Code.OK
    return {
        "code": int(code),
        "message": _message(records, errors),
        "new_count": counts[True],
        "chg_count": counts[False],
    }


def _message(records: Records, errors: list[dict[str, str]]) -> str:
    """Per-order errors as the knobs want them: a whole list, cut off, or one sentence for all."""
    if not errors:
        return ""
    sentence = records.settings.text("partial_failure_text")
    length = int(records.settings.number("partial_failure_length"))
    listed = json.dumps(errors, ensure_ascii=False)
    return sentence or (listed[:length] if length else listed)


def _check_batch(records: Records, orders: list[object]) -> None:
    if not orders:
        raise Refusal(Code.BAD_INPUT, "trade_list不可为空")
    nicks = Counter(str(order.get("buyer_nick")) for order in orders if isinstance(order, dict))
    limit = int(records.settings.number("orders_per_nick"))
    if nicks and nicks.most_common(1)[0][1] > limit:
        raise Refusal(Code.SAME_BUYER, f"同一批次相同buyer_nick的订单不可超过{limit}个")


def _check_each(
    records: Records, account: Account, shop_no: str, orders: list[object]
) -> tuple[list[RawOrder], list[dict[str, str]]]:
    ready: dict[str, RawOrder] = {}
    errors: list[dict[str, str]] = []
    for order in orders:
        tid = str(order.get("tid", "")) if isinstance(order, dict) else ""
        try:
            if not isinstance(order, dict):
                raise OrderError("trade_list的成员应为json对象")
            clean = check_order(order, accepted_statuses(records))
            _check_time(records, clean)
            # A tid that comes twice in one batch is a creation and an update, in that order.
            known = ready.get(tid) or records.raw(account.sid, tid)
            ready[tid] = _merged(records, account.sid, shop_no, clean, known)
        except OrderError as error:
            errors.append({"tid": tid, "error": _error_text(records, str(error))})
    return list(ready.values()), errors


def accepted_statuses(records: Records) -> frozenset[int]:
    """trade_status codes that may be pushed at all; 60 is only in older lists."""
    codes = frozenset(int(code) for code in PushStatus)
    return codes if records.settings.flag("accept_status_60") else codes - {int(PushStatus.SIGNED)}


def _error_text(records: Records, text: str) -> str:
    return quote(text) if records.settings.flag("url_encode_errors") else text


def _check_time(records: Records, order: dict[str, Any]) -> None:
    if records.settings.flag("refuse_future_trade_time") and order["trade_time"] > time_text(
        records.clock.now()
    ):
        if records.settings.flag("flagship_codes"):
            raise Refusal(Code.BUSINESS, f"下单时间非法,原始单号为：{order['tid']}")
        raise OrderError("下单时间非法")


def _merged(
    records: Records, sid: str, shop_no: str, clean: dict[str, Any], known: RawOrder | None
) -> RawOrder:
    """The raw order as it will be after this push."""
    if known is None:
        return RawOrder(0, sid, shop_no, clean["tid"], clean)
    if known.shop_no != shop_no:
        raise OrderError(f"tid已存在于店铺{known.shop_no}")
    _check_follows(records, known.pushed, clean)
    clean["order_list"] = _merged_lines(records, known, clean["order_list"])
    known.pushed = clean
    return known


def _check_follows(records: Records, old: dict[str, Any], new: dict[str, Any]) -> None:
    """A status may stay, or move as the vendor allows (wdt-openapi 2.1)."""
    before, after = PushStatus(old["trade_status"]), PushStatus(new["trade_status"])
    allowed = MAY_FOLLOW[before]
    if records.settings.flag("shop_may_ship") and before in (PushStatus.RELEASED, PushStatus.PART_SHIPPED):
        allowed |= SHOP_SHIPPING
    restores = any(line["refund_status"] == LineRefund.CANCELLED for line in new["order_list"])
    if before is PushStatus.REFUNDED and after is PushStatus.RELEASED and restores:
        return
    if after is not before and after not in allowed:
        raise OrderError(f"订单状态不可由{before.value}变更为{after.value}")


def _merged_lines(records: Records, known: RawOrder, pushed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines after an update: found by oid; quantity and price stay what they were."""
    old = {line["oid"]: line for line in known.pushed["order_list"]}
    if len({line["oid"] for line in pushed}) < len(pushed):
        raise OrderError("同一订单中oid重复,更新无法识别")
    for line in pushed:
        before = old.get(line["oid"])
        if before is None:
            if known.applied is not None:
                raise OrderError(f"oid:{line['oid']}不存在,已递交的订单不可增加货品")
            continue
        for name in UNCHANGEABLE:
            if before[name] != line[name]:
                if not records.settings.flag("ignore_changed_num_price"):
                    raise OrderError(f"oid:{line['oid']}的{name}不可修改,原值{before[name]}")
                line[name] = before[name]
    return list({**old, **{line["oid"]: line for line in pushed}}.values())


def _store(records: Records, raw: RawOrder) -> bool:
    """Store one checked raw order and plan what the ERP does with it.

    Returns:
        Whether it is new.
    """
    is_new = raw.id == 0
    if is_new and raw.pushed["trade_status"] >= PushStatus.PART_SHIPPED:
        raw.process_status = ProcessStatus.CANCELLED
        raw.error = "首次推送时订单已不在待发货状态"
    _learn_goods(records, raw)
    records.save_raw(raw)
    records.log(raw.sid, raw.tid, f"推送订单,状态{raw.pushed['trade_status']}")
    if raw.applied is not None:
        plan(records, APPLY, raw)
    elif raw.process_status == ProcessStatus.WAITING:
        plan(records, SUBMIT, raw)
    return is_new


def plan(records: Records, kind: str, raw: RawOrder) -> None:
    """Let the background job look at a raw order after the submit delay."""
    key = f"raw:{raw.id}"
    if not records.agenda.has(key):
        records.agenda.put(kind, key, records.settings.number("submit_seconds"))


def _learn_goods(records: Records, raw: RawOrder) -> None:
    """Pushing an order creates 平台货品; by default they match an ERP article at once."""
    if not records.settings.flag("auto_match_goods"):
        return
    for line in raw.pushed["order_list"]:
        spec_no = line["spec_no"] or line["goods_no"]
        if records.spec(raw.sid, spec_no) is None:
            names = ("goods_id", "spec_id", "goods_no", "goods_name", "spec_name")
            records.save_specs(raw.sid, [{"spec_no": spec_no, **{name: line[name] for name in names}}])
