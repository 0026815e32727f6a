"""The pictures nearest to the photo among features, what they say of it, and how well neighbours tell classes."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.components import choice, key_figures, say
from dashboard.components.key_figures import KeyFigure
from dashboard.components.picture import show
from dashboard.components.wait import wait
from dashboard.inspection.embedding.nearest import METRICS
from dashboard.parameters import DISTANCE
from dashboard.records.embedding import UNKNOWN, Neighbours
from dashboard.results.embedding import NEAREST, Cloud, agreement, pictures
from dashboard.wording.embedding import class_name, comparison
from dashboard.wording.numbers import percent, three_digits

WIDTH = 128


def draw(of: Cloud, near: Neighbours | None, metric: str) -> None:
    """The nearest pictures in a row, each with its class, the network's answer and its distance."""
    if near is None or not len(near.rows):
        return
    st.subheader("Nearest to this photo")
    choice.segments(
        "Distance",
        DISTANCE,
        {name: metric.title for name, metric in METRICS.items()},
        current=metric,
        text="Measured among all features, not in the picture above. Euclidean: the length of the difference. Cosine: "
        "1 minus the cosine of the angle, whatever the sizes.",
    )
    parts = wait(pictures(of, [int(row) for row in near.rows]))
    with st.container(horizontal=True, gap="small", key="nearest"):
        for number, (row, distance, part) in enumerate(zip(near.rows, near.distances, parts, strict=True)):
            item, label = of.item(int(row)), int(of.features.labels[row])
            says = class_name(of.view.prediction.classes, int(of.features.answers[row]))
            belongs = "" if label == UNKNOWN else f"class {class_name(of.view.prediction.classes, label)}, "
            with st.container(width=WIDTH, gap="xsmall"):
                show(maps.input_picture(part), width="stretch", alt=f"{item.title}, {says}")
                st.caption(
                    f"{say.plain(item.title)}  \n{say.plain(f'{belongs}says {says}')}  \n"
                    f"distance {three_digits(float(distance))}"
                )
                st.button(
                    "Look",
                    key=f"nearest-{number}",
                    width="stretch",
                    help="Look at this picture, on every page.",
                    on_click=look_at,
                    args=(item.address,),
                )


def look_at(address: str) -> None:
    """Look at a picture, on every page. For callbacks."""
    session.choose(images=(address,))


def numbers(of: Cloud, metric: str) -> None:
    """How often the nearest others alone tell a picture's class, beside how often the network does."""
    features = of.features
    what = "class" if features.labelled else "answer"
    asked = agreement(of, metric) if len(set(features.kinds.tolist())) > 1 else None
    measured = None if asked is None else wait(asked)
    st.subheader("How well neighbours tell")
    if measured is None:
        st.caption(f"No two pictures share one {what} of several, so neighbours tell nothing about it here.")
        return
    share, count = measured
    some = (
        "" if count == len(features) else f" Over the {count:,} pictures whose {what} another one has, too."
    )
    key_figures.draw(
        KeyFigure(
            f"Same {what} as most of its {min(NEAREST, len(features) - 1)} nearest",
            percent(share),
            "Each picture takes what most of its nearest others have (k-nearest neighbours, leaving one out); of "
            f"equally many that of the nearest.{some}",
        ),
        KeyFigure("The network's own accuracy", percent(features.accuracy), "On the same pictures.")
        if features.labelled
        else None,
    )
    st.caption(
        comparison(share, features.accuracy)
        if features.labelled
        else f"Classes are not known here, so this says how well the neighbours of {count:,} pictures agree with the "
        "network, not who is right."
    )
