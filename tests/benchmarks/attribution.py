"""Attribution side by side: ours, bare Captum with its defaults, and Captum set well, in one process.

All three explain the same class of the same photo on the same weights, with the same steps and samples. They take
turns, so that whatever else the machine does slows each of them alike. Ours is a whole `attribute()` without the
checks that follow the map; Captum is `attribute()` alone. What the table says a row is bound by is the passes alone:
the same pictures in the same batches and layout, without any method, and their share of the method's time.
"""

from __future__ import annotations

import argparse
import copy
import dataclasses
import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import geometric_mean, median

import numpy as np
import torch
from torch import Tensor

from dashboard import pictures
from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.run import SEED, Request, attribute, use_of
from dashboard.inspection.engine import batch_size, paces, speed, stopwatch
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.survey import survey
from models import zoo
from models.classifier import Classifier, Weights, frozen
from models.networks import find_network
from models.runtime.progress import silent
from models.runtime.randomness import fork_rng
from models.runtime.threads import use_threads
from tests.benchmarks._before import Before, random_network
from tests.benchmarks._captum import COPIES, Case, Subject, cases
from tests.benchmarks._memory import Peak

PICTURE = pictures.DEFAULT_PHOTO
DOUBLES_AT_ONCE = 4  # which take twice the memory
USES: tuple[stopwatch.Use, ...] = ("answers", "near answers", "gradient")


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
        difference: largest, of our map as it is drawn and either of Captum's, relative to the map's maximum.
        itself: the same between Captum's two maps: what rounding does to the same perturbations.
        rounding: the same between the map in double precision and ours, and Captum's; only of maps of gradients, in
            which single precision decides for units at the kink of a ReLU.
        checks: seconds of ours after the map.
        peak: megabytes added by ours.
        before: seconds of the other checkout; None where there is none.
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
    rounding: tuple[float, float] | None
    checks: float
    peak: float
    before: float | None

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
            f"passes, {self.passes / self.ours:.0%}: {self.pictures} pictures x "
            f"{1000 * self.passes / self.pictures:.1f} ms"
        )
        rounding = "{:8.1e}{:8.1e}".format(*self.rounding) if self.rounding else 16 * " "
        if self.before is not None:
            bound = f"{self.before / self.ours:.2f}x before; {bound}"
        return (
            f"{self.network:<19}{self.method:<21}{self.ours:7.2f}{self.default:9.2f}{self.tuned:8.2f}"
            f"{self.speedup:8.2f}x{self.against_tuned:7.2f}x{self.difference:11.1e}{self.itself:9.1e}"
            f"{rounding}{self.checks:8.2f}{self.peak:7.0f}  {bound}"
        )


def options(parser: argparse.ArgumentParser) -> None:
    """What may be narrowed, because the slowest rows take minutes."""
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--methods", nargs="+", choices=[case.name for case in cases((224, 224))])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--before", type=Path, help="folder of another checkout, which takes turns with this one"
    )


def run(
    networks: list[str], methods: list[str] | None, repeats: int, before: Path | None
) -> dict[str, float | dict[str, float]]:
    """Print the table and return its numbers by key."""
    threads = use_threads()
    other = None if before is None else Before(before.resolve())
    with tempfile.TemporaryDirectory() as folder:
        paces.remember(Path(folder) / "paces.json")  # what ships is known, and nothing else
        rows, chosen = _rows(networks, methods, repeats, threads, other)
    if other is not None:
        other.close()
    return _numbers(rows) | chosen


def _rows(
    networks: list[str], methods: list[str] | None, repeats: int, threads: int, other: Before | None
) -> tuple[list[Row], dict[str, float]]:
    """The table, as it is printed, and how long choosing took for the default network."""
    chosen: dict[str, float] = {}
    print(f"{threads} threads, median of {repeats}; seconds, memory in MB. {COPIES} noisy copies for 25.")
    print("ours-64, bare-64: how far ours and Captum's default are from the map in double precision.")
    print(
        f"{'network':<19}{'method':<21}{'ours':>7}{'default':>9}{'tuned':>8}{'speed-up':>9}{'tuned':>8}"
        f"{'difference':>11}{'itself':>9}{'ours-64':>8}{'bare-64':>8}{'checks':>8}{'peak':>7}  bound by"
    )
    rows = []
    for name in networks:
        of = _subject(NETWORKS[name]())
        started = time.perf_counter()
        paces = [speed.acceleration(of.classifier, of.inputs, use=use) for use in ("answers", "gradient")]
        layouts = ["channels last" if one.channels_last else "channels first" for one in paces]
        answers, near, gradient = (
            batch_size.fastest_batch(of.classifier, of.inputs, use=use).size for use in USES
        )
        seconds = time.perf_counter() - started
        if name == zoo.DEFAULT:
            chosen = {f"chosen_seconds_{LITE}": float(f"{seconds:.4g}")}
        print(
            f"{name}: {len(paces[0].fusable)} normalisations folded; answers {layouts[0]}, {answers} pictures at once, "
            f"{near} near the photo; gradients {layouts[1]}, {gradient} at once; chosen in {seconds:.2f} s"
        )
        for case in cases((of.inputs.shape[2], of.inputs.shape[3])):
            if methods is None or case.name in methods:
                rows.append(_row(name, of, case, repeats, other))
                print(rows[-1], flush=True)
    return rows, chosen


