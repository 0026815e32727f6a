"""The choice of methods, their settings, the layer they read, and the overlay's strength."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import session
from dashboard.components import choice, say, settings_form
from dashboard.components.attribution.explain import map_of, strength, subject
from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.method import GROUPS, Group, Method
from dashboard.parameters import STRENGTH
from dashboard.results import attribution as results
from dashboard.view import View
from dashboard.wording.numbers import duration


def chosen(view: View) -> list[Method]:
    """The methods that the address names, or the default."""
    return results.methods(view)


def pickers(view: View, methods: Sequence[Method]) -> None:
    """What is chosen, and the box to choose in.

    Args:
        view: what is explained.
        methods: that are chosen.
    """
    box = st.popover("Methods", icon=":material/checklist:", key="methods", on_change="rerun")
    st.caption(", ".join(method.title for method in methods) or "None is chosen.", width="content")
    if box.open:
        with box:
            _pills(view, methods)


def _pills(view: View, methods: Sequence[Method]) -> None:
    """The choice of methods, grouped by what they answer."""
    picked = {method.name for method in methods}
    refused = {
        method.name: reason
        for method in METHODS.values()
        if (reason := method.refusal(view.survey)) is not None and method not in methods
    }
    groups = {
        group: [method.name for method in METHODS.values() if method.group == group] for group in GROUPS
    }
    offered = {group: [name for name in names if name not in refused] for group, names in groups.items()}
    groups_shown = [group for group, names in offered.items() if names]
    for group, names in groups.items():
        if group in groups_shown:
            st.pills(
                GROUPS[group],
                offered[group],
                selection_mode="multi",
                wrap=True,
                format_func=_title,
                key=session.control(f"method-{group}", [name for name in offered[group] if name in picked]),
                on_change=_choose,
                args=(groups_shown,),
                help=_lines({name: _about(METHODS[name], view) for name in offered[group]}),
            )
        _refusals(
            group, {name: refused[name] for name in names if name in refused}, alone=group not in groups_shown
        )


def _refusals(group: Group, reasons: Mapping[str, str], *, alone: bool) -> None:
    """The methods that this network does not allow, where one would choose them, each with its reason."""
    if not reasons:
        return
    what = "Not possible with this network"
    st.pills(
        f"{GROUPS[group]} {what}" if alone else what,
        list(reasons),
        selection_mode="multi",
        wrap=True,
        format_func=_title,
        key=f"refused-{group}",
        disabled=True,
        help=_lines({name: say.plain(reason) for name, reason in reasons.items()}),
    )


def _about(method: Method, view: View) -> str:
    """What a method answers and, where it is slow, what that costs."""
    if method.cost == "instant":
        return method.question
    wanted = map_of(method, subject(view))
    most = "at most " if method.adaptive else ""
    if wanted.seconds is None:
        return f"{method.question} It shows the network {most}{wanted.pictures:,} pictures."
    return f"{method.question} It takes {most or 'about '}{duration(wanted.seconds)}."


def _lines(texts: Mapping[str, str]) -> str:
    """What is said of each method, a line for each."""
    return "  \n".join(f"**{METHODS[name].title}**: {text}" for name, text in texts.items())


def _title(name: str) -> str:
    """A method's name, with a mark where it takes its time."""
    method = METHODS[name]
    return method.title if method.cost == "instant" else f"{method.title} :material/schedule:"


def _choose(groups: list[str]) -> None:
    """Take what is chosen in all groups, in the order of the table."""
    picked = {name for group in groups for name in session.entry(f"method-{group}")}
    session.choose(methods=tuple(name for name in METHODS if name in picked))


def settings(view: View, methods: list[Method]) -> None:
    """The overlay's strength, the settings of the chosen methods, and the layer they read."""
    with st.popover("Settings", icon=":material/tune:"):
        st.slider(
            "Overlay strength (%)",
            0,
            100,
            key=session.control("strength", round(100 * strength())),
            on_change=lambda: session.choose_parameter(STRENGTH, session.entry("strength")),
            help="0 shows the photo alone; at 100 the strongest parts of the map hide it.",
        )
        current = [results.settings(method, view) for method in methods]
        settings_form.draw(parameters for parameters, _ in current)
        say.warning(*filter(None, (problem for _, problem in current)))
        if any(method.needs_layer for method in methods):
            _layer(view)


def _layer(view: View) -> None:
    layers = [call.name for call in view.survey.grid_calls()]
    if not layers:
        return
    choice.select(
        "Layer",
        layers,
        view.gridded_layer,
        lambda name: session.choose(layer=name, unit=None),
        key="layer",
        title=lambda name: f"{name} (default)" if name == view.survey.default_layer else name,
        text="Which layer Grad-CAM reads: late ones are coarse and about the class, early ones fine and about edges.",
    )
    if view.selection.layer not in (None, view.gridded_layer):
        call = view.survey.find(view.selection.layer or "")
        what = f"{say.plain(view.selection.layer or '')} keeps no grid over the picture: the default is read."
        st.caption(what if call is None else f"{what} {call.unlike}")
