"""What stands side by side: two networks, two classes or two photos."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components import choice, say
from dashboard.components.attribution import kind
from dashboard.components.attribution.explain import MapSubject, subject
from dashboard.components.look import of
from dashboard.parameters import COMMON
from dashboard.view import View
from dashboard.wording import comparison
from models.runtime.errors import UserError


def subjects(view: View) -> list[MapSubject]:
    """The columns of maps that the selection asks for; the first is always of the view's own network and photo."""
    selection = view.selection
    columns = [subject(view) if selection.versus is not None else kind.explained(view)]
    versus = selection.versus
    if versus is not None and versus != view.target:
        name = view.prediction.classes[versus]
        columns = [
            MapSubject(view, view.target, versus, f"{view.title} rather than {name}"),
            *columns,
            MapSubject(view, versus, None, name),
        ]
    try:
        if len(selection.images) > 1:
            columns.append(subject(of(selection, images=selection.images[1:])))
        if selection.against is not None:
            columns.append(subject(of(selection, model=selection.against, layer=None)))
    except UserError as refusal:
        say.problem(str(refusal))
    return columns


def headline(view: View, columns: Sequence[MapSubject]) -> None:
    """The answers that stand side by side as the page's heading; the answer where there is one.

    Args:
        view: what is looked at.
        columns: of maps.
    """
    others = [column.view for column in columns if column.view is not view]
    truth = None if view.selection.versus is None or view.digit else view.picture.truth()
    if others:
        views = (view, *others)
        predictions = [each.prediction for each in views]
        if view.selection.against is not None:
            st.header(say.plain(comparison.of_networks([each.model.title for each in views], predictions)))
        else:
            titles = [each.picture.title for each in views]
            st.header(say.plain(comparison.of_photos(view.model.title, titles, predictions)))
    elif truth is not None:
        st.header(say.plain(comparison.mistaken(view.model.title, view.prediction, truth)))
    else:
        kind.headline(view)


def scale(columns: Sequence[MapSubject]) -> None:
    """The switch between a scale for each map and one for all of a method; nothing where one thing is explained."""
    if len(columns) > 1:
        choice.toggle(
            "One colour scale",
            COMMON,
            text="Each map has a scale of its own, so that none is black beside a brighter one. On one scale colours "
            "of one method mean the same in all maps beside each other.",
        )
