"""How good a network for tables is on labelled rows, beside its baseline, and where it errs."""

from __future__ import annotations

from dashboard import session
from dashboard.components import look, say
from dashboard.components.evaluation import measured
from dashboard.components.wait import wait_or_end
from dashboard.parameters import TABLE_CLASS, TABLE_ROW
from dashboard.results import evaluation as results
from dashboard.results import table as tables
from dashboard.selection import Selection
from dashboard.wording import table as wording
from models.runtime.errors import UserError
from models.table.classifier import TableClassifier
from models.training.tables import table_of

SPLIT = "test"


def draw(selection: Selection) -> None:
    """The whole view."""
    network = look.network(selection, TableClassifier)
    try:
        table = table_of(network.fits)
    except UserError as gone:
        # A run can be brought here without the table that it learned from.
        say.problem(str(gone))
        return
    evaluation = wait_or_end(results.table_evaluation(network, table, SPLIT))
    beside = wording.beside_baseline(wait_or_end(tables.beside_baseline(network)))
    measured.draw(network, evaluation, table.title, beside)
    measured.mistakes(
        network,
        evaluation,
        choose=lambda place: session.choose_parameters({TABLE_ROW: place, TABLE_CLASS: None}),
    )
