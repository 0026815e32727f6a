"""Small networks of our own, for pictures of 28 x 28 pixels: one file and one entry of the table each."""

from __future__ import annotations

from dataclasses import dataclass

from models.zoo.architecture import Architecture


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
        Architecture(
            "mlp", "MLP 784-128-64-10", "https://doi.org/10.1038/323533a0", "models.zoo.small.mlp:MLP"
        ),
        Architecture(
            "lenet5", "LeNet-5", "https://doi.org/10.1109/5.726791", "models.zoo.small.lenet:LeNet5"
        ),
        Architecture("cnn", "Small CNN", "https://arxiv.org/abs/1409.1556", "models.zoo.small.cnn:CNN"),
        Architecture(
            "resnet", "Small ResNet", "https://arxiv.org/abs/1512.03385", "models.zoo.small.resnet:ResNet"
        ),
        Architecture(
            "vit", "Tiny ViT", "https://arxiv.org/abs/2010.11929", "models.zoo.small.vit:ViT", "gelu"
        ),
    )
}
