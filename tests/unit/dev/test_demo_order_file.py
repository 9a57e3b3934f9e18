"""A file of real orders becomes orders by the printed rules (issue 2, section 5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from dev.demo.order_file import COLUMNS, article_code, read_orders
from dev.errors import HostError

ROWS = (
    "536365,85123a,WHITE HEART,6,12/1/2010 8:26,2.55,17850,United Kingdom",
    "536365,85123A,WHITE HEART,2,12/1/2010 8:26,2.55,17850,United Kingdom",
    "536414,gift 1,GIFT,1,12/1/2010 11:52,0,,Norway",
    "C536379,D,Discount,-1,12/1/2010 9:41,27.50,14527,United Kingdom",
    "536366,POST,POSTAGE,-3,12/1/2010 9:41,18.00,14527,France",
    "536367,B,Adjust bad debt,1,12/1/2010 9:41,-11062.06,14527,France",
)


@pytest.fixture
def order_file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join((",".join(COLUMNS), *ROWS)) + "\n", encoding="utf-8")
    return path


def test_invoices_become_orders(order_file: Path) -> None:
    """Equal articles stay two lines; returns, corrections and credit notes are left out."""
    orders = read_orders(order_file)
    assert [invoice.number for invoice in orders.invoices] == ["536365", "536414"]
    assert orders.left_out == 3
    assert list(orders.invoices[0].lines) == [
        {"product": "85123A", "quantity": "6", "unit_price": "2.55"},
        {"product": "85123A", "quantity": "2", "unit_price": "2.55"},
    ]


def test_a_price_of_zero_is_a_gift(order_file: Path) -> None:
    gift = read_orders(order_file).invoices[1].lines[0]
    assert (gift["product"], gift["unit_price"], gift["is_gift"]) == ("GIFT-1", "0", 1)


def test_who_buys(order_file: Path) -> None:
    """Without a CustomerID each invoice has a walk-in customer of its own; all ship to a Chinese address."""
    known, walk_in = (invoice.buyer for invoice in read_orders(order_file).invoices)
    assert (known.name, known.kind) == ("Online Retail 17850", "Company")
    assert (walk_in.name, walk_in.kind) == ("Online Retail walk-in 536414", "Individual")
    assert known.province == walk_in.province == "浙江省"


def test_articles_are_named_once(order_file: Path) -> None:
    """Codes that differ in case only are one article, as the database compares them."""
    assert [article.code for article in read_orders(order_file).articles] == ["85123A", "GIFT-1"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [("gift_0001_20", "GIFT-0001-20"), ("BANK CHARGES", "BANK-CHARGES"), (" 15056bl ", "15056BL")],
)
def test_article_code(code: str, expected: str) -> None:
    """Letters, digits and dashes go through EAI (u8-openapi 6)."""
    assert article_code(code) == expected


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(HostError, match="InvoiceNo"):
        read_orders(path)


def test_a_number_that_is_none_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(",".join(COLUMNS) + "\n1,A,B,many,12/1/2010 8:26,1,2,France\n", encoding="utf-8")
    with pytest.raises(HostError, match="line 2: Quantity is 'many'"):
        read_orders(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"none\.csv"):
        read_orders(tmp_path / "none.csv")
