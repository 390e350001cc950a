"""What the assistant says: short plain sentences whose every number comes from the record."""

from __future__ import annotations

from collections import Counter
from typing import Final

from assistant.explain import Shown, shared, trade_off
from assistant.finding import Found, Relaxation
from assistant.intent import Constraint, Intent, Sort
from assistant.moment import Moment
from assistant.phrasing import (
    constraint_label,
    described,
    field_name,
    in_sentence,
    inside,
    joined,
    short_price,
    short_title,
    shortened,
    sort_label,
)
from assistant.reader.qualities import QUALITIES
from assistant.reasons.wording import extreme_of
from assistant.reply import Question, Reason
from assistant.sentence_words import count_word, demand, demands, plural, plural_only, topic_noun
from catalog.constraint import TEXT, numeric_value
from catalog.product import Product
from catalog.text import tokens
from catalog.verdict import Verdict, judge
from retrieval.vocabulary import Vocabulary

_SEVERAL: Final = 3
"""Of fewer products nothing need be said in common."""
_AS_HOPED: Final = ("as you hoped", "as you wished")


def found_text(found: Found, moment: Moment, *, more: bool = False) -> str:
    """The sentences above the cards of a search that found something."""
    n = found.matching
    named = demands(moment.hard)
    if n:
        fits = "fits" if n == 1 else "fit"
        named = ", ".join(_met(c) for c in moment.hard if c.field != "type")
        lead = f"{count_word(n)} {topic_noun(moment, n)} {fits}{f': {named}' if named else ''}."
    elif all(c.op.negative for c in moment.hard if c.field in found.open_fields):
        refused = [" or ".join(c.words) for c in moment.hard if c.field in found.open_fields]
        others = demands([c for c in moment.hard if c.field not in found.open_fields])
        thing = topic_noun(moment, found.unknown)
        say = "says" if found.unknown == 1 else "say"
        lead = f"{count_word(found.unknown)} {thing} {say} nothing of {joined(refused, 'or')}{f' ({others})' if others else ''}."
    else:
        first = found.pool[0].product
        open_ = [n for f in dict.fromkeys(found.open_fields) for n in _open_names(f, moment, first)]
        fields = joined(open_, "or")
        lead = f"No listing states all of that{f' ({named})' if named else ''}; the first says nothing of {fields}."

    pick = _best_pick(found)
    if not moment.hard:
        lead = "The nearest to that here:" if pick else "These come nearest to that."
    elif n and not moment.topic and (refused := _refused(found)):
        lead = f"The nearest to that here, none of them said to be {joined(refused, 'or')}."
    if more:
        k = len(found.recommendations)
        fit = any(not r.unknown for r in found.recommendations)
        lead = (
            f"The next {k} of {n:,}." if fit else f"{count_word(k)} more that leave something open."
        )
    sentences = [lead]
    if not more:
        sentences += [*_alike(found), *pick]
    if moment.sort is not None and not more and states(found, moment.sort):
        sentences.append(f"Sorted {sort_label(moment.sort.field, moment.sort.descending)}.")
    if found.unknown and n and moment.topic and not more:
        one = found.unknown == 1
        rest = (
            f"{'does' if one else 'do'} not state all of it and {'comes' if one else 'come'} last"
        )
        sentences.append(f"{found.unknown:,} more {rest}.")
    return " ".join(sentences)


def _refused(found: Found) -> list[str]:
    """What was refused, where most of what is shown leaves just that open."""
    hard = found.around.moment.hard
    shown = found.pool[: len(found.recommendations)]
    fields = {c.field for c in hard if c.op.negative and c.words}
    fields -= {c.field for c in hard if not c.op.negative}
    silent = [r for r in shown if r.unknown and set(r.unknown) <= fields]
    if 2 * len(silent) <= len(shown):
        return []
    return [in_sentence(c.field, w) for c in hard if c.field in fields for w in c.words]


def _met(c: Constraint) -> str:
    """A demand that is met, inside a sentence: what is not mentioned need not be missing."""
    if c.field == TEXT and c.op.negative:
        return f"saying nothing of {joined(c.words, 'or')}"
    if c.field == TEXT and all(described(w) for w in c.words):
        return joined(c.words, "or")
    return demand(c)


def _alike(found: Found) -> list[str]:
    """What the products shown have in common, so that no card says it: within which prices they
    are, where a sum was named, and the wishes they all meet.
    """
    products = [r.product for r in found.recommendations]
    if len(products) < _SEVERAL:
        return []
    told = []
    all_of_them = f"All {count_word(len(products)).lower()}"
    prices = sorted(p.price for p in products if p.price is not None)
    asked = any(c.field == "price" and c.number is not None for c in found.around.moment.hard)
    if asked and len(prices) == len(products) and len({p.currency for p in products}) == 1:
        low, high = (short_price(m, products[0].currency) for m in (prices[0], prices[-1]))
        told += [f"{all_of_them} cost between {low} and {high}."] if low != high else []
    met = shared(found.recommendations, found.around)
    hoped = [
        inside(r.text.partition(",")[0])
        for r in met
        if r.text.endswith(_AS_HOPED) or "yes" in r.evidence.values()
    ]
    return (
        [*told, f"What you hoped for, {all_of_them.lower()} have: {joined(hoped)}."]
        if hoped
        else told
    )


