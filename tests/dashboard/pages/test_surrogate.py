"""The Decision tree page: what it says, what it refuses, what it keeps in the address, what it does with nonsense."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.inspection.surrogate import verdict
from models.photos.samples import PHOTOS
from tests.dashboard.pages.app import address, page, png, said, sound

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")]


def opened(**query: str) -> AppTest:
    return page("surrogate", **query)


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_a_tree_over_units_of_a_layer_explains_a_small_network():
    app = opened(model="mlp", p_features="layer")
    assert said(app.header).startswith("A tree of at most 7 questions")
    assert "always naming 1 would for 10 %" in said(app.header)
    found = metrics(app)
    assert float(found["Fidelity"].split()[0]) >= 80 and found["Always one class"] == "10 %"
    assert float(found["Beyond chance"]) > 0.6
    assert found["Network is right"] == "96 %"
    assert not app.warning
    assert "unit " in said(app.markdown) and "of relu2 (excited by" in said(app.markdown)
    assert "The tree says 4, and so does the network" in said(app.markdown)


def test_the_page_opens_at_the_knee_of_the_curve_with_its_worst_class():
    app = opened(model="mlp")
    finding = said(app.header)
    assert finding.startswith("This tree does not explain MLP 784-128-64-10: a tree of at most 5 questions")
    assert "70 % of 2,000 pictures held out, least for those it calls 3 (52 %); always" in finding
    assert "A tree of depth 8 does." in said(app.warning)


def test_the_dial_is_in_the_address_and_a_shallow_tree_is_said_to_explain_nothing():
    app = opened(model="mlp")
    sound(app.slider(key="depth").set_value(2).run())
    assert address(app)["p.depth"] == ["2"]
    assert said(app.header).startswith(
        "This tree does not explain MLP 784-128-64-10: a tree of at most 2 questions"
    )
    assert "it takes a fidelity of 80 % and 0.6 beyond chance (kappa)" in said(app.warning)
    assert metrics(app)["Leaves"] == "4"
    assert said(app.markdown).count("pictures are left") == 2
    sound(app.segmented_control(key="features").set_value("patches").run())
    assert (address(app)["p.features"], address(app)["p.depth"]) == (["patches"], ["2"])


def test_a_deep_tree_is_folded_to_the_way_of_the_photo():
    app = opened(model="mlp", p_depth="8")
    assert "leaves are too many to read at once" in said(app.caption)
    assert metrics(app)["Leaves"] != "8"


def test_where_they_differ_leads_to_the_attribution_of_a_picture():
    app = opened(model="mlp", p_depth="3")
    assert "those come first on which the tree is surest" in said(app.caption)
    app.button(key="differ-0").click()
    sound(app.run())
    assert address(app)["image"][0].startswith("mnist-10k/test/")
    assert "Why" in said(app.markdown)


def test_the_tree_can_be_taken_away():
    app = opened(model="mlp", p_depth="2")
    names = [button.proto.label for button in app.get("download_button")]
    assert names == ["Table (CSV)", "Rules (text)", "Table (CSV)"]


def test_random_weights_are_refused_with_the_number():
    app = opened(model="cnn-untrained")
    assert "No tree: this network is untrained" in said(app.header)
    assert "of 2,000 pictures" in said(app.markdown) and "it is right for" in said(app.markdown)
    assert not app.get("plotly_chart")


def test_few_photos_are_refused_with_how_many_it_takes_and_a_way_to_a_tree():
    app = opened()
    assert said(app.header).startswith("No tree: too few pictures. ")
    assert "An example, not EfficientNet-Lite0" in said(app.subheader) and "of 2,000" in said(app.header)
    assert "There are 40, and to grow a tree takes at least 200" in said(app.markdown)
    sound(app.button(key="example-look").click().run())
    assert address(app)["model"] == ["mlp"]
    assert "of 2,000 pictures held out" in said(app.header)


def test_the_photos_of_a_folder_count(tmp_path, monkeypatch):
    for number in range(12):
        (tmp_path / f"{number}.png").write_bytes(png("white" if number % 2 else "black", (64 + number, 48)))
    for name in ("moose", "giant_panda"):
        (tmp_path / f"{name}.jpg").write_bytes(PHOTOS[name].path.read_bytes())
    (tmp_path / "torn.png").write_bytes(png("red")[:40])
    monkeypatch.setenv("VITRINE_IMAGES", str(tmp_path))
    monkeypatch.setattr(verdict, "FEW", 20)
    monkeypatch.setattr(verdict, "PER_ANSWER", 1)
    app = opened(model="squeezenet1_1", p_depth="2")
    assert "pictures held out; always naming" in said(app.header)
    assert "excited by" in said(app.markdown)
    assert "pictures held out: a hint, not a statistic" in said(app.info)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"p_features": "dreams"}, "There are no features called 'dreams'; choose one of pixels"),
        ({"p_depth": "0"}, "A depth is a number from 1 to 10, not '0'"),
        ({"p_depth": "99999"}, "A depth is a number from 1 to 10"),
        ({"p_depth": "deep"}, "A depth is a number from 1 to 10"),
        ({"p_features": "layer", "layer": "nowhere"}, "has no layer"),
    ],
)
def test_what_an_address_names_wrongly_gets_one_sentence(query, sentence):
    app = opened(model="mlp", **query)
    assert sentence in said(app.warning)
    assert "pictures held out" in said(app.header)


def test_pixels_are_not_for_photos_and_a_photo_in_a_grey_network_works():
    app = opened(p_features="pixels")
    assert "Pixels are for small grey pictures" in said(app.info)
    app = opened(model="mlp", image="giant_panda", p_depth="3")
    assert "a photo is nothing it knows" in said(app.warning)
    assert "The tree says" in said(app.markdown)
