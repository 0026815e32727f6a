"""The pictures nearest to the photo among features, what they say of it, and how well neighbours tell classes."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.components import choice, say
from dashboard.components.activations import cloud as clouds
from dashboard.components.activations.cloud import Cloud
from dashboard.components.picture import show
from dashboard.inspection.embedding.nearest import METRICS
from dashboard.records.embedding import UNKNOWN, Neighbours
from dashboard.wording.numbers import percent, significant

WIDTH = 128
# Neighbours and network are as good as each other up to so many points of accuracy.
CLOSE = 5


def finding(of: Cloud, near: Neighbours | None) -> str:
    """What the pictures nearest to the photo are, and what the network says of it."""
    if near is None or not len(near.rows):
        return f"{len(of.found):,} pictures by {of.found.place.title}; none can be compared with this photo."
    counts = Counter(int(kind) for kind in of.kinds[near.rows])
    kind, often = counts.most_common(1)[0]
    winner = of.view.prediction.winner
    said = of.view.prediction.classes[winner]
    if 2 * often < len(near.rows):
        kinds = "classes" if of.found.labelled else "answers"
        return (
            f"The {len(near.rows)} pictures nearest to this one have {len(counts)} different {kinds}; the network "
            f"says {said}."
        )
    share = _share(often, len(near.rows))
    if of.found.labelled:
        return f"{share} of class {of.name(kind)}; the network says {said}."
    return f"{share} {of.name(kind)} to the network, " + (
        "and so is this one." if kind == winner else f"this one is {said}."
    )


def _share(often: int, count: int) -> str:
    """How a sentence about the nearest begins: "9 of the 10 pictures nearest to this one are"."""
    if count == 1:
        return "The picture nearest to this one is"
    share = f"All {count}" if often == count else f"{often} of the {count}"
    return f"{share} pictures nearest to this one {'is' if often == 1 else 'are'}"


def draw(of: Cloud, near: Neighbours | None, metric: str) -> None:
    """The nearest pictures in a row, each with its class, the network's answer and its distance."""
    if near is None or not len(near.rows):
        return
    st.subheader("Nearest to this photo")
    choice.segments(
        "Distance",
        "distance",
        {name: one.title for name, one in METRICS.items()},
        metric,
        text="Measured among all features, not in the picture above. Euclidean: the length of the difference. Cosine: "
        "1 minus the cosine of the angle, whatever the sizes.",
    )
    parts = clouds.shown(of, [int(row) for row in near.rows])
    with st.container(horizontal=True, gap="small", key="nearest"):
        for number, (row, distance, part) in enumerate(zip(near.rows, near.distances, parts, strict=True)):
            item, label = of.item(int(row)), int(of.found.labels[row])
            says = of.name(int(of.found.answers[row]))
            belongs = "" if label == UNKNOWN else f"class {of.name(label)}, "
            with st.container(width=WIDTH, gap="xsmall"):
                show(maps.input_picture(part), width="stretch", alt=f"{item.title}, {says}")
                st.caption(
                    f"{say.plain(item.title)}  \n{say.plain(f'{belongs}says {says}')}  \n"
                    f"distance {significant(float(distance))}"
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
    found = of.found
    what = "class" if found.labelled else "answer"
    measured = clouds.agreement(of, metric) if len(set(of.kinds.tolist())) > 1 else None
    st.subheader("How well neighbours tell")
    if measured is None:
        st.caption(f"No two pictures share one {what} of several, so neighbours tell nothing about it here.")
        return
    share, count = measured
    some = "" if count == len(found) else f" Over the {count:,} pictures whose {what} another one has, too."
    with st.container(horizontal=True):
        st.metric(
            f"Same {what} as most of its {min(clouds.NEAREST, len(found) - 1)} nearest",
            percent(share),
            border=True,
            help="Each picture takes what most of its nearest others have (k-nearest neighbours, leaving one out); of "
            f"equally many that of the nearest.{some}",
        )
        if found.labelled:
            st.metric(
                "The network's own accuracy",
                percent(found.accuracy),
                border=True,
                help="On the same pictures.",
            )
    st.caption(
        meaning(share, found.accuracy)
        if found.labelled
        else f"Classes are not known here, so this says how well the neighbours of {count:,} pictures agree with the "
        "network, not who is right."
    )


def meaning(share: float, accuracy: float) -> str:
    """What it means that neighbours alone are right so often, and the network so often."""
    points = 100 * (accuracy - share)
    if points > CLOSE:
        return (
            f"The network is {points:.0f} points better than neighbours at this layer: what comes behind it still "
            "tells classes apart."
        )
    if points < -CLOSE:
        return (
            f"Neighbours at this layer are {-points:.0f} points better than the network: what is known here is not "
            "put to use behind it."
        )
    return "The two are close: classes lie apart at this layer already, and what comes behind it adds little."
