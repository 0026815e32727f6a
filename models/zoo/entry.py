"""What the zoo's table says of a network before anything heavy is imported."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Protocol

from models.datasets.names import PHOTOS
from models.kinds import KINDS, PICTURES
from models.runtime.errors import UserError
from models.runtime.progress import Report


@dataclass(frozen=True)
class Model:
    """One network of the zoo.

    Attributes:
        name: as in the address, unique.
        title: as on the page.
        trained: False means random weights.
        fits: name of the dataset whose inputs it reads, or PHOTOS.
        load: builds the ReadyNetwork, for pictures a Classifier; fetches weights that are not on this machine,
            telling a Report how far it is. Raises UserError where the weights cannot be had.
        on_board: True where loading needs no network.
        key: name under which exactly these weights are found, where `name` can mean others tomorrow; empty where
            it cannot.
        content: digest of the file that is behind the key now, where a key can come to mean another.
        reads: its kind of input, a name of models.kinds.
    """

    name: str
    title: str
    trained: bool
    load: Callable[[Report], Any]  # of which class, `reads` says
    fits: str = PHOTOS
    on_board: bool = True
    key: str = ""
    content: str = ""
    reads: str = PICTURES

    def require(self, reads: str) -> None:
        """Raise UserError, naming what it reads, where that is another kind of input."""
        if self.reads != reads:
            raise UserError(
                f"{self.title} reads {KINDS[self.reads].many}, not {KINDS[reads].many}; choose another network."
            )

    @property
    def identity(self) -> str:
        """The name of exactly these weights, for caches."""
        return self.key or self.name


class Source(Protocol):
    """A library of architectures with published weights, listed and loaded on demand."""

    title: str

    def names(self) -> tuple[str, ...]:
        """All names, each with the library's prefix, as in the address."""

    def find(self, name: str) -> Model:
        """The entry of that name. Raises UserError where the library has none."""


def unknown_network_error(name: str, known: Collection[str]) -> UserError:
    """The sentence for a name that is not among those known; repeats it only where it looks like a name."""
    if not re.fullmatch(r"[A-Za-z0-9_./-]{1,80}", name):
        return UserError("That is not the name of a network; choose one from the list.")
    near = get_close_matches(name, known, n=1)
    advice = f"did you mean {near[0]}?" if near else "choose one from the list."
    return UserError(f"There is no network called {name}; {advice}")
