"""Reading trades, stockouts, master data and stock (wdt-openapi 2.2, 2.3, 3)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from simulators.wdt.accounts import Account
from simulators.wdt.codes import FILTER_STATUSES, SHIPPED_STATUSES, STOCKOUT_FILTER_STATUSES, Code
from simulators.wdt.parameters import Page, Window, integer, shop_filter
from simulators.wdt.records import Records
from simulators.wdt.refusal import Refusal
from simulators.wdt.shown import joined, stockout_answer, trade_answer

TRADE_WINDOW = timedelta(minutes=60)
STOCK_WINDOW = timedelta(days=30)
ADDRESS_FIELDS = ("province", "city", "district", "address", "contact", "mobile", "telno", "zip", "remark")
GOODS_FIELDS = ("goods_name", "brand_no", "brand_name", "class_name", "unit_name")
Condition = tuple[str, list[str | int]]


def trade_query(records: Records, account: Account, form: Mapping[str, str]) -> dict[str, Any]:
    """``trade_query``: sales trades of all shops. See ``sales_trade_query``."""
    return _trades(records, account, form, [str(shop["shop_no"]) for shop in account.shops])


def sales_trade_query(records: Records, account: Account, form: Mapping[str, str]) -> dict[str, Any]:
    """``sales_trade_query``: sales trades of own shops, by modified time (60 min) or by number.

    Args:
        records: the ERP's documents.
        account: the caller.
        form: src_tid | trade_no | logistics_no | start_time + end_time; filters; paging.

    Returns:
        trades, and total_count on page 0.

    Raises:
        Refusal: no or too long window, wrong status, page or shop.
    """
    return _trades(records, account, form, account.own_shop_numbers())


def _trades(records: Records, account: Account, form: Mapping[str, str], shops: list[str]) -> dict[str, Any]:
    page = Page.read(form)
    condition, values = _trade_condition(account, form)
    condition += f" AND shop_no IN ({_marks(shops)})"
    values += shops
    order = "ORDER BY modified, trade_id LIMIT ? OFFSET ?"
    found = records.trades(f"{condition} {order}", *values, page.size, page.number * page.size)
    length = int(records.settings.number("src_tids_length"))
    answer: dict[str, Any] = {"trades": [trade_answer(trade, account, length) for trade in found]}
    if records.settings.flag("joined_lines"):
        for trade in answer["trades"]:
            trade["goods_list"] = joined(trade["goods_list"])
    return _with_total(records, answer, page, "trade", condition, values)


def _trade_condition(account: Account, form: Mapping[str, str]) -> Condition:
    if form.get("src_tid"):
        source = "trade_id IN (SELECT trade_id FROM trade_source WHERE sid = ? AND tid = ?)"
        return source, [account.sid, form["src_tid"]]
    if form.get("trade_no"):
        return "sid = ? AND trade_no = ?", [account.sid, form["trade_no"]]
    if form.get("logistics_no"):
        parts, values = ["sid = ?", "logistics_no = ?"], _values(account.sid, form["logistics_no"])
    else:
        window = Window.read(form, TRADE_WINDOW)
        parts, values = (
            ["sid = ?", "modified BETWEEN ? AND ?"],
            _values(account.sid, window.start, window.end),
        )
    status = _status(form, FILTER_STATUSES)
    if status is not None:
        parts.append("status = ?")
        values.append(status)
    _add_shops(account, form, parts, values)
    _add_warehouse(form, parts, values)
    waybill = integer(form, "has_logistics_no", 0, 0, 2)
    if waybill:
        parts.append("logistics_no <> ''" if waybill == 1 else "logistics_no = ''")
    return " AND ".join(parts), values


def stockout_order_query_trade(records: Records, account: Account, form: Mapping[str, str]) -> dict[str, Any]:
    """Sales stockouts: by ship time or modified time (30 days) as the status asks, or by number.

    Args:
        records: the ERP's documents.
        account: the caller.
        form: stockout_no | src_order_no | src_tid | start_time + end_time; status, is_by_modified; paging.

    Raises:
        Refusal: no or too long window, wrong status, page or shop.
    """
    page = Page.read(form)
    condition, values = _stockout_condition(account, form)
    order = "ORDER BY modified, stockout_id LIMIT ? OFFSET ?"
    found = records.stockouts(f"{condition} {order}", *values, page.size, page.number * page.size)
    length = int(records.settings.number("src_tids_length"))
    rows = []
    for stockout in found:
        for trade in records.trades("trade_id = ?", stockout.trade_id):
            rows.append(stockout_answer(stockout, trade, account, length))
    if records.settings.flag("joined_lines"):
        for row in rows:
            row["details_list"] = joined(row["details_list"])
    return _with_total(records, {"stockout_list": rows}, page, "stockout", condition, values)


def _stockout_condition(account: Account, form: Mapping[str, str]) -> Condition:
    if form.get("stockout_no"):
        return "sid = ? AND order_no = ?", [account.sid, form["stockout_no"]]
    if form.get("src_order_no"):
        by_trade = "trade_id IN (SELECT trade_id FROM trade WHERE sid = ? AND trade_no = ?)"
        return by_trade, [account.sid, form["src_order_no"]]
    if form.get("src_tid"):
        by_tid = "trade_id IN (SELECT trade_id FROM trade_source WHERE sid = ? AND tid = ?)"
        return by_tid, [account.sid, form["src_tid"]]
    window = Window.read(form, STOCK_WINDOW)
    status = _status(form, STOCKOUT_FILTER_STATUSES)
    by_modified = status is not None and integer(form, "is_by_modified", 0, 0, 1) == 1
    # Without a status the window is the ship time and only shipped ones come (wdt-openapi 2.3).
    column = (
        "modified" if by_modified or (status is not None and status < SHIPPED_STATUSES[0]) else "consign_time"
    )
    parts, values = ["sid = ?", f"{column} BETWEEN ? AND ?"], _values(account.sid, window.start, window.end)
    if status is None:
        parts.append(f"status IN ({_marks(SHIPPED_STATUSES)})")
        values += SHIPPED_STATUSES
    else:
        parts.append("status = ?")
        values.append(status)
    _add_shops(account, form, parts, values)
    _add_warehouse(form, parts, values)
    return " AND ".join(parts), values


def _values(*values: str | int) -> list[str | int]:
    return list(values)


def _marks(values: list[str] | tuple[int, ...]) -> str:
    return ",".join("?" * len(values))


def _status(form: Mapping[str, str], allowed: frozenset[int]) -> int | None:
    if not form.get("status"):
        return None
    status = integer(form, "status", 0, 0, 999)
    if status not in allowed:
        raise Refusal(Code.BAD_VALUE, f"status:无效的值{status}")
    return status


def _add_shops(account: Account, form: Mapping[str, str], parts: list[str], values: list[str | int]) -> None:
    shops = shop_filter(form)
    if shops:
        parts.append(f"shop_no IN ({_marks(shops)})")
        values += [str(account.shop(shop)["shop_no"]) for shop in shops]


def _add_warehouse(form: Mapping[str, str], parts: list[str], values: list[str | int]) -> None:
    if form.get("warehouse_no"):
        parts.append("json_extract(doc, '$.warehouse_no') = ?")
        values.append(form["warehouse_no"])


def _with_total(
    records: Records, answer: dict[str, Any], page: Page, table: str, condition: str, values: list[str | int]
) -> dict[str, Any]:
    """Add code and message, and total_count on page 0 only (wdt-openapi 1.3)."""
    full: dict[str, Any] = {"code": 0, "message": "", **answer}
    if page.number == 0:
        row = records.store.row(f"SELECT COUNT(*) AS n FROM {table} WHERE {condition}", *values)
        full["total_count"] = int(row["n"]) if row else 0
    return full


def _paged(rows: list[dict[str, Any]], page: Page, name: str) -> dict[str, Any]:
    first = page.number * page.size
    answer: dict[str, Any] = {"code": 0, "message": "", name: rows[first : first + page.size]}
    return {**answer, "total_count": len(rows)} if page.number == 0 else answer


def shop_list(records: Records, account: Account, form: Mapping[str, str]) -> dict[str, Any]:
    """``shop``: shops of the account; filters shop_no, platform_id, is_disabled."""
    page = Page.read(form, 30)
    rows = []
    for number, shop in enumerate(account.shops, 1):
        row = {
            **dict.fromkeys(ADDRESS_FIELDS, ""),
            "platform_id": shop["platform_id"],
            "sub_platform_id": 0,
            "shop_id": number,
            "shop_no": shop["shop_no"],
            "shop_name": shop["shop_name"],
            "account_id": "",
            "account_nick": "",
            "is_disabled": int(bool(shop.get("is_disabled"))),
        }
        rows.append(row)
    return _paged(_filtered(rows, form, ("shop_no", "platform_id", "is_disabled")), page, "shoplist")


def warehouse_list(records: Records, account: Account, form: Mapping[str, str]) -> dict[str, Any]:
    """``warehouse_query``: warehouses; filters warehouse_no, type, is_disabled."""
    page = Page.read(form, 30)
    rows = []
    for house in account.warehouses:
        row = {
            **dict.fromkeys((*ADDRESS_FIELDS, "ext_warehouse_no", "prop1", "prop2"), ""),
            "warehouse_no": house["warehouse_no"],
            "name": house["name"],
            "type": house.get("type", 1),
            "warehouse_type": house.get("type", 1),
            "is_defect": 0,
            "is_disabled": int(bool(house.get("is_disabled"))),
            "modified": "2024-01-01 00:00:00",
        }
        rows.append(row)
    return _paged(_filtered(rows, form, ("warehouse_no", "type", "is_disabled")), page, "warehouses")


def logistics_list(records: Records, account: Account, form: Mapping[str, str]) -> dict[str, Any]:
    """``logistics``: carriers; filters logistics_no, logistics_name; no paging."""
    rows = []
    for number, carrier in enumerate(account.carriers, 1):
        row = {
            "logistics_id": number, "logistics_no": carrier["logistics_no"],
            "logistics_name": carrier["logistics_name"], "logistics_type": carrier["logistics_type"],
            "bill_type": 0, "is_support_cod": 1, "is_disabled": 0, "logistics_regex": "", "priority": number,
        }  # fmt: skip
        rows.append(row)
    found = _filtered(rows, form, ("logistics_no", "logistics_name"))
    return {"code": 0, "message": "", "logistics_list": found}


def _filtered(
    rows: list[dict[str, Any]], form: Mapping[str, str], names: tuple[str, ...]
) -> list[dict[str, Any]]:
    wanted = {name: form[name] for name in names if form.get(name)}
    return [row for row in rows if all(str(row[name]) == value for name, value in wanted.items())]


def goods_query(records: Records, account: Account, form: Mapping[str, str]) -> dict[str, Any]:
    """``goods_query``: known articles by spec_no, goods_no or modified window (30 days).

    A spec carries what its goods has: ``goods_name``, ``brand_no``, ``brand_name``, ``class_name``,
    ``unit_name``; what it does not name is empty, as where the interface lacks it (R-348).
    """
    page = Page.read(form, 30)
    goods: dict[str, dict[str, Any]] = {}
    for spec in _specs(records, account, form, ("spec_no", "goods_no")):
        number = str(spec.get("goods_no") or spec["spec_no"])
        head = {"goods_no": number, "goods_type": 1, **{name: spec.get(name, "") for name in GOODS_FIELDS}}
        head |= {"deleted": int(spec.get("goods_deleted", 0)), "goods_modified": spec["modified"]}
        entry = goods.setdefault(number, {**head, "spec_list": []})
        entry["spec_list"].append(
            {
                "spec_no": spec["spec_no"],
                "spec_name": spec.get("spec_name", ""),
                "barcode": spec.get("barcode", ""),
                "deleted": int(spec.get("deleted", 0)),
                "spec_modified": spec["modified"],
            }
        )
    rows = _filtered(list(goods.values()), form, ("brand_no", "class_name", "deleted"))
    return _paged(rows, page, "goods_list")


def stock_query(records: Records, account: Account, form: Mapping[str, str]) -> dict[str, Any]:
    """``stock_query``: stock by spec_no or modified window (30 days).

    A spec's ``stocks`` (``{warehouse_no: {"stock_num", "avaliable_num"}}``) says what each warehouse holds;
    one that it does not name holds its ``stock_num``.
    """
    page = Page.read(form)
    rows = []
    for spec in _specs(records, account, form, ("spec_no",)):
        for house in account.warehouses:
            if form.get("warehouse_no") in (None, "", house["warehouse_no"]):
                everywhere = spec.get("stock_num", "10000.0000")
                held = {
                    "stock_num": everywhere,
                    "avaliable_num": everywhere,
                    **spec.get("stocks", {}).get(house["warehouse_no"], {}),
                }
                row = {
                    "spec_no": spec["spec_no"], "goods_no": spec.get("goods_no", ""),
                    "goods_name": spec.get("goods_name", ""), "spec_name": spec.get("spec_name", ""),
                    "warehouse_no": house["warehouse_no"], "warehouse_name": house["name"],
                    **held, "modified": spec["modified"],
                }  # fmt: skip
                rows.append(row)
    return _paged(rows, page, "stocks")


def _specs(
    records: Records, account: Account, form: Mapping[str, str], names: tuple[str, ...]
) -> list[dict[str, Any]]:
    window = None if any(form.get(name) for name in names) else Window.read(form, STOCK_WINDOW)
    rows = records.specs(account.sid, window.start if window else "", window.end if window else "9999")
    return _filtered(rows, form, names)
