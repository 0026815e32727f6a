"""The Weights page: every view opens with a finding, choices are in the address, what is wrong becomes a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.weights.subject import mark
from dashboard.components.weights.views import TABS
from tests.dashboard.pages.app import moved, page, said, sound

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")]


def opened(**query: str | Sequence[str]) -> AppTest:
    return page("weights", **query)


def charts(app: AppTest) -> list[str]:
    return [chart.proto.spec for chart in app.get("plotly_chart")]


@pytest.mark.parametrize("view", TABS)
def test_every_view_opens_with_a_finding_and_within_a_megabyte(view):
    app = opened(model="mlp", p_aspect=view)
    assert said(app.header)
    assert TABS[view].question in said(app.caption)
    assert not app.error
    assert not app.warning
    assert sum(map(len, charts(app))) < 1_000_000


def test_a_large_network_fits_into_a_megabyte_too():
    app = opened()
    assert "conv_stem stands out in EfficientNet-Lite0" in said(app.header)
    assert "conv_stem stands out" in said(app.header)
    assert sum(map(len, charts(app))) < 300_000
    table = app.dataframe[0].value
    assert len(table) == 50
    assert list(table["Tensor"])[:2] == ["conv_stem.weight", "blocks.0.0.conv_dw.weight"]
    assert "With 27 inputs to a unit" in said(app.markdown)


def test_a_choice_of_a_tensor_is_the_layer_of_every_page():
    app = opened(model="mlp")
    sound(app.selectbox(key="tensor").set_value("fc2.weight").run())
    assert app.query_params["layer"] in ("fc2", ["fc2"])
    sound(app.segmented_control(key="weights-role").set_value("bias").run())
    assert app.selectbox(key="tensor").value == "fc2.bias"
    sound(app.segmented_control(key="aspect").set_value("filters").run())
    assert said(app.header).startswith("Unit 60 of fc2 weighs most")
    again = opened(model="mlp", layer="fc2", p_aspect="filters")
    assert said(again.header) == said(app.header)


def test_filters_of_a_first_dense_layer_are_pictures():
    app = opened(model="mlp", p_view="filters")
    assert "128 units that each weigh all 28 x 28 pixels" in said(app.header)
    assert len(app.main.get("image")) == 1
    assert app.segmented_control(key="weights-filters").options == ["As pictures", "As a matrix"]


def test_two_checkpoints_of_a_run_are_compared():
    app = opened(model="run:example-memorises@500", against="run:example-memorises@25", p_view="against")
    assert "differs from MLP example (step 25) most in fc1" in said(app.header)
    table = app.dataframe[0].value
    assert dict(zip(table["Tensor"], table["In a word"], strict=True))["fc1.weight"] == "rewritten"
    same = opened(model="run:example-memorises@500", against="run:example-memorises@475", p_view="against")
    assert "barely trained" in said(same.header)


def test_networks_that_have_nothing_in_common_are_told_so():
    app = opened(against="squeezenet1_1", p_view="against")
    assert "no tensor in common" in said(app.header)
    empty = opened(p_view="against")
    assert "is the only one of its kind here" in empty.header[0].value
    assert "MLP example (step 25) most in fc1" in said(empty.header)
    sound(empty.button(key="example-look").click().run())
    assert empty.query_params["model"] in ("run:example-memorises@500", ["run:example-memorises@500"])
    assert "MLP example (step 25) most in fc1" in said(empty.header)


def test_the_slider_moves_everything():
    app = opened(model="mlp", run="example-memorises", p_view="training", p_step="100")
    assert app.select_slider(key="weights-step").value == 100
    assert "At step 100: spread 0.0303, moved by 14 % since step 75." in said(app.caption)
    before = charts(app)
    sound(app.select_slider(key="weights-step").set_value(300).run())
    assert app.query_params["p.step"] in ("300", ["300"])
    assert "At step 300" in said(app.caption)
    assert all(one != other for one, other in zip(before, charts(app), strict=True))


def test_another_networks_run_is_called_one():
    nothing = opened(model="mlp", p_view="training")
    assert said(nothing.header).startswith("MLP 784-128-64-10 comes without checkpoints")
    assert said(nothing.subheader).startswith("An example, not MLP 784-128-64-10 (MNIST 10k)")
    asked = opened(model="cnn", run="example-memorises", p_view="training")
    assert "MLP example is another network; of " in said(asked.info)
    own = opened(model="run:example-memorises", p_view="training")
    assert "another network" not in said(own.info)
    assert "of MLP example " in said(own.header)


def test_somebody_elses_histograms_are_followed(tmp_path, monkeypatch):
    import torch
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(tmp_path / "logs" / "theirs")) as writer:
        for step in (1, 2, 3):
            writer.add_histogram("dense/<kernel>", torch.linspace(-step, step, 1000), step)
    with SummaryWriter(str(tmp_path / "logs" / "scalars")) as writer:
        writer.add_scalar("loss", 1.0, 1)
    monkeypatch.setenv("VITRINE_LOGS", str(tmp_path / "logs"))
    app = opened(model="mlp", run="log:theirs", p_view="training")
    assert "Of dense/<kernel> of theirs (log), its spread grew" in said(app.header)
    assert "takes the weights themselves" in said(app.caption)
    assert not any("as logged" in chart for chart in charts(app))
    ours = opened(model="mlp", run="example-healthy", p_view="training", p_source="log")
    assert any("Update-to-weight ratio, as logged" in chart for chart in charts(ours))
    assert "logged no histogram" in said(opened(model="mlp", run="log:scalars", p_view="training").header)


def test_health_leads_to_the_place():
    app = opened(p_view="health")
    assert "Nothing in these weights breaks EfficientNet-Lite0: dead filters in 28 tensors" in said(
        app.header
    )
    look = next(button for button in app.button if button.label == "Look")
    sound(look.click().run())
    assert app.query_params["p.aspect"] in ("filters", ["filters"])
    assert app.query_params["unit"] in ("11", ["11"])
    assert "4 are nearly empty" in said(app.header)


def test_an_untrained_network_is_told_from_its_weights():
    app = opened(model="cnn-untrained")
    assert "Small CNN has learned nothing yet" in said(app.header)
    sound(app.segmented_control(key="aspect").set_value("health").run())
    assert "Never trained" in said(app.header) or "never trained" in said(app.header)


@pytest.mark.parametrize(
    "query",
    [
        {"p_aspect": "nonsense", "p_role": "x", "p_scale": "y", "p_rows": "99", "p_tensor": "zzz"},
        {"p_view": "filters", "unit": "999", "p_filters": "colour", "p_tiles": "77"},
        {"p_view": "filters", "layer": "fc2", "p_filters": "images", "p_input": "100000"},
        {"p_view": "training", "p_step": "17", "p_source": "nowhere", "p_tensor": mark("nothing")},
        {"p_view": "spectrum", "layer": "head", "p_tensor": mark("fc1.weight")},
    ],
)
def test_what_an_address_sets_wrongly_falls_back(query):
    app = opened(model="mlp", **query)
    assert said(app.header)
    assert not app.error
    assert ("There is no view called" in said(app.warning)) == ("p_aspect" in query)


def test_each_page_keeps_a_view_of_its_own_and_older_links_work():
    app = opened(model="mlp", p_view="spectrum")
    assert TABS["spectrum"].question in said(app.caption)
    activations = moved(app, "activations")
    assert not activations.warning
    sound(activations.segmented_control(key="view").set_value("layer").run())
    back = moved(activations, "weights")
    assert TABS["distributions"].question in said(back.caption)
    assert not back.warning
    sound(back.segmented_control(key="aspect").set_value("filters").run())
    assert back.query_params["p.view"] in ("layer", ["layer"])


def of_a_file(view: str) -> None:
    """A script that shows a file which belongs to no network: names and tensors are all there is."""
    import torch

    from dashboard import session
    from dashboard.components.wait import slot
    from dashboard.components.weights.subject import WeightsSubject
    from dashboard.components.weights.views import TABS
    from models.classifier import Weights

    session.begin()
    generator = torch.Generator().manual_seed(0)
    tensors = {
        "enc.0.kernel": torch.randn(30, 3, 5, 5, generator=generator),
        "enc.0.<b>bold</b>`x`": torch.randn(30, generator=generator),
        "enc.1.weight": torch.randn(64, 120, generator=generator).bfloat16(),
        "broken.weight": torch.full((4, 4), float("nan")),
        "table": torch.arange(12).view(3, 4),
        "nothing.weight": torch.zeros(0, 5),
        "scale": torch.tensor(0.5),
    }
    top = slot()
    subject = WeightsSubject(Weights.of(tensors, "file"), "file.pt", session.visit().selection)
    TABS[view].draw(subject, top)


@pytest.mark.parametrize("view", TABS)
def test_a_file_that_belongs_to_no_network_is_shown_from_its_tensors_alone(view, tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))
    app = AppTest.from_function(of_a_file, default_timeout=60, args=(view,)).run()
    assert said(sound(app).header)
    assert not app.error
    assert "<b>" not in " ".join(element.value for element in (*app.header, *app.markdown, *app.caption))


def test_filters_of_a_layer_that_is_all_nan_are_not_drawn(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))
    app = AppTest.from_function(of_a_file, default_timeout=60, args=("filters",))
    app.query_params["p.tensor"] = mark("broken.weight")
    assert "not one of its 16 weights is a number" in said(sound(app.run()).header)
    app.selectbox(key="tensor").set_value("enc.0.kernel")
    assert len(sound(app.run()).get("image")) == 1
