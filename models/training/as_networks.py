"""A run's checkpoints as networks of the zoo: `run:<id>` is its best one, `run:<id>@<step>` that of a step."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from models.kinds import PICTURES
from models.runtime.errors import UserError
from models.runtime.progress import Report
from models.training import runs
from models.training.runs import Run, names
from models.zoo.entry import Model

if TYPE_CHECKING:
    from models.classifier import ReadyNetwork
    from models.training.runs.checkpoints import Checkpoint

PREFIX = "run:"
ADDRESS = re.compile(r"run:([^@]{1,100})(?:@(0|[1-9][0-9]{0,11}))?")


def address(run: Run, checkpoint: Checkpoint | None = None) -> str:
    """How the address names a run's best checkpoint, or a certain one."""
    return f"{PREFIX}{run.id}" + (f"@{checkpoint.step}" if checkpoint else "")


def find(name: str) -> Model:
    """The network that an address names.

    Raises:
        UserError: if there is no such run, or it keeps no such checkpoint.
    """
    run, checkpoint = _resolve(name)
    title = f"{_name(run)} (step {checkpoint.step:,})"
    load = partial(_load, run=run, checkpoint=checkpoint, name=name, title=title)
    return Model(
        name=name,
        title=title,
        trained=True,
        load=load,
        fits=run.facts().fits,
        key=address(run, checkpoint),
        content=checkpoint.digest,
        reads=run.config.reads,
    )


def _name(run: Run) -> str:
    """What a run is called, which tells its architecture."""
    title = names.title(run)
    return title if title != run.id else f"{run.config.architecture.title}, run {title}"


def architecture(name: str) -> str:
    """Title of the architecture of a run's network, by its address. Raises UserError where there is no such run."""
    return runs.find(name.removeprefix(PREFIX).partition("@")[0]).config.architecture.title


def _resolve(name: str) -> tuple[Run, Checkpoint]:
    match = ADDRESS.fullmatch(name)
    if match is None:
        raise UserError("A run's network is written run:<id> or run:<id>@<step>; choose one from the list.")
    run = runs.find(match[1])
    return run, run.checkpoint(None if match[2] is None else int(match[2]))


def _load(_: Report, *, run: Run, checkpoint: Checkpoint, name: str, title: str) -> ReadyNetwork:
    from models.classifier import Provenance, Weights, frozen
    from models.zoo.embedded import build_with_weights

    tensors, facts = checkpoint.tensors(), run.facts()
    architecture = run.config.architecture
    try:
        module = frozen(build_with_weights(lambda: facts.format.build(architecture, facts.outputs), tensors))
    except RuntimeError as error:
        raise UserError(
            f"The weights of run {run.id} do not fit its network or its data any more; train it anew."
        ) from error
    return facts.format.network(
        name=name,
        title=title,
        architecture=architecture.key,
        module=module,
        weights=Weights.of(tensors, source=f"run {run.id}, {checkpoint.path.name}"),
        classes=facts.classes,
        fits=facts.fits,
        provenance=Provenance(
            source=f"trained here, run {run.id}, step {checkpoint.step:,}",
            licence="yours",
            trained_on=facts.title,
            accuracy=run.status().scores.get("test_top1"),
            paper=architecture.paper,
        ),
        trained=True,
    )


def best_addresses(reads: str = PICTURES) -> tuple[str, ...]:
    """How the address names the best network of each run on that kind of input that has one, the newest first."""
    return tuple(
        address(run)
        for run in runs.listing().runs
        if run.config.reads == reads and run.checkpoints().best is not None
    )
