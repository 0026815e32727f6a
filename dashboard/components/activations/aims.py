"""The choice of the number that a picture is made for, and how."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

import streamlit as st

from dashboard import session
from dashboard.components import choice, layers, say
from dashboard.components.wait import wait
from dashboard.parameters import AVOID, EVERYWHERE, MADE_FOR, SEED, STEPS, STILL, Number
from dashboard.records.maximisation import Aim
from dashboard.records.network import LayerCall
from dashboard.results import activations as results
from dashboard.view import View
from dashboard.wording.activations import noun

T = TypeVar("T")
# Of ascent.
OFFERED_STEPS = (32, 64, 128, 256, 512)
MOST_SEED = 999
CHANNEL, CLASS = "channel", "class"
MOST, LEAST = "most", "least"
ONE_PLACE, ALL_PLACES = "one place", "everywhere"


def pick_aim(view: View, call: LayerCall | None) -> tuple[str, Aim]:
    """What the picture is made for, in words and as an aim, with the controls that choose it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        of_class = _is_for_class(view, call)
        avoid = choice.either(
            "So that it is",
            AVOID,
            {MOST: "excited", LEAST: "avoided"},
            key="direction",
            text="Excited: the number is driven up. Avoided: it is driven down, to see what speaks against it.",
        )
        channels = None if of_class or call is None else wait(results.layer_maps(view, call))
        everywhere = (
            channels is not None
            and channels.spatial
            and choice.either(
                "Where",
                EVERYWHERE,
                {place: place for place in (ONE_PLACE, ALL_PLACES)},
                key="where",
                text="At the place in the middle, which is shown as far as it sees; or at all places at once, which "
                "makes a texture.",
            )
        )
        settings = _settings()
    if channels is None:
        return f"the class {view.title}", Aim(None, view.target, avoid, False, *settings)
    layers.picker(view, channels.call.name)
    unit = layers.unit(view, channels)
    layers.unit_picker(channels, unit)
    return f"{noun(channels)} {unit} of {channels.call.name}", Aim(
        channels.call, unit, avoid, everywhere, *settings
    )


def _is_for_class(view: View, call: LayerCall | None) -> bool:
    """Whether it is the class rather than a channel."""
    aim = MADE_FOR.text(session.settings()) or CHANNEL
    offered = {CHANNEL: "A channel", CLASS: f"The class {say.plain(view.title)}"}
    if call is None:
        offered.pop(CHANNEL)
    if aim not in (CHANNEL, CLASS):
        say.warning(f"A picture can be made for a {CHANNEL} or a {CLASS}; {aim!r} is neither.")
    current = aim if aim in offered else next(iter(offered))
    st.segmented_control(
        "Made for",
        list(offered),
        format_func=offered.__getitem__,
        key=session.control("made-for", current),
        on_change=lambda: session.choose_parameter(MADE_FOR, _unless(session.entry("made-for"), CHANNEL)),
        required=True,
        help="A channel or unit of a layer, or the score of the class in the sidebar.",
    )
    return current == CLASS


def _settings() -> tuple[int, int, bool]:
    """Steps, seed, and whether the picture is held still."""
    steps = _number(STEPS, OFFERED_STEPS, f"choose one of {', '.join(map(str, OFFERED_STEPS))}")
    seed = _number(SEED, range(MOST_SEED + 1), f"choose one from 0 to {MOST_SEED}")
    with st.popover("Settings", icon=":material/tune:"):
        st.select_slider(
            "Steps",
            OFFERED_STEPS,
            key=session.control("ascent-steps", steps),
            on_change=lambda: session.choose_parameter(
                STEPS, _unless(session.entry("ascent-steps"), STEPS.default)
            ),
            help="Of gradient ascent. More of them give more contrast and take longer.",
        )
        st.number_input(
            "Seed",
            0,
            MOST_SEED,
            key=session.control("ascent-seed", seed),
            on_change=lambda: session.choose_parameter(
                SEED, _unless(session.entry("ascent-seed"), SEED.default)
            ),
            help="Of the noise that it begins with: the same seed gives the same picture, another one another.",
        )
        still = choice.toggle(
            "Hold still",
            STILL,
            text="Without the small moves of each step: higher numbers, by patterns of pixels that nobody reads.",
        )
    return steps, seed, still


def _number(parameter: Number, offered: Collection[int], advice: str) -> int:
    """A setting of the address; the default, with a sentence, where it is none that is offered."""
    settings = session.settings()
    text, number = parameter.text(settings), parameter.parse(settings)
    if number is not None and number in offered:
        return number
    if text is not None:
        say.warning(f"{text!r} is not offered for {parameter.name}; {advice}.")
    return parameter.default


def _unless(value: T, default: T) -> T | None:
    return None if value == default else value
