"""Products sold in several forms: from a shop's feed to what the shopper is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.converse import Assistant, Shop
from assistant.phrasing import field_text, price_text
from catalog.feeds import read_feed
from catalog.verdict import Verdict, judge_all
from retrieval.index import build_index, open_index
from tests.fakes import HashEmbedder

_FEED = (
    "id\titem_group_id\ttitle\tdescription\tprice\tavailability\tproduct_type\tsize\tcolor\timage_link\n"
    "r-41\tR\tRidge hiking boot 41\tFor wet paths.\t50.00 EUR\tin_stock\tShoes > Boots\t41\tnavy\thttps://shop.example/r.jpg\n"
    "r-42\tR\tRidge hiking boot 42\tFor wet paths.\t70.00 EUR\tin_stock\tShoes > Boots\t42\tnavy\thttps://shop.example/r.jpg\n"
    "r-43\tR\tRidge hiking boot 43\tFor wet paths.\t70.00 EUR\tout_of_stock\tShoes > Boots\t43\tgrey\thttps://shop.example/r.jpg\n"
    "v-42\tV\tVale hiking boot 42\tLight.\t58.00 EUR\tin_stock\tShoes > Boots\t42\tgreen\thttps://shop.example/v.jpg\n"
    "v-44\tV\tVale hiking boot 44\tLight.\t58.00 EUR\tin_stock\tShoes > Boots\t44\tgreen\thttps://shop.example/v.jpg\n"
    "m\t\tStone mug\tHeavy.\t9.00 EUR\tin_stock\tKitchen > Mugs\t\tgrey\thttps://shop.example/m.jpg\n"
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Assistant]:
    (tmp_path / "feed.tsv").write_text(_FEED, "utf-8")
    feed = read_feed(tmp_path / "feed.tsv")
    build_index("boots", feed, embedder=HashEmbedder(), source="feed.tsv", home=tmp_path)
    with open_index("boots", home=tmp_path, embedder=HashEmbedder()) as index:
        yield Assistant(Shop(index, None, {}, 5.0), None)


def test_a_shopper_sees_each_product_once_with_its_lowest_price(shop: Assistant) -> None:
    shown = shop.reply("hiking boots").recommendations
    prices = {r.product.id: price_text(r.product) for r in shown}
    assert prices == {"R": "from €50.00", "V": "€58.00"}


def test_one_variant_must_meet_size_and_budget_together(shop: Assistant) -> None:
    reply = shop.reply("hiking boots in size 42 under 60 euros")
    assert [r.product.id for r in reply.recommendations if not r.near_miss] == ["V"]
    (boot,) = [r.product for r in reply.recommendations if not r.near_miss]
    assert (field_text(boot, "size"), boot.price, len(boot.variants)) == ("42", 5_800, 1)
    hard = [c for c in reply.moment.hard if c.field in ("size", "price")]
    assert len(hard) == 2 and judge_all(boot, hard) is Verdict.MATCH


def test_a_product_is_shown_in_the_variant_that_was_asked_for(shop: Assistant) -> None:
    reply = shop.reply("hiking boots size 42")
    shown = {r.product.id: price_text(r.product) for r in reply.recommendations}
    assert shown == {"R": "€70.00", "V": "€58.00"}


_LENGTHS = (
    "id\titem_group_id\ttitle\tprice\tavailability\tproduct_type\tsize\timage_link\n"
    + "".join(
        f"h-{n}\tH\tRill garden hose {n} m\t{price} EUR\tin_stock\tGarden > Hoses\t{n} m\thttps://shop.example/h.jpg\n"
        for n, price in ((10, "19.99"), (20, "34.99"), (50, "79.90"))
    )
    + "c\t\tClogs\t9.00 EUR\tin_stock\tShoes > Clogs\t40\thttps://shop.example/m.jpg\n"
)


@pytest.fixture
def hoses(tmp_path: Path) -> Iterator[Assistant]:
    (tmp_path / "feed.tsv").write_text(_LENGTHS, "utf-8")
    feed = read_feed(tmp_path / "feed.tsv")
    build_index("hoses", feed, embedder=HashEmbedder(), source="feed.tsv", home=tmp_path)
    with open_index("hoses", home=tmp_path, embedder=HashEmbedder()) as index:
        yield Assistant(Shop(index, None, {}, 5.0), None)


def test_a_measure_chooses_the_variant_with_its_price_and_says_so(hoses: Assistant) -> None:
    (shown,) = hoses.reply("hose at least 40 m long under 90 euros, in stock").recommendations
    assert (shown.product.title, shown.product.price) == ("Rill garden hose", 7_990)
    assert not shown.unknown and any("50 m" in r.text for r in shown.reasons)


def test_a_measure_that_no_variant_has_within_the_budget_is_no_match(hoses: Assistant) -> None:
    reply = hoses.reply("hose of 50 m under 50 euros")
    assert [r.product.price for r in reply.recommendations if not r.near_miss] == []
    assert all("not stated" not in miss for r in reply.recommendations for miss in r.near_miss)
