"""JSON, JSONL and YAML whose products hold objects: variants, categories, pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from catalog.feeds import Feed, read_feed
from catalog.feeds.prices import PriceList
from catalog.feeds.variants import MAX_VARIANTS
from catalog.product import Product


def _read(
    folder: Path, *products: dict[str, Any], name: str = "a.jsonl"
) -> tuple[Feed, list[Product]]:
    path = folder / name
    path.write_text("\n".join(json.dumps(p) for p in products), "utf-8")
    feed = read_feed(path)
    return feed, list(feed)


_SHIRT: dict[str, Any] = {
    "id": "N1", "title": "Tee", "brand": "Nordlauf", "price": 8, "stock": 3,
    "variants": [
        {"sku": "N1-S", "title": "small", "size": "S", "price": 10.0, "stock": 3},
        {"sku": "N1-M", "title": "medium", "size": "M", "price": 12.0, "stock": 0},
    ],
}  # fmt: skip


def test_variants_inside_a_product_are_its_variants(tmp_path: Path) -> None:
    feed, (cap, tee) = _read(tmp_path, _SHIRT, {"id": "N2", "title": "Cap", "price": 9, "stock": 2})
    assert (cap.id, cap.price, cap.stock, cap.variants) == ("N2", 900, 2, ())
    assert (tee.id, tee.title, tee.brand, tee.price, tee.stock) == (
        "N1",
        "Tee",
        "Nordlauf",
        1_000,
        3,
    )
    variants = [(v.id, v.options, v.price, v.stock) for v in tee.variants]
    assert variants == [("N1-S", {"size": "S"}, 1_000, 3), ("N1-M", {"size": "M"}, 1_200, 0)]
    assert (feed.report.rows, feed.report.kept, feed.report.refused) == (3, 3, 0)


def test_an_update_finds_variants_that_lie_inside(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(_SHIRT), "utf-8")
    rows = [(r.group, r.offer.id, r.offer.price, r.offer.stock) for r in PriceList(path)]
    assert rows == [("N1", "N1-S", 1_000, 3), ("N1", "N1-M", 1_200, 0)]


def test_a_stock_of_all_together_is_not_that_of_each_variant(tmp_path: Path) -> None:
    sizes = [{"id": "a", "size": "S"}, {"id": "b", "size": "M"}]
    _, (tee,) = _read(
        tmp_path, {"id": 1, "title": "Tee", "price": 9, "stock": 7, "variants": sizes}
    )
    assert (tee.price, tee.stock) == (900, None)
    _, (tee,) = _read(
        tmp_path, {"id": 1, "title": "Tee", "price": 9, "stock": 0, "variants": sizes}
    )
    assert tee.stock == 0


def test_variants_without_ids_are_numbered(tmp_path: Path) -> None:
    sizes = [{"size": "S", "price": 9}, {"size": "M", "price": 9}]
    _, (tee,) = _read(tmp_path, {"id": "T", "title": "Tee", "variants": sizes})
    assert [v.id for v in tee.variants] == ["T:1", "T:2"]


def test_too_many_variants_cost_only_what_is_too_much(tmp_path: Path) -> None:
    many = [{"sku": f"T{i}", "size": str(i), "price": 9} for i in range(MAX_VARIANTS + 5)]
    feed, (tee,) = _read(tmp_path, {"id": "T", "title": "Tee", "variants": many})
    assert len(tee.variants) == MAX_VARIANTS
    assert [i.kind for i in feed.report.issues] == ["too many variants"]


def test_options_are_called_as_a_list_of_shopifys_names_them(tmp_path: Path) -> None:
    shop = {"products": [{
        "id": 7, "title": "Player", "body_html": "<p>Small</p>", "product_type": "Player",
        "variants": [
            {"id": 71, "title": "Pink / L", "option1": "Pink", "option2": "L", "price": "199.00",
             "compare_at_price": "249.00", "sku": "P-P", "inventory_quantity": 4},
            {"id": 72, "title": "Red / S", "option1": "Red", "option2": "S", "price": "229.00",
             "compare_at_price": None, "sku": "P-R", "inventory_quantity": 0},
        ],
        "options": [{"name": "Color", "values": ["Pink", "Red"]}, {"name": "Size", "values": ["L", "S"]}],
    }]}  # fmt: skip
    _, (player,) = _read(tmp_path, shop, name="products.json")
    assert [(v.id, v.options, v.price, v.list_price, v.stock) for v in player.variants] == [
        ("71", {"color": "Pink", "size": "L"}, 19_900, 24_900, 4),
        ("72", {"color": "Red", "size": "S"}, 22_900, None, 0),
    ]


def test_categories_and_pictures_written_as_objects_are_read(tmp_path: Path) -> None:
    hoodie = {
        "id": 1, "name": "Hoodie", "price": "39.00",
        "categories": [{"id": 9, "name": "Hoodies", "slug": "hoodies"}],
        "images": [{"id": 4, "src": "https://shop.test/1.png"}],
        "attributes": [{"id": 1, "name": "Color", "options": ["Blue", "Green"]}],
        "related": [{"id": 2, "name": "Cap"}],
    }  # fmt: skip
    _, (product,) = _read(tmp_path, hoodie)
    assert (product.category, product.type) == (("Hoodies",), "hoodie")
    assert product.image == "https://shop.test/1.png"
    assert product.attributes == {"color": ("Blue", "Green")}
