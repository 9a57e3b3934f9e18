"""Reading from the U8 stand-in: envelopes, pages, filters and the look of values (u8-openapi 1.3, 1.6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.u8.u8_fixtures import (
    CUSTOMER,
    RECEIPT,
    RECEIVABLE,
    SALE_ORDER,
    U8Caller,
    accepted,
    changed,
    refused,
)

PARAMETER_ERROR = "10003"


def numbers(answer: dict[str, Any], resource: str = "saleorder") -> list[str]:
    """Document numbers of a list answer."""
    name = {"accept": "vouchcode"}.get(resource, "code")
    return [row[name] for row in accepted(answer)[f"{resource}list"]]


def orders(u8: U8Caller, *heads: dict[str, str]) -> list[str]:
    """Add one order per head and return the numbers."""
    return [accepted(u8.add("saleorder", changed(SALE_ORDER, **head)))["id"] for head in heads]


@pytest.mark.parametrize("resource", ["saleorderlist", "oughtreceivelist", "acceptlist"])
def test_no_match_is_an_error(u8: U8Caller, resource: str) -> None:
    """u8-openapi 1.6: 20002, not an empty list."""
    refused(u8.read(f"{resource}/batch_get"), "未检索到匹配的[", code="20002")
    refused(u8.read(f"{resource.removesuffix('list')}/get", id="404"), "未检索到匹配的[", code="20002")


def test_page_figures_are_strings(u8: U8Caller) -> None:
    """u8-openapi 1.6."""
    orders(u8, *[{} for _ in range(5)])
    answer = u8.read("saleorderlist/batch_get", page_index="2", rows_per_page="2")
    assert numbers(answer) == ["0000000003", "0000000004"]
    figures = {name: answer[name] for name in ("page_index", "rows_per_page", "row_count", "page_count")}
    assert figures == {"page_index": "2", "rows_per_page": "2", "row_count": "5", "page_count": "3"}
    refused(u8.read("saleorderlist/batch_get", page_index="4", rows_per_page="2"), code="20002")


def test_page_defaults(u8: U8Caller) -> None:
    """u8-openapi 1.3: examples use page 1 and 20 rows."""
    orders(u8, *[{} for _ in range(21)])
    answer = u8.read("saleorderlist/batch_get")
    assert (answer["page_index"], answer["rows_per_page"], answer["page_count"]) == ("1", "20", "2")
    assert len(answer["saleorderlist"]) == 20


@pytest.mark.parametrize(
    "paging", [{"page_index": "0"}, {"page_index": "x"}, {"rows_per_page": "-1"}, {"rows_per_page": "8001"}]
)
def test_bad_paging(u8: U8Caller, paging: dict[str, str]) -> None:
    """u8-openapi 1.8: no public limit; the largest page ever seen asked for is 8000."""
    orders(u8, {})
    refused(u8.read("saleorderlist/batch_get", **paging), next(iter(paging)), code=PARAMETER_ERROR)


def test_amounts_are_strings_with_four_decimals(u8: U8Caller) -> None:
    """u8-openapi 1.6: ``"sum":"494.0000"``; list rows have totals and no lines."""
    orders(u8, {})
    row = u8.read("saleorderlist/batch_get")["saleorderlist"][0]
    assert (row["sum"], row["money"], row["fhstatus"]) == ("666.6000", "569.7400", "0")
    assert "entry" not in row
    line = u8.read("saleorder/get", id=row["code"])["saleorder"]["entry"][0]
    assert (line["quantity"], line["taxrate"], line["rowno"]) == ("20.0000", "17.0000", "1")


def test_single_get_has_resource_key_and_lines(u8: U8Caller) -> None:
    """u8-openapi 1.6."""
    number = accepted(u8.add("accept", RECEIPT))["id"]
    answer = accepted(u8.read("accept/get", id=number))
    assert set(answer) == {"errcode", "errmsg", "accept"}
    assert [line["amount"] for line in answer["accept"]["entry"]] == ["1000.0000", "500.0000"]
    refused(u8.read("accept/get"), "id", code=PARAMETER_ERROR)
    refused(u8.read("accept/get", vouchcode=number), "id", code=PARAMETER_ERROR)


@pytest.mark.parametrize(
    ("style", "values"),
    [("omit", set()), ("null", {None}), ("blank", {""}), ("mixed", {None, ""})],
)
def test_empty_fields(u8: U8Caller, style: str, values: set[Any]) -> None:
    """u8-openapi 1.6: omitted, null and "" all occur."""
    u8.set(empty_fields=style)
    number = orders(u8, {})[0]
    shown = u8.read("saleorder/get", id=number)["saleorder"]
    assert {value for value in shown.values() if value in (None, "")} == values
    assert ("cusabbname" in shown or "memo" in shown or "closer" in shown) == (style != "omit")


def test_mixed_also_omits(u8: U8Caller) -> None:
    """u8-openapi 1.6: the default shows all three ways at once."""
    number = orders(u8, {})[0]
    omitted = u8.read("saleorder/get", id=number)["saleorder"]
    u8.set(empty_fields="null")
    everything = u8.read("saleorder/get", id=number)["saleorder"]
    assert set(omitted) < set(everything)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"code_begin": "0000000002"}, [2, 3]),
        ({"code_end": "0000000002"}, [1, 2]),
        ({"code_begin": "0000000002", "code_end": "0000000002"}, [2]),
        ({"date_begin": "2026-05-02", "date_end": "2026-05-31"}, [2]),
        ({"date_end": "2026-05-01"}, [1]),
        ({"dpredatebt_begin": "2026-07-01"}, [3]),
        ({"define1": "W2"}, [2]),
        ({"define1": "W"}, []),
        ({"memo": "急"}, [1, 3]),
        ({"custcode": CUSTOMER, "define2": "x"}, [3]),
        ({"cusname": "测试"}, [1, 2, 3]),
        ({"deptcode": "02"}, [2]),
        ({"personcode": "001"}, [1]),
        ({"personname": "业务员一"}, [1]),
        ({"fhstatus": "0"}, [1, 2, 3]),
        ({"fhstatus": "2"}, []),
        ({"maker": "desk"}, [3]),
        ({"state": "Opening"}, [1, 2]),
        ({"state": "开立"}, [1, 2]),
        ({"state": "Approved"}, [3]),
        ({"state": "审核", "memo": "急"}, [3]),
        ({"state": "Changing"}, []),
        ({"timestamp_begin": "4"}, [3]),
        ({"timestamp_end": "2"}, [1, 2]),
    ],
)
def test_sale_order_filters(u8: U8Caller, query: dict[str, str], expected: list[int]) -> None:
    """u8-openapi 3.3: list filters; name and memo filters are "contains", user fields are exact."""
    made = orders(
        u8,
        {"date": "2026-05-01", "define1": "W1", "memo": "加急单", "personcode": "001"},
        {"date": "2026-05-02", "define1": "W2", "deptcode": "02", "memo": "普通"},
        {"date": "2026-06-01", "define2": "x", "memo": "急", "dpredatebt": "2026-07-01", "maker": "desk"},
    )
    accepted(u8.post("saleorder/verify", {"saleorder": {"voucher_code": made[2]}}))
    answer = u8.read("saleorderlist/batch_get", **query)
    if expected:
        assert numbers(answer) == [made[number - 1] for number in expected]
    else:
        refused(answer, code="20002")


def test_receivable_and_receipt_filters(u8: U8Caller) -> None:
    """u8-openapi 3.6, 3.7: the digest is the searchable place for one's own key."""
    for key in ("W1", "W2"):
        accepted(u8.add("oughtreceive", changed(RECEIVABLE, digest=f"{key} 货款", date="2026-05-01")))
        accepted(u8.add("accept", changed(RECEIPT, digest=f"{key} 货款", vouchdate="2026-05-02")))
    one = u8.read("oughtreceivelist/batch_get", digest="W2", cust_vendor_code=CUSTOMER)
    assert numbers(one, "oughtreceive") == ["0000000002"]
    two = u8.read("acceptlist/batch_get", digest="W2", vouchtype="48", customercode=CUSTOMER)
    assert numbers(two, "accept") == ["0000000002"]
    ranged = u8.read("acceptlist/batch_get", vouchdate_begin="2026-05-02", vouchcode_end="0000000001")
    assert numbers(ranged, "accept") == ["0000000001"]
    refused(u8.read("acceptlist/batch_get", vouchtype="49"), code="20002")
    refused(u8.read("oughtreceivelist/batch_get", date_end="2026-04-30"), code="20002")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("saleorderlist/batch_get", "code"),
        ("saleorderlist/batch_get", "biz_id"),
        ("acceptlist/batch_get", "define1"),
        ("oughtreceivelist/batch_get", "define1"),
        ("oughtreceivelist/batch_get", "memo"),
        ("department/batch_get", "code"),
    ],
)
def test_unpublished_filter(u8: U8Caller, path: str, name: str) -> None:
    """u8-openapi 3: refused by default; when ignored, the list is longer than the caller believes."""
    orders(u8, {}, {})
    accepted(u8.add("accept", RECEIPT))
    accepted(u8.add("oughtreceive", RECEIVABLE))
    refused(u8.read(path, **{name: "x"}), name, code=PARAMETER_ERROR)
    u8.set(unknown_filters_refused=False)
    assert int(accepted(u8.read(path, **{name: "x"}))["row_count"]) >= 1


