"""What an interface must know of a method for texts, and what the method is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import Tensor

from dashboard.inspection.attribution.method import Paper, Parameters, choice, read_settings
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.inspection.text.parts import UNITS, single_tokens
from dashboard.inspection.text.reading import WordReader, texts_at_once
from dashboard.records.text import Part
from models.text.networks import TextNetwork
from models.text.tokenizer import UNKNOWN, Tokens

if TYPE_CHECKING:
    from dashboard.inspection.engine.explained_score import ExplainedScore

NO_WORDS = "There is no word in this text."


def units_choice(text: str) -> Any:
    """What has a value of its own, as a field of Parameters."""
    return choice("words", tuple(UNITS), "Parts", text)


@dataclass(frozen=True, eq=False)
class TextTask:
    """One text to explain.

    Attributes:
        explained: vectors (N, L, D) -> (N,), on a private copy of the network.
        network: the same copy, which reads ids.
        ids: (1, L), at least one of them.
        parts: that have a value each.
        parameters: of the method's own class.
        batch: texts in one pass.
        progress: told the share done by methods that do not read text by text; what it raises ends the work.
    """

    explained: ExplainedScore
    network: TextNetwork
    ids: Tensor
    parts: tuple[Part, ...]
    parameters: Any
    batch: int
    progress: Progress = ignore

    @classmethod
    def of(
        cls,
        network: TextNetwork,
        tokens: Tokens,
        *,
        target: int,
        versus: int | None = None,
        parameters: Parameters | None = None,
        progress: Progress = ignore,
    ) -> TextTask:
        """The task for a network that others share, and a text of at least one token."""
        # Imported where it is used: the table is read without it.
        from dashboard.inspection.engine.explained_score import ExplainedScore

        private = isolate(network)
        assert isinstance(private, TextNetwork)
        ids = torch.from_numpy(tokens.ids)[None]
        explained = ExplainedScore(WordReader(private, ids), target, versus).eval()
        divide = UNITS.get(getattr(parameters, "units", ""), single_tokens)
        return cls(explained, private, ids, divide(tokens), parameters, texts_at_once(len(tokens)), progress)

    @cached_property
    def inputs(self) -> Tensor:
        """The words' vectors, (1, L, D)."""
        return self.network.embed(self.ids).detach()

    def filled(self, word: int) -> Tensor:
        """The vectors of a text as long that is one word all over, (1, L, D)."""
        return self.network.embed(torch.full_like(self.ids, word)).detach()

    @cached_property
    def unknown(self) -> Tensor:
        """The vectors of as many words that are not in the vocabulary, (1, L, D)."""
        return self.filled(UNKNOWN)

    @cached_property
    def part_of(self) -> Tensor:
        """(L,) the part that each token belongs to."""
        sizes = torch.tensor([end - start for start, end in self.parts])
        return torch.arange(len(self.parts)).repeat_interleave(sizes)

    def answers(self, shown: Tensor) -> Tensor:
        """The explained quantity with only some parts shown, and an unknown word in place of every other one.

        Args:
            shown: (N, parts) bool.

        Returns:
            (N,) float64.
        """
        keep = shown[:, self.part_of][..., None]  # (N, L, 1)
        with torch.no_grad():
            scores = [
                self.explained(torch.where(rows, self.inputs, self.unknown))
                for rows in torch.split(keep, self.batch)
            ]
        return torch.cat(scores).double()


@dataclass(frozen=True, eq=False)
class RawTextAttribution:
    """What a method found.

    Attributes:
        values: (parts,) float64.
        baseline: id of the word that stood for nothing; None where none did.
        complete: whether the values promise to add up to the change from a text of the baseline to this one.
        errors: (parts,) standard errors; None where nothing was sampled.
        samples: orders that were drawn.
        halves: the values of either half of the samples; None where nothing was sampled.
        warning: one sentence on what limits the values from the start; empty where nothing does.
    """

    values: Tensor
    baseline: int | None = None
    complete: bool = False
    errors: Tensor | None = None
    samples: int = 0
    halves: tuple[Tensor, Tensor] | None = None
    warning: str = ""


@dataclass(frozen=True)
class TextMethod:
    """One way to say what the words of a text count for.

    Attributes:
        name: as in the address.
        title: as on the page.
        question: what it answers, in a few words.
        reading: how to read its colours, in one or two sentences.
        formula: LaTeX.
        paper: its source.
        signed: whether negative values mean "speaks against".
        cost: "instant" (a pass or two) or "slow" (hundreds).
        run: makes the values.
        texts: how many texts the network will read at most, for settings and so many parts.
        parameters: class of its settings.
        differentiates: whether it asks for a gradient.
        limit: the reason why it cannot run on a network, or None.
    """

    name: str
    title: str
    question: str
    reading: str
    formula: str
    paper: Paper
    signed: bool
    cost: Literal["instant", "slow"]
    run: Callable[[TextTask], RawTextAttribution]
    texts: Callable[[Any, int], int]
    parameters: type[Parameters] = Parameters
    differentiates: bool = False
    limit: Callable[[TextNetwork], str | None] = lambda network: None

    def settings(self, texts: Mapping[str, str]) -> Parameters:
        """The settings, with what the address says in the place of defaults.

        Args:
            texts: `name -> text`; names that are not this method's are passed over.

        Raises:
            UserError: if a text is not a value of its field.
        """
        return read_settings(self.parameters(), texts)
