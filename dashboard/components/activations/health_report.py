"""The health of a network over many pictures: spread and sparsity of each layer, and units that are of no use."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.activations import flow
from dashboard.components import example, figure, say
from dashboard.components.activations import pools
from dashboard.components.wait import wait_or_end
from dashboard.inspection.passes.diagnosis import findings
from dashboard.inspection.passes.pool import Pool
from dashboard.records.activations import ActivationFinding, ActivationHealth
from dashboard.results import activations as results
from dashboard.view import View
from dashboard.wording.activations import health_headline, size
from dashboard.wording.numbers import count, duration
from models.datasets.names import PHOTOS


def draw(view: View) -> None:
    """What a pass over many pictures says of the network."""
    pictures = pools.pool(view)
    finding = st.container()
    health = wait_or_end(results.health(view, pictures))
    problems = findings(health)
    finding.header(say.plain(health_headline(view.model.title, health, problems, few=pictures.few)))
    pools.tell_omissions(pictures, health.pictures)
    if pictures.few and view.model.fits == PHOTOS:
        example.draw(view, _example)
        _boxes([problem for problem in problems if not problem.of_units])
        if hints := [problem for problem in problems if problem.of_units]:
            with st.expander(
                f"What {count(health.pictures, 'picture')} hint at", icon=":material/lightbulb:"
            ):
                st.caption("A hint, not a statistic: a unit may be silent on these and not on others.")
                _boxes(hints)
    else:
        _boxes(problems)
    _layers(health, view.model.name)
    _table(health)
    _limits(health, pictures)


def _example(view: View) -> None:
    """The health of a network that brings its own pictures."""
    health = wait_or_end(results.health(view, pools.pool(view)))
    problems = findings(health)
    st.header(say.plain(health_headline(view.model.title, health, problems)))
    _layers(health, view.model.name)
    _boxes(problems)


def _boxes(problems: Sequence[ActivationFinding]) -> None:
    for problem in problems:
        with st.container(border=True):
            st.markdown(f":material/warning: **{say.plain(problem.title)}**: {say.plain(problem.says)}")
            st.caption(say.plain(problem.means))


def _layers(health: ActivationHealth, network: str) -> None:
    st.subheader("Spread and sparsity, layer by layer")
    figure.draw(
        flow.spreads(
            [layer.call.name for layer in health.layers],
            [layer.std for layer in health.layers],
            [layer.zeros for layer in health.layers],
        ),
        key=f"spreads-{network}",
        alt="Standard deviation of each layer's output and the share of it that is exactly zero",
    )


def _table(health: ActivationHealth) -> None:
    with st.expander("Every layer in numbers", icon=":material/table_rows:"):
        numbers = {
            "Mean": [layer.mean for layer in health.layers],
            "Standard deviation": [layer.std for layer in health.layers],
        }
        st.dataframe(
            {
                "Layer": [layer.call.name for layer in health.layers],
                "Output": [size(layer.call) for layer in health.layers],
                **numbers,
                "Exactly zero": [layer.zeros for layer in health.layers],
                "Activation": [layer.activation or "" for layer in health.layers],
                "Units": [layer.units or None for layer in health.layers],
                "Dead": [len(layer.dead) if layer.units else None for layer in health.layers],
                "Saturated": [len(layer.saturated) if layer.units else None for layer in health.layers],
                "Duplicate pairs": [len(layer.twins) if layer.units else None for layer in health.layers],
            },
            column_config={
                "Exactly zero": st.column_config.NumberColumn(format="percent"),
                **{name: st.column_config.NumberColumn(format="%.3g") for name in numbers},
            },
            hide_index=True,
            alt="Every layer call with spread, sparsity and useless units",
        )


def _limits(health: ActivationHealth, pictures: Pool) -> None:
    compared = (
        f"Units are compared at some places of {health.compared} pictures."
        if health.compared
        else "These are too few pictures to compare units with each other."
    )
    with st.expander("How this is measured, and its limits", icon=":material/menu_book:"):
        st.caption(
            say.plain(
                f"One pass over {pictures.title} in {duration(health.seconds)}. A unit is dead if its activation "
                "function lets nothing through, on none of these pictures: on others it may be alive. "
                f"{compared} A signal vanishes or explodes where its spread is 1,000 times smaller or "
                "larger than behind the first layer. Calls that only hand on another's output are left out."
            )
        )
