"""Train what ships with the app: `python -m models.training.shipped` makes all of it, or what it is named."""

from __future__ import annotations

import argparse
import dataclasses
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor

from models.history import entries as history_entries
from models.kinds import HISTORY, KINDS, PICTURES, TABLE, TEXT
from models.runtime import files
from models.runtime.progress import silent
from models.table import TABLE_SETS
from models.table import entries as table_entries
from models.tensorboard.writer import PREFIX
from models.text import TEXT_SETS
from models.text import baseline as text_baseline
from models.text import entries as text_entries
from models.text.texts import LabelledTexts
from models.training import runs
from models.training.config import Config
from models.training.data import TrainingData, load
from models.training.evaluation import evaluate
from models.training.group import Group
from models.training.runs import EXAMPLES, Run, checkpoints, facts
from models.training.runs import status as states
from models.training.runs.checkpoints import Checkpoint, Checkpoints
from models.training.runs.serialisation import serialise_weights, sha256
from models.training.session import train
from models.zoo.embedded import build_with_weights
from models.zoo.small import entries

CPU = torch.device("cpu")


def _config(model: str, dataset: str, **changes: int | float | str) -> Config:
    # One thread, since results depend on their number: everybody has one.
    fixed = {"model": model, "dataset": dataset, "threads": 1, "device": "cpu"}
    return Config(**{"validation": 0.05, **fixed, **changes})  # type: ignore[arg-type]  # checked by Config


# Name in the zoo -> how its weights are made. The epoch is chosen by the twentieth of the training pictures that
# is kept back, never by the test pictures.
WEIGHTS: dict[str, Config] = {
    "mlp": _config("mlp", "mnist-10k", epochs=12),
    "lenet5": _config("lenet5", "mnist-10k", epochs=12),
    "cnn": _config("cnn", "mnist-10k", epochs=8, learning_rate=0.003, warmup=150),
    "resnet": _config("resnet", "mnist-10k", epochs=8, learning_rate=0.003, warmup=150),
    "vit": _config("vit", "mnist-10k", epochs=14, warmup=300),
    "mlp-fashion": _config("mlp", "fashion-mnist-10k", epochs=12),
    "lenet5-fashion": _config("lenet5", "fashion-mnist-10k", epochs=12),
    "cnn-fashion": _config("cnn", "fashion-mnist-10k", epochs=8, learning_rate=0.003, warmup=150),
    "resnet-fashion": _config("resnet", "fashion-mnist-10k", epochs=8, learning_rate=0.003, warmup=150),
    "vit-fashion": _config("vit", "fashion-mnist-10k", epochs=14, warmup=300),
    "text_cnn": _config("text_cnn", "mails", epochs=6, learning_rate=0.006, dropout=0.5),
    "text_bag": _config("text_bag", "mails", epochs=10, learning_rate=0.01),
    "text_transformer": _config(
        "text_transformer", "mails", epochs=4, learning_rate=0.003, dropout=0.2, warmup=50
    ),
    # Of a few hundred rows a twentieth chooses no epoch: a fifth is kept back.
    **{
        f"{model}-{table}": _config(
            model, table, epochs=40, batch_size=16, learning_rate=rate, validation=0.2
        )
        for table in TABLE_SETS
        for model, rate in (("table_mlp", 0.003), ("table_linear", 0.03))
    },
    "two_towers-films": _config("two_towers", "films", epochs=8, learning_rate=0.01, dropout=0.1),
}
# By what is read: the file of a network of that name.
FILES: dict[str, Callable[[str], Path]] = {
    PICTURES: entries.file_of,
    TEXT: text_entries.file_of,
    TABLE: table_entries.file_of,
    HISTORY: history_entries.file_of,
}

# Name of a run -> how it is made: one that goes well, and one that has too little to learn from.
RUNS: dict[str, Config] = {
    "example-healthy": _config("lenet5", "mnist-10k", epochs=8, validation=0.1),
    "example-memorises": _config(
        "mlp",
        "mnist-10k",
        epochs=20,
        validation=0.1,
        train_samples=500,
        batch_size=20,
        every_k=5,
        learning_rate=0.002,
        schedule="constant",
    ),
}


