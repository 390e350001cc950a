"""Counted things and fits: packs and pieces, ages, sizes, thread counts, sun protection, resolution."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from catalog.extraction.naming import Namer
from catalog.extraction.passage import Passage
from catalog.extraction.subject import APPAREL, BEDS, SCREENS, TOYS, Subject
from catalog.product import AttributeValue, Measure

Found = tuple[str, AttributeValue]

_PACK: Final = re.compile(
    r"\b(?:pack|set|box|case|lot|bundle|multi-?pack)\s+of\s+(?:approx\.?\s+)?(?P<of>\d{1,4}|two|three|four|five|six|eight|ten|twelve)\b(?!\s*\+|\s*(?:different|assorted\s+)?\s*(?:cm|mm|\"|inch|g\b|kg|ml|l\b|designs|colou?rs|[.,]\d))"
    r"|(?<![\w.,:/$£€-])(?P<n>\d{1,4})[\s-]?(?:pk|packs?|count|ct)\b(?!\s+of\s+\d)"
    r"|\b(?P<twin>twin|double|triple)[\s-]?pack\b|(?<![\w.,$£€/-])(?P<x>\d{1,3})(?:\sx\s?(?=\d+(?:[.,]\d+)?\s?(?:ml|cl|l|g|kg|fl)\b)|x(?=\d+(?:[.,]\d+)?\s?(?:ml|cl|l|g|kg|fl)\b)|x\s(?=\d+(?:[.,]\d+)?\s?(?:ml|cl|l|fl)\b))"
)
_NUMBER_WORDS: Final = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12, "twin": 2, "double": 2, "triple": 3}  # fmt: skip
_PIECES: Final = re.compile(
    r"(?<![\w.,/$£€+-])(?P<n>\d{1,3}(?:,\d{3})|\d{1,5})[\s-]?(?:pcs?|pieces?|piece)\b(?!\s*(?:of\s+(?:music|advice|clothing)|suit))"
)
_PIECES_TOLD: Final = re.compile(
    r"(?:\b(?:contains?|includes?|including|with|set\s+of|consists?\s+of|comprises|has|total\s+of|made\s+up\s+of|in|an?|this|the|pieces\s*:)\s*(?:over\s+|an?\s+)?|^\s*)$"
)
_PIECES_LABEL: Final = re.compile(
    r"\b(?:number\s+of\s+pieces|pieces|piece\s+count)\s*:\s*(\d{1,5})\b"
)
_YEARS: Final = r"(?:years?|yrs?)"
_SPAN: Final = (
    rf"(?P<low>\d{{1,2}})(?![\d.,]*/)\s*(?P<unit1>months?|mths?|m(?=\s*\+|\s+to)|{_YEARS})?"
)
_AGE: Final = re.compile(
    rf"(?P<named>\b(?:age(?:s|d)?(?:\s+range)?(?:\s+from)?|aged?\s+from|recommended\s+age|children\s+(?:from|over))\s*:?\s*){_SPAN}"
    rf"(?:\s*(?:-|to|and|/)\s*(?P<high>\d{{1,2}})(?!\w))?(?P<tail>\s*(?:\+|(?:months?|{_YEARS})(?:\s*\+)?(?:\s+and\s+(?:up|over|older|above)|\s+plus)?|(?:and\s+)(?:up|over|older|above)|plus\b))?"
    rf"|(?<![\w.,/$£€-])(?P<low2>\d{{1,2}})\s*(?P<unit2>months?|mths?|m(?=\s*\+)|{_YEARS}|yo)?\s*(?:\+|and\s+(?:up|over|older|above)\b|plus\b)(?:\s*(?P<unit3>months?|mths?|{_YEARS}))?(?!\w)"
    rf"|(?<![\w.,/$£€-])(?P<low4>\d{{1,2}})\s*(?:-|to)\s*(?P<high4>\d{{1,2}})[\s-]*(?P<unit4>months?|{_YEARS})[\s-]+olds?\b"
    rf"|\bfrom\s+(?P<low5>\d{{1,2}})\s*(?P<unit5>months?|{_YEARS})(?!\s+(?:ago|of\s+(?:experience|research)|warranty|back))"
    r"|\b(?P<birth>(?:suitable|safe|ok)\s+(?:for\s+use\s+)?from\s+birth)\b"
)
_NOT_AN_AGE: Final = re.compile(r"\b(?:under|not\s+(?:suitable|recommended|intended)|warranty|guarantee|experience|last|over|since|lasts|choking|younger|birthday|anniversary)\b[^.;]{0,40}$")  # fmt: skip
_LETTER: Final = r"(?:xxs|xs|s|m|l|xl|xxl|xxxl|[2-6]xl)"
_LETTERS: Final = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL")
_WORN: Final = {"small": "S", "medium": "M", "large": "L", "extra large": "XL", "x-large": "XL", "extra small": "XS", "x-small": "XS", "2xl": "XXL", "3xl": "XXXL"}  # fmt: skip
_SIZE_RANGE: Final = re.compile(
    rf"\bsizes?\s+(?:from\s+)?(?:(?P<a>{_LETTER})\s*(?:to|-|through|up to)\s*(?P<b>{_LETTER})|(?:uk\s+|us\s+|eu\s+)?(?P<i>\d{{1,2}})\s*(?:to|-|through)\s*(?P<j>\d{{1,2}}))(?![\w.,]*\d|\s*(?:months?|years?|yrs?|cm|kg|inch))\b"
)
_SIZE: Final = re.compile(
    rf"\bsize(?:\s*:\s*|\s+)(?:(?:uk|us|eu)\s*)?(?P<v>{_LETTER}|small|medium|(?:extra\s+|x-)?(?:large|small)|one\s+size|\d{{1,2}}(?:\.5)?)(?![\w/.-]|\s*(?:-|to|x|cm|mm|inch|in\b|ml|kg|months?|years?|yrs?|batter))"
    r"|\b(?P<region>uk|eu)\s?(?P<r>\d{1,2}(?:\.5)?)(?![\w.-])"
    rf"|(?:,|\s-|\(|\|)\s*(?P<end>{_LETTER}|small|medium|(?:extra\s+|x-)large|one\s+size)\s*\)?\s*$"
)
_LARGEST: Final = 60
_BED: Final = re.compile(r"\b(?P<bed>super\s+king|california\s+king|king|queen|twin\s+xl|twin|double|single|full)(?P<said>[\s-]+size)?\b(?!\s+(?:layer|sided|stitch|zip|pack|handle|wall|button|arm|breasted|length))")  # fmt: skip
_SLEEPS: Final = re.compile(
    r"\bsleeps\s+(?:up\s+to\s+)?(?P<n>\d{1,2})\b(?!\s*(?:-|to|or)\s*\d)|\bfor\s+(?P<for>\d{1,2})\s+(?:people|persons)\b"
)
_THREADS: Final = re.compile(r"\b(\d{3,4})[\s-]*(?:thread[\s-]*count|tc\b|threads?\s+count)|\bthread\s+count(?:\s+of|:)?\s*(\d{3,4})\b")  # fmt: skip
_SPF: Final = re.compile(r"\bspf[\s:-]*(\d{1,3})(?![\d.,])")
_PIXELS: Final = re.compile(
    r"(?<!\d)(\d{3,4})\s?x\s?(\d{3,4})(?:\s?p(?:x|ixels?)?)?(?![\w.]|\s*(?:mm|cm|x))"
)
_RESOLUTION: Final = re.compile(r"(?<![\w.-])(8k|4k|uhd|ultra\s+hd|wqhd|uwqhd|qhd|quad\s+hd|full\s+hd|fhd|hd\s+ready|2160p|1440p|1080p|720p)(?!\w)")  # fmt: skip
_SAME_RESOLUTION: Final = {
    "8k": "8K", "4k": "4K", "uhd": "4K", "ultra hd": "4K", "2160p": "4K", "wqhd": "QHD", "qhd": "QHD", "quad hd": "QHD", "1440p": "QHD",
    "uwqhd": "UWQHD", "full hd": "Full HD", "fhd": "Full HD", "1080p": "Full HD", "hd ready": "HD", "720p": "HD",
    (3840, 2160): "4K", (2560, 1440): "QHD", (1920, 1080): "Full HD", (3440, 1440): "UWQHD", (1280, 720): "HD", (7680, 4320): "8K",
}  # fmt: skip
_ITS_PICTURE: Final = frozenset({*SCREENS, "projector", "camera", "webcam", "camcorder", "dashcam"}) - {"phone", "smartphone"}  # fmt: skip
_UPTO: Final = re.compile(
    r"\b(?:supports?|up\s+to|compatible\s+with|upscal\w+|for|inputs?|accepts?)\s+(?:[\w-]+\s+){0,2}$"
)


_OF_AGES: Final = ("age", "year", "month", "mth", "yr", "+", "birth", "and up", "and over", "plus")


def counts_in(passage: Passage, subject: Subject, namer: Namer) -> Iterator[Found]:
    """Attributes that count or name a fit; each as often as the text tells it."""
    if passage.digits:
        yield from _packs(passage, subject, namer)
        if _told(passage, _OF_AGES):
            yield from _ages(passage, subject, namer)
        if _told(passage, ("sleeps", "for ")):
            yield from _persons(passage, subject, namer)
        for m in _SPF.finditer(passage.lower) if "spf" in passage.lower else ():
            yield "spf", Measure(float(m[1]), "SPF")
        for m in _THREADS.finditer(passage.lower) if _told(passage, ("thread", "tc")) else ():
            yield "thread_count", float(m[1] or m[2])
    elif "pack" in passage.lower or "set of" in passage.lower:
        yield from _packs(passage, subject, namer)
    if subject.any_of(APPAREL):
        yield from _sizes(passage)
    if passage.source == "title" and subject.any_of(BEDS | {"sheet", "blanket"}):
        for m in _BED.finditer(passage.lower):
            if m["said"] or subject.any_of(BEDS):
                yield "size", re.sub(r"\s+", " ", m["bed"])
    if not subject.heads.isdisjoint(_ITS_PICTURE):
        yield from _resolutions(passage, subject)


def _told(passage: Passage, words: tuple[str, ...]) -> bool:
    """Whether one of these stands anywhere: far cheaper than the pattern that reads it."""
    return any(word in passage.lower for word in words)


def _persons(passage: Passage, subject: Subject, namer: Namer) -> Iterator[Found]:
    name = next((n for n in ("sleeps", "persons") if n in namer.known.units), "sleeps")
    for m in _SLEEPS.finditer(passage.lower):
        if m["n"] or subject.any_of(frozenset({"tent", "dome"})):
            yield name, Measure(float(m["n"] or m["for"]), "person")


def _packs(passage: Passage, subject: Subject, namer: Namer) -> Iterator[Found]:
    own = namer.type_names(subject.kind, "pc")
    pack = next((n for n in ("pack_size", "count", "bags") if n in own), None)
    if pack is None:
        pack = next(iter(own)) if len(own) == 1 and "pieces" not in own else "pack_size"
    for m in _PACK.finditer(passage.lower):
        told = m["of"] or m["n"] or m["twin"] or m["x"]
        count = _NUMBER_WORDS.get(told) or int(told)
        before = passage.before(m.start(), 24)
        sold = passage.source == "title" or re.search(
            r"(?:\b(?:in|an?|this|as|contains?)\s+(?:handy\s+)?|^\s*)$", before
        )
        if (
            1 < count <= 1000
            and sold
            and not re.search(r"\b(?:battery|for|six|ice|fits?)[\s-]*$", before)
        ):
            yield pack, Measure(float(count), "pc")
    for m in _PIECES.finditer(passage.lower):
        before = passage.before(m.start(), 30)
        if passage.source == "title" or (_PIECES_TOLD.search(before) and re.match(r"[\s-]*(?:set|kit|puzzle|jigsaw|in\b|$|[.,;)])", passage.lower[m.end() : m.end() + 14])):  # fmt: skip
            count = int(m["n"].replace(",", ""))
            if count > 1 and not re.search(r"\b(?:for|per|up\s+to|over)\s+$", before):
                yield "pieces", Measure(float(count), "pc")
    for m in _PIECES_LABEL.finditer(passage.lower):
        yield "pieces", Measure(float(m[1]), "pc")


def _ages(passage: Passage, subject: Subject, namer: Namer) -> Iterator[Found]:
    """The youngest age something is made for, and the oldest where both are told."""
    names = namer.known.units
    own = next((n for n in ("age_from", "min_age", "age") if names.get(n) == "month"), "age_from")
    for m in _AGE.finditer(passage.lower):
        low = m["low"] or m["low2"] or m["low4"] or m["low5"]
        if _NOT_AN_AGE.search(passage.lead(m.start())):
            continue
        if "birthday" in passage.sentence(m.start(), m.end(), 40):
            continue
        if m["birth"]:
            yield own, Measure(0.0, "month")
            continue
        named = m["named"] is not None or m["low4"] is not None
        words = " ".join(
            filter(None, (m["unit1"], m["tail"], m["unit2"], m["unit3"], m["unit4"], m["unit5"]))
        )
        # "3+" alone, and "from 3 months", say an age only where something is for children
        if (
            not named
            and not subject.any_of(TOYS)
            and (own not in namer.type_names(subject.kind, "month"))
        ):
            continue
        if m["low2"] and not words and (passage.source != "title" or int(low) > 14):
            continue
        after = passage.after(m.end(), 16)
        if re.match(
            r"\s*(?:players?|pieces|warranty|guarantee|designs|games|colou?rs|sounds|%|pcs)", after
        ):
            continue
        months = re.search(r"\bm", words) is not None
        unit, most = ("month", 96) if months else ("year", 18)
        if int(low) > most:
            continue
        yield own, Measure(float(low), unit)
        high = m["high"] or m["high4"]
        if high and int(low) < int(high) <= 99:
            yield "age_to", Measure(float(high), unit)


def _sizes(passage: Passage) -> Iterator[Found]:
    for m in _SIZE_RANGE.finditer(passage.lower):
        if m["a"]:
            a, b = (_WORN.get(s, s.upper()) for s in (m["a"], m["b"]))
            if a in _LETTERS and b in _LETTERS and _LETTERS.index(a) < _LETTERS.index(b):
                yield "size", _LETTERS[_LETTERS.index(a) : _LETTERS.index(b) + 1]
        elif 0 < int(m["j"]) - int(m["i"]) <= 12:
            yield "size", tuple(str(n) for n in range(int(m["i"]), int(m["j"]) + 1))
    if passage.source != "title":
        return
    for m in _SIZE.finditer(passage.lower):
        if m["r"] and float(m["r"]) > _LARGEST:
            continue
        told = re.sub(r"\s+", " ", m["v"] or m["r"] or m["end"])
        yield "size", _WORN.get(told, told if told == "one size" else told.upper())


def _resolutions(passage: Passage, subject: Subject) -> Iterator[Found]:
    for m in (*_RESOLUTION.finditer(passage.lower), *_PIXELS.finditer(passage.lower)):
        if _UPTO.search(passage.before(m.start(), 30)) or (not subject.speaks(passage, m.start())):
            continue
        if m.re is _PIXELS:
            width, height = int(m[1]), int(m[2])
            yield "resolution", _SAME_RESOLUTION.get((width, height), f"{width} x {height}")
        else:
            yield "resolution", _SAME_RESOLUTION[re.sub(r"\s+", " ", m[1])]
