"""Learned from: the pictures that pull an answer most, checked by leaving some out, and labels that may be wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.charts.evaluation.left_out import points
from dashboard.components import cards, choice, example, figure, say, tables
from dashboard.components.evaluation import gallery, mistakes
from dashboard.components.evaluation.subject import EvaluationSubject, wait_for_evaluation
from dashboard.components.palette import categories
from dashboard.components.picture import show
from dashboard.components.wait import slot, wait, wait_unless_stopped
from dashboard.inspection.evaluation.calibration import log_probabilities
from dashboard.inspection.evaluation.sets import available_sets, run_of
from dashboard.inspection.influence.head import compare
from dashboard.parameters import LEARNED, SHEET
from dashboard.records.evaluation import Evaluation
from dashboard.records.influence import FittedHead, Influence
from dashboard.results import evaluation
from dashboard.results import influence as results
from dashboard.results.influence import InfluenceSubject
from dashboard.view import View
from dashboard.wording import influence as wording
from dashboard.wording.numbers import duration, short_title
from models.runtime.errors import UserError
from models.training import as_networks, runs

SHOWN = 6
WIDTH = 96
# Name in the address -> title.
LOOKS = {"influence": "Influence", "tracin": "TracIn", "labels": "Suspected labels"}
# Pictures whose mistakes are offered to be looked at, the first that there are.
SETS = ("test", "validation")


def draw(view: View) -> None:
    """What it was learned from, or why that cannot be told, with a network of which it can."""
    top = slot()
    try:
        subject = results.subject(view)
    except UserError as refusal:
        top.header(say.plain(f"What {short_title(view.model.title)} learned this from cannot be told."))
        say.note(str(refusal))
        if run_of(view.model) is None:
            example.draw(view, _example, as_networks.PREFIX + runs.examples()[0].id)
        return
    look = choice.segments("By", LEARNED, LOOKS, resets=[SHEET], hidden=True, unknown="There is no such view")
    try:
        if look == "labels":
            top.header(say.plain(_suspects(subject)))
        else:
            _pulls(subject, top.header, by_steps=look == "tracin")
    except UserError as refusal:  # a picture is gone, or the head has no minimum that can be found
        top.header(say.plain(f"What {short_title(view.model.title)} learned this from cannot be told."))
        say.problem(str(refusal))


def _example(view: View) -> None:
    """The same of a run that ships."""
    subject = results.subject(view)
    head = wait(results.fitted(subject))
    found = wait(results.pulls(subject, head))
    st.header(say.plain(wording.headline(view.model.title, found, head, view.classifier.classes)))
    show(maps.input_picture(view.seen.crop), alt=view.picture.title, width=WIDTH, caption="This picture")
    _rows(subject, head, found.pulls, clicks=False)
    st.markdown(say.plain(wording.checked(found.check, len(head.labels))))


def _pulls(subject: InfluenceSubject, header: Callable[[str], object], *, by_steps: bool) -> None:
    """The pictures that pull most, by influence or by TracIn, and how far that holds."""
    view = subject.view
    head = wait_unless_stopped(results.fitted(subject))
    found = None if head is None else wait_unless_stopped(results.pulls(subject, head))
    if head is None or found is None:
        return
    title, classes = view.model.title, view.classifier.classes
    sentence = wording.headline(title, found, head, classes)
    values, check = found.pulls, found.check
    if by_steps:
        steps = wait_unless_stopped(results.steps(subject, head))
        if steps is None:
            return
        values, check = steps, compare(check.rows, steps[check.rows], check.real)
        sentence = wording.most_helpful_step(title, values, head, classes, view.target)
    header(say.plain(sentence))
    if by_steps:
        st.markdown(say.plain(wording.tracin(len(subject.checkpoints), check)))
    if by_steps or wording.agrees(check):
        _rows(subject, head, values)
    if not by_steps:
        st.markdown(say.plain(wording.checked(check, len(head.labels))))
        if wording.agrees(check):
            figure.draw(
                points(check, categories()[0]),
                key="left-out",
                alt=f"{len(check.rows)} pictures: what was computed across, what came out without each upwards",
            )
        st.caption(say.plain(wording.worth(head)))
    _mistakes(view)
    _fine_print(subject, head, found, values, by_steps=by_steps)


def _rows(subject: InfluenceSubject, head: FittedHead, values: np.ndarray, *, clicks: bool = True) -> None:
    """The pictures that pull most for the class, and those against it."""
    view, pool, classes = subject.view, subject.labelled.pool, subject.view.classifier.classes
    order = np.argsort(-values, kind="stable")
    target = classes[view.target]
    ends = {
        f"For {target}": [row for row in order[:SHOWN] if values[row] > 0],
        f"Against {target}": [row for row in order[::-1][:SHOWN] if values[row] < 0],
    }
    for title, rows in ends.items():
        st.subheader(say.plain(title))
        if not rows:
            st.caption("There is none.")
            continue
        places = [int(head.pictures[row]) for row in rows]
        crops = wait(evaluation.pictures(view.classifier, subject.labelled, places))
        with st.container(horizontal=True, gap="small"):
            for row, place, crop in zip(rows, places, crops, strict=True):
                item, label = pool.items[place], classes[head.labels[row]]
                lines = [f"is {label}", wording.pull(float(values[row]))]
                if item.address == view.selection.image:
                    lines.append("this very picture")
                picture, alt = maps.input_picture(crop), f"{item.title}, is {label}"
                if clicks:
                    cards.card(
                        picture, lines, address=item.address, alt=alt, key=f"learned-{title[:3]}-{place}"
                    )
                else:
                    show(picture, alt=alt, width=WIDTH, caption=", ".join(lines))


def _mistakes(view: View) -> None:
    """Mistakes on pictures that it did not learn from, each a press from being asked about."""
    sets = available_sets(view.model, view.classifier)
    name = next((name for name in SETS if name in sets), None)
    if name is None:
        return
    part = sets[name]()
    labelled = part.read(view.classifier)
    subject = EvaluationSubject(view, part, labelled, wait_for_evaluation(view.classifier, labelled))
    places = mistakes.sort_places(subject.evaluation, right=False)[:SHOWN]
    if not len(places):
        return
    st.subheader("Ask about a mistake")
    shots = [gallery.of_evaluation(subject)(int(place)) for place in places]
    crops = wait(evaluation.pictures(view.classifier, labelled, [shot.index for shot in shots]))
    with st.container(horizontal=True, gap="small"):
        for shot, crop in zip(shots, crops, strict=True):
            item = labelled.pool.items[shot.index]
            with st.container(width=cards.WIDTH, gap="xsmall"):
                show(maps.input_picture(crop), alt=f"{item.title}: {shot.says}")
                st.caption(say.plain(shot.says))
                st.button(
                    "From what?",
                    key=f"learned-mistake-{shot.index}",
                    width="stretch",
                    on_click=session.choose,
                    kwargs={"images": (item.address,), "target": None},
                    help="Look at this picture, here and on every page.",
                )


def suspects(of: Evaluation) -> np.ndarray:
    """Places of the pictures whose label is not the answer, the one with the least probability first."""
    own = log_probabilities(of.answers.logits)[np.arange(len(of.labels)), of.labels]
    order = np.argsort(own, kind="stable")
    return np.asarray(order[~of.right[order]])


def _suspects(subject: InfluenceSubject) -> str:
    """The labels that the network contradicts; returns how many there are."""
    view, labelled = subject.view, subject.labelled
    whole = EvaluationSubject(view, subject.part, labelled, wait_for_evaluation(view.classifier, labelled))
    places = suspects(whole.evaluation)
    if len(places):
        st.caption(
            "Those come first to whose label it gives the least probability. What it finds odd is not wrong for that: "
            "look at it."
        )
        gallery.draw(whole, places, gallery.of_evaluation(whole), "suspects")
    columns = mistakes.predictions(whole)
    tables.take_away(
        {name: [cells[place] for place in places] for name, cells in columns.items()},
        "suspected-labels",
        "suspected-csv",
        of=view.classifier.key,
    )
    return wording.suspected(len(places), len(whole.evaluation.labels))


def _columns(subject: InfluenceSubject, head: FittedHead, values: np.ndarray) -> dict[str, Sequence[object]]:
    pool, classes, order = (
        subject.labelled.pool,
        subject.view.classifier.classes,
        np.argsort(-values, kind="stable"),
    )
    return {
        "picture": [pool.items[place].title for place in head.pictures[order]],
        "address": [pool.items[place].address for place in head.pictures[order]],
        "class": [classes[label] for label in head.labels[order]],
        "pull": [f"{value:.6g}" for value in values[order]],
    }


def _fine_print(
    subject: InfluenceSubject, head: FittedHead, found: Influence, values: np.ndarray, *, by_steps: bool
) -> None:
    name = "tracin" if by_steps else "influence"
    tables.take_away(_columns(subject, head, values), name, f"{name}-csv", of=subject.view.classifier.key)
    with st.expander("How this is measured", icon=":material/menu_book:"):
        st.markdown(
            "What the head reads of each picture is kept, and the head alone is fitted again from where it stands: "
            f"multinomial regression with a ridge of {head.ridge:.3g}, by Newton's method, to its minimum. There, what "
            "leaving a picture out does follows from the exact Hessian, less the picture's own part of it. The number "
            "below a picture is by how much the log odds of the class would be lower without it. Left out for real are "
            "five pictures from each end and ten from between, and each time the head is fitted to its minimum again. "
            "A correlation below 0.8 is told and nothing drawn."
        )
        st.markdown("[Koh and Liang 2017, influence functions](https://arxiv.org/abs/1703.04730)")
        st.markdown("[Pruthi et al. 2020, TracIn](https://arxiv.org/abs/2002.08484)")
        st.caption(f"Fitted in {duration(head.seconds)}, computed and checked in {duration(found.seconds)}.")
