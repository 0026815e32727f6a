"""Everything that is shown of a network, on the smallest member of every timm family: `python -m tests.matrix --timm`.

Random weights and a small input; parameters that begin at zero are given random values, so that whatever the network
has comes into play. Each is surveyed and traced, every view of its activations and its architecture and every quick
method runs, and it is looked at, with other patches than the survey's, whether what is offered as a map is one.

Of each network one line is kept, with what it refuses; the reasons are printed.
"""

from __future__ import annotations

import gc
import json
import math
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch
from PIL import Image
from scipy.optimize import linear_sum_assignment
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from dashboard.inspection.activations.attention_maps import attention_maps
from dashboard.inspection.activations.backward_pass import backward_pass
from dashboard.inspection.activations.forward_pass import forward_pass
from dashboard.inspection.activations.layer_maps import layer_maps
from dashboard.inspection.activations.maximisation import maximise
from dashboard.inspection.activations.measured_receptive_field import measure_receptive_field
from dashboard.inspection.activations.stages import stages
from dashboard.inspection.architecture.timing import timing
from dashboard.inspection.architecture.trace import architecture
from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.method import Method
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.embedding.features import features
from dashboard.inspection.engine import speed
from dashboard.inspection.engine.capture import channel_maps, watch
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.speed import accelerate
from dashboard.inspection.passes.health import health
from dashboard.inspection.passes.layer import layer_over_data
from dashboard.inspection.passes.pool import Item, Pool
from dashboard.inspection.prediction import facts, predict, see
from dashboard.records.embedding import Place
from dashboard.records.maximisation import Aim
from dashboard.records.network import LayerCall, Survey
from models.classifier import Classifier
from models.networks import with_contract
from models.photos.samples import PHOTOS
from models.runtime.errors import UserError
from models.runtime.foreign import FOREIGN
from models.runtime.randomness import fork_rng
from tests.clock import without_a_clock
from tests.networks import classifier, surveyed

REVIEWED = Path(__file__).with_suffix(".txt")
CLASSES = 10
# Sides that are tried, until a network takes one.
SIDES = (96, 128, 160, 192, 224, 256, 384, 448, 512)
# Whose last maps have one place only at the smallest.
LARGER = {"csatv2": 160, **dict.fromkeys(("inception_v3", "inception_v4", "inception_resnet_v2"), 128)}
# A network of more parameters than this is passed over: it takes a quarter of an hour. That is one family's smallest.
MOST_PARAMETERS = 250_000_000
PASSED_OVER = frozenset({"deepseek_vit"})
# What zero-initialised parameters are given.
DEVIATION = 0.02
# Other patches than the survey changes, each a twelfth of a side: down and across. By the first ones most layers are
# told; the others, in the corners, tell the places of kernels as wide as the grid.
PATCHES = ((0.2, 0.75), (0.55, 0.4), (0.75, 0.2), (0.2, 0.2), (0.15, 0.85), (0.85, 0.15), (0.8, 0.8))
TELLING = 3
# How many pictures a layout is tried on.
FEW = 2
# So many layer calls are shown one by one, at most.
MOST_CALLS = 8


@dataclass(frozen=True)
class Row:
    """What one view or method comes to on one network."""

    network: str
    what: str
    kind: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.network:31} {self.what:31} {self.kind:10}{self.reason}".rstrip()


@dataclass(frozen=True)
class Trial:
    """One network: its line for the reviewed table, and all rows."""

    network: str
    line: str
    rows: tuple[Row, ...]

    def count(self, kind: str) -> int:
        """How many rows are of a kind."""
        return sum(row.kind == kind for row in self.rows)


@cache
def smallest() -> dict[str, str]:
    """The member with the fewest parameters of each family of timm; takes some minutes."""
    import timm
    from timm.models import _registry as registry

    families: dict[str, list[tuple[int, str]]] = {}
    for name in timm.list_models():
        try:
            with torch.device("meta"):
                network = timm.create_model(name)
        except Exception as error:  # not every network of timm can be built without weights
            print(f"{name}: {type(error).__name__}", file=sys.stderr)
            continue
        size = sum(parameter.numel() for parameter in network.parameters())
        families.setdefault(registry._model_to_module[name], []).append((size, name))
    return {
        family: min(members)[1]
        for family, members in sorted(families.items())
        if min(members)[0] < MOST_PARAMETERS
    }


