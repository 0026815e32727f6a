"""What reports are made of in tests: a small network and a picture, with names of anybody's."""

from __future__ import annotations

import dataclasses

from dashboard.report.assembly import assemble
from dashboard.report.chapter import ReportSubject
from dashboard.report.chapters import CHAPTERS
from dashboard.report.contents import Report
from dashboard.runs import CurveSource, find_source
from dashboard.selection import Selection
from dashboard.view import build_view
from models.networks import find_network
from models.runtime.progress import silent

NETWORK, PICTURE, RUN = "mlp", "mnist-10k/test/0", "example-healthy"
# If any of them became markup or script, it would set `window.hacked`.
HOSTILE = (
    "<img src=x onerror=hacked=1>",
    "</script><script>hacked=1</script>",
    "\"'><svg onload=hacked=1>",
    "<b>bold</b>",
    "javascript:hacked=1",
    "--><!-- {{ 7*7 }} </style>",
)


def subject(
    model: str = NETWORK, picture: str = PICTURE, *, run: str | None = RUN, **said: object
) -> ReportSubject:
    """A network and a picture, with a run; more fields of the selection as they come."""
    selection = Selection(model, (picture,), **said)  # type: ignore[arg-type]  # fields of Selection
    runs = () if run is None else (find_source(run),)
    entry = find_network(model)
    return ReportSubject(build_view(selection, entry, entry.load(silent)), runs, home="http://localhost:8501")


def renamed(one: ReportSubject, names: tuple[str, ...]) -> ReportSubject:
    """The same with these names, for whatever a person can name: network, picture, classes, run."""
    view = one.view
    classes = tuple(f"{names[place % len(names)]} {place}" for place in range(len(view.classifier.classes)))
    classifier = dataclasses.replace(view.classifier, title=names[0], classes=classes)
    return dataclasses.replace(
        one,
        view=dataclasses.replace(
            view,
            model=dataclasses.replace(view.model, title=names[0]),
            classifier=classifier,
            picture=dataclasses.replace(view.picture, title=names[1], credit=names[2]),
            prediction=dataclasses.replace(view.prediction, classes=classes),
        ),
        runs=tuple(CurveSource(run.name, names[3], run.folder) for run in one.runs),
    )


def whole(one: ReportSubject, *names: str) -> Report:
    """A report with these chapters, or all."""
    return assemble(one, [chapter for chapter in CHAPTERS.values() if not names or chapter.name in names])
