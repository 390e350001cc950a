"""The suite ``reasons``: everything said of a product, held against its record by another reader.

The dialogues are played with the model phrasing reasons. Every reason, every line of a near miss,
every sentence that names a product or counts some, every answer and every cell of a comparison is
read by a grammar of the audit's own (:mod:`.claims`, :mod:`.sentences`, :mod:`.records`), which
shares no code with what made them. What it cannot read is ``unread``, not supported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from assistant.evaluation.bootstrap import Ratio, Sample
from assistant.evaluation.claims import read_claims
from assistant.evaluation.dialogue import Dialogue, DialogueError, load_dialogues
from assistant.evaluation.missed import breaks
from assistant.evaluation.names import Names
from assistant.evaluation.records import evidence_holds, field_of, holds, strange
from assistant.evaluation.runner import Stage, open_stage
from assistant.evaluation.sentences import check_sentence, sentences, speaks_of_products
from assistant.evaluation.shelves import stock
from assistant.evaluation.standing import Scene
from assistant.evaluation.suites import Outcome, Setup, left_out, limited
from assistant.evaluation.told import Told
from assistant.llm.protocol import LanguageModel
from assistant.reply import Recommendation, Reply
from assistant.shopper import Shopper
from catalog.constraint import Constraint
from catalog.errors import ShopperNotFound, UsageError
from catalog.money import to_major
from catalog.product import Product
from catalog.verdict import Verdict, judge
from retrieval.index import Index

SUPPORTED: Final = "supported"
UNSUPPORTED: Final = "unsupported"
UNREAD: Final = "unread"
_VERDICTS: Final = {True: SUPPORTED, False: UNSUPPORTED, None: UNREAD}
_NO_PRODUCT: Final = Product("", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing said, with what became of it."""

    kind: str
    """``reason``, ``near_miss``, ``sentence`` or ``cell``."""
    product: str
    """The product's id; empty for a sentence."""
    text: str
    evidence: Mapping[str, Any]
    verdict: str
    why: str = ""
    by_model: bool = False


