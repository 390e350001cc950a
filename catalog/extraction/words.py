"""Brand, colours, materials, who it is cut for, and yes/no features, read word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from catalog.extraction.known import Known, Phrase
from catalog.extraction.passage import Passage
from catalog.extraction.subject import APPAREL, Subject
from catalog.lexicon import COLOR_FAMILY, COLORS, MATERIAL_FORMS, MATERIALS
from catalog.text import find_run, tokens

Span = tuple[int, int, str]
"""Words [first, last) and what they say."""

_BY: Final = re.compile(r"\bby\s+$")

# ---- colours

_BASIC: Final = frozenset(
    """black white gray grey red pink yellow green blue purple brown beige turquoise navy burgundy maroon khaki teal
    charcoal fuchsia magenta multicolor multicolour indigo taupe crimson""".split()  # noqa: SIM905
)
"""Words that hardly ever mean anything but a colour; the others need a place where only one stands."""
_SHADES: Final = frozenset({s for shades in COLOR_FAMILY.values() for s in shades} | {*COLORS, *_BASIC})  # fmt: skip
_LIKELY: Final = frozenset(
    "gold silver ivory lilac violet mauve tan golden aqua cyan cobalt scarlet olive orange bronze".split()
)
"""Before the product's noun these are colours too; the rest (mint, espresso, stone) are as often not."""
_TINTS: Final = frozenset(
    """mid dark light deep pale bright matt matte navy royal sky baby hot pastel dusty midnight forest olive mint rose burnt army
    neon metallic jet space slate charcoal ice powder soft lime bottle racing brick cherry wine dusky steel electric cobalt
    petrol emerald sage blush cool warm ash off glossy heather heathered washed stone true bright""".split()  # noqa: SIM905
)
_BASES: Final = frozenset({*COLOR_FAMILY, "navy", "teal", "olive", "charcoal", "khaki", "denim"})
_NOT_A_COLOR_BEFORE: Final = frozenset(
    """wine tea rice pepper chocolate bean coffee juice flour sugar onion apple grape cabbage cheese currant berry pudding
    bread lentil curry sauce oil salt mulberry seed friday dead bull alert hat dwarf sox ribbon panther op ops widow sabbath
    decker label ranger lantern arrow hulk goblin giant walker noise board eye eyed ray beard jay cross crescent card market
    hole ice horse hawk knight lagoon pearl light lights led medal standard edition plated class member collar collection
    series version award book leaf fox wolf dragon dog cat crow bird owl devil baron army army's beret door paper goods box
    point line lotus orchid lily carpet room steel sea mountain peter spruce tooth print head cap squad team skull max hood
    riding star switch switches hair hot rock river day tiger mamba stallion power screen man boy girl monkey rhino
    dot moon magic ocean planet lion bean house tree hope hornet hole sun pill thumb zone blossom ink mist bay lake creek""".split()  # noqa: SIM905
)
"""A word after a colour with which it is a name or a thing: "red wine", "Red Bull", "white noise"."""
_NOT_A_COLOR_AFTER: Final = frozenset(
    {"coming", "orange-flavoured", "code", "cherry-flavoured", "mx", "going", "outback"}
)
_TASTED: Final = frozenset(
    """food treat chocolate gel tea coffee wine juice beer candle shampoo soap lotion wash sauce snack biscuit cookie sweet candy
    drink yoghurt yogurt cereal granola jam spice seasoning scent fragrance perfume balm protein cake gum mint flavour flavor
    conditioner cream diffuser syrup vodka gin rum liqueur salad soup""".split()  # noqa: SIM905
)
"""Where a shade is as likely a taste or a scent."""
_LABELLED: Final = re.compile(r"(?:\bcolou?rs?(?:\s+name)?\s*(?::|=|\bis\b)\s*|\bmain colou?r\s*:?\s*|\b(?:available|comes?|finished|sold|painted|dyed)\s+in\s+(?:an?\s+|the\s+|colou?rs?\s+)?)$")  # fmt: skip
_IN: Final = re.compile(r"(?:^|\s)in\s+(?:an?\s+)?$")
_JOINED: Final = re.compile(r"\s*(?:/|,|&|\+|\band\b|\bor\b|,\s*and|-|\||\bwith\b)\s*")
_TIGHT: Final = re.compile(r"\s*(?:/|&|\+|\band\b)\s*")
_COLOR_PART: Final = re.compile(r"[\s)]*(?:$|[,;|)\]]|\s-\s|\.(?:\s|$))")

# ---- materials

