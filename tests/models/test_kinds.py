"""The table of kinds, and what is said where a network of another kind is asked for."""

from __future__ import annotations

import dataclasses

import pytest

from dashboard.navigation import PAGES, find_home
from models.kinds import KINDS, PICTURES, TEXT
from models.networks import ON_BOARD, find_network, on_board
from models.runtime.errors import UserError
from models.zoo import DEFAULT


def test_each_has_its_name():
    assert all(name == kind.name for name, kind in KINDS.items())
    assert {entry.reads for entry in ON_BOARD.values()} <= KINDS.keys()
    assert {page.reads for page in PAGES} <= {*KINDS, ""}


def test_pictures_begin_with_the_default_and_the_first_page():
    assert on_board(PICTURES)[0] == DEFAULT
    home = find_home(PICTURES)
    assert home is not None and home.path == ""


def test_a_network_of_another_kind_is_refused_in_one_sentence():
    entry = find_network("mlp")
    entry.require(PICTURES)
    with pytest.raises(UserError, match=r"Letters reads texts, not pictures; choose another network\."):
        dataclasses.replace(entry, title="Letters", reads=TEXT).require(PICTURES)
