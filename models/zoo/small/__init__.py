"""Small networks of our own, for pictures of 28 x 28 pixels: one file and one entry of the table each."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Architecture:
    """One kind of network, known without importing it.

    Attributes:
        name: as in the address, unique.
        title: as on the page.
        paper: address of the paper that describes it.
        network: its class, as module:name within this package.
        activation: what it has between its layers; a name of ACTIVATIONS.
    """

    name: str
    title: str
    paper: str
    network: str
    activation: str = "relu"

    @property
    def key(self) -> str:
        """Tells its code from all other; see models.classifier.architecture_of."""
        from models.classifier import architecture_of

        usual = ARCHITECTURES[self.name].activation
        options = {} if self.activation == usual else {"activation": self.activation}
        return architecture_of("vitrine", self.name, **options)

    def build(self, classes: int = 10, channels: int = 1, dropout: float = 0.0) -> nn.Module:
        """A fresh network in train mode, its weights drawn from torch's global generator.

        Args:
            classes: number of logits.
            channels: of the input.
            dropout: probability with which training drops a hidden unit, in [0, 1).
        """
        network: nn.Module = pkgutil.resolve_name(f"{__name__}.{self.network}")(
            classes, channels, dropout, self.activation
        )
        return network


@dataclass(frozen=True)
class Activation:
    """What may stand between the layers of a network.

    Attributes:
        name: as in the settings of a run, and in the names of layers.
        title: as on the page.
        module: its class in torch.nn.
    """

    name: str
    title: str
    module: str


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation("relu", "ReLU", "ReLU"),
        Activation("gelu", "GELU", "GELU"),
        Activation("silu", "SiLU", "SiLU"),
        Activation("tanh", "Tanh", "Tanh"),
        Activation("sigmoid", "Sigmoid", "Sigmoid"),
        Activation("leaky", "Leaky ReLU", "LeakyReLU"),
    )
}


ARCHITECTURES: dict[str, Architecture] = {
    architecture.name: architecture
    for architecture in (
        Architecture("mlp", "MLP 784-128-64-10", "https://doi.org/10.1038/323533a0", "mlp:MLP"),
        Architecture("lenet5", "LeNet-5", "https://doi.org/10.1109/5.726791", "lenet:LeNet5"),
        Architecture("cnn", "Small CNN", "https://arxiv.org/abs/1409.1556", "cnn:CNN"),
        Architecture("resnet", "Small ResNet", "https://arxiv.org/abs/1512.03385", "resnet:ResNet"),
        Architecture("vit", "Tiny ViT", "https://arxiv.org/abs/2010.11929", "vit:ViT", "gelu"),
    )
}
