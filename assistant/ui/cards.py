"""What the page shows of a reply, as HTML: cards, chips, lists, comparisons.

Pure functions. Every word of a seller or a shopper is escaped; the only URL that
gets through is an http(s) picture. The result is inserted as HTML by the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final
from urllib.parse import urlsplit

from assistant.moment import Chip
from assistant.phrasing import price_text
from assistant.reply import Difference, Reason, Recommendation, Reply
from assistant.ui.pictures import drawing
from catalog.money import format_price
from catalog.product import Product
from catalog.text import clean

MAX_REASONS: Final = 3
CHIP_CHARS: Final = 80
_TITLE_CHARS: Final = 200
_LINE_CHARS: Final = 280

_HEART = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 20S4 15 4 9a4.200 4.200 0 0 1 8-1.800A4.200 4.200 0 0 1 20 9c0 6-8 11-8 11z"/></svg>'
_CART = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 4h3l2 11h10l2.500-8H7"/><circle cx="9.500" cy="19" r="1.400"/><circle cx="17" cy="19" r="1.400"/></svg>'


def plain_text(text: str, limit: int = _LINE_CHARS) -> str:
    """One line of untrusted text without control characters, cut to ``limit`` characters."""
    line = " ".join(clean(text[: 4 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def safe_text(text: str, limit: int = _LINE_CHARS) -> str:
    """:func:`plain_text` escaped for element content and attributes."""
    return escape(plain_text(text, limit), quote=True)


def safe_image(url: str | None) -> str | None:
    """The URL escaped for an attribute when it is plain http(s) with a host, else None."""
    if not url or len(url) > 2000 or not all(c.isprintable() and c != " " for c in url.strip()):
        return None
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    return escape(url.strip(), quote=True)


def _key(product_id: str) -> str:
    """An id as an attribute that comes back from a click unchanged."""
    return escape(product_id.encode("utf-8", "replace").decode(), quote=True)


def picture(product: Product) -> str:
    """The seller's picture over a drawing, which stays visible when the picture does not load."""
    source = safe_image(product.image)
    photo = (
        f'<img src="{source}" alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer">'
        if source
        else ""
    )
    return f'<div class="sm-picture">{drawing(product)}{photo}</div>'


def price_line(product: Product) -> str:
    """Price, with the list price struck through and the reduction when there is one."""
    if product.price is None:
        return '<p class="sm-price sm-none">price not stated</p>'
    shown = price_text(product)
    now = f"<b>{escape(shown)}</b>"
    reduced = product.list_price is not None and product.list_price > product.price
    if product.list_price is None or not reduced or shown.startswith("from "):
        return f'<p class="sm-price">{now}</p>'
    before = escape(format_price(product.list_price, product.currency))
    percent = round(100 * (product.list_price - product.price) / product.list_price)
    cut = f' <span class="sm-cut">−{percent}%</span>' if percent else ""
    return (
        f'<p class="sm-price">{now} <s><span class="sm-sr">instead of </span>{before}</s>{cut}</p>'
    )


def rating_line(product: Product) -> str:
    """Stars and the number of reviews; empty when the shop has no rating."""
    if product.rating is None:
        return ""
    score = min(5.0, max(0.0, product.rating))
    reviews, said = "", ""
    if product.review_count is not None:
        plural = "" if product.review_count == 1 else "s"
        reviews = f' <span aria-hidden="true">({product.review_count:,})</span>'
        said = f", {product.review_count:,} review{plural}"
    return (
        f'<p class="sm-rating"><span class="sm-sr">{score:.1f} out of 5{said}</span>'
        f'<span class="sm-stars" aria-hidden="true" style="--score:{20 * score:.0f}%">★★★★★</span>'
        f' <span aria-hidden="true">{score:.1f}</span>{reviews}</p>'
    )


def reason_list(reasons: Sequence[Reason]) -> str:
    """At most three reasons."""
    items = "".join(
        f'<li class="sm-{"said" if r.source == "model" else "shown"}">{safe_text(r.text)}</li>'
        for r in reasons[:MAX_REASONS]
        if r.text.strip()
    )
    return f'<ul class="sm-reasons">{items}</ul>' if items else ""


