"""A kind of network of our own, known without importing it."""

from __future__ import annotations

import dataclasses
import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Architecture:
    """One kind of network.

    Attributes:
        name: as in the address, unique.
        title: as on the page.
        paper: address of the paper that describes it.
        network: its class, as module:name; takes sizes, dropout, activation and width.
        activation: what it has between its layers, a name of models.zoo.small.ACTIVATIONS; empty for one that has none.
        usual: what it has unless it is told otherwise; None for `activation`.
        width: factor of the units, channels or features of its layers.
    """

    name: str
    title: str
    paper: str
    network: str
    activation: str = "relu"
    usual: str | None = None
    width: float = 1.0

    def __post_init__(self) -> None:
        if self.usual is None:
            object.__setattr__(self, "usual", self.activation)

    @property
    def key(self) -> str:
        """Tells its code from all other; see models.classifier.architecture_of."""
        from models.classifier import architecture_of

        own, usual = (self.activation, self.width), (self.usual, 1.0)
        options = {
            name: value
            for name, value, known in zip(("activation", "width"), own, usual, strict=True)
            if value != known
        }
        return architecture_of("vitrine", self.name, **options)

    def with_activation(self, name: str, title: str) -> Architecture:
        """The same with another activation function between its layers, which its own title tells."""
        return dataclasses.replace(self, title=f"{self.title} with {title}", activation=name)

    def with_width(self, width: float) -> Architecture:
        """The same with layers so many times as wide, which its own title tells."""
        return dataclasses.replace(self, title=f"{self.title}, width {width:g}", width=width)

    def build(self, *sizes: int, **options: Any) -> nn.Module:
        """A fresh network in train mode, its weights drawn from torch's global generator.

        Args:
            sizes: number of logits, and what it must know of its input: the channels of pictures, the size of a
                vocabulary.
            options: dropout, the probability with which training drops a hidden unit, in [0, 1).
        """
        network: nn.Module = pkgutil.resolve_name(self.network)(
            *sizes, activation=self.activation, width=self.width, **options
        )
        return network
