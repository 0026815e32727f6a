"""Activations side by side with the bare network: capture of every layer, memory, bytes of a page, passes over data.

Ours and the bare forward pass take turns, so that whatever else the machine does slows both alike; each number is a
median. The bare pass over data runs on the same batches in the same layout and keeps nothing but the logits.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median

import torch
from torch import Tensor

from dashboard import pictures
from dashboard.charts import maps
from dashboard.charts.activations import tiles
from dashboard.inspection.activations.forward_pass import forward_pass
from dashboard.inspection.activations.layer_maps import layer_maps
from dashboard.inspection.engine import speed
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.survey import survey
from dashboard.inspection.passes.health import health
from dashboard.inspection.passes.layer import layer_over_data
from dashboard.inspection.passes.pool import WHOLE, Item, Pool, batches
from dashboard.records.network import LayerCall, Survey
from models import zoo
from models.classifier import Classifier, Weights, frozen
from models.networks import find_network
from models.runtime.progress import silent
from models.runtime.randomness import fork_rng
from models.runtime.threads import use_threads
from tests.benchmarks._memory import MEGABYTE, Peak

SEED = 0


def _random(name: str) -> Classifier:
    """A network of torchvision with random weights, read as the default network reads its pictures."""
    from torchvision import models

    with fork_rng(SEED):
        module = frozen(getattr(models, name)(weights=None))
    like: Classifier = find_network(zoo.DEFAULT).load(silent)
    weights = Weights.of(module.state_dict(), source="random")
    return replace(like, name=name, title=name, module=module, weights=weights, trained=False)


NETWORKS: dict[str, Callable[[], Classifier]] = {
    "resnet50": lambda: _random("resnet50"),
    "vgg16": lambda: _random("vgg16"),
    zoo.DEFAULT: lambda: find_network(zoo.DEFAULT).load(silent),
}


def options(parser: argparse.ArgumentParser) -> None:
    """What may be narrowed, because a pass over thousands of pictures takes minutes."""
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--images", type=int, default=2000, help="of a pass over data")
    parser.add_argument("--repeats", type=int, default=5, help="of a capture; a pass over data is made once")


def run(networks: list[str], images: int, repeats: int) -> dict[str, float]:
    """Print the table and return its numbers by key."""
    print(f"{use_threads()} threads; seconds, memory in MB")
    numbers: dict[str, float] = {}
    for name in networks:
        of = NETWORKS[name]()
        inputs = of.preprocessing.transforms()(pictures.find(pictures.DEFAULT_PHOTO).open())[None]
        found = survey(of.module, inputs)
        numbers |= {f"{key}_{name}": value for key, value in _capture(of, inputs, found, repeats).items()}
        numbers |= {f"{key}_{name}": value for key, value in _page(of, inputs, found).items()}
        numbers |= {f"{key}_{name}": value for key, value in _passes(of, inputs, found, images).items()}
    worst = {
        "max_capture_ratio": max(numbers[f"capture_ratio_{name}"] for name in networks),
        "max_capture_ratio_with_copy": max(numbers[f"capture_ratio_with_copy_{name}"] for name in networks),
        "max_page_mb": max(value for key, value in numbers.items() if key.startswith("page_mb")),
        "min_layer_throughput_share": min(
            value for key, value in numbers.items() if key.startswith("layer_throughput_share")
        ),
        "min_health_throughput_share": min(
            value for key, value in numbers.items() if key.startswith("health_throughput_share")
        ),
    }
    return {key: float(f"{value:.4g}") for key, value in (numbers | worst).items()}


def _capture(of: Classifier, inputs: Tensor, found: Survey, repeats: int) -> dict[str, float]:
    """Every layer's spread and the stages' pictures, against the bare forward pass of the same tensor."""
    array = inputs[0].numpy()
    inputs = torch.tensor(array)[None]  # as ours reads it: transforms give the photo channels last
    bare_peak, peak = Peak(), Peak()
    _bare(of, inputs)
    with bare_peak:
        _bare(of, inputs)
    with peak:
        forward_pass(of, array, found)
    whole, passes, bare = [], [], []
    for _ in range(repeats):
        bare.append(_seconds(lambda: _bare(of, inputs)))
        started = time.perf_counter()
        passes.append(forward_pass(of, array, found).seconds)
        whole.append(time.perf_counter() - started)
    ratio = median(passes) / median(bare)
    copied = median(whole) - median(passes)
    print(
        f"{of.name:<20}capture of {len(found.calls)} layers {median(passes):.3f}, bare {median(bare):.3f}: "
        f"{ratio:.2f}x; private copy and hooks before it {copied:.3f}; peak {peak.megabytes:.0f}, "
        f"bare {bare_peak.megabytes:.0f}",
        flush=True,
    )
    return {
        "capture_ratio": ratio,
        "capture_ratio_with_copy": median(whole) / median(bare),
        "capture_peak_mb": peak.megabytes,
        "bare_peak_mb": bare_peak.megabytes,
    }


def _bare(of: Classifier, inputs: Tensor) -> None:
    with torch.no_grad():
        of.module(inputs)


def _page(of: Classifier, inputs: Tensor, found: Survey) -> dict[str, float]:
    """What the largest page of a layer sends: its first grid, and one channel enlarged over the photo."""
    call = max(found.grid_calls(), key=lambda one: one.channels * one.grid[0] * one.grid[1])
    seen = layer_maps(of, inputs[0].numpy(), call=call, classes=(0,))
    numbers = seen.strength.argsort()[::-1][: tiles.PER_PAGE]
    limit, signed = tiles.limit(seen.maps), tiles.is_signed(seen.maps)
    figure = tiles.grid(seen.maps[numbers], numbers, limit=limit, signed=signed, marked=None, noun="Channel")
    crop = of.preprocessing.display(inputs[0])
    one = maps.cells(crop, seen.maps[numbers[0]], limit=limit, signed=signed, strength=0.7)
    megabytes = (len(figure.to_json()) + len(one)) / MEGABYTE
    print(f"{of.name:<20}page of {call.name}, {call.channels} channels: {megabytes:.2f} MB", flush=True)
    return {"page_mb": megabytes}


def _passes(of: Classifier, inputs: Tensor, found: Survey, images: int) -> dict[str, float]:
    """Dataset statistics of the widest and of the last layer and of all layers, in pictures per second."""
    pool = _pool(inputs, images)
    speed.acceleration(of, inputs)  # measured once, before the clock runs
    bare = images / _seconds(lambda: _bare_pass(of, pool, inputs))
    peak = Peak()
    numbers: dict[str, float] = {"bare_images_per_second": bare}
    layers = {"widest": max(found.grid_calls(), key=lambda one: one.channels * one.grid[0] * one.grid[1])}
    layers["last"] = found.grid_calls()[-1]
    shares = []
    for place, call in layers.items():
        shares.append(_share(of, call, pool, images, bare, place, peak))
    overall = images / _seconds(lambda: health(of, pool, found)) / bare
    print(f"{of.name:<20}health of all layers: {overall:.0%} of {bare:.1f} images a second", flush=True)
    return numbers | {
        "layer_throughput_share": min(shares),
        "health_throughput_share": overall,
        "pass_peak_mb": peak.megabytes,
    }


def _share(
    of: Classifier, call: LayerCall, pool: Pool, images: int, bare: float, place: str, peak: Peak
) -> float:
    with peak:
        share = images / _seconds(lambda: layer_over_data(of, call, pool)) / bare
    print(f"{of.name:<20}statistics of the {place} layer, {call.name}: {share:.0%} of bare", flush=True)
    return share


def _bare_pass(of: Classifier, pool: Pool, inputs: Tensor) -> None:
    network = speed.accelerate(isolate(of.module), of, inputs)
    with torch.no_grad():
        for _, batch in batches(pool, inputs.numel(), WHOLE):
            network(batch)


def _pool(inputs: Tensor, images: int) -> Pool:
    """The photo, a little darker for each picture, so that reading costs both sides the same."""
    items = tuple(Item(str(index), str(index)) for index in range(images))

    def take(indices: Sequence[int]) -> Tensor:
        return torch.cat([inputs * (1 - index / (2 * images)) for index in indices])

    return Pool(f"{images} pictures", "benchmark", items, take)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
