"""Whatever is dropped gets its tensors read or one plain sentence; nothing in it is run."""

from __future__ import annotations

import re
import resource
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save

from models.checkpoints import reading
from models.checkpoints.limits import LIMITS, Limits
from models.checkpoints.origin import NOTE, Origin
from models.runtime.errors import UserError
from tests.models.checkpoints import files

# Of this process, in kilobytes; the reader is another one.
MOST_MEMORY = 100 * 1024
MOST_SECONDS = 15


@pytest.fixture
def read(tmp_path):
    """Reads a file of these bytes; the tensors and what is known of them."""

    def read(content: bytes, name: str = "weights.pt", limits: Limits = LIMITS):
        source, target = tmp_path / "source", tmp_path / "target"
        source.write_bytes(content)
        target.unlink(missing_ok=True)
        head = reading.read(source, name, target, limits=limits)
        return load_file(target), head

    return read


def origin(head) -> Origin:
    import json

    return Origin.from_json(json.loads(head.metadata[NOTE]))


@pytest.mark.slow
@pytest.mark.parametrize("kind", files.REFUSED)
def test_what_is_refused_gets_one_plain_sentence_and_runs_nothing(kind, read, tmp_path):
    canary = tmp_path / "canary"
    make, sentence = files.REFUSED[kind]
    content = make(canary)
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(UserError) as refused:
        read(content, "my weights.pt")
    said = str(refused.value)
    assert re.fullmatch(rf"my weights\.pt {sentence}\.", said), said
    assert time.monotonic() - begun < MOST_SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source"]
    for foreign in ("weights_only", "Traceback", "safe_globals", str(tmp_path), "\x1b", "torch.load"):
        assert foreign not in said


HONEST = {
    "safetensors": (lambda: save(files.weights()), ()),
    "torch.save": (lambda: files.saved(files.weights()), ()),
    "torch.save, old format": (lambda: files.saved(files.weights(), legacy=True), ()),
    "compressed again": (
        lambda: files.archive(files.unpacked(files.saved(files.weights())), compressed=True),
        (),
    ),
    "a training run": (
        lambda: files.saved(
            {
                "epoch": 3,
                "state_dict": files.weights(),
                "optimizer": {"state": {0: {"exp_avg": torch.zeros(64, 32)}}, "param_groups": [{"lr": 0.1}]},
                "betas": (0.9, 0.99),
            }
        ),
        ("state_dict",),
    ),
    "a training run with its settings": (
        lambda: files.saved({"arch": "x", "state_dict": files.weights(), "args": files.settings(3)}),
        ("state_dict",),
    ),
    "a training run with its numbers": (
        lambda: files.saved(
            {"best_acc1": np.float64(0.9), "state_dict": files.weights(), "step": np.int64(3)}
        ),
        ("state_dict",),
    ),
    "numbers, old format": (
        lambda: files.saved({"model": files.weights(), "best": np.float32(0.9)}, legacy=True),
        ("model",),
    ),
    "settings, old format": (
        lambda: files.saved({"model": files.weights(), "args": files.settings(3)}, legacy=True),
        ("model",),
    ),
    "twice nested": (
        lambda: files.saved({"checkpoint": {"model": files.weights()}}),
        ("checkpoint", "model"),
    ),
    "averaged weights": (
        lambda: files.saved({"model": files.weights(1), "model_ema": files.weights()}),
        ("model_ema",),
    ),
    "containing itself": (lambda: files.saved(_containing_itself()), ("state_dict",)),
    "nested deep": (lambda: files.nested_pickle(100_000), ("state_dict",)),
    "a good file after bad ones": (lambda: files.HONEST, ()),
}


def _containing_itself() -> dict[str, object]:
    content: dict[str, object] = {"state_dict": files.weights()}
    content["itself"] = content
    return content


@pytest.mark.slow
@pytest.mark.usefixtures("forked_children")
@pytest.mark.parametrize("kind", HONEST)
def test_tensors_are_found_wherever_they_are(kind, read):
    make, path = HONEST[kind]
    tensors, head = read(make())
    assert tensors.keys() == files.weights().keys()
    for name, tensor in files.weights().items():
        assert tensors[name].equal(tensor) and tensors[name].dtype == tensor.dtype
    assert origin(head).path == path


