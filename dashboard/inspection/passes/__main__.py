"""A pass over many pictures from a terminal: one layer, or without a layer the health of all of them.

`python -m dashboard.inspection.passes --model cnn --layer block3`. Under torchrun every process takes every n-th batch,
and the parts are merged exactly.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.runtime.errors import UserError
from models.runtime.terminal import run_command

if TYPE_CHECKING:
    from dashboard.inspection.passes.pool import Pool
    from dashboard.records.activations import ActivationHealth, LayerOverData
    from dashboard.records.network import LayerCall, Survey
    from models.classifier import Classifier


def main(arguments: list[str] | None = None) -> int:
    """Make the pass and write its numbers; 0 if it was made."""
    options = _parser().parse_args(arguments)
    return run_command(lambda: _pass(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dashboard.inspection.passes", description=__doc__, allow_abbrev=False
    )
    parser.add_argument("--model", required=True, help="a network, as in the address of the app")
    parser.add_argument(
        "--layer", help="one of its layer calls, as on the page; without one, the health of all of them"
    )
    parser.add_argument(
        "--images", type=Path, help="a folder of pictures; else the test pictures of its dataset"
    )
    parser.add_argument("--count", type=int, default=0, help="how many pictures at most; 0 for all")
    parser.add_argument("--out", type=Path, help="an .npz file for all numbers")
    return parser


def _pass(options: argparse.Namespace) -> None:
    from dashboard.inspection.engine.survey import survey
    from dashboard.inspection.passes.pool import first_inputs
    from models.kinds import PICTURES
    from models.networks import find_network
    from models.runtime.progress import silent

    model = find_network(options.model)
    model.require(PICTURES)
    classifier = model.load(silent)
    pool = _pool(options, classifier)
    layers = survey(classifier.module, first_inputs(pool))
    if options.layer is None:
        _health(options, classifier, pool, layers)
        return
    call = layers.find(options.layer)
    if call is None:
        names = ", ".join(call.name for call in layers.calls)
        raise UserError(f"{options.model} has no layer {options.layer[:60]!r}; choose one of {names}.")
    _layer(options, classifier, pool, call)


def _layer(options: argparse.Namespace, classifier: Classifier, pool: Pool, call: LayerCall) -> None:
    import torch

    from dashboard.inspection.passes.gathering import gather
    from dashboard.inspection.passes.layer import LayerSums, layer_record, layer_sums
    from dashboard.inspection.passes.pool import Shard
    from models.training.group import join_group

    started = time.perf_counter()
    with join_group(torch.device("cpu")) as group:
        mine, applied = layer_sums(classifier, call, pool, shard=Shard(group.rank, group.size))
        total = gather(mine, LayerSums, group)
        if group.rank:
            return
    result = layer_record(total, call, applied, time.perf_counter() - started)
    _write(options.out, _numbers(result))
    off = "" if result.off is None else f", off for {result.off.mean():.1%} of what is read"
    print(
        f"{call.name}: {len(result.mean)} channels over {result.pictures:,} pictures in {result.seconds:.1f} s{off}"
    )


def _numbers(result: LayerOverData) -> dict[str, Any]:
    import numpy as np

    arrays = {name: value for name, value in vars(result).items() if isinstance(value, np.ndarray)}
    return {"pictures": result.pictures, "places": result.places, **arrays}


def _health(options: argparse.Namespace, classifier: Classifier, pool: Pool, survey: Survey) -> None:
    import torch

    from dashboard.inspection.passes.diagnosis import findings
    from dashboard.inspection.passes.gathering import gather
    from dashboard.inspection.passes.health import HealthSums, health_record, health_sums
    from dashboard.inspection.passes.pool import Shard
    from models.training.group import join_group

    started = time.perf_counter()
    with join_group(torch.device("cpu")) as group:
        mine = health_sums(classifier, pool, survey, shard=Shard(group.rank, group.size))
        total = gather(mine, HealthSums, group)
        if group.rank:
            return
    result = health_record(total, survey, time.perf_counter() - started)
    _write(options.out, _columns(result))
    print(
        f"{options.model}: {len(result.layers)} layer calls and {result.units:,} units over {result.pictures:,} "
        f"pictures in {result.seconds:.1f} s"
    )
    for finding in findings(result):
        print(f"{finding.title}: {finding.says}")


def _columns(result: ActivationHealth) -> dict[str, Any]:
    """One row for each layer call."""
    layers = result.layers
    numbers = ("mean", "std", "zeros", "not_finite", "units")
    lists = ("dead", "saturated", "twins")
    return {
        "pictures": result.pictures,
        "layer": [layer.call.name for layer in layers],
        **{name: [getattr(layer, name) for layer in layers] for name in numbers},
        **{name: [len(getattr(layer, name)) for layer in layers] for name in lists},
    }


def _pool(options: argparse.Namespace, classifier: Classifier) -> Pool:
    from dashboard.inspection.passes.pool import dataset_pool, file_pool
    from models import datasets
    from models.datasets.names import PHOTOS
    from models.datasets.photo_folder import list_pictures

    if options.images is not None:
        return file_pool(list_pictures(options.images)[: options.count or None], classifier)
    if classifier.fits == PHOTOS:
        raise UserError("This network is for photographs: name a folder of them with --images.")
    dataset = datasets.find_dataset(classifier.fits)
    return dataset_pool(dataset, classifier, options.count or dataset.counts["test"])


def _write(path: Path | None, arrays: dict[str, Any]) -> None:
    import numpy as np

    from models.runtime import files

    if path is None:
        return
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    files.write(path, content.getvalue())


if __name__ == "__main__":
    sys.exit(main())