def untrained(name: str) -> Classifier:
    """A network of timm with random weights and the smallest input that it takes."""
    import timm

    obstacle: Exception | None = None
    usual = timm.get_pretrained_cfg(name)
    sides = [side for side in SIDES if side >= LARGER.get(name, 0)]
    for side in (*sides, *([] if usual is None else [usual.input_size[-1]])):
        try:
            network = _build(name, side)
            with torch.no_grad():
                network(torch.zeros(2, 3, side, side))
        except (*FOREIGN, NotImplementedError) as error:
            obstacle = error
            continue
        of = classifier(network, channels=3, side=side, classes=CLASSES)
        return with_contract(of)
    raise UserError(f"{name} takes no picture of any size that was tried: {obstacle}")


def _build(name: str, side: int) -> nn.Module:
    import timm

    with fork_rng(0):
        try:
            network: nn.Module = timm.create_model(name, num_classes=CLASSES, img_size=side)
        except TypeError:  # most convolutional networks take any
            network = timm.create_model(name, num_classes=CLASSES)
        for parameter in network.parameters():
            if parameter.numel() > 1 and not parameter.any():
                nn.init.normal_(parameter, std=DEVIATION)
    return network.eval().requires_grad_(False)


def picture(of: Classifier) -> np.ndarray:
    """The giant panda as a network reads it, (C, H, W)."""
    with Image.open(PHOTOS["giant_panda"].path) as photo:
        return see(of, photo).inputs


def tried(name: str) -> Trial:
    """All views and methods on one network."""
    with without_a_clock(), mock.patch.multiple(speed, MANY=dict.fromkeys(speed.MANY, FEW), TRIED=FEW):
        return _tried(name)


def _tried(name: str) -> Trial:
    rows: list[Row] = []

    def attempt(what: str, work: Callable[[], Any]) -> Any:
        try:
            outcome = work()
        except UserError as refusal:
            rows.append(Row(name, what, "refused", str(refusal)))
            return None
        except Exception as error:  # a bug, which must not hide what the other rows say
            place = traceback.extract_tb(error.__traceback__)[-1]
            rows.append(
                Row(
                    name,
                    what,
                    "crashed",
                    f"{type(error).__name__}: {error} ({place.name}, line {place.lineno})",
                )
            )
            return None
        rows.append(Row(name, what, "ok"))
        return outcome

    of = attempt("contract", lambda: untrained(name))
    if of is None:
        return Trial(name, f"{name:32}no trial", tuple(rows))
    inputs = picture(of)
    found = attempt("survey", lambda: surveyed(of, inputs))
    target = predict(of, inputs).winner
    if found is not None:
        for what, work in _views(of, inputs, found, target):
            attempt(what, work)
        for method in METHODS.values():
            if method.cost == "instant":
                _explain(of, inputs, found, target, method, name, rows)
        rows += [Row(name, f"map {call}", "misplaced") for call in misplaced(of, inputs, found)]
    return Trial(name, _line(name, of, found, rows), tuple(rows))


def _views(
    of: Classifier, inputs: np.ndarray, found: Survey, target: int
) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Every view of Overview, Activations and Architecture, by what it computes."""
    batch, pool = torch.tensor(inputs)[None], _pool(inputs)
    yield "facts", lambda: _check_flops(of, facts(of).flops)
    yield "architecture", lambda: architecture(of.module, batch)
    yield "timing", lambda: timing(of.module, batch)
    yield "lean answers", lambda: accelerate(isolate(of.module), of, batch, use="near answers")(batch)
    yield "forward pass", lambda: forward_pass(of, inputs, found)
    yield "backward pass", lambda: backward_pass(of, inputs, target, found)
    if found.attended is not None:
        yield "attention", lambda: attention_maps(of, inputs, found)
    yield "health", lambda: health(of, pool, found)
    for call in _telling(found):
        yield f"layer {call.name}", partial(layer_maps, of, inputs, call=call, classes=(target,))
        yield f"data {call.name}", partial(layer_over_data, of, call, pool)
    for call in _telling(found)[-2:]:
        yield f"field {call.name}", partial(measure_receptive_field, of, call)
        yield f"features {call.name}", partial(features, of, Place(call, reads=False), pool)
        yield f"picture for {call.name}", partial(maximise, of, Aim(call, 0, steps=1))
    yield "picture for a class", lambda: maximise(of, Aim(None, target, steps=1))
    if found.head is not None:
        head = found.head
        yield "penultimate features", lambda: features(of, Place(head, reads=True), pool)


def _check_flops(of: Classifier, flops: int) -> None:
    """Torch's own counter is to come to the same, where attention is not fused: it has no formula for it on a CPU."""
    batch = torch.zeros(1, of.preprocessing.channels, *of.preprocessing.size)
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), counter:
        isolate(of.module)(batch)
    assert flops == counter.get_total_flops(), f"torch counts {counter.get_total_flops():,} and not {flops:,}"


