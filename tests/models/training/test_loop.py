"""The trainer, on its own."""

from __future__ import annotations

import dataclasses
import math

import pytest
import torch
from torch import nn

from models.datasets.split import epoch_order
from models.training import data, loop, network, random_state
from models.training.group import Group
from models.training.observer import PAUSE, STOP, Observer
from models.training.runs.serialisation import deserialise_state, serialise_state
from models.zoo.small import ARCHITECTURES
from tests.models.training.conftest import SMALL

CPU = torch.device("cpu")


class Listener(Observer):
    """Remembers what it is told."""

    def __init__(self):
        super().__init__()
        self.results, self.values, self.kept = [], {}, []

    def log_steps(self, results):
        self.results += results

    def log_scalars(self, step, values):
        for tag, value in values.items():
            self.values.setdefault(tag, []).append((step, value))

    def save_checkpoint(self, progress, *, tensors, state, metrics):
        self.kept.append((progress.step, progress.epoch, {n: t.clone() for n, t in tensors.items()}, metrics))


def trainer(observer=None, **changes):
    config = dataclasses.replace(SMALL, **changes)
    group = Group(CPU)
    loaded = data.load(config, CPU)
    random_state.seed(config.seed, group)
    module = network.build(config, loaded)
    return loop.Trainer(config, loaded, module, group=group, observer=observer or Observer())


def weights(one):
    return torch.cat([p.detach().flatten() for p in one.network.parameters()])


def test_agrees_with_a_plain_loop():
    listener = Listener()
    ours = trainer(listener, optimizer="sgd", schedule="constant", momentum=0.0, learning_rate=0.05)
    plain = trainer(optimizer="sgd", schedule="constant", momentum=0.0, learning_rate=0.05).network
    ours.fit()
    loaded, losses = data.load(ours.config, CPU), []
    for epoch in range(3):
        order = torch.from_numpy(epoch_order(200, seed=1, epoch=epoch))
        for batch in order.split(20):
            pixels, targets = loaded.train.take(batch)
            loss = nn.functional.cross_entropy(plain(((pixels / 255) - 0.1307) / 0.3081), targets)
            plain.zero_grad()
            loss.backward()
            with torch.no_grad():
                for p in plain.parameters():
                    p -= 0.05 * p.grad
            losses.append(loss.item())
    assert [r.loss for r in listener.results] == pytest.approx(losses, rel=1e-4)
    torch.testing.assert_close(
        weights(ours), torch.cat([p.detach().flatten() for p in plain.parameters()]), rtol=1e-4, atol=1e-5
    )


@pytest.mark.slow
@pytest.mark.parametrize("model", ARCHITECTURES)
def test_fits_every_architecture(model):
    listener = Listener()
    trainer(listener, model=model, train_samples=60, validation=0.01, epochs=2).fit()
    assert [step for step, *_ in listener.kept] == [3, 6]
    assert all(math.isfinite(r.loss) for r in listener.results)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_run():
    changes = {"dropout": 0.3, "augmentation": "affine"}
    first, same, other = (trainer(seed=seed, **changes) for seed in (1, 1, 2))
    for one in (first, same, other):
        random_state.seed(one.config.seed, Group(CPU))
        one.fit()
    assert weights(first).equal(weights(same))
    assert not weights(first).equal(weights(other))


def test_tells_every_step_and_epoch():
    listener = Listener()
    trainer(listener).fit()
    assert [r.step for r in listener.results] == list(range(1, 31))
    assert all(r.seen == 20 for r in listener.results)
    assert [r.step for r in listener.results if r.norms] == list(range(4, 31, 4))
    assert [step for step, _ in listener.values["loss/validation"]] == [10, 20, 30]
    for epoch, (_, value) in enumerate(listener.values["loss_epoch/train"]):
        part = listener.results[10 * epoch : 10 * epoch + 10]
        assert value == pytest.approx(sum(r.loss for r in part) / 10)
    assert all(norm > 0 and 0 < ratio < 1 for norm, ratio in (r.norms for r in listener.results if r.norms))


