"""How the numbers of every tensor are spread: the chart, one tensor in words, and all in a table."""

from __future__ import annotations

import numpy as np

from dashboard.components.weights.distributions import columns as table_of
from dashboard.wording.weights import headline, sentences
from tests.dashboard.components.component import chart, columns, left, sound, texts
from tests.dashboard.components.weights.weighed import distributions, shown_by, subject


def test_every_weight_has_a_row_and_the_first_its_words():
    summaries, app = distributions().of("weight"), shown_by("distributions")
    assert texts(app.header) == [headline(subject().title, summaries, distributions().tensors)]
    table = columns(app)
    assert table["Tensor"] == [summary.facts.name for summary in summaries]
    np.testing.assert_allclose(table["Spread"], [summary.std for summary in summaries])
    assert set(sentences(summaries[0])) <= set(texts(app.markdown))
    assert chart(app, "ridge")["data"] and chart(app, "one")["data"]


def test_another_kind_of_tensors_is_in_the_address():
    app = shown_by("distributions", {"p.role": "bias"})
    assert columns(app)["Tensor"] == [summary.facts.name for summary in distributions().of("bias")]
    sound(app.segmented_control[0].set_value("weight").run())
    assert left(app)["p.role"] == "weight"


def test_empty_columns_are_left_out():
    table = table_of(distributions().of("weight"))
    assert "NaN or infinite" not in table
    assert len(table["Shape"]) == len(distributions().of("weight"))
