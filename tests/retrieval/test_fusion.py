"""How the signals of relevance are weighed, and what leaving one out does."""

from __future__ import annotations

import pytest

from retrieval.fusion import FUSION, PARTS, WEIGHTS


def test_weights_sum_to_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)


@pytest.mark.parametrize("part", PARTS)
def test_leaving_a_part_out_changes_nothing_else(part: str) -> None:
    left = FUSION.without(part)
    if part == "feedback":
        assert (left.weights, left.feedback) == (WEIGHTS, 0)
    else:
        assert left.weights == {n: w for n, w in WEIGHTS.items() if n != part}
        assert left.feedback == FUSION.feedback
