"""MG-ShopDial: what an utterance does, in shopping dialogues between two people.

Bernard & Balog, "MG-ShopDial: A Multi-Goal Conversational Dataset for E-Commerce", SIGIR
2023. Its intents describe moves in a conversation, ours what the shop has to do; only where
the one settles the other is an utterance compared (:data:`GOLD`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

from assistant.evaluation.bootstrap import Mean, Ratio, Sample, draw, estimate, ratio
from assistant.evaluation.external.reading import (
    data_file,
    document,
    gains,
    sampled,
    systems,
    unread,
)
from assistant.evaluation.metrics import as_json
from assistant.evaluation.suites import Outcome, Setup
from assistant.intent import Act
from assistant.llm.protocol import LanguageModel
from assistant.moment import Moment

FILE: Final = "mg_shopdial.json.gz"
MAJORITY: Final = "majority"
KEYWORDS: Final = "keywords"
"""Names of the baselines in every metric."""

CLASSES: Final = ("want", "ask", "chat")

GOLD: Final = {
    ("disclose", "recommendation"): "want",
    ("disclose", "search"): "want",
    ("clarify", "qa"): "ask",
    ("o_question", "qa"): "ask",
    ("greeting", "meta"): "chat",
    ("interaction", "meta"): "chat",
    ("pf", "meta"): "chat",
    ("nf", "meta"): "chat",
}
"""The class of an utterance by (intent, goal), both as annotated. What is not here is left out:
an answer, an explanation or feedback on a recommendation may be a new demand, an order or small
talk, and a question while searching may be a demand ("anything cheaper?")."""

CLASS_OF_ACT: Final = {
    Act.SEARCH: "want", Act.REFINE: "want", Act.CLEAR: "want", Act.MORE: "want", Act.SIMILAR: "want",
    Act.ASK: "ask", Act.COMPARE: "ask", Act.REVIEW: "ask", Act.CHAT: "chat",
}  # fmt: skip
"""Our acts by class; orders (cart, saving, buying again) are in none, so always wrong here."""

_OTHER: Final = "order"
_ASKS: Final = re.compile(
    r"\?|^\W*(?:and |so |ok |okay |but )?(?:what|which|who|where|when|why|how|is|are|was|does|do|did|can|could|has|have you"
    r"|will|would you)\b",
    re.IGNORECASE,
)
_CHATS: Final = re.compile(
    r"\b(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|thanks?|thank you|thx|bye|goodbye|welcome|nice|great|cool|ok|okay"
    r"|yes|no problem|sure|perfect|wow|hmm+)\b",
    re.IGNORECASE,
)
_WANTS: Final = re.compile(
    r"\b(?:want|need|looking|look|like|prefer|buy|budget|under|something|interested|search\w*|find)\b",
    re.IGNORECASE,
)


class Utterance(BaseModel, frozen=True):
    """One utterance; ``intents`` are (name, votes) of those with at least two votes."""

    participant: str
    utterance: str
    goal: str | None = None
    intents: tuple[tuple[str, float], ...] = ()


class Conversation(BaseModel, frozen=True):
    """One dialogue of a client (the shopper) and a wizard (the shop)."""

    id: str
    utterances: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance of a shopper: its class (None: left out), and what each system says."""

    gold: str | None
    got: dict[str, str]


def gold_class(utterance: Utterance) -> str | None:
    """The class on which all intents with the most votes agree; None when it is left out."""
    most = max((votes for _, votes in utterance.intents), default=0.0)
    classes = {
        GOLD.get((name, utterance.goal or "")) for name, votes in utterance.intents if votes == most
    }
    return classes.pop() if len(classes) == 1 else None


def by_keywords(text: str) -> str:
    """The baseline: a question asks, small talk without a word of wanting chats, all else wants."""
    if _ASKS.search(text):
        return "ask"
    if _CHATS.search(text) and not _WANTS.search(text):
        return "chat"
    return "want"


