"""What only the person knows of a checkpoint: which of several architectures, class names, normalisation."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import unicodedata
from dataclasses import dataclass

from models.checkpoints.architectures import IMAGENET
from models.runtime.errors import UserError

MOST_CLASSES = 100_000
LONGEST_CLASS = 120
LARGEST_LIST = 4 * 1024**2
USUAL = "usual"
# Name -> mean and std of each channel, in words and numbers; the architecture's own is one more.
NORMALISATIONS: dict[str, tuple[str, tuple[float, ...], tuple[float, ...]]] = {
    "imagenet": ("ImageNet's mean and spread", *IMAGENET),
    "half": ("-1 to 1", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    "none": ("0 to 1", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    "cifar10": ("CIFAR-10's mean and spread", (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
}


@dataclass(frozen=True)
class Choice:
    """What a person says of a checkpoint.

    Attributes:
        architecture: name of one of several that match; empty where there is one.
        classes: one name per logit; empty means ImageNet's where there are 1000, else numbers.
        normalisation: name in NORMALISATIONS, or USUAL for the architecture's.
    """

    architecture: str = ""
    classes: tuple[str, ...] = ()
    normalisation: str = USUAL

    @property
    def digest(self) -> str:
        """The first 16 hexadecimal digits of the SHA-256 of all that was said; empty where nothing was."""
        if self == Choice():
            return ""
        content = json.dumps(dataclasses.asdict(self), sort_keys=True)
        return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:16]


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
    names = [_clean_line(line) for line in text.splitlines()]
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


def _clean_line(line: str) -> str:
    """A name fit to be shown: no control or direction characters, at most LONGEST_CLASS long."""
    visible = "".join(" " if unicodedata.category(character)[0] == "C" else character for character in line)
    return " ".join(visible.split())[:LONGEST_CLASS]
