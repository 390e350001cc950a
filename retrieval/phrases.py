"""Where a phrase occurs in a set of short texts: a positional index in flat numpy arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Arrays: TypeAlias = dict[str, npt.NDArray[np.generic]]

_NOWHERE: Final[Ints] = np.empty(0, np.int64)


class PhraseIndex:
    """Token lists of ``n`` documents, and for every token the places it stands at.

    A *position* is an index into ``flat``, the token ids of all documents one
    after the other; document ``d`` owns ``flat[starts[d]:starts[d + 1]]``.
    """

    def __init__(
        self, vocabulary: Sequence[str], flat: npt.NDArray[np.int32], starts: Ints
    ) -> None:
        self.flat = flat
        self.starts = starts
        self.vocabulary = vocabulary
        self._id = {token: i for i, token in enumerate(vocabulary)}
        self._by_token = np.argsort(flat, kind="stable")
        self._token_starts = np.concatenate(
            ([0], np.cumsum(np.bincount(flat, minlength=len(vocabulary))))
        )

    @classmethod
    def build(cls, documents: Iterable[Sequence[str]]) -> PhraseIndex:
        """Index token lists; memory is four bytes a token until it is done."""
        ids: dict[str, int] = {}
        pieces: list[npt.NDArray[np.int32]] = []
        lengths = [0]
        for document in documents:
            pieces.append(
                np.fromiter(
                    (ids.setdefault(t, len(ids)) for t in document), np.int32, len(document)
                )
            )
            lengths.append(len(document))
        flat = np.concatenate(pieces) if pieces else np.empty(0, np.int32)
        return cls(list(ids), flat, np.cumsum(np.array(lengths, np.int64)))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def token_ids(self, tokens: Iterable[str]) -> Ints:
        """Ids of those tokens that occur at all."""
        return np.array([self._id[t] for t in tokens if t in self._id], np.int64)

    def documents(self, positions: Ints) -> Ints:
        """The document each position lies in."""
        return np.searchsorted(self.starts, positions, side="right") - 1

    def runs(self, phrase: Sequence[str]) -> Ints:
        """Every position where ``phrase`` begins and ends within one document."""
        if not phrase or any(t not in self._id for t in phrase):
            return _NOWHERE
        ids = [self._id[t] for t in phrase]
        # The rarest token has the fewest places to look at.
        spans = [(int(self._token_starts[i]), int(self._token_starts[i + 1])) for i in ids]
        rarest = min(range(len(ids)), key=lambda k: spans[k][1] - spans[k][0])
        begin, end = spans[rarest]
        found: Ints = self._by_token[begin:end].astype(np.int64) - rarest
        found = found[(found >= 0) & (found + len(ids) <= len(self.flat))]
        for k, token in enumerate(ids):
            if k != rarest:
                found = found[self.flat[found + k] == token]
        if len(ids) > 1:
            found = found[found + len(ids) <= self.starts[self.documents(found) + 1]]
        return found

    def containing(self, phrase: Sequence[str], unless_after: Iterable[str] = ()) -> Bools:
        """Per document, whether it contains ``phrase`` elsewhere than right after one of those
        tokens; nothing contains the empty phrase.
        """
        runs = self.runs(phrase)
        at = self.documents(runs)
        turned = (runs > self.starts[at]) & np.isin(
            self.flat[runs - 1], self.token_ids(unless_after)
        )
        hit = np.zeros(len(self), np.bool_)
        hit[at[~turned]] = True
        return hit

    def equal(self, phrase: Sequence[str]) -> Bools:
        """Per document, whether it is exactly ``phrase``."""
        lengths = np.diff(self.starts)
        if not phrase:
            return np.asarray(lengths == 0)
        hit = np.zeros(len(self), np.bool_)
        runs = self.runs(phrase)
        at = self.documents(runs)
        hit[at[(runs == self.starts[at]) & (lengths[at] == len(phrase))]] = True
        return hit

    def arrays(self, prefix: str) -> Arrays:
        """What :meth:`from_arrays` needs, as arrays without objects."""
        # Tokens hold no line feed (catalog.text), so one byte string carries them all.
        words = "\n".join(self.vocabulary).encode()
        return {
            f"{prefix}.vocabulary": np.frombuffer(words, np.uint8),
            f"{prefix}.flat": self.flat,
            f"{prefix}.starts": self.starts,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]], prefix: str) -> PhraseIndex:
        """Inverse of :meth:`arrays`."""
        words = arrays[f"{prefix}.vocabulary"].tobytes().decode()
        return cls(
            words.split("\n") if words else [],
            arrays[f"{prefix}.flat"].astype(np.int32, copy=False),
            arrays[f"{prefix}.starts"].astype(np.int64, copy=False),
        )
