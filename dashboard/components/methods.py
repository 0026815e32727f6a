"""The choice of methods, their settings, the layer they read, and the overlay's strength."""

from __future__ import annotations

import dataclasses

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.components.explain import settings, strength
from dashboard.components.view import View
from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.method import Method

# Shown until a person chooses: where it looks, and how much each pixel counts.
DEFAULTS = 2


def chosen(view: View) -> list[Method]:
    """The methods of the address, or the first that this network allows."""
    named = [METHODS[name] for name in view.selection.methods]
    return named or [method for method in METHODS.values() if method.refusal(view.survey) is None][:DEFAULTS]


def pickers(view: View) -> list[Method]:
    """The choice of methods; returns the chosen ones."""
    methods = chosen(view)
    st.pills(
        "Methods",
        list(METHODS),
        selection_mode="multi",
        wrap=True,
        format_func=lambda name: METHODS[name].title,
        key=session.control("method", [method.name for method in methods]),
        on_change=lambda: session.choose(methods=tuple(session.entered("method"))),
        help="Each asks another question; where they agree, trust grows.",
    )
    return methods


def settings_of(view: View, methods: list[Method]) -> None:
    """The overlay's strength, the settings of the chosen methods, and the layer they read."""
    with st.popover("Settings", icon=":material/tune:"):
        _strength()
        for problem in _fields(view, methods):
            say.warning(problem)
        if any(method.needs_layer for method in methods):
            _layer(view)


def _strength() -> None:
    st.slider(
        "Overlay strength (%)",
        0,
        100,
        key=session.control("strength", round(100 * strength())),
        on_change=lambda: session.choose_parameter("strength", str(session.entered("strength"))),
        help="0 shows the photo alone; at 100 the strongest parts of the map hide it.",
    )


def _fields(view: View, methods: list[Method]) -> list[str]:
    """One control for each setting of the chosen methods; settings of one name are one control."""
    drawn: set[str] = set()
    problems = []
    for method in methods:
        current, problem = settings(method, view)
        problems += [problem] if problem else []
        for field in dataclasses.fields(current):
            if field.name not in drawn:
                _field(field, getattr(current, field.name))
            drawn.add(field.name)
    return problems


def _field(field: dataclasses.Field[object], value: int | str) -> None:
    key = session.control(f"p-{field.name}", value)
    about = field.metadata

    def changed() -> None:
        session.choose_parameter(field.name, str(session.entered(key)))

    if "choices" in about:
        st.selectbox(about["label"], about["choices"], key=key, on_change=changed, help=about["help"])
    else:
        st.number_input(
            about["label"], about["low"], about["high"], key=key, on_change=changed, help=about["help"]
        )


def _layer(view: View) -> None:
    layers = [call.name for call in view.survey.gridded()]
    if not layers:
        return
    st.selectbox(
        "Layer",
        layers,
        format_func=lambda name: f"{name} (default)" if name == view.survey.default_layer else name,
        key=session.control("layer", view.selection.layer or view.survey.default_layer),
        on_change=lambda: session.choose(layer=session.entered("layer")),
        help="Which layer Grad-CAM reads: late ones are coarse and about the class, early ones fine and about edges.",
    )
