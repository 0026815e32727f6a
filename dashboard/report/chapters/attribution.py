"""Where the network looks and what counts: a map for each method, with what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts import maps
from dashboard.inspection.attribution.method import Method
from dashboard.inspection.attribution.run import SEED
from dashboard.records.attribution import Attribution
from dashboard.report.chapter import Ask, Chapter, ReportSubject
from dashboard.report.contents import Picture, Pictures, Points, Scale, Section, Tone, Words
from dashboard.results import attribution as results
from dashboard.wording import attribution
from dashboard.wording.numbers import duration, three_digits

STRENGTH = 0.7
TONES: dict[str, Tone] = {"clean": "good", "marked": "care", "refused": "refused"}


@dataclass(frozen=True, eq=False)
class _Found:
    """One map and what it was asked for."""

    method: Method
    versus: int | None
    found: Attribution


def _build(subject: ReportSubject, ask: Ask) -> Section:
    view = subject.view
    versus = view.selection.versus
    against = (None,) if versus in (None, view.target) else (None, versus)
    methods = results.methods(view)
    found = [
        _Found(method, other, ask(results.attribution(view, method, request)))
        for method in methods
        for other in against
        for request in [results.request(view, method, view.target, other)]
    ]
    drawn = [one for one in found if one.found.values is not None]
    score = three_digits(float(view.prediction.logits[view.target]))
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=_finding(subject, drawn),
        blocks=(
            Words(
                f"Explained is the score of {view.title} before the softmax (its logit), which is {score}. Each map "
                "was checked before it was drawn, and says what it is worth."
            ),
            *([Pictures(tuple(_picture(subject, one, found) for one in drawn))] if drawn else []),
            *(
                Words(f"{_title(subject, one)}: not drawn. {one.found.outcome.reason}", "refused")
                for one in found
                if one.found.values is None
            ),
            Points(tuple(f"{method.title}: {method.reading}" for method in methods)),
        ),
        address=subject.address(CHAPTER.path, methods=tuple(method.name for method in methods)),
        provenance=tuple(_made(subject, one) for one in found),
        credits=tuple(f"{method.title}: {method.paper.citation}, {method.paper.link}" for method in methods),
        summary=(_finding(subject, drawn), attribution.tally([one.found.outcome for one in found])),
    )


def _finding(subject: ReportSubject, drawn: Sequence[_Found]) -> str:
    if not drawn:
        return attribution.nothing_drawn(subject.view.title)
    first = drawn[0]
    return attribution.focus(first.found.values, subject.view.title, first.method.title)  # type: ignore[arg-type]  # drawn


def _picture(subject: ReportSubject, one: _Found, all_found: Sequence[_Found]) -> Picture:
    view, found = subject.view, one.found
    # Maps of one method share a scale, so that they can be compared.
    limit = maps.scale_limit([other.found for other in all_found if other.method is one.method])
    drawing = maps.overlay(view.seen.crop, found, limit=limit, strength=STRENGTH)
    small, outcome = maps.is_small(view.seen.crop), found.outcome
    word = attribution.WORDS[outcome.kind]
    remark = f"{word}: {outcome.reason}" if outcome.reason else word
    measures = ", ".join((*attribution.measures(found), duration(found.seconds)))
    return Picture(
        drawing if small else maps.as_photo(drawing),
        f"{_title(subject, one)} over {view.picture.title}",
        title=_title(subject, one),
        caption=f"{one.method.question} {measures[:1].upper()}{measures[1:]}.",
        scale=Scale(maps.scale_bar(signed=found.signed), attribution.limits(found, limit)),
        remarks=(Words(remark, TONES[outcome.kind]),),
        sharp=small,
    )


def _title(subject: ReportSubject, one: _Found) -> str:
    view = subject.view
    if one.versus is None:
        return f"{one.method.title} for {view.title}"
    return f"{one.method.title} for {view.title} rather than {view.prediction.classes[one.versus]}"


def _made(subject: ReportSubject, one: _Found) -> tuple[str, str]:
    view = subject.view
    settings = vars(results.settings(one.method, view)[0])
    told = [f"{name} = {value}" for name, value in settings.items()]
    if one.found.layer:
        told.append(f"layer {one.found.layer}")
    if one.method.sampled:
        told.append(f"seed {SEED}")
    told.append(f"{duration(one.found.seconds)}, its checks {duration(one.found.check_seconds)}")
    return _title(subject, one), ", ".join(told)


CHAPTER = Chapter(
    "attribution",
    "Where it looks",
    "attribution",
    "Maps of what speaks for the class, each with its checks; those of the Attribution page.",
    _build,
)
