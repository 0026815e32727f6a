"""The Evaluation page, view by view: what it says, what it keeps in the address, what it does with nonsense."""

from __future__ import annotations

import csv
import dataclasses
import io

import numpy as np
import pytest
import torch
from safetensors.torch import save
from streamlit.testing.v1 import AppTest

from dashboard.components.tables import csv_text
from models.checkpoints.choice import Choice
from models.checkpoints.store import CHECKPOINTS
from models.networks import find_network
from models.runtime.progress import silent
from models.text import TEXT_ARCHITECTURES
from models.training import runs
from models.training import session as training
from tests.dashboard.pages.app import address, page, png, said, sound
from tests.models.training.conftest import SMALL

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")]


@pytest.fixture
def threads():
    """Training sets torch's threads for its whole process."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def opened(**query: str) -> AppTest:
    return page("evaluation", **query)


def test_the_finding_is_what_was_measured_when_the_network_was_made():
    app = opened(model="mlp")
    accuracy = find_network("mlp").load(silent).provenance.accuracy
    assert accuracy is not None
    assert said(app.header).startswith(
        f"MLP 784-128-64-10 is right about {100 * accuracy:.1f} % of the 2,000 test pictures of MNIST 10k"
    )
    assert not app.warning
    lines = said(app.markdown)
    assert "are called" in lines and "Weakest is" in lines and "On average it is" in lines
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics["Accuracy"] == f"{100 * accuracy:.1f} %"
    assert "Top-5" not in metrics


def test_a_cell_opens_its_pictures_and_a_picture_its_attribution():
    app = opened(model="mlp", p_cell="4-9")
    assert "4 called 9" in said(app.subheader)
    chart = app.get("plotly_chart")[0].proto.spec
    assert '"4-9"' in chart
    app.button(key="cell-0").click()
    sound(app.run())
    picture = address(app)["image"][0]
    assert picture.startswith("mnist-10k/test/")
    assert address(app)["versus"] == ["4"]
    assert "9" in said(app.header)


def test_every_view_opens_and_stays_in_the_address():
    app = opened(model="mlp")
    for name, sentence in {
        "classes": "Recall: of the pictures of a class",
        "mistakes": "How this is measured",
        "calibration": "Fitted on 1,000 pictures at random, measured on the other 1,000",
    }.items():
        sound(app.segmented_control(key="see").set_value(name).run())
        assert address(app)["p.see"] == [name]
        if name != "mistakes":
            assert sentence in said(app.caption)
    sound(app.segmented_control(key="see").set_value("mistakes").run())
    assert "mistakes, the surest" in said(app.markdown)
    sound(app.segmented_control(key="kind").set_value("hits").run())
    assert "the nearest miss was only" in said(app.markdown)
    sound(app.button(key="hits-Next").click().run())
    assert (address(app)["p.kind"], address(app)["p.sheet"]) == (["hits"], ["1"])


def test_two_networks_are_compared_in_words():
    app = opened(model="cnn", against="mlp", p_see="against")
    assert "Against MLP 784-128-64-10 (MNIST 10k), Small CNN (MNIST 10k) fixed" in said(app.subheader)
    assert "unlikely to be chance, p below 0.001" in said(app.subheader)
    metrics = {
        metric.label: int(metric.value.replace(",", "")) for metric in app.metric if "oth" in metric.label
    }
    assert sum(metrics.values()) < 2000
    frame = app.dataframe[-1].value
    assert set(frame["flip"]) >= {"fixed", "broken"}
    sound(app.segmented_control(key="flip").set_value("broken").run())
    assert address(app)["p.flip"] == ["broken"]


def test_training_pictures_come_with_a_warning():
    app = opened(model="mlp", p_part="train")
    assert "10,000 training pictures" in said(app.header)
    assert "learned from most of these pictures" in said(app.warning)


def test_a_run_is_measured_on_what_it_kept_back():
    app = opened(model="run:example-healthy")
    assert "the 1,000 pictures of MNIST 10k that run “LeNet-5 example” kept back" in said(app.header)
    assert "never learned from these pictures" in said(app.caption)
    assert not app.warning
    sound(app.segmented_control(key="part").set_value("train").run())
    assert "9,000 pictures" in said(app.header)
    assert "learned from these pictures: this says how well it remembers" in said(app.warning)


def test_another_network_that_learned_from_the_kept_back_pictures_is_told():
    app = opened(model="run:example-healthy", against="mlp", p_see="against")
    assert "(MNIST 10k) may have learned from these pictures" in said(app.warning)
    app = opened(model="run:example-healthy", against="run:example-healthy@141", p_see="against")
    assert not app.warning


def test_without_labelled_pictures_the_ways_out_are_said():
    app = opened(model="squeezenet1_1")
    assert "cannot be measured here" in said(app.header)
    assert "VITRINE_IMAGES" in said(app.info)
    assert "giant panda" in said(app.caption)
    assert "An example, not SqueezeNet 1.1" in said(app.subheader)
    sound(app.button(key="example-look").click().run())
    assert "is right about" in said(app.header) and not app.subheader[0].value.startswith("An example")


def test_a_folder_with_a_subfolder_for_each_class_is_a_labelled_set(tmp_path, monkeypatch):
    for name, colour in (("espresso", "brown"), ("giant panda", "white"), ("=cmd", "red")):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for k in range(3):
            (tmp_path / "photos" / name / f"{k}.png").write_bytes(png(colour, (64 + k, 48)))
    (tmp_path / "photos" / "espresso" / "torn.png").write_bytes(b"torn")
    monkeypatch.setenv("VITRINE_IMAGES", str(tmp_path / "photos"))
    app = opened(model="squeezenet1_1")
    assert "of the 7 photos of 2 classes in your folder" in said(app.header)
    assert "6 pictures: a hint, not a statistic" in said(app.info)
    assert "1 of the 7 photos" in said(app.warning) and "could not be read" in said(app.warning)
    assert "=cmd" in said(app.caption)
    sound(app.segmented_control(key="see").set_value("calibration").run())
    assert "too few to fit a temperature" in said(app.markdown)


def test_many_classes_are_a_table_of_pairs(tmp_path, monkeypatch):
    classes = find_network("squeezenet1_1").load(silent).classes[:45]
    for number, name in enumerate(classes):
        (tmp_path / "photos" / name).mkdir(parents=True)
        (tmp_path / "photos" / name / "1.png").write_bytes(png(f"#{number * 5:02x}40{255 - number * 5:02x}"))
    monkeypatch.setenv("VITRINE_IMAGES", str(tmp_path / "photos"))
    app = opened(model="squeezenet1_1")
    assert "classes are too many for a matrix on a screen" in said(app.caption)
    assert "of them the right kind of thing" in said(app.markdown)
    (chart,) = app.get("plotly_chart")
    assert "other animal" in chart.proto.spec
    pairs = app.dataframe[0].value
    assert set(pairs["Of its class"]) == {1.0}
    assert {metric.label for metric in app.metric} > {"Top-5"}
    app = opened(model="squeezenet1_1", p_see="classes")
    assert "The weakest 30 of 45 classes. 955 classes have no pictures" in said(app.caption)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"p_cell": "3-99"}, "A cell is two classes from 0 to 9"),
        ({"p_cell": "three"}, "A cell is two classes from 0 to 9"),
        ({"p_see": "sideways"}, "There is no view called"),
        ({"p_part": "validation"}, "has no labelled pictures of that kind here"),
        ({"p_part": "nonsense"}, "There is no such set"),
        ({"p_see": "mistakes", "p_kind": "odd"}, "There are no pictures called"),
        ({"p_see": "against", "against": "lenet5", "p_flip": "odd"}, "There are no pictures called"),
    ],
)
def test_what_an_address_names_wrongly_gets_one_sentence(query, sentence):
    app = opened(model="mlp", **query)
    assert sentence in said(app.warning)
    assert "is right about" in said(app.header)


def test_a_second_network_that_is_gone_is_told():
    app = opened(model="mlp", p_see="against")
    assert "is right about" in said(app.header)
    visit = app.session_state["visit"]
    gone = dataclasses.replace(visit.selection, against="run:gone")
    app.session_state["visit"] = dataclasses.replace(visit, selection=gone)
    sound(app.run())
    assert "There is no run gone" in said(app.error)
    assert "is right about" in said(app.header)


def test_networks_for_other_pictures_are_not_compared():
    app = opened(model="mlp", against="mlp-fashion", p_see="against")
    assert "knows other classes" in said(app.info)
    assert "is right about" in said(app.header)


@pytest.mark.usefixtures("forked_children")
def test_a_dropped_checkpoint_is_measured_on_the_dataset_whose_classes_it_is_given():
    network = find_network("lenet5-fashion").load(silent)
    tensors = {name: tensor.contiguous() for name, tensor in network.module.state_dict().items()}
    upload = CHECKPOINTS.take(save(tensors), "mine.safetensors", "somebody")
    try:
        app = opened(model=upload.address)
        assert "2,000 test pictures of MNIST 10k" in said(app.header)
        assert "these numbers hold if its outputs are the classes of MNIST 10k" in said(app.warning)
        held = CHECKPOINTS.find(upload.address)
        assert held is not None
        app = opened(model=CHECKPOINTS.remember(held, Choice(classes=network.classes)))
        assert "2,000 test pictures of Fashion-MNIST 10k" in said(app.header)
        assert not app.warning
    finally:
        CHECKPOINTS.forget("somebody")


def test_a_pass_that_was_stopped_starts_again_when_asked():
    app = opened(model="lenet5-fashion", p_see="classes")
    network = find_network("lenet5-fashion").load(silent)
    key = (network.key, "answers", ("fashion-mnist-10k/test",))
    app.session_state["visit"] = dataclasses.replace(app.session_state["visit"], stopped=frozenset({key}))
    sound(app.run())
    assert "stopped" in said(app.caption)
    sound(next(button for button in app.button if button.label == "Start again").click().run())
    assert "is right about" in said(app.header)


def test_a_run_on_a_folder_is_measured_and_its_pictures_explained(tmp_path, threads):
    generator = np.random.default_rng(0)
    for label, mean in (("dark <b>", 60), ("light", 190)):
        (tmp_path / "own" / label).mkdir(parents=True)
        for k in range(10):
            shade = "#" + f"{int(generator.integers(mean - 50, mean + 50)):02x}" * 3
            (tmp_path / "own" / label / f"{k}.png").write_bytes(png(shade))
    config = dataclasses.replace(
        SMALL,
        dataset="folder",
        data=str(tmp_path / "own"),
        train_samples=0,
        validation=0.4,
        batch_size=4,
        epochs=1,
    )
    run = runs.create(config, "own")
    training.train(run.path, run.config)
    app = opened(model="run:own", p_cell="0-0")
    assert "of the 8 pictures of own that run “own” kept back" in said(app.header)
    assert "8 pictures: a hint, not a statistic" in said(app.info)
    assert str(tmp_path) not in said(app.markdown) + said(app.caption) + said(app.header)
    sound(app.segmented_control(key="see").set_value("mistakes").run())
    sound(app.segmented_control(key="kind").set_value("hits").run())
    pictures = [button for button in app.button if button.label == "Why?"]
    if pictures:
        pictures[0].click()
        sound(app.run())
        assert address(app)["image"][0].startswith("run:own/")


def test_tables_escape_formulas():
    text = csv_text({"class": ["=1+1", "cat"], "pictures": [1, 2]})
    assert list(csv.reader(io.StringIO(text))) == [["class", "pictures"], ["'=1+1", "1"], ["cat", "2"]]


def test_a_network_for_texts_is_held_against_its_baseline():
    app = opened(model=next(iter(TEXT_ARCHITECTURES)))
    assert "of the 1,157 test texts of SpamAssassin's mails" in said(app.header)
    assert "Tf-idf with logistic regression is right about" in said(app.markdown)
