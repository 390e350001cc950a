"""``shop health``: for people, for programs and as a page, whatever the catalogue says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.health import as_html, check, demand_shares, print_health
from catalog.errors import CatalogNotFound, IndexDamaged
from catalog.health import examine
from catalog.health.demands import DEMANDS
from catalog.product import Product
from retrieval.index import build_index
from retrieval.storage import PRODUCTS, CatalogFolder
from retrieval.updates import Change, update_products
from tests.assistant.shop import corner_shop, harbour_shop
from tests.fakes import HashEmbedder

EVIL = Product(
    "<i>1</i>", "</title><script>alert(1)</script>\x1b[31m [red]kettle", "<b onclick=x>{{ 7*7 }}</b>",
    "[bold]", "<svg/onload=alert(2)>", price=1, currency="EUR", image="javascript:alert(3)",
)  # fmt: skip


def run(
    home: Path,
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> tuple[int, str, str]:
    monkeypatch.setenv("SHOPMOMENT_HOME", str(home))
    monkeypatch.setattr("sys.argv", ["shop", "health", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


def test_the_command_prints_a_report_and_writes_a_page(
    shops_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = tmp_path / "deep" / "health.html"
    code, out, err = run(shops_home, ["harbour", "--html", str(page)], monkeypatch, capsys)
    assert (code, err) == (0, "")
    assert out.startswith("harbour: of 100 demands") and "no price: 2" in out
    assert "no price" in page.read_text("utf-8").lower()


def test_json_is_one_object_with_ranked_findings(
    shops_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(shops_home, ["harbour", "--json", "--limit", "1"], monkeypatch, capsys)
    record = json.loads(out)
    assert code == 0 and record["catalog"] == "harbour"
    assert record["products"] == len(harbour_shop())
    ranks = [(f["demands"], f["count"]) for f in record["findings"]]
    assert ranks == sorted(ranks, reverse=True)
    assert all(len(f["examples"]) <= 1 for f in record["findings"])
    by_code = {f["code"]: f["count"] for f in record["findings"]}
    assert (by_code["no_price"], by_code["currency_missing"]) == (2, 3)


def test_an_unknown_catalogue_is_one_line(
    shops_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(shops_home, ["nowhere"], monkeypatch, capsys)
    assert (code, out) == (2, "")
    assert err == (
        "shop: no catalogue called 'nowhere' is indexed; index it with: shop index FEED --name nowhere\n"
    )


def test_updated_prices_and_stock_are_seen(tmp_path: Path) -> None:
    build_index("s", corner_shop(), embedder=HashEmbedder(), source="s", home=tmp_path)
    assert not [f for f in check("s", home=tmp_path).findings if f.code == "price_zero"]
    update_products("s", [Change("k1", None, price=0)], home=tmp_path)
    (finding,) = [f for f in check("s", home=tmp_path).findings if f.code == "price_zero"]
    assert [e.id for e in finding.examples] == ["k1"]


def test_a_damaged_catalogue_says_how_to_rebuild_it(tmp_path: Path) -> None:
    info = build_index("s", corner_shop(), embedder=HashEmbedder(), source="s", home=tmp_path)
    (CatalogFolder("s", tmp_path).version(info.version) / PRODUCTS).write_bytes(b"{}")
    with pytest.raises(IndexDamaged, match="shop index FEED --name s"):
        check("s", home=tmp_path)
    with pytest.raises(CatalogNotFound):
        check("t", home=tmp_path)


def test_the_page_holds_no_markup_of_a_seller_and_fetches_nothing() -> None:
    bidi = Product("2", "Ke\u202ettle", "\ud800", type="kettle")
    page = as_html("<x>", examine([EVIL, bidi]))
    assert "<script" not in page and "<svg" not in page and "<b " not in page and "<x>" not in page
    assert "&lt;script&gt;" in page and "\u202e" not in page and "\x1b" not in page
    assert not re.search(r"(?:src|href)\s*=|url\(|@import", page)


def test_the_terminal_obeys_no_seller(capsys: pytest.CaptureFixture[str]) -> None:
    print_health("s", examine([EVIL]))
    out = capsys.readouterr().out
    assert "\x1b" not in out and "[red]kettle" in " ".join(out.split())


def test_a_catalogue_without_products_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_health("s", examine([]))
    assert capsys.readouterr().out == "s: no products, nothing to say\n"
    assert "no products" in as_html("s", examine([]))


def test_the_shares_of_demands_are_those_of_the_conversations() -> None:
    counted = demand_shares()
    assert set(counted) == set(DEMANDS)
    for department, shares in DEMANDS.items():
        for kind, share in shares.items():
            # conversations are added now and then; the picture they give must stay
            assert counted[department][kind] == pytest.approx(share, abs=2), (department, kind)
