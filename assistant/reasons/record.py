"""What speaks for a product whatever was asked: its ratings, its reduction, and the shopper's past."""

from __future__ import annotations

from typing import Final

from assistant.phrasing import field_text, short_price
from assistant.reasons.shown import Shown
from assistant.reply import Reason
from assistant.shopper import Shopper
from catalog.product import Product

_GOOD_RATING: Final = 4.0
_ENOUGH_REVIEWS: Final = 5


def personal(product: Product, shopper: Shopper | None) -> list[Reason]:
    """What the shopper did with a product before, with what has changed since."""
    if shopper is None:
        return []
    made = []
    saved = shopper.saved(product.id)
    if (
        saved is not None
        and saved.price
        and product.price is not None
        and product.price < saved.price
    ):
        drop = short_price(saved.price - product.price, product.currency)
        text = f"On your wishlist, and {drop} cheaper than when you saved it"
        made.append(
            Reason(
                text,
                {
                    "price": field_text(product, "price"),
                    "saved_price": short_price(saved.price, product.currency),
                },
            )
        )
    elif saved is not None:
        made.append(Reason("On your wishlist", {"wishlist": saved.on.isoformat()}))
    bought = shopper.last_purchase(product.id)
    if bought is not None:
        made.append(
            Reason(f"You bought it on {bought.on:%-d %B %Y}", {"order": bought.on.isoformat()})
        )
    return made


def merits(product: Product, shown: Shown) -> list[Reason]:
    """A good rating that enough buyers gave, and a reduction."""
    made = []
    if (
        product.rating is not None
        and product.rating >= _GOOD_RATING
        and (product.review_count or 0) >= _ENOUGH_REVIEWS
    ):
        place = shown.extreme(product, "rating", 1)
        text = f"Rated {product.rating:g} by {product.review_count:,} buyers"
        text += f", the {place}" if place else ""
        made.append(Reason(text, {"rating": product.rating, "review_count": product.review_count}))
    if product.price is not None and product.list_price and product.list_price > product.price:
        was, now = (short_price(m, product.currency) for m in (product.list_price, product.price))
        made.append(Reason(f"Reduced from {was} to {now}", {"list_price": was, "price": now}))
    return made
