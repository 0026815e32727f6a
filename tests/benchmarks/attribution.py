"""Attribution side by side: ours, bare Captum with its defaults, and Captum set well, in one process.

All three explain the same class of the same photo on the same weights, with the same steps and samples. They take
turns, so that whatever else the machine does slows each of them alike. Ours is a whole `attribute()` without the
checks that follow the map; Captum is `attribute()` alone. What the table says a row is bound by is the passes alone:
the same pictures in the same batches and layout, without any method.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import geometric_mean, median

import numpy as np
import torch
from captum.attr import FeatureAblation, IntegratedGradients, KernelShap, NoiseTunnel, Occlusion, Saliency
from torch import Tensor, nn

from dashboard import pictures
from dashboard.inspection import pace
from dashboard.inspection.attribution import METHODS, mosaic, sampling
from dashboard.inspection.attribution.baselines import baseline
from dashboard.inspection.attribution.kernel_shap import paired
from dashboard.inspection.attribution.method import Parameters
from dashboard.inspection.attribution.run import SEED, Request, attribute
from dashboard.inspection.isolation import isolated
from dashboard.inspection.survey import survey
from dashboard.records import Survey
from models import zoo
from models.classifier import Classifier, Weights, frozen
from models.progress import silent
from models.randomness import seeded
from models.threads import use_threads

STEPS, WINDOW, STRIDE, CELLS, PERTURBATIONS = 50, 32, 16, 7, 500
# Ours draws two halves of equal size, so 24 stands for the usual 25.
COPIES, NOISE = 24, 15
PICTURES_AT_ONCE, STEPS_AT_ONCE = 8, 10  # Captum set well
PICTURE = pictures.DEFAULT_PHOTO
MEGABYTE = 2**20


@dataclass(frozen=True, eq=False)
class Subject:
    """What is explained: the winning class of a photo, (1, C, H, W)."""

    classifier: Classifier
    inputs: Tensor
    target: int
    survey: Survey

    def shown(self, name: str) -> Tensor:
        """The baseline of that name."""
        return baseline(name, self.inputs, self.classifier.preprocessing)

    @property
    def cells(self) -> Tensor:
        """The grid of parts, (1, 1, H, W)."""
        return torch.from_numpy(mosaic.grid(tuple(self.inputs.shape[2:]), CELLS**2))[None, None]


# A subject, and how many pictures or steps at once (None: Captum's default) -> its map before channels are joined.
Bare = Callable[[Subject, nn.Module, int | None], Tensor]


@dataclass(frozen=True)
class Case:
    """One method as both sides run it.

    Attributes:
        name: in METHODS.
        parameters: of ours.
        bare: Captum's side.
        at_once: pictures in a pass of Captum set well.
        pictures: that the network sees, besides the plain one.
        gradient: whether each pass has a way back.
    """

    name: str
    parameters: Parameters
    bare: Bare
    at_once: int
    pictures: int
    gradient: bool = False


def _integrated_gradients(of: Subject, module: nn.Module, at_once: int | None) -> Tensor:
    found: Tensor = IntegratedGradients(module).attribute(
        of.inputs.clone(), of.shown("black"), of.target, n_steps=STEPS, internal_batch_size=at_once
    )
    return found


def _occlusion(of: Subject, module: nn.Module, at_once: int | None) -> Tensor:
    channels = of.inputs.shape[1]
    found: Tensor = Occlusion(module).attribute(
        of.inputs,
        (channels, WINDOW, WINDOW),
        (channels, STRIDE, STRIDE),
        of.shown("mean"),
        of.target,
        perturbations_per_eval=at_once or 1,
    )
    return found


def _feature_ablation(of: Subject, module: nn.Module, at_once: int | None) -> Tensor:
    found: Tensor = FeatureAblation(module).attribute(
        of.inputs, of.shown("blur"), of.target, feature_mask=of.cells, perturbations_per_eval=at_once or 1
    )
    return found[:, :1]  # every channel holds the value of the whole part


def _kernel_shap(of: Subject, module: nn.Module, at_once: int | None) -> Tensor:
    method = KernelShap(module)
    method.perturb_func = paired(method.perturb_func)  # ours pairs its samples; the same ones are compared
    found: Tensor = method.attribute(
        of.inputs,
        of.shown("blur"),
        of.target,
        feature_mask=of.cells,
        n_samples=PERTURBATIONS,
        perturbations_per_eval=at_once or 1,
    )
    return found[:, :1]


def _smooth_grad(of: Subject, module: nn.Module, at_once: int | None) -> Tensor:
    found: Tensor = NoiseTunnel(Saliency(module)).attribute(
        of.inputs.clone(),
        nt_samples=COPIES,
        nt_samples_batch_size=at_once,
        stdevs=NOISE / 100 * float(of.inputs.max() - of.inputs.min()),
        target=of.target,
        abs=False,
    )
    return found


def _cases(size: tuple[int, int]) -> list[Case]:
    def settings(name: str, **texts: object) -> Parameters:
        return dataclasses.replace(METHODS[name].defaults(size), **texts)

    windows = math.prod(math.ceil((side - WINDOW) / STRIDE) + 1 for side in size)
    parts = {"parts": "grid", "n_parts": CELLS**2, "baseline": "blur"}
    return [
        Case(
            "integrated_gradients",
            settings("integrated_gradients", n_steps=str(STEPS)),
            _integrated_gradients,
            STEPS_AT_ONCE,
            STEPS,
            gradient=True,
        ),
        Case(
            "occlusion",
            settings("occlusion", window=WINDOW, stride=STRIDE),
            _occlusion,
            PICTURES_AT_ONCE,
            windows,
        ),
        Case(
            "feature_ablation",
            settings("feature_ablation", **parts),
            _feature_ablation,
            PICTURES_AT_ONCE,
            CELLS**2,
        ),
        Case(
            "kernel_shap",
            settings("kernel_shap", n_perturbations=PERTURBATIONS, **parts),
            _kernel_shap,
            PICTURES_AT_ONCE,
            PERTURBATIONS,
        ),
        Case(
            "smooth_grad",
            settings("smooth_grad", n_copies=str(COPIES), noise=NOISE),
            _smooth_grad,
            STEPS_AT_ONCE,
            COPIES,
            gradient=True,
        ),
    ]


@dataclass(frozen=True)
class Row:
    """One method on one network.

    Attributes:
        network: by name.
        method: by name.
        ours: seconds; this and all others are medians.
        default: seconds of Captum with its defaults.
        tuned: seconds of Captum set well.
        passes: seconds of the passes alone.
        pictures: that the network sees.
        difference: largest, of ours and either of Captum's maps, relative to the map's maximum.
        itself: the same between Captum's two maps: what rounding does to the same perturbations.
        checks: seconds of ours after the map.
        peak: megabytes added by ours.
    """

    network: str
    method: str
    ours: float
    default: float
    tuned: float
    passes: float
    pictures: int
    difference: float
    itself: float
    checks: float
    peak: float

    @property
    def speedup(self) -> float:
        """Against Captum's defaults."""
        return self.default / self.ours

    @property
    def against_tuned(self) -> float:
        """Against Captum set well."""
        return self.tuned / self.ours

    def __str__(self) -> str:
        bound = (
            f"{self.pictures} pictures x {1000 * self.passes / self.pictures:.1f} ms = {self.passes:.2f} s"
        )
        return (
            f"{self.network:<19}{self.method:<21}{self.ours:7.2f}{self.default:9.2f}{self.tuned:8.2f}"
            f"{self.speedup:8.2f}x{self.against_tuned:7.2f}x{self.difference:11.1e}{self.itself:9.1e}"
            f"{self.checks:8.2f}{self.peak:7.0f}  {bound}"
        )


