"""Networks of other frameworks side by side: opening their files, and Integrated Gradients on one of Keras.

Opening is from the bytes of a file to the first answer. Ours, in a server that runs, reads them in its bounded child,
which starts anew, translates them, tries the network on photos and answers. Keras's own is `load_model` and `predict`,
on JAX and on torch, onnx2pytorch's is `onnx.load`, `ConvertModel` and a call, each in a process of its own; what they
take without their imports is told as well. All take turns.

Integrated Gradients is ours, without the checks that follow the map, against the way of TensorFlow's tutorial (50
steps, 32 pictures at once, trapezoids) on Keras's torch backend: the same class of the same photo, black as the
baseline, on the same weights.

Needs `pip install "keras>=3.15" jax onnx2pytorch==0.6.0`; what is missing is said and left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from dashboard import pictures
from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.baselines import baseline
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.engine.survey import survey
from dashboard.records.network import Survey
from models import networks
from models.checkpoints import as_networks, store
from models.checkpoints.limits import LIMITS
from models.checkpoints.store import CHECKPOINTS
from models.classifier import Classifier
from models.networks import find_network
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.runtime.randomness import fork_rng
from models.runtime.threads import use_threads
from tests.benchmarks.checkpoints import Followed
from tests.models.checkpoints.keras import files
from tests.paths import ROOT

MEGABYTE = 2**20
OWNER = "benchmark"
STEPS, AT_ONCE = 50, 32
# What reading a file may take of memory: so many times its size, and so many megabytes.
TIMES_SIZE, BESIDES = 2, 300


@dataclass(frozen=True)
class Framework:
    """A kind of file.

    Attributes:
        title: of the network in it.
        ending: of the file.
        peers: who reads it besides us, as `_peer` calls them -> a module that they need.
        needs: modules that the file is written with.
        write: makes the file.
    """

    title: str
    ending: str
    peers: Mapping[str, str]
    needs: tuple[str, ...]
    write: Callable[[Path], object]


def _missing(names: Iterable[str]) -> str:
    """Those modules that are not installed."""
    return ", ".join(name for name in names if importlib.util.find_spec(name) is None)


def _keras() -> Any:
    # Read when Keras is first imported.
    os.environ["KERAS_BACKEND"] = "torch"
    import keras

    return keras


def _keras_network(name: str) -> Any:
    """A network of keras.applications that gives logits, as it is before any training."""
    keras = _keras()
    keras.utils.set_random_seed(0)
    return getattr(keras.applications, name)(weights=None, classifier_activation=None)


def _write_keras(path: Path) -> None:
    """EfficientNet-B4 with random weights at which signals do not vanish."""
    network = _keras_network("EfficientNetB4")
    rng = np.random.default_rng(0)
    for weight in network.weights:
        if "kernel" in weight.path:
            fan = np.prod(weight.shape[:2] if "depthwise" in weight.path else weight.shape[:-1])
            weight.assign(rng.normal(0, 1.4 / np.sqrt(fan), weight.shape).astype("float32"))
    network.save(path)


def _write_onnx(path: Path) -> None:
    from torchvision.models import resnet50

    with fork_rng(0):
        network = resnet50(weights=None).eval()
        # Biases that are equal, as before any training, are written once, which onnx2pytorch does not read.
        for layer in network.modules():
            if isinstance(layer, nn.BatchNorm2d):
                nn.init.normal_(layer.bias, std=0.1)
    torch.onnx.export(network, (torch.zeros(1, 3, 224, 224),), path, dynamo=False)


FRAMEWORKS = {
    "keras": Framework(
        "EfficientNet-B4",
        ".keras",
        {"Keras on JAX": "jax", "Keras on torch": "torch"},
        ("keras",),
        _write_keras,
    ),
    "onnx": Framework("ResNet-50", ".onnx", {"onnx2pytorch": "onnx2pytorch"}, ("onnx",), _write_onnx),
}


def options(parser: argparse.ArgumentParser) -> None:
    """What may be narrowed."""
    parser.add_argument("--kinds", nargs="+", choices=FRAMEWORKS, default=list(FRAMEWORKS))
    parser.add_argument("--repeats", type=int, default=3)


def run(kinds: list[str], repeats: int) -> dict[str, float]:
    """Print tables and return their numbers."""
    threads = use_threads()
    print(f"{threads} threads, median of {repeats}; seconds, memory in MB above that of an idle child.")
    print(
        f"{'file':<26}{'MB':>5}{'ours':>8}  {'besides us':<16}{'theirs':>8}{'ratio':>8}{'imported':>10}{'differs':>9}"
    )
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for kind in kinds:
            for name, value in _opening(FRAMEWORKS[kind], place, repeats).items():
                found[f"{kind}_{name}"] = value
        if "keras" in kinds and not _missing(["keras"]):
            found |= {f"keras_{name}": value for name, value in _explaining(place, repeats).items()}
    return {name: float(f"{value:.4g}") for name, value in found.items()}


def _opening(framework: Framework, folder: Path, repeats: int) -> dict[str, float]:
    title = f"{framework.title} {framework.ending}"
    if _missing(framework.needs):
        print(f"{title:<26}left out: {_missing(framework.needs)} is not installed")
        return {}
    path = folder / f"network{framework.ending}"
    framework.write(path)
    size = path.stat().st_size / MEGABYTE
    theirs: dict[str, list[dict[str, float]]] = {
        peer: [] for peer, needs in framework.peers.items() if not _missing([needs])
    }
    ours: list[float] = []
    # The first of ours is not counted: it loads libraries.
    for turn in range(repeats + 1):
        try:
            seconds, inputs, answer = _open(path)
        except UserError as refusal:
            print(f"{title:<26}left out: it is not read here yet ({refusal})")
            return {}
        ours += [seconds] if turn else []
        for peer, turns in theirs.items() if turn else ():
            turns.append(_open_elsewhere(peer, path, inputs, answer, folder))
    memory, allowed = _memory(path, folder), TIMES_SIZE * size + BESIDES
    found = {"mb": size, "opening_s": median(ours), "memory_mb": memory, "memory_allowed_mb": allowed}
    for peer, needs in framework.peers.items():
        begins = f"{title:<26}{size:5.0f}{median(ours):8.2f}  {peer:<16}"
        if peer not in theirs:
            print(f"{begins}left out: {needs} is not installed")
            continue
        opening, imports = (median(one[part] for one in theirs[peer]) for part in ("opening", "imports"))
        differs = max(one["differs"] for one in theirs[peer])
        ratio, loaded = (opening + imports) / median(ours), opening / median(ours)
        print(f"{begins}{opening + imports:8.2f}{ratio:7.2f}x{loaded:9.2f}x{differs:9.1e}", flush=True)
        found |= {
            f"opening_{needs}_s": opening + imports,
            f"opening_{needs}_ratio": ratio,
            f"opening_{needs}_ratio_imported": loaded,
            f"opening_{needs}_difference": differs,
        }
    print(f"{'':<26}memory of the child: {memory:.0f} MB above that of an idle one, of {allowed:.0f} allowed")
    return found


def _open_elsewhere(
    peer: str, path: Path, inputs: Tensor, answer: np.ndarray, folder: Path
) -> dict[str, float]:
    """Seconds of a peer's imports and opening, and how far its answer is from ours."""
    picture, given = folder / "picture.npy", folder / "answer.npy"
    np.save(picture, inputs.numpy())
    told = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks._peer", peer, str(path), str(picture), str(given)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=True,
    )
    seconds: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return {**seconds, "differs": _difference(answer, np.load(given))}


