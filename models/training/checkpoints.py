"""Checkpoints of a run: weights that anybody may read, and what only resuming needs beside the latest two."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import UserError
from models.training import files
from models.training.scalars import VALIDATION_LOSS, VALIDATION_TOP1

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
        """The weights.

        Raises:
            UserError: if the file is gone or damaged.
        """
        from safetensors import SafetensorError
        from safetensors.torch import load

        try:
            return load(_verified(self.path, self.digest))
        except SafetensorError as error:
            raise _damaged(self.path) from error


@dataclass(frozen=True)
class Resume:
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
    resumes: tuple[Resume, ...] = ()
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
        return _parsed(folder, files.read_json(folder / INDEX))
    except FileNotFoundError:
        return _found(folder)
    except (UserError, KeyError, TypeError, ValueError, AttributeError):
        problem = f"{INDEX} of run {run.name} is damaged; its checkpoints were listed from their own files."
        found = _found(folder)
        return dataclasses.replace(found, problems=(problem, *found.problems))


def store(
    run: Path,
    tensors: Mapping[str, Tensor],
    state: Mapping[str, Any],
    *,
    epoch: int,
    metrics: Mapping[str, float],
) -> Checkpoint:
    """Keep the weights of this moment and all that resuming from it needs.

    Args:
        run: its folder; only the process that holds its lock may write.
        tensors: qualified name -> weight.
        state: of the trainer: tensors, numbers, texts, and containers of them; `step` tells where.
        epoch: epochs completed.
        metrics: of this moment on the validation pictures.

    Raises:
        DiskFullError: if the disk has no room; what was kept before is intact.
    """
    folder, step = run / FOLDER, int(state["step"])
    content = _serialised(tensors, step=step, epoch=epoch, metrics=metrics)
    checkpoint = Checkpoint(_path(folder, step), step, epoch, dict(metrics), len(content), _digest(content))
    files.write(checkpoint.path, content)
    resume = pickled(state)
    files.write(_resume_path(folder, step), resume)
    before = read(run)
    kept = sorted((*(c for c in before.all if c.step != step), checkpoint), key=lambda c: c.step)
    resumes = (*(r for r in before.resumes if r.step != step), Resume(step, _digest(resume)))[-2:]
    _commit(folder, Checkpoints(tuple(kept), resumes))
    return checkpoint


def thin(run: Path, budget: int) -> None:
    """Delete checkpoints until they take at most `budget` bytes; the last two and the best always stay.

    The one that leaves the smallest gap goes first, so that what stays is spread over the run.
    """
    before = read(run)
    kept = list(before.all)
    always = {c.step for c in (before.last, before.previous, before.best) if c}
    while sum(c.size for c in kept) > budget:
        gaps = {
            after.step - earlier.step: here
            for earlier, here, after in reversed(list(zip(kept, kept[1:], kept[2:], strict=False)))
            if here.step not in always
        }
        if not gaps:
            break
        kept.remove(gaps[min(gaps)])
    if len(kept) < len(before.all):
        _commit(run / FOLDER, dataclasses.replace(before, all=tuple(kept)))


def latest(run: Path) -> tuple[dict[str, Tensor], dict[str, Any], tuple[str, ...]]:
    """The weights and the trainer's state to resume from, and a sentence for each checkpoint that is damaged.

    What is later than the one that is taken is forgotten. Both are empty where a run has to start from scratch.

    Raises:
        UserError: if there are checkpoints, but the last two are damaged.
    """
    found, problems = read(run), []
    for resume in reversed(found.resumes):
        checkpoint = found.at(resume.step)
        if checkpoint is None:
            continue
        try:
            tensors = checkpoint.tensors()
            state = unpickled(_verified(_resume_path(run / FOLDER, resume.step), resume.digest))
        except UserError as error:
            problems.append(str(error))
            continue
        _forget_after(run, found, resume.step)
        return tensors, state, (*found.problems, *problems)
    if found.all:
        raise UserError(
            f"Run {run.name} cannot be resumed, as its last checkpoints are damaged; its other checkpoints "
            "can still be opened. Start a new run with the same settings."
        )
    return {}, {}, found.problems


def prepare(run: Path) -> None:
    """Make the folder, and delete what a killed trainer left half written."""
    folder = run / FOLDER
    folder.mkdir(exist_ok=True)
    files.sweep(run)
    files.sweep(folder)


def _forget_after(run: Path, found: Checkpoints, step: int) -> None:
    kept = tuple(c for c in found.all if c.step <= step)
    _commit(run / FOLDER, Checkpoints(kept, tuple(r for r in found.resumes if r.step <= step)))


def _commit(folder: Path, kept: Checkpoints) -> None:
    """Write the index; only then delete what it no longer names."""
    named = {"last": kept.last, "previous": kept.previous, "best": kept.best}
    content = {
        "checkpoints": [
            {"step": c.step, "epoch": c.epoch, "metrics": c.metrics, "size": c.size, "digest": c.digest}
            for c in kept.all
        ],
        "resumes": [{"step": r.step, "digest": r.digest} for r in kept.resumes],
        **{name: c.path.name if c else None for name, c in named.items()},
    }
    files.write_json(folder / INDEX, content)
    wanted = {c.path for c in kept.all} | {_resume_path(folder, r.step) for r in kept.resumes}
    for path in (*folder.glob("step_*.safetensors"), *folder.glob("resume_*.pt")):
        if path not in wanted:
            path.unlink(missing_ok=True)


def _parsed(folder: Path, content: Mapping[str, Any]) -> Checkpoints:
    listed = [
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
    resumes = tuple(Resume(int(item["step"]), str(item["digest"])) for item in content["resumes"])
    return Checkpoints(tuple(sorted(listed, key=lambda c: c.step)), resumes)


def _found(folder: Path) -> Checkpoints:
    """What the files themselves tell."""
    listed, problems = [], []
    for path in sorted(folder.glob("step_*.safetensors")):
        try:
            listed.append(_described(path))
        except UserError as error:
            problems.append(str(error))
    steps = (re.fullmatch(r"resume_(\d+)\.pt", path.name) for path in sorted(folder.glob("resume_*.pt")))
    resumes = tuple(Resume(int(step[1]), "") for step in steps if step)
    return Checkpoints(tuple(listed), resumes[-2:], tuple(problems))


def _described(path: Path) -> Checkpoint:
    """A checkpoint from the head of its file. Raises UserError where that is damaged."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as file:
            told = file.metadata()
        metrics = {str(tag): float(value) for tag, value in json.loads(told["metrics"]).items()}
        return Checkpoint(path, int(told["step"]), int(told["epoch"]), metrics, path.stat().st_size, "")
    except (SafetensorError, OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(path) from error


def _serialised(
    tensors: Mapping[str, Tensor], *, step: int, epoch: int, metrics: Mapping[str, float]
) -> bytes:
    from safetensors.torch import save

    # Copied, because safetensors refuses weights that share their storage.
    owned = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    told = {"format": "pt", "step": str(step), "epoch": str(epoch), "metrics": json.dumps(dict(metrics))}
    content: bytes = save(owned, told)
    return content


def pickled(state: Mapping[str, Any]) -> bytes:
    """A resume file's content: tensors, numbers, texts, and containers of them."""
    import torch

    buffer = io.BytesIO()
    torch.save(dict(state), buffer)
    return buffer.getvalue()


def unpickled(content: bytes) -> dict[str, Any]:
    """What pickled() was given; nothing in it is run. Raises UserError where it is damaged."""
    import torch

    try:
        state: dict[str, Any] = torch.load(io.BytesIO(content), weights_only=True, map_location="cpu")
    except Exception as error:  # for damage torch raises what its parts happen to raise
        raise UserError("A resume file is damaged and passed over.") from error
    return state


def _verified(path: Path, digest: str) -> bytes:
    """The bytes of a file. Raises UserError if it is gone, or not the one that was written."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path.name} of run {_run(path)} cannot be read ({error.strerror}).") from error
    if digest and _digest(content) != digest:
        raise _damaged(path)
    return content


def _damaged(path: Path) -> UserError:
    return UserError(f"{path.name} of run {_run(path)} is damaged; an earlier checkpoint may be intact.")


def _run(path: Path) -> str:
    return path.parent.parent.name


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _path(folder: Path, step: int) -> Path:
    return folder / f"step_{step:09d}.safetensors"


def _resume_path(folder: Path, step: int) -> Path:
    return folder / f"resume_{step:09d}.pt"


def total(checkpoints: Iterable[Checkpoint]) -> int:
    """Bytes that checkpoints take together."""
    return sum(checkpoint.size for checkpoint in checkpoints)
