"""Networks are found by their address, and tried before anybody looks at them."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from torch import nn

from models import networks, zoo
from models.meaning import Claims, Meaning
from models.networks import find_network, trial_pictures, with_contract
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.trial import measure_contract
from tests import habits
from tests.networks import built, classifier, pixels

ASSUMED = Claims(size="assumed", channels="assumed", normalisation="assumed", classes="assumed")


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


class Reads(nn.Module):
    """One convolution of so many channels, and its mean."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, 3, 3)

    def forward(self, x):
        return self.conv(x).mean((2, 3))


@pytest.mark.parametrize(("asked", "reads"), [(3, 1), (1, 3)])
def test_how_many_colours_it_reads_is_measured(asked, reads):
    of = dataclasses.replace(classifier(built(lambda: Reads(reads)), channels=asked), claims=ASSUMED)
    tried = with_contract(of)
    assert (tried.preprocessing.channels, tried.contract.given[0], tried.claims.channels) == (
        reads,
        reads,
        "measured",
    )


def test_colours_that_a_person_said_are_not_changed():
    said = dataclasses.replace(ASSUMED, channels="said by a person")
    with pytest.raises(UserError, match="3 x 8 x 8"):
        with_contract(dataclasses.replace(classifier(built(lambda: Reads(1)), channels=3), claims=said))


def test_what_four_channels_hold_is_asked_and_taken():
    of = classifier(built(lambda: Reads(4)), channels=3)
    with pytest.raises(
        UserError, match="reads 4 channels and pictures have 1 or 3; say under Your checkpoint"
    ):
        with_contract(of)
    claims = dataclasses.replace(ASSUMED, channels="said by a person")
    said = dataclasses.replace(of, preprocessing=of.preprocessing.with_planes("rgb1"), claims=claims)
    assert with_contract(said).contract.given == (4, 8, 8)


def test_values_have_no_classes():
    said = dataclasses.replace(ASSUMED, meaning="values", outputs=3)
    of = dataclasses.replace(network(nn.Identity()), claims=said)
    tried = with_contract(of)
    assert tried.classes == ("value 0", "value 1", "value 2")
    named = dataclasses.replace(of, claims=dataclasses.replace(said, classes="said by a person"))
    assert with_contract(named).classes == of.classes


def test_two_meanings_of_one_file_are_two_networks():
    of = network(nn.Identity())
    meanings: tuple[Meaning | None, ...] = (None, "values", "attributes")
    tried = [with_contract(dataclasses.replace(of, claims=Claims(meaning=meaning))) for meaning in meanings]
    assert [one.contract.meaning for one in tried] == ["logits", "values", "attributes"]
    assert len({one.key for one in tried}) == len(tried)


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
    monkeypatch.setattr("models.trial.measure_contract", None)
    assert with_contract(of).contract is first.contract


def test_a_refused_network_is_not_tried_again_and_what_is_said_is_a_new_trial(monkeypatch):
    of = network(lambda logits: logits.argmax(1))
    with pytest.raises(UserError, match="whole numbers") as first:
        with_contract(of)
    monkeypatch.setattr("models.trial.measure_contract", None)
    with pytest.raises(UserError) as second:
        with_contract(of)
    assert str(second.value) == str(first.value)
    with pytest.raises(TypeError):
        with_contract(dataclasses.replace(of, preprocessing=of.preprocessing.with_channels(1)))


# A network's habit -> what must be measured of it, or the words of the refusal.
HABITS: dict[type[nn.Module], dict[str, object] | str] = {
    habits.Plain: {"meaning": "logits", "plain": True, "steady": True, "gradient": True, "collapsed": False},
    habits.Squeezes: {"meaning": "logits", "rows": False},
    habits.InDict: {"member": "['logits']"},
    habits.InTuple: {"member": "[0]", "outputs": 5},
    habits.TwoHeads: {"member": "[0]", "rivals": ("[1]",)},
    habits.Pixels: "3 pictures of 3 x 32 x 32 went in and a score for each pixel came out, (3, 5, 16, 16)",
    habits.Folds: "3 pictures of 3 x 32 x 32 went in and 12 rows came out, (12, 5)",
    habits.Softmaxed: {"meaning": "probabilities", "basis": "measured"},
    habits.Sigmoided: {"meaning": "attribute probabilities", "basis": "measured"},
    habits.Frozen: {"gradient": False},
    habits.WritesInput: {"writes_input": True},
    habits.Noisy: {"steady": False},
    habits.ByBatch: {"steady": False, "repeated": 0.0},
    habits.Counts: {"rewritten": ("passes",)},
    habits.NeverAlone: "cannot read one picture of 3 x 32 x 32",
    habits.Checkpointed: {"gradient": False},
    habits.FourChannels: "reads 4 channels and pictures have 1 or 3",
    habits.Grey: {"given": (1, 32, 32)},
    habits.Lazy: {"meaning": "logits", "outputs": 5},
    habits.Fixed: {"outputs": 7},
    habits.Constant: {"moved": 0.0, "collapsed": True, "gradient": False},
    habits.Tall: {"given": (3, 32, 16)},
}


@pytest.mark.filterwarnings("ignore::UserWarning:torch")
@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.__name__)
def test_each_habit_is_measured_or_refused_in_one_sentence(habit):
    size = getattr(habit, "preprocessing", None)
    of = dataclasses.replace(
        classifier(built(lambda: habit(5)), channels=3, side=32, classes=5), claims=ASSUMED
    )
    if size is not None:
        of = dataclasses.replace(of, preprocessing=size)
    expected = HABITS[habit]
    if isinstance(expected, str):
        with pytest.raises(UserError) as refusal:
            with_contract(of)
        assert expected in str(refusal.value) and "\n" not in str(refusal.value)
        return
    tried = with_contract(of)
    measured = {name: getattr(tried.contract, name) for name in expected}
    assert measured == expected
    answer = tried.module(torch.zeros(1, *tried.contract.given))
    assert answer.shape == (1, tried.contract.outputs) and len(tried.classes) == tried.contract.outputs


def test_a_size_that_is_said_lets_a_network_answer_that_folded_larger_pictures():
    of = classifier(built(lambda: habits.Folds(5)), channels=3, side=16, classes=5)
    assert with_contract(of).contract.given == (3, 16, 16)
