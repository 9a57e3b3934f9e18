"""The world of the demo as data: who works there, which channels, accounts, ledgers and articles exist."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Person(StrEnum):
    """Who acts; the value is the role on the site."""

    # First: the framework makes the first user of an empty site its System Manager.
    KEEPER = "System Manager"
    DESK = "Order Desk"
    FINANCE = "Finance"
    WAREHOUSE = "Warehouse"
    LOGISTICS = "Logistics"
    INTEGRATION = "Order Integration"


class Channel(StrEnum):
    """Sales channels; the value is the document's name."""

    WEB_SHOP = "Demo Web Shop"
    PREPAID = "Demo Prepaid Shop"
    SITE_FIRST = "Demo Site First"
    WDT_FIRST = "Demo WDT First"
    PROJECTS = "Demo Projects"
    COUNTER = "Demo Counter"


WDT_ACCOUNT: Final = "Demo WDT"


class Ledger(StrEnum):
    """U8 accounts; the value is the document's name."""

    MAIN = "Demo U8 Main"
    RECEIVABLES = "Demo U8 Receivables"
    BRANCH = "Demo U8 Branch"
    COUNTER = "Demo U8 Counter"


TO_ACCOUNT: Final = {
    Ledger.MAIN: "ent-demo",
    Ledger.RECEIVABLES: "ent-demo-receivables",
    Ledger.BRANCH: "ent-demo-branch",
    Ledger.COUNTER: "ent-demo-counter",
}
PROFILE: Final = {
    Ledger.MAIN: "Sales Order",
    Ledger.RECEIVABLES: "Receivable + Receipt",
    Ledger.BRANCH: "Sales Order",
    Ledger.COUNTER: "Receivable + Receipt",
}
LEDGER_OF: Final = {
    Channel.WEB_SHOP: Ledger.MAIN,
    Channel.PREPAID: Ledger.RECEIVABLES,
    Channel.SITE_FIRST: Ledger.MAIN,
    Channel.WDT_FIRST: Ledger.RECEIVABLES,
    Channel.PROJECTS: Ledger.BRANCH,
    Channel.COUNTER: Ledger.COUNTER,
}
POLICY: Final[dict[Channel, dict[str, str]]] = {
    Channel.WEB_SHOP: {},
    Channel.PREPAID: {"release_policy": "Paid"},
    Channel.SITE_FIRST: {"leads_confirm": "Site", "leads_ship": "Site", "leads_cancel": "Site"},
    Channel.WDT_FIRST: {"leads_confirm": "WDT", "leads_ship": "WDT", "leads_cancel": "WDT"},
    Channel.PROJECTS: {},
    Channel.COUNTER: {},
}
"""What differs from the defaults (either side leads, released at confirmation)."""
WITHOUT_WDT: Final = frozenset({Channel.COUNTER})

WDT_LOGIN: Final = {
    "seller_account": "demo-sid",
    "appkey": "demo-appkey",
    "appsecret": "demo-secret-001",
    "shop_no": "web01",
}
U8_LOGIN: Final = {
    "from_account": "dev-demo",
    "app_key": "opa0123456789abcdef",
    "app_secret": "u8-demo-secret-001",
}


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer and where the goods go."""

    name: str
    kind: str
    contact: str
    mobile: str
    province: str
    city: str
    district: str
    address: str


COMPANY, PERSON = "Company", "Individual"
BUYERS: Final = (
    Buyer("广州示例贸易", COMPANY, "陈经理", "13800000001", "广东省", "广州市", "天河区", "体育西路100号"),
    Buyer("深圳示例电子厂", COMPANY, "李工", "13800000002", "广东省", "深圳市", "南山区", "科技园北区8栋"),
    Buyer("上海样品商行", COMPANY, "王小姐", "13800000003", "上海市", "上海市", "浦东新区", "张江路368号"),
    Buyer("杭州试用网店", COMPANY, "周店长", "13800000004", "浙江省", "杭州市", "余杭区", "文一西路969号"),
    Buyer("北京演示", COMPANY, "赵总", "13800000005", "北京市", "北京市", "海淀区", "学院路"),
    Buyer("成都样例超市", COMPANY, "刘采购", "13800000006", "四川省", "成都市", "武侯区", "人民南路12号"),
    Buyer("张示例", PERSON, "张示例", "13800000007", "江苏省", "苏州市", "工业园区", "星湖街328号"),
    Buyer("吴样本", PERSON, "吴样本", "13800000008", "福建省", "厦门市", "思明区", "湖滨南路20号"),
    Buyer("武汉五金示例行", COMPANY, "孙老板", "13800000009", "湖北省", "武汉市", "江汉区", "解放路688号"),
    Buyer("哈密商行", COMPANY, "阿经理", "13800000010", "新疆维吾尔自治区", "哈密市", "伊州区", "中山路"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Article:
    """A product with its price per piece in CNY, tax included."""

    code: str
    name: str
    price: Decimal
    tax_percent: int = 13


_KINDS: Final = (
    ("MUG", "陶瓷马克杯", "19.90", 13),
    ("LMP", "台灯", "128.00", 13),
    ("BAG", "帆布袋", "15.50", 13),
    ("BRG", "深沟球轴承", "7.36", 13),
    ("CBL", "数据线", "9.99", 13),
    ("TEA", "茉莉花茶", "45.80", 9),
    ("TOY", "木制积木", "66.66", 13),
    ("BOX", "收纳箱", "33.33", 13),
    ("PEN", "中性笔", "0.85", 13),
    ("RUG", "羊毛地毯", "1299.00", 13),
)
_SIZES: Final = (("S", "小号", 1), ("M", "中号", 2), ("L", "大号", 3))
ARTICLES: Final = tuple(
    Article(f"DEMO-{kind}-{size}", f"{name}（{label}）", Decimal(price) * factor, tax)
    for size, label, factor in _SIZES
    for kind, name, price, tax in _KINDS
)
