"""The forward pass as a strip: the photo, a picture per stage, the answer."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.charts.activations import strip as stage
from dashboard.components import answer, layers, say, script
from dashboard.components.picture import show
from dashboard.components.wait import wait
from dashboard.parameters import VIEW, merge
from dashboard.records.activations import ForwardPass, StageOutput
from dashboard.results import network
from dashboard.view import View
from dashboard.wording import activations
from dashboard.wording.activations import size

# Five beside each other on a wide screen, two on a phone.
CARD = 160
# A container says nothing of what it does.
CONTAINERS = ("Sequential", "ModuleList")


def draw(view: View) -> None:
    """The whole way of the picture, stage by stage."""
    forward = wait(network.forward(view))
    st.header(
        say.plain(activations.headline(view.model.title, forward, view.prediction, view.seen.inputs.shape))
    )
    st.markdown(
        "From the photo to the class, left to right. Each picture shows the channels that vary most over the photo, or "
        "all units where there are no places any more. A click on a picture, or **Look inside**, opens a stage with "
        "all its channels and chooses that layer on every page."
    )
    with st.container(horizontal=True, gap="medium", key="strip"):
        _photo(view)
        for number, output in enumerate(forward.stages, start=1):
            _card(view, number, output)
        script.hand_clicks_on()
    _answer(view)
    _table(view, forward)


def _photo(view: View) -> None:
    channels, height, width = view.seen.inputs.shape
    with st.container(width=CARD, gap="xsmall"):
        st.markdown("**Photo**")
        show(
            maps.input_picture(view.seen.crop),
            width="stretch",
            alt="The part of the picture that the network reads",
        )
        st.caption(f"{channels} x {height} x {width}")


def _card(view: View, number: int, output: StageOutput) -> None:
    call = output.call
    with st.container(width=CARD, gap="xsmall", key=f"card-{number}"):
        st.markdown(f"**{number}** {say.plain(call.name)}")
        show(
            stage.picture(output),
            width="stretch",
            alt=f"Stage {number}: {call.kind} {call.name}, {size(call)}",
        )
        kind = "" if call.kind in CONTAINERS else f"{say.plain(call.kind)}, "
        scores = layers.class_names(view, call)
        largest = say.plain(scores[int(output.planes.argmax())]) if scores else ""
        said = (
            f"A score for each class; the largest: {largest}" if scores else activations.spread(output.spread)
        )
        st.caption(f"{kind}{size(call)}  \n{said}")
        st.button(
            "Look inside",
            key=f"inside-{number}",
            width="stretch",
            on_click=session.choose,
            kwargs={
                "layer": call.name,
                "unit": None,
                "parameters": merge(session.settings(), {VIEW: "layer"}),
            },
        )


def _answer(view: View) -> None:
    st.subheader("The answer")
    answer.classes(view.prediction, explained=view.target)


def _table(view: View, forward: ForwardPass) -> None:
    with st.expander("Every layer in numbers", icon=":material/table_rows:"):
        calls = [call for call in view.survey.calls if call.name in forward.spreads]
        spreads = [forward.spreads[call.name] for call in calls]
        st.dataframe(
            {
                "Layer": [call.name for call in calls],
                "Class": [call.kind for call in calls],
                "Output": [size(call) for call in calls],
                "Mean": [spread.mean for spread in spreads],
                "Standard deviation": [spread.std for spread in spreads],
                "Least": [spread.minimum for spread in spreads],
                "Largest": [spread.maximum for spread in spreads],
                "Exactly zero": [spread.zeros for spread in spreads],
            },
            column_config={
                "Exactly zero": st.column_config.NumberColumn(format="percent"),
                **{
                    name: st.column_config.NumberColumn(format="%.3g")
                    for name in ("Mean", "Standard deviation", "Least", "Largest")
                },
            },
            hide_index=True,
            alt="Every layer call with the spread of its output",
        )
        if view.survey.skipped:
            st.caption(
                say.plain(
                    f"{len(view.survey.skipped)} modules never run by themselves, because their parent computes with "
                    f"their weights directly or does not use them: {', '.join(view.survey.skipped[:8])}"
                    + (" and others." if len(view.survey.skipped) > 8 else ".")
                )
            )
