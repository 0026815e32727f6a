"""What scores mean is measured where it can be, and logits follow from it."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from models.meaning import Meaning, Reading
from models.runtime.errors import UserError
from models.scores import find_meaning, last_step, to_logits, to_shares
from models.trial import measure_contract
from tests.models.brought import MEANINGS, measured, network, pictures


@pytest.mark.parametrize("meaning", MEANINGS)
def test_the_meaning_of_the_scores_is_measured_where_it_can_be(meaning):
    forward, basis = MEANINGS[meaning]
    contract = measured(forward)
    assert (contract.meaning, contract.basis) == (meaning, basis)


def test_what_a_person_says_of_the_meaning_is_taken():
    contract = measure_contract(network(classes=1), pictures(), meaning="values")
    assert (contract.meaning, contract.basis, contract.plain) == ("values", "said by a person", True)


SAID: dict[str, dict[Meaning, Meaning]] = {
    "logits": {"logits": "logits", "values": "values", "attributes": "attributes"},
    "probabilities": {"attributes": "attribute probabilities", "probabilities": "probabilities"},
}


@pytest.mark.parametrize("found", SAID)
def test_what_is_said_is_taken_as_the_numbers_allow(found):
    module = network(MEANINGS[found][0])
    for said, taken in SAID[found].items():
        contract = measure_contract(module, pictures(), meaning=said)
        assert (contract.meaning, contract.basis) == (taken, "said by a person")


@pytest.mark.parametrize("said", ["probabilities", "yes or no"])
def test_what_cannot_be_is_refused_with_the_numbers(said: Meaning):
    with pytest.raises(UserError, match="say under Your checkpoint that they mean something else"):
        measure_contract(network(), pictures(), meaning=said)


def test_shares_follow_from_the_reading():
    logits = torch.tensor([[0.0, 0.0]])
    readings: tuple[Reading, ...] = ("one of several", "each by itself")
    for reading in readings:
        shares = to_shares(logits, reading)
        assert shares is not None and shares.tolist() == [[0.5, 0.5]]
    assert to_shares(logits, "values") is None


def test_logits_of_shares_are_exact_and_never_infinite():
    shares = torch.tensor([[0.25, 0.75, 0.0]])
    logits = to_logits(shares, "probabilities")
    assert logits[0, :2].tolist() == pytest.approx([-1.3862943, -0.28768207])
    assert logits.isfinite().all()
    assert to_logits(shares, "attribute probabilities")[0, 1].item() == pytest.approx(1.0986123)
    assert torch.equal(to_logits(shares, "logits"), shares)


def test_logits_that_happen_to_lie_between_0_and_1_are_no_shares():
    def small(self, x):
        return 0.5 + 0.01 * self.logits(x).tanh()

    assert (measured(small).meaning, measured(small).basis) == ("logits", "assumed")
    shaped = measured(lambda self, x: self.logits(x).sigmoid()[..., None, None])
    assert (shaped.meaning, shaped.basis) == ("attribute probabilities", "measured")
    cut = measured(lambda self, x: self.logits(x.detach()).sigmoid())
    assert (cut.meaning, cut.basis) == ("attribute probabilities", "assumed")


def test_the_last_step_is_seen_behind_what_only_changes_a_shape():
    x = torch.ones(2, 3, requires_grad=True)
    assert last_step(x.sigmoid().view(3, 2).squeeze().reshape(6)) == "Sigmoid"
    assert last_step(x.detach()) == ""


def test_rows_of_one_length_are_taken_for_an_embedding_and_that_is_assumed():
    embedding = measured(lambda self, x: functional.normalize(self.logits(x)))
    assert (embedding.meaning, embedding.basis) == ("values", "assumed")


def test_a_row_that_is_no_number_says_nothing_of_the_meaning():
    rows = torch.tensor([[0.25, 0.75], [torch.nan, torch.nan]])
    assert find_meaning(rows, None) == ("probabilities", "measured", False)
