"""Price lists: any feed with ids and prices or stock, titles or not."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from catalog.errors import FeedError
from catalog.feeds.prices import PriceList

_UNSAID = "unsaid"


def _rows(prices: PriceList) -> list[tuple[object, ...]]:
    rows = []
    for row in prices:
        offer = row.offer
        said = [
            getattr(offer, n) if n in offer.says else _UNSAID
            for n in ("price", "list_price", "stock")
        ]
        rows.append((row.group, offer.id, *said, offer.currency))
    return rows


def _list(folder: Path, text: str, name: str = "prices.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_of_ids_and_prices_needs_no_title(tmp_path: Path) -> None:
    path = _list(tmp_path, "sku;price\nA-1;12,50 €\nA-2;1.099,00 €\nA-3;\nA-4;on request\n")
    prices = PriceList(path)
    assert _rows(prices) == [
        (None, "A-1", 1_250, _UNSAID, _UNSAID, "EUR"),
        (None, "A-2", 109_900, _UNSAID, _UNSAID, "EUR"),
        (None, "A-3", _UNSAID, _UNSAID, _UNSAID, None),  # blank: it says nothing
        (None, "A-4", _UNSAID, _UNSAID, _UNSAID, None),
    ]
    assert (prices.report.rows, prices.report.kept, prices.report.repaired) == (4, 4, 1)
    assert "on request" in prices.report.lines()[-1]
    assert prices.bytes_read == prices.bytes_total


def test_a_row_with_a_title_describes_its_product_whole(tmp_path: Path) -> None:
    path = _list(
        tmp_path,
        "id,title,price,list_price,stock\na,Tee,9.00,12.00,4\nb,Cap,,,\nc,,,,0\n",
    )
    assert _rows(PriceList(path, currency="USD")) == [
        (None, "a", 900, 1_200, 4, "USD"),
        (None, "b", None, None, None, None),
        (None, "c", _UNSAID, _UNSAID, 0, None),
    ]


def test_stock_alone_in_words_or_pieces(tmp_path: Path) -> None:
    lines = ['{"id": 7, "availability": "out of stock"}', '{"id": 8, "availability": "in stock"}']
    path = tmp_path / "stock.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    assert _rows(PriceList(path)) == [
        (None, "7", _UNSAID, _UNSAID, 0, None),
        (None, "8", _UNSAID, _UNSAID, None, None),
    ]
    assert [row.offer.uncounted for row in PriceList(path)] == [False, True]


def test_rows_of_a_group_keep_the_name_of_their_product(tmp_path: Path) -> None:
    head = "id\ttitle\tlink\timage_link\titem_group_id\tprice\tsale_price\tavailability\n"
    rows = (
        "t-s\tTee S\thttps://a.example/1\thttps://a.example/1.png\ttee\t20.00 USD\t15.00 USD\tin_stock\n"
        "t-m\tTee M\thttps://a.example/2\thttps://a.example/2.png\ttee\t20.00 USD\t\tout_of_stock\n"
    )
    assert _rows(PriceList(_list(tmp_path, head + rows, "feed.tsv"))) == [
        ("tee", "t-s", 1_500, 2_000, None, "USD"),
        ("tee", "t-m", 2_000, None, 0, "USD"),
    ]


def test_of_rows_with_one_id_the_first_counts_as_it_does_when_indexing(tmp_path: Path) -> None:
    path = _list(tmp_path, "id,price\na,1.00\nb,2.00\na,3.00\n,4.00\n")
    prices = PriceList(path)
    assert [(r[1], r[2]) for r in _rows(prices)] == [("a", 100), ("b", 200)]
    assert (prices.report.kept, prices.report.refused) == (2, 2)
    told = "\n".join(prices.report.issue_lines())
    assert "also on line 2" in told and "no id" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colour,price\nred,9.00\n", "no column looks like an id.*found: colour, price"),
        ("id,colour\na,red\n", "no column looks like a price or stock"),
        ("id,price\n,9.00\n,8.00\n", "no id"),
    ],
)
def test_a_list_that_changes_nothing_says_why(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(FeedError, match=told):
        _rows(PriceList(_list(tmp_path, text)))


def test_prices_in_a_currency_the_catalogue_does_not_have_are_refused(tmp_path: Path) -> None:
    path = _list(tmp_path, "id,price\na,84.99 USD\nb,5.00 EUR\n")
    prices = PriceList(path, currencies=["EUR"])
    assert [(row[1], row[2]) for row in _rows(prices)] == [("b", 500)]
    assert "priced in USD, in which the catalogue has no prices" in "\n".join(
        prices.report.issue_lines()
    )
