"""Sweeps of small runs."""

from __future__ import annotations

import dataclasses

import pytest

from models.training import runs
from models.training.sweep.axis import parse
from models.training.sweep.plan import Plan
from tests.models.training.conftest import SMALL

AXES = (parse("learning_rate=1e-4..0.1:log"), parse("dropout=0,0.2,0.5"))


@pytest.fixture
def create_sweep():
    """A function that makes a sweep's folder from changes of a small plan."""

    def create(*, epochs=SMALL.epochs, **changes):
        plan = Plan(**{"axes": AXES, "trials": 4, "halving": 0, **changes})
        return runs.create(dataclasses.replace(SMALL, epochs=epochs), sweep=plan.to_json())

    return create