def options(parser: argparse.ArgumentParser) -> None:
    """What may be narrowed, because the slowest rows take minutes."""
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--methods", nargs="+", choices=[case.name for case in _cases((224, 224))])
    parser.add_argument("--repeats", type=int, default=3)


def run(networks: list[str], methods: list[str] | None, repeats: int) -> dict[str, float]:
    """Print the table and return its numbers by key."""
    threads = use_threads()
    print(f"{threads} threads, median of {repeats}; seconds, memory in MB. {COPIES} noisy copies for 25.")
    print(
        f"{'network':<19}{'method':<21}{'ours':>7}{'default':>9}{'tuned':>8}{'speed-up':>9}{'tuned':>8}"
        f"{'difference':>11}{'itself':>9}{'checks':>8}{'peak':>7}  bound by"
    )
    rows = []
    for name in networks:
        of = _subject(NETWORKS[name]())
        started = time.perf_counter()
        layout = "channels last" if pace.channels_last(of.classifier, of.inputs) else "channels first"
        print(f"{name}: {layout}, chosen in {time.perf_counter() - started:.2f} s")
        for case in _cases((of.inputs.shape[2], of.inputs.shape[3])):
            if methods is None or case.name in methods:
                rows.append(_row(name, of, case, repeats))
                print(rows[-1], flush=True)
    return _numbers(rows)


