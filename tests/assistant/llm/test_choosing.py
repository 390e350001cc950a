from collections.abc import Sequence

import pytest

from assistant.llm.choosing import choose_along, first_difference

END = 99
# The next token's weight after what was written, as a model would give it.
WEIGHTS = {(): {1: 6.0, 2: 2.0}, (1,): {3: 1.0, 4: 1.0, END: 2.0}, (2,): {5: 1.0}}


def weigh(written: tuple[int, ...], allowed: Sequence[int]) -> list[float]:
    return [WEIGHTS[written].get(token, 0.0) for token in allowed]


@pytest.mark.parametrize(
    ("paths", "probabilities"),
    [
        ([(1,), (2,)], [0.75, 0.25]),
        ([(1, 3), (1, 4), (2, 5)], [0.375, 0.375, 0.25]),
        ([(1,), (1, 3), (2,)], [0.75 * 2 / 3, 0.75 / 3, 0.25]),
        ([(2,), (2,), (1,)], [0.125, 0.125, 0.75]),
        ([(2, 5)], [1.0]),
        ([(1, 7), (1, 8)], [0.5, 0.5]),
        ([], []),
    ],
)
def test_each_path_gets_the_probability_of_its_branches(
    paths: list[tuple[int, ...]], probabilities: list[float]
) -> None:
    assert choose_along(paths, lambda: END, weigh) == pytest.approx(probabilities)


def test_the_model_is_asked_only_where_paths_part() -> None:
    asked: list[tuple[int, ...]] = []

    def counting(written: tuple[int, ...], allowed: Sequence[int]) -> list[float]:
        asked.append(written)
        return [1.0] * len(allowed)

    choose_along([(1, 2, 3, 4), (1, 2, 3, 5)], lambda: END, counting)
    assert asked == [(1, 2, 3)]


@pytest.mark.parametrize(
    ("one", "other", "at"), [([1, 2], [1, 3], 1), ([1], [1, 2], 1), ([], [], 0)]
)
def test_first_difference(one: list[int], other: list[int], at: int) -> None:
    assert first_difference(one, other) == at
