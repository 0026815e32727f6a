"""How sure, and how often right: every bin, and what a temperature would bring."""

from __future__ import annotations

import numpy as np

from dashboard.components.evaluation import calibration
from dashboard.wording import evaluation as wording
from tests.dashboard.components.component import chart, columns, texts
from tests.dashboard.components.evaluation.evaluated import shown_by, subject


def test_every_bin_is_in_the_table_and_in_the_chart():
    reliability, app = subject().evaluation.reliability, shown_by(calibration.draw)
    table = columns(app)
    assert table["Pictures"] == reliability.counts.tolist()
    np.testing.assert_allclose(np.array(table["Right"], float), reliability.accuracy)
    assert (table["From"][0], table["To"][-1]) == (0.0, 1.0)
    assert chart(app, "reliability")["data"]
    assert wording.calibration(reliability) in texts(app.markdown)


def test_the_temperature_is_drawn_with_what_it_brings():
    temperature = subject().evaluation.temperature
    assert temperature is not None
    app = shown_by(calibration.draw)
    assert len(chart(app, "temperature")["data"]) >= 2
    assert wording.temperature_effect(temperature) in texts(app.caption)
