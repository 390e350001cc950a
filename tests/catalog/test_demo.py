"""The demo shop: believable, consistent with itself, and exactly what its sources give."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from math import isclose
from random import Random
from statistics import mean, pstdev
from typing import Any

import pytest

from catalog.demo import PRODUCTS, SHOPPERS, demo_products
from catalog.demo.authoring import holds
from catalog.demo.build import TYPES, main
from catalog.demo.wording import articles, choose_words, phrase
from catalog.lexicon import COLOR_FAMILY
from catalog.money import to_minor
from catalog.product import AttributeValue, Measure, Product, attribute_words
from catalog.text import find_run, tokens
from catalog.units import comparable, to_base, unit_symbol

_NUMBER = re.compile(r"(?<![\w.])(-?\d+(?:\.\d+)?)(?:[\s-]?([A-Za-z°]+|%))?")


@pytest.fixture(scope="module")
def products() -> list[Product]:
    return list(demo_products())


@pytest.fixture(scope="module")
def by_id(products: list[Product]) -> dict[str, Product]:
    return {p.id: p for p in products}


@pytest.fixture(scope="module")
def shoppers() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SHOPPERS.read_text(encoding="utf-8").splitlines()]


def test_committed_files_are_what_the_sources_give() -> None:
    assert main(["--check"]) == 0


def test_check_notices_a_changed_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = {PRODUCTS: PRODUCTS.read_text(encoding="utf-8") + "\n"}
    monkeypatch.setattr("catalog.demo.build.build", lambda: content)
    assert main(["--check"]) == 1
    assert "products.jsonl is stale" in capsys.readouterr().err


def test_the_shop_is_large_enough_and_every_type_has_rival_brands(products: list[Product]) -> None:
    assert len(products) >= 1600
    assert PRODUCTS.stat().st_size < 4_000_000
    assert len({p.category[0] for p in products}) >= 10
    sizes = Counter(p.type for p in products)
    assert len(sizes) >= 45
    brands: dict[str | None, set[str]] = defaultdict(set)
    for p in products:
        if p.brand:
            brands[p.type].add(p.brand)
    assert {t: len(b) for t, b in brands.items() if len(b) < 4} == {}
    cuts = {p.attributes.get("cut") for p in products if p.type == "jeans"}
    assert len(cuts) >= 8


def test_ids_titles_and_descriptions_are_never_shared(products: list[Product]) -> None:
    assert len({p.id for p in products}) == len(products)
    assert len({(p.type, p.title) for p in products}) == len(products)
    described = [p.description for p in products if p.description]
    assert len(set(described)) == len(described)


def test_records_survive_the_trip_through_json(products: list[Product]) -> None:
    for p in products:
        assert Product.from_json(json.loads(json.dumps(p.to_json()))) == p


def test_money_ratings_and_stock_are_believable(products: list[Product]) -> None:
    for p in products:
        assert p.price is not None and 99 <= p.price < 200_000 and p.currency == "USD"
        assert p.list_price is None or p.list_price > p.price
        assert p.rating is None or 3.2 <= p.rating <= 4.9
        assert (p.rating is None) or (p.review_count or 0) > 0
    reduced = sum(p.list_price is not None for p in products) / len(products)
    sold_out = sum(p.stock == 0 for p in products) / len(products)
    assert 0.15 < reduced < 0.25
    assert 0.03 < sold_out < 0.07


def test_few_products_lack_a_field(products: list[Product]) -> None:
    lacking = [p for p in products if not p.description or p.brand is None or p.stock is None]
    assert 0 < len(lacking) < 0.02 * len(products)


def test_reviews_have_a_long_tail(products: list[Product]) -> None:
    counts = sorted((p.review_count or 0 for p in products), reverse=True)
    assert counts[0] > 50 * counts[len(counts) // 2]
    assert sum(counts[: len(counts) // 10]) > 0.5 * sum(counts)
    assert counts[-1] == 0


def test_good_brands_are_rated_higher_than_poor_ones(products: list[Product]) -> None:
    ratings: dict[str, list[float]] = defaultdict(list)
    for p in products:
        if p.brand and p.rating:
            ratings[p.brand].append(p.rating)
    assert mean(ratings["Skarnfell"]) > mean(ratings["Trektide"]) + 0.4
    assert mean(pstdev(r) for r in ratings.values()) > 0.1


def _numbers_of(product: Product) -> Iterator[tuple[float, str | None]]:
    for value in product.attributes.values():
        if isinstance(value, Measure):
            yield value.value, value.unit
        elif isinstance(value, float):
            yield value, None
        elif not isinstance(value, bool):
            words = value if isinstance(value, tuple) else (value,)
            yield from ((float(n), None) for w in words for n in re.findall(r"\d+(?:\.\d+)?", w))


def _says(number: float, unit: str | None, held: tuple[float, str | None]) -> bool:
    if unit is None or held[1] is None:
        return number == held[0]
    return comparable(unit, held[1]) and isclose(
        to_base(number, unit)[0], to_base(held[0], held[1])[0], abs_tol=1e-6
    )


def test_every_number_in_the_text_is_an_attribute(products: list[Product]) -> None:
    false = []
    for p in products:
        held = list(_numbers_of(p))
        for text in (p.title, p.description):
            for digits, word in _NUMBER.findall(text):
                unit = unit_symbol(word.replace("°C", "C")) if word and word != "in" else None
                if not any(_says(float(digits), unit, h) for h in held):
                    false.append((p.id, digits, word, text))
    assert false == []


# Plain colours only: many shades are also foods, woods or scents.
_COLORS = ("black", "white", "gray", "grey", "red", "pink", "yellow", "blue", "purple", "navy", "brown", "beige")  # fmt: skip


def test_no_text_names_a_colour_or_a_fabric_the_product_is_not(products: list[Product]) -> None:
    false = []
    fabrics = ("wool", "cotton", "leather", "linen", "silk", "velvet", "suede", "nylon", "cashmere")
    for p in products:
        held = [tokens(w) for v in p.attributes.values() for w in attribute_words(v)]
        text = tokens(f"{p.title} | {p.description}")
        for word in (*_COLORS, *fabrics):
            named = tokens(word)
            shades = COLOR_FAMILY.get(word, ())
            meant = [named, *(tokens(s) for s in shades)]
            said = find_run(text, named) >= 0
            if said and not any(find_run(h, m) >= 0 for h in held for m in meant):
                false.append((p.id, word))
    assert false == []


def test_titles_name_the_type_and_brand(products: list[Product]) -> None:
    noun = [p for p in products if p.type and tokens(p.type)[-1] in tokens(p.title)]
    assert len(noun) > 0.97 * len(products)
    assert all(p.brand in p.title for p in products if p.brand)


def test_descriptions_do_not_sound_alike(products: list[Product]) -> None:
    texts: dict[str | None, list[str]] = defaultdict(list)
    for p in products:
        if p.description:
            texts[p.type].append(p.description)
    for kind, described in texts.items():
        if len(described) < 20:
            continue
        openings = Counter(" ".join(d.split()[:4]) for d in described)
        sentences = Counter(s for d in described for s in re.split(r"(?<=[.?]) ", d))
        assert openings.most_common(1)[0][1] <= 0.2 * len(described), kind
        assert sentences.most_common(1)[0][1] <= 0.4 * len(described), kind


def test_descriptions_are_clean_english(products: list[Product]) -> None:
    broken = re.compile(
        r"\b(\w+) \1\b|(?<!-)\b[Aa] [aeioAEIO]\w+|[.?] [a-z]|[{}\[\]!|]|  |\d(?:l|kg|dB|W|h)\b"
    )
    found = []
    for p in products:
        text = p.description.replace("a one-person", "a solo").replace("& Co. ", "& Co ")
        found += [(p.id, m[0]) for m in broken.finditer(text)]
        if text and not (text[0].isupper() or text[0].isdigit()):
            found.append((p.id, text))
        if p.description and not 2 <= len(re.findall(r"[.?](?= |$)", p.description)) <= 6:
            found.append((p.id, p.description))
    assert found == []


def test_the_kettles_make_the_example_conversation_possible(products: list[Product]) -> None:
    kettles = [p for p in products if p.type == "kettle" and p.price is not None]
    noise = {p.id: v.value for p in kettles if isinstance(v := p.attributes.get("noise"), Measure)}
    affordable = [p for p in kettles if (p.price or 0) <= 6000]
    quietest = min((p for p in affordable if p.id in noise), key=lambda p: noise[p.id])
    assert len(affordable) == 38
    assert quietest.title == "Halden Hush 1.0 l Kettle, white"
    roomy = [
        p for p in affordable if holds("capacity>=1.5 & noise<=65 & color!=white", p.attributes)
    ]
    assert {"Brisa", "Cove"} <= {w for p in roomy for w in p.title.split()}
    quieter = sorted((noise[p.id], p.price) for p in kettles if noise.get(p.id, 99) < 54)
    assert quieter == [(52.0, 7200), (53.0, 8500)]
    brisa, cove = (next(p for p in roomy if n in p.title) for n in ("Brisa", "Cove"))
    assert (brisa.price or 0) - (cove.price or 0) == 900
    assert cove.attributes["keep_warm"] == Measure(2.0, "h")


def test_attributes_keep_their_kind_across_types(products: list[Product]) -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    units: dict[str, set[str]] = defaultdict(set)
    for p in products:
        for name, value in p.attributes.items():
            kinds[name].add("words" if isinstance(value, (str, tuple)) else type(value).__name__)
            if isinstance(value, Measure):
                units[name].add(to_base(1.0, value.unit)[1])
    assert {n: k for n, k in kinds.items() if len(k) > 1} == {}
    mixed = {n for n, u in units.items() if len(u) > 1}
    assert mixed == set()


def test_no_infant_formula_but_what_is_nearest(products: list[Product]) -> None:
    assert not any("formula" in tokens(p.title) for p in products)
    assert {"baby bottle", "bottle sterilizer"} <= {p.type for p in products}


def test_shoppers_bought_only_what_the_shop_sells_within_the_year(
    shoppers: list[dict[str, Any]], by_id: dict[str, Product]
) -> None:
    assert len(shoppers) >= 7 and shoppers[0]["id"] == "ana"
    first, last = date(2025, 11, 1), date(2026, 10, 31)
    for shopper in shoppers:
        lines = [(o["date"], line) for o in shopper["orders"] for line in o["lines"]]
        events = [*shopper["views"], *shopper["wishlist"], *shopper["likes"]]
        dated = [*lines, *((e["date"], e) for e in events)]
        assert len(lines) >= 15 and shopper["wishlist"] and shopper["likes"]
        for day, item in dated:
            assert first <= date.fromisoformat(day) <= last
            assert item["product"] in by_id
        for _, line in lines:
            product = by_id[line["product"]]
            assert to_minor(line["price"], "USD") in (product.price, product.list_price)
            for name, value in line.get("options", {}).items():
                assert value in attribute_words(product.attributes[name])
        dates = [o["date"] for o in shopper["orders"]]
        assert dates == sorted(set(dates))


def test_some_wishes_are_cheaper_now_and_some_are_not(
    shoppers: list[dict[str, Any]], by_id: dict[str, Product]
) -> None:
    wishes = [w for s in shoppers for w in s["wishlist"]]
    cheaper = sum(to_minor(w["price"], "USD") > (by_id[w["product"]].price or 0) for w in wishes)
    assert 0.25 * len(wishes) < cheaper < 0.9 * len(wishes)


def test_ben_buys_treats_about_every_four_weeks_but_not_by_the_clock(
    shoppers: list[dict[str, Any]], by_id: dict[str, Product]
) -> None:
    ben = next(s for s in shoppers if s["id"] == "ben")
    bought = [
        date.fromisoformat(o["date"])
        for o in ben["orders"]
        for line in o["lines"]
        if by_id[line["product"]].type == "dog treat"
    ]
    gaps = [(b - a) / timedelta(days=1) for a, b in zip(bought, bought[1:], strict=False)]
    assert len(gaps) >= 10 and 26 < mean(gaps) < 30
    assert len(set(gaps)) > 2


def test_conditions_are_false_of_what_is_not_stated() -> None:
    kettle: dict[str, AttributeValue] = {
        "noise": Measure(58.0, "dB"),
        "color": "red",
        "keep_warm": False,
        "size": ("S", "M"),
    }
    assert holds("noise<=58 & color=red|black & size=M & !keep_warm", kettle)
    assert not holds("weight<=3", kettle)
    assert not holds("material!=wool", kettle)
    with pytest.raises(ValueError, match="write name"):
        holds("noise is low", kettle)


def test_words_are_filled_in_and_take_the_right_article() -> None:
    values: dict[str, AttributeValue] = {"capacity": Measure(1.7, "l"), "color": "ivory"}
    text = choose_words("[A|A] {color} kettle, a {capacity:adj} one, {capacity:long}", Random(1))
    assert articles(phrase(text, values)) == "An ivory kettle, a 1.7-litre one, 1.7 litres"
    assert (
        articles("a 8 l pan, a LED, a USB port, an unit")
        == "an 8 l pan, an LED, a USB port, a unit"
    )


def test_every_sentence_can_be_read() -> None:
    for kind in TYPES:
        for copy in (*kind.titles, *kind.openings, *kind.details, *kind.closings):
            if not isinstance(copy, str):
                holds(copy.when.replace("<", "=").replace(">", "="), {})
