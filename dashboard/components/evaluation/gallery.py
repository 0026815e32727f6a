"""Pictures of a set with what the network says of them, each a click from its attribution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image

from dashboard import session
from dashboard.charts import maps
from dashboard.components import cards, say
from dashboard.components.evaluation.subject import EvaluationSubject
from dashboard.components.wait import wait
from dashboard.parameters import SHEET
from dashboard.results.evaluation import pictures
from dashboard.wording.numbers import percent
from models.runtime.errors import UserError

SHOWN = 18


@dataclass(frozen=True)
class Shot:
    """One picture.

    Attributes:
        index: in the set.
        says: below the picture, what the network answers and what it is.
        versus: class that "why this rather than that" is asked with, or None.
    """

    index: int
    says: str
    versus: int | None = None


def draw(subject: EvaluationSubject, places: np.ndarray, shot: Callable[[int], Shot], key: str) -> None:
    """Pictures, a page at a time.

    Args:
        subject: network and set.
        places: of the pictures, in whatever `shot` counts in, in order.
        shot: place -> picture.
        key: of the widgets.
    """
    page = SHEET.read(session.settings(), high=max(len(places) - 1, 0) // SHOWN)
    shots = [shot(int(place)) for place in places[page * SHOWN : (page + 1) * SHOWN]]
    try:
        crops = wait(
            pictures(subject.view.classifier, subject.labelled, [picture.index for picture in shots])
        )
    except UserError as refusal:
        say.problem(str(refusal))
        return
    with st.container(horizontal=True, gap="small", key=key):
        for number, (picture, crop) in enumerate(zip(shots, crops, strict=True)):
            item = subject.labelled.pool.items[picture.index]
            cards.card(
                _picture(crop),
                [picture.says],
                address=item.address,
                alt=f"{item.title}: {picture.says}",
                key=f"{key}-{number}",
                versus=picture.versus,
            )
    cards.sheets(len(places), page, SHOWN, lambda sheet: session.choose_parameter(SHEET, sheet), key)


def _picture(crop: np.ndarray) -> bytes:
    """Pixels that are looked at, enlarged; a photo as it is, since many stand beside each other."""
    if min(crop.shape[:2]) <= maps.SMALL:
        return maps.input_picture(crop)
    return maps.photo(Image.fromarray(crop))


def of_evaluation(subject: EvaluationSubject) -> Callable[[int], Shot]:
    """What is said below the picture of a place in the evaluation."""
    evaluation, classes = subject.evaluation, subject.classes

    def shot(place: int) -> Shot:
        predicted, label = int(evaluation.predicted[place]), int(evaluation.labels[place])
        sure = percent(float(evaluation.confidence[place]))
        says = (
            f"{classes[label]}, {sure} sure"
            if predicted == label
            else f"called {classes[predicted]} ({sure}), is {classes[label]}"
        )
        return Shot(int(evaluation.answers.indices[place]), says, None if predicted == label else label)

    return shot
