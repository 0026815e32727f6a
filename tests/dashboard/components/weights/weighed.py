"""A view of the Weights page alone, of the smallest network."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from streamlit.testing.v1 import AppTest

from dashboard.components.weights.subject import WeightsSubject, of_network
from dashboard.records.weights import Distributions
from dashboard.results import weights as results
from tests.dashboard.components.component import drawn, made, view_of

MLP = {"model": "mlp", "image": "mnist-10k/test/17"}


@cache
def subject() -> WeightsSubject:
    return of_network(view_of(MLP))


def distributions() -> Distributions:
    return made(results.distributions(subject().of))


def _script(view):
    from importlib import import_module

    import streamlit as st

    from dashboard import session
    from dashboard.components.weights.subject import subject_of

    session.begin()
    shown = subject_of(session.visit().selection)
    draw = import_module(f"dashboard.components.weights.{view}").draw
    draw(shown) if view == "views" else draw(shown, st.empty())


def shown_by(view: str, address: Mapping[str, str] | None = None) -> AppTest:
    """The page of one view at an address."""
    return drawn(_script, MLP | dict(address or {}), view=view)
