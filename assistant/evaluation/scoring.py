"""One turn against its gold: what was right, what was shown that should not be, which checks hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.evaluation.dialogue import Turn
from assistant.evaluation.matching import (
    Assignment,
    assign,
    same_clears,
    same_question,
    same_references,
)
from assistant.evaluation.notation import (
    AnyOf,
    Gold,
    as_gold,
    write_constraint,
    write_entry,
    write_reference,
    write_sort,
)
from assistant.evaluation.runner import Heard
from assistant.evaluation.shelf import Shelf
from assistant.intent import Act, Constraint
from assistant.reply import Recommendation
from catalog.verdict import Verdict, judge

BOUGHT = "times bought"
"""The score part that marks a past order among what is shown."""
_SEARCHING = frozenset({Act.SEARCH, Act.REFINE, Act.CLEAR})


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation about the answer, and whether it held."""

    name: str
    passed: bool
    told: str = ""


@dataclass(frozen=True, slots=True)
class TurnScore:
    """What of a turn was right; None where the dialogue says nothing about it.

    ``wants`` compares the utterance's constraints, hard and soft included; ``loose``
    leaves hard and soft aside. ``violations`` are (product id, constraint) of shown
    products that break a hard demand of the gold Moment, ``own_violations`` of the
    assistant's own. ``rank`` is the target's place, None when it is not in the ranking.
    """

    act: bool
    wants: Assignment
    loose: Assignment
    moment: Assignment
    moment_sort: bool
    refers: bool | None
    clears: bool | None
    sort: bool | None
    asks: bool | None
    does: bool | None
    violations: tuple[tuple[str, str], ...]
    own_violations: tuple[tuple[str, str], ...]
    by_model: bool
    """Whether the model had a part in the reading."""
    checks: tuple[Check, ...]
    has_target: bool
    rank: int | None
    failures: tuple[str, ...]
    """What went wrong, in plain words; empty for a turn without fault."""

    @property
    def moment_exact(self) -> bool:
        """The Moment holds what it should, nothing else, in the right order."""
        return self.moment.exact and self.moment_sort


def score(turn: Turn, heard: Heard, shelf: Shelf) -> TurnScore:
    """Compare what was heard at a turn with what the dialogue says it is."""
    intent = heard.intent
    read = intent.constraints if intent is not None else ()
    act = intent is not None and intent.act in turn.acts
    wants = assign(turn.wants, read, shelf)
    moment = assign(turn.moment, heard.moment.constraints, shelf)
    violations = _violations(turn, moment, heard, shelf)
    checks = tuple(_checks(turn, heard, shelf))
    rank = _rank(turn, heard, shelf)
    parts = {
        "refers": same_references(turn.refers, heard.references, heard.before)
        if turn.refers
        else None,
        "clears": intent is not None and same_clears(turn.clears, intent.cleared)
        if turn.clears
        else None,
        "sort": intent is not None and intent.sort == turn.sort if turn.sort else None,
        "asks": intent is not None and same_question(turn.asks, intent.question)
        if turn.asks
        else None,
        "does": set(turn.does) <= heard.did if turn.does else None,
    }
    sorted_right = heard.moment.sort == turn.moment_sort
    told = [f"error: {heard.error}"] if heard.error else []
    told += [] if act else [f"act: {intent.act if intent else 'none'}"]
    told += [f"missed: {write_entry(e)}" for e in wants.missed]
    told += [f"made up: {written(c)}" for c in wants.spare]
    told += [f"Moment lacks: {write_entry(e)}" for e in moment.missed]
    told += [f"Moment holds: {written(c)}" for c in moment.spare]
    told += [] if sorted_right else [_sort_told(heard)]
    told += [f"wrong: {name}" for name, right in parts.items() if right is False]
    broken = {demand: [i for i, d in violations if d == demand] for _, demand in violations}
    told += [f"shown, but breaks {d}: {', '.join(items)}" for d, items in broken.items()]
    told += [f"check {c.name}: {c.told}" for c in checks if not c.passed]
    return TurnScore(
        act=act,
        wants=wants,
        loose=assign(turn.wants, read, shelf, strict=False),
        moment=moment,
        moment_sort=sorted_right,
        **parts,
        violations=violations,
        own_violations=tuple(_broken(heard.shown, heard.moment.hard)) if _judged(turn) else (),
        by_model=intent is not None and "model" in intent.source,
        checks=checks,
        has_target=turn.expect.target is not None,
        rank=rank,
        failures=tuple(told),
    )


def written(constraint: Constraint) -> str:
    """A constraint the assistant read, in the notation of the dialogues."""
    return write_constraint(as_gold(constraint))


def gold_lines(turn: Turn) -> list[tuple[str, str]]:
    """A turn's gold as (what, value) for people."""
    lines = [("act", " or ".join(turn.acts))]
    lines += [("wants", write_entry(e)) for e in turn.wants]
    lines += [("refers", " or ".join(map(write_reference, r))) for r in turn.refers]
    lines += [("clears", c) for c in turn.clears]
    lines += [("sort", write_sort(turn.sort))] if turn.sort else []
    lines += [("asks", turn.asks)] if turn.asks else []
    lines += [("does", a) for a in turn.does]
    lines += [("Moment", write_entry(e)) for e in turn.moment]
    lines += [("order", write_sort(turn.moment_sort))] if turn.moment_sort else []
    expect = turn.expect
    lines += [
        (name, str(value).lower() if isinstance(value, bool) else value)
        for name in ("found", "carried", "target", "question")
        if (value := getattr(expect, name)) is not None
    ]
    lines += [("satisfies", write_constraint(g)) for g in expect.satisfies]
    return lines + [("lacks", write_constraint(g)) for g in expect.lacks]