def _numbers(rows: list[Row]) -> dict[str, float | dict[str, float]]:
    lite = [row.speedup for row in rows if row.network == zoo.DEFAULT]
    # The gradients of noisy copies flip at a ReLU's kink by rounding alone, Captum's own too: told once more without.
    exact = [row.difference for row in rows if not METHODS[row.method].sampled]
    numbers = {
        "geomean_speedup": geometric_mean([row.speedup for row in rows]),
        **({f"geomean_speedup_{LITE}": geometric_mean(lite)} if lite else {}),
        "min_speedup_vs_tuned": min(row.against_tuned for row in rows),
        "max_relative_difference": max(row.difference for row in rows),
        "max_relative_difference_not_sampled": max(exact, default=0.0),
        "max_rounding_ours": max((row.rounding[0] for row in rows if row.rounding), default=0.0),
        "max_rounding_default": max((row.rounding[1] for row in rows if row.rounding), default=0.0),
        "peak_mb": max(row.peak for row in rows),
    }
    ratios: dict[str, list[float]] = {}
    for row in rows:
        if row.before is not None and METHODS[row.method].forward_only:
            ratios.setdefault(row.network, []).append(row.before / row.ours)
    rounded = {key: float(f"{value:.4g}") for key, value in numbers.items()}
    over_before = {name: float(f"{geometric_mean(each):.4g}") for name, each in ratios.items()}
    return {**rounded, **({"forward_only_over_before": over_before} if over_before else {})}


def _row(name: str, of: Subject, case: Case, repeats: int, other: Before | None) -> Row:
    module = of.classifier.module
    peak = Peak()
    with peak:
        _ours(of, case)
    times: dict[str, list[float]] = {"ours": [], "default": [], "tuned": [], "passes": []}
    checks, differences, itself = [], [], []
    before = []
    if other is not None:
        other.map_seconds(name, case.name)  # which chooses how it computes
    for _ in range(repeats):
        if other is not None:
            before.append(other.map_seconds(name, case.name))
        seconds, check, ours = _ours(of, case)
        times["ours"].append(seconds)
        checks.append(check)
        maps = []
        for kind, at_once in (("default", None), ("tuned", case.at_once)):
            with fork_rng(SEED):
                started = time.perf_counter()
                bare = case.bare(of, module, at_once)
                times[kind].append(time.perf_counter() - started)
            maps.append(_drawn(case, bare))
        differences += [_difference(ours, bare) for bare in maps]
        itself.append(_difference(*maps))
        times["passes"].append(_passes(of, case))
    rounding = None
    if case.gradient:
        exact = _exact(of, case)
        rounding = (_difference(ours, exact), _difference(maps[0], exact))
    medians = {kind: median(seconds) for kind, seconds in times.items()}
    return Row(
        name,
        case.name,
        **medians,
        pictures=case.pictures,
        difference=max(differences),
        itself=max(itself),
        rounding=rounding,
        checks=median(checks),
        peak=peak.megabytes,
        before=median(before) if before else None,
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
    if found.values is None:
        raise SystemExit(f"{case.name} is refused: {found.outcome.reason}")
    return seconds, found.check_seconds, found.values


def _drawn(case: Case, bare: Tensor) -> np.ndarray:
    """Captum's map as it would be drawn, (H, W)."""
    drawn: np.ndarray = METHODS[case.name].join(bare.detach())[0, 0].numpy()
    return drawn


def _exact(of: Subject, case: Case) -> np.ndarray:
    """Captum's map in double precision, (H, W)."""
    double = dataclasses.replace(of, inputs=of.inputs.double())
    with fork_rng(SEED):
        return _drawn(case, case.bare(double, copy.deepcopy(of.classifier.module).double(), DOUBLES_AT_ONCE))


def _difference(ours: np.ndarray, bare: np.ndarray) -> float:
    """Largest, relative to the map's maximum."""
    return float(np.abs(ours - bare).max() / np.abs(bare).max())


def _passes(of: Subject, case: Case) -> float:
    """Seconds of the passes alone, as ours batches and lays them out."""
    use = use_of(METHODS[case.name])
    network = speed.accelerate(isolate(of.classifier.module), of.classifier, of.inputs, use=use)
    passes = math.ceil(case.pictures / batch_size.fastest_batch(of.classifier, of.inputs, use=use).size)
    at_once = math.ceil(case.pictures / passes)
    counts = [min(at_once, case.pictures - begun) for begun in range(0, case.pictures, at_once)]
    started = time.perf_counter()
    for count in counts:
        inputs = stopwatch.examples(of.inputs, count, use).requires_grad_(case.gradient)
        with torch.set_grad_enabled(case.gradient):
            chosen = network(inputs)[:, of.target].sum()
            if case.gradient:
                torch.autograd.grad(chosen, inputs)
    return time.perf_counter() - started


def _subject(classifier: Classifier) -> Subject:
    inputs = classifier.preprocessing.transforms()(pictures.find(PICTURE).open())[None]
    with torch.no_grad():
        target = int(classifier.module(inputs).argmax())
    return Subject(classifier, inputs, target, survey(classifier.module, inputs))


def _resnet50() -> Classifier:
    """With random weights, read as the default network reads its pictures."""
    from torchvision.models import resnet50

    with fork_rng(SEED):
        module = frozen(resnet50(weights=None))
    weights = Weights.of(module.state_dict(), source="random")
    like: Classifier = find_network(zoo.DEFAULT).load(silent)
    return dataclasses.replace(
        like, name="resnet50", title="ResNet-50", module=module, weights=weights, trained=False
    )


LITE = "lite0"
NETWORKS: dict[str, Callable[[], Classifier]] = {
    zoo.DEFAULT: lambda: find_network(zoo.DEFAULT).load(silent),
    "squeezenet1_1": lambda: find_network("squeezenet1_1").load(silent),
    "resnet50": _resnet50,
    "mobilenet_v3_large": lambda: random_network(
        find_network(zoo.DEFAULT).load(silent), "mobilenet_v3_large"
    ),
}
