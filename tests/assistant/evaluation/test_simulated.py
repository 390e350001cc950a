"""The simulated shopper says only what is true, and gets to its target or gives up."""

from __future__ import annotations

from assistant.evaluation.metrics import as_json, estimates
from assistant.evaluation.runner import Stage
from assistant.evaluation.simulated import (
    MAX_TURNS,
    Session,
    Walk,
    choose_errands,
    compare_questions,
    facts_of,
    simulate,
    title_facts,
    walk,
)
from catalog.verdict import Verdict, judge
from retrieval.index import Index
from tests.assistant.shop import corner_shop


def silent(stage: str, done: int, total: int | None) -> None:
    pass


def test_every_fact_is_true_of_its_product() -> None:
    told = 0
    for product in corner_shop():
        for fact in (*facts_of(product), *title_facts(product)):
            assert judge(product, fact.demand) is Verdict.MATCH, (product.id, fact)
            told += 1
    assert told > 100


def test_a_session_opens_with_what_leaves_most_open(corner: Index) -> None:
    errands = choose_errands(corner, 50, "seed")
    assert errands == choose_errands(corner, 50, "seed")
    assert {e.target.type for e in errands} == {"kettle"}, "the only type with more than are shown"
    for errand in errands:
        demands = [f.demand for f in errand.opening]
        assert len(corner.matching(demands)) > 6
        assert not set(errand.opening) & set(errand.others)


def test_a_walk_ends_at_the_target_and_is_the_same_again(stage: Stage, corner: Index) -> None:
    for errand in choose_errands(corner, 3, "seed"):
        walks = [walk(stage.converse(), errand, "seed", answers=True) for _ in range(2)]
        assert walks[0] == walks[1]
        assert walks[0].found and walks[0].turns == len(walks[0].said) <= MAX_TURNS
        assert walks[0].error is None


def test_a_question_is_answered_from_the_record_or_not_at_all(stage: Stage, corner: Index) -> None:
    from assistant.evaluation.simulated import _answer

    talk = stage.converse()
    question = talk.reply("kettle").question
    assert question is not None and talk.meanings
    for product in corner_shop():
        if product.type != "kettle":
            continue
        said = _answer(talk, question.field, product)
        meaning = talk.meanings.get(said)
        held = product.attributes.get(question.field) or getattr(product, question.field, None)
        if meaning is not None:
            assert judge(product, meaning) is Verdict.MATCH
        else:
            assert held is None or said not in talk.meanings


def test_what_questions_save_is_the_difference_of_two_walks() -> None:
    def session(n: int, with_answers: int, without: int) -> Session:
        def one(turns: int) -> Walk:
            return Walk(turns, turns <= MAX_TURNS, 1, False, ("x",) * min(turns, MAX_TURNS))

        return Session(str(n), "corner", "kettle", one(with_answers), one(without))

    sessions = [session(0, 2, 4), session(1, 1, 1), session(2, 3, MAX_TURNS + 1)]
    record = as_json(estimates(compare_questions(sessions), 3))
    assert record["turns_to_target"] == 2.0
    assert record["turns_saved_by_questions"] == round((2 + 0 + 6) / 3, 4)
    assert (record["success_rate"], record["success_rate_ignoring_questions"]) == (1.0, 0.6667)


def test_sessions_are_reported_one_by_one(stage: Stage) -> None:
    sessions = simulate(stage, "corner", 2, "dev", silent)
    assert [s.catalog for s in sessions] == ["corner", "corner"]
    assert sessions == simulate(stage, "corner", 2, "dev", silent)
    other = simulate(stage, "corner", 2, "test", silent)
    assert [s.answering.said for s in other] != [s.answering.said for s in sessions]
