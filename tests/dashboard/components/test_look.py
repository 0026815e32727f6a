"""What pages look at: the view of a selection, made once for all pages and visitors."""

from __future__ import annotations

import dataclasses
import threading

import numpy as np
import pytest

from dashboard import cache
from dashboard.components.look import load
from models.networks import find_network
from models.runtime.errors import UserError
from tests.dashboard.components.component import drawn, view_of


def script():
    import streamlit as st

    from dashboard import session
    from dashboard.components.look import load, look
    from models.networks import find_network

    session.begin()
    selection = session.visit().selection
    first, again = look(selection), look(selection)
    st.text(str(first.seen is again.seen and first.prediction is again.prediction))
    st.text(str(first.survey is again.survey and first.classifier is load(find_network("cnn"))))
    st.text(first.title)


def test_two_looks_share_everything_that_takes_time():
    app = drawn(script, {"model": "cnn", "image": "mnist-10k/test/17"})
    assert [text.value for text in app.text] == ["True", "True", "7"]


def test_it_is_the_view_that_is_made_anew():
    anew, network = view_of(), cache.classifier("cnn")
    kept = cache.network_input(network, "mnist-10k/test/17", False)
    np.testing.assert_array_equal(kept.inputs, anew.seen.inputs)


def test_a_network_on_board_is_loaded_at_once():
    model = find_network("cnn")
    assert model.on_board
    assert load(model) is load(model)


def test_a_network_that_is_brought_is_opened_by_a_job(monkeypatch):
    opened = []

    def classifier(identity, content, report=None):
        opened.append((identity, threading.current_thread().name.partition("-")[0]))
        return identity

    monkeypatch.setattr(cache, "classifier", classifier)
    model = dataclasses.replace(find_network("cnn"), name="brought", key="brought of this test")
    load(model)
    assert opened == [("brought of this test", "opening"), ("brought of this test", "MainThread")]


def test_a_disk_that_is_gone_says_so(monkeypatch):
    model = find_network("cnn")

    def gone(*_):
        raise UserError("The disk is gone.")

    monkeypatch.setattr(cache, "classifier", gone)
    with pytest.raises(UserError, match="gone"):
        load(model)
