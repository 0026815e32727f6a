"""Embedding: the features of many pictures at one place of the network, in two axes, with the photo among them."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts.activations import scatter
from dashboard.components import choice, example, figure, layers, palette, say, tables
from dashboard.components.activations import neighbourhood, pools
from dashboard.components.activations.embedding_choices import (
    PCA,
    colour_groups,
    option,
    pick_colouring,
    pick_layout,
    pick_number,
)
from dashboard.components.wait import wait, wait_or_end
from dashboard.inspection.embedding.layout import AXES, LAYOUTS
from dashboard.inspection.embedding.nearest import METRICS
from dashboard.inspection.passes.pool import FEW
from dashboard.parameters import DISTANCE
from dashboard.records.embedding import UNKNOWN, Place, PrincipalAxes
from dashboard.results import embedding as results
from dashboard.results.embedding import Cloud
from dashboard.view import View
from dashboard.wording.embedding import class_name, headline, obstacle, too_few, variance
from dashboard.wording.numbers import duration, percent
from models.datasets.names import PHOTOS

PCA_READING = "Each axis adds up all features with fixed weights; what lies along other axes is not seen."
PENULTIMATE = ""


def draw(view: View) -> None:
    """The pictures as points, and what lies near the photo."""
    top = st.container()
    place = _place(view)
    if place is None:
        top.header("No layer of this network puts out one tensor, so there is nothing to lay out here.")
        return
    _layer_picker(view, place)
    of = _cloud(view, place)
    nothing = obstacle(of.features, of.pictures.title)
    if nothing is not None:
        top.header(say.plain(nothing))
        _cautions(of)
        return
    along = wait(results.principal_axes(of))
    metric = option(DISTANCE, METRICS)
    near = of.neighbours(metric)
    finding = headline(view.model.title, of.features, near, of.view.prediction)
    if of.pictures.few and view.model.fits == PHOTOS:
        top.header(say.plain(too_few(view.model.title, len(of.features))))
        with top:
            example.draw(view, _example)
        st.subheader("The pictures that are here")
        st.markdown(say.plain(finding))
    else:
        top.header(say.plain(finding))
    _cautions(of)
    controls = st.container(horizontal=True, vertical_alignment="bottom")
    way = pick_layout(of, controls)
    number = pick_number(of, way, controls)
    colour = pick_colouring(of, controls)
    drawing = st.container()
    # What is known at once need not wait for a layout that takes its time.
    neighbourhood.draw(of, near, metric)
    neighbourhood.numbers(of, metric)
    kinds = colour_groups(of, colour)
    with drawing:
        points, photo = _places(of, way, number, along)
        _chart(of, points, photo, kinds, near.rows if near is not None else np.empty(0, int), way, along)
        _explanation(of, way, along)
    _fine_print(of, points, photo, kinds, way, number, along)


def _example(view: View) -> None:
    """How a network that brings its own pictures groups them."""
    place = _place(view)
    assert place is not None, "a small network of ours has a last layer"
    of = _cloud(view, place)
    along, near = wait(results.principal_axes(of)), of.neighbours(next(iter(METRICS)))
    st.header(say.plain(headline(view.model.title, of.features, near, of.view.prediction)))
    points, photo = _places(of, PCA, 0, along)
    rows = near.rows if near is not None else np.empty(0, int)
    _chart(of, points, photo, colour_groups(of, "class"), rows, PCA, along, clicks=False)
    _explanation(of, PCA, along)


def _cloud(view: View, place: Place) -> Cloud:
    """The pictures that fit the network, and the photo, at one place; the visitor may stop the pass."""
    pictures = pools.pool(view)
    features = wait_or_end(results.features(view, place, pictures))
    photo = wait(results.photo_features(view, place))
    return Cloud(view, pictures, features, photo if np.isfinite(photo).all() else None)


def _places(of: Cloud, way: str, number: int, along: PrincipalAxes) -> tuple[np.ndarray, np.ndarray | None]:
    """Where the pictures lie, (N, 2), and the photo, (2,), where it has a place; the visitor may stop a layout."""
    if way == PCA:
        photo = None if of.photo is None else along.coordinates(of.photo, 2)
        return along.coordinates(of.features.values, 2), photo
    points = wait_or_end(results.layout(of, along, way, number))
    if len(points) > len(of.features):
        return points[:-1], points[-1]
    return points, None if of.row is None else points[of.row]


def _place(view: View) -> Place | None:
    """The output of the layer of the address, or what the last layer with weights reads."""
    call = view.survey.find(view.selection.layer or "")
    if call is not None:
        return Place(call)
    last = view.survey.head
    if last is not None:
        return Place(last, reads=True)
    call = view.layer
    return None if call is None else Place(call)


def _layer_picker(view: View, place: Place) -> None:
    last = view.survey.head
    usual = "Default layer" if last is None else f"Penultimate layer: what {last.name} reads"
    choice.select(
        "Layer",
        [PENULTIMATE, *(call.name for call in view.survey.calls)],
        PENULTIMATE if view.selection.layer is None else place.call.name,
        lambda name: session.choose(layer=name or None, unit=None),
        key="layer",
        title=lambda name: (
            usual if name == PENULTIMATE else f"Output of {layers.describe(view.survey.find(name))}"
        ),
        text="Where the features are read. The penultimate layer is the last that classes are told from; type to find "
        "another. A layer that is chosen here is chosen on every page.",
    )


def _cautions(of: Cloud) -> None:
    features = of.features
    if 1 < len(features) < FEW:
        say.note(f"{len(features)} pictures: a hint, not a statistic.")
    pools.tell_omissions(of.pictures, features.read + len(of.pictures) - features.taken)
    if features.taken < len(of.pictures):
        say.note(
            f"Each picture has {features.values.shape[1]:,} features here; the first {features.taken:,} of "
            f"{of.pictures.title} are looked at."
        )
    if features.not_finite:
        say.warning(f"{features.not_finite:,} pictures have features that are no numbers; they are left out.")
    if of.photo is None:
        say.warning("Features of this photo are no numbers here, so it has no place among the others.")
    if not features.labelled and len(features) and of.pictures.label(int(features.pictures[0])):
        say.note("These pictures' classes are not this network's, so right and wrong are not known.")


def _chart(
    of: Cloud,
    points: np.ndarray,
    photo: np.ndarray | None,
    kinds: tuple[scatter.PointGroup, ...],
    near: np.ndarray,
    way: str,
    along: PrincipalAxes,
    *,
    clicks: bool = True,
) -> None:
    # A click leaves its point chosen in the widget; another photo gets another widget.
    key = (
        f"embedding-{of.features.place.title}-{way}-{of.view.classifier.key.short}-{of.view.seen.digest[:8]}"
    )
    figure.draw(
        scatter.scatter(
            points,
            kinds,
            texts=[_text(of, row) for row in range(len(of.features))],
            photo=photo,
            near=near,
            axes=_axes(way, along),
            ink=palette.ink(),
        ),
        key=key,
        alt=f"{len(points):,} pictures as points in two axes, with this photo as a star",
        choose=(lambda row: neighbourhood.look_at(of.item(int(row)).address)) if clicks else None,
    )
    if clicks:
        st.caption(
            "Click a point to look at its picture, on every page. Click a name above to hide its points."
        )


def _text(of: Cloud, row: int) -> str:
    label, answer = (
        int(of.features.labels[row]),
        class_name(of.view.prediction.classes, int(of.features.answers[row])),
    )
    belongs = "" if label == UNKNOWN else f"class {class_name(of.view.prediction.classes, label)}, "
    return f"{of.item(row).title}: {belongs}network says {answer}"


def _axes(way: str, along: PrincipalAxes) -> tuple[str, str] | None:
    return variance(along.shares) if way == PCA else None


def _explanation(of: Cloud, way: str, along: PrincipalAxes) -> None:
    if way == PCA:
        share = percent(float(along.shares[:2].sum()))
        st.caption(f"These two axes hold {share} of the variance. {PCA_READING}")
    else:
        st.caption(LAYOUTS[way].reading)


def _fine_print(
    of: Cloud,
    points: np.ndarray,
    photo: np.ndarray | None,
    kinds: tuple[scatter.PointGroup, ...],
    way: str,
    number: int,
    along: PrincipalAxes,
) -> None:
    features = of.features
    title = "PCA" if way == PCA else LAYOUTS[way].title
    with st.expander("How this is measured", icon=":material/menu_book:"):
        st.caption(say.plain(" ".join(_method(of, way, number))))
    lines = (
        f"{title} of {len(features):,} pictures at {features.place.title}",
        f"{of.view.model.title}; {of.pictures.title}",
    )
    with st.container(horizontal=True):
        tables.take_away(_columns(of, points, photo), "embedding", "embedding-csv", of=of.view.classifier.key)
        st.download_button(
            "PNG",
            lambda: scatter.picture(points, kinds, photo=photo, lines=lines, axes=_axes(way, along)),
            f"embedding-{of.view.classifier.key.short}.png",
            "image/png",
            key="embedding-png",
            icon=":material/download:",
            on_click="ignore",
            help="The points with their legend.",
        )


def _method(of: Cloud, way: str, number: int) -> list[str]:
    features = of.features
    wide = features.values.shape[1]
    pooled = f", each the mean over {features.places:,} places" if features.places > 1 else ""
    sentences = [
        f"{wide:,} features a picture, {features.place.title}{pooled}; over {of.pictures.title}, in "
        f"{duration(features.seconds)}."
    ]
    if len(set(of.groups.tolist())) < len(features):
        sentences.append("Parts of one picture do not count as each other's neighbours.")
    if features.place.call.prefix and not features.place.reads:
        sentences.append("The class token is left out of the mean.")
    if way == PCA:
        sentences.append(
            "The axes are the singular vectors of the centred features; the photo is projected on them."
        )
    else:
        layout = LAYOUTS[way]
        number_of = "perplexity" if way == "tsne" else "neighbours"
        reduced = f", from the first {AXES} principal axes" if wide > AXES else ""
        guest = " The photo took part." if of.row is None and of.photo is not None else ""
        sentences.append(
            f"{layout.title} with {number_of} {number} and a fixed seed{reduced}.{guest} {layout.paper}."
        )
    return sentences


def _columns(of: Cloud, points: np.ndarray, photo: np.ndarray | None) -> dict[str, list[object]]:
    """The points as a table; a photo that is none of the pictures comes last."""
    features, rows = of.features, range(len(of.features))
    table: dict[str, list[object]] = {
        "picture": [of.item(row).title for row in rows],
        "address": [of.item(row).address for row in rows],
        "class": [
            ""
            if features.labels[row] == UNKNOWN
            else class_name(of.view.prediction.classes, int(features.labels[row]))
            for row in rows
        ],
        "answer": [class_name(of.view.prediction.classes, int(answer)) for answer in features.answers],
        "x": [_round(x) for x in points[:, 0]],
        "y": [_round(y) for y in points[:, 1]],
        "this_photo": [int(row == of.row) for row in rows],
    }
    if of.row is None and photo is not None:
        view = of.view
        last = (
            view.picture.title,
            view.selection.image,
            "",
            view.prediction.classes[view.prediction.winner],
            _round(photo[0]),
            _round(photo[1]),
            1,
        )
        for column, value in zip(table.values(), last, strict=True):
            column.append(value)
    return table


def _round(place: float) -> float:
    """A number and no text: what is escaped in a text begins with the minus of a number."""
    return float(f"{place:.6g}")
