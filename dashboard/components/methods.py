"""The choice of methods, their settings, the layer they read, and the overlay's strength."""

from __future__ import annotations

import dataclasses

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.components.explain import settings, strength
from dashboard.components.view import View
from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.method import GROUPS, Method

# Shown until a person chooses: where it looks, and how much each pixel counts.
DEFAULTS = 2


def chosen(view: View) -> list[Method]:
    """The methods of the address, or the first that this network allows."""
    named = [METHODS[name] for name in view.selection.methods]
    return named or [method for method in METHODS.values() if method.refusal(view.survey) is None][:DEFAULTS]


def pickers(view: View) -> list[Method]:
    """The choice of methods, grouped by what they answer; returns the chosen ones."""
    methods = chosen(view)
    picked = {method.name for method in methods}
    offered = [
        method for method in METHODS.values() if method.refusal(view.survey) is None or method in methods
    ]
    groups = {group: [method for method in offered if method.group == group] for group in GROUPS}
    shown = [group for group, members in groups.items() if members]
    for group in shown:
        st.pills(
            GROUPS[group],
            [method.name for method in groups[group]],
            selection_mode="multi",
            wrap=True,
            format_func=_title,
            key=session.control(
                f"method-{group}", [method.name for method in groups[group] if method.name in picked]
            ),
            on_change=_choose,
            args=(shown,),
            help="  \n".join(f"**{method.title}**: {method.question}" for method in groups[group]),
        )
    return methods


def _title(name: str) -> str:
    """A method's name, with a mark where it takes its time."""
    method = METHODS[name]
    return method.title if method.cost == "instant" else f"{method.title} :material/schedule:"


def _choose(groups: list[str]) -> None:
    """Take what is chosen in all groups, in the order of the table."""
    picked = {name for group in groups for name in session.entered(f"method-{group}")}
    session.choose(methods=tuple(name for name in METHODS if name in picked))


def refused(view: View) -> None:
    """The methods that this network does not allow, each with its reason, one fold away."""
    reasons = {method.title: method.refusal(view.survey) for method in METHODS.values()}
    named = {title: reason for title, reason in reasons.items() if reason is not None}
    if not named:
        return
    with st.expander(
        f"Not possible with this network: {len(named)} of {len(METHODS)} methods", icon=":material/block:"
    ):
        for title, reason in named.items():
            st.markdown(f":gray[**{say.plain(title)}**: {say.plain(reason or '')}]")


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
