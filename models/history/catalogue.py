"""What can be chosen: films with their genres, and how choices become numbers for a network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

# What stands where nothing was chosen; films have the numbers behind it.
PAD = 0


@dataclass(frozen=True)
class Film:
    """One film.

    Attributes:
        title: unlike any other's.
        genres: how much it is of each genre, in the catalogue's order; they sum to 1.
    """

    title: str
    genres: tuple[float, ...]


@dataclass(frozen=True)
class Catalogue:
    """The films that a network knows, in order.

    Attributes:
        genres: their names.
        films: at least one.
        longest: films of a history that are read; what was chosen before them is left out.
    """

    genres: tuple[str, ...]
    films: tuple[Film, ...]
    longest: int

    def __len__(self) -> int:
        return len(self.films)

    @property
    def titles(self) -> tuple[str, ...]:
        """Of all films, in order."""
        return tuple(film.title for film in self.films)

    @cached_property
    def vectors(self) -> NDArray[np.float64]:
        """(F, G) how much each film is of each genre."""
        return np.array([film.genres for film in self.films])

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that it says, hexadecimal."""
        return hashlib.sha256(json.dumps(self.to_json(), ensure_ascii=False).encode()).hexdigest()

    def genres_of(self, film: int) -> tuple[str, ...]:
        """Names of the genres that a film is of, what it is most of first."""
        order = np.argsort(-self.vectors[film], kind="stable")
        return tuple(self.genres[genre] for genre in order if self.vectors[film, genre] > 0)

    def encode(self, histories: Sequence[Sequence[int]]) -> NDArray[np.int64]:
        """Histories of places of films as a network reads them: ids from 1, (N, longest), filled up with PAD."""
        ids = np.full((len(histories), self.longest), PAD, np.int64)
        for row, history in zip(ids, histories, strict=True):
            read = np.asarray(history[-self.longest :], np.int64)
            row[: len(read)] = read + 1
        return ids

    def to_json(self) -> dict[str, Any]:
        """All that it says."""
        return {
            "genres": list(self.genres),
            "films": [[film.title, list(film.genres)] for film in self.films],
            "longest": self.longest,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Catalogue:
        """The catalogue that to_json() wrote. Raises KeyError, TypeError or ValueError where it is damaged."""
        genres = tuple(str(genre) for genre in content["genres"])
        films = tuple(
            Film(str(title), tuple(float(share) for share in shares)) for title, shares in content["films"]
        )
        longest = int(content["longest"])
        if not films or longest < 1 or any(len(film.genres) != len(genres) for film in films):
            raise ValueError(
                "a catalogue has films, each with a share of every genre, and reads at least one"
            )
        return cls(genres, films, longest)
