"""Which attribute a measure is: by the words around it, by what the feed calls its unit, by its unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from catalog.extraction.known import Known
from catalog.extraction.measure_words import (
    AFTER,
    BEARERS,
    BEFORE,
    DIAMETERS,
    GENERAL,
    HEIGHTS,
    LABELS,
    LENGTHS,
    LIQUIDS,
    MEMORY_KIND,
    SAME,
    SPEAKS_FOR_ITSELF,
    STORAGE_KIND,
    USUAL,
)
from catalog.extraction.numbers import Number
from catalog.extraction.passage import Passage
from catalog.extraction.subject import CARRIERS, SCREENS, VESSELS, Subject
from catalog.text import stem, tokens

_LABEL: Final = re.compile(r"(?:^|[^a-z])([a-z][a-z ]{2,34}?)\s*(?::|=|\s-)\s*(?:approx(?:imately)?\.?|about|ca\.?|~|approximate)?\s*$")  # fmt: skip
_UNIT_TOKENS: Final = frozenset(
    "mm cm m in inch ft g kg oz lb ml l w v mah hz minute hour min h second".split()
)
_PLAIN_LABEL: Final = frozenset("item product net total approximate overall unit the its rated size screen display level battery refresh net dimension nominal maximum max operating motor average".split())  # fmt: skip
_NOT_THE_ITEMS: Final = frozenset(
    """package packaging packing shipping carton gross box boxed parcel user recommended fit compatible compatibility suitable
    folded per pixel scale waist chest bust hip track min minimum input adapter charger""".split()  # noqa: SIM905
)
_LOAD: Final = re.compile(
    r"(?:\b(?:holds?(?=\s+up\s+to)|supports?|supporting|carr(?:y|ies|ying)|bears?|bearing|withstands?|rated\s+(?:for|to)|(?:load|weight|carrying|user|rider)\s+(?:capacity|limit)|max(?:imum)?\.?\s+(?:\w+\s+)?(?:load|weight)|(?:user|rider|child|body|person|passenger|dog|cat|pet)\s+weight|load)\b)"
    r"[\s:]*(?:of|is|for|up|to|weights?|loads?|people|users|riders|a|an|at|least|over|max|maximum|\s)*$"
)
_LOAD_AFTER: Final = re.compile(r"[\s-]*(?:max(?:imum)?\s+)?(?:load|weight\s+(?:limit|capacity)|weight\s+rating|payload|capacity)\b")  # fmt: skip
_FOREIGN: Final = re.compile(
    r"\b(?:up\s+to|at\s+least|over|more\s+than|less\s+than|from|min(?:imum)?|max(?:imum)?|for|fits?|compatible\s+with|suits?|suitable|holds?|supports?|accommodates?|without|"
    r"than|versus|vs|per|every|each|save|off|extra|free|replaces?|equivalent|equals?|like|within|after|add|adds|under|below|range|distance|scale|package|packaging|"
    r"box|depth\s+of|waist|chest|pocket|age[sd]?|adjustable|extends?|between|down\s+to|increase|decrease|another|additional|almost|nearly|minus|plus|only\s+with)\b[\s\w,.'-]{0,24}$"
)
_FOREIGN_AFTER: Final = re.compile(
    r"[\s-]*(?:not\s+included|sold\s+separately|off\b|more\b|extra\b|free\b|less\b|equivalent|compatible|apart|away|gauge|scale|warning|deep\s+(?:end|water)|"
    r"per\b|each\b|a\s+day|every|below|above|from|older|old\b|adapter|adaptor|charger|charging|fast|usb|speakers?|rms|peak|battery|batteries|outlet|socket|mains|input|solar|"
    r"hole|pocket|gap|margin|laptops|tablets|phones|tvs|monitors|bulbs|bottles|plates|discs?|tracks?|figures\b(?=\s+fit)|wheels?|lens|lenses|range|distance|strap|handle|chain|drop|radius|for\b)"
)
_NOT_OFFERED: Final = re.compile(
    r"\b(?:not\s+(?:included|supplied)|sold\s+separately|optional|compatible|not\s+suitable|recommended\s+for)\b"
)
_LOUD: Final = re.compile(
    r"\b(?:alarm|siren|whistle|gain|antenna|snr|nrr|reduc\w*|attenuat\w*|protect\w*|sensitivity|cancel\w*|ear\s?muffs?|ear\s?plugs?|signal|s/n|block\w*)\b"
)
_BELOW: Final = re.compile(r"\b(?:less than|below|under|max\.?|maximum|up to)\s*$")
_BRACKET: Final = re.compile(r"\s*\(\s*\d[^()]{0,16}\)")
_ALONE: Final = re.compile(r"\b(?:an?|each|one|the|this|in|our)\s+$|^\s*$")
_FOR_DEVICE: Final = re.compile(
    r"(?:\b(?:for|fits?|holds?|suits?|accommodates?|compatible\s+with|up\s+to|sleeve|case|bag|stand|mount|bracket)\b[\s\w-]{0,20})$"
)
_DEVICE_AFTER: Final = re.compile(r"[\s-]*(?:[\w-]+\s+){0,2}?(laptop|notebook|macbook|tablet|ipad|tv|television|monitor|phone)s?\b(?:\s+(sleeve|case|bag|backpack|stand|mount|bracket|cover|pocket|compartment|arm|skin|protector|briefcase))?")  # fmt: skip
_DEVICE: Final = {"notebook": "laptop", "macbook": "laptop", "ipad": "tablet", "television": "tv"}
_AXIS_WORDS: Final = frozenset({"length", "width", "height", "depth", "diameter", "thickness"})
_SUBJECT: Final = re.compile(
    r"(?:^|\b(?:it|it's|they|this|which|that|is|are|and|stands|measures|measuring|approx(?:imately)?|about|around|product|item|a|an|the|at|just|only|with a|overall|total|each)\b)[\s:]*$"
)
_PART_IS: Final = re.compile(r"\b(?:the|its|a)\s+((?:[a-z-]+\s+)?[a-z-]+)\s+(?:is|are|measures)\s+(?:about\s+|just\s+|only\s+)?$")  # fmt: skip


class Namer:
    """Names measures under what one feed teaches."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self._named_by: dict[str, tuple[tuple[frozenset[str], str], ...]] = {}
        for base, names in known.measured.items():
            words = [(frozenset(tokens(n.replace("_", " "))), n) for n in names]
            # the longest first, so that a cord's length is not a length
            self._named_by[base] = tuple(sorted(words, key=lambda w: (-len(w[0]), w[1])))

    def type_names(self, kind: str, base: str) -> Mapping[str, int]:
        """The attributes products of a type state in a unit, with how many do."""
        return self.known.by_type.get((kind, base), {})

    def name(self, number: Number, passage: Passage, subject: Subject) -> str | None:
        """The attribute a measure of a text is, None when that is not certain."""
        base = number.base
        # "7 cm (2.76 inch) tall": the same once more stands between
        again = _BRACKET.match(passage.lower, number.end)
        before = passage.before(number.start)
        after = passage.after(again.end() if again else number.end)
        load = self._load(subject.kind, base, before, after)
        if load:
            return load
        if base == "dB":
            before = _BELOW.sub(" ", before)
        labelled = _LABEL.search(before)
        if labelled:
            return self._by_label(labelled[1], base, subject)
        device = self._device(number, before, after, subject)
        if device:
            return device
        if _NOT_OFFERED.search(passage.sentence(number.start, number.end, 80)):
            return None
        if base == "dB" and _LOUD.search(passage.sentence(number.start, number.end, 60)):
            return None
        own = self._by_known_words(base, before, after, subject)
        if own:
            return own
        return self._by_words(number, passage, before, after, subject)

    def _load(self, kind: str, base: str, before: str, after: str) -> str | None:
        if base != "g" or not (_LOAD.search(before) or _LOAD_AFTER.match(after)):
            return None
        for names in (self.type_names(kind, "g"), self.known.measured.get("g", {})):
            loads = [n for n in names if {"load", "limit", "max"} & set(n.split("_"))]
            if loads:
                return max(loads, key=lambda n: (names[n], n))
        return "max_load"

    def _by_label(self, label: str, base: str, subject: Subject) -> str | None:
        words = tokens(label)
        while words and (words[0] in _UNIT_TOKENS or len(words) > 3):
            words = words[1:]
        if not words or _NOT_THE_ITEMS.intersection(words):
            return None
        for size in range(len(words), 0, -1):
            name = "_".join(words[-size:])
            if self.known.units.get(name) == base and (
                size == len(words) or _PLAIN_LABEL.issuperset(words[:-size])
            ):
                return name
        known = LABELS.get(words[-1])
        if known is None or known[0] != base:
            return None
        if not _PLAIN_LABEL.issuperset(words[:-1]):
            # the measure of a part keeps its name: "cord length"
            part = len(words) > 1 and words[-2] in _PARTS and words[-1] in _AXIS_WORDS
            return "_".join(words[-2:]) if part else None
        return self._as_feed(known[1], base, subject.kind)

    def _device(self, number: Number, before: str, after: str, subject: Subject) -> str | None:
        """The device something is for: "for 13 inch laptops" is no size of the bag."""
        if number.base != "cm" or number.unit not in ("in", "cm"):
            return None
        found = _DEVICE_AFTER.match(after)
        if found is None:
            return None
        carried = bool(found[2]) or not subject.heads.isdisjoint(CARRIERS)
        if not (carried or _FOR_DEVICE.search(before)):
            return None
        device = _DEVICE.get(found[1], found[1])
        return f"{device}_size"

    def _by_known_words(self, base: str, before: str, after: str, subject: Subject) -> str | None:
        """A name of the feed all of whose words stand close by: "the cord is 75 cm long"."""
        own = self.type_names(subject.kind, base)
        candidates = self._named_by.get(base, ())
        if not candidates or re.search(r"\b(?:without|not|no)\b", before):
            return None
        left = [_ADJECTIVES.get(w, w) for w in tokens(before)[-6:]]
        right = [_ADJECTIVES.get(w, w) for w in tokens(after)[:3]]
        near = {*left, *right}
        for words, name in candidates:
            if own and name not in own:
                continue
            if len(words) > 1 and words <= near:
                return name
            if len(words) == 1 and name not in _EVERYBODYS:
                (word,) = words
                if word in right[:2] or word in left[-2:]:
                    return name
        return None

    def _by_words(
        self, number: Number, passage: Passage, before: str, after: str, subject: Subject
    ) -> str | None:
        base = number.base
        for pattern, name in AFTER.get(base, ()):
            if found := pattern.match(after):
                return self._checked(name, number, passage, before, after[found.end() :], subject)
        for pattern, name in BEFORE.get(base, ()):
            if found := pattern.search(before):
                part = _other_part(before[: found.start()], subject)
                if part is None and not (
                    base == "g" and re.match(r"\s*(?:of|protein|sugar)", after)
                ):
                    return self._as_feed(name, base, subject.kind)
                return f"{part}_{name}" if part and name in _AXIS_WORDS and part in _PARTS else None
        return self._bare(number, passage, before, after, subject)

    def _checked(
        self, name: str, number: Number, passage: Passage, before: str, rest: str, subject: Subject
    ) -> str | None:
        """A name found after the number, unless the words before speak of another thing."""
        if not subject.speaks(passage, number.start):
            return None
        foreign = _FOREIGN.search(before)
        if foreign and not (number.base == "min" or name == "max_load"):
            return None
        if name in _AXIS_WORDS and passage.source == "description":
            part = _PART_IS.search(before)
            if part:
                noun = stem(part[1].split()[-1])
                if noun not in subject.heads:
                    return f"{noun}_{name}" if noun in _PARTS else None
            elif not _SUBJECT.search(before):
                return None
            if re.match(
                r"\s+(?!x\b|and\b|with\b|when\b|so\b|but\b|at\b|to\b|in\b|for\b|tall\b)[a-z]", rest
            ) and not (subject.heads & set(tokens(rest)[:3])):
                # "a 20 cm long handle"
                return None
        if name == "screen_size" and not self._own_screen(number, passage, subject):
            return None
        # "a 200 ml bottle": its content, if it is spoken of alone
        poured = name in ("capacity", "volume") and passage.source == "description"
        if poured and "capacity" not in passage.after(number.end) and not _ALONE.search(before):
            return None
        return self._as_feed(name, number.base, subject.kind)

    def _own_screen(self, number: Number, passage: Passage, subject: Subject) -> bool:
        """Whether a screen spoken of is the product's: not in "charges a 13 inch laptop"."""
        if not subject.heads.isdisjoint(CARRIERS):
            return False
        near = set(tokens(passage.after(number.end))[:4])
        return bool(near & {"screen", "display", "touchscreen"}) or bool(near & subject.heads)

    def _bare(
        self, number: Number, passage: Passage, before: str, after: str, subject: Subject
    ) -> str | None:
        """A number without a word that names it."""
        base = number.base
        in_title = passage.source == "title"
        if _FOREIGN.search(before) or _FOREIGN_AFTER.match(after):
            return None
        if not subject.speaks(passage, number.start):
            return None
        if number.unit in ("oz", "mg"):
            # an ounce may be a fluid one, a milligram is of an ingredient
            return None
        own = self.type_names(subject.kind, base)
        if in_title:
            return self._by_type(own, base) or self._general(number, subject)
        if base in SPEAKS_FOR_ITSELF:
            return self._by_type(own, base) or GENERAL[base]
        packed = re.match(
            r"\s*(?:bag|pack|jar|tin|tube|bottle|pouch|tub|can|packet|bar|slab)\b", after
        )
        if base in ("g", "l") and packed and re.search(r"(?:^|\ban?\s+)$", before):
            return self._by_type(own, base)
        return None

    def _by_type(self, own: Mapping[str, int], base: str) -> str | None:
        """What products of the type call that unit, if there is but one name a bare number has."""
        for usual in USUAL.get(base, ()):
            if usual in own and (base != "cm" or len(own) == 1):
                return usual
        return next(iter(own)) if len(own) == 1 and base not in ("g", "month") else None

    def _general(self, number: Number, subject: Subject) -> str | None:
        base = number.base
        if base == "cm":
            return self._length(number, subject)
        if base == "l":
            if subject.any_of(LIQUIDS) and not subject.heads & VESSELS:
                return self._as_feed("volume", base, subject.kind)
            return "capacity" if subject.any_of(VESSELS) else None
        if base == "GB":
            memory, storage = subject.any_of(MEMORY_KIND), subject.any_of(STORAGE_KIND)
            if memory == storage:
                return None
            return self._as_feed("memory" if memory else "storage", base, subject.kind)
        if base == "Hz":
            screen = not subject.heads.isdisjoint(SCREENS) or subject.any_of(frozenset({"monitor"}))
            return "refresh_rate" if screen and 48 <= number.value <= 600 else None
        if base == "g" and subject.any_of(BEARERS):
            return None
        return GENERAL.get(base)

    def _length(self, number: Number, subject: Subject) -> str | None:
        if number.unit == "in" and not subject.heads.isdisjoint(SCREENS) and number.value >= 4:
            return self._as_feed("screen_size", "cm", subject.kind)
        for words, name in ((LENGTHS, "length"), (DIAMETERS, "diameter"), (HEIGHTS, "height")):
            if not subject.heads.isdisjoint(words):
                return name
        return None

    def _as_feed(self, name: str, base: str, kind: str) -> str:
        """The feed's own word for the same ("screen" for a screen size), for this type first."""
        for names in (self.type_names(kind, base), self.known.measured.get(base, {})):
            if name in names:
                return name
            for same in SAME.get(name, ()):
                if same in names:
                    return same
        return name


_ADJECTIVES: Final = {
    "long": "length", "wide": "width", "high": "height", "tall": "height", "deep": "depth", "weigh": "weight", "weighing": "weight",
    "thick": "thickness", "boil": "boil", "quiet": "noise", "loud": "noise",
}  # fmt: skip
_EVERYBODYS: Final = frozenset(
    {"weight", "length", "width", "height", "depth", "capacity", "volume", "power", "size"}
)
"""Names of one word that need the closer look of the rules for everybody's words."""
_PARTS: Final = frozenset("cord cable strap handle blade hose lead seat heel brim hem sleeve leg shaft wheel chain drop tail stem".split())  # fmt: skip


def _other_part(before: str, subject: Subject) -> str | None:
    """The part of a product whose length a sentence tells ("cord" in "cord length"), or None."""
    words = tokens(before)[-2:]
    last = words[-1] if words else ""
    if last in _PARTS and last not in subject.heads:
        return last
    return "it" if last in _NOT_THE_ITEMS else None
