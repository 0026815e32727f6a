"""A trial finds what a network really does, and its head makes logits of it."""

from __future__ import annotations

import copy
import threading
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.contract import (
    Contract,
    last_step,
    measure_contract,
    own_words,
    to_logits,
    to_shares,
    walk,
    with_logits,
)
from models.meaning import Meaning, Reading
from models.runtime.errors import UserError

CLASSES = 5


def pictures(side: int = 16, channels: int = 3) -> Tensor:
    return torch.randn(3, channels, side, side, generator=torch.Generator().manual_seed(1))


class Plain(nn.Module):
    def __init__(self, classes: int = CLASSES, channels: int = 3) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv2d(channels, 8, 3, 2, 1), nn.BatchNorm2d(8)
        self.head = nn.Linear(8, classes)

    def logits(self, x):
        return self.head(self.norm(self.conv(x)).relu().mean((2, 3)))

    def forward(self, x: Tensor):
        return self.logits(x)


def network(forward=Plain.logits, **options):
    """A network whose forward pass is that function of it."""
    kind = type("Network", (Plain,), {"forward": forward})
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return kind(**options).eval().requires_grad_(False)


def measured(forward=Plain.logits, **options) -> Contract:
    return measure_contract(network(forward, **options), pictures())


@dataclass
class Output:
    loss: None
    logits: Tensor


MEMBERS = {
    "": lambda self, x: self.logits(x),
    "['logits']": lambda self, x: {"features": x.flatten(1), "logits": self.logits(x)},
    "[0]": lambda self, x: (self.logits(x), self.conv(x)),
    "[1]": lambda self, x: [self.conv(x), self.logits(x)],
    "[1][0]": lambda self, x: (None, (self.logits(x),)),
    ".logits": lambda self, x: Output(None, self.logits(x)),
}


@pytest.mark.parametrize("place", MEMBERS)
def test_scores_are_found_wherever_they_stand(place):
    module = network(MEMBERS[place])
    contract = measure_contract(module, pictures())
    assert (contract.member, contract.outputs, contract.meaning) == (place, CLASSES, "logits")
    torch.testing.assert_close(with_logits(module, contract)(pictures()), network()(pictures()))


def test_of_several_rows_of_scores_the_one_of_the_known_length_is_taken():
    def forward(self, x):
        features = self.norm(self.conv(x)).relu().mean((2, 3))
        return features, self.head(features)

    known = measure_contract(network(forward), pictures(), outputs=CLASSES)
    assert (known.member, known.rivals) == ("[1]", ())
    unknown = measure_contract(network(forward), pictures())
    assert (unknown.member, unknown.rivals) == ("[0]", ("[1]",))


def test_of_several_likely_members_the_one_called_logits_is_taken_and_others_are_asked():
    named = measured(lambda self, x: {"other": self.logits(x), "logits": self.logits(x)})
    assert (named.member, named.rivals) == ("['logits']", ())
    module = network(lambda self, x: (self.logits(x), -self.logits(x)))
    found = measure_contract(module, pictures())
    assert (found.member, found.rivals) == ("[0]", ("[1]",))
    said = measure_contract(module, pictures(), member="[1]")
    assert (said.member, said.rivals) == ("[1]", ("[0]",))
    torch.testing.assert_close(with_logits(module, said)(pictures()), -network()(pictures()))
    with pytest.raises(UserError, match="say another place"):
        measure_contract(network(), pictures(), member="[7]")


def test_maps_of_one_place_and_rows_that_lost_their_picture_become_rows():
    squeezed = network(lambda self, x: self.logits(x).squeeze(0))
    one_place = network(lambda self, x: self.logits(x)[..., None, None])
    for module in (squeezed, one_place):
        contract = measure_contract(module, pictures())
        adapted = with_logits(module, contract)
        for count in (1, 3):
            torch.testing.assert_close(adapted(pictures()[:count]), network()(pictures()[:count]))


