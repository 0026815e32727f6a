"""How a run reads pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from models.kinds import PICTURES
from models.preprocessing import Preprocessing
from models.runtime.errors import UserError

if TYPE_CHECKING:
    from torch import nn

    from models.classifier import Classifier
    from models.datasets.entry import Dataset
    from models.zoo.architecture import Architecture


@dataclass(frozen=True)
class PictureFormat:
    """Pictures of one size, normalised.

    Attributes:
        size: height and width of what the network reads, in pixels.
        mean: per channel, of pixels scaled to [0, 1].
        std: per channel.
    """

    reads: ClassVar[str] = PICTURES

    size: tuple[int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def of(cls, dataset: Dataset) -> PictureFormat:
        """As a dataset's pictures are read."""
        return cls(dataset.size, dataset.mean, dataset.std)

    @property
    def preprocessing(self) -> Preprocessing:
        """What the network does to a picture."""
        return Preprocessing(size=self.size, resize=min(self.size), mean=self.mean, std=self.std)

    def to_json(self) -> dict[str, Any]:
        """Size, mean and deviation."""
        return {"size": self.size, "mean": self.mean, "std": self.std}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> PictureFormat:
        """The format that to_json() wrote. Raises KeyError, TypeError or ValueError where it is damaged."""
        height, width = content["size"]
        return cls(
            size=(int(height), int(width)),
            mean=tuple(float(value) for value in content["mean"]),
            std=tuple(float(value) for value in content["std"]),
        )

    def build(self, architecture: Architecture, outputs: int, **options: float) -> nn.Module:
        """A fresh network for pictures of so many channels."""
        return architecture.build(outputs, len(self.mean), **options)

    def check(self, network: nn.Module, title: str) -> None:
        """Raise UserError where it cannot read pictures of this size."""
        height, width = self.size
        try:
            self.count_flops(network)
        except RuntimeError as error:
            raise UserError(
                f"{title} cannot read pictures of {height} x {width} pixels; "
                "set Image size (image_size) to 28, or choose another network."
            ) from error

    def count_flops(self, network: nn.Module) -> int:
        """Those of its answer to one picture."""
        import torch

        from models.runtime.flops import count_flops

        return count_flops(network, torch.zeros((1, len(self.mean), *self.size)))

    def network(self, **known: Any) -> Classifier:
        """A network for pictures; `known` are the fields of ReadyNetwork."""
        from models.classifier import Classifier

        return Classifier(preprocessing=self.preprocessing, **known)
