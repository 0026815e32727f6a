"""What everyday does to the answer: JPEG, blur, light, a shift, a turn and noise, each in five strengths."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.charts import maps
from dashboard.charts.whatif.harmless import table
from dashboard.components import figure, say, tables
from dashboard.components.picture import show
from dashboard.components.wait import wait_unless_stopped
from dashboard.inspection.whatif.corruptions import CORRUPTIONS
from dashboard.records.whatif import Harmless
from dashboard.results import attack as results
from dashboard.view import View
from dashboard.wording import attack as wording
from dashboard.wording.answer import class_label, terms


def draw(view: View) -> None:
    """What everyday does to the same answer."""
    st.subheader("And what everyday does")
    found = wait_unless_stopped(results.harmless(view))
    if found is None:
        return
    prediction = view.prediction
    index = prediction.winner if prediction.reading == "one of several" else view.target
    name = class_label(prediction, index)
    st.markdown(say.plain(wording.harmless(found, f"the answer ({name})")))
    titles = [CORRUPTIONS[one].title for one in found.names]
    figure.draw(
        table(
            found.strength,
            wording.labels(found, prediction.classes, prediction.reading),
            titles,
            [
                [
                    f"{wording.parameter(found, kind, place)}: {terms(prediction).figure(found.strength[row, place])}, "
                    f"at most {found.largest[row, place]} of 255"
                    for place in range(found.values.shape[1])
                ]
                for row, kind in enumerate(found.names)
            ],
        ),
        key="harmless",
        alt=f"How sure the network stays of {name} under {len(titles)} kinds of change in five strengths",
    )
    st.caption(
        "In a cell stands how sure it still is, or the new answer. Strengths are those of ImageNet-C, of CIFAR-10-C "
        "for pictures below 64 pixels (Hendrycks and Dietterich 2019); those of shift and rotation are our own. "
        "To a pixel each of them does far more than the change above."
    )
    with st.expander("The changed pictures", icon=":material/image:"):
        _pictures(found)
    tables.take_away(_columns(found, prediction.classes), "harmless", "harmless-csv", of=view.classifier.key)


def _pictures(found: Harmless) -> None:
    """Each kind in the least strength that loses the answer, or the most."""
    with st.container(horizontal=True, gap="small"):
        for kind, name in enumerate(found.names):
            first = found.first(kind)
            place = found.values.shape[1] - 1 if first is None else first
            said = f"{CORRUPTIONS[name].title}, {wording.parameter(found, name, place)}"
            show(
                maps.input_picture(found.pictures[kind]),
                alt=said,
                caption=f"{said}: {'kept' if first is None else 'lost'}",
                width=168,
            )


def _columns(found: Harmless, classes: Sequence[str]) -> dict[str, Sequence[object]]:
    cells = [(kind, place) for kind in range(len(found.names)) for place in range(found.values.shape[1])]
    return {
        "change": [CORRUPTIONS[found.names[kind]].title for kind, _ in cells],
        "strength": [place + 1 for _, place in cells],
        "parameter": [float(found.values[cell]) for cell in cells],
        "largest_change_of_255": [int(found.largest[cell]) for cell in cells],
        "figure_of_answer": [f"{found.strength[cell]:.6f}" for cell in cells],
        "largest": [classes[found.winner[cell]] for cell in cells],
        "lost": [int(found.flipped[cell]) for cell in cells],
    }
