"""Two readings of one utterance made one: each rule by itself, and what must hold whatever is read."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import reconcile
from assistant.compact import ACTS, COMPARED, LABELS, Line, Slot, parse_line
from assistant.demands import in_named_field
from assistant.intent import RULES, Act, Constraint, Intent, Op, Sort
from assistant.moment import Moment
from assistant.reconcile import reconciled
from assistant.understand import understand
from catalog.product import Measure, Product
from retrieval.vocabulary import Vocabulary
from tests.assistant.reading import constraints, folded, references, table


def both(said: str, line: str, words: Vocabulary | None, before: str = "") -> Intent:
    """The reading of ``said`` by the reader and by a model that wrote ``line``."""
    moment = folded(before, words) if before else Moment()
    return reconciled(understand(said, moment, words), parse_line(line), words, moment)


def test_the_rules_in_the_table_are_those_that_are_counted() -> None:
    assert reconcile.__doc__
    named = re.findall(r"^(\w+) {2,}\S", reconcile.__doc__, re.MULTILINE)
    assert set(named) - {"rule"} == set(RULES)


AGREED = "quiet kettle under $60, not red"


def test_where_both_agree_no_rule_is_needed(words: Vocabulary) -> None:
    found = both(AGREED, "want wish=quiet; item=kettle; price<=$60; not color=red", words)
    assert constraints(found) == table(
        "type = kettle; price <= 6000 USD; color != red; wish contains quiet?"
    )
    assert (found.act, found.resolved, found.source) == (Act.SEARCH, (), "reader+model")


def test_a_lone_to_is_no_wish(words: Vocabulary) -> None:
    found = both("a kettle to wake up to", "want item=kettle; wish=to; wish=wake up to", words)
    assert constraints(found) == table("type = kettle; wish contains wake up to?")


# one test a rule


@pytest.mark.parametrize(
    ("said", "line", "type_"),
    [
        ("kettle under $60", "want price<=$60", "kettle"),
        ("a toaster, max 40", "want price<=40", "toaster"),
        ("bag up to 60", "want price<=60", "bag"),
        ("satchel bag up to 60", "want measure>=60", "satchel bag"),
        ("my kettle broke, under 60 please", "want price<=60", None),
        ("under 60 for a kettle", "want price<=60", None),
        ("something under 60", "want price<=60", None),
    ],
)
def test_begun_a_thing_and_its_limit_want_the_thing(
    words: Vocabulary, said: str, line: str, type_: str | None
) -> None:
    found = both(said, line, words)
    named = [c.words[0] for c in found.constraints if c.field == "type"]
    assert named == ([type_] if type_ else [])
    assert ("begun" in found.resolved) == (type_ is not None)


def test_begun_what_stands_right_before_a_thing_is_said_of_that_thing(words: Vocabulary) -> None:
    for topic in ("", "toaster"):
        found = both("steel kettle, no whistle", "want material=steel; not feature=whistle", words, *filter(None, (topic,)))  # fmt: skip
        assert "type = kettle" in constraints(found) and "begun" in found.resolved
    apart = both("steel, for the old kettle", "want material=steel", words, "toaster")
    assert not any(c.startswith("type") for c in constraints(apart))


def test_act_what_is_done_is_what_the_model_says(words: Vocabulary) -> None:
    alone = understand("the second one is for me", folded("kettle", words), words)
    assert alone.act is not Act.ADD_TO_CART
    found = both("the second one is for me", "add ref=the second one", words, "kettle")
    assert (found.act, references(found), found.constraints) == (
        Act.ADD_TO_CART, ["position 2"], (),
    )  # fmt: skip
    assert found.resolved == ("act",)


@pytest.mark.parametrize(
    "said", ["what have i picked up by now", "run me through what i put aside", "how deep am i in"]
)
def test_a_look_at_the_cart_needs_no_word_for_it(said: str, words: Vocabulary) -> None:
    assert both(said, "review", words, "kettle").act is Act.REVIEW


@pytest.mark.parametrize(
    ("said", "line", "demands", "cleared"),
    [
        ("just the red ones, and drop the budget", "add ref=the red ones; field=budget", "color = red", ("price",)),
        ("get rid of the price limit", "remove ref=the price limit", "", ("price",)),
        ("only those in red, thanks", "want not color=red", "color = red", ()),
        ("steel then. which do you have?", "review", "material = steel", ()),
        ("have you got that in a bag?", "review", "type contains bag", ()),
    ],
)  # fmt: skip
def test_act_a_filter_or_a_demand_taken_back_is_no_order(
    words: Vocabulary, said: str, line: str, demands: str, cleared: tuple[str, ...]
) -> None:
    found = both(said, line, words, "kettle under $60")
    assert found.act in (Act.REFINE, Act.CLEAR, Act.SEARCH)
    assert (constraints(found), found.cleared) == (table(demands) if demands else [], cleared)


def test_act_so_many_of_a_kind_are_ordered_not_demanded(words: Vocabulary) -> None:
    for line in ("want measure=3; item=kettle", "want measure=3"):
        found = both("make that 3 of the kettle", line, words, "kettle")
        assert (found.act, references(found)) == (Act.ADD_TO_CART, ["match kettle"])


def test_act_one_pointed_at_is_still_ordered(words: Vocabulary) -> None:
    for said, line, act in (
        ("only the red one then, into my cart", "add ref=the red one", Act.ADD_TO_CART),
        ("I'll take only the red ones", "add ref=the red ones", Act.ADD_TO_CART),
        ("get rid of the second", "remove ref=the second", Act.REMOVE_FROM_CART),
        ("not only those in red", "want not color=red", Act.REFINE),
    ):
        found = both(said, line, words, "kettle")
        assert found.act is act
        assert constraints(found) == (table("color != red") if act is Act.REFINE else [])


@pytest.mark.parametrize(
    ("said", "line", "gone"),
    [
        ("take the blue one out but leave the first", "remove ref=the blue one; ref=the first", ["match blue"]),
        ("no, the third, and remove the blue one", "remove ref=the third; ref=the blue one", ["match blue"]),
        ("remove the first, the second stays", "remove ref=the first; ref=the second", ["position 1"]),
        ("remove the first and the second", "remove ref=the first; ref=the second", ["position 1", "position 2"]),
    ],
)  # fmt: skip
def test_what_is_to_be_kept_is_not_taken_out(
    words: Vocabulary, said: str, line: str, gone: list[str]
) -> None:
    assert references(both(said, line, words, "kettle")) == gone


def test_an_order_about_no_item_is_about_the_one_spoken_of(words: Vocabulary) -> None:
    for said, line in (("ok grab", "add"), ("yes k, put aside", "save"), ("k remove", "remove")):
        assert references(both(said, line, words, "kettle")) == ["this"]


def test_both_after_a_comparison_is_the_pair_compared(words: Vocabulary) -> None:
    moment = folded("kettle", words)
    line = parse_line("compare ref=the second; ref=the fifth")
    said = "the second against the fifth"
    moment = moment.fold(reconciled(understand(said, moment, words), line, words, moment))
    found = reconciled(
        understand("have both", moment, words), parse_line("add ref=both"), words, moment
    )
    assert references(found) == ["position 2", "position 5"]
    later = moment.fold(understand("cheaper than 40", moment, words))
    found = reconciled(
        understand("have both", later, words), parse_line("add ref=both"), words, later
    )
    assert references(found) == ["position 1", "position 2"]


def test_both_after_an_order_about_two_items_is_those_two(words: Vocabulary) -> None:
    moment = folded("kettle", words)
    said, line = "the fourth and the second in my basket", "add ref=the fourth; ref=the second"
    moment = moment.fold(
        reconciled(understand(said, moment, words), parse_line(line), words, moment)
    )
    for said, line in (
        ("oh take both out", "remove ref=both"),
        ("bookmark the pair of those", "save ref=the pair of those"),
    ):
        found = reconciled(understand(said, moment, words), parse_line(line), words, moment)
        assert references(found) == ["position 4", "position 2"]


@pytest.mark.parametrize(
    ("ref", "pointed"),
    [
        ("the two cheapest", "extremes price:-1:2"),
        ("the dearest three", "extremes price:+1:3"),
        ("the cheapest of the two", "extreme price:-1:1,2"),
        ("the pricey one", "extreme price:+1"),
        ("the less costly", "extreme price:-1"),
        ("the lighter", "match lighter"),
        ("every striped one", "match striped"),
        ("all the striped ones", "match striped"),
        ("the same ilk", "this"),
    ],
)
def test_words_that_tell_no_item_by_its_title(words: Vocabulary, ref: str, pointed: str) -> None:
    found = both(f"put {ref} in the basket", f"add ref={ref}", words, "kettle")
    assert references(found) == [pointed]


def test_likeness_to_what_is_shown_names_nothing(words: Vocabulary) -> None:
    found = both("got any of the same ilk?", "similar", words, "kettle")
    assert (found.act, references(found)) == (Act.SIMILAR, ["this"])


def test_a_question_after_a_person_is_talk_where_it_was_marked_so(words: Vocabulary) -> None:
    for said, act in (
        ("who came up with this nonsense", Act.CHAT),
        ("who makes this", Act.ASK),
        ("how heavy is this", Act.ASK),
    ):
        assert both(said, "chat", words, "kettle").act is act


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("which is quieter, 1 or 2", "compare about=quieter; ref=1; ref=2"),
        ("does it stay hot any longer", "ask ref=it; about=stay hot any longer"),
        ("blue, my old one got too heavy for mum", "want color=blue"),
        ("one with a dimmer", "want feature=dimmer"),
    ],
)
def test_what_is_compared_is_what_was_marked_so(words: Vocabulary, said: str, line: str) -> None:
    assert both(said, line, words, "kettle").comparatives == ()


def test_an_order_of_unknown_words_is_still_an_order(words: Vocabulary) -> None:
    found = both("the comfier ones first", "want order=the comfier ones first", words, "kettle")
    assert (found.act, found.sort) == (Act.REFINE, None)


@pytest.mark.parametrize(
    ("said", "line", "act", "cleared"),
    [
        ("rub it all out", "clear", Act.CLEAR, ("*",)),
        ("forget cove, hate it", "want not brand=cove", Act.REFINE, ()),
        ("drop the kettle out again", "remove ref=the kettle", Act.REMOVE_FROM_CART, ()),
        ("colour i leave, she will bring a toaster", "clear field=colour", Act.CLEAR, ("color",)),
    ],
)
def test_what_is_dropped_is_what_was_marked_so(
    words: Vocabulary, said: str, line: str, act: Act, cleared: tuple[str, ...]
) -> None:
    found = both(said, line, words, "blue cove kettle")
    assert (found.act, found.cleared) == (act, cleared)


def test_an_order_about_an_item_before_a_need_is_carried_out(words: Vocabulary) -> None:
    line = "want ref=the second; item=toaster"
    found = both("the second, into my basket. Now a toaster", line, words, "kettle")
    assert [references(i) for i in found.before] in ([["position 2"]],)
    assert found.act is Act.SEARCH


def test_act_but_not_where_the_words_leave_no_doubt(words: Vocabulary) -> None:
    over = both("start over", "want wish=start", words, "kettle under 60")
    assert (over.act, over.cleared) == (Act.CLEAR, ("*",))
    begun = both("begin again then", "want item=begin", words, "kettle under 60")
    assert (begun.act, begun.cleared) == (Act.CLEAR, ("*",))
    for nothing in ("", "   ", "?!"):
        assert both(nothing, "add", words).act is understand(nothing, Moment(), words).act


def test_dropped_what_belongs_to_a_story_is_no_demand(words: Vocabulary) -> None:
    found = both("my red car broke, need a kettle", "want item=kettle", words)
    assert constraints(found) == ["type = kettle"]
    assert "dropped" in found.resolved


def test_kept_limits_on_money_and_stock_stay_though_only_the_reader_saw_them(
    words: Vocabulary,
) -> None:
    found = both("kettle under $60, in stock", "want item=kettle", words)
    assert constraints(found) == table("type = kettle; price <= 6000 USD; stock >= 1")
    assert found.resolved == ("kept",)


@pytest.mark.parametrize(
    ("said", "line", "means"),
    [
        ("no more than 60, but not less than 20", "want price<=60; price<=20", "price <= 6000; price >= 2000"),
        ("max 60, something decent, from 20 pounds", "want price<=20 pounds", "price <= 6000; price >= 2000 GBP"),
        ("60 is the minimum", "want price<=60", "price >= 6000"),
        ("not over 60ish", "want price~60ish", "price <= 6000"),
        ("mugs up to 6", "want item=mugs; measure>=6", "type contains mug; price <= 600"),
        ("a whistle up to 60", "want item=whistle; measure>=60", "type contains whistle; price <= 6000"),
    ],
)  # fmt: skip
def test_turned_the_words_around_a_sum_say_which_way_it_limits(
    said: str, line: str, means: str, words: Vocabulary
) -> None:
    found = [c.removesuffix(" USD") for c in constraints(both(said, line, words, "kettle"))]
    assert found == table(means)


def test_a_measure_told_of_an_item_shown_demands_nothing(words: Vocabulary) -> None:
    said = "the second one is 35 cm, I wanted at most 25"
    line = "want measure=35 cm; price<=25"
    for found in (
        both(said, line, words, "kettle >> no taller than 25 cm"),
        understand(said, folded("kettle >> no taller than 25 cm", words), words),
    ):
        assert constraints(found) == ["height <= 25 cm"]


def test_added_a_demand_only_the_model_saw_is_read_from_its_own_words(words: Vocabulary) -> None:
    said = "kettle that my gran can lift"
    found = both(said, "want item=kettle; wish=my gran can lift", words)
    assert "wish contains my gran can lift?" in constraints(found)
    assert all(c.span in said for c in found.constraints)


@pytest.mark.parametrize(
    ("line", "means"),
    [
        ("want not color=red; item=kettle", "color != red; type = kettle"),
        ("want ~color=red; item=kettle", "color = red?; type = kettle"),
    ],
)
def test_turned_the_model_decides_what_is_demanded_hoped_for_or_refused(
    line: str, means: str, words: Vocabulary
) -> None:
    found = both("red kettle", line, words)
    assert constraints(found) == table(means)
    assert found.resolved == ("turned",)


def test_term_of_the_catalogue_says_a_wish_better(words: Vocabulary) -> None:
    found = both("kettle, keep warm", "want item=kettle; wish=keep warm", words)
    assert constraints(found) == table("type = kettle; keep_warm = true")
    assert "term" in found.resolved


@pytest.mark.parametrize("foreign", ["color=blue", "price<=10", "wish=waterproof", "brand=Bosch"])
def test_foreign_words_are_dropped(foreign: str, words: Vocabulary) -> None:
    found = both("red kettle", f"want color=red; item=kettle; {foreign}", words)
    assert constraints(found) == table("color = red; type = kettle")
    assert found.resolved == ("foreign",)


def test_a_number_marked_as_a_feature_is_no_sum(words: Vocabulary) -> None:
    found = both("max 8k", "want feature=8k", words, "kettle")
    assert [c.field for c in found.constraints] == ["text"]


def test_an_order_only_the_reader_saw_is_none_where_a_demand_was_marked(words: Vocabulary) -> None:
    said = "40 is the cheapest I go for"
    assert understand(said, folded("kettle", words), words).sort is not None
    assert both(said, "want price>=40", words, "kettle").sort is None


def test_foreign_only_leaves_the_readers_reading(words: Vocabulary) -> None:
    for line in ("want item=sofa; price<=10", "add ref=the blue one", "clear field=budget"):
        found = both(AGREED, line, words)
        assert constraints(found) == constraints(understand(AGREED, Moment(), words))
        assert (found.act, found.resolved) == (Act.SEARCH, ("foreign",))


def test_foreign_is_what_means_nothing_of_its_kind(words: Vocabulary) -> None:
    found = both("kettle, lovely weather", "want item=kettle; price<=lovely weather", words)
    assert constraints(found) == ["type = kettle"]
    assert "foreign" in found.resolved


# several values, corrections


@pytest.mark.parametrize(
    ("said", "line", "means"),
    [
        ("kettle in red or white", "want item=kettle; color=red; color=white", "type = kettle; color = red|white"),
        ("a red, no wait, white kettle", "want color=red; color=white; item=kettle", "type = kettle; color = white"),
        ("kettle 20 to 60", "want item=kettle; price>=20; price<=60", "type = kettle; price >= 2000; price <= 6000"),
        ("kettle under 60, make that 40", "want item=kettle; price<=60; price<=40", "type = kettle; price <= 4000"),
        ("a kettle, whistle or spout", "want item=kettle; feature=whistle; feature=spout", "type = kettle; text contains whistle|spout"),
        ("a kettle, whistle, spout", "want item=kettle; feature=whistle; feature=spout", "type = kettle; text contains whistle; text contains spout"),
        ("a Cove or Brisa kettle", "want brand=Cove; brand=Brisa; item=kettle", "type = kettle; brand = Cove|Brisa"),
        ("kettle, white rather than red", "want item=kettle; color=white; not color=red", "type = kettle; color = white; color != red"),
        ("kettle, not red and not white", "want item=kettle; not color=red; not color=white", "type = kettle; color != red; color != white"),
    ],
)  # fmt: skip
def test_values_are_alternatives_unless_one_is_taken_back(
    said: str, line: str, means: str, words: Vocabulary
) -> None:
    without_units = [c.removesuffix(" USD") for c in constraints(both(said, line, words))]
    assert without_units == table(means)


def test_two_makers_side_by_side_are_a_maker_and_a_licence() -> None:
    made = [
        Product(f"t{i}", f"Tarn{' Moomin' * (i % 2)} mug", type="mug", brand="Tarn")
        for i in range(6)
    ]
    made += [Product(f"m{i}", "Moomin plate", type="plate", brand="Moomin") for i in range(2)]
    shop = Vocabulary.build(made)
    together = both("tarn moomin mugs", "want brand=tarn; brand=moomin; item=mugs", shop)
    assert constraints(together) == table("brand = Tarn; text contains moomin; type = mug")
    later = both("moomin ones", "want brand=moomin", shop, "tarn mugs")
    assert constraints(later) == ["text contains moomin"]
    instead = both("tarn then", "want brand=tarn", shop, "moomin plates")
    assert constraints(instead) == ["brand = Tarn"]


def test_only_refusals_are_no_new_need(words: Vocabulary) -> None:
    found = both("anything that whistles I'd pass on", "want not feature=whistles", words, "kettle")
    assert found.act is Act.REFINE


# acts


@pytest.mark.parametrize(
    ("said", "line", "before", "act"),
    [
        ("not white", "want not color=white", "kettle", Act.REFINE),
        ("not white", "want not color=white", "", Act.SEARCH),
        ("socks", "want item=socks", "kettle", Act.SEARCH),
        ("forget the budget", "clear field=budget", "kettle under 60", Act.CLEAR),
        ("forget the budget, red though", "want field=budget; color=red", "kettle under 60", Act.REFINE),
        ("cheaper", "want than=cheaper", "kettle", Act.REFINE),
        ("cheapest first", "want order=cheapest first", "kettle", Act.REFINE),
        ("show me more", "more", "kettle", Act.MORE),
        ("compare the first two", "compare ref=the first two", "kettle", Act.COMPARE),
        ("is the first one loud", "ask ref=the first one; about=loud", "kettle", Act.ASK),
        ("you are funny", "chat", "kettle", Act.CHAT),
        ("put the red one in my cart", "want ref=the red one", "kettle", Act.ADD_TO_CART),
        ("the dearer of the last two", "add ref=the dearer of the last two", "kettle", Act.ASK),
        ("hm, rather the quietest one", "add ref=the quietest one", "kettle", Act.ASK),
        ("ok, the quietest one goes in the basket", "add ref=the quietest one", "kettle", Act.ADD_TO_CART),
        ("the second one", "add ref=the second one", "kettle", Act.ADD_TO_CART),
    ],
)  # fmt: skip
def test_an_act_follows_from_the_line_and_the_moment(
    said: str, line: str, before: str, act: Act, words: Vocabulary
) -> None:
    assert both(said, line, words, before).act is act


def test_a_number_of_pieces_points_at_nothing(words: Vocabulary) -> None:
    found = both("put 3 more in my cart", "add ref=3 more", words, "kettle")
    assert [r.kind for r in found.references] == ["this"]


def test_a_cleared_budget_and_a_new_colour_come_together(words: Vocabulary) -> None:
    found = both(
        "forget the budget, red though", "want field=budget; color=red", words, "kettle under 60"
    )
    assert (found.cleared, constraints(found)) == (("price",), ["color = red"])


# whatever is said and written

SAID = ["kettle", "under $60", "not red", "1.7 l", "the second one", "cheaper", "Cove", "for my dad", "forget the budget", "no wait", "😀"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(SAID), min_size=1, max_size=5).map(", ".join)
VALUES = st.sampled_from([*SAID, "kettle, under", "60", "second", "blue", "zorg", "!"])
SLOTS = st.builds(
    Slot, st.sampled_from(LABELS), st.just("="), VALUES, st.booleans(), st.booleans()
) | st.builds(Slot, st.sampled_from(COMPARED), st.sampled_from(["<=", ">=", "~"]), VALUES)
LINES = st.builds(Line, st.sampled_from(ACTS), st.lists(SLOTS, max_size=5).map(tuple))


@settings(max_examples=200, deadline=None)
@given(TEXTS, LINES, st.none() | TEXTS, st.booleans())
def test_any_line_gives_an_intent_about_the_utterance(
    words_of_the_shop: Vocabulary, said: str, line: Line, before: str | None, shop: bool
) -> None:
    words = words_of_the_shop if shop else None
    moment = folded(before, words) if before else Moment()
    found = reconciled(understand(said, moment, words), line, words, moment)
    assert found.text == said
    assert all(c.span.lower() in said.lower() for c in found.constraints)
    assert set(found.resolved) <= set(RULES)
    assert Intent.from_json(found.to_json()) == found
    moment.fold(found)


@pytest.fixture(scope="session")
def words_of_the_shop(words: Vocabulary) -> Vocabulary:
    """The same under a name hypothesis can take for the whole run."""
    return words


# two things in one utterance


def test_an_order_and_the_need_after_it_are_two_things(words: Vocabulary) -> None:
    found = both(
        "keep the first, got a cheaper one", "save ref=the first; than=cheaper", words, "kettle"
    )
    (order,) = found.before
    assert (order.act, references(order), order.constraints) == (Act.SAVE, ["position 1"], ())
    assert (found.act, [c.fields for c in found.comparatives]) == (Act.REFINE, [("price",)])


def test_a_need_that_was_taken_for_an_order_is_only_a_need(words: Vocabulary) -> None:
    found = both("save me money on a kettle", "save item=kettle", words)
    assert (found.act, found.before, constraints(found)) == (Act.SEARCH, (), ["type = kettle"])


def test_what_tells_an_item_apart_is_no_need(words: Vocabulary) -> None:
    found = both("add the red one in M", "add ref=the red one; size=M", words, "socks")
    assert (found.act, found.before, found.constraints) == (Act.ADD_TO_CART, (), ())
    assert references(found) == ["match red"]


def test_more_like_it_may_carry_demands(words: Vocabulary) -> None:
    found = both("like the first but red", "similar ref=the first; color=red", words, "kettle")
    assert (found.act, found.before, constraints(found)) == (Act.SIMILAR, (), ["color = red"])


def test_two_amounts_are_either_unless_one_is_taken_back(words: Vocabulary) -> None:
    either = both("1 l or 2 l", "want measure=1 l; measure=2 l", words, "kettle")
    assert constraints(either) == table("capacity >= 1 l; capacity <= 2 l")
    mended = both("1 l no, 2 l", "want measure=1 l; measure=2 l", words, "kettle")
    assert constraints(mended) == ["capacity = 2 l"]


def test_the_lower_end_of_a_range_has_the_unit_of_the_upper(words: Vocabulary) -> None:
    said, line = "between 1 and 2 litres", "want measure>=1; measure<=2 litres"
    assert constraints(both(said, line, words, "kettle")) == table(
        "capacity >= 1 l; capacity <= 2 l"
    )


def test_a_bare_number_replaces_one_of_its_kind_but_not_beside_a_new_thing(
    words: Vocabulary,
) -> None:
    before = "puzzle with 500 pieces"
    assert constraints(both("nine hundred", "want measure=nine hundred", words, before)) == [
        "pieces = 900 pc"
    ]
    anew = both("kettles, twelve", "want item=kettles; measure=twelve", words, before)
    assert not any(c.startswith("pieces") for c in constraints(anew))


def test_a_length_is_of_what_the_sentence_names_or_stays_a_wish(words: Vocabulary) -> None:
    named = both("no wider than 25 cm", "want measure<=25 cm", words, "kettle")
    assert constraints(named) == ["width <= 25 cm"]
    assert constraints(both("25 cm max", "want measure<=25 cm", words, "kettle")) == [
        "wish contains 25 cm?"
    ]


def test_a_sum_beside_a_comparison_with_it_is_no_limit(words: Vocabulary) -> None:
    found = both("49 dollars?? cheaper", "want than=cheaper", words, "kettle")
    assert [c.fields[0] for c in found.comparatives] == ["price"]
    assert not found.constraints


def test_what_is_marked_as_a_feature_beside_a_thing_may_be_the_other_thing() -> None:
    titles = ["Iron trowel", "Clay pot"] * 3
    shop = Vocabulary.build(Product(f"p{n}", title) for n, title in enumerate(titles))
    found = both("trowels or a pot", "want feature=trowels; item=pot", shop)
    assert constraints(found) == ["type contains trowel|pot"]
    told = both("a pot or one with trowels", "want item=pot; feature=trowels", shop)
    assert constraints(told) == ["text contains trowels", "type contains pot"]


def test_the_cents_of_a_sum_are_no_number_of_their_own(words: Vocabulary) -> None:
    line = "want item=kettle; price<=30 dollars; measure=forty"
    found = both("a kettle for less than 30 dollars forty", line, words)
    assert constraints(found) == table("type = kettle; price <= 3040 USD")


def test_a_limit_that_is_stated_is_no_comparison(words: Vocabulary) -> None:
    found = both("1 l or bigger", "want measure>=1 l", words, "kettle")
    assert (constraints(found), found.comparatives) == (["capacity >= 1 l"], ())


def test_a_value_is_taken_back_whatever_its_capitals(words: Vocabulary) -> None:
    found = both("a Red kettle, no wait, blue", "want color=red; item=kettle; color=blue", words)
    assert constraints(found) == table("type = kettle; color = blue")
    assert (
        "red|blue"
        in constraints(both("red or, say, blue", "want color=red; color=blue", words, "kettle"))[0]
    )


def test_what_was_taken_for_a_typing_mistake_is_said(words: Vocabulary) -> None:
    found = both("a kettel", "want item=kettel", words)
    assert constraints(found) == ["type = kettle"]
    assert "I read “kettel” as “kettle”." in found.notes


def test_what_something_is_free_of_is_refused(words: Vocabulary) -> None:
    found = both("wool-free socks", "want material=wool; item=socks", words)
    assert constraints(found) == table("type = socks; material != wool")


@pytest.mark.parametrize(
    ("said", "line", "colors"),
    [
        ("hot pink jeans", "want color=hot; color=pink; item=jeans", ["pink"]),
        ("black white jeans", "want color=black; color=white; item=jeans", ["black", "white"]),
        ("black, white jeans", "want color=black; color=white; item=jeans", ["black", "white"]),
    ],
)
def test_colours_side_by_side_are_what_the_catalogue_makes_of_them(
    said: str, line: str, colors: list[str], words: Vocabulary
) -> None:
    read_so = reconciled(understand(said, Moment(), words), parse_line(line), words, Moment())
    (color,) = [c for c in read_so.constraints if c.field == "color"]
    assert sorted(color.words) == colors


@pytest.mark.parametrize(
    ("said", "line", "kinds"),
    [
        ("woolly socks", "want item=woolly; item=socks", ["socks"]),
        ("a kettle, socks", "want item=kettle; item=socks", ["kettle", "socks"]),
        ("a kettle socks", "want item=kettle; item=socks", ["kettle", "socks"]),
    ],
)
def test_a_quality_marked_as_a_thing_of_its_own_belongs_to_the_thing_behind_it(
    said: str, line: str, kinds: list[str], words: Vocabulary
) -> None:
    read_so = reconciled(understand(said, Moment(), words), parse_line(line), words, Moment())
    assert [w for c in read_so.constraints if c.field == "type" for w in c.words] == kinds


@pytest.mark.parametrize(
    ("said", "line", "cleared"),
    [
        ("back to the kettle, forget the budget", "clear field=budget", ("price",)),
        ("right, let us return to the kettles", "chat", ()),
        ("back to that kettle. red", "want color=red", ()),
    ],
)
def test_going_back_to_a_topic_names_it_whatever_else_is_said(
    said: str, line: str, cleared: tuple[str, ...], words: Vocabulary
) -> None:
    before = "kettle under 60 >> mugs"
    intent = both(said, line, words, before)
    assert intent.act is Act.SEARCH
    assert "back" in intent.resolved
    after = folded(before, words).fold(intent)
    assert after.topic == ("kettle",)
    assert intent.cleared == cleared
    assert any(c.field == "price" for c in after.constraints) is not bool(cleared)


def test_going_back_to_what_was_never_spoken_of_names_nothing(words: Vocabulary) -> None:
    intent = both("back to square one, no glass", "want not material=glass", words, "kettle")
    assert "back" not in intent.resolved
    assert folded("kettle", words).fold(intent).topic == ("kettle",)


def test_a_bare_number_after_an_age_is_no_age() -> None:
    moment = Moment((Constraint("age_from", Op.LE, 60.0, "month", span="5"),))
    assert reconcile.context_of(moment).limits == ()
    heavy = moment.fold(
        Intent("", Act.REFINE, (Constraint("weight", Op.LE, 2.0, "kg", span="2 kg"),))
    )
    assert reconcile.context_of(heavy).limits == (("weight", "kg"),)


@pytest.mark.parametrize(
    ("line", "act", "pointed"),
    [
        ("compare than=quieter; ref=the first; ref=the fourth", Act.COMPARE, ["position 1", "position 4"]),
        ("add ref=the quieter of the first; ref=the fourth", Act.ASK, ["extreme noise:-1:1,4"]),
    ],
)  # fmt: skip
def test_one_of_the_items_named_is_chosen_from_these_however_they_were_marked(
    line: str, act: Act, pointed: list[str], words: Vocabulary
) -> None:
    found = both("the quieter of the first and the fourth", line, words, "kettle")
    assert (found.act, references(found), found.comparatives) == (act, pointed, ())
    assert found.before == ()


# what the words leave no doubt about, however they were marked


@pytest.mark.parametrize(
    ("said", "line", "act", "sort"),
    [
        ("nothing in the basket yet, cheapest at the top", "want order=cheapest at", Act.REFINE, Sort("price")),
        ("by stars, best on top", "want brand=stars; order=best", Act.REFINE, Sort("rating", True)),
        ("put me the less expensive above", "add ref=the less expensive", Act.REFINE, Sort("price")),
        ("cheapies up top", "want brand=cheapies", Act.REFINE, Sort("price")),
        ("kettles again, priced low to high", "want item=kettles", Act.SEARCH, Sort("price")),
        ("add the cheapest to my basket", "add ref=the cheapest", Act.ADD_TO_CART, None),
    ],
)  # fmt: skip
def test_an_order_of_the_results_is_one_whatever_was_marked(
    said: str, line: str, act: Act, sort: Sort | None, words: Vocabulary
) -> None:
    found = both(said, line, words, "kettle")
    assert (found.act, found.sort) == (act, sort)
    assert not [c for c in found.constraints if c.field == "brand"]


@pytest.mark.parametrize(
    ("said", "line", "before", "cleared", "demands"),
    [
        ("red may stay", "want color=red", "kettle, not red", ("value:red",), ""),
        ("red would do after all", "want color=red", "kettle, not red", ("value:red",), ""),
        ("scrub red", "clear color=red", "red kettle", ("value:red",), ""),
        ("red was a silly idea", "want not color=red", "red kettle", ("value:red",), ""),
        ("steel too", "want material=steel", "kettle of glass", (), "material = steel"),
        ("forget the kettle", "clear field=kettle", "red kettle", ("*",), ""),
        ("ditch the kettle idea", "clear field=kettle idea", "kettle", ("*",), ""),
        ("whoever makes it", "clear", "Cove kettle", ("brand",), ""),
        ("full price is fine then", "want field=full", "kettle on sale", ("discount",), ""),
        ("any colour is fine", "clear field=colour", "red kettle", ("color",), ""),
    ],
)  # fmt: skip
def test_what_is_taken_back_is_dropped_and_nothing_is_demanded_for_it(
    said: str, line: str, before: str, cleared: tuple[str, ...], demands: str, words: Vocabulary
) -> None:
    found = both(said, line, words, before)
    assert (found.cleared, constraints(found)) == (cleared, table(demands))


def test_a_refused_value_of_a_parked_topic_is_allowed_for_that_topic_alone(
    words: Vocabulary,
) -> None:
    found = both("red is fine too", "want color=red", words, "kettle, not red >> blue toaster")
    assert found.cleared == () and "color = red" in constraints(found)


@pytest.mark.parametrize(
    ("said", "line", "before", "demand"),
    [
        ("450 will do", "want measure=450", "towel with a density of 600 gsm", "density = 450 g/m²"),
        ("not 95, eighty", "want measure<=eighty", "kettle under 95, 1.7 l", "price <= 8000"),
        ("stretch it to 70", "want measure<=70", "kettle under 60", "price <= 7000"),
        ("2 then", "want price<=2", "kettle of 1.7 l", "capacity = 2 l"),
        ("max 2", "want price<=2", "kettle of 1.7 l under 60", "price <= 200"),
    ],
)  # fmt: skip
def test_a_bare_number_corrects_the_one_it_is_like(
    said: str, line: str, before: str, demand: str, words: Vocabulary
) -> None:
    found = both(said, line, words, before)
    assert any(c.removesuffix(" USD") == demand for c in constraints(found)) or (
        "density" in demand and "density" not in words.measured
    )


@pytest.mark.parametrize(
    ("said", "line", "act"),
    [
        ("anything marked down?", "ask about=marked down", Act.REFINE),
        ("has anything been reduced", "review", Act.REFINE),
        ("is it reduced?", "ask ref=it; about=reduced", Act.ASK),
        ("y u put that 1st one top", "add ref=that 1st one", Act.ASK),
        ("buy the least expensive", "want order=least expensive", Act.ADD_TO_CART),
        ("the least expensive", "want order=least expensive", Act.REFINE),
    ],
)
def test_what_is_asked_or_ordered_is_told_by_the_words(
    said: str, line: str, act: Act, words: Vocabulary
) -> None:
    assert both(said, line, words, "kettle").act is act


@pytest.mark.parametrize(
    ("said", "line", "demands"),
    [
        ("kettles first. no red", "want not color=red", "type = kettle; color != red"),
        ("kettle next then", "want feature=kettle", "type = kettle"),
        ("mittens and no red", "want color=red", "color != red"),
        ("kinder on my purse, if you can", "want ~brand=Kinder", ""),
        ("kettle, 50-120", "want item=kettle; measure=50-120", "type = kettle; price >= 5000; price <= 12000"),
        ("kettle for three", "want item=kettle; measure=three", "type = kettle; wish contains for three?"),
        ("kettle without any lid", "want item=kettle; feature=lid", "type = kettle; text not_contains lid"),
        ("kettle, glitter free", "want item=kettle; feature=glitter free", "type = kettle; text not_contains glitter"),
        ("none of that Cove stuff", "want not feature=Cove stuff", "brand != Cove"),
    ],
)  # fmt: skip
def test_demands_are_told_by_the_words_around_them(
    said: str, line: str, demands: str, words: Vocabulary
) -> None:
    found = both(said, line, words, "toaster")
    assert constraints(found) == table(demands)


@pytest.mark.parametrize(
    ("said", "line", "pointed"),
    [
        ("gimme 2 of em", "add measure=2; ref=em", ["this"]),
        ("bag em both", "add ref=em; ref=both", ["position 1", "position 2"]),
        ("number 2 of those then", "add ref=number 2; ref=those", ["position 2"]),
        ("that's the one, whack it in the trolley", "add ref=the one", ["this"]),
        ("sick stick it in my cart", "add", ["this"]),
        ("add the", "add ref=the", ["this"]),
    ],
)
def test_an_order_points_at_what_its_words_say(
    said: str, line: str, pointed: list[str], words: Vocabulary
) -> None:
    found = both(said, line, words, "kettle")
    assert (found.act, references(found)) == (Act.ADD_TO_CART, pointed)


def test_a_comparison_keeps_what_it_is_by(words: Vocabulary) -> None:
    found = both("of the first two which weighs more", "compare ref=the first two; about=weighs more", words, "kettle")  # fmt: skip
    assert found.act is Act.COMPARE and "weight" in (found.question or "")


@pytest.mark.parametrize(
    ("said", "line", "before", "demands"),
    [
        ("steel's a magnet for fingerprints, skip it", "clear field=steel", "kettle", "material != steel"),
        ("never mind, steel it is after all", "clear field=steel", "kettle", "material = steel"),
        ("scrap that, he just shouted RED down the stairs", "clear", "kettle", "color = red"),
        ("I've had it with Cove", "want", "kettle", "brand != Cove"),
        ("oh, the red sort then", "want", "kettle", "color = red"),
        ("hard pass on steel", "want not field=steel", "kettle", "material != steel"),
        ("forget the steel", "clear field=steel", "steel kettle", ""),
        ("forget everything", "clear", "red kettle", ""),
    ],
)  # fmt: skip
def test_what_is_taken_back_without_having_been_wanted_is_refused_or_wanted(
    said: str, line: str, before: str, demands: str, words: Vocabulary
) -> None:
    assert constraints(both(said, line, words, before)) == table(demands)


def test_a_story_is_no_demand_however_often_it_drops_everything(words: Vocabulary) -> None:
    found = both("not red, I drop everything at 4am", "want not color=red", words, "red kettle")
    assert found.cleared == () and constraints(found) == table("color != red")


@pytest.mark.parametrize(
    ("said", "line", "demands"),
    [
        ("kettle noise at most 60 dB", "want item=kettle noise; measure<=60 dB", "type = kettle; noise <= 60 dB"),
        ("style red", "want item=style; color=red", "color = red"),
    ],
)  # fmt: skip
def test_the_name_of_a_field_is_no_part_of_the_thing(
    said: str, line: str, demands: str, words: Vocabulary
) -> None:
    assert constraints(both(said, line, words)) == table(demands)


def test_a_value_belongs_to_the_field_named_before_it(words: Vocabulary) -> None:
    ink = Constraint("ink_color", Op.EQ, ("red",), span="red")
    blue = Constraint("color", Op.EQ, ("red",), span="red")
    assert in_named_field(blue, [ink], "ink color red please").field == "ink_color"
    assert in_named_field(blue, [ink], "in red").field == "color"


@pytest.mark.parametrize(
    ("said", "line", "before", "demands"),
    [
        # a range of prices of which one end was marked as something else
        ("a kettle, 60 to 130", "want item=kettle; size=60; price<=130", "", "type = kettle; price >= 6000; price <= 13000"),
        # a thing that is only wondered at
        ("a toaster?? a KETTLE please", "want item=toaster; item=KETTLE", "", "type not_contains toaster; type = kettle"),
        # refused by its last word, further on
        ("has it a cool handle? I'd rather no handle", "want feature=cool handle", "kettle", "text not_contains handle"),
        # words that only insist
        ("a real steel kettle", "want feature=real; material=steel; item=kettle", "", "type = kettle; material = steel"),
        ("no kettle that is not red", "want feature=not; color=red", "kettle", "color = red"),
        # what the limit begins with was marked with the thing
        ("kettle up to 60", "want item=kettle up; price<=60", "", "type = kettle; price <= 6000"),
        ("only kettles", "want feature=kettles", "toaster", "type = kettle"),
    ],
)  # fmt: skip
def test_marks_that_slipped_are_put_right_by_the_words_around(
    said: str, line: str, before: str, demands: str, words: Vocabulary
) -> None:
    assert constraints(both(said, line, words, before)) == table(demands)


def test_a_service_is_asked_of_the_shop_and_changes_nothing_wanted(words: Vocabulary) -> None:
    assert both("is there gift wrap?", "want about=gift wrap", words, "kettle").act is Act.CHAT
    sold = both("are there headphones?", "want about=headphones", words, "kettle")
    assert constraints(sold) == table("type = headphones")


def test_a_limit_beside_why_something_is_shown_is_a_demand(words: Vocabulary) -> None:
    found = both("under 60 please, and why is the first there?", "ask price<=60; about=why; ref=the first", words, "kettle")  # fmt: skip
    assert [i.act for i in found.before] == [Act.ASK] and constraints(found) == table("price <= 6000")  # fmt: skip


def test_a_comparison_may_name_what_it_is_with(words: Vocabulary) -> None:
    found = both("cheaper than the Cove", "want than=cheaper than the Cove", words, "kettle")
    assert references(found) == ["match cove"] and found.comparatives
    assert references(both("cheaper than that", "want than=cheaper than that", words, "kettle")) == []  # fmt: skip


def test_light_is_a_weight_where_that_is_measured() -> None:
    shoes = [
        Product(str(n), f"Shoe {n}", type="shoe", attributes={"cushioning": soft, "weight": Measure(200.0 + n, "g")})
        for n, soft in enumerate(("light", "plush"))
    ]  # fmt: skip
    found = both("shoes, light", "want item=shoes; wish=light", Vocabulary.build(shoes))
    assert constraints(found) == table("type = shoe; wish contains light?")


def test_a_mistake_that_was_none_is_not_told(words: Vocabulary) -> None:
    heard = replace(understand("a red kettel for the yard", Moment(), words), notes=("I read “yard” as “card”.",))  # fmt: skip
    found = reconciled(heard, parse_line("want item=kettel; wish=for the yard"), words, Moment())
    assert "I read “yard” as “card”." not in found.notes


@pytest.mark.parametrize(
    ("said", "line", "before", "whole"),
    [
        ("kettles not red in stock", "want item=kettles; not feature=red in stock", "", True),
        ("kettle over 60 dollars", "want item=kettle; price<=60 dollars", "", True),
        ("Kettle nicht rot", "want brand=Kettle", "", False),
        ("kettles not red", "want item=kettles", "toaster", False),
        ("a kettle, red would be lovely", "want item=kettle; ~color=red", "", False),
        ("red kettle. for her", "want item=kettle; wish=for her", "", False),
    ],
)
def test_whole_what_is_nothing_but_names_and_limits_is_read_by_the_reader(
    said: str, line: str, before: str, whole: bool, words: Vocabulary
) -> None:
    found = both(said, line, words, before)
    assert ("whole" in found.resolved) == whole
    heard = understand(said, folded(before, words) if before else Moment(), words)
    assert not whole or constraints(found) == constraints(heard)
