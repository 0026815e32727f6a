"""Learned from: what pulls an answer, with its check, and labels to look at."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.components.evaluation import learned
from dashboard.components.evaluation.learned import suspects
from dashboard.results import influence as results
from dashboard.results.result import Result
from tests.dashboard.components.component import alternatives, left, on_view, sound, texts
from tests.dashboard.components.evaluation.evaluated import subject
from tests.dashboard.records.test_influence import influence
from tests.dashboard.wording.test_influence import HEAD

RUN = {"model": "run:example-healthy", "image": "mnist-10k/test/18"}


def test_suspects_are_mistakes_by_the_probability_of_their_label():
    evaluation = subject().evaluation
    places = suspects(evaluation)
    assert len(places) == int((~evaluation.right).sum()) and not evaluation.right[places].any()
    logits, labels = evaluation.answers.logits[places], evaluation.labels[places]
    own = logits[np.arange(len(labels)), labels] - np.logaddexp.reduce(logits, axis=1)
    assert (np.diff(own) >= 0).all()


@pytest.mark.slow
def test_the_pictures_that_pull_most_stand_beside_what_leaving_out_does():
    app = on_view("evaluation.learned", address=RUN)
    assert texts(app.header)[0].startswith("Without one picture of 1 that it learned from, LeNet-5")
    assert texts(app.subheader)[:3] == ["For 1", "Against 1", "Ask about a mistake"]
    said = " ".join(texts(app.markdown))
    assert "20 of its 9,000 pictures were left out for real" in said
    assert [button.proto.label for button in app.get("download_button")] == ["Table (CSV)"]
    sound(app.segmented_control(key="learned").set_value("tracin").run())
    assert texts(app.header)[0].startswith("By TracIn, steps along a picture of 1 would have helped LeNet-5")
    assert not any("which is exact" in text for text in texts(app.caption))
    assert (
        "TracIn adds up, over 8 checkpoints" in " ".join(texts(app.markdown))
        and left(app)["p.learned"] == "tracin"
    )
    sound(app.segmented_control(key="learned").set_value("labels").run())
    assert "contradicts the label of" in texts(app.header)[0] and len(alternatives(app)) == 18


@pytest.mark.slow
def test_below_a_correlation_of_0_8_the_number_stands_and_nothing_is_drawn(monkeypatch):
    for name, of in {"fitted": HEAD, "pulls": influence([2.0, -1.0, 0.5], correlation=0.79)}.items():

        def result(asked, *rest, name=name, of=of):
            return Result(asked.view.classifier.key, f"planted {name}", (), lambda report: of, name)

        monkeypatch.setattr(results, name, result)
    monkeypatch.setattr(learned, "_mistakes", lambda view: None)
    app = on_view("evaluation.learned", address=RUN)
    assert texts(app.header)[0] == (
        "What LeNet-5 example learned this from is not shown: what was computed and what came out have a rank "
        "correlation of 0.79."
    )
    assert "has a rank correlation of 0.79 with what was computed" in " ".join(texts(app.markdown))
    assert not alternatives(app) and not app.subheader and not app.get("plotly_chart")


@pytest.mark.slow
def test_a_network_that_was_not_trained_here_gets_the_reason_and_an_example():
    app = on_view("evaluation.learned", address={"model": "mlp"})
    assert texts(app.header)[0] == "What MLP 784-128-64-10 learned this from cannot be told."
    assert "the very pictures that a network learned from" in texts(app.info)[0]
    assert texts(app.subheader)[0].startswith("An example, not MLP")