def states(found: Found, sort: Sort) -> bool:
    """Whether any product found says what it is sorted by; those that do come first."""
    return any(numeric_value(r.product, sort.field) is not None for r in found.recommendations)


def unsorted_text(sort: Sort) -> str:
    """Why the order asked for is not made."""
    direction = 1 if sort.descending else -1
    word = next(
        (q.most[0] for q in QUALITIES if (q.fields[0], q.direction) == (sort.field, direction)),
        extreme_of(sort.field, direction),
    )
    return f"No listing here says which is the {word}, so I cannot sort by that."


def _open_names(field: str, moment: Moment, product: Product) -> list[str]:
    """What a listing leaves open, inside a sentence: ``"its price"``, ``"“cordless”"``."""
    asked = [c for c in moment.hard if c.field == field and judge(product, c) is Verdict.UNKNOWN]
    if field == TEXT:
        return [f"“{w}”" for c in asked if not c.op.negative for w in c.words]
    flag = any(isinstance(c.value, bool) for c in asked)
    return [f"“{field_name(field)}”" if flag else f"its {field_name(field)}"]


def _best_pick(found: Found) -> list[str]:
    """What speaks for the first product, and what it costs: where it is the worst of those shown."""
    first, *others = found.recommendations
    given = Counter(x.text for r in found.recommendations for x in r.reasons)
    reason = next(
        (r for r in first.reasons if not r.against and _worth_telling(r, given, len(others))), None
    )
    told = []
    if reason is not None:
        told.append(f"{short_title(first.product)}: {inside(reason.text)}.")
    shown = Shown(tuple(r.product for r in found.recommendations))
    cared = found.around.cared()
    cost = trade_off(first.product, shown, cared) if others else None
    if reason is None and cost is not None and not cost.evidence.keys() & cared.keys():
        cost = None
    if cost is not None and (reason is None or not cost.evidence.keys() & reason.evidence.keys()):
        value, _, place = cost.text.partition(", ")
        lead = "It is also" if reason is not None else f"{short_title(first.product)} is"
        told.append(f"{lead} {place}: {value}.")
    return told


def _worth_telling(reason: Reason, given: Counter[str], others: int) -> bool:
    """Whether a reason tells the first product from the others: not what its name says anyway, nor
    what most of them have.
    """
    if others + 1 < _SEVERAL:
        return True
    limit = "price" in reason.evidence and reason.text.endswith(" limit")
    return "title" not in reason.evidence and not limit and 2 * given[reason.text] <= others + 1


def nothing_text(found: Found, moment: Moment) -> str:
    """The sentences when nothing fits: what is not carried, or what to relax and what that gives."""
    if found.missing_type is not None:
        near = " The nearest things here, labelled as such:" if found.near_misses else ""
        return f"We don't carry “{shortened(found.missing_type)}”.{near}"
    asked = demands(moment.hard)
    what = topic_noun(moment, 1) if moment.topic else "product"
    what, fits = (
        (joined(moment.topic, "or").lower(), "fit") if plural_only(moment) else (what, "fits")
    )
    lead = f"No {what} here {fits} all of that{f': {asked}' if asked else ''}."
    if not found.relaxations:
        return lead
    best, *others = found.relaxations
    n = best.matching or best.unknown
    verb = "fits" if n == 1 else "fit"
    parts = [f"Without {_quoted(best)} {count_word(n).lower()} {verb}"]
    if not best.matching:
        parts[0] += ", leaving something open"
    parts += [f"without {_quoted(r)} {count_word(r.matching).lower()}" for r in others[:2]]
    instead = [f"{value} ({count:,})" for value, count in best.instead.items()][:_INSTEAD]
    asked = joined(best.constraints[0].words, "or")
    there = f" Instead of {asked} there is {joined(instead)}." if instead else ""
    near = " The nearest, with what they miss:" if found.near_misses else ""
    return f"{lead} {'; '.join(parts)}.{there}{near}"


def _quoted(relaxation: Relaxation) -> str:
    return joined([f"“{demand(c)}”" for c in relaxation.constraints])


