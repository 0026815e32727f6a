"""Where no labelled set fits a network: the ways to one, and what the network says of the photos on board meanwhile."""

from __future__ import annotations

import streamlit as st

from dashboard import cache, pictures
from dashboard.components import cards, example, say
from dashboard.components.evaluation import confusion, summary
from dashboard.components.evaluation.subject import EvaluationSubject, wait_for_evaluation
from dashboard.components.wait import wait_or_end
from dashboard.inspection.evaluation.sets import available_sets
from dashboard.inspection.prediction import read_logits
from dashboard.results.evaluation import photo_answers
from dashboard.view import View
from dashboard.wording.answer import figure
from dashboard.wording.evaluation import unmeasured
from models.datasets import photo_folder
from models.datasets.names import PHOTOS


def draw(view: View) -> None:
    """What is missing, the ways out, and the network's answers to photos that nobody labelled."""
    st.header(say.plain(unmeasured(view.model.title, view.classifier.contract.reading)))
    if view.classifier.contract.reading != "one of several":
        _photos(view)
        return
    why = (
        "The folder VITRINE_IMAGES has no subfolder that is named after one of its classes."
        if photo_folder.photos()
        else "Nobody has checked which of its classes the photos on board show."
    )
    why = " ".join((why, *photo_folder.passed_over()))
    example.draw(view, _example)
    say.note(
        f"{why} Start the app with VITRINE_IMAGES naming a folder that has a subfolder for each class, called as the "
        f"class is ({', '.join(view.classifier.classes[:2])}, ...), or look at a network whose test pictures are "
        "on board."
    )
    _photos(view)


def _example(view: View) -> None:
    """How good a network is whose test pictures are on board, and what it confuses."""
    part = available_sets(view.model, view.classifier)["test"]()
    labelled = part.read(view.classifier)
    subject = EvaluationSubject(view, part, labelled, wait_for_evaluation(view.classifier, labelled))
    summary.finding(subject)
    confusion.matrix(subject)
    summary.numbers(subject)


def _photos(view: View) -> None:
    """The photos on board with the network's answer, for a person to judge."""
    addresses = pictures.samples(PHOTOS)
    places, logits = wait_or_end(photo_answers(view))
    st.subheader("Judge for yourself: the photos on board")
    with st.container(horizontal=True, gap="small", key="unlabelled"):
        for place, prediction in zip(places, read_logits(view.classifier, logits), strict=True):
            winner = prediction.winner
            says = f"{prediction.classes[winner]} ({figure(prediction, winner)})"
            address = addresses[int(place)]
            cards.card(
                cache.thumbnail(address),
                [says],
                address=address,
                alt=f"{pictures.find(address).title}: {says}",
                key=f"why-{address}",
            )
