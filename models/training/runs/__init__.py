"""A run as any process sees it, at any time: a folder."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.runtime import files, settings
from models.runtime.errors import UserError
from models.tensorboard.parts import event_files
from models.training.config import Config
from models.training.runs import checkpoints, control, facts, lock, trash
from models.training.runs import status as states
from models.training.runs.checkpoints import Checkpoint, Checkpoints
from models.training.runs.control import Request
from models.training.runs.facts import Facts
from models.training.runs.status import WATCHER, Status

CONFIG = "config.json"
# Of a run that stands for many: what they try.
SWEEP = "sweep.json"
OUTPUT = "output.txt"
# What an address may name; nothing else becomes part of a path.
ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,99}")
# What ships with the app, for everybody to look at.
EXAMPLES = Path(__file__).resolve().parents[3] / "assets" / "runs"
UNFINISHED = ".new-"


@dataclass(frozen=True)
class Run:
    """One training run.

    Attributes:
        path: its folder.
        config: what was asked for.
        created: seconds since 1970.
        number: counts the runs of a folder from 1; 0 where it was not numbered.
        origin: id of the run that it changes; empty where it changes none.
        by: name of who started it; empty where nobody knows.
    """

    path: Path
    config: Config
    created: float
    number: int = 0
    origin: str = ""
    by: str = ""

    @classmethod
    def open(cls, path: Path) -> Run:
        """The run of a folder.

        Raises:
            UserError: if the folder holds none, or its configuration is damaged.
        """
        try:
            content = files.read_json(path / CONFIG)
            return cls(
                path,
                Config.from_json(content),
                created=float(content.get("created", 0.0)),
                number=int(content.get("number", 0)),
                origin=str(content.get("origin", "")),
                by=str(content.get("by", "")),
            )
        except FileNotFoundError as error:
            raise UserError(f"There is no run {path.name[:100]}; choose one from the list.") from error
        except (TypeError, ValueError) as error:
            raise UserError(f"{CONFIG} of run {path.name} is damaged and passed over.") from error

    @property
    def id(self) -> str:
        """Its name in the address."""
        return self.path.name

    @property
    def is_parent(self) -> bool:
        """Whether it is a cross-validation or a sweep, whose folds or trials are runs of their own."""
        return self.is_sweep or (self.config.folds > 1 and not self.config.fold)

    @property
    def is_sweep(self) -> bool:
        """Whether its trials differ in settings."""
        return (self.path / SWEEP).exists()

    @property
    def is_example(self) -> bool:
        """Whether it ships with the app: it is looked at, never trained, asked for anything or deleted."""
        return self.path.parent == EXAMPLES

    def refuse_example(self) -> None:
        """Raise UserError where it is an example."""
        if self.is_example:
            raise UserError(f"Run {self.id} is an example that ships with Vitrine; start a run of your own.")

    def status(self) -> Status:
        """How it is doing, with a state that can be believed."""
        return WATCHER.assess(self.path, states.read(self.path))

    def checkpoints(self) -> Checkpoints:
        """Its checkpoints, by step; none where there are none yet."""
        return checkpoints.read(self.path)

    def checkpoint(self, step: int | None = None) -> Checkpoint:
        """The checkpoint of a step; without one, the best.

        Raises:
            UserError: if there is none.
        """
        checkpoints = self.checkpoints()
        checkpoint = checkpoints.best if step is None else checkpoints.at(step)
        if checkpoint is not None:
            return checkpoint
        if self.is_parent:
            kind, parts = ("sweep", "trials") if self.is_sweep else ("cross-validation", "folds")
            raise UserError(f"Run {self.id} is a {kind}; choose one of its {parts}.")
        if step is None:
            raise UserError(f"Run {self.id} has no checkpoint yet; wait for the end of its first epoch.")
        raise UserError(f"Run {self.id} keeps no checkpoint of step {step}; choose one from the list.")

    def facts(self) -> Facts:
        """What its network reads and answers.

        Raises:
            UserError: before its trainer has read the data, or if what it wrote is damaged.
        """
        return facts.read(self.path)

    def event_files(self) -> list[Path]:
        """Its TensorBoard files, in order."""
        return event_files(self.path)

    def ask(self, wish: str) -> Request:
        """Ask its trainer for something.

        Args:
            wish: control.PAUSE, RESUME or STOP.

        Raises:
            UserError: if the run is an example, there is no such wish, or the disk is full.
        """
        self.refuse_example()
        return control.ask(self.path, wish)

    def children(self) -> list[Run]:
        """The folds of a cross-validation, or the trials of a sweep, that have begun, in order."""
        paths = self.trial_paths().values() if self.is_sweep else self._fold_paths()
        return [Run.open(path) for path in paths]

    def trial_paths(self) -> dict[int, Path]:
        """Folders of the trials of a sweep that have begun, by number, in order."""
        folder, start = self.path.parent, trial_id(self.id, 0).removesuffix("0")
        # Looked for many times a second among thousands.
        numbers = [path.name.removeprefix(start) for path in folder.iterdir() if path.name.startswith(start)]
        paths = {
            int(text): folder / (start + text) for text in numbers if re.fullmatch(r"[1-9]\d{0,3}", text)
        }
        return {number: path for number, path in sorted(paths.items()) if (path / CONFIG).exists()}

    def _fold_paths(self) -> list[Path]:
        if not self.is_parent:
            return []
        paths = (self.path.with_name(fold_id(self.id, k + 1)) for k in range(self.config.folds))
        return [path for path in paths if (path / CONFIG).exists()]

    def delete(self) -> None:
        """Set its folder and those of its folds aside, from where `restore` brings them back.

        Raises:
            UserError: if it is being trained, or an example, or cannot be moved.
        """
        self.refuse_example()
        for child in self.children():
            child.delete()
        with lock.hold(self.path):
            trash.set_aside(self.path)

    def restore(self) -> None:
        """Bring it back with its folds, where it is one of `deleted`.

        Raises:
            UserError: if it is gone, or there is another run of its name.
        """
        for child in self.children():
            trash.bring_back(child.path)
        trash.bring_back(self.path)


@dataclass(frozen=True)
class Listing:
    """What a root folder holds.

    Attributes:
        runs: the newest first.
        problems: what was passed over, one sentence each.
    """

    runs: tuple[Run, ...]
    problems: tuple[str, ...]


def root() -> Path:
    """The folder of all runs: VITRINE_RUNS, else runs/ beside the app."""
    return settings.RUNS.path() or Path(__file__).resolve().parents[3] / "runs"


def listing(folder: Path | None = None) -> Listing:
    """Every run of a folder; without one, of the root."""
    folder = folder or root()
    runs, problems = [], []
    for path in folder.iterdir() if folder.is_dir() else ():
        if not ID.fullmatch(path.name) or not (path / CONFIG).exists():
            continue
        try:
            runs.append(Run.open(path))
        except UserError as error:
            problems.append(str(error))
    return Listing(
        tuple(sorted(runs, key=lambda run: (run.created, run.id), reverse=True)), tuple(sorted(problems))
    )


def deleted() -> tuple[Run, ...]:
    """The runs that are set aside, the newest first, folds with their parents."""
    aside = listing(root() / trash.FOLDER).runs
    ids = {run.id for run in aside}
    return tuple(run for run in aside if run.config.parent not in ids)


def find(run_id: str, folder: Path | None = None) -> Run:
    """The run of that name, as in the address, own or example. Raises UserError where there is none.

    Args:
        run_id: its name.
        folder: where own ones are; without one, the root.
    """
    if not ID.fullmatch(run_id):
        raise UserError("That is not the name of a run; choose one from the list.")
    own, example = (folder or root()) / run_id, EXAMPLES / run_id
    return Run.open(example if example.is_dir() and not own.is_dir() else own)


def examples() -> tuple[Run, ...]:
    """The runs that ship with the app, by name."""
    return tuple(sorted(listing(EXAMPLES).runs, key=lambda run: run.id))


def known() -> tuple[Run, ...]:
    """Every run of the root, the newest first, then the examples."""
    return (*listing().runs, *examples())


def create(
    config: Config,
    run_id: str = "",
    folder: Path | None = None,
    *,
    origin: str = "",
    sweep: Mapping[str, Any] | None = None,
    by: str = "",
) -> Run:
    """A new run's folder, complete or not there.

    Args:
        config: of the run.
        run_id: its name; without one, it is made of the time, network and data.
        folder: where it is made; without one, in the root.
        origin: id of the run that it changes.
        sweep: what its trials try, where it stands for many.
        by: name of who starts it.

    Raises:
        UserError: if the disk is full or cannot be written.
    """
    folder, created = folder or root(), time.time()
    name = run_id or f"{time.strftime('%Y%m%d-%H%M%S')}-{config.model}-{config.dataset}".replace("_", "-")
    new = folder / f"{UNFINISHED}{secrets.token_hex(8)}"
    try:
        # Trials are told apart within their sweep.
        number = 0 if config.trial else 1 + max((run.number for run in listing(folder).runs), default=0)
        new.mkdir(parents=True)
        told = {"created": created, "number": number, "origin": origin, "by": by}
        files.write_json(new / CONFIG, {**config.to_json(), **told})
        if sweep is not None:
            files.write_json(new / SWEEP, sweep)
        Status(epochs=config.epochs).write(new)
        path = _move_into_place(new, folder, name)
    except OSError as error:
        raise UserError(
            f"The run cannot be written to {folder} ({error.strerror}); choose another VITRINE_RUNS."
        ) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    files.sync_folder(folder)
    return Run(path, config, created, number, origin, by)


def fold_id(parent: str, fold: int) -> str:
    """The name of a fold of a cross-validation."""
    return f"{parent}-fold{fold}"


def trial_id(parent: str, number: int) -> str:
    """The name of a trial of a sweep."""
    return f"{parent}-trial{number}"


def _move_into_place(new: Path, folder: Path, name: str) -> Path:
    """Give a complete folder its name, or the name with the next free number."""
    for number in range(1, 1000):
        path = folder / (name if number == 1 else f"{name}-{number}")
        try:
            # Renaming onto a folder that is not empty fails, so two that start at once cannot collide.
            new.rename(path)
        except OSError:
            if not path.exists():
                raise
            continue
        return path
    raise UserError(f"There are a thousand runs called {name}; wait a second, then try again.")