# What comes out of three pictures of 3 x 16 x 16 -> what the sentence must hold.
REFUSED = {
    "a score for each pixel": lambda self, x: self.conv(x),
    "12 rows came out": lambda self, x: self.conv(x).reshape(12, -1),
    "whole numbers": lambda self, x: self.logits(x).argmax(1),
    "no tensor came out": lambda self, x: None,
    "not numbers": lambda self, x: self.logits(x) * torch.nan,
    "cannot read 3 pictures of 3 x 16 x 16": lambda self, x: self.logits(x[:, :2]),
    "cannot read one picture of 3 x 16 x 16": lambda self, x: functional.batch_norm(
        self.logits(x), None, None, training=True
    ),
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_gives_no_scores_of_classes_is_refused_in_one_sentence(words):
    with pytest.raises(UserError) as refusal:
        measured(REFUSED[words])
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_folded_batch_names_what_went_in_and_what_came_out():
    with pytest.raises(UserError) as refusal:
        measured(REFUSED["12 rows came out"])
    assert "3 pictures of 3 x 16 x 16 went in and 12 rows came out, (12, 128)" in str(refusal.value)


MEANINGS = {
    "logits": (lambda self, x: self.logits(x), "assumed"),
    "probabilities": (lambda self, x: (9 * self.logits(x)).softmax(1), "measured"),
    "log-probabilities": (lambda self, x: self.logits(x).log_softmax(1), "measured"),
    "attribute probabilities": (lambda self, x: self.logits(x).sigmoid(), "measured"),
}


@pytest.mark.parametrize("meaning", MEANINGS)
def test_the_meaning_of_the_scores_is_measured_where_it_can_be(meaning):
    forward, basis = MEANINGS[meaning]
    contract = measured(forward)
    assert (contract.meaning, contract.basis) == (meaning, basis)


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


def test_a_softmax_within_a_network_is_not_taken_for_its_last():
    def forward(self, x):
        return self.logits(x) * self.softmax(self.logits(x))

    module = network(forward)
    module.softmax = nn.Softmax(1)
    assert measure_contract(module, pictures()).final == ""


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
    assert passes.count(1) <= 2


def test_a_network_that_writes_into_its_input_is_given_a_clone():
    module = network(lambda self, x: self.logits(x.mul_(2)))
    contract = measure_contract(module, pictures())
    assert contract.writes_input
    fed = pictures()
    answer = with_logits(module, contract)(fed)
    assert torch.equal(fed, pictures())
    torch.testing.assert_close(answer, network()(2 * pictures()))


def test_buffers_that_a_pass_changes_are_named_and_put_back():
    def forward(self, x):
        self.norm.running_mean += 1
        return self.logits(x)

    module = network(forward)
    before = copy.deepcopy(module.state_dict())
    assert measure_contract(module, pictures()).rewritten == ("norm.running_mean",)
    assert all(torch.equal(tensor, before[name]) for name, tensor in module.state_dict().items())


def test_each_pass_begins_with_the_buffers_of_the_file():
    def forward(self, x):
        self.norm.running_mean += 1
        return self.logits(x)

    module = network(forward)
    module = with_logits(module, measure_contract(module, pictures()))
    answers = [of(pictures()) for of in (module, module, copy.deepcopy(module), module)]
    assert all(torch.equal(answer, answers[0]) for answer in answers)


def test_whether_a_gradient_reaches_the_picture_is_measured():
    assert measured().gradient
    cut = measured(lambda self, x: self.logits(x.detach()))
    assert not cut.gradient and cut.obstacle
    flat = measured(lambda self, x: self.logits(x) * 0)
    assert not flat.gradient and "zero everywhere" in flat.obstacle


def test_a_collapsed_network_answers_every_picture_alike():
    collapsed = measured(lambda self, x: self.head.bias.expand(len(x), -1))
    assert collapsed.moved == 0 and collapsed.collapsed
    assert measured().moved > 0 and not measured().collapsed
    assert measured(lambda self, x: 1e-9 * self.logits(x)).faint and not measured().faint
    sure = measured(lambda self, x: (self.logits(x) + 12 * (torch.arange(CLASSES) == 1)).softmax(1))
    assert not sure.collapsed, "it is sure of every picture, and of each as far as its scores say"


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


def test_logits_of_shares_are_exact_and_never_infinite():
    shares = torch.tensor([[0.25, 0.75, 0.0]])
    logits = to_logits(shares, "probabilities")
    assert logits[0, :2].tolist() == pytest.approx([-1.3862943, -0.28768207])
    assert logits.isfinite().all()
    assert to_logits(shares, "attribute probabilities")[0, 1].item() == pytest.approx(1.0986123)
    assert torch.equal(to_logits(shares, "logits"), shares)


def test_a_foreign_error_becomes_a_clause_without_paths():
    error = FileNotFoundError(2, "No such file", "/home/somebody/project/config.yaml")
    assert own_words(error) == "[Errno 2] No such file: a file"
    assert own_words(ValueError("")) == "ValueError"
    assert own_words(ValueError("first.\nsecond")) == "first"


def test_members_are_walked_to_a_bounded_depth():
    nested: object = torch.zeros(1)
    for _ in range(9):
        nested = [nested]
    assert list(walk(nested)) == []


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
