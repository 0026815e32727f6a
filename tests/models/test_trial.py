"""A trial finds what a network really does."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional

from models.head import with_logits
from models.runtime.errors import UserError
from models.trial import measure_contract
from tests.models.brought import CLASSES, measured, network, pictures


def test_a_softmax_within_a_network_is_not_taken_for_its_last():
    def forward(self, x):
        return self.logits(x) * self.softmax(self.logits(x))

    module = network(forward)
    module.softmax = nn.Softmax(1)
    assert measure_contract(module, pictures()).final == ""


def test_a_steady_network_is_steady_and_others_are_not():
    assert measured().steady
    noisy = measured(lambda self, x: functional.dropout(self.logits(x), 0.5, training=True))
    assert noisy.repeated > 0.01 and not noisy.steady
    by_batch = measured(lambda self, x: self.logits(x) - self.logits(x).mean(0))
    assert by_batch.repeated == 0 and by_batch.batched > 0.01 and not by_batch.steady


@pytest.mark.parametrize("seed", range(12))
def test_a_network_whose_dice_often_fall_alike_is_random(seed):
    """One of its answers in four is another one, so two passes agree three times in five."""

    def dice(self, x):
        return self.logits(x) * (2.0 if float(torch.rand(())) < 0.25 else 1.0)

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        assert measured(dice).random


def test_a_network_that_draws_nothing_is_passed_no_more_often():
    passes: list[int] = []

    def count(self, x):
        passes.append(len(x))
        return self.logits(x)

    measured(count)
    assert passes == [3, 1]


ALONE = {
    "a row": lambda self, x: self.head(self.norm(self.conv(x)).relu().mean((2, 3)).view(1, -1)),
    "an assertion": lambda self, x: self.logits(x) if len(x) == 1 else 1 / 0,
    "the first": lambda self, x: self.logits(x[:1]),
    "no axis for pictures": lambda self, x: self.logits(x.squeeze(0)[None])[0],
}


@pytest.mark.parametrize("way", ALONE)
def test_a_network_that_takes_one_picture_at_a_time_is_given_one(way):
    contract = measured(ALONE[way])
    assert contract.singly and contract.steady and not contract.plain
    module = with_logits(network(ALONE[way]), contract)
    shown = pictures()
    with torch.no_grad():
        expected = torch.cat([network().logits(picture[None]) for picture in shown])
    leaf = shown.clone().requires_grad_()
    logits = copy.deepcopy(module)(leaf)
    assert logits.allclose(expected, atol=1e-6)
    assert [name for name, _ in module.named_modules()] == [name for name, _ in network().named_modules()]
    (gradient,) = torch.autograd.grad(logits[1, 0], leaf)
    assert gradient[1].count_nonzero() and not gradient[[0, 2]].count_nonzero()


def test_a_trial_that_nobody_waits_for_ends_and_puts_buffers_back():
    class LeftError(Exception):
        pass

    def forward(self, x):
        self.norm.running_mean += 1
        return self.logits(x)

    shares: list[float] = []

    def report(share):
        shares.append(share)
        if share == 0.9:
            raise LeftError

    module = network(forward)
    before = module.norm.running_mean.clone()
    with pytest.raises(LeftError):
        measure_contract(module, pictures(), report=report)
    assert shares == [0.6, 0.9]
    assert torch.equal(module.norm.running_mean, before)


def test_buffers_that_a_pass_changes_are_named_and_put_back():
    def forward(self, x):
        self.norm.running_mean += 1
        return self.logits(x)

    module = network(forward)
    before = copy.deepcopy(module.state_dict())
    assert measure_contract(module, pictures()).rewritten == ("norm.running_mean",)
    assert all(torch.equal(tensor, before[name]) for name, tensor in module.state_dict().items())


def test_whether_a_gradient_reaches_the_picture_is_measured():
    assert measured().gradient
    cut = measured(lambda self, x: self.logits(x.detach()))
    assert not cut.gradient and cut.obstacle
    flat = measured(lambda self, x: self.logits(x) * 0)
    assert not flat.gradient and "zero everywhere" in flat.obstacle


def test_a_network_that_reads_one_picture_alone_is_told_from_one_that_reads_none():
    def forward(self, x):
        return self.head(self.norm(self.conv(x)).relu().mean((2, 3)).view(1, 9))

    with pytest.raises(UserError, match="cannot read 3 pictures of"):
        measured(forward)


def test_a_network_that_keeps_what_hangs_on_the_first_batch_is_refused():
    def forward(self, x):
        self.kept = getattr(self, "kept", torch.zeros(len(x), 1))
        return self.logits(x) + self.kept

    with pytest.raises(UserError, match="its answer hangs on how many it is shown"):
        measured(forward)


def test_what_a_network_lacks_is_no_question_of_the_size():
    with pytest.raises(UserError) as refusal:
        measured(lambda self, x, mask: self.logits(x))
    assert "mask" in str(refusal.value) and "which size" not in str(refusal.value)


def test_numbers_that_are_not_finite_are_counted_and_left_out_of_what_is_measured():
    def forward(self, x):
        scores = self.logits(x).clone()
        scores[..., 2] = -torch.inf
        return scores

    masked, whole = measured(forward), measured()
    assert masked.unfinished == pytest.approx(1 / CLASSES) and whole.unfinished == 0
    assert masked.steady and not masked.collapsed and 0 < masked.spread <= whole.spread
    blind = measured(lambda self, x: torch.where((x[:, :1, 0, 0] > 0), self.logits(x), torch.nan))
    assert blind.steady and 0 < blind.unfinished < 1
