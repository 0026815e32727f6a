"""A small network on its test pictures, evaluated once for all tests, and a component that shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from streamlit.testing.v1 import AppTest

from dashboard.components.evaluation.subject import EvaluationSubject
from dashboard.inspection.evaluation.sets import available_sets
from dashboard.results import evaluation as results
from tests.dashboard.components.component import drawn, made, view_of

MLP = {"model": "mlp", "image": "mnist-10k/test/17"}


@cache
def subject() -> EvaluationSubject:
    view = view_of(MLP)
    part = available_sets(view.model, view.classifier)["test"]()
    labelled = part.read(view.classifier)
    answers = made(results.answers(view.classifier, labelled))
    return EvaluationSubject(
        view, part, labelled, made(results.evaluation(view.classifier, labelled, answers))
    )


def _script(draw, shown):
    import dataclasses

    from dashboard import session

    session.begin()
    view = dataclasses.replace(shown.view, selection=session.visit().selection)
    draw(dataclasses.replace(shown, view=view))


def shown_by(
    draw: Callable[[EvaluationSubject], object], address: Mapping[str, str] | None = None
) -> AppTest:
    """The page of one component at an address."""
    return drawn(_script, MLP | dict(address or {}), draw=draw, shown=subject())