def chat_text(intent: Intent, vocabulary: Vocabulary, moment: Moment) -> str:
    """An answer to small talk, and to what this assistant is not for."""
    words = set(tokens(intent.text))
    if not words:
        return f"Tell me what you are looking for. {examples_text(vocabulary)}".strip()
    if words & {"thank", "thx", "cheer", "ty", "bye", "goodbye"}:
        return "You're welcome."
    if (
        words & {"hi", "hello", "hey", "hiya", "yo", "morning", "evening", "afternoon"}
        and len(words) <= 5
    ):
        return f"Hello. {carries_text(vocabulary)}"
    if "brand" in words:
        return brands_text(vocabulary, moment)
    if words & {"department", "category", "kind", "type", "sort", "product", "item", "thing"}:
        return f"{carries_text(vocabulary)} {examples_text(vocabulary)}".strip()
    if (
        words & {"help", "who", "sell", "have", "carry", "bot", "robot", "human", "ai"}
        or "can you do" in intent.text.lower()
    ):
        return f"I look things up in this shop's catalogue and say why they fit. {carries_text(vocabulary)} {examples_text(vocabulary)}".strip()
    if words <= {
        "ok",
        "okay",
        "cool",
        "great",
        "nice",
        "perfect",
        "awesome",
        "yes",
        "yep",
        "yeah",
        "sure",
        "fine",
        "no",
        "nope",
        "lol",
        "haha",
        "good",
        "never",
        "mind",
        "that",
        "all",
        "it",
        "look",
        "sound",
        "for",
        "now",
        "and",
        "thats",
    }:
        return (
            "Good. Tell me if anything should be different."
            if moment
            else "All right. What are you looking for?"
        )
    return f"That is not something the catalogue can answer. {carries_text(vocabulary)}"


_INSTEAD: Final = 4
"""Values named in place of the one asked for."""
_YES: Final = frozenset("yes y yep yeah yup right correct exactly sure ok okay".split())
_NO: Final = frozenset("no n nope nah wrong not".split())


def doubt(intent: Intent) -> Question:
    """Whether an uncertain reading is what was meant, in the words of its chips."""
    told = ", ".join(constraint_label(c) for c in intent.constraints[:4])
    return Question(f"Did I get that right: {told}?", ("yes", "no"))


def yes_or_no(text: str) -> bool | None:
    """A plain yes or no; None for anything that says more."""
    words = [w for w in tokens(text) if w not in ("that", "is", "thank", "please", "it", "s")]
    if len(words) != 1 or words[0] not in _YES | _NO:
        return None
    return words[0] in _YES


def brands_text(vocabulary: Vocabulary, moment: Moment) -> str:
    """The brands most products carry, of the topic if there is one."""
    counts: dict[str, int] = {}
    for entries in vocabulary.entries.values():
        for e in entries:
            if e.field == "brand":
                n = (
                    sum(c for t, c in e.types.items() if t in moment.kinds)
                    if moment.topic
                    else e.count
                )
                if n:
                    counts[e.value] = n
    if not counts:
        return "The listings here name no brands."
    top = sorted(counts, key=lambda b: (-counts[b], b))[:8]
    of = f" of {topic_noun(moment, 2)}" if moment.topic else ""
    return f"{count_word(len(counts))} brands{of} here, most of it by {joined(top)}."


def carries_text(vocabulary: Vocabulary) -> str:
    """What the shop carries, in one sentence, from the catalogue itself."""
    if not vocabulary.rows:
        return ""
    shown = [d for d in vocabulary.departments if d][:5]
    about = f", from {joined([d.lower() for d in shown])}" if len(shown) > 1 else ""
    return f"There are {vocabulary.rows:,} products here{about}."


def examples_text(vocabulary: Vocabulary) -> str:
    """One example of what can be said, made of the catalogue's own types."""
    examples = example_utterances(vocabulary)
    return f"For example: “{examples[0]}”" if examples else ""


def example_utterances(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Three utterances that this catalogue can answer, from its frequent types and prices."""
    kinds = sorted(
        {
            (e.types.get(" ".join(p), 0), e.value.lower())
            for p, entries in vocabulary.entries.items()
            for e in entries
            if e.field == "type" and e.types.get(" ".join(p), 0) >= 3
        },
        reverse=True,
    )
    names = [name for _, name in kinds if 3 < len(name) < 24][:: max(1, min(7, len(kinds) // 3))][
        :3
    ]
    made = []
    for i, name in enumerate(names):
        quartiles = vocabulary.prices.get(" ".join(tokens(name)))
        if quartiles and i == 0:
            limit = short_price(_round(quartiles[1]), vocabulary.currency)
            made.append(f"{name} under {limit}, well rated")
        elif i == 1:
            made.append(f"show me the cheapest {plural(name)}")
        else:
            made.append(f"{plural(name)} as a gift")
    return tuple(made)


def _round(minor: int) -> int:
    step = 500 if minor >= 2_000 else 100
    return max(step, round(minor / step) * step)
