"""A head makes logits of what a network gives."""

from __future__ import annotations

import copy
import dataclasses
import threading

import pytest
import torch
from torch import Tensor, nn

from models.head import with_logits
from models.runtime.errors import UserError
from models.trial import measure_contract
from tests.models.brought import CLASSES, MEANINGS, network, pictures


def test_maps_of_one_place_and_rows_that_lost_their_picture_become_rows():
    squeezed = network(lambda self, x: self.logits(x).squeeze(0))
    one_place = network(lambda self, x: self.logits(x)[..., None, None])
    behind = network(lambda self, x: self.logits(x)[:, None, None])
    for module in (squeezed, one_place, behind):
        contract = measure_contract(module, pictures())
        adapted = with_logits(module, contract)
        for count in (1, 3):
            torch.testing.assert_close(adapted(pictures()[:count]), network()(pictures()[:count]))


def test_percentages_are_probabilities():
    module = network(lambda self, x: 100 * (9 * self.logits(x)).softmax(1))
    contract = measure_contract(module, pictures())
    assert (contract.meaning, contract.basis, contract.saturated) == ("probabilities", "measured", False)
    said = module(pictures())
    torch.testing.assert_close(100 * with_logits(module, contract)(pictures()).softmax(1), said)


def test_softmax_of_the_logits_is_what_a_network_of_probabilities_said():
    forward, _ = MEANINGS["probabilities"]
    module = network(forward)
    said = module(pictures())
    logits = with_logits(module, measure_contract(module, pictures()))(pictures())
    torch.testing.assert_close(logits.softmax(1), said)


def test_differences_of_log_probabilities_are_those_of_the_logits():
    module = network(lambda self, x: self.logits(x).softmax(1))
    logits = with_logits(module, measure_contract(module, pictures()))(pictures()).double()
    plain = network()(pictures()).double()
    torch.testing.assert_close(logits[:, 1] - logits[:, 0], plain[:, 1] - plain[:, 0], rtol=1e-5, atol=1e-5)


def test_what_goes_into_a_final_softmax_module_is_explained_even_where_it_is_saturated():
    def forward(self, x):
        return self.softmax(1e4 * self.logits(x))

    module = network(forward)
    module.softmax = nn.Softmax(1)
    contract = measure_contract(module, pictures())
    assert (contract.final, contract.saturated) == ("softmax", True)
    torch.testing.assert_close(with_logits(module, contract)(pictures()), 1e4 * network()(pictures()))


def test_attributes_are_each_the_sigmoid_of_their_logit():
    forward, _ = MEANINGS["attribute probabilities"]
    module = network(forward)
    said = module(pictures())
    contract = measure_contract(module, pictures())
    assert contract.reading == "each by itself"
    torch.testing.assert_close(with_logits(module, contract)(pictures()).sigmoid(), said)


@pytest.mark.parametrize("sigmoid", [False, True])
def test_one_number_is_assumed_to_be_a_yes_or_no_and_both_sides_are_there(sigmoid):
    module = network(lambda self, x: self.logits(x).sigmoid() if sigmoid else self.logits(x), classes=1)
    contract = measure_contract(module, pictures())
    assert (contract.outputs, contract.meaning, contract.basis) == (1, "yes or no", "assumed")
    both = with_logits(module, contract)(pictures())
    assert both.shape == (3, 2)
    torch.testing.assert_close(both.softmax(1)[:, 1:], network(classes=1)(pictures()).sigmoid())


def test_a_network_that_writes_into_its_input_is_given_a_clone():
    module = network(lambda self, x: self.logits(x.mul_(2)))
    contract = measure_contract(module, pictures())
    assert contract.writes_input
    fed = pictures()
    answer = with_logits(module, contract)(fed)
    assert torch.equal(fed, pictures())
    torch.testing.assert_close(answer, network()(2 * pictures()))


def test_each_pass_begins_with_the_buffers_of_the_file():
    def forward(self, x):
        self.norm.running_mean += 1
        return self.logits(x)

    module = network(forward)
    module = with_logits(module, measure_contract(module, pictures()))
    answers = [of(pictures()) for of in (module, module, copy.deepcopy(module), module)]
    assert all(torch.equal(answer, answers[0]) for answer in answers)


