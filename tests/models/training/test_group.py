"""Two processes that train one network, started by torchrun."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys

import pytest
import torch

from models.training import data, loop, runs, session
from models.training.config import Config
from models.training.group import Group
from models.training.observer import Observer
from models.training.runs import checkpoints
from models.zoo.small import ARCHITECTURES
from tests.faults import assert_equal, logged
from tests.paths import ROOT

# 403 pictures do not part evenly; the network has batch norm, which every process measures for itself.
CONFIG = Config(
    model="resnet", train_samples=403, epochs=4, batch_size=10, threads=1, learning_rate=0.003, device="cpu"
)
# Trains as the command does and leaves what each process ended with; one of the two may be stopped at a step.
SPY = """
import os, sys, torch
from models.training import __main__, loop
rank, stop_at = os.environ["RANK"], int(os.environ["STOP_AT"])
fit, agree = loop.Trainer.fit, loop.Trainer._agree

def spying(self):
    try:
        fit(self)
    finally:
        state = {name: tensor.detach() for name, tensor in self.network.state_dict().items()}
        torch.save(state, os.path.join(os.environ["SPY"], rank + ".pt"))

def stopping(self, loss):
    if self.progress.step + 1 == stop_at and rank == "1":
        self._observer.stop()
    return agree(self, loss)

loop.Trainer.fit, loop.Trainer._agree = spying, stopping
sys.exit(__main__.main(sys.argv[1:]))
"""


def torchrun(folder, arguments, *, stop_at=0):
    """Train in two processes; the weights and buffers that each ended with."""
    script = folder / "spy.py"
    script.write_text(SPY)
    told = {"SPY": str(folder), "STOP_AT": str(stop_at), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node=2",
        str(script),
    ]
    done = subprocess.run(
        [*command, *arguments],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [torch.load(folder / f"{rank}.pt", weights_only=True) for rank in range(2)]


@pytest.mark.slow
def test_two_are_stopped_go_on_and_end_with_one_network(tmp_path):
    one, alone = runs.create(CONFIG), runs.create(dataclasses.replace(CONFIG, batch_size=20))
    torchrun(tmp_path, ["--resume", one.id], stop_at=30)
    stopped = one.status()
    assert (stopped.state, stopped.step) == ("stopped", 30)
    first, second = torchrun(tmp_path, ["--resume", one.id])
    parameters = [name for name, _ in ARCHITECTURES["resnet"].build().named_parameters()]
    assert all(first[name].equal(second[name]) for name in parameters)
    assert_equal(one.checkpoints().all[-1].tensors(), first)
    found = one.status()
    assert (found.state, found.processes, found.steps) == ("finished", 2, 4 * 21)
    assert logged(one.path)["loss/train"][0].tolist() == list(range(1, 4 * 21 + 1))
    session.train(alone.path, alone.config)
    assert found.scores["test_top1"] == pytest.approx(alone.status().scores["test_top1"], abs=0.1)


def test_another_number_of_processes_is_refused(finished_run):
    one = finished_run()
    weights, state, _ = checkpoints.load_latest(one.path)
    checkpoints.store(one.path, weights, {**state, "processes": 2}, epoch=3, metrics={}, budget=10**9)
    assert session.train(one.path, one.config) == "failed"
    assert "--nproc-per-node 2" in one.status().error


@pytest.mark.parametrize("size", [2, 3])
def test_every_picture_is_seen(size):
    config = Config(model="mlp", train_samples=101, batch_size=8, epochs=1)
    loaded, seen, sizes = data.load(config, torch.device("cpu")), [], []
    for rank in range(size):
        group = Group(torch.device("cpu"))
        group.rank, group.size = rank, size
        trainer = loop.Trainer(config, loaded, ARCHITECTURES["mlp"].build(), group=group, observer=Observer())
        batches = list(trainer._batches())
        assert len(batches) == trainer.per_epoch
        sizes.append([len(batch) for batch in batches])
        seen += torch.cat(batches).tolist()
    assert set(seen) == set(range(101))
    assert len(seen) < 101 + size
    assert all(one == sizes[0] for one in sizes)
