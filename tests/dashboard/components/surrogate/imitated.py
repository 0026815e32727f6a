"""A tree that imitates a small network, grown once for all tests, and a component that shows it."""

from __future__ import annotations

from functools import cache

from dashboard.records.surrogate import Surrogate
from dashboard.results import surrogate as results
from dashboard.results.surrogate import Imitation
from tests.dashboard.components.component import made, view_of

MLP = {"model": "mlp", "image": "mnist-10k/test/17", "p.features": "patches"}


@cache
def imitation() -> Imitation:
    return results.imitation(view_of(MLP))


def grown() -> Surrogate:
    return made(results.tree(imitation(), made(results.readings(imitation()))))