def test_a_copy_of_an_adapted_network_keeps_its_own_notes():
    module = network(lambda self, x: self.softmax(self.logits(x)))
    module.softmax = nn.Softmax(1)
    module = with_logits(module, measure_contract(module, pictures()))
    private = copy.deepcopy(module)
    answers: dict[str, Tensor] = {}

    def ask(name: str, of: nn.Module, scale: float) -> None:
        for _ in range(50):
            answers[name] = of(scale * pictures())

    threads = [
        threading.Thread(target=ask, args=entry)
        for entry in (("one", module, 1.0), ("two", module, 2.0), ("own", private, 3.0))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name, scale in (("one", 1.0), ("two", 2.0), ("own", 3.0)):
        torch.testing.assert_close(answers[name], network()(scale * pictures()))


def test_a_gradient_goes_through_the_head():
    module = network(lambda self, x: self.logits(x).softmax(1))
    module = with_logits(module, measure_contract(module, pictures()))
    fed = pictures().requires_grad_()
    (module(fed)[0, 1] - module(fed)[0, 0]).backward()
    plain = pictures().requires_grad_()
    (network()(plain)[0, 1] - network()(plain)[0, 0]).backward()
    torch.testing.assert_close(fed.grad, plain.grad, rtol=1e-4, atol=1e-6)


def test_scores_of_16_bits_become_logits_of_32():
    module = network(lambda self, x: self.logits(x).bfloat16())
    contract = measure_contract(module, pictures())
    assert (contract.dtype, contract.plain) == ("bfloat16", False)
    logits = with_logits(module, contract)(pictures())
    torch.testing.assert_close(logits, network()(pictures()).bfloat16().float())


def test_a_network_that_reads_channels_last_is_shown_pictures_turned():
    module = network(lambda self, x: self.logits(x.permute(0, 3, 1, 2)))
    contract = measure_contract(module, pictures())
    assert (contract.channels_last, contract.takes, contract.plain) == (True, "float32", False)
    adapted = with_logits(module, contract)
    torch.testing.assert_close(adapted(pictures()), network()(pictures()))
    torch.testing.assert_close(copy.deepcopy(adapted)(pictures()), network()(pictures()))
    assert not measure_contract(network(), pictures()).channels_last


def test_one_that_folds_rows_into_tokens_is_given_pictures_that_lie_as_it_reads_them():
    module = network(lambda self, x: self.head(x.view(len(x), x.shape[1] * x.shape[2], x.shape[3]).mean(1)))
    tokens = torch.randn(3, 8, 6, 6, generator=torch.Generator().manual_seed(2))
    adapted = with_logits(module, measure_contract(module, tokens))
    plain = network(lambda self, x: self.head(x.mean((2, 3))))
    torch.testing.assert_close(adapted(tokens), plain(tokens))


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "float16", "bfloat16"])
def test_a_network_of_another_dtype_is_given_it_and_gives_float32(dtype, inside):
    kind = getattr(torch, dtype)
    module = network(lambda self, x: self.logits(x.to(kind) if inside else x)).to(kind)
    contract = measure_contract(module, pictures())
    assert (contract.takes, contract.dtype) == ("float32" if inside else dtype, dtype)
    assert contract.steady and contract.gradient and not contract.channels_last
    wanted = network().to(kind)(pictures().to(kind)).float()
    logits = with_logits(module, contract)(pictures())
    assert logits.dtype == torch.float32 and logits.equal(wanted)


def test_logits_of_probabilities_are_worked_out_in_the_digits_that_they_have():
    module = network(lambda self, x: (900 * self.logits(x)).softmax(1)).double()
    logits = with_logits(module, measure_contract(module, pictures()))(pictures())
    exact = (900 * network().double()(pictures().double())).log_softmax(1)
    assert logits.dtype == torch.float32 and exact.min() < -150
    torch.testing.assert_close(logits.double(), exact, rtol=1e-5, atol=1e-5)


def test_a_network_that_reads_neither_order_is_refused_by_what_it_says_of_the_usual_one():
    module = network().double()
    with pytest.raises(UserError, match=r"of 4 x 16 x 16 \(channels, height, width\): .*to have 3 channels"):
        measure_contract(module, torch.randn(3, 4, 16, 16))


def test_numbers_that_are_more_than_in_the_trial_are_refused_and_not_folded():
    module = network()
    adapted = with_logits(module, dataclasses.replace(measure_contract(module, pictures()), rows=False))
    module.head = nn.Linear(8, 2 * CLASSES)
    with pytest.raises(UserError, match=r"shape \(3, 10\) for 3 pictures, and elsewhere 5 for each"):
        adapted(pictures())