@dataclass(slots=True)
class Auditor:
    """Reads the replies of conversations about one catalogue."""

    index: Index
    shopper: Shopper | None = None
    seen: dict[str, Product] = field(default_factory=dict)
    """Products shown in this conversation, the latest last."""
    _fitting: dict[tuple[Constraint, ...], tuple[Product, ...]] = field(default_factory=dict)
    _names: Names | None = None
    _like: Product | None = None
    """What those shown are said to be like; it stays so when they are shown again."""

    def begin(self, shopper: Shopper | None) -> None:
        """A new conversation, with that shopper."""
        self.shopper = shopper
        self.seen.clear()
        self._like = None

    def audit(self, reply: Reply) -> list[Row]:
        """Every claim of a reply, judged."""
        rows: list[Row] = []
        marked, named = self._marked(reply.text, ())
        if found := re.search(r"\bLike ⟦(\d+)⟧:", marked):
            self._like = named[int(found[1])]
        for together in (reply.recommendations, reply.near_misses):
            for recommendation in together:
                rows += self._card(recommendation, together, reply)
        for recommendation in (*reply.recommendations, *reply.near_misses):
            self.seen.pop(recommendation.product.id, None)
            self.seen[recommendation.product.id] = recommendation.product
        return rows + self._text(reply) + self._table(reply)

    def _card(
        self, recommendation: Recommendation, together: Sequence[Recommendation], reply: Reply
    ) -> list[Row]:
        product = recommendation.product
        raw = self.index.get(product.id)
        if raw is None:
            return [Row("reason", product.id, product.title, {}, UNSUPPORTED, "no such product")]
        rows = []
        beside = tuple(r.product for r in together)
        for reason in recommendation.reasons:
            true = self._read(reason.text, product, beside, reply)
            wrong = evidence_holds(product, raw, reason.evidence, self._past(product))
            wrong += [f"shown {f}" for f in strange(product, raw)]
            why = f"evidence: {', '.join(wrong)}" if wrong else ""
            if not reason.evidence:
                why = "no evidence"
            verdict = UNSUPPORTED if why else _VERDICTS[true]
            rows.append(
                Row(
                    "reason",
                    product.id,
                    reason.text,
                    dict(reason.evidence),
                    verdict,
                    why,
                    reason.source == "model",
                )
            )
        for line in recommendation.near_miss:
            rows.append(
                Row(
                    "near_miss",
                    product.id,
                    line,
                    {},
                    _VERDICTS[self._missed(line, product, beside, reply)],
                )
            )
        return rows

    def _read(
        self, text: str, product: Product, beside: tuple[Product, ...], reply: Reply
    ) -> bool | None:
        marked, named = self._marked(text, beside)
        return read_claims(marked, self._scene(product, beside, reply, named))

    def _missed(
        self, line: str, product: Product, beside: tuple[Product, ...], reply: Reply
    ) -> bool | None:
        """Whether a near miss breaks what it says, and nothing else."""
        broken = [c for c in reply.moment.hard if judge(product, c) is Verdict.VIOLATION]
        if line == "not what you named, but near it":
            return any(c.field == "type" for c in reply.moment.hard)
        if line.startswith("filed under "):
            return line == f"filed under {product.type}"
        if not broken:
            return False
        said = breaks(line, product, broken)
        return said if said is not None else read_claims(line, self._scene(product, beside, reply))

    def _scene(
        self,
        product: Product,
        beside: tuple[Product, ...],
        reply: Reply,
        named: tuple[Product, ...] = (),
    ) -> Scene:
        return Scene(
            product,
            reply.moment,
            beside,
            self._that_fit,
            self._past(product),
            named,
            (),
            self._like,
        )

    def _that_fit(self, hard: tuple[Constraint, ...]) -> tuple[Product, ...]:
        """Products that meet all of some demands, sold as they meet them."""
        if hard not in self._fitting:
            state = self.index.columns.standing(hard)
            products = (self.index.products[int(row)] for row in np.flatnonzero(state == 1))
            self._fitting[hard] = tuple(_as_fits(p, hard) for p in products)
        return self._fitting[hard]

    def _marked(self, text: str, likely: Sequence[Product]) -> tuple[str, tuple[Product, ...]]:
        if self._names is None:
            self._names = Names(self.index)
        known = [*likely, *reversed(self.seen.values()), *self._kept()]
        return self._names.marked(text, list({p.id: p for p in known}.values()))

    def _kept(self) -> list[Product]:
        """What the shopper bought or saved before."""
        if self.shopper is None:
            return []
        ids = [*self.shopper.bought(), *(e.product for e in self.shopper.wishlist)]
        return [p for i in ids if (p := self.index.get(i)) is not None]

    def _past(self, product: Product) -> dict[str, set[str]]:
        """What may be said of a shopper's past with a product, as texts and as evidence."""
        if self.shopper is None:
            return {}
        made: dict[str, set[str]] = {
            "said": set(),
            "order": set(),
            "wishlist": set(),
            "saved_price": set(),
            "paid": set(),
        }
        made |= {"times bought": set(), "dates": set(), "times": set()}
        made["wishlists"] = {e.product for e in self.shopper.wishlist}
        saved = self.shopper.saved(product.id)
        if saved is not None:
            made["wishlist"].add(saved.on.isoformat())
            made["said"].add("on your wishlist")
            if saved.price:
                made["saved_price"] |= _money(saved.price, product.currency)
                for gap in _money(saved.price - (product.price or 0), product.currency):
                    made["said"].add(f"on your wishlist, and {gap} cheaper than when you saved it")
        last = self.shopper.last_purchase(product.id)
        if last is not None:
            on, times = last.on.strftime("%-d %B %Y"), self.shopper.bought().get(product.id, 0)
            made["order"] |= {last.on.isoformat(), on}
            made["dates"].add(on.lower())
            made["times"].add(str(times))
            made["said"] |= {f"you bought it on {on.lower()}", f"last bought on {on.lower()}"}
            made["said"].add(f"last bought on {on.lower()}, {times} times so far")
            if last.price is not None and product.price is not None:
                made["paid"] |= _money(last.price, product.currency)
                side = "less" if product.price < last.price else "more"
                for gap in _money(abs(product.price - last.price), product.currency):
                    made["said"].add(f"{gap} {side} than you paid")
        return made

    def _text(self, reply: Reply) -> list[Row]:
        """The sentences of the reply's text that speak of products."""
        shown = tuple(r.product for r in (*reply.recommendations, *reply.near_misses))
        text = reply.text
        marked, named = self._marked(text, shown)
        rows = []
        spoken = _NO_PRODUCT
        for told in sentences(marked):
            if speaks_of_products(told):
                scene = self._scene(spoken, shown, reply, named)
                verdict = check_sentence(
                    told,
                    Told(
                        reply,
                        self.index,
                        scene,
                        named,
                        lambda p: self._scene(p, shown, reply, named),
                    ),
                )
                rows.append(Row("sentence", "", _unmarked(told, named), {}, _VERDICTS[verdict]))
            spoken = next((p for n, p in enumerate(named) if f"⟦{n}⟧" in told), spoken)
        return rows

    def _table(self, reply: Reply) -> list[Row]:
        """Cells of a comparison: each holds what the record does."""
        if not reply.differences:
            return []
        head, *lines = reply.differences
        known = {p.title: p for p in self.seen.values()}
        rows = []
        for line in lines:
            for title, cell in zip(head.values, line.values, strict=True):
                product, name = known.get(title), field_of(line.label)
                true = product is not None and (
                    _silent(product, name) if cell == "not stated" else holds(product, name, cell)
                )
                rows.append(
                    Row(
                        "cell",
                        product.id if product else "",
                        f"{line.label}: {cell}",
                        {},
                        _VERDICTS[true],
                    )
                )
        return rows


def _silent(product: Product, name: str) -> bool:
    held = product.attributes.get(name, getattr(product, name, None))
    return held is None or held == ""