def card(rec: Recommendation, *, saved: bool = False, near: bool = False) -> str:
    """One product; a ``near`` miss is drawn paler, above what it breaks."""
    product = rec.product
    title = safe_text(product.title, _TITLE_CHARS) or "untitled"
    rank = f'<span class="sm-rank"><span class="sm-sr">number </span>{rec.rank}</span>'
    notes = [w if " " in w else f"{w.replace('_', ' ')} not stated" for w in rec.unknown]
    if product.price is None:
        notes = [n for n in notes if not n.startswith("price ")]
    if product.stock == 0:
        notes.insert(0, "sold out")
    labels = "".join(f"<li>{safe_text(n, 80)}</li>" for n in notes)
    breaks = "".join(f"<li>{safe_text(n, 120)}</li>" for n in rec.near_miss)
    brand = f'<p class="sm-brand">{safe_text(product.brand, 60)}</p>' if product.brand else ""
    return (
        f'<li class="sm-card{" sm-near" if near else ""}" data-id="{_key(product.id)}">'
        f"{picture(product)}{rank}"
        f'<div class="sm-body">{brand}<h3 title="{title}">{title}</h3>'
        f"{price_line(product)}{rating_line(product)}"
        + (f'<ul class="sm-breaks">{breaks}</ul>' if breaks else "")
        + (f'<ul class="sm-unknown">{labels}</ul>' if labels else "")
        + reason_list(rec.reasons)
        + _buttons(product, title, saved=saved)
        + "</div></li>"
    )


def _buttons(product: Product, title: str, *, saved: bool) -> str:
    item = _key(product.id)
    keep = "Saved" if saved else "Save"
    return (
        f'<div class="sm-do"><button type="button" data-act="save" data-item="{item}"'
        f' aria-label="{keep}: {title}"{" disabled" if saved else ""}>{_HEART}{keep}</button>'
        f'<button type="button" data-act="cart" data-item="{item}"'
        f' aria-label="Add to cart: {title}">{_CART}Add</button></div>'
    )


def chip_row(chips: Sequence[Chip]) -> str:
    """The active constraints and the sort, each with a cross that drops it."""
    items = []
    for chip in chips:
        label = safe_text(chip.label, CHIP_CHARS)
        kind = "sm-sort" if chip.constraint is None else "" if chip.hard else "sm-wish"
        cross = (
            f'<button type="button" data-drop="{label}" aria-label="Remove {label}"'
            ' title="Remove">✕</button>'
        )
        items.append(f'<li class="sm-chip {kind}"><span>{label}</span>{cross}</li>')
    return f'<ul class="sm-chips" aria-label="What you asked for">{"".join(items)}</ul>'


def shelf(
    reply: Reply | None,
    chips: Sequence[Chip] = (),
    *,
    status: str = "",
    saved: Sequence[str] = (),
    parity: int = 0,
) -> str:
    """The right-hand side. ``parity`` changes from list to list so that new cards fade in once."""
    if reply is None or not (chips or reply.recommendations or reply.near_misses):
        return (
            '<section class="sm-shelf sm-idle"><div class="sm-empty">'
            f"{_shelf_drawing()}<p>What you are looking for shows up here.</p></div></section>"
        )
    found, near = reply.recommendations, reply.near_misses
    parts = [chip_row(chips) if chips else "", _heading(reply, status)]
    if found:
        cards = "".join(card(r, saved=r.product.id in saved) for r in found)
        parts.append(f'<ol class="sm-grid sm-fade{parity % 2}">{cards}</ol>')
    if near:
        cards = "".join(card(r, saved=r.product.id in saved, near=True) for r in near)
        parts.append(
            '<h2 class="sm-close">Close, but not quite</h2>'
            f'<ol class="sm-grid sm-fade{parity % 2}">{cards}</ol>'
        )
    return f'<section class="sm-shelf" aria-label="Products">{"".join(parts)}</section>'


