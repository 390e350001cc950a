"""Yes/no features a text claims of the product itself: waterproof, dishwasher safe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from catalog.extraction.known import SAFE_FLAGS, Known
from catalog.extraction.passage import Passage
from catalog.extraction.subject import Subject

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
    r"(?:also|fully|completely|100\s*%|certified|even|totally|both|all|and|naturally|entirely|now|ip[x\d]\d)?\s*$"
)
_PREDICATE_END: Final = re.compile(
    r"\s*(?:$|[.,;!)&]|\b(?:and|so|too|up to|to|for easy|down to|as well)\b)"
)
_FLAG_LABEL: Final = re.compile(r"^\s*[:=]\s*(yes|no|true|false|n/a)\b")


class Features:
    """Reads the yes/no attributes a feed states, and a few that everybody understands."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.safe = {p: name for p, name in SAFE_FLAGS.items() if p not in known.spoken}
        self.flag_firsts = frozenset(p[0] for p in (*self.safe, *known.flags.get("", {})) if p)

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
                name = own.get(phrase) or everywhere.get(phrase) or self.safe.get(phrase)
                if name is None or len(phrase) < size:
                    continue
                assured = size > 1 or phrase in self.safe or word.endswith(_ASSURING)
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
        if re.match(r"\s*(?:\?|-[a-z]|not\b|sold\b|optional)", passage.lower[end : end + 10]):
            return False
        if passage.source == "title":
            if not subject.speaks(passage, start):
                return False
            return (
                last >= len(passage.words)
                or passage.breaks(last)
                or subject.follows(passage, last, reach=4)
            )
        before = passage.before(start, 50)
        after = passage.lower[end : end + 12]
        if _IT.search(before) and _PREDICATE_END.match(after):
            return True
        if re.search(rf"\b(?:{'|'.join(map(re.escape, sorted(subject.heads)))})s?\s+(?:is|are)\s+(?:also\s+|fully\s+)?$", before):  # fmt: skip
            return bool(_PREDICATE_END.match(after))
        return subject.follows(passage, last, reach=2)