def got_lines(heard: Heard) -> list[tuple[str, str]]:
    """What was read and shown at a turn as (what, value) for people."""
    if heard.intent is None:
        return [("error", heard.error or "")]
    intent = heard.intent
    lines = [("act", intent.act.value)]
    lines += [("wants", written(c)) for c in intent.constraints]
    lines += [("refers", write_reference(r)) for r in heard.references]
    lines += [("clears", c) for c in intent.cleared]
    lines += [("sort", write_sort(intent.sort))] if intent.sort else []
    lines += [("asks", intent.question)] if intent.question else []
    lines += [("does", a) for a in sorted(heard.did)]
    lines += [("Moment", written(c)) for c in heard.moment.constraints]
    lines += [("order", write_sort(heard.moment.sort))] if heard.moment.sort else []
    lines += [("shown", r.product.title) for r in heard.shown[:3]]
    lines += [("question", heard.question.text)] if heard.question else []
    return [*lines, ("said", heard.text), ("read by", intent.source)]


def _sort_told(heard: Heard) -> str:
    return f"Moment's order: {write_sort(heard.moment.sort) if heard.moment.sort else 'none'}"


def _judged(turn: Turn) -> bool:
    """Past orders are shown whatever is wanted now; everything else must fit the Moment."""
    return Act.BUY_AGAIN not in turn.acts


def _violations(
    turn: Turn, moment: Assignment, heard: Heard, shelf: Shelf
) -> tuple[tuple[str, str], ...]:
    if not _judged(turn):
        return ()
    own = dict(moment.pairs)
    return tuple(
        (r.product.id, write_entry(entry))
        for r in heard.shown
        for entry in turn.moment
        if not entry.optional and _breaks(r, entry, own.get(entry), shelf)
    )


def _breaks(shown: Recommendation, entry: AnyOf, own: Constraint | None, shelf: Shelf) -> bool:
    """Whether a product breaks every reading of a hard demand.

    A type that was read under another name for the same shelf is judged by that name.
    """
    demands = [shelf.constraint(g) for g in entry.readings]
    if own is not None and own.field == "type" and not own.op.negative:
        demands.append(own)
    return all(
        d is not None and d.hard and judge(shown.product, d) is Verdict.VIOLATION for d in demands
    )


def _broken(
    shown: Sequence[Recommendation], demands: Sequence[Constraint]
) -> Iterator[tuple[str, str]]:
    for r in shown:
        if BOUGHT in r.parts:
            # a past order, told as one, is no recommendation
            continue
        for demand in demands:
            if judge(r.product, demand) is Verdict.VIOLATION:
                yield r.product.id, written(demand)


def _checks(turn: Turn, heard: Heard, shelf: Shelf) -> Iterator[Check]:
    expect = turn.expect
    searched = heard.intent is not None and heard.intent.act in _SEARCHING
    fits = any(not r.unknown for r in heard.shown)
    if expect.found is True:
        yield Check("found", fits, "nothing shown fits in full")
    elif expect.found is False:
        told = "something fits" if fits else "the turn was no search"
        yield Check("found", searched and not fits, told)
    if expect.carried is not None:
        topic = next(
            (c for c in heard.moment.hard if c.field == "type" and not c.op.negative), None
        )
        said_no = topic is not None and not heard.shown and not shelf.carries(topic)
        told = "says it is not carried" if said_no else "does not say that it is not carried"
        yield Check("carried", said_no is not expect.carried and searched, told)
    for name, golds, wrong in (
        ("satisfies", expect.satisfies, Verdict.VIOLATION),
        ("lacks", expect.lacks, Verdict.MATCH),
    ):
        for gold in golds:
            yield _shown_check(name, gold, wrong, heard, shelf)
    if expect.target is not None:
        rank = _rank(turn, heard, shelf)
        place = f"at place {rank}" if rank else "not in the ranking"
        yield Check("target", rank is not None and rank <= 10, f"{expect.target} is {place}")
    if expect.question is not None:
        asked = heard.question is not None
        yield Check("question", asked is expect.question, "asked" if asked else "did not ask")


def _shown_check(name: str, gold: Gold, wrong: Verdict, heard: Heard, shelf: Shelf) -> Check:
    demand = shelf.constraint(gold)
    bad = [r for r in heard.shown if demand is not None and judge(r.product, demand) is wrong]
    titles = "; ".join(r.product.title for r in bad[:2])
    return Check(name, not bad and heard.error is None, f"{write_constraint(gold)}: {titles}")


def _rank(turn: Turn, heard: Heard, shelf: Shelf) -> int | None:
    if turn.expect.target is None:
        return None
    wanted = shelf.named(turn.expect.target)
    return next((n for n, i in enumerate(heard.ranking, 1) if i in wanted), None)
