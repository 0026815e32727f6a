"""Attack: the least change of every pixel that changes the answer, beside changes of everyday."""

from __future__ import annotations

import io

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.charts.whatif import change
from dashboard.components import answer, choice, say
from dashboard.components.attribution import explain
from dashboard.components.picture import show
from dashboard.components.wait import slot, wait_unless_stopped
from dashboard.components.whatif import harmless, robustness
from dashboard.inspection.attribution import METHODS
from dashboard.inspection.whatif import margin
from dashboard.parameters import AIM, EPS
from dashboard.records.whatif import Attacked, Trial
from dashboard.results import attack as results
from dashboard.results import attribution
from dashboard.view import View
from dashboard.wording import attack as wording
from dashboard.wording.answer import class_label, headline
from dashboard.wording.brush import line
from dashboard.wording.numbers import duration, three_digits

ANY = "any"


def draw(view: View) -> None:
    """The search on top, then what everyday does, then a whole set; or why nothing can be searched for."""
    refused = margin.refusal(view.classifier.contract)
    if refused:
        st.header(say.plain(_headline(view)))
        say.note(refused)
        return
    settings = session.settings()
    top = slot()
    _pickers(view)
    decision, wanted = results.decision(view, settings), results.attacked(view, settings)
    found = None if wanted is None else wait_unless_stopped(wanted)
    if found is None:
        top.header(say.plain(_headline(view)))
        if wanted is None:
            st.caption("With 0 levels of 255 the picture stays as it is; choose at least one.")
    else:
        title = view.model.title.partition(" (")[0]
        doubts = answer.doubts(view)
        said = wording.finding(title, view.prediction, found, decision)
        opening = f"{doubts[0].opening}: {said[:1].lower()}{said[1:]}" if doubts else said
        top.header(say.plain(opening))
        _search(view, found)
    harmless.draw(view)
    robustness.draw(view)


def _headline(view: View) -> str:
    return headline(view.model.title, view.prediction, answer.doubts(view))


def _pickers(view: View) -> None:
    """How much a pixel may change, and what the answer is to become."""
    settings, prediction = session.settings(), view.prediction
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider(
            "Levels of 255 by which a pixel may change",
            EPS.low,
            EPS.high or EPS.low,
            key=session.control(EPS.name, EPS.read(settings)),
            on_change=lambda: session.choose_parameter(EPS, session.entry(EPS.name)),
            help="Each colour of each pixel, up or down (L-infinity). 8 of 255 is hardly seen, 1 not at all.",
            width=360,
        )
        if prediction.reading != "one of several":
            return
        ranked = [index for index in prediction.ranking() if index != prediction.winner]
        aim = results.aim(view, settings)
        offered: list[int | str] = [ANY, *ranked]
        choice.select(
            "The answer is to become",
            offered,
            ANY if aim is None else aim,
            lambda index: session.choose_parameter(AIM, None if isinstance(index, str) else index),
            key=AIM.name,
            title=lambda index: "Any other" if isinstance(index, str) else class_label(prediction, index),
            text="Any other answer, or one class that is aimed at.",
            width=280,
        )


def _search(view: View, found: Attacked) -> None:
    """The picture, its change and what came of it, with what the network says and how much that is worth."""
    st.markdown(say.plain(wording.worth(found)))
    before, after = view.seen.crop, results.changed_view(view, found.best).seen.crop
    times = change.factor(before, after)
    pictures = (
        (maps.input_picture(before), "As it is", f"{view.picture.title}, as it is"),
        (
            change.amplified(before, after),
            f"The change, {times} times larger" if times > 1 else "The change",
            f"What was changed, {times} times larger, on grey",
        ),
        (
            maps.input_picture(after),
            "Changed" if found.smallest else "What came nearest",
            f"{view.picture.title}, changed by at most {found.best.eps} of 255",
        ),
    )
    for column, (picture, caption, alt) in zip(st.columns(3, gap="medium"), pictures, strict=True):
        show(picture, alt=alt, caption=caption, place=column)
    left, right = st.columns(2, gap="large")
    with left:
        _answers(view, found.best)
    with right:
        st.markdown(f"**Is the way hidden?** {say.plain(wording.masking(found))}")
        _trials(found)
    _maps(view, found.best)
    _take_away(view, found)
    _fine_print(found)


def _answers(view: View, trial: Trial) -> None:
    """The first answers to the changed picture, each with what it was before."""
    now, before = trial.prediction, view.prediction
    several = before.reading == "one of several"
    explained = before.winner if several else view.target
    for index in dict.fromkeys((*now.ranking()[:3], explained)):
        name, figures = line(before, now, index)
        label = say.plain(name)
        st.progress(
            float(np.clip(np.nan_to_num(now.strength(index)), 0, 1)),
            text=f"{f'**{label}**' if index == explained else label} · {figures}",
        )