def _numbers(rows: list[Row]) -> dict[str, float]:
    lite = [row.speedup for row in rows if row.network == zoo.DEFAULT]
    # The gradients of noisy copies flip at a ReLU's kink by rounding alone, Captum's own too: told apart.
    sampled = [row.difference for row in rows if METHODS[row.method].sampled]
    exact = [row.difference for row in rows if not METHODS[row.method].sampled]
    numbers = {
        "geomean_speedup": geometric_mean([row.speedup for row in rows]),
        **({f"geomean_speedup_{LITE}": geometric_mean(lite)} if lite else {}),
        "min_speedup_vs_tuned": min(row.against_tuned for row in rows),
        "max_relative_difference": max(exact, default=0.0),
        "max_relative_difference_sampled": max(sampled, default=0.0),
        "peak_mb": max(row.peak for row in rows),
    }
    return {key: float(f"{value:.4g}") for key, value in numbers.items()}


def _row(name: str, of: Subject, case: Case, repeats: int) -> Row:
    module = of.classifier.module
    peak = _Peak()
    with peak:
        _ours(of, case)
    times: dict[str, list[float]] = {"ours": [], "default": [], "tuned": [], "passes": []}
    checks, differences, itself = [], [], []
    for _ in range(repeats):
        seconds, check, ours = _ours(of, case)
        times["ours"].append(seconds)
        checks.append(check)
        maps = []
        for kind, at_once in (("default", None), ("tuned", case.at_once)):
            with seeded(SEED):
                started = time.perf_counter()
                bare = case.bare(of, module, at_once)
                times[kind].append(time.perf_counter() - started)
            maps.append(bare.detach().numpy())
        differences += [_difference(ours, bare) for bare in maps]
        itself.append(_difference(*maps))
        times["passes"].append(_passes(of, case))
    medians = {kind: median(seconds) for kind, seconds in times.items()}
    return Row(
        name,
        case.name,
        **medians,
        pictures=case.pictures,
        difference=max(differences),
        itself=max(itself),
        checks=median(checks),
        peak=peak.megabytes,
    )


def _ours(of: Subject, case: Case) -> tuple[float, float, np.ndarray]:
    """Seconds, seconds of its checks, and the map."""
    started = time.perf_counter()
    found = attribute(
        of.classifier,
        of.inputs[0].numpy(),
        method=METHODS[case.name],
        request=Request(of.target, parameters=case.parameters),
        survey=of.survey,
    )
    seconds = time.perf_counter() - started - found.check_seconds
    if found.raw is None:
        raise SystemExit(f"{case.name} is refused: {found.outcome.reason}")
    return seconds, found.check_seconds, found.raw


def _difference(ours: np.ndarray, bare: np.ndarray) -> float:
    """Largest, relative to the map's maximum."""
    return float(np.abs(ours - bare).max() / np.abs(bare).max())


def _passes(of: Subject, case: Case) -> float:
    """Seconds of the passes alone, as ours batches and lays them out."""
    network = pace.turned(isolated(of.classifier.module), of.classifier, of.inputs)
    at_once = sampling.BATCH if case.gradient else mosaic.BATCH
    batches = [min(at_once, case.pictures - begun) for begun in range(0, case.pictures, at_once)]
    started = time.perf_counter()
    for count in batches:
        inputs = of.inputs.repeat(count, 1, 1, 1).requires_grad_(case.gradient)
        with torch.set_grad_enabled(case.gradient):
            chosen = network(inputs)[:, of.target].sum()
            if case.gradient:
                torch.autograd.grad(chosen, inputs)
    return time.perf_counter() - started


class _Peak:
    """Megabytes by which this process grows at most while a block runs."""

    megabytes = 0.0

    def __enter__(self) -> None:
        self._done = threading.Event()
        self._start = _resident()
        self._watch = threading.Thread(target=self._follow, daemon=True)
        self._watch.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()

    def _follow(self) -> None:
        while not self._done.wait(0.01):
            self.megabytes = max(self.megabytes, _resident() - self._start)


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def _subject(classifier: Classifier) -> Subject:
    inputs = classifier.preprocessing.transforms()(pictures.opened(PICTURE))[None]
    with torch.no_grad():
        target = int(classifier.module(inputs).argmax())
    return Subject(classifier, inputs, target, survey(classifier.module, inputs))


def _resnet50() -> Classifier:
    """With random weights, read as the default network reads its pictures."""
    from torchvision.models import resnet50

    with seeded(SEED):
        module = frozen(resnet50(weights=None))
    weights = Weights.of(module.state_dict(), source="random")
    like = zoo.find(zoo.DEFAULT).load(silent)
    return dataclasses.replace(
        like, name="resnet50", title="ResNet-50", module=module, weights=weights, trained=False
    )


LITE = "lite0"
NETWORKS: dict[str, Callable[[], Classifier]] = {
    zoo.DEFAULT: lambda: zoo.find(zoo.DEFAULT).load(silent),
    "squeezenet1_1": lambda: zoo.find("squeezenet1_1").load(silent),
    "resnet50": _resnet50,
}