_FAKE: Final = re.compile(
    r"\b(?:faux|vegan|imitation|artificial|synthetic|pu|fake|mock|pleather|bonded|eco)[\s-]+$"
)
_DOUBTFUL: Final = frozenset(
    """down felt lace mesh modal stone glass paper plush cork pine oak latex metal canvas walnut copper brass beech marble
    silk plastic rubber denim enamel cardboard concrete hemp teak wood satin velvet terracotta vinyl steel""".split()  # noqa: SIM905
)
"""Materials whose word often means something else: in a title only right before the product's noun."""
_ONLY_TOLD: Final = frozenset(
    {"lace", "denim", "paper", "down", "felt", "modal", "stone", "marble", "latex"}
)
"""Believed only after "made of", "100%", "material:"."""
_NOT_OF_MATERIAL: Final = frozenset(
    """coated coating plated cleaner polish paint glue brush look effect print free shop shampoo detergent bag-free burning burner cutter cleaning care wash
    repair stain oil tree drill screw stove pellet filler chips carving tape tester like style inspired scissors shears holder
    rack clip hook stand bead beads track run pen marker detector dye dryer trim trimmed accents detail details detailing
    lined lining strap straps handle handles button buttons sole soles upper feet legs lid candy bud ball balls""".split()  # noqa: SIM905
)
_MADE: Final = re.compile(
    r"(?:\b(?:made|crafted|constructed|woven|knitted|knit|cut|built|fashioned|hand-?crafted|carved|sewn|forged|moulded|molded|produced|manufactured)\s+"
    r"(?:entirely\s+|completely\s+|only\s+|mainly\s+)?(?:of|from|in|with|out\s+of)\s+"
    r"|\bmaterials?(?:\s+type)?\s*(?::|=|\bis\b)\s*|\bfabrics?\s*:\s*|\bcomposition\s*:\s*|\d{1,3}\s*%\s+)"
    r"(?:[\w-]+\s+){0,3}$"
)
_PURE: Final = re.compile(r"(?:^|[^\d])100\s*%\s+(?:[a-z]+\s+){0,2}$")
_PART_BEFORE: Final = re.compile(
    r"\b(?:lining|filling|soles?|trim|hood|outsole|insole|midsole|cover|handles?|lid|base|legs?|straps?|frame|feet|stand|wheels?|buttons?|upper|backing|shade|pockets?|cuffs?|inner|interior|buckle|clasp|accents?|blades?|bowl|rim|ring)\b[^.]{0,30}$"
)
_BODY: Final = frozenset(
    {"body", "construction", "shell", "build", "housing", "casing", "fabric", "blend", "material"}
)

# ---- who it is cut for

_GENDER: Final = re.compile(
    r"(?<![\w-])(?:(?P<own>men's|mens|mens'|women's|womens|womens'|ladies'?|gents|boy's|boys'?|girl's|girls'?|unisex)"
    r"|(?P<plain>men|women)|for\s+(?P<whom>men|women|him|her|boys|girls|ladies))(?![\w-])(?:\s*(?:&|and|/|\+)\s*(?P<other>men|women|girls|boys)(?:'?s)?(?!\w))?"
)
_GENDER_OF: Final = {
    "men": "men", "mens": "men", "men's": "men", "mens'": "men", "gents": "men", "him": "men", "women": "women", "womens": "women",
    "women's": "women", "womens'": "women", "ladies": "women", "ladies'": "women", "her": "women", "boy's": "boys", "boys": "boys",
    "boys'": "boys", "girl's": "girls", "girls": "girls", "girls'": "girls", "unisex": "unisex",
}  # fmt: skip

# ---- yes/no

_SAFE_FLAGS: Final[dict[Phrase, str]] = {
    tuple(tokens(name.replace("_", " "))): name
    for name in (
        "waterproof", "cordless", "wireless", "dishwasher_safe", "machine_washable", "microwave_safe", "oven_safe", "vegan",
        "organic", "gluten_free", "rechargeable", "dimmable", "leakproof", "fragrance_free", "sugar_free", "caffeine_free",
        "noise_cancelling", "water_resistant", "foldable", "reversible", "bpa_free", "cruelty_free", "lactose_free",
    )
}  # fmt: skip
_ASSURING: Final = (
    "able",
    "ible",
    "proof",
    "less",
    "free",
    "resistant",
    "safe",
    "washable",
    "cancelling",
)
_IT: Final = re.compile(
    r"(?:^|\b(?:it|it's|they|they're|this|these|which|that|everything|all parts|all pieces|you)\b)\s*(?:is|are|'s|'re)?\s*"
    r"(?:also|fully|completely|100\s*%|certified|even|totally|both|all|and|naturally|entirely|now)?\s*$"
)
_PREDICATE_END: Final = re.compile(
    r"\s*(?:$|[.,;!)&]|\b(?:and|so|too|up to|to|for easy|down to|as well)\b)"
)
_FLAG_LABEL: Final = re.compile(r"^\s*[:=]\s*(yes|no|true|false|n/a)\b")


