"""Small networks, each with one habit of what people bring; each takes its number of classes, as `--model` asks."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from models.preprocessing import Preprocessing

WIDTH = 8


class Plain(nn.Module):
    """One convolution, its mean, and a linear layer: logits, and nothing else."""

    channels = 3

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv2d(self.channels, WIDTH, 3, 2, 1), nn.BatchNorm2d(WIDTH)
        self.head = nn.Linear(WIDTH, classes)

    def features(self, inputs: Tensor) -> Tensor:
        features: Tensor = self.norm(self.conv(inputs)).relu().mean((2, 3))
        return features

    def logits(self, inputs: Tensor) -> Tensor:
        logits: Tensor = 4 * self.head(self.features(inputs))
        return logits

    def forward(self, inputs: Tensor) -> Any:  # said by the class
        return self.logits(inputs)


class Squeezes(Plain):
    """Loses the batch axis of one picture."""

    def forward(self, inputs: Tensor) -> Any:
        return self.logits(inputs).squeeze()


class InDict(Plain):
    """Hands on a dictionary."""

    def forward(self, inputs: Tensor, labels: Tensor | None = None) -> Any:
        return {"logits": self.logits(inputs)}


class InTuple(Plain):
    """Hands on its features as well."""

    def forward(self, inputs: Tensor) -> Any:
        return self.logits(inputs), self.features(inputs)


class TwoHeads(Plain):
    """Gives two rows of scores, without a name."""

    def forward(self, inputs: Tensor) -> Any:
        return self.logits(inputs), -self.logits(inputs)


class Pixels(Plain):
    """Gives one score for each place."""

    def forward(self, inputs: Tensor) -> Any:
        return self.head(self.conv(inputs).movedim(1, 3)).movedim(3, 1)


class Folds(nn.Module):
    """Was made for 16 x 16 pixels, and folds more of them into the batch."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.conv, self.head = nn.Conv2d(3, WIDTH, 3, 2, 1), nn.Linear(WIDTH * 64, classes)

    def forward(self, inputs: Tensor) -> Any:
        return self.head(self.conv(inputs).relu().reshape(-1, WIDTH * 64))


class Softmaxed(Plain):
    """Ends in a softmax."""

    def forward(self, inputs: Tensor) -> Any:
        return (4 * self.logits(inputs)).softmax(1)


class Sigmoided(Plain):
    """Ends in a sigmoid: attributes."""

    def forward(self, inputs: Tensor) -> Any:
        return self.logits(inputs).sigmoid()


class Frozen(Plain):
    """No gradient reaches the picture."""

    def forward(self, inputs: Tensor) -> Any:
        with torch.no_grad():
            features = self.features(inputs)
        return self.head(features)


class WritesInput(Plain):
    """Normalises what it is given, in its place."""

    def forward(self, inputs: Tensor) -> Any:
        return self.logits(inputs.sub_(0.2).mul_(2.0))


class Noisy(Plain):
    """Is random in eval mode."""

    def forward(self, inputs: Tensor) -> Any:
        return self.head(functional.dropout(self.features(inputs), 0.5))


class ByBatch(Plain):
    """Answers by the other pictures of the batch."""

    def __init__(self, classes: int) -> None:
        super().__init__(classes)
        self.norm = nn.BatchNorm2d(WIDTH, track_running_stats=False)


class Counts(Plain):
    """Counts its passes in a buffer."""

    def __init__(self, classes: int) -> None:
        super().__init__(classes)
        self.passes: Tensor
        self.register_buffer("passes", torch.zeros(()))

    def forward(self, inputs: Tensor) -> Any:
        self.passes += 1
        return self.logits(inputs)


class NeverAlone(Plain):
    """Cannot take one picture."""

    def __init__(self, classes: int) -> None:
        super().__init__(classes)
        self.last = nn.BatchNorm1d(WIDTH, track_running_stats=False)

    def forward(self, inputs: Tensor) -> Any:
        return self.head(self.last(self.features(inputs)))


class Checkpointed(Plain):
    """Recomputes its layers on the way back, as torch did first."""

    def forward(self, inputs: Tensor) -> Any:
        return self.head(checkpoint(self.features, inputs, use_reentrant=True))


class FourChannels(Plain):
    """Reads four channels."""

    channels = 4


class Grey(Plain):
    """Reads grey pictures."""

    channels = 1


class Lazy(nn.Module):
    """Learns the width of its head from the first picture."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.conv, self.head = nn.Conv2d(3, WIDTH, 3, 2, 1), nn.LazyLinear(classes)
        self(torch.zeros(2, 3, 32, 32))

    def forward(self, inputs: Tensor) -> Any:
        return self.head(self.conv(inputs).relu().mean((2, 3)))


class Fixed(Plain):
    """Has seven classes, whatever it is asked for."""

    def __init__(self, classes: int = 0) -> None:
        super().__init__(7)


class Constant(Plain):
    """Answers every picture alike."""

    def forward(self, inputs: Tensor) -> Any:
        return self.head.bias + 0 * self.logits(inputs)


class Tall(nn.Module):
    """Is a transformer for pictures of 32 x 16 pixels: 4 x 2 patches and a class token."""

    preprocessing = Preprocessing((32, 16), (32, 16), (0.5,) * 3, (0.5,) * 3)

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.patch, self.token = nn.Conv2d(3, WIDTH, 8, 8), nn.Parameter(torch.randn(1, 1, WIDTH))
        layer = nn.TransformerEncoderLayer(WIDTH, 2, 16, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
        self.head = nn.Linear(WIDTH, classes)

    def forward(self, inputs: Tensor) -> Any:
        patches = self.patch(inputs).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.token.expand(len(patches), -1, -1), patches], 1)
        return self.head(self.encoder(tokens)[:, 0])
