"""How the network learned: the curves of a run, and what they say."""

from __future__ import annotations

from dashboard.charts.curves import CurveStyle
from dashboard.charts.curves import curves as drawn
from dashboard.inspection.evaluation.sets import run_of
from dashboard.records.curves import Line
from dashboard.report.chapter import Ask, Chapter, ReportSubject
from dashboard.report.contents import Block, Chart, Points, Section, Words
from dashboard.report.theme import categories, ink
from dashboard.runs import CurveSource, change_of, colours_of, parts_of
from dashboard.wording import training
from dashboard.wording.curves import charts as charts_of_run
from dashboard.wording.numbers import percent
from models.runtime.errors import UserError
from models.tensorboard.reader import EventReader
from models.training.verdict import Verdict

# As the Training page draws them.
LOOK = CurveStyle(smoothing=0.6, ink=ink())


def _build(subject: ReportSubject, ask: Ask) -> Section:
    if not subject.runs:
        raise UserError(
            "This network is no checkpoint of a run, and no run was chosen, so there are no curves to show."
        )
    charts: dict[str, list[Line]] = {}
    lines: list[Block] = []
    drawn_parts = [part for run in subject.runs for part in parts_of(run)]
    palette = categories()
    colours = colours_of(drawn_parts, len(palette))
    for part in drawn_parts:
        for title, more in charts_of_run(part.title, _read(part).curves(), colours[part.name]).items():
            charts.setdefault(title, []).extend(more)
    titles = [title for title in training.FIRST if title in charts]
    if not titles:
        raise UserError(
            "The chosen runs have logged neither loss nor accuracy yet, so there are no curves to show."
        )
    for title in titles:
        heading = title[:1].upper() + title[1:]
        lines.append(
            Chart.of(
                drawn(heading, charts[title], palette, LOOK, names_runs=True),
                f"{heading} over optimizer steps",
                "Each step reads one batch of pictures. Training is drawn thin and smoothed, validation dashed.",
            )
        )
    first = subject.runs[0]
    verdict = training.verdict(first, _read(first).series())
    own = run_of(subject.view.model)
    finding = training.report_headline(subject.runs, verdict, own=own is not None and own.id == first.name)
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=finding,
        blocks=(*_result(first, verdict), *_evidence(verdict), *lines),
        address=subject.address(CHAPTER.path, runs=tuple(run.name for run in subject.runs)),
        provenance=tuple(_provenance(run) for run in subject.runs),
        summary=(finding,),
    )


def _read(source: CurveSource) -> EventReader:
    reader = EventReader(source.folder)
    reader.refresh()
    return reader


def _result(source: CurveSource, verdict: Verdict | None) -> list[Block]:
    """What a change that was tried did, and how sure that is."""
    change = change_of(source)
    if change is None:
        return []
    before = training.verdict(change.before, _read(change.before).series())
    sentence = training.effect(change, before, verdict)
    method = [] if change.measured is None else [Words(training.effect_method(change.measured), tone="small")]
    return [Words(sentence), *method] if sentence else []


def _evidence(verdict: Verdict | None) -> list[Block]:
    if verdict is None or not verdict.evidence:
        return []
    blocks: list[Block] = [Points(verdict.evidence)]
    if verdict.remedies:
        blocks.append(Words(f"What to try first: {verdict.remedies[0].title}. {verdict.remedies[0].reason}"))
    return blocks


def _provenance(source: CurveSource) -> tuple[str, str]:
    if source.run is None:
        return source.title, "somebody's TensorBoard log"
    config, scores = source.run.config, source.run.status().scores
    parts = [
        f"{name} = {getattr(config, name)}"
        for name in ("model", "dataset", "epochs", "batch_size", "optimizer", "seed")
    ]
    if source.title != source.name:
        parts.insert(0, source.name)
    if "test_top1" in scores:
        parts.append(f"test accuracy {percent(scores['test_top1'])}")
    return f"Run {source.title}", ", ".join(parts)


def _is_own(subject: ReportSubject) -> bool:
    """Whether the network is a checkpoint of a run that is shown: another run is told of only where it is chosen."""
    own = run_of(subject.view.model)
    return own is not None and own.id in {run.name for run in subject.runs}


CHAPTER = Chapter(
    "training",
    "How it learned",
    "training",
    "Loss and accuracy of the chosen run over its steps, and whether the network memorises.",
    _build,
    usual=_is_own,
)