def _open(path: Path) -> tuple[float, Tensor, np.ndarray]:
    """Seconds from the bytes of a file to the first answer, the picture as the network reads it, and the answer."""
    photo, data = pictures.find(pictures.DEFAULT_PHOTO).open(), path.read_bytes()
    # What an earlier turn found of the same file.
    networks._CONTRACTS.clear()
    store._inspect.cache_clear()
    as_networks._is_trained.cache_clear()
    began = time.perf_counter()
    address = CHECKPOINTS.take(data, path.name, OWNER).address
    classifier = find_network(address).load(silent)
    inputs = classifier.preprocessing.transforms()(photo)[None]
    with torch.no_grad():
        logits = classifier.module(inputs)
    seconds = time.perf_counter() - began
    CHECKPOINTS.forget(OWNER)
    assert classifier.contract is not None
    meant = classifier.contract.meaning == "probabilities"
    return seconds, inputs, (logits.softmax(1) if meant else logits).numpy()


def _difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    """The largest, as a share of the largest number."""
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


def _memory(path: Path, folder: Path) -> float:
    """Megabytes that the child takes for a file above those for one of a few kilobytes, which it is idle with."""
    idle = folder / "idle.keras"
    idle.write_bytes(files.keras(files.DENSE, files.ARRAYS))
    return _child(path) - _child(idle)


