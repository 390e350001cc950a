"""The audit of reasons: true ones pass, planted false ones of every kind are caught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.converse import Assistant, Shop
from assistant.evaluation.audit import SUPPORTED, UNREAD, UNSUPPORTED, Auditor
from assistant.reply import Difference, Reason, Reply
from catalog.product import Product
from retrieval.index import Index, build_index, open_index
from tests.assistant.shop import ANA
from tests.fakes import HashEmbedder

TALK = (
    "quiet kettle under 60, not white", "why not the Halden Grand?", "what is the difference between the first two",
    "how loud is the first one", "is the second one dishwasher safe", "add the first to my cart", "2 of the second please", "add 90 of the third to my cart",
    "how much would 3 of the first be", "what is in my cart", "cheaper",
    "wooden toys for a 3 year old", "yellow kettle under 10", "wool socks in size M", "something like the first one", "save the first one",
    "headphones with long battery life", "jeans waist 30, hopefully green", "jeans for men", "add one of the first to my cart",
    "start over", "something for the studio, for age 6",
    "start over", "kettle under 60", "why not the Brisa Retro", "kettle in size L, at most 100 dB", "why not the Brisa Retro",
)  # fmt: skip


@pytest.fixture(scope="module")
def quiet(corner: Index) -> Reply:
    return Assistant(Shop(corner, None, {}, 5.0)).reply("quiet kettle under 60, not white")


def _verdicts(corner: Index, reply: Reply, product: str = "") -> dict[str, str]:
    rows = Auditor(corner).audit(reply)
    return {row.text: row.verdict for row in rows if not product or row.product == product}


def _with_reason(reply: Reply, reason: Reason, at: int = 0) -> Reply:
    shown = list(reply.recommendations)
    shown[at] = replace(shown[at], reasons=(reason,))
    return replace(reply, recommendations=tuple(shown))


def test_all_that_is_said_in_a_long_conversation_is_read_and_true(corner: Index) -> None:
    shop = Assistant(Shop(corner, None, {ANA.id: ANA}, 5.0), ANA)
    auditor = Auditor(corner)
    auditor.begin(ANA)
    rows = [row for text in TALK for row in auditor.audit(shop.reply(text))]
    assert [(r.verdict, r.text, r.why) for r in rows if r.verdict != SUPPORTED] == []
    assert {r.kind for r in rows} == {"reason", "near_miss", "sentence", "cell"}
    assert len(rows) > 100


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("59 dB: 2nd quietest of the 7 that fit", {"noise": "58 dB"}),  # a wrong number
        ("58 dB", {"noise": "57 dB"}),  # evidence the record does not hold
        ("58 dB: 3rd quietest of the 7 that fit", {"noise": "58 dB"}),  # a wrong place
        ("58 dB: 2nd quietest of the 38 that fit", {"noise": "58 dB"}),  # a wrong count
        ("58 dB: 2nd loudest of the 7 that fit", {"noise": "58 dB"}),  # a wrong superlative
        ("$54.50, the cheapest of these six", {"price": "$54.50"}),
        ("58 dB, 3 dB quieter than Cove rapid kettle 1.7 l", {"noise": "59 dB"}),
        ("58 dB, 9 dB quieter than Cove rapid kettle 1.7 l", {"noise": "58 dB"}),  # a wrong gap
        ("By Halden, as you asked", {"brand": "Halden"}),  # a wrong name
        ("$9 under your $60 limit", {"price": "$54.50"}),  # a wrong gap to the limit
        ("$5.50 under your $70 limit", {"price": "$54.50"}),  # a wrong limit
        ("€5.50 under your €60 limit", {"price": "$54.50"}),  # a wrong currency
        ("Not white: red", {"color": "silver"}),  # a wrong value
        ("Not blue: silver", {"color": "silver"}),  # a refusal nobody made
        ("Keep warm, as you asked", {"keep_warm": "no"}),
        ("Rated 4.9 by 87 buyers", {"rating": 4.4, "review_count": 87}),
        ("Only 2 left", {"stock": 3}),
        ("Reduced from $90 to $54.50", {"price": "$54.50"}),
        ("The listing says “Whisper quiet at full boil”", {"description": "Brushed body, wide lid."}),  # a quote not in it
        ("Its name says “Whisper”", {"title": "Brisa"}),
        ("Colour silver, unlike the other nine here", {"color": "silver"}),
        ("You bought it on 4 May 2025", {"order": "2025-05-04"}),
        ("$5.50 under your $60 limit", {}),  # true, and proved by nothing
    ],
)  # fmt: skip
def test_a_planted_falsehood_is_caught(
    corner: Index, quiet: Reply, text: str, evidence: dict[str, object]
) -> None:
    at = next(n for n, r in enumerate(quiet.recommendations) if r.product.id == "k2")
    planted = _with_reason(quiet, Reason(text, evidence), at)
    assert _verdicts(corner, planted, "k2")[text] != SUPPORTED


def test_what_cannot_be_read_is_not_passed(corner: Index, quiet: Reply) -> None:
    text = "Loved by bakers everywhere in Tuscany"
    at = next(n for n, r in enumerate(quiet.recommendations) if r.product.id == "k2")
    planted = _with_reason(quiet, Reason(text, {"brand": "Brisa"}), at)
    assert _verdicts(corner, planted, "k2")[text] in (UNREAD, UNSUPPORTED)


@pytest.mark.parametrize(
    "text",
    [
        "99 kettles fit: up to $60, not white.",
        "Brisa steel kettle 1.7 l: 12 dB, the quietest of the 5 that state it.",
        "It is also the slowest of these five: $54.50.",
        "Brisa steel kettle 1.7 l: noise 12 dB.",
        "The listing for Brisa steel kettle 1.7 l doesn't say anything about noise.",
        "The listings for Brisa steel kettle 1.7 l and Brisa steel kettle 1.7 l don't say anything about noise.",
        "Keep warm: Brisa steel kettle 1.7 l.",
        "Brisa steel kettle 1.7 l fits and comes in place 9 of 99.",
        "Brisa steel kettle 1.7 l is here, in place 77.",
        "Brisa Retro kettle: price not stated; no listing states all you asked.",
        "7 in the cart, $12 together.",
    ],
)
def test_a_false_sentence_is_caught(corner: Index, quiet: Reply, text: str) -> None:
    verdicts: Sequence[str] = [
        row.verdict
        for row in Auditor(corner).audit(replace(quiet, text=text))
        if row.kind == "sentence"
    ]
    assert verdicts and SUPPORTED not in verdicts


def test_listings_of_one_product_are_counted_as_such_and_counted_again(tmp_path: Path) -> None:
    def lamp(id: str, color: str, price: int) -> Product:
        colored = {"color": color}
        return Product(id, "Tarn desk lamp", type="desk lamp", price=price, currency="USD", attributes=colored)  # fmt: skip

    feed = [lamp("a", "red", 900), lamp("b", "red", 800), lamp("c", "blue", 900), lamp("d", "blue", 7_000)]  # fmt: skip
    build_index("lamps", feed, embedder=HashEmbedder(), source="x", home=tmp_path)
    with open_index("lamps", home=tmp_path, embedder=HashEmbedder()) as index:
        shop = Assistant(Shop(index, None, {}, 5.0))
        reply = shop.reply("desk lamp under $50")
        told = "Two desk lamps fit: up to $50."
        assert reply.text.startswith(told)
        assert _verdicts(index, reply)[told] == SUPPORTED
        for wrong in (told.replace("Two", "Three"), told.replace("Two", "One")):
            assert _verdicts(index, replace(reply, text=wrong))[wrong] == UNSUPPORTED
        one = shop.reply("red ones")
        assert one.text.startswith("One desk lamp fits")
        assert UNSUPPORTED not in _verdicts(index, one).values()


def test_a_false_cell_or_near_miss_is_caught(corner: Index, quiet: Reply) -> None:
    first = quiet.recommendations[0]
    head = Difference("", (first.product.title,))
    table = replace(quiet, differences=(head, Difference("noise", ("12 dB",))))
    assert _verdicts(corner, table)["noise: 12 dB"] == UNSUPPORTED
    shop = Assistant(Shop(corner, None, {}, 5.0))
    nothing = shop.reply("socks in size XL under 10")
    near = nothing.near_misses[0]
    assert _verdicts(corner, nothing)[near.near_miss[0]] == SUPPORTED
    lied = replace(near, near_miss=("$1 over your $10 limit",))
    assert (
        _verdicts(corner, replace(nothing, near_misses=(lied,)))["$1 over your $10 limit"]
        == UNSUPPORTED
    )
