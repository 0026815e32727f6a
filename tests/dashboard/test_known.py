"""What an address may name."""

from __future__ import annotations

import pytest

from dashboard.known import KNOWN
from models.runtime.errors import UserError


def test_a_network_starts_with_a_picture_that_fits_it():
    assert KNOWN.model("mlp") == "mnist-10k/test/0"
    assert KNOWN.model(KNOWN.default_model) == "giant_panda"


@pytest.mark.parametrize("name", ["model", "image", "method", "run"])
def test_what_there_is_not_is_refused(name):
    with pytest.raises(UserError):
        getattr(KNOWN, name)("no such thing")


def test_a_method_of_the_table_is_known():
    KNOWN.method("grad_cam")
