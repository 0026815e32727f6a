"""Which to believe: each map is measured against the network, ranked, and the finding said."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import session
from dashboard.charts.faithfulness import KINDS, curves
from dashboard.components import choice, figure, say
from dashboard.components.attribution import explain
from dashboard.components.attribution.explain import MapSubject
from dashboard.components.attribution.grid import name_column
from dashboard.components.figure import FULL
from dashboard.components.palette import categories
from dashboard.components.wait import slot, wait_unless_stopped
from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.method import Method
from dashboard.inspection.faithfulness.measure import (
    ENOUGH,
    MOST_PICTURES,
    RADIUS,
    SAMPLES,
)
from dashboard.inspection.faithfulness.ranking import EDGE_DETECTOR, NOISE, best, sort_maps
from dashboard.parameters import BELIEVE
from dashboard.records.attribution import Faithfulness
from dashboard.results import faithfulness as results
from dashboard.results.result import Result
from dashboard.wording import faithfulness
from dashboard.wording.numbers import duration

FLAG = "believe"
PAPERS = (
    ("Petsiuk, Das and Saenko 2018, deletion and insertion", "https://arxiv.org/abs/1806.07421"),
    ("Yeh et al. 2019, infidelity and sensitivity", "https://arxiv.org/abs/1901.09392"),
    ("Adebayo et al. 2018, random weights", "https://arxiv.org/abs/1810.03292"),
)


def section(methods: Sequence[Method], subjects: Sequence[MapSubject]) -> None:
    """The section below the maps; nothing is measured until it is asked for.

    Args:
        methods: whose maps are shown.
        subjects: what the columns of maps explain. The maps of a column explain the same, so they can be ranked.
    """
    st.subheader("Which to believe")
    if subjects[0].view.classifier.contract.reading == "values":
        st.caption(
            "Maps are measured by what hiding pixels does to a probability, and this network gives values, not "
            "probabilities."
        )
        return
    if any(subject.together for subject in subjects):
        st.caption("Maps of one class are measured here; choose it in place of the kind.")
        return
    measuring = choice.toggle(
        "Measure the maps above",
        BELIEVE,
        text="Asks the network again, about a hundred times for each map, with parts of the photo hidden, and makes "
        "each map once more with random weights. It takes seconds for quick methods and a minute for slow ones.",
    )
    if not measuring:
        st.caption(
            "Maps of one photo disagree. Measured on the network itself, some point at what it uses and some do not."
        )
        return
    columns = [_trials(methods, subject) for subject in subjects]
    jobs = [
        trial.submit(session.visitor())
        for trial in itertools.chain(*columns)
        if trial.key not in session.visit().stopped
    ]
    titles = {method.name: method.title for method in methods}
    all_results: list[Faithfulness] = []
    for number, (subject, trials) in enumerate(zip(subjects, columns, strict=True)):
        name_column(subject, subjects)
        heading = slot()
        measures = [wait_unless_stopped(trial, again="Measure again", later=jobs) for trial in trials]
        scores = [result for result in measures if result is not None]
        if not scores:
            heading.markdown(
                "Nothing is measured: of the maps above none is drawn, or measuring was stopped."
            )
            continue
        heading.markdown(f"**{say.plain(faithfulness.headline(scores, subject.title))}**")
        _draw(sort_maps(scores), titles, f"column{number}")
        all_results += scores
    if all_results:
        _fine_print(all_results)


def _draw(ranking: Sequence[Faithfulness], titles: Mapping[str, str], key: str) -> None:
    """The measures of one column of maps, the best first."""
    for place, kind in zip(st.columns(len(KINDS), gap="medium"), KINDS, strict=True):
        figure.draw(
            curves(kind, ranking, titles, categories()),
            key=f"{key}-{kind}",
            alt=None,
            config=FULL,
            place=place,
        )
    _table(ranking, f"{key}-measures")


def _trials(methods: Sequence[Method], subject: MapSubject) -> list[Result[Faithfulness]]:
    """The measures of the maps of a column that are drawn."""
    trials = []
    for wanted in (explain.map_of(method, subject) for method in methods):
        # Its map is there already, unless the visitor stopped it or it had to make room.
        attribution = None if wanted.key in session.visit().stopped else wait_unless_stopped(wanted)
        if attribution is not None and attribution.values is not None:
            trials.append(results.faithfulness(wanted, attribution.values))
    return trials


def _table(ranking: Sequence[Faithfulness], key: str) -> None:
    ahead = best(ranking)
    number = st.column_config.NumberColumn
    st.dataframe(
        {
            "Method": [METHODS[result.method].title for result in ranking],
            "Word": [faithfulness.rank(result, ahead) for result in ranking],
            "Deletion area": [result.deletion_area for result in ranking],
            "Insertion area": [result.insertion_area for result in ranking],
            "Infidelity": [result.infidelity for result in ranking],
            "Sensitivity": [result.sensitivity for result in ranking],
            "Random weights": [result.agreement for result in ranking],
        },
        hide_index=True,
        key=key,
        column_config={
            "Deletion area": number(
                format="%.3f", help="Mean probability while pixels are hidden. Low is good."
            ),
            "Insertion area": number(
                format="%.3f", help="Mean probability while pixels are shown. High is good."
            ),
            "Infidelity": number(
                format="%.3f",
                help="Share of the score's changes, when squares are hidden, that the map misses. Low is good.",
            ),
            "Sensitivity": number(
                format="%.3f",
                help="Largest relative change of the map under a change of the photo that nobody sees. Low is good.",
            ),
            "Random weights": number(
                format="%.3f",
                help="Rank correlation with the map of the same network with random weights. From "
                f"{EDGE_DETECTOR} on the map is an edge detector.",
            ),
        },
        alt="Each method's measures, the best first",
    )
    if any(result.sensitivity is None for result in ranking):
        st.caption(
            f"Sensitivity makes a map {SAMPLES} times more; it is left out where the network would "
            f"see over {MOST_PICTURES} pictures."
        )


def _fine_print(scores: Sequence[Faithfulness]) -> None:
    with st.expander("How the maps are measured", icon=":material/menu_book:"):
        st.markdown(
            "Maps are ranked by insertion area minus deletion area; edge detectors come last. Differences below "
            f"{NOISE} count as none. Curves show the class's probability, which unlike its score has a scale that "
            "photos share. A hidden pixel shows the mean colour of the training data, insertion begins with the "
            "blurred photo, and a signed map is taken by its sign: what speaks against the class comes last.\n\n"
            "Infidelity hides squares of a quarter of the photo's side, the same for all maps, and allows each map "
            f"one factor, since maps have units of their own. Sensitivity changes each value by up to {RADIUS} "
            "standard deviations. For the random weights each layer draws its first weights again and batch norms "
            "take the photo's statistics; compared are the sizes of both maps. A method that adds steps until it is "
            f"exact takes {ENOUGH} there."
        )
        for citation, link in PAPERS:
            st.markdown(f"[{citation}]({link})")
        seconds = duration(sum(result.seconds for result in scores))
        st.caption(f"Measured in {seconds}, {len(scores)} map{'s' * (len(scores) > 1)} in all.")