def _money(minor: int, currency: str | None) -> set[str]:
    """Ways to write a sum, by evidence or in a sentence."""
    major = to_major(minor, currency)
    signs = {"USD": "$", "EUR": "€", "GBP": "£"}
    sign = signs.get(currency or "", f"{currency} " if currency else "")
    made = {
        f"{sign}{major:,.2f}",
        f"{sign}{major:,.2f}".removesuffix(".00"),
        f"{sign}{major:,.0f}" if major == int(major) else "",
    }
    return (made | {m.lower() for m in made}) - {""}


def _as_fits(product: Product, hard: Sequence[Constraint]) -> Product:
    if len(product.variants) < 2:
        return product
    fits = [
        v for v, o in zip(product.variants, product.offers(), strict=True)
        if all(judge(o, c) is Verdict.MATCH for c in hard)
    ]  # fmt: skip
    return product.sold_as(fits) if fits and len(fits) < len(product.variants) else product


def _unmarked(text: str, named: Sequence[Product]) -> str:
    for n, product in enumerate(named):
        text = text.replace(f"⟦{n}⟧", product.title)
    return text


def evaluate(setup: Setup, model: LanguageModel | None) -> Outcome:
    """Play the dialogues of the split and audit every reply; catalogues that cannot be had are left out."""
    chosen = limited(
        load_dialogues(setup.split, folder=setup.dialogues, catalogs=setup.catalogs), setup.limit
    )
    if not chosen:
        raise UsageError(f"there are no dialogues in split {setup.split!r} of {setup.dialogues}")
    missing = stock(
        {d.catalog for d in chosen}, home=setup.home, data=setup.data, progress=setup.progress
    )
    playable = [d for d in chosen if d.catalog not in missing]
    total = sum(len(d.turns) for d in playable)
    heard: list[tuple[str, int, Row]] = []
    turns = refused = 0
    for catalog in dict.fromkeys(d.catalog for d in playable):
        stage = open_stage(
            catalog, model, setup.ablation, home=setup.home, reasons=True, model_seconds=setup.model_seconds
        )  # fmt: skip
        try:
            stage.warm_up()
            auditor = Auditor(stage.shop.index)
            for dialogue in (d for d in playable if d.catalog == catalog):
                for number, reply in enumerate(_replies(stage, dialogue, auditor), 1):
                    turns += 1
                    refused += len(reply.refused)
                    heard += [(dialogue.id, number, row) for row in auditor.audit(reply)]
                    setup.progress("reasons", turns, total)
        finally:
            stage.close()
    return _outcome(
        [d.id for d in playable],
        heard,
        turns,
        refused,
        left_out(missing, chosen),
        tells=setup.split == "dev",
    )


def _replies(stage: Stage, dialogue: Dialogue, auditor: Auditor) -> Iterator[Reply]:
    """The replies to a dialogue's turns, one after the other."""
    try:
        talk = stage.converse(dialogue.shopper)
    except ShopperNotFound as error:
        raise DialogueError(f"{dialogue.file}, {dialogue.id}: {error}") from error
    auditor.begin(talk.shopper)
    for turn in dialogue.turns:
        yield talk.reply(turn.say)


def _outcome(
    units: Sequence[str],
    heard: Sequence[tuple[str, int, Row]],
    turns: int,
    refused: int,
    missing: Mapping[str, Any],
    *,
    tells: bool,
) -> Outcome:
    rows = [row for _, _, row in heard]
    verdicts = Counter(row.verdict for row in rows)
    kinds = Counter(row.kind for row in rows)
    counts = {
        "turns": turns,
        "products": len({row.product for row in rows if row.product}),
        "reasons": kinds["reason"],
        "reasons_by_model": sum(row.by_model for row in rows),
        "near_misses": kinds["near_miss"],
        "sentences": kinds["sentence"],
        "cells": kinds["cell"],
        "supported": verdicts[SUPPORTED],
        "unsupported": verdicts[UNSUPPORTED],
        "unread": verdicts[UNREAD],
        "dropped_by_checker": refused,
    }
    by_kind = {
        kind: dict(Counter(r.verdict for r in rows if r.kind == kind)) for kind in sorted(kinds)
    }
    listed = [_listed(d, n, row, tells=tells) for d, n, row in heard if row.verdict != SUPPORTED]
    at = {unit: n for n, unit in enumerate(units)}
    top, bottom = np.zeros(len(units)), np.zeros(len(units))
    for unit, _, row in heard:
        bottom[at[unit]] += 1
        top[at[unit]] += row.verdict == SUPPORTED
    samples: dict[str, Sample] = {"supported_rate": Ratio(top, bottom)}
    tables = {"by_kind": by_kind, "not_supported": listed}
    return Outcome("reasons", tuple(units), samples, counts, tables, missing, ("supported_rate",))


def _listed(dialogue: str, turn: int, row: Row, *, tells: bool) -> dict[str, Any]:
    told = {
        "verdict": row.verdict,
        "kind": row.kind,
        "dialogue": dialogue,
        "turn": turn,
        "product": row.product,
    }
    if row.why:
        told["why"] = row.why
    # of the test split only that something failed is told, not what was talked of
    return told | ({"text": row.text, "evidence": dict(row.evidence)} if tells else {})
