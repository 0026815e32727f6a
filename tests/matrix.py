"""Every method on the smallest network of every torchvision family and on the embedded ones: what each map is worth.

`python -m tests.matrix` prints a row for each; `python -m tests.matrix --check` compares with the reviewed rows in
matrix.txt, and `python -m tests.matrix --write` replaces them. Either takes some minutes, less where networks are
named.

No clock decides a row: networks are made lean as ever, but one thread computes, in batches that follow from memory,
channels first. Another processor rounds otherwise all the same, so a map whose number lies at a threshold may fall on
either side of it.

`--timm` does more with the smallest network of every timm family: see matrix_timm.py. That takes hours.
"""

from __future__ import annotations

import argparse
import dataclasses
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import nn
from torchvision import models as families

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.method import Method
from dashboard.inspection.attribution.outcome import MARKED_AGREEMENT, MARKED_GAP, REFUSED_GAP
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.engine.survey import survey
from dashboard.inspection.prediction import see
from dashboard.records.attribution import Outcome
from dashboard.records.network import Survey
from models.classifier import Classifier
from models.networks import find_network
from models.photos.samples import PHOTOS
from models.runtime.progress import silent
from tests import matrix_timm
from tests.clock import without_a_clock
from tests.networks import built, classifier

REVIEWED = Path(__file__).with_suffix(".txt")
EMBEDDED = ("efficientnet_lite0", "squeezenet1_1")
PANDA = 388
# Small inputs are quick; some networks need more, or must be told.
SIDE = 64
SIDES = {"inception_v3": 96}
SETTINGS: dict[str, dict[str, Any]] = {
    "vit_b_16": {"image_size": SIDE},
    "googlenet": {"aux_logits": False, "init_weights": False},
    "inception_v3": {"aux_logits": False, "init_weights": False},
}
# In those the picture dies out on its way through torchvision's random weights: their logits for it and for a black one
# were the same to the last digits, so rounding decided what a map was worth. With weights of He et al. (2015), "Delving
# Deep into Rectifiers", it arrives.
FADING = ("googlenet", "inception_v3", "shufflenet_v2_x0_5")
# How far the target's logit must be from that of an empty picture, relative to the largest.
LEAST_EFFECT = 0.01
# MaxViT-T with windows of 2 in the place of 7, which need 224 pixels and minutes.
BUILT: dict[str, Callable[[], nn.Module]] = {
    "maxvit_t": lambda: families.MaxVit((SIDE, SIDE), 64, 2, [64, 128, 256, 512], [2, 2, 5, 2], 32, 0.2),
}
# Settings that a method does not have are passed over.
COARSE = {
    "n_steps": "20",
    "layer_steps": "20",
    "n_parts": "9",
    "n_perturbations": "48",
    "n_permutations": "8",
    "n_masks": "48",
    "n_points": "20",
    "n_copies": "20",
}
# A method that takes a picture for each channel of a layer reads one of few where the layer it would read has more.
MOST_LAYER_PICTURES = 64
# How near its threshold a number counts as being at it: a gap relative to it, an agreement as it is.
NEAR_GAP, NEAR_AGREEMENT = 0.1, 0.02


@dataclass(frozen=True)
class Row:
    """What one map is worth."""

    network: str
    method: str
    kind: str
    reason: str = ""
    measures: dict[str, float] = dataclasses.field(default_factory=dict)

    @property
    def reviewed(self) -> str:
        """As it is kept: without the numbers, which change in their last digits from one machine to the next."""
        reason = re.sub(r"-?(?:more than )?\b[\d,.]*\d(?: %)?", "#", self.reason)
        return f"{self._place}{reason}".rstrip()

    @property
    def told(self) -> str:
        """With its numbers."""
        numbers = ", ".join(f"{name} {value:.3g}" for name, value in self.measures.items())
        return f"{self._place}{numbers:50}{self.reason}".rstrip()

    @property
    def at_a_threshold(self) -> bool:
        """Whether rounding may decide what it is worth."""
        gap, agreement = (self.measures.get(name) for name in ("completeness gap", "agreement of halves"))
        gaps = (
            [abs(gap / limit - 1) <= NEAR_GAP for limit in (MARKED_GAP, REFUSED_GAP)]
            if gap is not None
            else []
        )
        return any(gaps) or (agreement is not None and abs(agreement - MARKED_AGREEMENT) <= NEAR_AGREEMENT)

    @property
    def _place(self) -> str:
        return f"{self.network:20}{self.method:28}{self.kind:9}"


def smallest() -> tuple[str, ...]:
    """The torchvision classifier with the fewest parameters of each family."""
    members: dict[str, dict[str, int]] = {}
    for name in families.list_models(module=families):
        family = families.get_model_builder(name).__module__
        members.setdefault(family, {})[name] = families.get_model_weights(name).DEFAULT.meta["num_params"]
    return tuple(min(sizes, key=lambda name: sizes[name]) for sizes in members.values())


