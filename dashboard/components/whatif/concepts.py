"""Concepts: whether a texture, a colour or a person's own pictures matter for a class, held against random ones."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.charts.whatif.concepts import strip
from dashboard.components import choice, example, figure, photos, say, tables
from dashboard.components.palette import categories
from dashboard.components.picture import show
from dashboard.components.wait import slot, wait, wait_unless_stopped
from dashboard.inspection.whatif.concepts import FEWEST_PICTURES
from dashboard.parameters import CONCEPT, CONCEPTS
from dashboard.records.whatif import Concepts
from dashboard.results import concepts as results
from dashboard.results import evaluation
from dashboard.results.concepts import ConceptSubject
from dashboard.view import View
from dashboard.wording import concepts as wording
from dashboard.wording.numbers import duration
from models.datasets.names import PHOTOS
from models.runtime.errors import UserError

WHOSE = {results.SHIPPED: "Textures and colours", results.OWN: "Your pictures"}
WIDTH = 96
# What is asked about where a network has not enough pictures: a shirt.
PICTURE = "fashion-mnist-10k/test/21"


def draw(view: View) -> None:
    """What concepts do to the class, or why that cannot be said, with a network for which it can."""
    top = slot()
    whose = choice.segments("Concepts", CONCEPTS, WHOSE, hidden=True, unknown="There are no concepts")
    own = session.own_pictures() if whose == results.OWN else ()
    if whose == results.OWN:
        photos.folder(f"A folder of at least {FEWEST_PICTURES} pictures that show the concept")
    try:
        subject = results.subject(view, own)
    except UserError as refusal:
        say.problem(str(refusal))
        return
    reason = _refusal(view, subject, whose, len(own))
    if reason or subject is None:
        top.header(say.plain(f"No concept can be held against {view.title} here."))
        say.note(reason)
        if view.model.fits == PHOTOS:
            example.draw(view, _example, start=PICTURE)
        return
    try:
        found = wait_unless_stopped(results.concepts(subject))
    except UserError as refusal:  # a picture is gone, or cannot be read
        say.problem(str(refusal))
        return
    if found is not None:
        top.header(say.plain(wording.headline(found, view.title)))
        _scores(found)
        _pictures(subject, found)
        _fine_print(subject, found)


def _refusal(view: View, subject: ConceptSubject | None, whose: str, own: int) -> str:
    if subject is None:
        return (
            f"It takes labelled pictures of {view.title}, and there are none that fit {view.model.title}: name a "
            "folder with a subfolder for each class in VITRINE_IMAGES, or look at a small network, which brings its "
            "own."
        )
    if whose == results.OWN and not own:
        return f"Drop a folder of at least {FEWEST_PICTURES} pictures that show the concept."
    return subject.refusal()


def _example(view: View) -> None:
    """The same of a network that brings its own pictures."""
    subject = results.subject(view)
    if subject is None or subject.refusal():
        return
    found = wait(results.concepts(subject))
    st.header(say.plain(wording.headline(found, view.title)))
    _chart(found)
    st.markdown(say.plain(wording.figures(found)))
    st.caption(say.plain(wording.worth(found)))


def _chart(found: Concepts) -> None:
    figure.draw(
        strip(found, wording.matters, categories()),
        key="concept-strip",
        alt=f"Scores of {len(found.names)} concepts at {len(found.layers)} layers, beside random concepts",
    )


def _scores(found: Concepts) -> None:
    st.markdown(say.plain(wording.figures(found)))
    _chart(found)
    st.markdown(say.plain(wording.worth(found)))
    st.caption("A full mark is told from random concepts; an open one is not.")
    number = st.column_config.NumberColumn
    st.dataframe(
        _columns(found),
        hide_index=True,
        key="concept-scores",
        column_config={
            "Score": number(format="%.2f"),
            "Random": number(format="%.2f", help="Mean of random concepts."),
            "Spread": number(format="%.2f", help="Standard deviation of random concepts."),
            "p": number(format="%.4f", help="Rank among random concepts."),
            "Holm": number(format="%.3f", help="The same, corrected for all that was asked."),
        },
        alt="Each concept at each layer",
    )


def _columns(found: Concepts) -> dict[str, Sequence[object]]:
    scores = found.scores
    return {
        "Concept": [score.concept for score in scores],
        "Layer": [score.layer for score in scores],
        "Score": [score.score for score in scores],
        "Random": [float(score.random.mean()) for score in scores],
        "Spread": [float(score.random.std()) for score in scores],
        "p": [score.p for score in scores],
        "Holm": [score.adjusted for score in scores],
        "Channels": [", ".join(str(int(channel)) for channel in score.channels) for score in scores],
    }


def _pictures(subject: ConceptSubject, found: Concepts) -> None:
    """What the network says of a concept without a class: its channels, and pictures that hold most and least of it."""
    st.subheader("What the network takes for it")
    names = {name: name.capitalize() for name in found.names}
    name = choice.segments("Concept", CONCEPT, names, hidden=True)
    place, layer = found.names.index(name), found.layers[-1]
    score = found.score(name, layer)
    weighed = zip(score.channels, score.weights, strict=True)
    channels = ", ".join(f"{int(channel)} ({weight:+.2f})" for channel, weight in weighed)
    st.markdown(say.plain(f"At {layer} its direction weighs these channels most: {channels}."))
    pool = subject.labelled.pool
    for title, places in (("Most of it", found.strongest[place]), ("Least of it", found.weakest[place])):
        st.caption(title)
        drawn = wait(evaluation.pictures(subject.view.classifier, subject.labelled, places))
        with st.container(horizontal=True, gap="small"):
            for index, pixels in zip(places, drawn, strict=True):
                show(
                    maps.input_picture(pixels),
                    alt=pool.items[index].title,
                    width=WIDTH,
                    caption=pool.label(index),
                )


def _fine_print(subject: ConceptSubject, found: Concepts) -> None:
    tables.take_away(_columns(found), "concepts", "concepts-csv", of=subject.view.classifier.key)
    with st.expander("How this is measured", icon=":material/menu_book:"):
        st.markdown(
            "The pictures of a concept are pictures of other classes under that texture, and so are those of random "
            "concepts, each under any of them; of your own, random concepts are pictures of other classes. Channels "
            "are the mean of their places, a direction is a ridge regression in closed form. The usual t-test over "
            "directions takes random sets for significant, so ranks are used; the accuracy of a direction says nothing "
            "and is not shown. A direction that matters is no proof that the network has the concept."
        )
        st.markdown("[Kim et al. 2018, TCAV](https://arxiv.org/abs/1711.11279)")
        st.caption(f"Scored in {duration(found.seconds)}.")
