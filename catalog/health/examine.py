"""Products in, :class:`catalog.health.report.Health` out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from catalog.health.asked import OF_A_TYPE, WORDED, Asked, Bools, Floats, Ints
from catalog.health.demands import KINDS
from catalog.health.prices import far_prices, same_prices
from catalog.health.report import Effect, Example, Finding, Health, KindLine, TypeLine
from catalog.health.rows import BIT, RATED, SOLD_OUT, STOCKED, ZERO_PRICE, Rows
from catalog.health.sketch import near_groups
from catalog.health.spelling import folded_alike, respelled
from catalog.health.wording import WORDING
from catalog.product import Product

EXAMPLES: Final = 5
_TYPES_SHOWN: Final = 15
_COMMON: Final = 0.6
"""Share of a type that makes an attribute one that the others lack."""
_SHELF: Final = 20
"""Products from which a type of one is an oversight."""
_SHARED_IMAGE: Final = 3


def examine(products: Iterable[Product], *, limit: int = EXAMPLES) -> Health:
    """Read the products once and say what they lack.

    Memory grows by about half a kilobyte a product, id and title included; time linearly, but for
    sorting. ``limit`` is how many examples a finding has. The same products in the same order
    give the same result.
    """
    rows = Rows(limit)
    for product in products:
        rows.add(product)
    return _Examination(rows).health()


class _Examination:
    """What follows from all rows together."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.n = len(rows)
        self.kind, self.flags = rows.column("kind"), rows.column("flags")
        self.asked = Asked(rows)
        self.findings: list[Finding] = []
        self.doubted = np.zeros(self.n, np.float32)

    def health(self) -> Health:
        if self.n:
            self._missing()
            self._money()
            self._names()
            self._doubles()
            self._stock()
            self._gaps()
            self._alone()
        per_row = np.zeros(self.n, np.float32)
        for kind in KINDS:
            per_row += self.asked.weight(kind) * self.asked.lack[kind]
        self.findings.sort(key=lambda f: (-round(f.demands, 4), -f.count, f.code))
        return Health(
            products=self.n,
            unanswered=_mean(per_row) / 100,
            in_doubt=_mean(self.doubted) / 100,
            findings=tuple(self.findings),
            kinds=tuple(self._kinds()),
            types=tuple(self._types(per_row)),
            types_in_all=len({k.name for k in self.rows.kinds if k.name}),
            worst=self._worst(per_row),
        )

    # --- findings -------------------------------------------------------------------------

    def _find(
        self,
        code: str,
        at: Ints | Bools,
        what: str | Sequence[str] = "",
        *,
        cost: tuple[str, Floats | None] | None = None,
        lost: Floats | None = None,
        effect: Effect = "none",
        detail: str = "",
        count: int | None = None,
        examples: Sequence[tuple[int, str]] | None = None,
    ) -> None:
        """Add a finding about the rows ``at``.

        ``cost`` is a kind of demand and the part of it that is lost (None: all), ``lost`` the
        same of 100 demands of any kind.
        """
        where = np.flatnonzero(at) if at.dtype == np.bool_ else at
        count = len(where) if count is None else count
        if not count:
            return
        if cost is not None:
            lost = self.asked.weight(cost[0]) * (1 if cost[1] is None else cost[1])
        part = np.zeros(0, np.float32) if lost is None else lost[where]
        demands = float(part.sum(dtype=np.float64)) / self.n
        if effect == "in doubt":
            self.doubted[where] = np.maximum(self.doubted[where], part)
        if examples is None:
            examples = [
                (int(row), what if isinstance(what, str) else what[i])
                for i, row in enumerate(where[: self.rows.limit])
            ]
        title, loses, do = WORDING[code]
        self.findings.append(
            Finding(
                code, title, count, count / self.n, demands,
                effect if demands else "none", loses, do, detail,
                tuple(self._example(row, said) for row, said in examples[: self.rows.limit]),
            )
        )  # fmt: skip

    def _example(self, row: int, what: str) -> Example:
        return Example(self.rows.id(row), self.rows.title(row), what)

    def _noted(self, code: str, detail: str = "") -> None:
        """A finding that each product shows by itself."""
        nowhere = np.empty(0, np.int64)
        self._find(
            code, nowhere, count=self.rows.count[code], examples=self.rows.examples.get(code, []),
            detail=detail,
        )  # fmt: skip

    def _missing(self) -> None:
        for kind in ("type", "price", "brand", "feature"):
            at = (self.flags & BIT[kind]) == 0
            if kind == "feature":
                at = self.asked.lack[kind] > 0
            self._find(
                f"no_{kind}", at, f"no {kind} stated" if kind != "feature" else "no property, and hardly a description",
                cost=(kind, self.asked.lack[kind]), effect="unanswered",
            )  # fmt: skip
        asked = (self.asked.lack["measure"] > 0) & (self.asked.weight("measure") > 0)
        said = [self.asked.unmeasured(int(row)) for row in np.flatnonzero(asked)[: self.rows.limit]]
        self._find(
            "no_measure", asked, said, cost=("measure", self.asked.lack["measure"]), effect="unanswered",
            detail=self._worst_types("measure"),
        )  # fmt: skip
        for kind in WORDED:
            at = (self.asked.lack[kind] > 0) & (self.asked.weight(kind) > 0)
            self._find(
                f"no_{kind}", at, f"no {'colour' if kind == 'color' else kind} stated", cost=(kind, self.asked.lack[kind]),
                effect="unanswered", detail=self._worst_types(kind),
            )  # fmt: skip

    def _worst_types(self, kind: str, shown: int = 4) -> str:
        lost = np.bincount(
            self.kind, weights=self.asked.weight(kind) * self.asked.lack[kind], minlength=1
        )
        named = [
            f"{self.rows.kinds[i].shown} ({int((self.asked.lack[kind][self.kind == i] > 0).sum()):,})"
            for i in np.argsort(-lost, kind="stable")[: shown + 1]
            if lost[i] > 0 and self.rows.kinds[i].name
        ]
        return f"mostly {', '.join(named[:shown])}" if len(named) > 1 else ""

    def _money(self) -> None:
        main, rare, nameless = self.asked.foreign
        code = self.rows.column("currency")
        said = [
            f"in {self.rows.currencies[int(code[row])]}, most are in {main or 'no currency'}"
            for row in rare[: self.rows.limit]
        ]
        self._find("currency_rare", rare, said, cost=("price", None), effect="unanswered")
        self._find("currency_missing", nameless, "no currency")
        far, same = far_prices(self.rows), same_prices(self.rows)
        for name, faulty in (("price_far", far), ("price_same", same)):
            at = np.array([row for row, _ in faulty], np.int64)
            self._find(
                name, at, [what for _, what in faulty], cost=("price", None), effect="in doubt"
            )
        nothing = np.flatnonzero(self.flags & ZERO_PRICE)
        self._find(
            "price_zero", nothing, cost=("price", None), effect="in doubt",
            examples=self.rows.examples.get("price_zero", []),
        )  # fmt: skip
        self._noted("list_price_far")

    def _names(self) -> None:
        brand = self.rows.column("brand")
        followed = brand[brand >= 0]
        counts = np.bincount(followed, minlength=len(self.rows.brands))
        other = respelled(dict(zip(self.rows.brands, counts.tolist(), strict=True)))
        number = {name: i for i, name in enumerate(self.rows.brands)}
        self._respelled("brand_spelling", "brand", brand, {number[a]: (a, b) for a, b in other.items()})  # fmt: skip
        spelled: Counter[str] = Counter()
        for kind in self.rows.kinds:
            spelled.update(kind.spelled)
        other = respelled(spelled)
        torn = {
            i: (kind.name, other[name])
            for i, kind in enumerate(self.rows.kinds)
            for name in [next(iter(kind.spelled), "")]
            if name in other and not folded_alike(name, other[name])
        }
        self._respelled("type_spelling", "type", self.kind, torn)
        sizes: Counter[str] = Counter()
        for i, size in enumerate(np.bincount(self.kind, minlength=len(self.rows.kinds))):
            sizes[self.rows.kinds[i].name] += int(size)
        single = [i for i, k in enumerate(self.rows.kinds) if k.name and sizes[k.name] == 1]
        if self.n >= _SHELF and single:
            at = np.flatnonzero(np.isin(self.kind, single))
            said = [f"the only “{self.rows.kinds[int(self.kind[r])].shown}”" for r in at[: self.rows.limit]]  # fmt: skip
            self._find("type_single", at, said)

    def _respelled(
        self, code: str, kind: str, column: Ints, pairs: dict[int, tuple[str, str]]
    ) -> None:
        if not pairs:
            return
        at = np.flatnonzero(np.isin(column, list(pairs)))
        lost = np.zeros(self.n, np.float32)
        torn = [i for i, (a, b) in pairs.items() if not folded_alike(a, b)]
        lost[np.isin(column, torn)] = 1
        size = Counter(column[at].tolist())
        shown = sorted(pairs, key=lambda i: (-size[i], pairs[i]))[: self.rows.limit]
        examples = [
            (int(at[column[at] == i][0]), f"“{pairs[i][0]}” ({size[i]:,}), mostly “{pairs[i][1]}”")
            for i in shown
            if size[i]
        ]
        self._find(code, at, cost=(kind, lost), effect="in doubt", examples=examples)

    def _doubles(self) -> None:
        titles = self.rows.hashes("title")
        same = self._shared("title_same", titles, 2, "the same title")
        forms = self.rows.hashes("form").copy()
        forms[same] = 0
        self._shared("title_near", forms, 2, "the same but for a number, a colour or a size")
        told = self.rows.hashes("told").copy()
        # the same product twice is one fault, not two
        told[same] = 0
        again = self._shared("description_same", told, 2, "the same description")
        rows, sketches = self.rows.sketches()
        keep = ~(again | same)[rows]
        rows, sketches = rows[keep], sketches[keep]
        first = near_groups(sketches) if len(rows) else rows
        near = np.zeros(self.n, np.uint64)
        sizes = np.bincount(first, minlength=len(rows)) if len(rows) else first
        several = sizes[first] > 1 if len(rows) else np.empty(0, bool)
        near[rows[several]] = first[several].astype(np.uint64) + np.uint64(1)
        self._shared("description_near", near, 2, "nearly the same description")
        self._shared("image_shared", self.rows.hashes("image"), _SHARED_IMAGE, "the same picture")

    def _shared(self, code: str, hashes: npt.NDArray[np.uint64], least: int, what: str) -> Bools:
        """A finding of rows whose value (0: none) at least so many share; the largest group first."""
        shared = np.zeros(self.n, bool)
        there = np.flatnonzero(hashes)
        if not len(there):
            return shared
        _, group, counts = np.unique(hashes[there], return_inverse=True, return_counts=True)
        at = there[counts[group] >= least]
        shared[at] = True
        if not len(at):
            return shared
        firsts = np.full(len(counts), self.n, np.int64)
        np.minimum.at(firsts, group, there)
        large = [g for g in np.argsort(-counts, kind="stable")[: self.rows.limit] if counts[g] >= least]  # fmt: skip
        large.sort(key=lambda g: (-counts[g], firsts[g]))
        examples = []
        for g in large:
            members = there[group == g]
            second = self.rows.id(int(members[1]))
            more = f" and {len(members) - 2:,} more" if len(members) > 2 else ""
            examples.append((int(members[0]), f"{what} as {second}{more}"))
        groups = int((counts >= least).sum())
        self._find(code, at, examples=examples, detail=f"{groups:,} group{'s' if groups > 1 else ''}")  # fmt: skip
        return shared

    def _stock(self) -> None:
        unknown = (self.flags & STOCKED) == 0
        detail = "of the whole catalogue" if unknown.all() else ""
        self._find("stock_unknown", unknown, "stock unknown", detail=detail)
        out = (self.flags & SOLD_OUT) != 0
        detail = "everything is sold out: look for a column read wrongly" if out.all() else ""
        self._find("sold_out", out, "sold out", detail=detail)

    def _gaps(self) -> None:
        """Attributes that three fifths of a type state and these do not."""
        mask = self.asked.masks
        lacking = np.zeros(self.n, bool)
        lost = {kind: np.zeros(self.n, np.float32) for kind in KINDS}
        found: list[tuple[int, int, str]] = []
        for number, group in self.asked.types_in_turn():
            kind = self.rows.kinds[number]
            if len(group) < OF_A_TYPE or not kind.name:
                continue
            for name, bit in kind.bits.items():
                without = group[(mask[group] & np.uint64(bit)) == 0]
                if 0 < len(without) <= (1 - _COMMON) * len(group):
                    lacking[without] = True
                    about = kind.answers[name]
                    lost[about][without] = self.asked.lack[about][without]
                    share = 1 - len(without) / len(group)
                    said = f"no {name.replace('_', ' ')}, which {share:.0%} of “{kind.shown}” state"
                    found.append((len(without), int(without[0]), said))
        found.sort(key=lambda f: (-f[0], f[1], f[2]))
        values = sum(f[0] for f in found)
        examples = [(row, f"{said} ({count:,} do not)") for count, row, said in found]
        in_all = np.zeros(self.n, np.float32)
        for about, part in lost.items():
            in_all += self.asked.weight(about) * part
        self._find(
            "gap", lacking, examples=examples, lost=in_all, effect="unanswered",
            detail=f"{values:,} value{'' if values == 1 else 's'} missing",
        )  # fmt: skip

    def _alone(self) -> None:
        prose = ", ".join(f"{n} ({c:,})" for n, c in self.rows.prose.most_common(6))
        if (self.flags & RATED).any():
            self._noted("rating_without_count")
        for code in (
            "no_image", "image_not_https", "no_description", "thin_description",
            "title_short", "title_long", "title_shouting", "title_stuffed",
            "variant_without_options", "variant_twice",
            "text_not_for_shoppers", "text_to_model", "text_markup", "text_decoding", "text_control",
        ):  # fmt: skip
            self._noted(code)
        self._noted("prose_only", prose)

    # --- tables ---------------------------------------------------------------------------

    def _kinds(self) -> Iterator[KindLine]:
        for kind in KINDS:
            weight = self.asked.weight(kind)
            asked = _mean(weight)
            lost = _mean(weight * self.asked.lack[kind])
            yield KindLine(kind, asked, 1 - lost / asked if asked else 1.0, lost)

    def _types(self, per_row: Floats) -> Iterator[TypeLine]:
        sizes: Counter[str] = Counter()
        lost: dict[str, Counter[str]] = {}
        shown: dict[str, str] = {}
        for i, size in enumerate(np.bincount(self.kind, minlength=len(self.rows.kinds)).tolist()):
            name = self.rows.kinds[i].name
            sizes[name] += size
            lost.setdefault(name, Counter())
            shown.setdefault(name, self.rows.kinds[i].shown)
        for kind in KINDS:
            sums = np.bincount(
                self.kind, weights=self.asked.weight(kind) * self.asked.lack[kind], minlength=len(self.rows.kinds)
            )  # fmt: skip
            for i, total in enumerate(sums.tolist()):
                lost[self.rows.kinds[i].name][kind] += total
        worst = sorted(lost, key=lambda n: (-round(sum(lost[n].values()), 3), n))
        for name in worst[:_TYPES_SHOWN]:
            kinds = {
                k: v / sizes[name] for k, v in lost[name].most_common() if v > 0.05 * sizes[name]
            }
            yield TypeLine(shown[name], sizes[name], sum(lost[name].values()) / sizes[name], kinds)

    def _worst(self, per_row: Floats) -> tuple[Example, ...]:
        shown = []
        for row in np.argsort(-np.round(per_row, 3), kind="stable")[: self.rows.limit]:
            if per_row[row] <= 0:
                break
            lacks = sorted(
                (
                    k
                    for k in KINDS
                    if self.asked.lack[k][row] * self.asked.weight_of(k, row) >= 0.05
                ),
                key=lambda k: -float(self.asked.lack[k][row] * self.asked.weight_of(k, row)),
            )
            said = f"{per_row[row]:.0f} of 100 demands: no {', '.join(lacks)}"
            shown.append(self._example(int(row), said))
        return tuple(shown)


def _mean(values: Floats) -> float:
    return float(values.mean(dtype=np.float64)) if len(values) else 0.0
