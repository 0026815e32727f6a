"""Checkpoints of a run: weights that anybody may read, and what only resuming needs beside the latest two."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.runtime import files
from models.runtime.errors import UserError
from models.tensorboard.scalars import VALIDATION_LOSS, VALIDATION_TOP1
from models.training.runs.serialisation import (
    damage_error,
    deserialise_state,
    read_verified,
    serialise_state,
    serialise_weights,
    sha256,
)

if TYPE_CHECKING:
    from torch import Tensor

FOLDER = "checkpoints"
INDEX = "index.json"


@dataclass(frozen=True)
class Checkpoint:
    """One set of weights.

    Attributes:
        path: safetensors file.
        step: optimizer steps taken.
        epoch: epochs completed.
        metrics: tag -> value on the validation pictures; empty where it was taken on the way.
        size: of the file, in bytes.
        digest: SHA-256 of the file; empty where the index was lost.
    """

    path: Path
    step: int
    epoch: int
    metrics: Mapping[str, float]
    size: int
    digest: str

    @property
    def rank(self) -> tuple[float, float]:
        """Sorts the best last."""
        return self.metrics.get(VALIDATION_TOP1, -1.0), -self.metrics.get(VALIDATION_LOSS, float("inf"))

    def tensors(self) -> dict[str, Tensor]:
        """The weights by qualified name, on the CPU, in the order of their names.

        Raises:
            UserError: if the file is gone or damaged.
        """
        from safetensors import SafetensorError
        from safetensors.torch import load

        try:
            # In another order at each reading, which would make another key of the same weights each time.
            return dict(sorted(load(read_verified(self.path, self.digest)).items()))
        except SafetensorError as error:
            raise damage_error(self.path) from error


@dataclass(frozen=True)
class ResumePoint:
    """What resuming needs beside the weights: a file, the step it belongs to and its digest."""

    step: int
    digest: str


@dataclass(frozen=True)
class Checkpoints:
    """All checkpoints of a run.

    Attributes:
        all: by step.
        resumes: of the last and the previous one, by step.
        problems: what was damaged and passed over, one sentence each.
    """

    all: tuple[Checkpoint, ...] = ()
    resumes: tuple[ResumePoint, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def last(self) -> Checkpoint | None:
        """The latest one."""
        return self.all[-1] if self.all else None

    @property
    def previous(self) -> Checkpoint | None:
        """The one before the latest."""
        return self.all[-2] if len(self.all) > 1 else None

    @property
    def best(self) -> Checkpoint | None:
        """The one with the highest validation accuracy, then the lowest loss; the latest where none has any."""
        scored = [checkpoint for checkpoint in self.all if VALIDATION_TOP1 in checkpoint.metrics]
        return max(scored, key=lambda checkpoint: checkpoint.rank) if scored else self.last

    def at(self, step: int) -> Checkpoint | None:
        """The one of a step."""
        return next((checkpoint for checkpoint in self.all if checkpoint.step == step), None)


def read(run: Path) -> Checkpoints:
    """The checkpoints of a run's folder, from the index or, where that is damaged, from the files themselves."""
    folder = run / FOLDER
    try:
        return _parse_index(folder, files.read_json(folder / INDEX))
    except FileNotFoundError:
        return _scan(folder)
    except (UserError, KeyError, TypeError, ValueError, AttributeError):
        problem = f"{INDEX} of run {run.name} is damaged; its checkpoints were listed from their own files."
        scanned = _scan(folder)
        return dataclasses.replace(scanned, problems=(problem, *scanned.problems))


def store(
    run: Path,
    tensors: Mapping[str, Tensor],
    state: Mapping[str, Any],
    *,
    epoch: int,
    metrics: Mapping[str, float],
    budget: int,
) -> Checkpoints:
    """Keep the weights of this moment and all that resuming from it needs, and thin out earlier weights.

    Args:
        run: its folder; only the process that holds its lock may write.
        tensors: qualified name -> weight.
        state: of the trainer: tensors, numbers, texts, and containers of them; `step` tells where.
        epoch: epochs completed.
        metrics: of this moment on the validation pictures.
        budget: bytes that all weights together may take; the last two and the best always stay.

    Returns:
        What is kept now.

    Raises:
        DiskFullError: if the disk has no room; what was kept before is intact.
    """
    folder, step = run / FOLDER, int(state["step"])
    content = serialise_weights(tensors, step=step, epoch=epoch, metrics=metrics)
    resume = serialise_state(state)
    checkpoint = Checkpoint(_path(folder, step), step, epoch, dict(metrics), len(content), sha256(content))
    files.write(checkpoint.path, content)
    files.write(_resume_path(folder, step), resume)
    before = read(run)
    checkpoints = sorted((*(c for c in before.all if c.step != step), checkpoint), key=lambda c: c.step)
    resumes = (*(r for r in before.resumes if r.step != step), ResumePoint(step, sha256(resume)))[-2:]
    # In one go: were thinning a step of its own, a kill between the two would change what it leaves.
    after = _thin(Checkpoints(tuple(checkpoints), resumes), budget)
    commit(folder, after)
    return after