def brand_in(title: Passage, known: Known) -> Span | None:
    """The known brand a title begins with, or that it names after "by"."""
    words = title.words
    for i in range(len(words)):
        if i and words[i - 1] != "by":
            continue
        for size in range(min(4, len(words) - i), 0, -1):
            found = known.brands.get(tuple(words[i : i + size]))
            if found is not None:
                return i, i + size, found
    return None


def runs_of(passage: Passage, phrase: str | None) -> list[tuple[int, int]]:
    """Where a text says a phrase, as runs of words."""
    run = tokens(phrase or "")
    found, at = [], find_run(passage.words, run)
    while at >= 0:
        found.append((at, at + len(run)))
        at = find_run(passage.words, run, at + 1)
    return found


def _phrases(
    passage: Passage, lexicon: Mapping[Phrase, str], firsts: Iterable[str]
) -> Iterator[Span]:
    """The longest phrases of a lexicon in a text, left to right, without overlaps."""
    words, i = passage.words, 0
    firsts = frozenset(firsts)
    while i < len(words):
        if words[i] in firsts:
            for size in (3, 2, 1):
                said = lexicon.get(tuple(words[i : i + size]))
                if said is not None and len(words) >= i + size:
                    yield i, i + size, said
                    i += size - 1
                    break
        i += 1


