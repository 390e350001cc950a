from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.intent import Act, Intent
from assistant.moment import Chip, Moment
from assistant.reply import Difference, Reason, Recommendation, Reply
from assistant.ui.cards import basket, card, chip_row, comparison, safe_image, safe_text, shelf
from assistant.ui.pictures import icon, tint
from catalog.constraint import Constraint, Op
from catalog.product import Product
from tests.ui.shopfront import HOSTILE_TITLE, PRODUCTS

TAGS = frozenset(
    [
        "b", "button", "circle", "div", "ellipse", "h2", "h3", "i", "img", "li", "ol", "p", "path",
        "rect", "s", "section", "small", "span", "svg", "table", "tbody", "td", "th", "thead", "tr",
        "ul",
    ]
)  # fmt: skip
nasty = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "<img src=x onerror=alert(1)>", '"><script>alert(1)</script>', "' onmouseover='x",
            "</li></ul><iframe src=//evil.test>", "{{constructor}}", "${alert(1)}", "&lt;b&gt;",
            "javascript:alert(1)", "data:text/html,<b>x", "\ud800", "\u202egnp", "a\x00b",
        ]
    ),
)  # fmt: skip


class Seen(HTMLParser):
    """Collects tags, attributes and text the way a browser would read them."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "img":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def assert_harmless(markup: str) -> Seen:
    seen = Seen(markup)
    assert set(seen.tags) <= TAGS
    assert seen.open == []
    for name, value in seen.attributes:
        assert not name.startswith("on")
        assert name not in ("href", "srcdoc", "action", "formaction")
        if name == "src":
            assert value and value.lower().startswith(("http://", "https://"))
        if name == "style":
            assert value and ("--tint:#" in value or "--score:" in value) and "(" not in value
    markup.encode("utf-8")
    return seen


@given(title=nasty, brand=nasty, kind=nasty, color=nasty, image=nasty, words=nasty)
def test_whatever_a_listing_says_no_markup_of_it_gets_through(
    title: str, brand: str, kind: str, color: str, image: str, words: str
) -> None:
    product = Product(
        title + words, title, words, brand, kind, (kind,), 100, 200, "USD", 4.0, 3, 1, image, image,
        {"color": color},
    )  # fmt: skip
    rec = Recommendation(
        product, 1, 1.0, {}, (Reason(words), Reason(title, {}, "model")), (words,), (title,)
    )
    chips = (Chip(words, Constraint("color", Op.EQ, (color,)), False), Chip(title, None, True))
    reply = Reply(Intent(words, Act.SEARCH), Moment(), words, (rec,), (rec,), matching=7)

    assert_harmless(shelf(reply, chips, status="adding reasons…"))
    assert_harmless(basket((product.id, product.id, words), (title,), {product.id: product}))
    rows = (Difference("", (title, brand)), Difference(words, (title, brand)))
    assert_harmless(comparison(rows, (rec, rec)))


def test_a_hostile_title_is_readable_as_it_is() -> None:
    hostile = next(p for p in PRODUCTS if p.title == HOSTILE_TITLE)
    seen = assert_harmless(card(Recommendation(hostile, 4, 0.1, {})))
    assert HOSTILE_TITLE in seen.words
    assert "img" not in seen.tags


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://shop.test/a.jpg?x=1&y=2", "https://shop.test/a.jpg?x=1&amp;y=2"),
        ("HTTP://shop.test/a.png", "HTTP://shop.test/a.png"),
        ("javascript:alert(1)", None),
        ("data:image/svg+xml,<svg onload=alert(1)>", None),
        ("//shop.test/a.jpg", None),
        ("a.jpg", None),
        ("file:///etc/passwd", None),
        ("https://", None),
        ("https://[bad", None),
        ("https://a.test/x\nonerror=1", None),
        ("https://a.test/" + "x" * 3000, None),
        ("", None),
        (None, None),
    ],
)
def test_only_plain_web_pictures_are_loaded(url: str | None, kept: str | None) -> None:
    assert safe_image(url) == kept


def test_a_picture_loads_lazily_without_telling_where_from() -> None:
    product = replace(PRODUCTS[0], image="https://shop.test/a.jpg")
    seen = assert_harmless(card(Recommendation(product, 1, 1.0, {})))
    assert ("loading", "lazy") in seen.attributes
    assert ("referrerpolicy", "no-referrer") in seen.attributes
    assert "svg" in seen.tags


@pytest.mark.parametrize(
    ("price", "list_price", "currency", "shown"),
    [
        (4900, 5900, "USD", "$49.00 instead of $59.00 −17%"),
        (4900, 4900, "USD", "$49.00"),
        (4900, 4000, "USD", "$49.00"),
        (None, 5900, "USD", "price not stated"),
        (0, None, "EUR", "€0.00"),
        (1200, 1500, "JPY", "¥1,200 instead of ¥1,500 −20%"),
        (1999, None, None, "19.99"),
    ],
)
def test_a_reduction_is_shown_only_when_there_is_one(
    price: int | None, list_price: int | None, currency: str | None, shown: str
) -> None:
    product = Product("p", "Cup", price=price, list_price=list_price, currency=currency)
    words = " ".join("".join(Seen(card(Recommendation(product, 1, 1.0, {}))).words).split())
    assert f"Cup{shown}" in words.replace("Cup ", "Cup")
    assert ("%" in words) == ("%" in shown)


def test_a_bare_product_and_an_overfull_one_both_make_a_card() -> None:
    bare = "".join(Seen(card(Recommendation(Product("p", "Cup"), 3, 1.0, {}))).words)
    assert bare == "number 3Cupprice not statedSaveAdd"
    rec = Recommendation(
        replace(PRODUCTS[0], title="very " * 300, stock=0),
        1, 1.0, {}, tuple(Reason(f"reason {i}") for i in range(9)), ("price", "capacity"),
    )  # fmt: skip
    words = "|".join(Seen(card(rec)).words)
    assert "reason 2" in words and "reason 3" not in words
    assert "sold out|" in words and "capacity not stated" in words
    assert len(words) < 1000


def test_wishes_look_different_and_every_chip_has_a_cross() -> None:
    hard = Chip("≤ $60", Constraint("price", Op.LE, 6000.0, "USD"), True)
    wish = Chip("quiet (wish)", Constraint("wish", Op.CONTAINS, ("quiet",), hard=False), False)
    row = chip_row((hard, wish, Chip("cheapest first", None, True)))
    seen = Seen(row)
    assert [v for k, v in seen.attributes if k == "data-drop"] == [
        "≤ $60", "quiet (wish)", "cheapest first",
    ]  # fmt: skip
    assert row.count("sm-wish") == 1


def test_text_is_one_line_and_cut() -> None:
    assert safe_text("a\n\n b\t<c>") == "a b &lt;c&gt;"
    assert safe_text("x" * 500, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("product", "drawn"),
    [
        (Product("1", "Halden Hush", type="kettle"), "kettle"),
        (Product("2", "Slim jeans", type="jeans"), "trousers"),
        (Product("3", "Rumo duck bites", category=("Pets", "Dogs", "Treats")), "paw"),
        (Product("4", "Ravensburger Puzzle 1000 pieces"), "game"),
        (Product("5", "Zxqv"), "tag"),
    ],
)
def test_the_drawing_fits_the_product(product: Product, drawn: str) -> None:
    assert icon(product) == drawn


def test_the_tint_follows_the_colour_and_never_the_sellers_words() -> None:
    assert tint(Product("1", "x", attributes={"color": ("Navy Blue", "red")})) == "#2c4270"
    assert tint(Product("1", "x", attributes={"color": "url(//evil.test)"})).startswith("#")
    plain = Product("1", "x", type="kettle")
    assert tint(plain) == tint(replace(plain, id="2"))


def test_the_head_counts_as_fitting_only_what_fits() -> None:
    fit = Recommendation(Product("a", "A"), 1, 1.0, {})
    unsure = Recommendation(Product("b", "B"), 2, 0.5, {}, unknown=("age not stated",))
    for shown, head in (
        ((fit, fit), "2 of 114 that fit"),
        ((fit, unsure), "2 items, 1 of the 114 that fit"),
    ):
        reply = Reply(Intent("", Act.SEARCH), Moment(), "", shown, matching=114)
        assert f">{head}<" in shelf(reply)
