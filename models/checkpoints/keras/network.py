"""A Keras network that was read: what is kept of it beside its tensors, and how it is built again."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from models.checkpoints.keras.configuration import INPUT, Layer, Network, parse
from models.checkpoints.keras.settings import shown
from models.checkpoints.limits import RefusalError

if TYPE_CHECKING:
    from torch import nn

    from models.checkpoints.keras.translation import Plan

# Key in a kept file's metadata.
NOTE = "keras"
BYTES, UNIT = 255.0, 1.0
# Layers that bring the numbers of pixels to others, as far from the input as this.
EARLY = 24
# A factor that brings bytes to small numbers is smaller than this.
SMALL = 0.1
# Range -> names that keras.applications gives to networks for it.
MADE_FOR = {
    "half": re.compile(r"mobilenet(v2)?_[01]\.|xception$|inception_(v3|resnet_v2)$|resnet\d+v2$|nasnet"),
    "imagenet": re.compile(r"densenet\d+$"),
    "caffe": re.compile(r"vgg1[69]$|resnet\d+$"),
}
CAFFE = "pixels from 0 to 255, blue first, less ImageNet's mean"
WORDS = {"half": "pixels from -1 to 1", "imagenet": "ImageNet's mean and spread", "caffe": CAFFE}
PREPARES = ("Rescaling", "Normalization")
IDLE = ("InputLayer", "Random", "Resizing", "CenterCrop", "Identity", "Reshape", "Flatten")


@dataclass(frozen=True, repr=False)
class KerasNetwork:
    """The configuration of a network.

    Attributes:
        text: of the configuration, as JSON.
        release: of Keras that wrote it: its first number.
    """

    text: str
    release: int

    def __repr__(self) -> str:
        return f"Keras {self.release} {self.digest}"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the configuration, hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()

    @classmethod
    def of(cls, configuration: Any, release: int) -> KerasNetwork:
        """The network of a configuration."""
        return cls(json.dumps(configuration, separators=(",", ":")), release)

    def to_note(self) -> str:
        """All of it as text."""
        return json.dumps([self.release, self.text])

    @classmethod
    def from_note(cls, note: str) -> KerasNetwork:
        """What to_note() was made from."""
        release, text = json.loads(note)
        return cls(str(text), int(release))

    @cached_property
    def network(self) -> Network:
        """Its layers. Raises RefusalError where they are no network that is read here."""
        return parse(json.loads(self.text), self.release)

    @property
    def name(self) -> str:
        """As in the file."""
        return shown(self.network.name)

    @cached_property
    def first(self) -> bool:
        """Whether pictures have their channels first in the file."""
        from models.checkpoints.keras.translation import is_channels_first

        return is_channels_first(self.network)

    def plan(self, size: tuple[int, int] | None = None) -> Plan:
        """How it is built for pictures of that height and width, or of the file's own.

        Raises:
            RefusalError: if it cannot be.
        """
        return _plan(self, size)

    def build(self, size: tuple[int, int] | None = None) -> nn.Module:
        """The network in torch, its weights not worth anything; raises what plan() raises."""
        return self.plan(size).build()

    def size(self) -> tuple[int, int, int]:
        """Channels, height and width of the pictures that it reads."""
        from models.checkpoints.keras.translation import input_size

        size = input_size(self.network, None, first=self.first)
        return size if self.first else (size[2], size[0], size[1])  # type: ignore[return-value]

    @property
    def tells_size(self) -> bool:
        """Whether the file says height and width."""
        return len(self.network.size) > 1 and None not in self.network.size

    @cached_property
    def outputs(self) -> int:
        """Numbers that a picture gets.

        Raises:
            RefusalError: if they are no row of scores.
        """
        shape = self.plan().shape
        if len(shape) > 1 and shape.count(1) < len(shape) - 1:
            raise RefusalError(
                f"gives {' x '.join(map(str, shape))} numbers for a picture and no row of classes; save it with its "
                "head (include_top=True, or with your own layers behind it)"
            )
        return max(shape)

    @property
    def depth(self) -> int:
        """How many layers it has, those of networks within it counted, inputs not."""
        return sum(layer.settings.kind != INPUT for layer in _flat(self.network))

    @cached_property
    def prepares(self) -> str:
        """The layer near the input that brings pixels to what follows; empty where there is none."""
        layer = next(_early(self.network), None)
        return "" if layer is None else f"{shown(layer.settings.layer)} ({layer.settings.kind})"

    @cached_property
    def usual(self) -> tuple[str, str]:
        """Range that networks of its name are made for, as `choice.NORMALISATIONS` calls it, and the name; or empty."""
        if self.prepares:
            return "", ""
        names = [self.network.name, *(layer.settings.layer for layer in self.network.layers if layer.network)]
        found = (
            (kind, name)
            for name in names
            for kind, names_of in MADE_FOR.items()
            if names_of.match(name.lower())
        )
        return next(found, ("", ""))

    @cached_property
    def largest(self) -> float:
        """What white is in the pictures that it reads: 255, or 1, as far as its layers tell."""
        return next((_white(layer) for layer in _early(self.network)), UNIT)

    @property
    def told(self) -> str:
        """A sentence on what the file says of it."""
        return f"the file itself says how it computes, with {self.depth:,} layers, and every weight of it was read."

    @property
    def pixels(self) -> str:
        """A sentence on what pixels it reads, and how that is known; another where it reads a mere list of them."""
        if len(self.network.size) > 1:
            return self._range
        channels, height, width = self.size()
        return (
            f"It reads a list of {self.network.size[0]:,} numbers, taken for the rows of a picture of {height} x "
            f"{width} {'in grey' if channels == 1 else 'in colour'}. {self._range}"
        )

    @property
    def _range(self) -> str:
        if self.prepares:
            return f"Told by the file: its layer {self.prepares} reads pixels from 0 to {self.largest:.0f}."
        kind, name = self.usual
        if kind:
            return (
                f"Nothing in the file says what training did to the pixels; networks called {shown(name)} are made for "
                f"{WORDS[kind]}, so that is taken. Choose another range below where it is wrong."
            )
        return (
            "Nothing in the file says what training did to the pixels, so they are brought to 0 to 1; choose another "
            "range below where that is wrong."
        )


@lru_cache(maxsize=8)
def _plan(keras: KerasNetwork, size: tuple[int, int] | None) -> Plan:
    """As KerasNetwork.plan(); kept, because whoever opens a network asks several times."""
    from models.checkpoints.keras.translation import input_size, plan

    return plan(keras.network, input_size(keras.network, size, first=keras.first), first=keras.first)


def _white(layer: Layer) -> float:
    """What white is before a layer that brings pixels to what follows: a small factor, or a large mean, tells bytes."""
    values = layer.settings.values
    if layer.settings.kind == "Normalization":
        mean = _first(values.get("mean"))
        return UNIT if isinstance(mean, int | float) and abs(mean) <= 1 else BYTES
    if layer.settings.kind == "Rescaling":
        scale = _first(values.get("scale"))
        return BYTES if isinstance(scale, int | float) and abs(scale) < SMALL else UNIT
    return BYTES


def _first(value: Any) -> Any:
    while isinstance(value, list) and value:
        value = value[0]
    return value


def _early(network: Network) -> Iterator[Layer]:
    """Layers near the input that bring pixels to other numbers, before anything that weighs them."""
    for layer in itertools.islice(_flat(network), EARLY):
        if layer.settings.kind in PREPARES or _divides(layer):
            yield layer
        elif not layer.settings.kind.startswith(IDLE):
            return


def _divides(layer: Layer) -> bool:
    """Whether it is x / 255, x / 127.5 or x * 0.004, as keras.applications prepare pictures."""
    numbers = [
        value
        for call in layer.calls
        for value in (*call.args, *call.named.values())
        if isinstance(value, int | float) and value
    ]
    kind = layer.settings.kind
    large = layer.is_operation and len(numbers) == 1
    return large and (
        (kind in ("TrueDivide", "Divide") and numbers[0] > 1 / SMALL)
        or (kind == "Multiply" and 0 < numbers[0] < SMALL)
    )


def _flat(network: Network) -> Iterator[Layer]:
    """All layers, those of networks within in their place."""
    for layer in network.layers:
        if layer.network is None:
            yield layer
        else:
            yield from _flat(layer.network)
