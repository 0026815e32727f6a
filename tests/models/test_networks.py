"""Networks are found by their address, and tried before anybody looks at them."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from models import networks, zoo
from models.contract import measure_contract
from models.networks import find_network, trial_pictures, with_contract
from models.runtime.errors import UserError
from models.runtime.progress import silent
from tests.networks import built, classifier, pixels


class Head(nn.Module):
    """One convolution, its mean, and an ending."""

    def __init__(self, classes: int, ending) -> None:
        super().__init__()
        self.conv, self.ending = nn.Conv2d(3, classes, 3), ending

    def forward(self, x):
        return self.ending(self.conv(x).mean((2, 3)))


def network(ending, classes: int = 3, named: int | None = None):
    return classifier(built(lambda: Head(classes, ending)), channels=3, classes=named or classes)


@pytest.fixture(autouse=True)
def nothing_tried(monkeypatch):
    monkeypatch.setattr(networks, "_CONTRACTS", {})


@pytest.mark.parametrize("name", zoo.MODELS)
def test_what_ships_gives_logits_as_it_is_known_to(name):
    of = find_network(name).load(silent)
    contract = measure_contract(of.module, trial_pictures(of.preprocessing), outputs=len(of.classes))
    assert (contract.meaning, contract.outputs) == (of.contract.meaning, len(of.classes))
    assert contract.plain and contract.steady and contract.gradient and not contract.rewritten


def test_an_unknown_name_is_refused():
    with pytest.raises(UserError, match="There is no network called nothing_like_it"):
        find_network("nothing_like_it")


def test_a_network_of_probabilities_answers_with_them():
    of = network(lambda logits: (20 * logits).softmax(1))
    said = of.module(torch.tensor(pixels(3))[None])
    tried = with_contract(of)
    assert tried.contract.meaning == "probabilities"
    torch.testing.assert_close(tried.module(torch.tensor(pixels(3))[None]).softmax(1), said)


def test_one_logit_has_two_sides_that_a_person_may_name():
    yes_or_no = with_contract(network(nn.Identity(), classes=1))
    assert (yes_or_no.classes, yes_or_no.contract.basis) == (("no", "yes"), "assumed")
    assert yes_or_no.module(torch.zeros(1, 3, 8, 8)).shape == (1, 2)


def test_a_network_with_a_class_count_of_its_own_is_taken_as_it_is():
    assert with_contract(network(nn.Identity(), classes=4, named=2)).classes == tuple(
        f"class {number}" for number in range(4)
    )


def test_a_network_that_gives_no_scores_is_refused_in_a_sentence():
    with pytest.raises(UserError, match=r"3 pictures of 3 x 8 x 8 went in and"):
        with_contract(network(lambda logits: logits.argmax(1)))


def test_networks_that_are_read_otherwise_have_keys_of_their_own():
    of = network(lambda logits: logits.softmax(1))
    assert with_contract(of).key != of.key


def test_a_network_is_tried_once(monkeypatch):
    of = network(nn.Identity())
    first = with_contract(of)
    monkeypatch.setattr("models.contract.measure_contract", None)
    assert with_contract(of).contract is first.contract
