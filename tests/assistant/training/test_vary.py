"""Examples in other words: the line still says what the utterance says."""

from __future__ import annotations

import random

from assistant.compact import check_line, parse_line
from assistant.training.data import by_hand
from assistant.training.example import Example
from assistant.training.vary import values_of, varied


def test_every_varied_example_by_hand_still_fits_its_line() -> None:
    examples = by_hand()[:600]
    values, chance = values_of(examples), random.Random(3)
    changed = 0
    for example in examples:
        other = varied(example, values, chance)
        line, before = parse_line(other.line), parse_line(example.line)
        assert check_line(other.utterance, line) is None
        assert other.topic == example.topic
        assert line.act == before.act
        kinds = [(s.label, s.sign, s.negative, s.soft) for s in line.slots]
        assert kinds == [(s.label, s.sign, s.negative, s.soft) for s in before.slots]
        changed += other != example
    assert changed > len(examples) / 4


def test_values_are_exchanged_for_others_of_their_kind_only() -> None:
    values = values_of(
        [
            Example("a red kettle", "want color=red; item=kettle"),
            Example("blue boots", "want color=blue; item=boots"),
        ]
    )
    seen = {
        varied(Example("Teal lamp", "want color=Teal; item=lamp"), values, random.Random(n)).line
        for n in range(200)
    }
    assert "want color=Red; item=kettle" in seen or "want color=Blue; item=kettle" in seen
    assert not any("boots" in line for line in seen)  # a plural stands for plurals


def test_the_same_seed_varies_the_same() -> None:
    examples = by_hand()[:50]
    values = values_of(examples)
    one, other = (
        [varied(e, values, chance) for e in examples]
        for chance in (random.Random(1), random.Random(1))
    )
    assert one == other