def _child(path: Path) -> float:
    target = path.with_suffix(".target")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "models.checkpoints.sandbox"),
            *(str(path), str(target), str(LIMITS.max_bytes), ""),
        ],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
    )
    with Followed(process.pid) as memory:
        said, _ = process.communicate()
    assert b"tensors" in said, said
    target.unlink()
    return memory.own + memory.mapped


def _explaining(folder: Path, repeats: int) -> dict[str, float]:
    """Integrated Gradients of a photo's most probable class on MobileNetV2."""
    path = folder / "explained.keras"
    network = _keras_network("MobileNetV2")
    network.save(path)
    address = CHECKPOINTS.take(path.read_bytes(), path.name, OWNER).address
    classifier = find_network(address).load(silent)
    inputs = classifier.preprocessing.transforms()(pictures.find(pictures.DEFAULT_PHOTO).open())[None]
    with torch.no_grad():
        target = int(classifier.module(inputs).argmax())
    black = baseline("black", inputs, classifier.preprocessing)
    layers = survey(classifier.module, inputs)
    times: dict[str, list[float]] = {"ours": [], "checks": [], "theirs": []}
    difference = 0.0
    for turn in range(repeats + 1):
        began = time.perf_counter()
        ours, checks = _ours(classifier, inputs, target, layers)
        middle = time.perf_counter()
        theirs = _tutorials(network, inputs, black, target)
        if turn:
            times["ours"].append(middle - began - checks)
            times["checks"].append(checks)
            times["theirs"].append(time.perf_counter() - middle)
        difference = max(difference, _difference(ours, theirs))
    CHECKPOINTS.forget(OWNER)
    ratio = median(times["theirs"]) / median(times["ours"])
    print(
        f"Integrated Gradients on MobileNetV2, {STEPS} steps: {median(times['ours']):.2f} s and "
        f"{median(times['checks']):.2f} s of checks, as TensorFlow's tutorial "
        f"in Keras {median(times['theirs']):.2f} s, {ratio:.2f}x; maps differ by {difference:.1e} of the largest"
    )
    return {
        "gradients_s": median(times["ours"]),
        "gradients_checks_s": median(times["checks"]),
        "gradients_tutorial_s": median(times["theirs"]),
        "gradients_ratio": ratio,
        "gradients_difference": difference,
    }


def _ours(classifier: Classifier, inputs: Tensor, target: int, layers: Survey) -> tuple[np.ndarray, float]:
    """The map, and the seconds of the checks that follow it."""
    method = METHODS["integrated_gradients"]
    height, width = inputs.shape[2:]
    parameters = method.settings({"n_steps": str(STEPS), "baseline": "black"}, (height, width))
    found = attribute(
        classifier,
        inputs[0].numpy(),
        method=method,
        request=Request(target, parameters=parameters),
        survey=layers,
    )
    if found.values is None:
        raise SystemExit(f"Integrated Gradients is refused: {found.outcome.reason}")
    return found.values, found.check_seconds


def _tutorials(network: Any, inputs: Tensor, start: Tensor, target: int) -> np.ndarray:
    """As tensorflow.org/tutorials/interpretability/integrated_gradients, with torch's gradients for a tape's."""
    picture, black = (one.permute(0, 2, 3, 1) for one in (inputs, start))
    gradients = []
    for alphas in torch.linspace(0, 1, STEPS + 1).split(AT_ONCE):
        batch = (black + alphas[:, None, None, None] * (picture - black)).requires_grad_()
        scores = network(batch, training=False)[:, target]
        gradients.append(torch.autograd.grad(scores.sum(), batch)[0])
    each = torch.cat(gradients)
    mean = ((each[:-1] + each[1:]) / 2).mean(0)
    found: np.ndarray = ((picture - black)[0] * mean).sum(-1).numpy()
    return found
