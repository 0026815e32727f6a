"""What the layers cost: the totals, the table, and what never ran."""

from __future__ import annotations

import json

import pytest

from dashboard.results import network
from dashboard.wording.architecture import Ledger
from dashboard.wording.numbers import si
from tests.dashboard.components.component import chart, columns, drawn, left, made, texts, view_of


@pytest.fixture(scope="module")
def architecture():
    return made(network.architecture(view_of()))


def script(part):
    from dashboard import session
    from dashboard.components.architecture import costs, graph
    from dashboard.components.look import look
    from dashboard.wording.architecture import Ledger

    session.begin()
    view = look(session.visit().selection)
    ledger = Ledger(graph.trace(view))
    {
        "totals": lambda: costs.totals(ledger),
        "table": lambda: costs.table(view, ledger),
        "depth": lambda: costs.depth(ledger),
        "never called": lambda: costs.never_called(ledger.architecture),
    }[part]()


def page(part, **address):
    return drawn(script, {"model": "cnn", "image": "mnist-10k/test/17"} | address, part=part)


def test_totals_are_those_of_the_network(architecture):
    values = {metric.label: metric.value for metric in page("totals").metric}
    assert values["Parameters"] == si(architecture.parameters)
    assert values["FLOPs per image"] == si(architecture.flops)
    assert values["Weights"] == f"{si(architecture.bytes)}B"
    assert "Time per image" not in values


def test_every_layer_has_a_row_whose_shares_add_up(architecture):
    table = columns(page("table"))
    rows = Ledger(architecture).rows
    assert table["Parameters"] == [call.parameters for call in rows]
    assert sum(table["Parameters"]) == architecture.parameters
    assert sum(table["FLOPs, share"]) == pytest.approx(1)


def test_stages_are_drawn_from_the_photo_to_the_classes(architecture):
    names = json.dumps(chart(page("depth"), "stages"))
    assert all(measure in names for measure in ("Parameters", "FLOPs", "Activations"))


def test_a_network_of_which_all_runs_lists_nothing(architecture):
    assert not architecture.skipped
    assert not page("never called").expander


def test_a_layer_of_the_address_is_kept(architecture):
    assert left(page("table", layer="block2"))["layer"] == "block2"
    assert texts(page("table").subheader) == ["Every layer"]