@pytest.mark.parametrize(
    "query", [{"date_begin": "20260501"}, {"date_end": "2026-13-01"}, {"timestamp_begin": "x"}]
)
def test_malformed_filter(u8: U8Caller, query: dict[str, str]) -> None:
    """u8-openapi 2: dates are yyyy-MM-dd."""
    orders(u8, {})
    refused(u8.read("saleorderlist/batch_get", **query), next(iter(query)), code=PARAMETER_ERROR)


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        ("department", "01"),
        ("person", "001"),
        ("saletype", "01"),
        ("settlestyle", "1"),
        ("warehouse", "01"),
        ("customerclass", "01"),
        ("inventoryclass", "01"),
        ("unit", "01"),
        ("code", "1122"),
        ("inventory", "FREIGHT"),
    ],
)
def test_preloaded_master_data(u8: U8Caller, resource: str, code: str) -> None:
    """u8-openapi 3.9: look-ups the adds depend on; the array has the singular name."""
    assert accepted(u8.read(f"{resource}/get", id=code))[resource]["code"] == code
    one = accepted(u8.read(f"{resource}/batch_get", code_begin=code, code_end=code))
    assert [row["code"] for row in one[resource]] == [code]
    refused(u8.read(f"{resource}/get", id="404"), code="20002")