def _trials(found: Attacked) -> None:
    """Each search with the whole of what is allowed."""
    st.dataframe(
        {
            "Search": [wording.SEARCHES[trial.how] for trial in found.trials],
            "Found": ["yes" if trial.found else "no" for trial in found.trials],
            "Margin": [trial.margin for trial in found.trials],
            "Pictures": [trial.passes for trial in found.trials],
            "Time (s)": [trial.seconds for trial in found.trials],
        },
        hide_index=True,
        key="attack-trials",
        column_config={
            "Margin": st.column_config.NumberColumn(
                format="%.3g",
                help=f"How far the answer is from changing, in logits; it was {three_digits(found.margin)}, and below "
                "0 it has changed.",
            ),
            "Pictures": st.column_config.NumberColumn(help="That the network was shown, at most."),
            "Time (s)": st.column_config.NumberColumn(format="%.1f"),
        },
        alt="What each search found",
    )


def _maps(view: View, trial: Trial) -> None:
    """The map of the class before and after."""
    method = attribution.methods(view)[0]
    st.subheader(f"Where it looks, before and after ({say.plain(method.title)})")
    choice.select(
        "Method",
        [name for name, other in METHODS.items() if other.refusal(view.survey) is None],
        method.name,
        lambda name: session.choose(methods=(name,)),
        key="attack-method",
        title=lambda name: METHODS[name].title,
        width=320,
        hidden=True,
    )
    changed = results.changed_view(view, trial)
    subjects = [explain.subject(view), explain.subject(changed)]
    found = [wait_unless_stopped(explain.map_of(method, subject)) for subject in subjects]
    limit = maps.scale_limit([one for one in found if one is not None])
    titles = ("As it is", "Changed")
    for column, subject, one, title in zip(st.columns(2, gap="large"), subjects, found, titles, strict=True):
        with column:
            if one is None:
                continue
            if one.values is None:
                say.warning(one.outcome.reason)
                continue
            show(
                maps.overlay(subject.view.seen.crop, one, limit=limit, strength=explain.strength()),
                alt=f"{explain.alternative(one, subject)}: {title.lower()}",
                caption=f"{title}, for {say.plain(view.title)}",
            )
            if one.outcome.kind == "marked":
                say.warning(one.outcome.reason)


def _take_away(view: View, found: Attacked) -> None:
    name = f"attack-{view.classifier.key.short}-{view.seen.digest[:8]}"
    best = found.best
    with st.container(horizontal=True):
        st.download_button(
            "PNG",
            lambda: maps.exact_pixels(results.changed_view(view, best).seen.crop),
            f"{name}.png",
            "image/png",
            key="attack-png",
            icon=":material/download:",
            on_click="ignore",
            help="The changed picture, pixel by pixel, as the network reads it.",
        )
        st.download_button(
            "npz",
            lambda: _numbers(view, best),
            f"{name}.npz",
            "application/octet-stream",
            key="attack-npz",
            icon=":material/download:",
            on_click="ignore",
            help="pixels (C, H, W) of 255, inputs as the network reads them, and the logits before and after.",
        )


def _numbers(view: View, trial: Trial) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(
        file,
        pixels=trial.pixels,
        inputs=trial.inputs,
        before=view.prediction.logits,
        after=trial.prediction.logits,
    )
    return file.getvalue()


def _fine_print(found: Attacked) -> None:
    with st.expander("How it is searched for", icon=":material/menu_book:"):
        st.markdown(
            "What changes is the 8-bit picture that the network reads, before it is normalised. One step goes along "
            f"the sign of the gradient of the margin (FGSM); many steps do so {found.steps} times, first from the "
            f"picture, then from {found.restarts - 1} places at random within reach, and stop at the first find (PGD); "
            "then fewer levels are tried by halves. Each result is rounded to whole levels and put to the network "
            "itself. A random search changes squares and keeps what helps; it is asked where following the gradient "
            "finds nothing, and where there is none."
        )
        for citation, link in (
            ("Goodfellow, Shlens and Szegedy 2015, one step", "https://arxiv.org/abs/1412.6572"),
            ("Madry et al. 2018, many steps", "https://arxiv.org/abs/1706.06083"),
            ("Andriushchenko et al. 2020, random squares", "https://arxiv.org/abs/1912.00049"),
            ("Athalye, Carlini and Wagner 2018, masked gradients", "https://arxiv.org/abs/1802.00420"),
        ):
            st.markdown(f"[{citation}]({link})")
        st.caption(f"All of it in {duration(found.seconds)}.")