def _heading(reply: Reply, status: str) -> str:
    shown = len(reply.recommendations)
    fits = sum(not r.unknown for r in reply.recommendations)
    if not shown:
        count = "Nothing fits all of that."
    elif reply.matching > shown > fits:
        count = f"{shown} items, {fits} of the {reply.matching:,} that fit"
    elif reply.matching > shown:
        count = f"{shown} of {reply.matching:,} that fit"
    else:
        count = f"{shown} item{'' if shown == 1 else 's'}"
    # The live region says how many and the first; reading out every card would be noise.
    first = f". First: {safe_text(reply.recommendations[0].product.title, 80)}" if shown else ""
    return (
        f'<div class="sm-head"><p class="sm-count">{count}</p>'
        f'<p class="sm-status" data-busy="{"yes" if status else "no"}">{escape(status)}</p>'
        f'<p class="sm-sr" role="status" aria-live="polite">{count}{first}</p></div>'
    )


def _shelf_drawing() -> str:
    return (
        '<svg class="sm-shelves" viewBox="0 0 160 96" aria-hidden="true">'
        '<path d="M10 44h140M10 88h140"/><path d="M24 44V22h18v22M52 44V14h12v30M76 44l4-20h16l4 20'
        'M114 44a14 14 0 0 1 28 0M20 88V66h26v22M58 88a9 9 0 0 1 18 0M90 88V60h14v28M116 88l6-26h14l6 26"/>'
        "</svg>"
    )


def basket(saved: Sequence[str], cart: Sequence[str], products: Mapping[str, Product]) -> str:
    """Two counters in the top bar, each opening a small list. ``products`` are those seen so far."""
    return (
        '<div class="sm-basket">'
        + _counter("saved", "Saved", _HEART, saved, products)
        + _counter("cart", "Cart", _CART, cart, products)
        + "</div>"
    )


def _counter(
    name: str,
    label: str,
    sign: str,
    ids: Sequence[str],
    products: Mapping[str, Product],
) -> str:
    rows = []
    for item in dict.fromkeys(ids):
        product = products.get(item)
        title = safe_text(product.title if product else item, 90)
        price = ""
        if product is not None and product.price is not None:
            price = escape(format_price(product.price, product.currency))
        times = list(ids).count(item)
        many = f" <small>× {times}</small>" if times > 1 else ""
        rows.append(f"<li><span>{title}{many}</span><b>{price}</b></li>")
    listing = f"<ul>{''.join(rows)}</ul>" if rows else "<p>Nothing yet.</p>"
    target = f"sm-{name}"
    return (
        f'<button type="button" class="sm-counter" popovertarget="{target}"'
        f' aria-label="{label}: {len(ids)}">{sign}<span>{label}</span> <b>{len(ids)}</b></button>'
        f'<div class="sm-list" id="{target}" popover><h2>{label}</h2>{listing}</div>'
    )


def comparison(differences: Sequence[Difference], compared: Sequence[Recommendation]) -> str:
    """What differs, as a table: one row a field, one column a product.

    A first row without a label holds the products' titles; ``compared`` numbers them.
    """
    if not differences:
        return ""
    width = max(len(d.values) for d in differences)
    titles: tuple[str, ...] = ("",) * width
    if not differences[0].label:
        titles, differences = differences[0].values, differences[1:]
    ranks = {r.product.title: r.rank for r in reversed(compared)}
    top = "".join(f'<th scope="col">{_column_head(t, ranks.get(t))}</th>' for t in titles)
    rows = "".join(
        f'<tr><th scope="row">{safe_text(d.label, 60)}</th>'
        + "".join(
            f"<td>{safe_text(v, 120) or '<span>not stated</span>'}</td>"
            for v in (*d.values, *[""] * (width - len(d.values)))
        )
        + "</tr>"
        for d in differences
    )
    return (
        '<div class="sm-compare" role="region" aria-label="What differs" tabindex="0"><table>'
        f"<thead><tr><td></td>{top}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _column_head(title: str, rank: int | None) -> str:
    number = f"<i>{rank}</i> " if rank is not None else ""
    return f"{number}{safe_text(title, 60)}"
