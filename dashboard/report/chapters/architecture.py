"""What the network is: its size, its costs along the depth, and where it comes from."""

from __future__ import annotations

from dashboard.charts.architecture.stages import stage_bars
from dashboard.report.chapter import Ask, Chapter, ReportSubject
from dashboard.report.contents import Chart, Numbers, Section, Table, Words
from dashboard.report.theme import categories
from dashboard.results import network
from dashboard.wording.answer import plural
from dashboard.wording.architecture import Ledger, headline, stage_shares
from dashboard.wording.contract import cautions, entries, sealed
from dashboard.wording.numbers import memory, percent, si
from models.runtime.errors import UserError

# More stages than this do not fit a page of paper; those with most of the parameters are kept.
MOST_STAGES = 36


def _build(subject: ReportSubject, ask: Ask) -> Section:
    view = subject.view
    if view.classifier.sealed:
        raise UserError(sealed(view.model.title, view.classifier.sealed))
    architecture = ask(network.architecture(view))
    ledger = Ledger(architecture)
    names, shares = stage_shares(ledger)
    places = sorted(sorted(range(len(names)), key=lambda place: -shares["Parameters"][place])[:MOST_STAGES])
    cut = (
        f" The {MOST_STAGES} of {len(names)} stages with most parameters." if len(places) < len(names) else ""
    )
    channels, height, width = architecture.input_shape
    of = view.classifier
    provenance = of.provenance
    rows = [
        ("Source", provenance.source),
        ("Trained on", provenance.trained_on if view.model.trained else "nothing: random weights"),
        ("Licence of the weights", provenance.licence),
    ]
    if provenance.accuracy is not None:
        rows.append(("Top-1 accuracy, as published or measured", percent(provenance.accuracy)))
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=headline(view.model.title, ledger),
        blocks=(
            Numbers(
                (
                    ("Parameters", si(architecture.parameters)),
                    ("FLOPs per image", si(architecture.flops)),
                    ("Weights", memory(architecture.bytes)),
                    ("Input", f"{width} x {height} x {channels}"),
                    (plural(view.prediction), f"{len(of.classes):,}"),
                )
            ),
            Chart.of(
                stage_bars(
                    [names[place] for place in places],
                    {measure: [values[place] for place in places] for measure, values in shares.items()},
                    categories(),
                ),
                "Share of parameters, FLOPs and activations of each stage, from the input to the classes",
                f"Where its costs lie along the depth, from the picture on top to the classes.{cut}",
            ),
            Table(("", ""), tuple(rows)),
            Table(
                ("What is known of it", "", "On what ground"),
                tuple(
                    (entry.what, entry.found, entry.basis)
                    for entry in entries(of.contract, of.claims, of.preprocessing, of.classes)
                ),
            ),
            *(Words(sentence, "care") for sentence in cautions(of.contract)),
        ),
        address=subject.address(CHAPTER.path),
    )


CHAPTER = Chapter(
    "architecture",
    "What it is made of",
    "architecture",
    "Size, costs along the depth, source and licence of the network.",
    _build,
)
