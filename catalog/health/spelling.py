"""Names that differ only in how they are written: "Play-Doh" and "PLAYDOH", "kettel" and "kettle"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from catalog.text import tokens

_LONG_ENOUGH: Final = 6
_RARER: Final = 5
"""A name is a slip of another's when the other is at least so many times as frequent."""


def respelled(counts: Mapping[str, int]) -> dict[str, str]:
    """Each name that is written otherwise than most → the usual way to write it.

    Names are the same when they differ in case, accents, spaces, punctuation or plural only, or
    when a rare one of six letters and more is a frequent one with one letter dropped, added,
    changed or swapped. Linear in the number of names.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for name in counts:
        key = "".join(tokens(name))
        if key:
            groups[key].append(name)
    usual = {k: min(names, key=lambda n: (-counts[n], n)) for k, names in groups.items()}
    total = {k: sum(counts[n] for n in names) for k, names in groups.items()}
    found = {n: usual[k] for k, names in groups.items() for n in names if n != usual[k]}
    for key, other in _slips(total).items():
        found.update((name, usual[other]) for name in groups[key])
    return found


def folded_alike(name: str, other: str) -> bool:
    """Whether the program takes the two for the same words anyway."""
    return tokens(name) == tokens(other)


def _slips(total: Mapping[str, int]) -> dict[str, str]:
    """Rare keys one letter away from a frequent one: both give the same string with one letter
    left out (SymSpell's symmetric deletes).
    """
    shortened: dict[str, list[str]] = defaultdict(list)
    for key in total:
        # "2014" and "2015" are no slips
        if len(key) >= _LONG_ENOUGH and key.isalpha():
            for form in {key, *(key[:i] + key[i + 1 :] for i in range(1, len(key)))}:
                shortened[form].append(key)
    slips: dict[str, str] = {}
    for keys in shortened.values():
        if len(keys) < 2:
            continue
        main = min(keys, key=lambda k: (-total[k], k))
        for key in keys:
            if key != main and total[main] >= _RARER * total[key] and _one_slip(key, main):
                known = slips.get(key)
                if known is None or (-total[main], main) < (-total[known], known):
                    slips[key] = main
    return {k: m for k, m in slips.items() if m not in slips}


def _one_slip(a: str, b: str) -> bool:
    """One letter dropped, added, changed, or two neighbours swapped; the plural is no slip."""
    if len(a) != len(b):
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        if len(longer) - len(shorter) > 1 or longer[:-1] == shorter:
            return False
        at = next(i for i, c in enumerate(longer) if i == len(shorter) or shorter[i] != c)
        return longer[at + 1 :] == shorter[at:]
    differ = [i for i in range(len(a)) if a[i] != b[i]]
    if len(differ) == 1:
        return differ[0] > 0
    if len(differ) != 2 or differ[1] != differ[0] + 1:
        return False
    i, j = differ
    return a[i] == b[j] and a[j] == b[i]