class Lexicon:
    """The words to look for under one feed: everybody's, and the values this feed uses."""

    def __init__(self, known: Known) -> None:
        self.known = known
        colors = {p: p_text for p_text in _SHADES if (p := tuple(tokens(p_text)))}
        materials = {tuple(tokens(m)): MATERIAL_FORMS.get(m, m) for m in MATERIALS if m != "plush"}
        self.colors = {**colors, **known.values.get("color", {})}
        self.materials = {**materials, **known.values.get("material", {})}
        self.color_firsts = frozenset({p[0] for p in self.colors} | _TINTS)
        self.material_firsts = frozenset(p[0] for p in self.materials)
        self.flag_firsts = frozenset(p[0] for p in (*_SAFE_FLAGS, *known.flags.get("", {})) if p)

    # -- colours

    def color_runs(self, passage: Passage) -> list[Span]:
        """Colour phrases with their tints: "navy blue", "matte black", "off-white"."""
        runs: list[Span] = []
        words, i = passage.words, 0
        while i < len(words):
            if words[i] not in self.color_firsts:
                i += 1
                continue
            last, named = self._color_at(passage, i)
            if last > i:
                runs.append((i, last, named))
                i = last
            else:
                i += 1
        return runs

    def _color_at(self, passage: Passage, i: int) -> tuple[int, str]:
        words = passage.words
        for size in (3, 2, 1):
            phrase = tuple(words[i : i + size])
            if len(phrase) < size or any(passage.breaks(k) for k in range(i + 1, i + size)):
                continue
            tinted = (
                size > 1
                and (phrase[-1] in _BASES or phrase[-1:] in self.colors)
                and all(w in _TINTS for w in phrase[:-1])
            )
            if phrase in self.colors or tinted:
                own = self.known.values.get("color", {}).get(phrase)
                return i + size, own or passage.lower[
                    passage.starts[i] : passage.ends[i + size - 1]
                ]
        return i, ""

    def colors_in(
        self, passage: Passage, subject: Subject, taken: Sequence[tuple[int, int]] = ()
    ) -> list[Span]:
        """Where the product's colours are told, in order; empty when none is surely its own."""
        if self.known.says_none(subject.kind, "color"):
            return []
        runs = [
            r
            for r in self.color_runs(passage)
            if not passage.denied(r[0], r[1]) and not any(r[0] < b and a < r[1] for a, b in taken)
        ]
        sure = [self._sure(passage, subject, r) for r in runs]
        # neighbours of a sure colour in a list are as sure: "available in rose, black and sand"
        for k in (*range(1, len(runs)), *range(len(runs) - 1, 0, -1)):
            between = passage.lower[passage.ends[runs[k - 1][1] - 1] : passage.starts[runs[k][0]]]
            if sure[k - 1] != sure[k] and _TIGHT.fullmatch(between):
                sure[k - 1] = sure[k] = not _names_thing(passage, runs[k][1])
            elif sure[k - 1] == 2 and not sure[k] and _JOINED.fullmatch(between):
                sure[k] = 2
        return [r for r, ok in zip(runs, sure, strict=True) if ok]

    def _edible(self, subject: Subject) -> bool:
        return subject.any_of(_TASTED)

    def _sure(self, passage: Passage, subject: Subject, run: Span) -> int:
        """2 where only a colour can stand, 1 where this one is the product's, 0 else."""
        first, last, _ = run
        start, end = passage.starts[first], passage.ends[last - 1]
        before, after = passage.lower[max(0, start - 40) : start], passage.lower[end : end + 12]
        if _LABELLED.search(before):
            return 2
        if self._edible(subject):
            return 0
        if passage.source == "title":
            if start >= subject.side and not re.search(r"[,(]\s*$|\s-\s*$", before):
                return 0
            apart = first > 0 and (_IN.search(before) or re.search(r"(?:[,(\[|]|\s-)\s*$", before))
            if apart and _COLOR_PART.match(passage.lower, end):
                return 2
            if (
                apart
                and _JOINED.match(after)
                and passage.words[last : last + 1]
                and (passage.words[last] in self.color_firsts)
            ):
                return 1
            if subject.media or _names_thing(passage, last):
                return 0
            if first and passage.words[first - 1] in _NOT_A_COLOR_AFTER:
                return 0
            if last == len(passage.words) and first > 1 and self._plain(passage, first, last):
                return 1
            if first == 0 and not self._before_head(passage, subject, last):
                # a title's first word is as likely a name
                return 0
            if self._plain(passage, first, last):
                return 1
            return int(
                self._likely(passage, first, last) and self._before_head(passage, subject, last)
            )
        return int(
            self._likely(passage, first, last)
            and self._before_head(passage, subject, last, reach=2)
        )

    def _likely(self, passage: Passage, first: int, last: int) -> bool:
        return self._plain(passage, first, last) or passage.words[last - 1] in _LIKELY

    def _plain(self, passage: Passage, first: int, last: int) -> bool:
        word = passage.words[last - 1]
        return word in _BASIC or (last - first > 1 and word in _BASES)

    def _before_head(
        self, passage: Passage, subject: Subject, last: int, *, reach: int = 3
    ) -> bool:
        """Whether the product's own noun follows, other adjectives between."""
        for i in range(last, min(last + reach + 1, len(passage.words))):
            if passage.breaks(i) or passage.words[i] in ("and", "with", "or", "for", "in", "to"):
                return False
            if passage.words[i] in subject.heads:
                follows = passage.words[i + 1 : i + 2]
                return i > last or not _names_thing(passage, last) or bool(follows)
        return False

    # -- materials

    def materials_in(
        self, passage: Passage, subject: Subject, taken: Sequence[tuple[int, int]] = ()
    ) -> tuple[str, ...]:
        """What the product is made of; empty when the text does not clearly say.

        ``taken`` are the runs of words that say something else: its brand, its colour.
        """
        found: list[str] = []
        certain: list[str] = []
        for first, last, said in _phrases(passage, self.materials, self.material_firsts):
            if passage.denied(first, last) or any(first < b and a < last for a, b in taken):
                continue
            start = passage.starts[first]
            before = passage.before(start, 70)
            following = passage.words[last] if last < len(passage.words) else ""
            if following in _NOT_OF_MATERIAL and not passage.breaks(last):
                continue
            if fake := _FAKE.search(passage.lower[max(0, start - 12) : start]):
                said = f"faux {said}" if said in ("leather", "suede", "fur") else said
                if not said.startswith("faux") and "organic" not in fake[0]:
                    continue
            made = _MADE.search(passage.lower[max(0, start - 60) : start])
            if said in _ONLY_TOLD and not made:
                continue
            listed = bool(certain) and re.search(r"^\W*(?:and|&|/|,|\d|%|\s)*$", passage.gap(first))
            if (made and not _PART_BEFORE.search(passage.sentence(start, start))) or (
                listed and made
            ):
                certain.append(said)
            elif passage.source == "title":
                if self._names_stuff(passage, subject, first, last, before):
                    found.append(said)
            elif _is_stuff(passage, subject, last):
                found.append(said)
        return distinct(certain or found)

    def _names_stuff(
        self, passage: Passage, subject: Subject, first: int, last: int, before: str
    ) -> bool:
        if passage.starts[first] >= subject.side or subject.media:
            return False
        if _PURE.search(before) or _IN.search(before):
            return True
        if passage.words[last - 1] in _DOUBTFUL and last - first == 1:
            return self._before_head(passage, subject, last, reach=2) and first > 0
        ends = last >= len(passage.words) or passage.breaks(last)
        return ends or self._before_head(passage, subject, last, reach=4)

    # -- yes/no

    def flags_in(self, passage: Passage, subject: Subject) -> Iterator[str]:
        """Yes/no attributes the text claims of the product itself; never one it denies."""
        own = self.known.flags.get(subject.kind, {})
        everywhere = self.known.flags.get("", {})
        words = passage.words
        for i, word in enumerate(words):
            if word not in self.flag_firsts:
                continue
            for size in (3, 2, 1):
                phrase = tuple(words[i : i + size])
                name = own.get(phrase) or everywhere.get(phrase) or _SAFE_FLAGS.get(phrase)
                if name is None or len(phrase) < size:
                    continue
                assured = size > 1 or phrase in _SAFE_FLAGS or word.endswith(_ASSURING)
                if (assured or (phrase in own and passage.source == "title")) and self._claimed(
                    passage, subject, i, i + size
                ):
                    yield name
                break

    def _claimed(self, passage: Passage, subject: Subject, first: int, last: int) -> bool:
        if any(passage.breaks(k) for k in range(first + 1, last)) or passage.denied(first, last):
            return False
        start, end = passage.starts[first], passage.ends[last - 1]
        labelled = _FLAG_LABEL.match(passage.lower[end : end + 12])
        if labelled:
            return labelled[1] in ("yes", "true")
        if re.match(r"\s*(?:\?|not\b|sold\b|optional)", passage.lower[end : end + 10]):
            return False
        if passage.source == "title":
            if start >= subject.side:
                return False
            return (
                last >= len(passage.words)
                or passage.breaks(last)
                or self._before_head(passage, subject, last, reach=4)
            )
        before = passage.before(start, 50)
        after = passage.lower[end : end + 12]
        if _IT.search(before) and _PREDICATE_END.match(after):
            return True
        if re.search(rf"\b(?:{'|'.join(map(re.escape, sorted(subject.heads)))})s?\s+(?:is|are)\s+(?:also\s+|fully\s+)?$", before):  # fmt: skip
            return bool(_PREDICATE_END.match(after))
        return self._before_head(passage, subject, last, reach=2)


