"""What the network says about the picture, and what it saw of it."""

from __future__ import annotations

from dashboard.charts import maps
from dashboard.report.chapter import Ask, Chapter, ReportSubject
from dashboard.report.contents import Bar, Bars, Block, Picture, Pictures, Section, Table, Words
from dashboard.view import mismatch
from dashboard.wording import answer


def _build(subject: ReportSubject, ask: Ask) -> Section:
    view = subject.view
    prediction = view.prediction
    caution = mismatch(view)
    height, width = view.seen.crop.shape[:2]
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=answer.ranking(prediction),
        blocks=(
            *([Words(caution, "care")] if caution else []),
            *_pictures(subject),
            *_entries(subject),
        ),
        address=subject.address(CHAPTER.path),
        provenance=(
            (
                f"{answer.terms(prediction).one.capitalize()} explained",
                f"{view.title} (number {view.target})",
            ),
            (
                "Input",
                f"{view.seen.inputs.shape[0]} x {height} x {width}, mean and deviation of the network's own",
            ),
        ),
        summary=(caution,) if caution else (),
    )


def _pictures(subject: ReportSubject) -> list[Block]:
    """What the network reads of the picture, where that is not all of it."""
    view, seen = subject.view, subject.view.seen
    height, width = seen.crop.shape[:2]
    whole = Picture(
        maps.whole_with_crop(seen.whole, seen.size, seen.box),
        f"{view.picture.title}, with what the network does not read darkened",
        caption=f"{view.picture.title}, {seen.size[0]:,} x {seen.size[1]:,} pixels.",
        sharp=maps.is_small(seen.whole),
    )
    read = Picture(
        maps.input_picture(seen.crop),
        "The part of the picture that the network reads, at its size",
        caption=f"What the network reads of it: {width} x {height} pixels"
        + (", turned into a digit." if view.digit else "."),
        sharp=maps.is_small(seen.crop),
    )
    return [] if seen.size == (width, height) and not view.digit else [Pictures((whole, read))]


def _entries(subject: ReportSubject) -> list[Block]:
    """The most probable classes as bars of their shares; values as a table."""
    prediction, explained = subject.view.prediction, subject.view.target
    indices = answer.top_classes(prediction, explained)
    named = [(answer.class_label(prediction, index), answer.figure(prediction, index)) for index in indices]
    words = answer.terms(prediction)
    title = Words(f"{words.heading(len(prediction.classes))}:")
    if prediction.probabilities is None:
        return [title, Table((words.one.capitalize(), words.measure), tuple(named))]
    bars = [
        Bar(name, answer.bar(prediction, index) or 0.0, figure, index == explained)
        for index, (name, figure) in zip(indices, named, strict=True)
    ]
    return [title, Bars(tuple(bars))]


CHAPTER = Chapter(
    "answer", "The answer", "", "The most probable classes, and what the network saw of the picture.", _build
)
