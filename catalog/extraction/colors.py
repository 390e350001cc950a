"""The colours of a product, told apart from red wine, Red Dead and black buckles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from catalog.extraction.known import Known
from catalog.extraction.materials import MATERIAL_WORDS
from catalog.extraction.passage import Passage
from catalog.extraction.subject import APPAREL, Subject
from catalog.extraction.words import Span
from catalog.lexicon import COLOR_FAMILY, COLORS, PLAIN_COLORS
from catalog.text import tokens

_SHADES: Final = frozenset({s for shades in COLOR_FAMILY.values() for s in shades} | {*COLORS, *PLAIN_COLORS})  # fmt: skip
_LIKELY: Final = frozenset(
    "gold silver ivory lilac violet mauve tan caramel cognac golden aqua cyan cobalt scarlet olive orange bronze".split()
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
    """food treat chocolate gel tea coffee wine juice beer shampoo soap lotion wash sauce snack biscuit cookie sweet candy
    drink yoghurt yogurt cereal granola jam spice seasoning scent fragrance perfume balm protein cake gum mint flavour flavor
    conditioner cream diffuser syrup vodka gin rum liqueur salad soup fruit vegetable dairy bakery grocery onion pear apple cheese
    meat fish seafood""".split()  # noqa: SIM905
)
"""Where a shade is as likely a taste or a scent."""
_FOR_FOOD: Final = frozenset(
    """mug cup saucer teapot jug holder stand candlestick apron cushion cover plate cosy spoon knife towel cutter mould mold rack
    maker machine grinder dispenser kettle tray placemat coaster tablecloth napkin runner""".split()  # noqa: SIM905
)
"""Things named after what is eaten or burnt with them, which have a colour of their own: a coffee mug."""
_LABELLED: Final = re.compile(r"(?:\bcolou?rs?(?:\s+name)?\s*(?::|=|\bis\b)\s*|\bmain colou?r\s*:?\s*|\b(?:available|comes?|finished|sold|painted|dyed)\s+in\s+(?:an?\s+|the\s+|colou?rs?\s+)?)$")  # fmt: skip
_IN: Final = re.compile(r"(?:^|\s)in\s+(?:an?\s+)?$")
_JOINED: Final = re.compile(r"\s*(?:/|,|&|\+|\band\b|\bor\b|,\s*and|-|\||\bwith\b)\s*")
_SETS: Final = frozenset({"set", "collection", "bundle", "assortment"})
_TIGHT: Final = re.compile(r"[\s-]*(?:/|&|\+|\band\b)[\s-]*")
_COLOR_PART: Final = re.compile(r"[\s)]*(?:$|[,;|)\]]|\s-\s|\.(?:\s|$))")

_PART: Final = re.compile(r"(?:[,(\[|]|\s-)\s*$")
_LOOKS: Final = ("-hued", "-toned", "-tipped", "-haired", "-eyed", "-faced")
_MEASURED: Final = re.compile(r"\s+\d")


class Colors:
    """Reads colours under one feed: everybody's words, and the values this feed uses."""

    def __init__(self, known: Known) -> None:
        self.known = known
        shades = {p: shade for shade in sorted(_SHADES) if (p := tuple(tokens(shade)))}
        self.colors = {**shades, **known.values.get("color", {})}
        self.color_firsts = frozenset({p[0] for p in self.colors} | _TINTS)

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

    def _sure(self, passage: Passage, subject: Subject, run: Span) -> int:
        """2 where only a colour can stand, 1 where this one is the product's, 0 else."""
        first, last, _ = run
        start, end = passage.starts[first], passage.ends[last - 1]
        before, after = passage.lower[max(0, start - 40) : start], passage.lower[end : end + 12]
        if _LABELLED.search(before):
            return 2
        if after.startswith(_LOOKS):
            return 0
        if subject.any_of(_TASTED) and subject.heads.isdisjoint(_FOR_FOOD):
            return 0
        if "candle" in subject.heads and not self._plain(passage, first, last):
            return 0
        if passage.source == "description":
            # of a set it may be one piece's; a word of the title was judged there
            if _SETS & subject.words or (
                passage.words[last - 1] in subject.words and not self._plain(passage, first, last)
            ):
                return 0
            return int(
                self._likely(passage, first, last)
                and not _names_thing(passage, last)
                and subject.follows(passage, last, reach=2)
            )
        end = self._past_material(passage, last)
        part = first > 0 and _PART.search(before) is not None
        apart = part or (first > 0 and _IN.search(before) is not None)
        if not part and not subject.speaks(passage, start):
            return 0
        if apart and _COLOR_PART.match(passage.lower, end):
            return 0 if subject.media and end + 2 < len(passage.lower) else 2
        listed = last < len(passage.words) and passage.words[last] in self.color_firsts
        if apart and listed and _JOINED.match(after):
            return 1
        return int(not subject.media and self._in_midst(passage, subject, first, last, end))

    def _past_material(self, passage: Passage, last: int) -> int:
        """Where the materials right after a colour end: "dark grey velvet"."""
        while (
            last < len(passage.words)
            and passage.words[last] in MATERIAL_WORDS
            and not passage.breaks(last)
        ):
            last += 1
        return passage.ends[last - 1]

    def _in_midst(
        self, passage: Passage, subject: Subject, first: int, last: int, end: int
    ) -> bool:
        """Whether a colour among the words of a title is the product's and no part of a name."""
        if _names_thing(passage, last) or (
            first and passage.words[first - 1] in _NOT_A_COLOR_AFTER
        ):
            return False
        if self._plain(passage, first, last) and first:
            # at the end of a part, or before its measures: "Kettle black", "Phone blue 64 GB"
            if _COLOR_PART.match(passage.lower, end) or _MEASURED.match(passage.lower, end):
                return True
            if self._wears(passage, first, last):
                return True
        if first == 0 and not self._plain(passage, first, last):
            # a title's first word is as likely a name
            return False
        return self._likely(passage, first, last) and subject.follows(passage, last, reach=4)

    def _wears(self, passage: Passage, first: int, last: int) -> bool:
        """Whether a piece of clothing follows: "black dress", not "in the pink shoes"."""
        return (
            not passage.breaks(last)
            and passage.words[last] in APPAREL
            and passage.words[first - 1] not in ("the", "a", "my")
        )

    def _likely(self, passage: Passage, first: int, last: int) -> bool:
        return self._plain(passage, first, last) or passage.words[last - 1] in _LIKELY

    def _plain(self, passage: Passage, first: int, last: int) -> bool:
        word = passage.words[last - 1]
        return word in PLAIN_COLORS or (last - first > 1 and word in _BASES)


def _names_thing(passage: Passage, last: int) -> bool:
    """Whether the word after a colour makes a thing or a name of both: "red wine", "Red Dead"."""
    return (
        last < len(passage.words)
        and not passage.breaks(last)
        and passage.words[last] in _NOT_A_COLOR_BEFORE
    )
