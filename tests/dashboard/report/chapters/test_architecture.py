"""What it is made of: size, costs and source."""

from __future__ import annotations

from dashboard.report.contents import Chart, Numbers, Table
from dashboard.results import network
from dashboard.wording.architecture import Ledger, headline
from dashboard.wording.numbers import si
from tests.dashboard.components.component import made
from tests.dashboard.report.chapters.built import built, subject


def test_numbers_chart_and_source_are_those_of_the_network():
    view, section = subject().view, built("architecture")
    architecture = made(network.architecture(view))
    numbers, chart, table, known = section.blocks
    assert isinstance(numbers, Numbers) and isinstance(chart, Chart)
    assert isinstance(table, Table) and isinstance(known, Table)
    assert {"measured", "told by the file"} == {ground for _, _, ground in known.rows}
    assert dict(numbers.items)["Parameters"] == si(architecture.parameters)
    assert dict(numbers.items)["Input"] == "28 x 28 x 1"
    assert section.finding == headline(view.model.title, Ledger(architecture))
    assert ("Source", view.classifier.provenance.source) in table.rows
