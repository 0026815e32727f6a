"""What can be trained, by kind of input."""

from __future__ import annotations

import pkgutil

from models.kinds import KINDS
from models.training.kinds import TRAINED, kind_of


def test_names_are_of_one_kind_only():
    architectures = [name for kind in TRAINED.values() for name in kind.architectures]
    datasets = [name for kind in TRAINED.values() for name in kind.datasets]
    assert len(architectures) == len(set(architectures))
    assert len(datasets) == len(set(datasets))
    assert (kind_of("cnn"), kind_of("text_cnn")) == ("pictures", "text")


def test_every_kind_has_what_it_takes():
    assert TRAINED.keys() <= KINDS.keys()
    for reads, kind in TRAINED.items():
        assert kind.format.reads == reads
        assert callable(pkgutil.resolve_name(kind.load))