def _telling(found: Survey) -> list[LayerCall]:
    """Some calls: one of each way to hand on an output and of each layout, the default layer and some stages."""
    kinds = {
        (call.layout, call.member, call.batch_axis, len(call.shape), call.unrolled): call
        for call in found.calls
    }
    chosen = [*kinds.values(), *stages(found)][: MOST_CALLS - 1]
    default = found.find(found.default_layer or "")
    return list({call.name: call for call in [*chosen, *([] if default is None else [default])]}.values())


def _pool(inputs: np.ndarray) -> Pool:
    """The picture, mirrored, darker, and upside down."""
    photo = torch.tensor(inputs)
    pictures = torch.stack([photo, photo.flip(2), photo / 2, photo.flip(1)])
    items = tuple(Item(f"test/{place}", f"Picture {place}") for place in range(len(pictures)))
    return Pool("four pictures", "test", items, lambda indices: pictures[list(indices)])


def _explain(
    of: Classifier,
    inputs: np.ndarray,
    found: Survey,
    target: int,
    method: Method,
    name: str,
    rows: list[Row],
) -> None:
    request = Request(target, parameters=method.defaults(of.preprocessing.size))
    try:
        outcome = attribute(of, inputs, method=method, request=request, survey=found).outcome
    except Exception as error:  # a bug, which must not hide what the other rows say
        rows.append(Row(name, method.name, "crashed", f"{type(error).__name__}: {error}"))
        return
    # What numbers decide, random weights have decided.
    kinds = {"refused": "refused" if method.refusal(found) else "not drawn"}
    rows.append(Row(name, method.name, kinds.get(outcome.kind, "ok"), outcome.reason))


def misplaced(of: Classifier, inputs: np.ndarray, found: Survey) -> list[str]:
    """The calls that are offered as a map, and whose places are not the picture's.

    Most of some patches do not show within one place, and if to each of those in the corners the places of one are
    given, as fits best, they are not its own. So a kernel as wide as the grid passes, which shows a patch on all sides
    and most at its rim.
    """
    pictures, boxes = _patched(torch.tensor(inputs))
    changes: dict[str, Tensor] = {}

    def read(call: LayerCall, output: Tensor) -> None:
        maps = channel_maps(output.float(), call, len(pictures))
        changes[call.name] = (maps[1:] - maps[:1]).norm(dim=1)

    network = isolate(of.module)
    calls = [call for call in found.grid_calls() if not call.assumed]
    watch(network, calls, read)
    with torch.no_grad():
        network(pictures)
    return [
        call.name
        for call in calls
        if sum(_shows(changes[call.name][:TELLING], patch, box) for patch, box in enumerate(boxes[:TELLING]))
        < TELLING / 2
        and not _belong(changes[call.name][TELLING:], boxes[TELLING:])
    ]


def _belong(change: Tensor, boxes: Sequence[tuple[float, float, float, float]]) -> bool:
    """Whether of all ways to give each patch the places of one, each having its own fits best."""
    height, width = change.shape[1:]
    shares = change / change.sum((1, 2), keepdim=True).clamp_min(1e-30)
    fits = torch.stack(
        [
            shares[
                :,
                int(top * height) : math.ceil(bottom * height),
                int(left * width) : math.ceil(right * width),
            ].mean((1, 2))
            for top, left, bottom, right in boxes
        ],
        dim=1,
    )
    _, places = linear_sum_assignment(-fits.clamp_min(1e-30).log().numpy())
    return bool((places == np.arange(len(boxes))).all())


