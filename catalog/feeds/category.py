"""Categories: a cell as a path of names, and a name as a product type."""

from __future__ import annotations

import re
from typing import Any, Final

from catalog.feeds.cells import is_missing, listed, plain_text
from catalog.text import stem

# WooCommerce and its kin say how a product is sold in a column called Type.
SALE_FORMS: Final = frozenset(
    {"simple", "variable", "variation", "grouped", "external", "configurable", "virtual", "bundle", "downloadable"}
)  # fmt: skip
MAX_WORDS: Final = 120
"""Characters of a name that is one."""

# Separators of a category path, the surest first.
_PATH: Final = (r"\s*>+\s*", r"\s*[›»→]\s*", r"\s*::\s*", r"\s*\|\s*", r"\s+/\s+", r"\s*\\\s*")
_ONE_WORD_PATH: Final = re.compile(r"[^/]+(?:/[^/]+){2,}")
_SLASHED: Final = re.compile(r"\s*[^\s/,][^/,]*(?:/[^\s/,][^/,]*)+")
_ROOTS: Final = frozenset({"Default Category", "Root Catalog"})
"""What Magento's paths begin with and nobody sees."""
_PAIRED: Final = frozenset(
    {"glasses", "sunglasses", "eyeglasses", "goggles", "scissors", "binoculars", "headphones", "earphones", "earbuds",
     "pyjamas", "pajamas", "men", "women", "children", "mens", "womens"}
)  # fmt: skip


def singular(name: str) -> str:
    """A category's name as a product type: ``"Lamps & Coffee Makers"`` → ``"lamp & coffee maker"``.

    Only nouns at the end of a phrase lose their plural: "sports bras" → "sports bra".
    """
    words = name.lower().split()
    ends = [after in ("&", "and", "/", "") for after in [*words[1:], ""]]
    return " ".join(
        stem(word) if end and word.replace("-", "").isalpha() and word not in _PAIRED else word
        for word, end in zip(words, ends, strict=True)
    )


def path_nodes(value: Any) -> list[str]:
    """The names on the way to a category, the widest first; no codes, no names that are too long."""
    if isinstance(value, list):
        nodes = [str(v) for v in value]
    else:
        text = str(value)
        nodes = listed(text) or [text]
    nodes = [plain_text(n).replace("\n", " ") for n in nodes]
    if len(nodes) == 1:
        nodes = _split_path(nodes[0])
    elif any(re.search(r" > |>>", n) for n in nodes):
        nodes = _split_path(max(nodes, key=lambda n: n.count(">")))
    good = [n for n in nodes if not is_missing(n) and len(n) <= MAX_WORDS and not n.isdigit()]
    return list(dict.fromkeys(good))


def _split_path(text: str) -> list[str]:
    several = text.split(", ")
    roots = {s.split(">")[0].strip() for s in several if ">" in s}
    if len(several) > 1 and all(">" in s or s.strip() in roots for s in several):
        text = max(several, key=lambda s: s.count(">"))
    slashed = text.split(",")
    if len(slashed) > 1 and all(_SLASHED.fullmatch(s) for s in slashed):
        text = max(slashed, key=lambda s: s.count("/"))
    for pattern in _PATH:
        nodes = [n for n in re.split(pattern, text) if n]
        if len(nodes) > 1:
            return nodes
    if _ONE_WORD_PATH.fullmatch(text):
        return [n.strip() for n in text.split("/") if n.strip() not in _ROOTS]
    return [text]
