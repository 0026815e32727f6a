"""The table of everyday changes: each cell in its place."""

from __future__ import annotations

import numpy as np

from dashboard.charts.whatif.harmless import table


def test_each_cell_carries_its_words_in_its_place():
    strength = np.array([[0.9, 0.8, 0.7, 0.6, 0.5], [0.9, 0.4, 0.3, 0.2, 0.1]])
    words = [[f"{row}-{column}" for column in range(5)] for row in range(2)]
    words[1][4] = "a name that is much too long"
    figure = table(strength, words, ["Blur", "<b>JPEG</b>"], words)
    placed = {(note.y, note.x): note.text for note in figure.layout.annotations}
    assert placed[(0, 0)] == "0-0" and placed[(1, 3)] == "1-3" and len(placed[(1, 4)]) == 14
    assert figure.layout.xaxis.type == "category" and list(figure.data[0].x) == ["1", "2", "3", "4", "5"]
    assert "<b>" not in figure.data[0].y[1]
