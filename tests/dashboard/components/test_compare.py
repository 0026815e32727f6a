"""The one box in which what stands side by side is chosen."""

from __future__ import annotations

import pytest

from dashboard.components import compare
from models.training import as_networks, runs
from tests.dashboard.components.component import drawn, left, sound, view_of


def test_only_pages_that_compare_have_the_box():
    assert {*compare.PICKERS} == {"training", "weights", "evaluation", "attribution"}


def test_choices_are_in_the_address_and_can_be_taken_back():
    app = drawn(pickers, {"model": "cnn", "image": "mnist-10k/test/17"}, page="attribution")
    sound(app.selectbox(key="compare-versus").set_value(3).run())
    sound(app.selectbox(key="compare-against").set_value("mlp").run())
    assert (left(app)["versus"], left(app)["against"]) == ("3", "mlp")
    sound(app.selectbox(key="compare-versus").set_value(None).run())
    assert "versus" not in left(app)
    assert "7" not in app.selectbox(key="compare-versus").options


def pickers(page):
    from dashboard import session
    from dashboard.components import compare
    from dashboard.components.look import look

    session.begin()
    view = look(session.visit().selection)
    for pick in compare.PICKERS[page]:
        pick(view)


def test_a_choice_leads_to_the_view_that_compares():
    app = drawn(pickers, {"model": "cnn", "image": "mnist-10k/test/17"}, page="evaluation")
    sound(app.selectbox(key="compare-against").set_value("lenet5").run())
    assert (left(app)["against"], left(app)["p.see"]) == ("lenet5", "against")
    app = drawn(pickers, {"model": "cnn", "image": "mnist-10k/test/17"}, page="weights")
    sound(app.selectbox(key="compare-against").set_value("lenet5").run())
    assert (left(app)["against"], left(app)["p.aspect"]) == ("lenet5", "against")


def test_runs_are_compared_in_the_order_they_were_taken():
    examples = [run.id for run in runs.examples()]
    app = drawn(pickers, {"model": "cnn", "image": "mnist-10k/test/17", "run": examples[:1]}, page="training")
    sound(app.multiselect(key="compared-runs").set_value([examples[0], examples[1]]).run())
    assert left(app)["run"] == ",".join(examples[:2])


def test_titles_tell_which_networks_are_of_one_architecture():
    assert compare.architecture("Small CNN (MNIST 10k, untrained)") == "Small CNN"
    assert compare.architecture("Small CNN, checkpoint of step 1,000") == "Small CNN"
    run, other = (f"run:{name}" for name in ("example-memorises", "example-healthy"))
    assert as_networks.architecture(run) == as_networks.architecture(f"{run}@25") == "MLP 784-128-64-10"
    assert as_networks.architecture(other) == "LeNet-5"


@pytest.mark.parametrize("address", [{"against": "mlp"}, {"p.other": "abcdef"}])
def test_weights_stand_beside_what_the_address_says(address):
    assert compare.weights_beside(view_of(address).selection) in ("mlp", "upload:abcdef")