def evaluate(setup: Setup, model: LanguageModel | None) -> Outcome:
    """Read every shopper's utterances of ``limit`` dialogues (drawn by seed), each in the light
    of those before it. Raises UsageError when the file is missing or malformed.
    """
    path = data_file(FILE, setup.data)
    chosen = sampled(document(path, TypeAdapter(list[Conversation])), setup.limit)
    compared = systems(setup, model)
    total = sum(u.participant == "Client" for c in chosen for u in c.utterances)
    done = 0
    dialogues: list[list[Said]] = []
    for conversation in chosen:
        moments = {s.name: Moment() for s in compared}
        said: list[Said] = []
        for utterance in conversation.utterances:
            if utterance.participant != "Client":
                continue
            got = {KEYWORDS: by_keywords(utterance.utterance)}
            for system in compared:
                intent = system.read(utterance.utterance, moments[system.name])
                moments[system.name] = moments[system.name].fold(intent)
                got[system.name] = CLASS_OF_ACT.get(intent.act, _OTHER)
            said.append(Said(gold_class(utterance), got))
            done += 1
            setup.progress("shopdial", done, total)
        dialogues.append(said)
    scored = _with_majority([[s for s in d if s.gold is not None] for d in dialogues])
    names = [MAJORITY, KEYWORDS, *(s.name for s in compared)]
    samples = {n: s for name in names for n, s in _samples(name, scored).items()}
    counts = {
        "shopdial_dialogues": len(chosen),
        "shopdial_utterances": total,
        "shopdial_compared": sum(map(len, scored)),
    } | unread("shopdial", compared)
    accuracy = {n: s for n, s in samples.items() if isinstance(s, Ratio)}
    return Outcome(
        "shopdial",
        tuple(c.id for c in chosen),
        samples,
        counts,
        {
            "by_act": _by_act(names, scored),
            "differences": gains(accuracy, "shopdial_accuracy", KEYWORDS, len(chosen)),
            "acts_confused": _confused(names[2:], scored),
        },
        {},
        tuple(f"shopdial_{m}_{name}" for m in ("accuracy", "macro_f1") for name in names),
    )


def _with_majority(dialogues: Sequence[Sequence[Said]]) -> list[list[Said]]:
    """The utterances with the majority baseline's class beside the others."""
    gold = Counter(s.gold for d in dialogues for s in d if s.gold is not None)
    most = min(gold, key=lambda c: (-gold[c], c), default=CLASSES[0])
    return [[Said(s.gold, {MAJORITY: most} | s.got) for s in d] for d in dialogues]


def _f1(name: str, label: str, dialogues: Sequence[Sequence[Said]]) -> Ratio:
    right = [sum(s.gold == label == s.got[name] for s in d) for d in dialogues]
    both = [sum((s.gold == label) + (s.got[name] == label) for s in d) for d in dialogues]
    return ratio([2 * r for r in right], both)


def _samples(name: str, dialogues: Sequence[Sequence[Said]]) -> dict[str, Sample]:
    right = [sum(s.gold == s.got[name] for s in d) for d in dialogues]
    return {
        f"shopdial_accuracy_{name}": ratio(right, [len(d) for d in dialogues]),
        f"shopdial_macro_f1_{name}": Mean(tuple(_f1(name, c, dialogues) for c in CLASSES)),
    }


def _by_act(names: Sequence[str], dialogues: Sequence[Sequence[Said]]) -> dict[str, dict[str, Any]]:
    """A row ``"CLASS, SYSTEM"`` for each class and system."""
    weights = draw(len(dialogues))
    table: dict[str, dict[str, Any]] = {}
    for label in CLASSES:
        for name in names:
            right = [sum(s.gold == label == s.got[name] for s in d) for d in dialogues]
            marked = [sum(s.gold == label for s in d) for d in dialogues]
            found = [sum(s.got[name] == label for s in d) for d in dialogues]
            shares = {
                "precision": ratio(right, found),
                "recall": ratio(right, marked),
                "f1": _f1(name, label, dialogues),
            }
            table[f"{label}, {name}"] = {"marked": sum(marked), "found": sum(found)} | as_json(
                {n: estimate(s, weights) for n, s in shares.items()}
            )
    return table


def _confused(names: Sequence[str], dialogues: Sequence[Sequence[Said]]) -> dict[str, int]:
    """``"reader: ask → want"``: how often a class was taken for another, most frequent first."""
    wrong = Counter(
        f"{name}: {s.gold} → {s.got[name]}"
        for name in names
        for d in dialogues
        for s in d
        if s.got[name] != s.gold
    )
    return dict(wrong.most_common())
