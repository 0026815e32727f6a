"""The choice of a layer among all calls of a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.components import choice, say
from dashboard.parameters import Parameter, merge
from dashboard.records.activations import LayerMaps
from dashboard.records.network import LayerCall
from dashboard.view import View
from dashboard.wording.activations import noun, size


def picker(
    view: View,
    name: str | None,
    calls: Sequence[LayerCall] | None = None,
    *,
    resets: Sequence[Parameter[Any]] = (),
) -> None:
    """A select box of calls, in the order in which they finish; empty where no call has that name.

    Args:
        view: the network.
        name: of the call that is looked at.
        calls: that are offered; None means all.
        resets: settings that go back to their default with a choice.
    """
    names = [call.name for call in (view.survey.calls if calls is None else calls)]
    choice.select(
        "Layer",
        names,
        name if name in names else None,
        lambda name: session.choose(
            layer=name, unit=None, parameters=merge(session.settings(), dict.fromkeys(resets))
        ),
        key="layer",
        title=lambda name: describe(view.survey.find(name)),
        placeholder="Choose one",
        text="Every call of every layer, in the order in which they finish; type to find one. The choice holds on "
        "every page.",
    )


def class_names(view: View, call: LayerCall) -> tuple[str, ...]:
    """The classes whose scores a call gives, one a unit; empty where it gives something else."""
    classes = view.prediction.classes
    gives = (
        view.survey.head is not None and call.name == view.survey.head.name and call.shape == (len(classes),)
    )
    return tuple(classes) if gives else ()


def unit(view: View, channels: LayerMaps) -> int:
    """The channel of the address, or the strongest; with a sentence where the layer has no such channel."""
    wanted = view.selection.unit
    if wanted is not None and wanted < channels.channels:
        return wanted
    if wanted is not None:
        say.warning(
            f"{channels.call.name} has {channels.channels:,} {noun(channels)}s, from 0 to {channels.channels - 1:,}; "
            f"there is no {wanted:,}, so the strongest is shown."
        )
    return int(channels.strength.argmax())


def unit_picker(channels: LayerMaps, unit: int) -> None:
    """A number box for the channel."""
    st.number_input(
        noun(channels).capitalize(),
        0,
        channels.channels - 1,
        key=session.control("unit", unit),
        on_change=lambda: session.choose(unit=session.entry("unit")),
    )


def describe(call: LayerCall | None) -> str:
    """A call in one line: name, class, shape of its output."""
    return "" if call is None else f"{call.name} · {call.kind} · {size(call)}"
