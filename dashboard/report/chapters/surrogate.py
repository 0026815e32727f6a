"""How much of the network can be said in rules: the decision tree that imitates it."""

from __future__ import annotations

from dashboard.charts.palette import CLASSES
from dashboard.charts.surrogate import drawing as charts
from dashboard.charts.surrogate import fidelity as fidelity_charts
from dashboard.inspection.surrogate import verdict
from dashboard.inspection.surrogate.tree import FEWEST_IN_A_LEAF, SEED
from dashboard.parameters import DEPTH, FEATURES, merge
from dashboard.records.surrogate import DEEPEST, Surrogate
from dashboard.report.chapter import Ask, Chapter, ReportSubject
from dashboard.report.contents import Chart, Numbers, Points, Section, Words
from dashboard.report.theme import categories, ink
from dashboard.results import surrogate as results
from dashboard.wording import surrogate as findings
from dashboard.wording.numbers import duration, percent
from models import datasets
from models.datasets.names import PHOTOS
from models.runtime.errors import UserError


def _build(subject: ReportSubject, ask: Ask) -> Section:
    view, classes = subject.view, subject.view.classifier.classes
    imitation = results.imitation(view, subject.own, subject.owner)
    reason = results.refusal(imitation, lambda: ask(results.readings(imitation)))
    if reason is not None:
        raise UserError(f"No tree: {reason[:1].lower()}{reason[1:]}")
    surrogate = ask(results.tree(imitation, ask(results.readings(imitation))))
    values = imitation.kind.values(ask(results.photo(imitation)))
    depth = _depth(subject, surrogate)
    way = list(dict.fromkeys(int(node) for node in surrogate.tree.walk(values)[0, : depth + 1]))
    finding, short = (
        findings.headline(view.model.title, surrogate, depth, classes),
        findings.shortfall(surrogate, depth),
    )
    fidelity, seconds = surrogate.fidelity[depth], surrogate.readings.seconds + surrogate.seconds
    low, high = verdict.margin(fidelity.held_out, surrogate.held_out)
    parameters = merge(view.selection.parameters, {DEPTH: depth, FEATURES: results.chosen_kind(view)})
    dataset = None if view.model.fits == PHOTOS else datasets.find_dataset(view.model.fits)
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=finding,
        blocks=(
            Words(short, "care") if short else Words(f"Explains: it reaches {findings.limit()}.", "good"),
            Numbers(
                (
                    ("Fidelity", percent(fidelity.held_out)),
                    ("95 % interval", f"{percent(low)} to {percent(high)}"),
                    ("Always one class", percent(surrogate.fidelity[0].held_out)),
                    ("Beyond chance (kappa)", f"{fidelity.kappa:.2f}"),
                    ("Leaves", f"{fidelity.leaves:,}"),
                )
            ),
            Words(f"The way of {view.picture.title}:"),
            Points(tuple(findings.steps(surrogate.tree, way, values[0], classes)), numbered=True),
            Words(findings.outcome(surrogate, depth, way[-1], view.prediction.winner, classes)),
            Chart.of(
                charts.tree_figure(surrogate.tree, depth, way, classes, CLASSES, ink()),
                f"Decision tree of {surrogate.tree.leaves(depth)} leaves, with the way of {view.picture.title}",
                "At each node: the mean of the pictures that come there, and a bar with the shares of the network's "
                f"answers to them. The orange line is the way of {view.picture.title}. A tree of many leaves is folded "
                "to that way.",
                wide=True,
            ),
            Chart.of(
                fidelity_charts.over_depth(surrogate.fidelity, depth, verdict.FAITHFUL, categories(), ink()),
                "Agreement of tree and network over the depth of the tree",
                "Fidelity over the depth: how often trees of more questions answer like the network.",
            ),
        ),
        address=subject.address(CHAPTER.path, parameters=parameters),
        provenance=(
            (
                "Decision tree",
                f"scikit-learn, depth {depth}, Gini impurity, at least {FEWEST_IN_A_LEAF} pictures in a leaf, seed "
                f"{SEED}; asks about {imitation.kind.says}; grown on the network's answers to {surrogate.grown:,} "
                f"pictures, measured on {surrogate.held_out:,} others; {duration(seconds)}",
            ),
        ),
        credits=()
        if dataset is None
        else (f"{dataset.title}: {dataset.source}. Licence: {dataset.licence}",),
        summary=(finding,),
    )


def _depth(subject: ReportSubject, surrogate: Surrogate) -> int:
    """The depth of the address, or the usual one."""
    depth = DEPTH.parse(subject.view.selection.parameters)
    return depth if depth is not None and 1 <= depth <= DEEPEST else verdict.knee(surrogate)


CHAPTER = Chapter(
    "surrogate",
    "What it says in rules",
    "surrogate",
    "A decision tree that imitates the network, how faithfully, and the way of the picture through it.",
    _build,
    usual=lambda subject: False,
    slow=True,
)
