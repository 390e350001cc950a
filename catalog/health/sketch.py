"""Texts that are nearly the same, found in linear time: MinHash sketches in bands.

Broder, "On the resemblance and containment of documents" (1997), of shingles of four words.
"""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np
import numpy.typing as npt

SIZE: Final = 16
"""Values of a sketch; the share in which two agree estimates the shingles they have in common."""
_BANDS: Final = 4
_AGREE: Final = 12
_SHINGLE: Final = 4
_MAX_WORDS: Final = 400

_Sketch = npt.NDArray[np.uint32]
_random: Final = np.random.default_rng(20_11)
_FACTORS: Final = _random.integers(1, 2**63, SIZE, dtype=np.uint64) | np.uint64(1)
_ADDENDS: Final = _random.integers(0, 2**63, SIZE, dtype=np.uint64)
_ROLL: Final = np.uint64(0x9E3779B97F4A7C15)


def sketch(words: list[str]) -> _Sketch:
    """The sketch of a text of at least four words: uint32 [SIZE]."""
    hashes = np.array([zlib.crc32(w.encode("utf-8", "replace")) for w in words[:_MAX_WORDS]], np.uint64)  # fmt: skip
    last = max(1, len(hashes) - _SHINGLE + 1)
    shingles = np.zeros(last, np.uint64)
    for n in range(min(_SHINGLE, len(hashes))):
        shingles = shingles * _ROLL + hashes[n : n + last]
    mixed = shingles[:, None] * _FACTORS + _ADDENDS
    least: _Sketch = (mixed >> np.uint64(32)).min(axis=0).astype(np.uint32)
    return least


def near_groups(sketches: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """For each sketch [n, SIZE] the first one nearly the same, itself where there is none: int64 [n].

    "Nearly" is about three quarters of the shingles. Each bucket of a band is compared with its
    first member only, so the cost is that of sorting.
    """
    n = len(sketches)
    first = np.arange(n)
    width = SIZE // _BANDS
    for band in range(_BANDS):
        part = np.ascontiguousarray(sketches[:, band * width : (band + 1) * width])
        keys = part.view(np.dtype((np.void, part.dtype.itemsize * width))).ravel()
        _, leaders, bucket = np.unique(keys, return_index=True, return_inverse=True)
        leader = leaders[bucket]
        agree = (sketches == sketches[leader]).sum(axis=1) >= _AGREE
        first = np.where(agree, np.minimum(first, leader), first)
    while not np.array_equal(first, first[first]):
        first = first[first]
    return first
