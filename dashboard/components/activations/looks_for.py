"""What a channel or a class looks for: a picture made for it from noise, beside the real one that excites it most."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.charts.curves import CurveStyle, curves
from dashboard.components import figure, say, tables
from dashboard.components.activations import aims, pools
from dashboard.components.palette import categories, ink
from dashboard.components.picture import show
from dashboard.components.wait import wait, wait_or_end
from dashboard.inspection.passes.pool import Pool
from dashboard.records.activations import ReceptiveField
from dashboard.records.curves import Line
from dashboard.records.maximisation import Aim, MaximisedPicture, Rival
from dashboard.results import activations as results
from dashboard.view import View
from dashboard.wording import maximisation
from dashboard.wording.numbers import duration, percent, three_digits

PAPER = "https://distill.pub/2017/feature-visualization/"


def draw(view: View) -> None:
    """The picture for what the address names, and what it is worth."""
    call = view.layer
    finding = st.empty()
    what, aim = aims.pick_aim(view, call)
    left, right = st.columns(2, gap="large")
    with left:
        place = st.empty()
        whole, early = results.maximisation(view, aim), results.draft(view, aim)
        draft = (
            wait(early, stop=lambda: session.stop(whole.key))
            if early is not None and whole.key not in session.visit().stopped
            else None
        )
        if draft is not None and draft.picture is not None:
            with place.container():
                _draft(view, draft, aim, what)
        result = wait_or_end(whole)
        place.empty()
    if result.picture is None:
        finding.header(say.plain(f"No picture for {what}."))
        with left:
            say.problem(f"Not drawn: {result.reason}.")
        _fine_print(aim, result)
        return
    finding.header(say.plain(maximisation.reach(what, aim, result)))
    with left:
        _picture(view, result, aim, what)
    with right:
        rival_place = st.container()
        _progress(result, aim)
    _fine_print(aim, result)
    pictures = pools.pool(view)
    with rival_place:
        rival = _rival(view, aim, pictures)
        _comparison(result, rival, aim, pictures)
    # In the place of the first one, now that there is something to compare with.
    finding.header(say.plain(maximisation.headline(what, aim, result, rival)))


def _draft(view: View, draft: MaximisedPicture, aim: Aim, what: str) -> None:
    assert draft.picture is not None
    show(
        maps.input_picture(_visible_part(view, draft.picture, aim)),
        alt=f"Draft of a picture for {what}",
        width=maps.SIDE,
    )
    steps = max(1, len(draft.trace))
    left = duration(draft.seconds / steps * aim.steps)
    st.caption(
        f":material/hourglass_top: Draft after {steps} of {aim.steps} steps. The picture takes about {left} and "
        "follows in its place."
    )


def _picture(view: View, result: MaximisedPicture, aim: Aim, what: str) -> None:
    assert result.picture is not None
    way = "avoid" if aim.avoid else "excite"
    part = _visible_part(view, result.picture, aim)
    show(maps.input_picture(part), alt=f"A picture made to {way} {what}", width=maps.SIDE)
    cut = (
        ""
        if part.shape == result.picture.shape
        else f" Shown is what the place in the middle sees, {part.shape[1]} x {part.shape[0]} of "
        f"{result.picture.shape[1]} x {result.picture.shape[0]} pixels."
    )
    st.caption(
        "One of many pictures that would do, made from noise by the network's own gradient. It is no photo, and the "
        f"network has never seen it.{cut}"
    )
    file = "-".join(
        ("class" if aim.call is None else "channel", str(aim.unit), way, view.classifier.key.short)
    )
    with st.container(horizontal=True):
        st.download_button(
            "PNG",
            lambda: maps.exact_pixels(result.picture),  # type: ignore[arg-type]  # there is one
            f"{file}.png",
            "image/png",
            key="made-png",
            icon=":material/download:",
            on_click="ignore",
            help="Pixel by pixel as the network reads it, so that it gives the same number again.",
        )
        tables.take_away(
            {"Step": list(range(1, len(result.trace) + 1)), "Value": result.trace.tolist()}, file, "made-csv"
        )


def _visible_part(view: View, picture: np.ndarray, aim: Aim) -> np.ndarray:
    """The part of the picture that the place sees which it was made for; all of it where that is every place."""
    if aim.call is None or aim.everywhere:
        return picture
    top, left, bottom, right = wait(results.receptive_field(view, aim.call)).box
    return picture[top:bottom, left:right]


def _rival(view: View, aim: Aim, pictures: Pool) -> Rival:
    """The real picture with the highest number, or the lowest."""
    if aim.call is None:
        scores = wait_or_end(results.scores(view, pictures))
        value, index = (scores.lowest, scores.least) if aim.avoid else (scores.highest, scores.most)
        side = view.classifier.preprocessing.size
        whole = ReceptiveField(side, (1, 1), (0, 0), (0, 0, *side))
        return _rival_part(
            view, pictures, scores.pictures, float(value[aim.unit]), int(index[aim.unit]), 0, whole
        )
    over = wait_or_end(results.layer_over_data(view, aim.call, pictures))
    if aim.avoid:
        # Pictures are ranked by their largest values; how far down any of them goes, the histogram tells.
        return Rival(over.pictures, float(over.edges(aim.unit)[np.flatnonzero(over.counts[aim.unit])[0]]))
    values, indices, places = over.most_values, over.most, over.most_places
    field = wait(results.receptive_field(view, aim.call))
    first = (aim.unit, 0)
    return _rival_part(
        view, pictures, over.pictures, float(values[first]), int(indices[first]), int(places[first]), field
    )


def _rival_part(
    view: View, pictures: Pool, count: int, value: float, index: int, place: int, field: ReceptiveField
) -> Rival:
    (part,) = wait(results.excerpts(view, pictures, [index], [place], field))
    return Rival(count, value, pictures.items[index].title, part)


def _comparison(result: MaximisedPicture, rival: Rival, aim: Aim, pictures: Pool) -> None:
    """What it is worth: the same number of real pictures."""
    st.subheader("Beside real pictures")
    if pictures.few:
        say.note(f"{rival.pictures} pictures: a hint, not a statistic.")
    pools.tell_omissions(pictures, rival.pictures)
    with st.container(horizontal=True):
        if rival.part is not None:
            with st.container(width=160, gap="xsmall"):
                show(maps.input_picture(rival.part), alt=f"{rival.title}, {three_digits(rival.value)}")
                st.caption(say.plain(rival.title))
        with st.container(width=200):
            st.metric(
                "Made picture",
                three_digits(result.reached),
                border=True,
                help="The class's score, measured on the picture in whole colours."
                if aim.call is None
                else "What the activation function reads, measured on the picture in whole colours: in the middle, or "
                f"the {'lowest' if aim.avoid else 'largest'} value where it is made for every place.",
            )
            st.metric(
                "Real pictures" if rival.part is None else "Real picture",
                three_digits(rival.value),
                border=True,
                help=say.plain(f"{maximisation.quantity(aim)}, of {pictures.title}."),
            )
    if result.probability is not None:
        st.caption(f"In the made picture, the network gives the class {percent(result.probability)}.")


def _progress(result: MaximisedPicture, aim: Aim) -> None:
    """How the number went, step by step."""
    steps = np.arange(1, len(result.trace) + 1)
    of_unit = "Mean over all places" if aim.everywhere else "Value in the middle"
    title = f"{'Score' if aim.call is None else of_unit}, at each step"
    figure.draw(
        curves(title, [Line("", "", steps, result.trace, 0)], categories(), CurveStyle(ink=ink())),
        key="ascent",
        alt=f"{title}: from {three_digits(float(result.trace[0]))} to {three_digits(float(result.trace[-1]))}",
    )


def _fine_print(aim: Aim, result: MaximisedPicture) -> None:
    with st.expander("How this is made, and its limits", icon=":material/menu_book:"):
        goal = r"\mathbb{E}_{m}\; f\big(m(x)\big)" if not aim.still else "f(x)"
        way = r"\arg\min" if aim.avoid else r"\arg\max"
        st.latex(
            rf"x^{{*}} = {way}_{{x}}\; {goal},\qquad x = \mathrm{{sigmoid}}\big(C\, \mathcal{{F}}^{{-1}}(s / \nu)\big)"
        )
        moved = (
            "It is held still, so patterns of single pixels count."
            if aim.still
            else "At each step it is shifted, turned and scaled a little, so that only what survives this counts."
        )
        st.markdown(
            "The picture is its spectrum s, divided by the frequency: otherwise it drowns in noise. Colours go "
            f"together as in photographs (C). {moved} f is the class's score, or what the "
            "channel's activation function reads in the middle, or on average over all places; its output where "
            "there is no such function."
        )
        st.caption(
            f"Seed {aim.seed}, {len(result.trace):,} of {aim.steps:,} steps in {duration(result.seconds)}"
            + (
                f", from {three_digits(result.begun)} in the noise that it began with. "
                if result.picture is not None
                else ". "
            )
            + "What a picture like this shows is a hint at what the network answers to, and no proof: other seeds "
            "show other sides of it."
        )
        st.markdown(f"[Olah, Mordvintsev and Schubert, Feature Visualization, 2017]({PAPER})")