def test_inventory_filters(u8: U8Caller) -> None:
    """u8-openapi 3.2: class and incremental pull."""
    assert accepted(u8.read("inventory/batch_get", sort_code="01"))["row_count"] == "2"
    refused(u8.read("inventory/batch_get", sort_code="99"), code="20002")
    record = {"code": "P9", "name": "九", "sort_code": "01", "unitgroup_code": "01", "unitgroup_type": "0"}
    accepted(u8.add("inventory", {**record, "main_measure": "01"}))
    today = u8.admin("GET", "clock")["wall"][:10]
    changed_today = u8.read("inventory/batch_get", modifydate_begin=today, modifydate_end=today)
    assert [row["code"] for row in accepted(changed_today)["inventory"]] == ["P9"]
    assert accepted(u8.read("inventory/batch_get", name="商品P"))["row_count"] == "2"


def test_periods_and_closed_sales_months(u8: U8Caller) -> None:
    """u8-openapi 3.9: period and mendsa; the fields of mendsa were never published."""
    rows = accepted(u8.read("period/batch_get", iyear="2026", iid="2"))["period"]
    assert [(row["dbegin"], row["dend"]) for row in rows] == [("2026-02-01", "2026-02-28")]
    u8.admin("POST", "u8/periods", {"module": "SA", "year": 2026, "closed": [1]})
    query = {"iyear": "2026", "iperiod_begin": "1", "iperiod_end": "2"}
    closing = accepted(u8.read("mendsa/batch_get", **query))["mendsa"]
    assert [(row["iperiod"], row["bflag"]) for row in closing] == [("1", "1"), ("2", "0")]
    u8.admin("POST", "u8/archives", {"resource": "period", "remove": ["2026-02"]})
    refused(u8.read("period/batch_get", iyear="2026", iid="2"), code="20002")
