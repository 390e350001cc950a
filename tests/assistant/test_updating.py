"""``shop update``: prices and stock from a feed, in the next answer of a shop that is open."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from assistant.converse import Assistant, Shop
from catalog.errors import UsageError
from catalog.feeds import read_feed
from retrieval.index import build_index, open_index
from tests.assistant.shop import corner_shop
from tests.fakes import HashEmbedder


@pytest.fixture
def home(shops_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(shops_home, tmp_path / "home")
    monkeypatch.setenv("SHOPMOMENT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def _feed(home: Path, text: str, name: str = "prices.csv") -> str:
    path = home.parent / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def _shop(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["shop", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def _updated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> dict[str, Any]:
    capsys.readouterr()
    assert _shop(monkeypatch, "update", *arguments, "--json") == 0
    record: dict[str, Any] = json.loads(capsys.readouterr().out)
    return record


def test_an_open_conversation_answers_with_the_new_price(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_index("corner", home=home, embedder=HashEmbedder()) as index:
        shop = Assistant(Shop(index, None, {}, 5.0), None)
        before = shop.reply("kettles under $26, cheapest first").recommendations
        assert [r.product.id for r in before] == ["k8", "k5", "k7"]  # k7 has no price
        prices = _feed(home, "id,price,stock\nk6,19.90,7\nk5,30.00,30\nk8,15.99,0\nzz,1,1\n")
        record = _updated(monkeypatch, capsys, "corner", prices)
        assert (record["changed"], record["unchanged"], record["unknown"]) == (3, 0, 1)
        assert record["unknown_ids"] == ["zz"]
        after = shop.reply("kettles under $26, cheapest first").recommendations
        assert {r.product.id for r in after} == {"k6", "k8", "k7"}
        shown = {r.product.id: r for r in after}
        assert (shown["k6"].product.price, shown["k8"].product.stock) == (1_990, 0)
        assert "Sold out at the moment" in [r.text for r in shown["k8"].reasons]
        place = [r.product.id for r in after].index("k6") + 1
        assert "$19.90" in shop.reply(f"how much is number {place}?").text


def test_the_same_feed_again_changes_nothing_and_a_whole_feed_only_what_differs(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: list[dict[str, Any]] = [
        {"id": p.id, "title": p.title, "price": p.price and p.price / 100, "stock": p.stock}
        | ({"list_price": p.list_price / 100} if p.list_price else {})
        for p in corner_shop()
    ]
    as_indexed = _feed(home, "\n".join(map(json.dumps, rows)), "whole.jsonl")
    record = _updated(monkeypatch, capsys, "corner", as_indexed)
    assert (record["changed"], record["unchanged"]) == (0, len(rows))
    rows[0] |= {"price": 12.5}
    rows[1] |= {"price": None, "stock": None}
    changed = _feed(home, "\n".join(map(json.dumps, rows)), "changed.jsonl")
    assert _updated(monkeypatch, capsys, "corner", changed)["changed"] == 2
    assert _updated(monkeypatch, capsys, "corner", changed)["changed"] == 0
    with open_index("corner", home=home, embedder=HashEmbedder()) as index:
        sold = {p.id: (p.price, p.list_price, p.stock, p.currency) for p in index.products}
        assert sold[rows[0]["id"]] == (1_250, 5_900, 12, "USD")
        assert sold[rows[1]["id"]][:3] == (None, None, None)
        told = {p.id: (p.price, p.list_price, p.stock) for p in read_feed(changed)}
        assert {id: terms[:3] for id, terms in sold.items()} == told


def test_variants_are_found_by_group_and_article_or_article_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    head = (
        "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty\n"
    )
    rows = [
        "tee,Linen tee,Size,S,T-S,20.00,3\n",
        "tee,,,M,T-M,20.00,0\n",
        "cap,Wool cap,Title,Default Title,CAP,9.00,4\n",
    ]
    feed = _feed(home, head + "".join(rows), "export.csv")
    build_index("tees", read_feed(feed), embedder=HashEmbedder(), source=feed, home=home)
    assert _updated(monkeypatch, capsys, "tees", feed)["changed"] == 0
    again = _feed(home, head + "".join(rows).replace("M,T-M,20.00,0", "M,T-M,18.00,5"), "new.csv")
    assert _updated(monkeypatch, capsys, "tees", again)["changed"] == 1
    articles = _feed(home, "sku,price\nT-S,21.00\nCAP,8.50\n")
    assert _updated(monkeypatch, capsys, "tees", articles)["changed"] == 2
    with open_index("tees", home=home, embedder=HashEmbedder()) as index:
        tee, cap = index.get("tee"), index.get("cap")
        assert tee is not None and cap is not None
        assert [(v.price, v.stock) for v in tee.variants] == [(2_100, 3), (1_800, 5)]
        assert (tee.price, tee.stock, cap.price) == (1_800, 8, 850)


def test_prices_without_a_currency_are_in_the_catalogues(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    yen = _feed(home, "id,title,price\na,Fan,JPY 4980\nb,Big fan,JPY 9800\n", "yen.csv")
    build_index("fans", read_feed(yen), embedder=HashEmbedder(), source=yen, home=home)
    assert _updated(monkeypatch, capsys, "fans", _feed(home, "id,price\na,5000\n"))["changed"] == 1
    with open_index("fans", home=home, embedder=HashEmbedder()) as index:
        assert [(p.price, p.currency) for p in index.products] == [(5_000, "JPY"), (9_800, "JPY")]
    bare = _feed(home, "id,price\ny0,5000\n")
    monkeypatch.setattr(sys, "argv", ["shop", "--debug", "update", "harbour", bare])
    with pytest.raises(UsageError, match="catalogue has no currency, EUR, JPY: .*--currency"):
        main()
    assert _updated(monkeypatch, capsys, "harbour", bare, "--currency", "JPY")["changed"] == 1


def test_for_people_it_says_what_to_do_about_unknown_ids(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "".join(f"new-{i},5.00\n" for i in range(12))
    assert _shop(monkeypatch, "update", "corner", _feed(home, f"id,price\nk1,49.50\n{lines}")) == 0
    out, err = capsys.readouterr()
    assert err == ""
    first, second, *_ = out.splitlines()
    assert "13 rows: 1 changed, 0 as before, 12 not in the catalogue, 0 refused" in first
    assert "new-0, new-1" in second and "…" in second
    assert "index the whole feed to add products" in second


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere", "FEED"], "'nowhere'"),
        (["corner", "/no/such.csv"], "/no/such.csv"),
        (["../etc", "FEED"], "../etc"),
        (["corner", "FEED", "--map", "price=nope"], "nope"),
        (["corner", "FEED", "--currency", "gold"], "gold"),
        (["corner", "FEED", "--format", "xls"], "xls"),
    ],
)
def test_a_wrong_argument_is_one_line(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    feed = _feed(home, "id,price\nk1,49.50\n")
    assert _shop(monkeypatch, "update", *(feed if a == "FEED" else a for a in arguments)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("shop: ") and told in line
