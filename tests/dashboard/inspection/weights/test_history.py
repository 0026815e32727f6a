"""Weights through training, from the examples' checkpoints and from somebody's log."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.weights.history import from_checkpoints, from_log, kernels_over_training
from models.runtime.randomness import fork_rng
from models.tensorboard.reader import EventReader
from models.tensorboard.series import HistogramSeries
from models.training import runs


def test_checkpoints_tell_spread_and_movement():
    checkpoints = runs.find("example-memorises").checkpoints().all
    found = from_checkpoints(checkpoints)
    track = next(one for one in found.tracks if one.name == "fc1.weight")
    assert list(track.steps) == [one.step for one in checkpoints]
    first, second = (one.tensors()["fc1.weight"].double() for one in checkpoints[:2])
    assert track.stds[0] == pytest.approx(float(first.std(correction=0)), rel=1e-9)
    assert np.isnan(track.changes[0])
    assert track.changes[1] == pytest.approx(float((second - first).norm() / first.norm()), rel=1e-9)
    assert all(one.total == first.numel() for one in track.histograms)
    assert not found.problems
    assert found.nbytes < 2_000_000


def test_kernels_are_followed_in_one_way_at_all_checkpoints():
    kept = runs.find("example-healthy").checkpoints().all[:2]
    first, second = kernels_over_training(kept, "conv1.weight")
    expected = kept[1].tensors()["conv1.weight"][:, 0].numpy()
    np.testing.assert_array_equal(np.stack(second.tiles), expected)
    assert first.labels == second.labels and not np.array_equal(first.tiles[0], second.tiles[0])


def test_a_damaged_checkpoint_is_passed_over_with_a_sentence(tmp_path):
    import dataclasses

    kept = runs.find("example-healthy").checkpoints().all[:3]
    damaged = tmp_path / kept[1].path.name
    damaged.write_bytes(b"nothing")
    found = from_checkpoints([kept[0], dataclasses.replace(kept[1], path=damaged), kept[2]])
    assert list(found.tracks[0].steps) == [kept[0].step, kept[2].step]
    assert len(found.problems) == 1 and damaged.name in found.problems[0]


def test_a_log_of_ours_and_its_checkpoints_agree():
    run = runs.find("example-healthy")
    reader = EventReader(run.path)
    reader.refresh()
    logged = next(one for one in reader.histograms() if one.tag == "weights/fc1.weight")
    track = from_log(logged)
    exact = next(one for one in from_checkpoints(run.checkpoints().all).tracks if one.name == "fc1.weight")
    assert list(track.steps) == list(exact.steps)
    assert track.stds == pytest.approx(exact.stds, rel=0.03)
    edges = np.linspace(-0.15, 0.15, 11)
    for theirs, ours in zip(track.histograms, exact.histograms, strict=True):
        assert theirs.total == ours.total
        assert abs(theirs.rebin(edges) - ours.rebin(edges)).max() < 0.05 * ours.total


def test_anybodys_log_is_read(tmp_path):
    from torch.utils.tensorboard import SummaryWriter

    with fork_rng(0), SummaryWriter(str(tmp_path)) as writer:
        for step in (0, 10, 20):
            writer.add_histogram("layer/kernel", torch.randn(10_000) * (1 + step), step)
    reader = EventReader(tmp_path)
    reader.refresh()
    track = from_log(reader.histograms()[0])
    assert list(track.steps) == [0, 10, 20]
    assert track.stds == pytest.approx([1, 11, 21], rel=0.1)
    assert all(one.total == 10_000 for one in track.histograms)
    assert np.isnan(track.changes).all()


def test_buckets_of_no_width_count(tmp_path):
    """A constant, and a tensor half of which is 0 with nothing above: TensorBoard's own reader has all of it."""
    from torch.utils.tensorboard import SummaryWriter

    from tests.models.tensorboard.logged import accumulated

    with fork_rng(0):
        negative = -torch.randn(1000).abs() * (torch.arange(1000) % 2)
    tensors = {
        "norm.weight": torch.ones(64),
        "bias": torch.zeros(10),
        "half": negative,
        "one": torch.tensor([0.3]),
    }
    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(2):
            for name, tensor in tensors.items():
                writer.add_histogram(name, tensor, step)
    reader = EventReader(tmp_path)
    reader.refresh()
    theirs = accumulated(tmp_path)
    for logged in reader.histograms():
        track, tensor = from_log(logged), tensors[logged.tag]
        told = theirs.Histograms(logged.tag)[0].histogram_value
        assert [one.total for one in track.histograms] == [told.num] * 2 == [tensor.numel()] * 2
        assert track.histograms[0].quantile(0) == told.min and track.histograms[0].quantile(1) == told.max
        exact = (told.sum_squares / told.num - (told.sum / told.num) ** 2) ** 0.5
        assert track.stds == pytest.approx(exact, rel=0.01, abs=1e-6), logged.tag
    assert from_log(reader.histograms()[0]).stds.tolist() == [0, 0]


def test_a_constant_of_keras_is_one(tmp_path):
    buckets = np.stack([np.full(30, 0.5), np.full(30, 0.5), np.eye(30)[-1] * 12], 1)
    logged = HistogramSeries("gamma", "", np.arange(2), np.arange(2.0), (buckets, np.zeros((0, 3))))
    track = from_log(logged)
    assert (track.steps.tolist(), track.stds.tolist(), track.histograms[0].total) == ([0], [0], 12)
