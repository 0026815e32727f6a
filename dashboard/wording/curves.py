"""Which curves of a run share a chart, and what is said of how they were logged."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from collections.abc import Collection, Mapping, Sequence

from dashboard.records.curves import Line
from dashboard.wording.numbers import enumeration
from models.tensorboard.parts import natural
from models.tensorboard.series import Curve, Session
from models.tensorboard.tags import SPLITS, tag_label

TRAINING, HELD_OUT = "training", ("validation", "test")
# What a title ends with that says how often its quantity is logged; an epoch's mean is the steadier partner.
OFTEN = (" (epoch)", " (step)")
# Sessions or tags that are named in one sentence.
MOST_NAMED = 4

Charts = dict[str, list[Line]]


@dataclasses.dataclass(frozen=True)
class CurveChoice:
    """Which curves a person wants to see, and which of them as one chart.

    Attributes:
        session: the only one, from 0, or the last where there are fewer; None shows all.
        joined: groups of charts, by the marks of their titles.
        find: what is in the title of each that is shown.
    """

    session: int | None = None
    joined: tuple[frozenset[str], ...] = ()
    find: str = ""


EVERYTHING = CurveChoice()


def mark(title: str) -> str:
    """A chart's title as the address says it: titles can be any text."""
    return hashlib.sha256(title.encode("utf-8", "backslashreplace")).hexdigest()[:8]


def charts(title: str, curves: Sequence[Curve], colour: int, choice: CurveChoice = EVERYTHING) -> Charts:
    """A run's curves so far: title of the quantity -> its lines, those of older sessions first and faint.

    Args:
        title: of the run.
        curves: of the run.
        colour: its place among those that are compared; further writers take the places behind it.
        choice: which of them.
    """
    last = max((curve.session for curve in curves), default=0)
    newest = last if choice.session is None else min(choice.session, last)
    writers = sorted({curve.writer for curve in curves}, key=natural)
    drawn: Charts = {}
    for curve in sorted(curves, key=lambda curve: curve.session):
        if choice.session is None or curve.session == newest:
            words = tag_label(curve.tag, curve.part)
            split = words.split or SPLITS.get(curve.writer.lower(), "")
            told = f"session {curve.session + 1}" if last and choice.session is None else ""
            line = Line(
                run=title,
                split=split,
                steps=curve.positions,
                values=curve.values,
                colour=colour + writers.index(curve.writer),
                detail=", ".join(word for word in (words.detail, curve.writer, told) if word),
                unit=curve.unit,
                is_faint=curve.session < newest,
            )
            drawn.setdefault(words.title, []).append(line)
    return _with_partners(drawn)


def _with_partners(charts: Charts) -> Charts:
    """The charts, where validation without training gets the training that is logged under another rhythm.

    Lightning logs `train_loss_step` and `train_loss_epoch`, but `val_loss`.
    """
    for title, lines in list(charts.items()):
        for often in OFTEN:
            partner = charts.get(f"{title}{often}", ())
            if _is_held_out(lines) and partner and {line.split for line in partner} == {TRAINING}:
                charts[title] = [*charts.pop(f"{title}{often}"), *lines]
                break
    return charts


def join(charts: Charts, groups: Sequence[Collection[str]]) -> Charts:
    """The charts, some of them as one, in which each line says what it was; groups hold marks of titles."""
    for group in groups:
        titles = [title for title in charts if mark(title) in group]
        if len(titles) > 1:
            lines = [
                dataclasses.replace(line, detail=", ".join(part for part in (title, line.detail) if part))
                for title in titles
                for line in charts.pop(title)
            ]
            charts[" and ".join(titles)] = lines
    return charts


def apart(charts: Mapping[str, Sequence[Line]]) -> tuple[list[str], list[str]]:
    """Titles of the charts that have training alone, and of those that have validation or test alone."""
    training = [title for title, lines in charts.items() if {line.split for line in lines} == {TRAINING}]
    return training, [title for title, lines in charts.items() if _is_held_out(lines)]


def _is_held_out(lines: Sequence[Line]) -> bool:
    return all(line.split in HELD_OUT for line in lines)


def apart_sentence(charts: Mapping[str, Sequence[Line]]) -> str:
    """What is left apart because no name says that it belongs together; empty where there is nothing of the kind."""
    training, held_out = apart(charts)
    if not training or not held_out:
        return ""
    return (
        f"Training alone: {enumeration(training)}. Validation or test alone: {enumeration(held_out)}. Their names do "
        "not say whether any of them belong together; they can be joined under Curves."
    )


def sessions_sentence(title: str, sessions: Sequence[Session], chosen: int | None = None) -> str:
    """How many sessions a log holds, when each began, and what is drawn of them; empty where it is one."""
    if len(sessions) < 2:
        return ""
    dated = [date(session) for session in sessions[-MOST_NAMED:]]
    when = f"; the last {MOST_NAMED} began" if len(sessions) > MOST_NAMED else ", begun"
    drawn = "Each has its own line; those before the newest are faint."
    if chosen is not None:
        drawn = f"Drawn is number {min(chosen + 1, len(sessions))} alone."
    return f"{title} holds {len(sessions)} sessions{when} {enumeration(dated)}: its steps go back each time. {drawn}"


def session_title(number: int, session: Session) -> str:
    """A session to choose: "2, begun 30 Nov 2026, 14:02, steps 60 to 159"."""
    return f"{number + 1}, begun {date(session)}, steps {session.first:,} to {session.last:,}"


def date(session: Session) -> str:
    """When a session began; a clock that was not set tells nothing."""
    try:
        begun = datetime.datetime.fromtimestamp(session.begun).astimezone()
    except (OverflowError, OSError, ValueError):
        return "at an unknown time"
    return f"{begun.day} {begun:%b %Y, %H:%M:%S}"


# What TensorBoard calls what a log holds -> what it is called here, of one and of several.
KINDS = {
    "images": ("picture", "pictures"),
    "audio": ("sound", "sounds"),
    "text": ("text", "texts"),
    "hparams": ("note on settings", "notes on settings"),
    "pr_curves": ("precision-recall curve", "precision-recall curves"),
    "mesh": ("3D shape", "3D shapes"),
    "histograms": ("histogram", "histograms"),
    "other": ("thing of another kind", "things of another kind"),
}


def contents_sentence(title: str, contents: Mapping[str, Collection[str]]) -> str:
    """What a log without curves holds instead.

    Args:
        title: of the log.
        contents: kind as TensorBoard calls it -> tags.
    """
    if not contents:
        return f"{title} holds nothing yet: the first points come with the first steps."
    kinds = []
    for kind, tags in contents.items():
        if kind == "graph":
            kinds.append("the graph of a network")
            continue
        named = sorted(tag.removesuffix("/text_summary") for tag in tags)
        more = f" and {len(named) - MOST_NAMED:,} more" if len(named) > MOST_NAMED else ""
        kinds.append(f"{len(named):,} {KINDS[kind][len(named) > 1]} ({', '.join(named[:MOST_NAMED])}{more})")
    return f"{title} holds no curves, but {enumeration(kinds)}."
