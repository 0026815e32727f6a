"""The Activations page, view by view: what it says, what it keeps in the address, what it does with nonsense."""

from __future__ import annotations

import dataclasses

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.inspection.embedding.layout import LAYOUTS
from models.networks import find_network
from models.runtime.progress import silent
from tests.dashboard.pages.app import address, page, png, said, sound

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")]


def opened(**query: str) -> AppTest:
    return page("activations", **query)


def test_the_forward_pass_leads_into_a_layer():
    app = opened(model="cnn")
    assert (
        said(app.header)
        == "Small CNN brings 28 x 28 pixels down to 7 x 7 places, and answers from those: 4, 99.8 %."
    )
    assert len([button for button in app.button if button.label == "Look inside"]) == 9
    sound(app.button(key="inside-6").click().run())
    assert address(app) == {"model": ["cnn"], "layer": ["pool2"], "p.view": ["layer"]}
    assert said(app.header).startswith("Channel 11 of pool2 speaks most for 4")


def test_a_layer_is_ordered_paged_and_looked_into():
    app = opened(p_view="layer", layer="conv_head", p_sort="index")
    assert app.button(key="page-Back").disabled
    sound(app.button(key="page-Next").click().run())
    assert address(app)["p.page"] == ["1"]
    chart = next(one.proto.spec for one in app.get("plotly_chart"))
    assert '"64"' in chart and '"127"' in chart and '"128"' not in chart
    sound(app.number_input(key="unit").set_value(70).run())
    assert address(app)["unit"] == ["70"]
    sound(app.segmented_control(key="sort").set_value("influence").run())
    assert "p.page" not in address(app)


def test_a_layer_without_places_has_bars_and_exact_sums():
    app = opened(model="mlp", p_view="layer", layer="relu2", unit="3")
    assert said(app.header).startswith("Unit 11 of relu2 speaks most for 4; 19 of 64 units are silent")
    assert "this is exact and the rest is a bias" in said(app.caption)
    assert '"bar"' in app.get("plotly_chart")[0].proto.spec


def test_a_channel_tells_its_story_and_its_pictures_lead_to_their_attribution():
    app = opened(model="mlp", p_view="channel", layer="relu2", unit="3")
    assert "Unit 3 of relu2 answers most to class 7" in said(app.header)
    assert "in 2,000 pictures" in said(app.header)
    assert "ReLU" in app.get("plotly_chart")[0].proto.spec
    app.button(key="most-0").click()
    sound(app.run())
    assert address(app)["image"][0].startswith("mnist-10k/test/")
    assert "Why" in said(app.markdown)


def test_health_names_dead_units_with_their_number():
    app = opened(model="mlp", p_view="health")
    assert "units never let anything through, over 2,000 pictures" in said(app.header)
    assert "They learn no more" in said(app.caption)


def test_a_pass_that_was_stopped_starts_again_when_asked():
    app = opened(model="mlp")
    mlp = find_network("mlp").load(silent)
    key = (mlp.key, "health of units", ("mnist-10k/test/2000",))
    sound(app.segmented_control(key="view").set_value("health").run())
    app.session_state["visit"] = dataclasses.replace(app.session_state["visit"], stopped=frozenset({key}))
    sound(app.run())
    assert "stopped" in said(app.caption)
    sound(next(button for button in app.button if button.label == "Start again").click().run())
    assert "over 2,000 pictures" in said(app.header)


def test_photos_are_few_and_said_to_be_so():
    app = opened(model="squeezenet1_1", p_view="channel", layer="features.1")
    assert "40 pictures: a hint, not a statistic" in said(app.info)


@pytest.mark.parametrize("view", ["channel", "embedding"])
def test_a_folder_that_the_operator_names_joins_in_without_what_is_broken(view, tmp_path, monkeypatch):
    (tmp_path / "good.png").write_bytes(png("red"))
    (tmp_path / "torn.png").write_bytes(png("red")[:40])
    monkeypatch.setenv("VITRINE_IMAGES", str(tmp_path))
    app = opened(model="squeezenet1_1", p_view=view, layer="features.1")
    assert "45 pictures: a hint, not a statistic" in said(app.info)
    assert "5 of 10 photos and 40 parts of them could not be read" in said(app.warning)


