"""Products whose variants lie inside them: one object → a record for every variant."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, Final

from catalog.feeds.ids import digest, group_id
from catalog.feeds.mapping import guess, normalised
from catalog.feeds.record import Problem, Record, flatten
from catalog.feeds.stock import pieces
from catalog.feeds.variants import MAX_VARIANTS

_VARIANTS: Final = frozenset(
    {"variants", "variations", "product variants", "skus", "varianten", "variantes", "varianti"}
)
_SHARED: Final = frozenset({"title", "description", "brand", "type", "category", "rating"})


def as_records(line: int, value: Any) -> Generator[Record, None, None]:
    """The records an object makes: its own, or those of its variants, one group of the object's
    id. What a variant states counts before what the product states; the product's name stays.

    Anything but an object is refused, and so are variants beyond :data:`MAX_VARIANTS`.
    """
    if not isinstance(value, Mapping):
        message = f"a {type(value).__name__} where a product object should be"
        yield Record(line, {}, Problem("refused", "not an object", message))
        return
    key = next((k for k, v in value.items() if _holds_variants(k, v)), None)
    if key is None:
        yield Record(line, flatten(value))
        return
    variants = value[key]
    product = flatten({k: v for k, v in value.items() if k != key})
    named = _option_names(value)
    fields = guess(product)
    ids = fields.get("id", ("id",))
    first_title = next((str(product[c]) for c in fields.get("title", ())), "")
    group = group_id(product.get(ids[0])) or digest(first_title)
    for number, variant in enumerate(variants[:MAX_VARIANTS], start=1):
        own = flatten({named.get(normalised(str(k)), k): v for k, v in variant.items()})
        stated = guess(own)
        hidden = {c for name in _SHARED & stated.keys() & fields.keys() for c in stated[name]}
        own = {c: v for c, v in own.items() if c not in hidden and v is not None}
        id = next((own[c] for c in stated.get("id", ()) if own.get(c) not in (None, "")), None)
        values = {c: v for c, v in product.items() if c not in _replaced(product, fields, stated)}
        values |= own
        values[ids[0]] = f"{group}:{number}" if id is None else id
        yield Record(line, values, group=group)
    if len(variants) > MAX_VARIANTS:
        message = f"product {group[:40]!r} has more than {MAX_VARIANTS:,} variants"
        yield Record(line, {}, Problem("refused", "too many variants", message))


def _holds_variants(key: Any, held: Any) -> bool:
    listed = isinstance(held, list) and bool(held) and all(isinstance(v, Mapping) for v in held)
    return listed and normalised(str(key)) in _VARIANTS


def _option_names(value: Mapping[Any, Any]) -> dict[str, str]:
    """``option1`` → what the product's list of options calls it, as Shopify writes them."""
    options = value.get("options")
    names = (
        [o.get("name") for o in options if isinstance(o, Mapping)]
        if isinstance(options, list)
        else []
    )
    return {
        f"option{n}": f"options.{name}" for n, name in enumerate(names, 1) if isinstance(name, str)
    }


def _replaced(
    product: Mapping[str, Any],
    fields: Mapping[str, tuple[str, ...]],
    stated: Mapping[str, tuple[str, ...]],
) -> set[str]:
    """The product's columns that say nothing of a variant, by what the variant states itself."""
    names = {"id", "url"} & fields.keys() & stated.keys()
    if "price" in stated:
        names |= {"price", "list_price"}
    # That there are some of all together does not say of which.
    if "stock" in stated or any(
        pieces(c, str(product.get(c)).strip(), flag=False).there for c in fields.get("stock", ())
    ):
        names.add("stock")
    return {c for name in names for c in fields.get(name, ())}
