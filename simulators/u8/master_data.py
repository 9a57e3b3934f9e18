"""The demo ledger and its master data (u8-openapi 3.9; figures are made up)."""

import calendar
from dataclasses import dataclass
from typing import Final

from simulators.core import Store
from simulators.u8.contract import PRICE_DECIMALS, Archive
from simulators.u8.ledger import Ledger
from simulators.u8.records import Record

FIRST_YEAR: Final = 2009
LAST_YEAR: Final = 2031


@dataclass(frozen=True)
class LedgerKey:
    """Accounts and secret under which a ledger is reached (u8-openapi 1.1, 1.3).

    Args:
        from_account, to_account: developer and enterprise account.
        app_key, app_secret: the app.
        ds_sequence: number of the data source.
        name: for people.
        price_decimals: decimals of unit prices in this ledger.
    """

    from_account: str
    to_account: str
    app_key: str
    app_secret: str
    ds_sequence: int = 1
    name: str = "演示账套"
    price_decimals: int = PRICE_DECIMALS


DEMO: Final = LedgerKey("dev-demo", "ent-demo", "opa0123456789abcdef", "u8-demo-secret-001")

_NAMES: Final[dict[Archive, dict[str, str]]] = {
    Archive.CUSTOMER_CLASS: {"01": "国内客户"},
    Archive.INVENTORY_CLASS: {"01": "产成品", "02": "劳务费用"},
    Archive.INVENTORY: {"FREIGHT": "运费", "FEE": "手续费"},
    Archive.UNIT: {"01": "件", "02": "箱"},
    Archive.DEPARTMENT: {"01": "销售部", "02": "财务部"},
    Archive.PERSON: {"001": "业务员一", "002": "业务员二"},
    Archive.SALE_TYPE: {"01": "普通销售", "02": "网上销售"},
    Archive.SETTLE_STYLE: {"1": "现金", "2": "银行转账", "3": "网上支付"},
    Archive.WAREHOUSE: {"01": "成品库", "02": "退货库"},
    Archive.ACCOUNT: {
        "1001": "库存现金",
        "1002": "银行存款",
        "1122": "应收账款",
        "2203": "预收账款",
        "222101": "应交增值税",
        "6001": "主营业务收入",
    },
}
_EXTRA: Final[dict[Archive, Record]] = {
    Archive.PERSON: {"cdept_num": "01", "cdept_name": "销售部", "bpsnperson": "1", "rEmployState": "0"},
    Archive.INVENTORY: {
        "sort_code": "02",
        "unitgroup_code": "01",
        "unitgroup_type": "0",
        "main_measure": "01",
        "tax_rate": "13",
    },
    Archive.DEPARTMENT: {"endflag": "1", "rank": "1"},
}


def create_ledger(store: Store, key: LedgerKey) -> None:
    """Create the ledger with basic master data unless it exists already."""
    known = store.row(
        "SELECT id FROM u8_ledger WHERE from_account = ? AND app_key = ? AND to_account = ?"
        " AND ds_sequence = ?",
        key.from_account, key.app_key, key.to_account, key.ds_sequence,
    )  # fmt: skip
    if known is not None:
        return
    ledger_id = store.execute(
        "INSERT INTO u8_ledger (from_account, to_account, app_key, app_secret, ds_sequence, name,"
        " price_decimals) VALUES (?, ?, ?, ?, ?, ?, ?)",
        key.from_account, key.to_account, key.app_key, key.app_secret, key.ds_sequence, key.name,
        key.price_decimals,
    )  # fmt: skip
    row = store.row("SELECT * FROM u8_ledger WHERE id = ?", ledger_id)
    if row is None:
        raise LookupError(f"ledger {ledger_id} vanished while it was created")
    _fill(Ledger(store, row))


def period_code(year: int, month: int) -> str:
    """Key of a period record, ``yyyy-MM``."""
    return f"{year:04d}-{month:02d}"


def _fill(ledger: Ledger) -> None:
    for archive, names in _NAMES.items():
        for code, name in names.items():
            ledger.put_archive(archive, code, {"code": code, "name": name, **_EXTRA.get(archive, {})})
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for month in range(1, 13):
            last_day = calendar.monthrange(year, month)[1]
            period = {
                "cacc_id": f"{ledger.id:03d}",
                "iyear": str(year),
                "iid": str(month),
                "dbegin": f"{year:04d}-{month:02d}-01",
                "dend": f"{year:04d}-{month:02d}-{last_day:02d}",
            }
            ledger.put_archive(Archive.PERIOD, period_code(year, month), period)
