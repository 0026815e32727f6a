"""A layer over training against a forward pass of each checkpoint by hand."""

from __future__ import annotations

import copy
import shutil

import numpy as np
import pytest
import torch

from dashboard.inspection.activations import learning as inspected
from dashboard.inspection.activations.learning import learning
from dashboard.inspection.engine.survey import survey
from dashboard.records.activations import ValueSpread
from dashboard.records.learning import Learning
from dashboard.records.network import LayerCall
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.training import as_networks, runs
from models.training.runs import EXAMPLES

INPUTS = torch.linspace(-0.4, 2.8, 784).reshape(1, 28, 28).numpy()


def call(run_id: str, layer: str) -> LayerCall:
    found = survey(as_networks.find(f"run:{run_id}").load(silent).module, torch.tensor(INPUTS)[None]).find(
        layer
    )
    assert found is not None
    return found


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A run of one's own, which may be deleted: a copy of an example."""
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))
    shutil.copytree(EXAMPLES / "example-healthy", tmp_path / "runs" / "own")
    return runs.find("own")


@pytest.mark.slow
@pytest.mark.parametrize(("run_id", "layer"), [("example-healthy", "relu2"), ("example-memorises", "relu1")])
def test_each_step_is_a_forward_pass_of_its_checkpoint(run_id, layer):
    run = runs.find(run_id)
    kept = run.checkpoints().all
    found = learning(run, kept, INPUTS, call=call(run_id, layer))
    assert found is not None and not found.problems
    assert found.steps.tolist() == [one.step for one in kept]
    assert found.epochs.tolist() == [one.epoch for one in kept]
    for place, checkpoint in enumerate(kept):
        module = copy.deepcopy(as_networks.find(as_networks.address(run, checkpoint)).load(silent).module)
        outputs: list[torch.Tensor] = []
        module.get_submodule(layer).register_forward_hook(
            lambda layer, args, output, kept=outputs: kept.append(output)
        )
        with torch.no_grad():
            logits = module(torch.tensor(INPUTS)[None])[0]
        values = outputs[0][0].numpy()
        np.testing.assert_array_equal(found.maps[place].reshape(values.shape), values)
        np.testing.assert_array_equal(found.logits[place], logits)
        np.testing.assert_allclose(found.probabilities[place], logits.softmax(0), rtol=1e-5)
        assert found.spreads[place].mean == pytest.approx(float(values.mean()), rel=1e-4)
        assert found.spreads[place].zeros == pytest.approx(float((values == 0).mean()))
    assert found.spatial == (layer == "relu2")


def test_a_checkpoint_that_is_gone_is_passed_over_with_a_sentence(own):
    kept = own.checkpoints().all
    kept[2].path.unlink()
    found = learning(own, kept, INPUTS, call=call("own", "relu1"))
    assert found is not None
    assert found.steps.tolist() == [one.step for one in kept if one is not kept[2]]
    assert len(found.problems) == 1


def test_of_a_run_that_is_deleted_meanwhile_nothing_is_left(own):
    kept, layer = own.checkpoints().all, call("own", "relu1")
    own.delete()
    assert learning(own, kept, INPUTS, call=layer) is None
    assert learning(own, (), INPUTS, call=layer) is None
    with pytest.raises(UserError, match="no run own"):
        runs.find("own")


def test_it_tells_its_progress_and_can_be_cancelled():
    class StopError(Exception):
        pass

    told = []

    def progress(share: float) -> None:
        told.append(share)
        if len(told) == 3:
            raise StopError

    run = runs.find("example-healthy")
    with pytest.raises(StopError):
        learning(run, run.checkpoints().all, INPUTS, call=call(run.id, "relu1"), progress=progress)
    assert told == [0, 1 / 8, 2 / 8]


def test_of_many_checkpoints_some_are_taken(monkeypatch):
    monkeypatch.setattr(inspected, "MOST_STEPS", 5)
    run = runs.find("example-healthy")
    last = run.checkpoints().all[-1]
    found = learning(run, (last,) * 200, INPUTS, call=call(run.id, "relu1"))
    assert found is not None and len(found.steps) == 5


def made(winners: list[int], classes: int = 4) -> Learning:
    """A record with these answers, of two channels of which the second grows."""
    steps = np.arange(len(winners)) * 10
    maps = np.zeros((len(winners), 2, 3, 3), np.float32)
    maps[:, 1] = np.arange(len(winners))[:, None, None]
    return Learning(
        call=LayerCall("layer", "Conv2d", (2, 3, 3)),
        classes=tuple("abcd")[:classes],
        steps=steps,
        epochs=steps // 10,
        maps=maps,
        spreads=(ValueSpread(0, 1, 0, 1, 0),) * len(winners),
        logits=np.eye(classes, dtype=np.float32)[winners] * 5,
        problems=(),
    )


def test_since_when_it_gives_its_last_answer():
    assert made([0, 1, 2, 2, 2]).since() == 2
    assert made([2, 1, 2]).since() == 2
    assert made([1, 1]).since() == 0
    assert made([3]).since() == 0


def test_the_leading_classes_are_those_that_led_at_some_step_and_the_target():
    assert made([0, 2, 0]).leading(3, 3) == [0, 2, 3]
    assert made([0, 2, 0]).leading(1, 1) == [1]
    assert made([0]).leading(10, 0) == [0, 1, 2, 3]


def test_strength_is_over_all_steps():
    assert made([0, 0, 0]).strength.tolist() == [0, 1]
