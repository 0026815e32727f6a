"""What the table says of a network, and the sentence for a name that it has not."""

from __future__ import annotations

import pytest

from models.zoo.entry import Model, unknown_network_error


def test_an_entry_is_kept_by_its_key_where_its_name_can_mean_others_tomorrow():
    model = Model("run:a", "A", trained=True, load=lambda _: pytest.fail("loaded"))
    assert model.identity == "run:a"
    assert Model("run:a", "A", trained=True, load=model.load, key="run:a@10").identity == "run:a@10"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("resnet5", "There is no network called resnet5; did you mean resnet50?"),
        ("zzz", "There is no network called zzz; choose one from the list."),
        ("<b>", "That is not the name of a network; choose one from the list."),
        ("a" * 81, "That is not the name of a network; choose one from the list."),
    ],
)
def test_a_name_is_repeated_only_where_it_looks_like_one(name, sentence):
    assert str(unknown_network_error(name, ("resnet50", "vgg16"))) == sentence
