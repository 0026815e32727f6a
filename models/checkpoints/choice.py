"""What only the person knows of a checkpoint: which architecture, class names, input, and what its numbers mean."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass

from models.checkpoints.architectures import CAFFE, IMAGENET, MNIST
from models.meaning import Meaning
from models.preprocessing import COLOURS, GREY, Preprocessing
from models.runtime.errors import UserError

MOST_CLASSES = 100_000
LONGEST_CLASS = 120
LARGEST_LIST = 4 * 1024**2
USUAL = "usual"
# Fields that the digest always had.
FIRST_FIELDS = ("architecture", "classes", "normalisation")
# Name -> mean and std of each channel, in words and numbers; the architecture's own is one more.
NORMALISATIONS: dict[str, tuple[str, tuple[float, ...], tuple[float, ...]]] = {
    "imagenet": ("ImageNet's mean and spread", *IMAGENET),
    "half": ("-1 to 1", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    "none": ("0 to 1", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    "bytes": ("0 to 255", (0.0, 0.0, 0.0), (1 / 255,) * 3),
    "caffe": ("0 to 255, less ImageNet's mean", *CAFFE),
    "mnist": ("MNIST's mean and spread", *MNIST),
    "cifar10": ("CIFAR-10's mean and spread", (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
}
# Name -> in words: how a picture is brought to the size of the input.
RESIZES = {
    USUAL: "As the network usually does",
    "whole": "Shorter side to the input, middle cut out",
    "squash": "Squashed to the input, whatever its shape",
}
# Name -> in words, and what it is; a trial finds it where nobody says it.
MEANINGS: dict[str, tuple[str, Meaning | None]] = {
    "": ("As the trial found", None),
    "logits": ("Scores of classes, one of which is right", "logits"),
    "probabilities": ("Probabilities of classes, one of which is right", "probabilities"),
    "attributes": ("Attributes, each by itself", "attributes"),
    "yes or no": ("Yes or no", "yes or no"),
    "values": ("Values: no classes", "values"),
}
# What the channels that a network reads hold, a letter each -> in words; empty leaves their number to the trial.
CHANNELS = {
    "": "As the trial found",
    COLOURS: "In colour (3)",
    "bgr": "In colour, blue first, as OpenCV reads (3)",
    GREY: "In grey (1)",
}
# The same of any other number of channels: what begins, what fills the rest, and both in words.
FILLINGS = (
    (COLOURS, "1", "Red, green, blue, and ones: nothing is transparent"),
    (COLOURS, "0", "Red, green, blue, and zeros"),
    (COLOURS, GREY, "Red, green, blue, and grey"),
    (COLOURS, COLOURS, "The colours again and again"),
    (GREY, "1", "Grey, and ones: nothing is transparent"),
    (GREY, "0", "Grey, and zeros"),
    (GREY, GREY, "The same grey in each"),
)
SMALLEST_SIDE, LARGEST_SIDE = 8, 1024
# Pictures of a shorter side than this are those of datasets (CIFAR, Tiny ImageNet), which are read whole.
THUMBNAIL = 128
_SIZE = re.compile(r"\s*(\d{1,5})\s*(?:px)?\s*(?:[x*,\u00d7 ]\s*(\d{1,5})\s*(?:px)?\s*)?")


@dataclass(frozen=True)
class Choice:
    """What a person says of a checkpoint.

    Attributes:
        architecture: name of one of several that match; empty where there is one.
        classes: one name per logit; empty means ImageNet's where there are 1000, else numbers.
        normalisation: name in NORMALISATIONS, or USUAL for the architecture's.
        size: height and width of the input, in pixels; None for the architecture's.
        resize: name in RESIZES.
        channels: 1 or 3; 0 for what the architecture or the trial says, or where `planes` says it.
        meaning: name in MEANINGS.
        member: where the scores stand in what comes out, as Python writes it; empty for what the trial found.
        activation: of a network of ours, by its name in the zoo; empty for the usual one. Weights do not tell it.
        planes: what each channel holds, a letter of PLANES each, where it is not just grey or colours.
        stem: name in STEMS of what a small first layer does; empty for the usual one. Weights do not tell it.
    """

    architecture: str = ""
    classes: tuple[str, ...] = ()
    normalisation: str = USUAL
    size: tuple[int, int] | None = None
    resize: str = USUAL
    channels: int = 0
    meaning: str = ""
    member: str = ""
    activation: str = ""
    planes: str = ""
    stem: str = ""

    @property
    def digest(self) -> str:
        """The first 16 hexadecimal digits of the SHA-256 of all that was said; empty where nothing was."""
        if self == Choice():
            return ""
        # What was added later counts only where it was said: addresses from before stay what they were.
        said = {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if field.name in FIRST_FIELDS or getattr(self, field.name) != field.default
        }
        content = json.dumps(said, sort_keys=True)
        return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:16]

    def preprocessing(self, usual: Preprocessing) -> Preprocessing:
        """What is done to a picture, given what the architecture usually does."""
        reads = usual.with_channels(self.channels or usual.channels)
        if self.normalisation != USUAL:
            _, mean, std = NORMALISATIONS[self.normalisation]
            colours = Preprocessing(reads.size, reads.resize, mean, std, reads.interpolation)
            reads = colours.with_channels(reads.channels)
        if self.planes:
            reads = reads.with_planes(self.planes)
        size = self.size or reads.size
        return dataclasses.replace(reads, size=size, resize=_resize(self.resize, size, usual))

    @property
    def holds(self) -> str:
        """What was said that the channels hold, a letter of PLANES each; empty where nothing was."""
        return self.planes or {1: GREY, 3: COLOURS}.get(self.channels, "")


def fillings(channels: int) -> dict[str, str]:
    """What so many channels may hold, a letter each -> in words; nothing where CHANNELS has it."""
    if channels in map(len, CHANNELS):
        return {}
    return {
        begin + rest * ((channels - len(begin)) // len(rest)): words
        for begin, rest, words in FILLINGS
        if channels > len(begin) and (channels - len(begin)) % len(rest) == 0
    }


def _resize(name: str, size: tuple[int, int], usual: Preprocessing) -> int | tuple[int, int]:
    """To what a picture is scaled before its middle is cut out."""
    if name == "squash" or (name == USUAL and isinstance(usual.resize, tuple)):
        return size
    if name == "whole" or (size != usual.size and max(size) < THUMBNAIL):
        return max(size)
    # As much of the picture as usual.
    assert isinstance(usual.resize, int), "the usual way of a squashed picture is told apart above"
    return round(usual.resize * max(size) / max(usual.size))


def parse_size(text: str) -> tuple[int, int] | None:
    """Height and width in a text such as `32` or `128 x 64`; None in an empty text.

    Raises:
        UserError: if it is no size, or one that no network here reads.
    """
    if not text.strip():
        return None
    match = _SIZE.fullmatch(text.lower())
    if match is None:
        raise UserError(
            f"{text.strip()[:20]!r} is no size of an input; write 32, or height x width as 128 x 64."
        )
    height = int(match[1])
    width = int(match[2] or height)
    if not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in (height, width)):
        raise UserError(
            f"The sides of an input are from {SMALLEST_SIDE} to {LARGEST_SIDE:,} pixels; {height:,} x {width:,} is not."
        )
    return height, width


def name_count(outputs: int, meaning: str) -> int:
    """How many names a network of so many numbers has: one that is a yes or no has two sides.

    Args:
        outputs: of the network.
        meaning: name in MEANINGS.
    """
    return 2 if outputs == 1 and meaning in ("", "yes or no") else outputs


def class_names(text: str, expected: int) -> tuple[str, ...]:
    """The names in a text of one name a line; nothing in an empty text.

    Args:
        text: as pasted, or read from a file.
        expected: how many there must be.

    Raises:
        UserError: if there are more or fewer, or one is too long.
    """
    if len(text) > LARGEST_LIST:
        raise UserError(
            f"The list of class names is longer than {LARGEST_LIST // 1024**2} MB; shorten the names."
        )
    names = [clean_name(line) for line in text.splitlines()]
    while names and not names[-1]:
        names.pop()
    if not names:
        return ()
    if len(names) != expected:
        raise UserError(
            f"The list has {len(names):,} class names, but the network tells {expected:,} classes apart; write one "
            "name a line, in the order of the network's outputs."
        )
    for number, name in enumerate(names):
        if not name:
            raise UserError(f"Line {number + 1:,} of the class names is empty; write one name a line.")
    return tuple(names)


def clean_name(line: str) -> str:
    """A name fit to be shown: no control or direction characters, at most LONGEST_CLASS long."""
    visible = "".join(" " if unicodedata.category(character)[0] == "C" else character for character in line)
    return " ".join(visible.split())[:LONGEST_CLASS]
