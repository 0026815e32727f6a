"""The scores of classes are found wherever they stand."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import NamedTuple

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from models.head import with_logits
from models.outputs import walk
from models.runtime.errors import UserError
from models.trial import measure_contract
from tests.models.brought import CLASSES, measured, network, pictures


@dataclass
class Output:
    loss: None
    logits: Tensor


class Named(NamedTuple):
    features: Tensor
    output: Tensor


MEMBERS = {
    "": lambda self, x: self.logits(x),
    "['logits']": lambda self, x: {"features": x.flatten(1), "logits": self.logits(x)},
    "[0]": lambda self, x: (self.logits(x), self.conv(x)),
    ".output": lambda self, x: Named(self.logits(x) + 1, self.logits(x)),
    "[1]": lambda self, x: [self.conv(x), self.logits(x)],
    "[1][0]": lambda self, x: (None, (self.logits(x),)),
    ".logits": lambda self, x: Output(None, self.logits(x)),
    ".scores": lambda self, x: SimpleNamespace(scores=self.logits(x), features=self.conv(x)),
    "['out'][0].logits": lambda self, x: {"out": [Output(None, self.logits(x))], "map": self.conv(x)},
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


# What comes out of three pictures of 3 x 16 x 16 -> what the sentence must hold.
REFUSED = {
    "a score for each pixel": lambda self, x: self.conv(x),
    "12 rows came out": lambda self, x: self.conv(x).reshape(12, -1),
    "whole numbers": lambda self, x: self.logits(x).argmax(1),
    "no tensor came out (NoneType)": lambda self, x: None,
    "no tensor came out (list)": lambda self, x: self.logits(x).tolist(),
    "the best scores alone came out": lambda self, x: self.logits(x).topk(3),
    "beside their classes": lambda self, x: {
        "label": self.logits(x).argmax(1) + 2,
        "score": self.logits(x).amax(1),
    },
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


def test_scores_beside_the_best_of_them_and_a_yes_or_no_beside_its_answer_are_taken():
    both = measured(lambda self, x: {"best": self.logits(x).topk(3), "all": self.logits(x)})
    assert (both.member, both.outputs) == ("['all']", CLASSES)
    answered = measured(lambda self, x: (self.logits(x), (self.logits(x) > 0).long()), classes=1)
    assert (answered.member, answered.outputs) == ("[0]", 1)


def test_members_are_walked_to_a_bounded_depth():
    nested: object = torch.zeros(1)
    for _ in range(9):
        nested = [nested]
    assert list(walk(nested)) == []
