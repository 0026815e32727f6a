"""Where the network looks and what counts: a map for each method, with what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts import maps
from dashboard.inspection.attribution.method import Method
from dashboard.inspection.attribution.run import SEED
from dashboard.parameters import COMMON
from dashboard.records.attribution import Attribution
from dashboard.report.chapter import Ask, Chapter, ReportSubject, doubts
from dashboard.report.contents import Picture, Pictures, Points, Scale, Section, Tone, Words
from dashboard.results import attribution as results
from dashboard.view import View
from dashboard.wording import attribution, kinds
from dashboard.wording.numbers import duration

STRENGTH = 0.7
TONES: dict[str, Tone] = {"clean": "good", "marked": "care", "refused": "refused"}


@dataclass(frozen=True, eq=False)
class _Map:
    """One map and what it was asked for."""

    method: Method
    versus: int | None
    result: Attribution


def _build(subject: ReportSubject, ask: Ask) -> Section:
    view = subject.view
    versus, kind = view.selection.versus, results.kind(view)
    together = () if kind is None else kind.classes
    against = (None,) if versus in (None, view.target) else (None, versus)
    methods = results.methods(view)
    items = [
        _Map(method, other, ask(results.attribution(view, method, request)))
        for method in methods
        for other in against
        for request in [results.request(view, method, view.target, other, together)]
    ]
    drawn = [item for item in items if item.result.values is not None]
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=_finding(subject, drawn),
        blocks=(
            Words(
                f"{kinds.question(view.title, kind)} "
                f"{kinds.what_is_explained(view.prediction, view.target, view.classifier.contract, kind)}. "
                "Each map was checked before it was drawn, and says what it is worth."
            ),
            *(Words(doubt.of_map, "care") for doubt in doubts(view)[1:]),
            *([Pictures(tuple(_picture(subject, item, items) for item in drawn))] if drawn else []),
            *[Words(attribution.looked_for(item.result)) for item in drawn[:1]],
            *(
                Words(f"{_title(subject, item)}: not drawn. {item.result.outcome.reason}", "refused")
                for item in items
                if item.result.values is None
            ),
            Points(tuple(f"{method.title}: {method.reading}" for method in methods)),
        ),
        address=subject.address(CHAPTER.path, methods=tuple(method.name for method in methods)),
        provenance=tuple(_provenance(subject, item) for item in items),
        credits=tuple(f"{method.title}: {method.paper.citation}, {method.paper.link}" for method in methods),
        summary=(_finding(subject, drawn), attribution.tally([item.result.outcome for item in items])),
    )


def _name(view: View) -> str:
    """What the maps explain: the class, or any of its kind."""
    kind = results.kind(view)
    return view.title if kind is None else kinds.any_of(kind)


def _finding(subject: ReportSubject, drawn: Sequence[_Map]) -> str:
    if not drawn:
        return attribution.nothing_drawn(_name(subject.view))
    against = doubts(subject.view)
    if against:
        return against[0].of_map
    telling = [item for item in drawn if item.result.outcome.telling]
    if not telling:
        return attribution.nothing_told(_name(subject.view))
    first = telling[0]
    return attribution.focus(first.result.values, _name(subject.view), first.method.title)  # type: ignore[arg-type]  # drawn


def _picture(subject: ReportSubject, item: _Map, items: Sequence[_Map]) -> Picture:
    view, result = subject.view, item.result
    common = COMMON.read(view.selection.parameters)
    limit = maps.scale_limit(
        [other.result for other in items if other is item or (common and other.method is item.method)]
    )
    drawing = maps.overlay(view.seen.crop, result, limit=limit, strength=STRENGTH)
    small, outcome = maps.is_small(view.seen.crop), result.outcome
    word = attribution.WORDS[outcome.kind]
    remark = f"{word}: {outcome.reason}" if outcome.reason else word
    measures = ", ".join((*attribution.measures(result), duration(result.seconds)))
    return Picture(
        drawing if small else maps.as_photo(drawing),
        f"{_title(subject, item)} over {view.picture.title}",
        title=_title(subject, item),
        caption=f"{item.method.question} {measures[:1].upper()}{measures[1:]}.",
        scale=Scale(maps.scale_bar(signed=result.signed), attribution.limits(result, limit)),
        remarks=(Words(remark, TONES[outcome.kind]),),
        sharp=small,
    )


def _title(subject: ReportSubject, item: _Map) -> str:
    view = subject.view
    if item.versus is None:
        return f"{item.method.title} for {_name(view)}"
    return f"{item.method.title} for {view.title} rather than {view.prediction.classes[item.versus]}"


def _provenance(subject: ReportSubject, item: _Map) -> tuple[str, str]:
    settings, _ = results.settings(item.method, subject.view)
    parts = (
        *(f"{name} = {value}" for name, value in vars(settings).items()),
        f"layer {item.result.layer}" if item.result.layer else "",
        f"seed {SEED}" if item.method.sampled else "",
        f"{duration(item.result.seconds)}, its checks {duration(item.result.check_seconds)}",
    )
    return _title(subject, item), ", ".join(filter(None, parts))


CHAPTER = Chapter(
    "attribution",
    "Where it looks",
    "attribution",
    "Maps of what speaks for the class, each with its checks; those of the Attribution page.",
    _build,
)
