"""How many of a set of pictures stay right when each is changed against the network."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.whatif.robustness import curve
from dashboard.components import choice, figure, say, tables
from dashboard.components.palette import categories
from dashboard.components.wait import wait_unless_stopped
from dashboard.parameters import CURVE
from dashboard.records.whatif import RobustAccuracy
from dashboard.results import attack as results
from dashboard.view import View
from dashboard.wording import attack as wording
from models.runtime.errors import UserError


def draw(view: View) -> None:
    """How many of a set stay right under attack."""
    st.subheader("A whole set under attack")
    refused = results.curve_refusal(view)
    if refused:
        st.caption(say.plain(refused))
        return
    if not choice.toggle(
        "Attack the test pictures", CURVE, text="The first 200, each with every number of levels from 0 to 8."
    ):
        st.caption("One picture says little of a network. This takes a while.")
        return
    try:
        robust = wait_unless_stopped(results.robustness(view))
    except UserError as refusal:  # the set is gone, or cannot be read
        say.problem(str(refusal))
        return
    if robust is None:
        return
    st.markdown(f"**{say.plain(wording.robustness(robust))}**")
    figure.draw(
        curve(robust, categories()[0]),
        key="robustness",
        alt=f"Share of {robust.count} pictures that stay right, over the levels by which a pixel may change",
    )
    tables.take_away(_columns(robust), "robustness", "robustness-csv", of=view.classifier.key)


def _columns(robust: RobustAccuracy) -> dict[str, Sequence[object]]:
    return {
        "levels_of_255": [int(eps) for eps in robust.eps],
        "right": [int(right) for right in robust.right],
        "pictures": [robust.count] * len(robust.eps),
        "low": [f"{low:.4f}" for low in robust.low],
        "high": [f"{high:.4f}" for high in robust.high],
    }
