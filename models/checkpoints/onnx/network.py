"""An ONNX network that was read: what is kept of it beside its tensors, and how it is built again."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

# How pictures lie in what the graph reads: (C, H, W), (H, W, C), (H, W), or a row of numbers, colours innermost.
Layout = Literal["first", "last", "plane", "flat"]
FINALS = ("Softmax", "LogSoftmax", "Sigmoid")
BYTES, UNIT = 255.0, 1.0
DIGITS = (1, 28, 28)
IMAGENET_CLASSES, COLOURS = 1000, 3


@dataclass(frozen=True, repr=False)
class OnnxNetwork:
    """A graph whose large tensors lie elsewhere, and what it reads and gives.

    Attributes:
        graph: as ONNX writes it, its tensors of many numbers by name alone.
        file: SHA-256 of the file that it was read from, hexadecimal.
        name: as in the file.
        producer: that wrote the file, as it calls itself.
        depth: how many nodes it has.
        layout: of pictures in what it reads.
        given: channels, height and width of a picture.
        free: whether it takes pictures of other sizes.
        batch: pictures that it takes at once; 0 for any number.
        outputs: numbers that a picture gets.
        final: activation behind the graph, one of FINALS; empty where there is none.
        prepares: name of the node near the input that brings pixels to what follows; empty where there is none.
        largest: what white is in the pictures that it reads, 255 or 1, as far as the graph tells.
        work: multiplications for one picture.
        opaque: why ONNX Runtime computes it, as a clause; empty where it is translated into torch.
    """

    graph: bytes
    file: str
    name: str
    producer: str
    depth: int
    layout: Layout
    given: tuple[int, int, int]
    free: bool
    batch: int
    outputs: int
    final: str
    prepares: str
    largest: float
    work: int
    opaque: str

    def __repr__(self) -> str:
        return f"ONNX {self.file} {'run' if self.opaque else 'translated'}"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the graph, hexadecimal."""
        return hashlib.sha256(self.graph).hexdigest()

    def to_note(self) -> str:
        """All of it as text."""
        fields = {**vars(self), "graph": base64.b64encode(self.graph).decode()}
        return json.dumps({field.name: fields[field.name] for field in dataclasses.fields(self)})

    @classmethod
    def from_note(cls, note: str) -> OnnxNetwork:
        """What to_note() was made from."""
        fields = json.loads(note)
        return cls(**{**fields, "graph": base64.b64decode(fields["graph"]), "given": tuple(fields["given"])})

    @property
    def tells_size(self) -> bool:
        """Whether the file says height and width."""
        return not self.free

    def size(self) -> tuple[int, int, int]:
        """Channels, height and width of the pictures that it reads."""
        return self.given

    @property
    def usual(self) -> tuple[str, str]:
        """Range that networks of its kind are made for, as `choice.NORMALISATIONS` calls it, and why; or empty."""
        if self.producer == "pytorch" and not self.prepares:
            if self.outputs == IMAGENET_CLASSES and self.given[0] == COLOURS:
                return (
                    "imagenet",
                    "networks of PyTorch with 1,000 classes mostly read ImageNet's mean and spread",
                )
            if self.given == DIGITS:
                return "mnist", "networks of PyTorch for 28 x 28 in grey mostly read MNIST's mean and spread"
        return "", ""

    @property
    def pixels(self) -> str:
        """A sentence on what pixels it reads, and how that is known."""
        if self.prepares:
            return f"Told by the file: its node {self.prepares} reads pixels from 0 to {self.largest:.0f}."
        _, why = self.usual
        if why:
            return (
                f"Nothing in the file says what training did to the pixels; {why}, so that is taken. Choose "
                "another range below where it is wrong."
            )
        return (
            f"Nothing in the file says what training did to the pixels, so they are brought to 0 to "
            f"{self.largest:.0f}; choose another range below where that is wrong."
        )

    @property
    def told(self) -> str:
        """A sentence on what the file says of it, and one on who computes it."""
        said = f"the file itself says how it computes, with {self.depth:,} nodes."
        if not self.opaque:
            return f"{said} They became layers of PyTorch, whose answers were compared with ONNX Runtime's."
        return (
            f"{said} ONNX Runtime computes it as it is, because {self.opaque}: it answers, and whatever asks for a "
            "gradient or a layer says that it has none."
        )


def input_shape(layout: Layout, given: tuple[int, int, int], count: int) -> tuple[int, ...]:
    """The shape of so many pictures of (channels, height, width) in what a graph reads."""
    channels, height, width = given
    return {
        "first": (count, channels, height, width),
        "last": (count, height, width, channels),
        "plane": (count, height, width),
        "flat": (count, channels * height * width),
    }[layout]
