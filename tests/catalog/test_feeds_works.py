"""Pages of shops that sell books and tickets: schema.org has no Product among their types."""

from __future__ import annotations

import json
from pathlib import Path

from catalog.feeds import read_feed


def test_books_and_tickets_that_are_offered_are_products(tmp_path: Path) -> None:
    offer = {"@type": "Offer", "price": "9.99", "priceCurrency": "USD", "availability": "InStock"}
    graph = [
        {"@type": "Book", "name": "Dune", "isbn": "9780441172719", "offers": offer},
        {"@type": "MusicEvent", "name": "Jazz Night", "sku": "T1", "offers": {**offer, "price": 30}},
        {"@type": "Offer", "price": 5, "priceCurrency": "USD",
         "itemOffered": {"@type": "Audiobook", "name": "Dune, read aloud", "sku": "A1"}},
        {"@type": "Book", "name": "A book the page only speaks of"},
        {"@type": "Organization", "name": "Bookshop", "offers": offer},
    ]  # fmt: skip
    page = json.dumps({"@context": "https://schema.org", "@graph": graph})
    path = tmp_path / "dune.html"
    path.write_text(f'<html><script type="application/ld+json">{page}</script></html>', "utf-8")
    assert [(p.id, p.title, p.price, p.currency) for p in read_feed(path)] == [
        ("9780441172719", "Dune", 999, "USD"),
        ("T1", "Jazz Night", 3_000, "USD"),
        ("A1", "Dune, read aloud", 500, "USD"),
    ]
