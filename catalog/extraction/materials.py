"""What a product is made of, told apart from its buckles, its lining and what it cleans."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from catalog.extraction.known import Known
from catalog.extraction.passage import Passage
from catalog.extraction.subject import Subject
from catalog.extraction.words import distinct, phrases_in
from catalog.lexicon import MATERIAL_FORMS, MATERIALS, PARTS, WORKED
from catalog.text import tokens

_COMMON: Final = {
    tuple(tokens(m)): MATERIAL_FORMS.get(m, m) for m in sorted(MATERIALS) if m != "plush"
}
MATERIAL_WORDS: Final = frozenset(p[0] for p in _COMMON)

_FAKE: Final = re.compile(
    r"\b(?:faux|vegan|imitation|artificial|synthetic|pu|fake|mock|pleather|bonded|eco)[\s-]+$"
)
_DOUBTFUL: Final = frozenset(
    """down felt lace mesh modal stone glass paper plush cork pine oak latex metal canvas walnut copper brass beech marble
    silk plastic rubber denim enamel cardboard concrete hemp teak wood satin velvet terracotta vinyl steel""".split()  # noqa: SIM905
)
"""Materials whose word often means something else: in a title only right before the product's noun."""
_ONLY_TOLD: Final = frozenset(
    {"lace", "denim", "paper", "down", "felt", "modal", "stone", "marble", "latex", "pine"}
)
"""Believed only after "made of", "100%", "material:"."""
_NOT_OF_MATERIAL: Final = (
    PARTS
    | WORKED
    | frozenset(
        """finish finished coated coating plated brush look effect print free shop tree stove pellet filler chip tape like style
        inspired scissors shear holder rack clip hook stand bead track run pen marker detector dye dryer trimmer upper candy
        bud ball""".split()  # noqa: SIM905
    )
)
_MADE: Final = re.compile(
    r"(?:\b(?:made|crafted|constructed|woven|knitted|knit|cut|built|fashioned|hand-?crafted|carved|sewn|forged|moulded|molded|produced|manufactured)\s+"
    r"(?:entirely\s+|completely\s+|only\s+|mainly\s+)?(?:of|from|in|with|out\s+of)\s+"
    r"|\bmaterials?(?:\s+type)?\s*(?::|=|\bis\b)\s*|\bfabrics?\s*:\s*|\bcomposition\s*:\s*|\d{1,3}\s*%\s+)"
    r"(?:[\w-]+\s+){0,3}$"
)
_LISTED: Final = re.compile(r"(?:\W|\d|\band\b)*")
_PURE: Final = re.compile(r"(?:^|[^\d])100\s*%\s+(?:[a-z]+\s+){0,2}$")
_PART_BEFORE: Final = re.compile(
    r"\b(?:lining|filling|soles?|trim|hood|outsole|insole|midsole|cover|handles?|lid|base|legs?|straps?|frame|feet|stand|wheels?|buttons?|upper|backing|shade|pockets?|cuffs?|inner|interior|buckle|clasp|accents?|blades?|bowl|rim|ring)\b[^.]{0,30}$"
)
_BODY: Final = frozenset(
    {"body", "construction", "shell", "build", "housing", "casing", "fabric", "blend", "material"}
)


class Materials:
    """Reads materials under one feed: everybody's words, and the values this feed uses."""

    def __init__(self, known: Known) -> None:
        self.materials = {**_COMMON, **known.values.get("material", {})}
        self.material_firsts = frozenset(p[0] for p in self.materials)

    def materials_in(
        self, passage: Passage, subject: Subject, taken: Sequence[tuple[int, int]] = ()
    ) -> tuple[str, ...]:
        """What the product is made of; empty when the text does not clearly say.

        ``taken`` are the runs of words that say something else: its brand, its colour.
        """
        found: list[str] = []
        certain: list[str] = []
        told_to = 0
        for first, last, said in phrases_in(passage, self.materials, self.material_firsts):
            if passage.denied(first, last) or any(first < b and a < last for a, b in taken):
                continue
            start = passage.starts[first]
            if said == "glass" and passage.lower.startswith("glasses", passage.starts[last - 1]):
                continue
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
            of_part = _PART_BEFORE.search(passage.lead(start))
            listed = bool(told_to) and _LISTED.fullmatch(passage.lower, told_to, start)
            if listed or (made and not of_part):
                certain.append(said)
                told_to = passage.ends[last - 1]
            elif passage.source == "title":
                if self._names_stuff(passage, subject, first, last, before):
                    found.append(said)
            elif _is_stuff(passage, subject, last):
                found.append(said)
        return distinct(certain or found)

    def _names_stuff(
        self, passage: Passage, subject: Subject, first: int, last: int, before: str
    ) -> bool:
        if not subject.speaks(passage, passage.starts[first]) or subject.media:
            return False
        if _PURE.search(before):
            return True
        ends = last >= len(passage.words) or passage.breaks(last)
        if ends and before.endswith(" in "):
            return True
        if passage.words[last - 1] in _DOUBTFUL and last - first == 1:
            return subject.follows(passage, last, reach=2) and first > 0
        return ends or subject.follows(passage, last, reach=4)


def _is_stuff(passage: Passage, subject: Subject, last: int) -> bool:
    """In a description: "a leather backpack", "stainless steel body"."""
    for i in range(last, min(last + 2, len(passage.words))):
        if passage.breaks(i):
            return False
        word = passage.words[i]
        if word in subject.heads or (i == last and word in _BODY):
            return True
    return False
