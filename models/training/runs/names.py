"""What a run is called: what sets it apart, in words that people read; its id is for the fine print."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

from models.kinds import KINDS, PICTURES
from models.runtime import files
from models.runtime.errors import UserError
from models.training import runs
from models.training.classic import CLASSIC
from models.training.config import LENGTH, REGULARISATION, STEPS, WHAT, Config, settings
from models.training.runs import SWEEP, Run
from models.training.setting import Setting, Value

# How a run is called that nobody named: when it began, its network and its data.
NAMELESS = re.compile(r"\d{8}-\d{6}-.+")
# What sets a run apart; the rest says where and how it is kept. A path is nobody's business.
GROUPS = (WHAT, LENGTH, STEPS, REGULARISATION)
LEFT_OUT = ("data",)
ALSO = ("seed",)
SPEAK_FOR_THEMSELVES = ("model", "dataset")
# What is said instead of a label.
INSTEAD = {"target": "learns"}
# What a title says of a network beside its kind: " 784-128-64-10".
SIDES = re.compile(r" \d+(-\d+)+\b")
# Settings that are counts of what their label says.
COUNTS = ("train_samples", "folds", "epochs")
# The run that one press starts has a name of its own.
CLASSIC_TITLE = "Classic 784-128-64-10"
# The runs that ship, by id.
EXAMPLES = {"example-healthy": "LeNet-5 example", "example-memorises": "MLP example"}
# More make a list, not a name.
MOST = 4
# Runs that a chain of changes may go back; more only where somebody wrote a circle into the files.
LONGEST_CHAIN = 100


def title(run: Run) -> str:
    """What a run is called, different from all others.

    "MLP, dropout 0.3, from MLP example": its network, what was changed since a run with a name or else since
    the defaults, and that run. A name that a person gave stays.
    """
    if run.config.parent:
        parent = _open(run, run.config.parent)
        part = f"trial {run.config.trial}" if run.config.trial else f"fold {run.config.fold}"
        return f"{run.config.parent if parent is None else title(parent)}, {part}"
    folder = run.path.parent
    return _titles(folder, _changed(folder)).get(run.id) or describe(run)


def describe(run: Run, known: Mapping[str, Run] | None = None) -> str:
    """What sets a run apart, which it may share with others.

    Args:
        run: to be described.
        known: runs by id that it may go back to; without them, each is read from its folder.
    """
    if not NAMELESS.fullmatch(run.id):
        return EXAMPLES.get(run.id, run.id)
    if run.is_sweep:
        return f"{_describe_sweep(run)} from {_describe_settings(run, known)}"
    return _describe_settings(run, known)


def _describe_sweep(run: Run) -> str:
    """What it varies; without that where its plan is damaged, of which its own page tells."""
    try:
        axes = [settings()[axis["name"]] for axis in files.read_json(run.path / SWEEP)["axes"]]
    except (OSError, UserError, KeyError, TypeError):
        return "Sweep"
    labels = [_label(setting) for setting in axes]
    return f"Sweep over {' and '.join(filter(None, [', '.join(labels[:-1]), *labels[-1:]]))}"


def _label(setting: Setting) -> str:
    label = setting.label.partition(" (")[0]
    return label[:1].lower() + label[1:]


def _describe_settings(run: Run, known: Mapping[str, Run] | None) -> str:
    if not phrases(CLASSIC, run.config):
        return CLASSIC_TITLE
    root = _named_ancestor(run, known)
    base = Config() if root is None else root.config
    # The title of the architecture tells them.
    changes = phrases(base, run.config, without=("model", "activation", "width"))
    model = SIDES.sub("", run.config.architecture.title)
    more = [f"{len(changes) - MOST + 1} more settings"] if len(changes) > MOST else []
    origin = [] if root is None else [f"from {describe(root, known)}"]
    return ", ".join([model, *(changes[: MOST - 1] if more else changes), *more, *origin])


def phrases(base: Config, config: Config, without: Collection[str] = ()) -> list[str]:
    """What sets a configuration apart from another, a few words each: "dropout 0.3", "500 training pictures".

    Args:
        base: the other one.
        config: that is described.
        without: settings that are passed over.
    """
    changes = base.differences(config)
    return [
        phrase(setting, changes[name][1], KINDS[config.reads].many)
        for name, setting in settings().items()
        if name in changes and name not in (*LEFT_OUT, *without) and (setting.group in GROUPS or name in ALSO)
    ]


def phrase(setting: Setting, value: Value, things: str = KINDS[PICTURES].many) -> str:
    """A setting in a few words; `things` are what is learned from."""
    label = INSTEAD.get(setting.name) or _label(setting).replace(KINDS[PICTURES].many, things)
    shown = setting.choices.get(str(value)) or setting.display(value)
    if setting.name in COUNTS:
        label = label.removesuffix("s") if shown == 1 else label
        return f"{shown:,} {label}" if isinstance(shown, int) else f"{shown} {label}"
    if setting.name in SPEAK_FOR_THEMSELVES:
        return SIDES.sub("", str(shown))
    return f"{label} {shown:g}" if isinstance(shown, float) else f"{label} {shown}"


def origin(run: Run) -> Run | None:
    """The run that this one changes; None where there is none any more."""
    return _open(run, run.origin) if run.origin else None


def _open(run: Run, other: str) -> Run | None:
    """A run that another one names, of the same folder or an example."""
    try:
        return runs.find(other, run.path.parent)
    except UserError:
        return None


def _named_ancestor(run: Run, known: Mapping[str, Run] | None) -> Run | None:
    """The nearest run with a name that this one goes back to."""
    for _ in range(LONGEST_CHAIN):
        before = origin(run) if known is None else known.get(run.origin)
        if before is None or not NAMELESS.fullmatch(before.id):
            return before
        run = before
    return None


def _changed(folder: Path) -> int:
    """When a folder last gained or lost a run: what they are called depends on nothing else."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=8)
def _titles(folder: Path, changed: int) -> Mapping[str, str]:
    """Id -> title of the runs of a folder; those that would share one are numbered."""
    known = {run.id: run for run in (*runs.examples(), *runs.listing(folder).runs)}
    here = [run for run in known.values() if run.path.parent == folder and not run.config.parent]
    described = {run: describe(run, known) for run in here}
    count = Counter(described.values())
    return {run.id: text if count[text] == 1 else f"{text} ({_mark(run)})" for run, text in described.items()}


def _mark(run: Run) -> str:
    return f"run {run.number}" if run.number else time.strftime("%d %b %H:%M:%S", time.localtime(run.created))