def _thin(checkpoints: Checkpoints, budget: int) -> Checkpoints:
    """Those that fit into a budget.

    The one that leaves the smallest gap goes first, so that what stays is spread over the run.
    """
    kept = list(checkpoints.all)
    always = {c.step for c in (checkpoints.last, checkpoints.previous, checkpoints.best) if c}
    while sum(c.size for c in kept) > budget:
        gaps = {
            after.step - earlier.step: here
            for earlier, here, after in reversed(list(zip(kept, kept[1:], kept[2:], strict=False)))
            if here.step not in always
        }
        if not gaps:
            break
        kept.remove(gaps[min(gaps)])
    return dataclasses.replace(checkpoints, all=tuple(kept))


def load_latest(run: Path) -> tuple[dict[str, Tensor], dict[str, Any], tuple[str, ...]]:
    """The weights and the trainer's state to resume from, and a sentence for each checkpoint that is damaged.

    What is later than the one that is taken is forgotten. Both are empty where a run has to start from scratch.

    Raises:
        UserError: if there are checkpoints, but the last two are damaged.
    """
    checkpoints, problems = read(run), []
    for resume in reversed(checkpoints.resumes):
        checkpoint = checkpoints.at(resume.step)
        if checkpoint is None:
            continue
        try:
            tensors = checkpoint.tensors()
            state = deserialise_state(read_verified(_resume_path(run / FOLDER, resume.step), resume.digest))
        except UserError as error:
            problems.append(str(error))
            continue
        _forget_after(run, checkpoints, resume.step)
        return tensors, state, (*checkpoints.problems, *problems)
    if checkpoints.all:
        raise UserError(
            f"Run {run.name} cannot be resumed, as its last checkpoints are damaged; its other checkpoints "
            "can still be opened. Start a new run with the same settings."
        )
    return {}, {}, checkpoints.problems


def prepare(run: Path) -> None:
    """Make the folder, and delete what a killed trainer left half written."""
    folder = run / FOLDER
    folder.mkdir(exist_ok=True)
    files.remove_partial_files(run)
    files.remove_partial_files(folder)
    # From the first on, what the index does not name is not there: it may be half of a checkpoint.
    if not (folder / INDEX).exists() and not any(folder.iterdir()):
        commit(folder, Checkpoints())


def _forget_after(run: Path, checkpoints: Checkpoints, step: int) -> None:
    earlier = tuple(c for c in checkpoints.all if c.step <= step)
    commit(run / FOLDER, Checkpoints(earlier, tuple(r for r in checkpoints.resumes if r.step <= step)))


def commit(folder: Path, checkpoints: Checkpoints) -> None:
    """Write the index of a folder of checkpoints; only then delete what it no longer names."""
    named = {
        "last": checkpoints.last,
        "previous": checkpoints.previous,
        "best": checkpoints.best,
    }
    content = {
        "checkpoints": [
            {"step": c.step, "epoch": c.epoch, "metrics": c.metrics, "size": c.size, "digest": c.digest}
            for c in checkpoints.all
        ],
        "resumes": [{"step": r.step, "digest": r.digest} for r in checkpoints.resumes],
        **{name: c.path.name if c else None for name, c in named.items()},
    }
    files.write_json(folder / INDEX, content)
    wanted = {c.path for c in checkpoints.all} | {_resume_path(folder, r.step) for r in checkpoints.resumes}
    for path in (*folder.glob("step_*.safetensors"), *folder.glob("resume_*.pt")):
        if path not in wanted:
            path.unlink(missing_ok=True)


def _parse_index(folder: Path, content: Mapping[str, Any]) -> Checkpoints:
    checkpoints = [
        Checkpoint(
            path=_path(folder, int(item["step"])),
            step=int(item["step"]),
            epoch=int(item["epoch"]),
            metrics={str(tag): float(value) for tag, value in item["metrics"].items()},
            size=int(item["size"]),
            digest=str(item["digest"]),
        )
        for item in content["checkpoints"]
    ]
    resumes = tuple(ResumePoint(int(item["step"]), str(item["digest"])) for item in content["resumes"])
    return Checkpoints(tuple(sorted(checkpoints, key=lambda c: c.step)), resumes)


def _scan(folder: Path) -> Checkpoints:
    """What the files themselves tell."""
    checkpoints, problems = [], []
    for path in sorted(folder.glob("step_*.safetensors")):
        try:
            checkpoints.append(_read_header(path))
        except UserError as error:
            problems.append(str(error))
    steps = (re.fullmatch(r"resume_(\d+)\.pt", path.name) for path in sorted(folder.glob("resume_*.pt")))
    resumes = tuple(ResumePoint(int(step[1]), "") for step in steps if step)
    return Checkpoints(tuple(checkpoints), resumes[-2:], tuple(problems))


def _read_header(path: Path) -> Checkpoint:
    """A checkpoint from the head of its file. Raises UserError where that is damaged."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as file:
            metadata = file.metadata()
        metrics = {str(tag): float(value) for tag, value in json.loads(metadata["metrics"]).items()}
        return Checkpoint(
            path, int(metadata["step"]), int(metadata["epoch"]), metrics, path.stat().st_size, ""
        )
    except (SafetensorError, OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise damage_error(path) from error


def _path(folder: Path, step: int) -> Path:
    return folder / f"step_{step:09d}.safetensors"


def _resume_path(folder: Path, step: int) -> Path:
    return folder / f"resume_{step:09d}.pt"
