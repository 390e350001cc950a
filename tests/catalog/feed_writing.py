"""Products to write into a feed and read back: odd text, several currencies, gaps, variants."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from catalog.feeds.category import singular
from catalog.feeds.cells import plain_text
from catalog.money import exponent
from catalog.product import Product, Variant
from catalog.seller_text import Usual, bare, headline, honest_part, prose

ODD = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"], include_characters="\n\t",
                  exclude_characters="\\"),
    max_size=40,
)  # fmt: skip
COLORS = ("red", "navy", "Grün", "off-white 🙂")
CURRENCIES = ("USD", "EUR", "JPY", "KWD", "GBP")


def read_title(text: str) -> str:
    """A title as it should be read from a feed too small for anything to be usual in it."""
    return headline(bare(plain_text(honest_part(text))), Usual())


def read_description(text: str) -> str:
    """A description as it should be read from such a feed."""
    return prose(bare(plain_text(honest_part(text))), Usual())


@dataclass(frozen=True)
class Written:
    """A product as it should be read, and the text that a feed holds for it."""

    product: Product
    title: str
    description: str


@st.composite
def written_product(draw: st.DrawFn, number: int, *, counted: bool) -> Written:
    """``counted``: the format states how many pieces there are, and what reviews say."""
    title = f"No. {number} {draw(ODD)} lamp"
    description = f"About it: {draw(ODD)}" if draw(st.booleans()) else ""
    path = draw(st.sampled_from([(), ("Home", "Lamps"), ("Home & Garden", "Éclairage", "Torches")]))
    stocks = st.one_of(st.none(), st.integers(0, 99)) if counted else st.sampled_from([None, 0])
    variants = []
    size = draw(st.integers(1, 3))
    for i in range(size):
        price = (
            draw(st.one_of(st.none(), st.integers(1, 10**7))) if i else draw(st.integers(1, 10**7))
        )
        reduced = price is not None and draw(st.booleans())
        variants.append(
            Variant(
                id=f"p{number}/ü{i}",
                options={"color": COLORS[i]},
                price=price,
                list_price=price + 100 if price is not None and reduced else None,
                stock=(stock := draw(stocks)),
                uncounted=stock is None,
                image=draw(st.sampled_from([None, f"https://lamp.example/{number}-{i}.jpg"])),
                url=draw(st.sampled_from([None, f"https://lamp.example/{number}?v={i}&x=1"])),
            )
        )
    shared = Product(
        id=f"group {number}" if size > 1 else variants[0].id,
        title=read_title(title),
        description=read_description(description),
        brand=draw(st.sampled_from([None, "Ömer & Söhne", "L'Or <3"])),
        category=path,
        type=singular(path[-1]) if path else None,
        currency=draw(st.sampled_from(CURRENCIES)),
        rating=draw(st.sampled_from([None, 3.5, 5.0])) if counted else None,
        review_count=draw(st.sampled_from([None, 0, 1234])) if counted else None,
        image=next((v.image for v in variants if v.image), None),
        url=next((v.url for v in variants if v.url), None),
        attributes={"material": "linen"},
    )
    product = shared.sold_as(variants)
    return Written(product if size > 1 else replace(product, variants=()), title, description)


def written_products(*, counted: bool) -> st.SearchStrategy[list[Written]]:
    """Some products, numbered."""
    return st.integers(1, 4).flatmap(
        lambda n: st.tuples(*(written_product(i, counted=counted) for i in range(n))).map(list)
    )


def major(minor: int, currency: str | None) -> str:
    """``(1999, "USD")`` → ``"19.99"``."""
    digits = exponent(currency)
    whole, rest = divmod(minor, 10**digits)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)
