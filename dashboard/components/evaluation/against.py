"""Compare: which answers flipped from one network to the other, and whether that may be chance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from dashboard.components import choice, compare, key_figures, say, tables
from dashboard.components.evaluation import gallery
from dashboard.components.evaluation.gallery import Shot
from dashboard.components.evaluation.subject import EvaluationSubject, wait_for_evaluation
from dashboard.components.key_figures import KeyFigure
from dashboard.components.look import load
from dashboard.inspection.evaluation.comparison import flips
from dashboard.inspection.evaluation.sets import doubt, is_upload
from dashboard.parameters import FLIP, SHEET
from dashboard.records.evaluation import Evaluation, Flips
from dashboard.wording.evaluation import difference
from dashboard.wording.numbers import percent, rate
from models.networks import find_network
from models.runtime.errors import UserError
from models.zoo.entry import Model

# Name in the address -> title, and which pictures.
KINDS: dict[str, tuple[str, Callable[[Flips], np.ndarray]]] = {
    "fixed": ("Fixed", lambda changes: changes.fixed),
    "broken": ("Broken", lambda changes: changes.broken),
    "changed": ("Still wrong, in another way", lambda changes: changes.changed),
}


def draw(subject: EvaluationSubject) -> None:
    """The verdict over the network that is compared with, and the flipped pictures."""
    name = subject.view.selection.against or compare.first_network(subject.view)
    if name is None:
        st.markdown("There is no other network for the same pictures here: drop a checkpoint, or train one.")
        return
    try:
        model = find_network(name)
    except UserError as refusal:  # it was deleted since it was chosen
        say.problem(str(refusal))
        return
    before = _evaluate(subject, model)
    if before is None:
        return
    changes = flips(before, subject.evaluation)
    st.subheader(say.plain(difference(changes, subject.view.model.title, model.title)))
    warning = doubt(subject.part, model)
    if warning:
        say.warning(warning)
    elif not model.trained:
        say.note(f"{model.title} is untrained: it answers by chance.")
    _square(subject, before, changes, model)
    _gallery(subject, before, changes)
    _table(subject, before, changes)
    _fine_print(changes)


def _evaluate(subject: EvaluationSubject, model: Model) -> Evaluation | None:
    """How good the other network is on the same set; None where it cannot be told, which is said."""
    try:
        classifier = load(model)
        if not _comparable(subject, model, classifier.classes):
            say.note(f"{model.title} knows other classes, so the two cannot be compared; choose another.")
            return None
        return wait_for_evaluation(classifier, subject.part.read(classifier))
    except UserError as refusal:
        say.problem(str(refusal))
        return None


def _comparable(subject: EvaluationSubject, model: Model, classes: tuple[str, ...]) -> bool:
    """Whether both answer with the same classes, as far as is known: a dropped checkpoint's may have no names."""
    own = subject.classes
    unknown = is_upload(model) or is_upload(subject.view.model)
    return classes == own or (unknown and len(classes) == len(own))


def _square(subject: EvaluationSubject, before: Evaluation, changes: Flips, model: Model) -> None:
    count, now, then = len(changes.pairs), subject.evaluation.accuracy.share, before.accuracy.share
    numbers = {
        "Both right": changes.both_right,
        "Fixed": len(changes.fixed),
        "Broken": len(changes.broken),
        "Both wrong": changes.both_wrong,
    }
    key_figures.draw(
        KeyFigure(
            "Accuracy",
            rate(now),
            say.plain(f"{model.title}: {rate(then)}"),
            f"{100 * (now - then):+.1f} points",
        ),
        *(
            KeyFigure(title, f"{number:,}", f"{rate(number / count)} of {count:,} pictures")
            for title, number in numbers.items()
        ),
    )


def _gallery(subject: EvaluationSubject, before: Evaluation, changes: Flips) -> None:
    titles = {name: f"{title} ({len(which(changes)):,})" for name, (title, which) in KINDS.items()}
    flip = choice.segments(
        "Flipped", FLIP, titles, resets=[SHEET], hidden=True, unknown="There are no pictures"
    )
    places = KINDS[flip][1](changes)
    if not len(places):
        st.markdown("There is none.")
        return
    order = places[np.argsort(-subject.evaluation.confidence[changes.pairs[places, 1]], kind="stable")]

    def shot(place: int) -> Shot:
        first, second = (int(position) for position in changes.pairs[place])
        was, now = int(before.predicted[first]), int(subject.evaluation.predicted[second])
        label = int(subject.evaluation.labels[second])
        classes = subject.classes
        sure = percent(float(subject.evaluation.confidence[second]))
        says = f"was {classes[was]}, now {classes[now]} ({sure})"
        if label != now:
            says += f", is {classes[label]}"
        return Shot(int(subject.evaluation.answers.indices[second]), says, label if label != now else was)

    gallery.draw(subject, order, shot, f"flips-{flip}")


def flip_columns(subject: EvaluationSubject, before: Evaluation, changes: Flips) -> dict[str, list[object]]:
    """Every flipped picture, as columns."""
    kinds = {name: kind(changes) for name, (_, kind) in KINDS.items()}
    first, second = changes.pairs[np.concatenate(list(kinds.values()))].T
    now, items, classes = subject.evaluation, subject.labelled.pool.items, subject.classes
    return {
        "flip": [name for name, some in kinds.items() for _ in some],
        "picture": [items[index].title for index in now.answers.indices[second]],
        "class": [classes[label] for label in now.labels[second]],
        "before": [classes[predicted] for predicted in before.predicted[first]],
        "confidence_before": [f"{value:.6f}" for value in before.confidence[first]],
        "after": [classes[predicted] for predicted in now.predicted[second]],
        "confidence_after": [f"{value:.6f}" for value in now.confidence[second]],
    }


def _table(subject: EvaluationSubject, before: Evaluation, changes: Flips) -> None:
    columns = flip_columns(subject, before, changes)
    with st.expander("Every flipped picture", icon=":material/table_rows:"):
        st.dataframe(
            columns,
            column_config={name: name.replace("_", " ").capitalize() for name in columns},
            hide_index=True,
            placeholder="",
            alt="Every picture whose answer flipped",
        )
        tables.take_away(columns, "flips", "flips-csv", of=subject.view.classifier.key)


def _fine_print(changes: Flips) -> None:
    with st.expander("How chance is ruled out", icon=":material/menu_book:"):
        st.markdown(
            "Two networks that are equally good would fix about as many pictures as they break. McNemar's test gives "
            "the probability p of a difference at least this large between such two"
            + (
                "; with so few flips it is the exact one, by the binomial distribution."
                if changes.exact
                else ", by the chi-square distribution with Edwards' correction."
            )
            + " It does not say that the networks would differ on other data, or after another training."
        )
        st.latex(r"\chi^2 = \frac{(|n_{fixed} - n_{broken}| - 1)^2}{n_{fixed} + n_{broken}}")