def untrained(name: str) -> Classifier:
    """A torchvision network with random weights and a small input."""
    side = SIDES.get(name, SIDE)

    def build() -> nn.Module:
        usual = partial(families.get_model, name, weights=None, **SETTINGS.get(name, {}))
        network: nn.Module = BUILT.get(name, usual)()
        for layer in network.modules():
            if name in FADING and isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            # A head that starts at zero answers every picture alike.
            if isinstance(layer, nn.Linear) and not layer.weight.any():
                nn.init.normal_(layer.weight, std=layer.in_features**-0.5)
        return network

    return dataclasses.replace(
        classifier(built(build), channels=3, side=side, classes=1000), name=name, title=name
    )


NETWORKS: dict[str, Callable[[], Classifier]] = {
    **{name: partial(find_network(name).load, silent) for name in EMBEDDED},
    **{name: partial(untrained, name) for name in smallest() if name not in EMBEDDED},
}


def rows(network: str) -> list[Row]:
    """One row for each method on one network, on the giant panda."""
    with without_a_clock():
        return list(_rows(network))


def _rows(network: str) -> Iterator[Row]:
    of = NETWORKS[network]()
    with Image.open(PHOTOS["giant_panda"].path) as picture:
        inputs = see(of, picture).inputs
    batch = torch.tensor(inputs)[None]
    with torch.no_grad():
        logits, empty = of.module(torch.cat([batch, torch.zeros_like(batch)]))
    target = PANDA if of.trained else int(logits.argmax())
    effect = float((logits - empty)[target].abs() / logits.abs().max())
    assert effect >= LEAST_EFFECT, f"{network} answers an empty picture alike: rounding would decide its rows"
    found = survey(of.module, batch)
    for method in METHODS.values():
        try:
            outcome = _outcome(of, inputs, method, found, target)
        except Exception as error:  # a bug, which must not hide what the other rows say
            yield Row(network, method.name, "crashed", f"{type(error).__name__}: {error}")
            continue
        yield Row(network, method.name, outcome.kind, outcome.reason, outcome.measures)


def _outcome(of: Classifier, inputs: np.ndarray, method: Method, found: Survey, target: int) -> Outcome:
    height, width = inputs.shape[1:]
    cells = {"window": str(height // 4), "stride": str(height // 4)}
    settings = method.settings(COARSE | cells, (height, width))
    request = Request(target, layer=_layer(method, found), parameters=settings)
    return attribute(of, inputs, method=method, request=request, survey=found).outcome


def _layer(method: Method, found: Survey) -> str | None:
    usual = found.find(found.default_layer or "")
    defaults = method.defaults((SIDE, SIDE))
    if usual is None or method.layer_pictures(defaults, usual) <= MOST_LAYER_PICTURES:
        return None
    return min(found.grid_calls(), key=lambda call: call.channels).name


def reviewed() -> list[str]:
    """The rows that somebody has looked at."""
    return REVIEWED.read_text().splitlines() if REVIEWED.exists() else []


def changed(found: Sequence[Row]) -> list[str]:
    """The rows that are not as somebody has looked at them, but for those at a threshold."""
    known = {tuple(line.split()[:2]): line for line in reviewed()}
    return [
        row.reviewed
        for row in found
        if (kept := known.get((row.network, row.method))) != row.reviewed
        and (kept is None or not row.at_a_threshold)
    ]


def main() -> int:
    """Print the table; 1 if it is asked to be, and is not, the reviewed one."""
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail where a row is not as reviewed")
    parser.add_argument("--write", action="store_true", help="make these rows the reviewed ones")
    parser.add_argument("--timm", action="store_true", help="networks of timm instead, and all views of them")
    parser.add_argument("networks", nargs="*", help="all, unless some are named")
    given = parser.parse_args()
    if given.timm:
        return matrix_timm.run(given.networks, check=given.check, write=given.write)
    networks = given.networks or list(NETWORKS)
    found: list[Row] = []
    for network in networks:
        started = time.perf_counter()
        for row in rows(network):
            print(row.told, flush=True)
            found.append(row)
        print(f"{network}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    print(dict(Counter(row.kind for row in found)))
    if given.write:
        lines = [row.reviewed for row in found]
        kept = [line for line in reviewed() if line.split()[0] not in networks]
        order = list(NETWORKS)
        lines = sorted(lines + kept, key=lambda line: order.index(line.split()[0]))
        REVIEWED.write_text("\n".join(lines) + "\n")
    differing = changed(found) if given.check else []
    print(*(f"not as reviewed: {line}" for line in differing), sep="\n", end="\n" if differing else "")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