def _names_thing(passage: Passage, last: int) -> bool:
    """Whether the word after a colour makes a thing or a name of both: "red wine", "Red Dead"."""
    return (
        last < len(passage.words)
        and not passage.breaks(last)
        and passage.words[last] in _NOT_A_COLOR_BEFORE
    )


def _is_stuff(passage: Passage, subject: Subject, last: int) -> bool:
    """In a description: "a leather backpack", "stainless steel body"."""
    for i in range(last, min(last + 2, len(passage.words))):
        if passage.breaks(i):
            return False
        word = passage.words[i]
        if word in subject.heads or (i == last and word in _BODY):
            return True
    return False


def gender_in(passage: Passage, subject: Subject) -> str | tuple[str, ...] | None:
    """Who clothes are cut for, None for other things and where nothing clear is said."""
    if not subject.any_of(APPAREL):
        return None
    said: list[str] = []
    for m in _GENDER.finditer(passage.lower):
        if passage.source == "description" and not (
            m["whom"]
            and re.search(r"\b(?:designed|made|cut|tailored|fit)\s+$", passage.before(m.start()))
        ):
            continue
        if m["plain"] and re.search(r"[\w'][\s-]+(?:x|in|of|little|super|mega)[\s-]+$|\bx-$", passage.lower[: m.start()][-12:]):  # fmt: skip
            continue
        said.append(_GENDER_OF[m["own"] or m["plain"] or m["whom"]])
        if m["other"]:
            said.append(_GENDER_OF[m["other"]])
    who = distinct(said)
    if len(who) < 2:
        return who[0] if who else None
    if set(who) <= {"men", "women", "unisex"}:
        return "unisex"
    return ("boys", "girls") if set(who) == {"boys", "girls"} else None


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Each once, and none that a longer one already says ("blue" beside "navy blue")."""
    unique = list(dict.fromkeys(words))
    return tuple(w for w in unique if not any(w != o and f" {w} " in f" {o} " for o in unique))
