"""What a run's network reads and answers, kept with the run: the weights outlive the pictures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.preprocessing import Preprocessing
from models.runtime import files
from models.runtime.errors import UserError

FILE = "data.json"


@dataclass(frozen=True)
class Facts:
    """The data of a run, without the pictures.

    Attributes:
        title: of the dataset.
        fits: name under which the zoo knows what the network reads.
        classes: one name per logit.
        size: height and width of what the network reads, in pixels.
        mean: per channel, of pixels scaled to [0, 1].
        std: per channel.
        counts: pictures by part: train, validation, test.
        remarks: what was to be said of a folder of pictures when it was read, a sentence each.
    """

    title: str
    fits: str
    classes: tuple[str, ...]
    size: tuple[int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    counts: Mapping[str, int]
    remarks: tuple[str, ...] = ()

    @property
    def preprocessing(self) -> Preprocessing:
        """What the network does to a picture."""
        return Preprocessing(size=self.size, resize=min(self.size), mean=self.mean, std=self.std)

    def write(self, run: Path) -> None:
        """Put them into a run's folder, whole. Raises DiskFullError."""
        files.write_json(run / FILE, dataclasses.asdict(self))


def read(run: Path) -> Facts:
    """What a run's folder tells of its data.

    Raises:
        UserError: if it tells nothing yet, or the file is damaged.
    """
    try:
        return _parse(files.read_json(run / FILE))
    except FileNotFoundError as error:
        raise UserError(f"Run {run.name} has not read its data yet; wait a moment.") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(f"{FILE} of run {run.name} is damaged; train it anew.") from error


def _parse(content: Mapping[str, Any]) -> Facts:
    height, width = content["size"]
    return Facts(
        title=str(content["title"]),
        fits=str(content["fits"]),
        classes=tuple(str(name) for name in content["classes"]),
        size=(int(height), int(width)),
        mean=tuple(float(value) for value in content["mean"]),
        std=tuple(float(value) for value in content["std"]),
        counts={str(part): int(count) for part, count in content["counts"].items()},
        remarks=tuple(str(sentence) for sentence in content.get("remarks", ())),
    )
