"""What the words of an utterance name that was not marked."""

from __future__ import annotations

import pytest

from assistant.compact import parse_line
from assistant.unmarked import with_unmarked
from catalog.product import Product
from retrieval.vocabulary import Vocabulary

SHOP = Vocabulary.build(
    Product(str(n), title, type=kind)
    for n, (title, kind) in enumerate(
        [("Wall Clock", "clock"), ("Oak Mug", "mug"), ("Knitting Bag", "bag"), ("Scarf", "scarf")]
    )
)


@pytest.mark.parametrize(
    ("said", "marked", "amended"),
    [
        ("under 20, and she's got enough clocks", "want price<=20", "want price<=20; not item=clocks"),
        ("he has plenty of mugs already", "want", "want not item=mugs"),
        ("not a scarf. she loves knitting", "want not item=scarf", "want not item=scarf; wish=loves knitting"),
        ("my dad collects old maps, under 30", "want price<=30", "want wish=collects old maps; price<=30"),
        ("a scarf, I'm a woman", "want item=scarf", "want item=scarf; gender=woman"),
        # marked already, pointing at nothing, unknown here, or no wanting at all
        ("she likes knitting", "want wish=knitting", "want wish=knitting"),
        ("he's got enough of those", "want", "want"),
        ("she has got enough troubles", "want", "want"),
        ("my mum likes it", "chat", "chat"),
        ("I have enough time", "want", "want"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_person_is_read_though_it_was_not_marked(
    said: str, marked: str, amended: str
) -> None:
    assert with_unmarked(parse_line(marked), said, SHOP).written() == amended
