"""How what a run learns from becomes a network's input: all that must be kept to use its weights later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

if TYPE_CHECKING:
    from torch import nn

    from models.classifier import ReadyNetwork
    from models.zoo.architecture import Architecture


class InputFormat(Protocol):
    """One kind of input, as one run reads it; the run's folder keeps it, since weights outlive the data."""

    # The kind, a name of models.kinds.
    reads: ClassVar[str]

    def to_json(self) -> dict[str, Any]:
        """All that it says; what it names lies in the run's folder beside title, classes and counts."""

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """The format that to_json() wrote. Raises KeyError, TypeError or ValueError where it is damaged."""

    def build(self, architecture: Architecture, outputs: int, **options: float) -> nn.Module:
        """A fresh network for this input, its weights drawn from torch's global generator.

        Args:
            architecture: of its kind.
            outputs: numbers that an input gets.
            options: of the architecture: dropout.
        """

    def check(self, network: nn.Module, title: str) -> None:
        """Raise UserError where a fresh network cannot read this input; draws nothing."""

    def count_flops(self, network: nn.Module) -> int:
        """Floating point operations of a fresh network's answer to one input; draws nothing.

        Those of convolutions and matrix products, a multiplication and its addition as two.
        """

    def network(self, **known: Any) -> ReadyNetwork:
        """A network of this kind, ready to use.

        Args:
            known: the fields of ReadyNetwork.
        """