def main(arguments: list[str] | None = None) -> None:
    """Train what is named, or all; one line tells of each."""
    makers: dict[str, Callable[[], str]] = {
        **{name: partial(_make_weights, name, config) for name, config in WEIGHTS.items()},
        **{name: partial(_make_example, name, config) for name, config in RUNS.items()},
        **{f"{name}-baseline": partial(_measure_text_baseline, texts) for name, texts in TEXT_SETS.items()},
    }
    parser = argparse.ArgumentParser(prog="python -m models.training.shipped", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(makers)}; all if left out"
    )
    names = parser.parse_args(arguments).names or list(makers)
    for unknown in set(names) - set(makers):
        parser.error(f"there is no {unknown}; choose from {', '.join(makers)}")
    for name in names:
        print(makers[name](), flush=True)


def top1(config: Config, tensors: Mapping[str, Tensor], data: TrainingData) -> float:
    """The part of the test pictures, or texts, that a network with these weights classifies right, in [0, 1]."""
    assert data.test is not None
    module = build_with_weights(lambda: data.format.build(config.architecture, data.outputs), tensors)
    return evaluate(module, data.test, data.prepare, data.objective, group=Group(CPU)).top1


def _make_weights(name: str, config: Config) -> str:
    """Train a network of the zoo and write its best weights, with what they reach, into its file."""
    data = load(config, CPU)
    with _train_temporarily(name, config) as run:
        single = run.checkpoint().tensors()
    scores = {dtype: top1(config, _cast(dtype, single), data) for dtype in (torch.float16, torch.float32)}
    # Half the size, unless that costs a single test picture.
    dtype = max(scores, key=scores.__getitem__)
    metadata = {
        "test_top1": str(scores[dtype]),
        "trained_on": data.title,
        "config": json.dumps(config.to_json()),
        "format": json.dumps(data.format.to_json()),
    }
    place = FILES[config.reads](name)
    place.parent.mkdir(parents=True, exist_ok=True)
    files.write(place, save(_cast(dtype, single), metadata))
    told = f"{name}: {scores[dtype]:.2%} of the test {KINDS[config.reads].many} right"
    return f"{told}, as {str(dtype).removeprefix('torch.')}"


def _measure_text_baseline(texts: LabelledTexts) -> str:
    """Measure what networks for a set of texts are held against, and write it beside their weights."""
    loaded = texts.load(silent)
    train, test = ((loaded.texts[part], loaded.targets[part]) for part in ("train", "test"))
    measured, place = text_baseline.measure_baseline(train, test), text_baseline.file_of(texts.name)
    place.parent.mkdir(parents=True, exist_ok=True)
    files.write_json(place, dataclasses.asdict(measured))
    return f"{measured.title} on {texts.title}: {measured.accuracy:.2%} of the test part right"


def _make_example(name: str, config: Config) -> str:
    """Train an example run and put among the examples what one needs to look at it."""
    place = EXAMPLES / name
    with _train_temporarily(name, config) as run:
        shutil.rmtree(place, ignore_errors=True)
        (place / checkpoints.FOLDER).mkdir(parents=True)
        for file in (runs.CONFIG, facts.FILE):
            shutil.copyfile(run.path / file, place / file)
        for number, path in enumerate(run.event_files(), start=1):
            # Our own names tell the machine and the process.
            shutil.copyfile(path, place / f"{PREFIX}.{number:010d}.example")
        dataclasses.replace(run.status(), process=None).write(place)
        halved = tuple(_halve(checkpoint, place / checkpoints.FOLDER) for checkpoint in run.checkpoints().all)
        checkpoints.commit(place / checkpoints.FOLDER, Checkpoints(halved))
        reached = run.status().scores["test_top1"]
    return f"{name}: {len(halved)} checkpoints, {reached:.2%} of the test pictures right"


def _halve(checkpoint: Checkpoint, folder: Path) -> Checkpoint:
    """The same checkpoint in half precision, in another folder."""
    content = serialise_weights(
        _cast(torch.float16, checkpoint.tensors()),
        step=checkpoint.step,
        epoch=checkpoint.epoch,
        metrics=checkpoint.metrics,
    )
    path = folder / checkpoint.path.name
    files.write(path, content)
    return dataclasses.replace(checkpoint, path=path, size=len(content), digest=sha256(content))


def _cast(dtype: torch.dtype, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights in a dtype, without batch norm's counters, which no answer depends on."""
    return {name: tensor.to(dtype) for name, tensor in tensors.items() if tensor.is_floating_point()}


@contextmanager
def _train_temporarily(name: str, config: Config) -> Iterator[Run]:
    """A finished run, as long as it is looked at."""
    with tempfile.TemporaryDirectory() as folder:
        run = runs.create(config, name, Path(folder))
        state = train(run.path, config)
        if state != states.FINISHED:
            raise SystemExit(f"{name} {state}: {run.status().error}")
        yield run


if __name__ == "__main__":
    main()