def test_an_embedding_says_what_lies_near_and_leads_to_it():
    app = opened(model="mlp", p_view="embedding")
    assert "puts this picture among those of class 4 (all 10 nearest to it), and says 4 too." in said(
        app.header
    )
    assert "hold" in said(app.caption) and "of the variance" in said(app.caption)
    assert app.metric[1].label == "The network's own accuracy"
    chart = app.get("plotly_chart")[0].proto.spec
    assert "this photo" in chart and "of the variance" in chart
    sound(app.button(key="nearest-0").click().run())
    image = address(app)["image"][0]
    assert image.startswith("mnist-10k/test/") and image != "mnist-10k/test/0"
    sound(app.selectbox(key="layer").set_value("fc1").run())
    sound(app.segmented_control(key="colour").set_value("right").run())
    sound(app.segmented_control(key="distance").set_value("cosine").run())
    assert address(app)["layer"] == ["fc1"] and address(app)["p.colour"] == ["right"]
    assert "wrong (" in app.get("plotly_chart")[0].proto.spec
    sound(app.selectbox(key="layer").set_value("").run())
    assert "layer" not in address(app)


def test_photos_are_laid_out_by_t_sne_and_said_to_be_few():
    app = opened(model="squeezenet1_1", p_view="embedding", p_map="tsne", p_perplexity="5")
    assert "40 pictures: a hint, not a statistic" in said(app.info)
    assert "distances between clusters, and their sizes, mean little" in said(app.caption)
    assert said(app.header).startswith(
        "How SqueezeNet 1.1 groups what it sees, 40 pictures cannot tell. MLP 784"
    )
    assert "SqueezeNet 1.1 puts this picture among " in said(app.markdown)
    assert app.number_input(key="perplexity").max == 13
    assert "what classifier.1 reads" in said(app.caption)
    assert "each the mean over 169 places" in said(app.caption)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"p_map": "sideways"}, "There is no map called"),
        ({"p_colour": "beauty"}, "There is no colour called"),
        ({"p_distance": "far"}, "There is no distance called"),
        ({"layer": "nowhere"}, "has no layer"),
    ],
)
def test_what_an_embedding_cannot_show_gets_one_sentence(query, sentence):
    app = opened(model="lenet5", p_view="embedding", **query)
    assert sentence in said(app.warning)
    assert "nearest to it" in said(app.header)


@pytest.mark.parametrize("perplexity", ["0", "14", "many", "05"])
def test_a_perplexity_out_of_bounds_gets_one_sentence_and_the_default(perplexity):
    app = opened(model="squeezenet1_1", p_view="embedding", p_map="tsne", p_perplexity=perplexity)
    assert "With 40 pictures perplexity goes from 2 to 13; 13 is used." in said(app.warning)


def test_umap_is_not_offered_where_it_is_not_installed():
    if LAYOUTS["umap"].installed:
        pytest.skip("umap-learn is installed here")
    app = opened(model="lenet5", p_view="embedding", p_map="umap")
    assert "UMAP is not installed on this server" in said(app.info)
    assert app.segmented_control(key="map").value == "pca"


def test_the_way_back_shows_the_chain_rule_with_its_numbers():
    app = opened(model="cnn", p_view="backward", target="7")
    assert "To call this 7, Small CNN would change" in said(app.header)
    numbers = said(app.markdown)
    assert "For head: error" in numbers and "measured at its weights" in numbers
    assert next(frame.value["From"][0] for frame in app.dataframe if "From" in frame.value) == "head"


def test_attention_is_offered_where_there_is_some():
    app = opened(model="vit", p_view="attention", p_block="1")
    assert said(app.header).startswith("In layer 2 of 4, the class token of Tiny ViT takes half")
    sound(app.segmented_control(key="who").set_value("Patch").run())
    assert address(app)["p.patch"] == ["24"]
    assert "patch 24 of Tiny ViT takes half" in said(app.header)
    app = opened(model="cnn", p_view="attention")
    assert "has no attention that could be shown" in said(app.info)
    assert "Small CNN brings 28 x 28 pixels down" in said(app.header)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"p_view": "sideways"}, "There is no view called"),
        (
            {"image": "fashion-mnist-10k/test/3"},
            "a picture of Fashion-MNIST 10k is nothing it knows. Choose one of its test pictures.",
        ),
        ({"p_view": "layer", "layer": "nowhere"}, "has no layer"),
        ({"p_view": "layer", "layer": "block1", "unit": "999"}, "there is no 999"),
        ({"p_view": "layer", "p_sort": "beauty", "unit": "x"}, "A unit is a number"),
    ],
)
def test_what_an_address_names_wrongly_gets_one_sentence(query, sentence):
    app = opened(model="cnn", **query)
    assert sentence in said(app.warning)
    assert said(app.header)


@pytest.mark.parametrize("view", ["forward", "layer", "channel", "embedding", "health", "backward"])
def test_a_photo_in_a_grey_network_works_in_every_view(view):
    app = opened(model="lenet5", image="giant_panda", p_view=view)
    assert "a photo is nothing it knows" in said(app.warning)
    assert said(app.header)