def test_a_short_last_batch_is_learned_from():
    listener = Listener()
    trainer(listener, train_samples=50, epochs=1).fit()
    assert [r.seen for r in listener.results] == [20, 20, 10]


def test_checkpoints_come_every_n_steps_with_scores():
    listener = Listener()
    trainer(listener, checkpoint_every=7).fit()
    assert [step for step, *_ in listener.kept] == [7, 14, 21, 28, 30]
    assert all(set(metrics) == {"loss/validation", "top1/validation"} for *_, metrics in listener.kept)


@pytest.mark.slow
def test_validation_changes_nothing():
    plain, often = trainer(dropout=0.3), trainer(dropout=0.3, checkpoint_every=3)
    for one in (plain, often):
        random_state.seed(1, Group(CPU))
        one.fit()
    assert weights(plain).equal(weights(often))
    assert often.network.training


@pytest.mark.slow
@pytest.mark.parametrize("stop_at", [1, 5, 9, 10, 12, 29])
def test_goes_on_bit_for_bit_from_any_step(stop_at):
    changes = {"dropout": 0.3, "augmentation": "shift", "warmup": 5, "model": "mlp", "early_stopping": 2}

    class Stopper(Listener):
        state = None

        def wish(self):
            return STOP if one.progress.step + 1 >= stop_at else 0

        def save_checkpoint(self, progress, *, tensors, state, metrics):
            super().save_checkpoint(progress, tensors=tensors, state=state, metrics=metrics)
            # As a file would: cut off from what goes on.
            self.state = deserialise_state(serialise_state(state))

    whole = trainer(**changes)
    random_state.seed(1, Group(CPU))
    whole.fit()
    stopper = Stopper()
    one = trainer(stopper, **changes)
    random_state.seed(1, Group(CPU))
    with pytest.raises(loop.StoppedError):
        one.fit()
    step, _, tensors, _ = stopper.kept[-1]
    assert step == stop_at
    listener = Listener()
    again = trainer(listener, **changes)
    torch.manual_seed(99)
    again.restore(tensors, stopper.state)
    again.fit()
    assert weights(again).equal(weights(whole))
    assert again.progress == whole.progress
    assert [r.step for r in listener.results] == list(range(stop_at + 1, 31))


def test_pauses_as_long_as_it_is_wished():
    class Pauser(Listener):
        rested = 0

        def wish(self):
            return PAUSE if one.progress.step >= 4 and self.rested < 3 else 0

        def report_pause(self, progress, *, paused):
            self.rested += paused
            self.last = paused

    pauser = Pauser()
    one = trainer(pauser)
    one.fit()
    assert pauser.rested >= 3
    assert pauser.last is False
    assert [step for step, *_ in pauser.kept] == [5, 10, 20, 30]
    undisturbed = trainer()
    undisturbed.fit()
    assert weights(one).equal(weights(undisturbed))


def test_a_lost_loss_stops_before_it_reaches_the_weights():
    listener = Listener()
    one = trainer(listener, optimizer="sgd", learning_rate=1e8, epochs=20)
    with pytest.raises(loop.DivergedError, match=r"The loss is (nan|inf) at step \d+"):
        one.fit()
    for _, _, tensors, _ in listener.kept:
        assert all(t.isfinite().all() for t in tensors.values())


def test_stops_early_when_validation_gets_no_better():
    one = trainer(early_stopping=2, epochs=60, learning_rate=0.01, train_samples=40)
    one.fit()
    assert one.progress.epoch < 60
    assert one.progress.worse == 2


def test_mixed_precision_learns_on_the_cpu_too():
    listener = Listener()
    trainer(listener, precision="bfloat16", epochs=2).fit()
    assert listener.results[-1].loss < listener.results[0].loss
