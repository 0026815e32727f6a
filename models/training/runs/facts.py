"""What a run's network reads and answers, kept with the run: the weights outlive the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.kinds import PICTURES
from models.runtime import files
from models.runtime.errors import UserError
from models.training.formats import InputFormat
from models.training.kinds import TRAINED

FILE = "data.json"


@dataclass(frozen=True)
class Facts:
    """The data of a run, without its contents.

    Attributes:
        title: of the dataset.
        fits: name under which the zoo knows what the network reads.
        classes: one name per logit; none where it gives a number.
        format: how the network reads.
        counts: examples by part: train, validation, test.
        remarks: what was to be said of the data when it was read, a sentence each.
    """

    title: str
    fits: str
    classes: tuple[str, ...]
    format: InputFormat
    counts: Mapping[str, int]
    remarks: tuple[str, ...] = ()

    @property
    def outputs(self) -> int:
        """Numbers that an input gets: one per class, or one."""
        return len(self.classes) or 1

    def write(self, run: Path) -> None:
        """Put them into a run's folder, whole. Raises DiskFullError."""
        content = {
            "title": self.title,
            "fits": self.fits,
            "classes": self.classes,
            "counts": dict(self.counts),
            "remarks": self.remarks,
            "reads": self.format.reads,
        }
        files.write_json(run / FILE, content | self.format.to_json())


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
    # Runs of an earlier version learned from pictures.
    kind = TRAINED[content.get("reads", PICTURES)]
    return Facts(
        title=str(content["title"]),
        fits=str(content["fits"]),
        classes=tuple(str(name) for name in content["classes"]),
        format=kind.format.from_json(content),
        counts={str(part): int(count) for part, count in content["counts"].items()},
        remarks=tuple(str(sentence) for sentence in content.get("remarks", ())),
    )