def _patched(photo: Tensor) -> tuple[Tensor, list[tuple[float, float, float, float]]]:
    """The picture and the same with patches turned round, and where those lie, in shares: top, left, bottom, right."""
    height, width = photo.shape[1:]
    pictures, boxes = [photo], []
    for down, across in PATCHES:
        rows, columns = max(1, height // 12), max(1, width // 12)
        top, left = int(down * height) - rows // 2, int(across * width) - columns // 2
        changed = photo.clone()
        changed[:, top : top + rows, left : left + columns] = (
            1 - changed[:, top : top + rows, left : left + columns]
        )
        pictures.append(changed)
        boxes.append((top / height, left / width, (top + rows) / height, (left + columns) / width))
    return torch.stack(pictures), boxes


def _shows(change: Tensor, patch: int, box: tuple[float, float, float, float]) -> bool:
    """Whether a patch shows within one place of where it lies.

    It may be what changes most there, by itself or beside what the others change, or what they do not change may have
    its centre there: a wide kernel shows a patch on all sides. What is scaled up has the same value at several places.
    """
    shares = change / change.sum((1, 2), keepdim=True).clamp_min(1e-30)
    height, width = shares.shape[1:]
    top, left, bottom, right = (share * side for share, side in zip(box, (height, width) * 2, strict=True))
    for values in (shares[patch], shares[patch] / (shares.mean(0) + 1e-6 * shares.max())):
        rows, columns = (values >= 0.9999 * values.max()).nonzero(as_tuple=True)
        near = (top - 2 <= rows) & (rows <= bottom + 1) & (left - 2 <= columns) & (columns <= right + 1)
        if bool(near.any()):
            return True
    more = (shares[patch] - shares.mean(0)).relu()
    more /= more.sum().clamp_min(1e-30)
    row = float(more.sum(1) @ (torch.arange(height) + 0.5))
    column = float(more.sum(0) @ (torch.arange(width) + 0.5))
    return top - 1 <= row <= bottom + 1 and left - 1 <= column <= right + 1


def _line(name: str, of: Classifier, found: Survey | None, rows: Sequence[Row]) -> str:
    bad = [f"{row.what} {row.kind}" for row in rows if row.kind in ("crashed", "misplaced")]
    refused = ", ".join(row.what for row in rows if row.kind == "refused")
    if found is None:
        return f"{name:32}{'; '.join(bad)}"
    maps = found.grid_calls()
    assumed = sum(call.assumed for call in maps)
    return (
        f"{name:32}{of.preprocessing.size[0]:4} px  default {found.default_layer}, head "
        f"{found.head.name if found.head else None}, {len(maps)} of {len(found.calls)} maps ({assumed} assumed), "
        f"{len(found.attentions)} + {found.pooled} attentions{', refused: ' if refused else ''}{refused}"
        f"{'; ' if bad else ''}{', '.join(bad)}"
    )


def reviewed() -> dict[str, str]:
    """Network -> the line that somebody has looked at."""
    lines = REVIEWED.read_text().splitlines() if REVIEWED.exists() else []
    return {line.split()[0]: line for line in lines}


def settled(line: str) -> str:
    """A line without what rounding may decide: at how many of its layers random weights let patches show in place."""
    return re.sub(r"\d+ of (\d+) maps \(\d+ assumed\)", r"\1 calls", line)


def run(networks: Sequence[str], *, check: bool, write: bool) -> int:
    """Print all rows and a last line of JSON; 1 where something crashed, is misplaced, or is not as reviewed."""
    known, trials = reviewed(), []
    for name in networks or list(known) or list(smallest().values()):
        started = time.perf_counter()
        trial = tried(name)
        trials.append(trial)
        print(*trial.rows, sep="\n")
        print(trial.line, flush=True)
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
        gc.collect()
        if write:
            known[name] = trial.line
            REVIEWED.write_text("".join(f"{line}\n" for line in known.values()))
    differing = [
        trial.line
        for trial in trials
        if check and settled(known.get(trial.network, "")) != settled(trial.line)
    ]
    print(*(f"not as reviewed: {line}" for line in differing), sep="\n", end="\n" if differing else "")
    crashed, elsewhere = (sum(trial.count(kind) for trial in trials) for kind in ("crashed", "misplaced"))
    print(json.dumps({"networks": len(trials), "crashed": crashed, "misplaced": elsewhere}))
    return 1 if crashed or elsewhere or differing else 0