@pytest.mark.slow
@pytest.mark.usefixtures("forked_children")
def test_every_dtype_comes_back_as_it_was(read):
    kinds = "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool float8_e4m3fn float8_e5m2 complex64"
    wanted = {
        kind: torch.tensor([[0, 1], [1, 3]], dtype=torch.float32).to(getattr(torch, kind))
        for kind in kinds.split()
    }
    wanted["empty"] = torch.zeros(0, 3)
    wanted["number"] = torch.tensor(2.5)
    wanted["turned"] = torch.arange(6.0).reshape(2, 3).T
    tensors, _ = read(files.saved(wanted))
    assert tensors.keys() == wanted.keys()
    for name, tensor in wanted.items():
        assert tensors[name].dtype == tensor.dtype
        assert tensors[name].shape == tensor.shape
        assert (
            tensors[name].flatten().view(torch.uint8).equal(tensor.contiguous().flatten().view(torch.uint8))
        )


@pytest.mark.slow
@pytest.mark.usefixtures("forked_children")
def test_a_weight_that_two_layers_share_is_there_twice(read):
    weight = torch.randn(30, 20)
    tensors, _ = read(files.saved({"in.weight": weight, "out.weight": weight}))
    assert tensors["in.weight"].equal(weight) and tensors["out.weight"].equal(weight)


@pytest.mark.slow
@pytest.mark.usefixtures("forked_children")
def test_what_is_not_finite_is_counted(read):
    spoiled = files.weights()
    spoiled["layer.weight"][0, :3] = torch.tensor([float("nan"), float("inf"), -float("inf")])
    _, head = read(files.saved({"model": spoiled, "best": 0.5, "other": {"x": torch.zeros(2)}}))
    found = origin(head)
    assert found.spoiled == {"layer.weight": 3}
    assert found.sentences == (
        "The weights were taken from model in the file.",
        "Other tensors in the file were left aside: other (1).",
        "3 of the numbers are NaN or infinite, in layer.weight (3).",
    )


def test_what_is_too_large_is_not_even_opened(read):
    with pytest.raises(UserError, match=r"^x\.pt is larger than 0 MB; start the app with its path: .*\.$"):
        read(files.HONEST, "x.pt", Limits(max_bytes=1000))


def test_a_name_never_becomes_a_path_or_markup(read, tmp_path):
    with pytest.raises(UserError, match=r"^passwd is empty; choose another file\.$"):
        read(b"", "../../etc/passwd")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source"]


@pytest.mark.slow
def test_a_part_of_a_distributed_checkpoint_is_told_by_its_name_where_it_is_a_whole_archive(read):
    with pytest.raises(
        UserError, match=r"^__0_0\.distcp is one part of a distributed checkpoint; .*dcp_to_torch.*\.$"
    ):
        read(files.saved(torch.zeros(3)), "__0_0.distcp")


def test_who_does_not_wait_ends_the_reading(tmp_path):
    source = tmp_path / "source"
    source.write_bytes(files.TORCH)

    class Left(Exception):  # noqa: N818
        pass

    def report(share):
        raise Left

    begun = time.monotonic()
    with pytest.raises(Left):
        reading.read(source, "x.pt", tmp_path / "target", report)
    assert time.monotonic() - begun < 2
    assert not (tmp_path / "target").exists()


def test_what_takes_too_long_is_ended(tmp_path):
    source = tmp_path / "source"
    source.write_bytes(files.TORCH)
    with pytest.raises(UserError, match=r"^x\.pt could not be read within the memory and time that .*\.$"):
        reading.read(source, "x.pt", tmp_path / "target", limits=Limits(seconds=0.01))


@pytest.mark.slow
def test_two_files_at_once_do_not_mix(tmp_path):
    def one(seed: int) -> bool:
        source, target = tmp_path / f"source{seed}", tmp_path / f"target{seed}"
        source.write_bytes(files.saved(files.weights(seed)))
        reading.read(source, "x.pt", target)
        return bool(load_file(target)["layer.weight"].equal(files.weights(seed)["layer.weight"]))

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(one, range(3))) == [True] * 3
