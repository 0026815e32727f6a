"""Charts of what remedies did."""

from __future__ import annotations

from dashboard.charts import remedies
from dashboard.charts.palette import OTHER_POINTS
from models.training.effect import Effect
from models.training.remedies import Outcome

MORE = Outcome("More data", "a", 0.02, 0.125, Effect("test", 1000, 0.86, 0.95, 0.06, 0.12, 1))
DECAY = Outcome("Weight decay", "b", 0.11, 0.125, Effect("test", 1000, 0.86, 0.87, -0.02, 0.04, 1))


def test_gaps_stand_beside_the_gap_without():
    figure = remedies.gaps([MORE, DECAY], "blue")
    (bars,) = figure.data
    assert (list(bars.x), list(bars.y), list(bars.customdata)) == (
        [2, 11],
        ["More data", "Weight decay"],
        ["a", "b"],
    )
    assert figure.layout.shapes[0].x0 == 12.5
    # Drawn from below, so that the first stands on top.
    assert list(figure.layout.yaxis.categoryarray) == ["Weight decay", "More data"]


def test_gains_have_intervals_and_are_hollow_where_they_cannot_be_told():
    figure = remedies.gains([MORE, DECAY], "blue")
    *lines, points = figure.data
    assert [list(line.x) for line in lines] == [[6, 12], [-2, 4]]
    assert [round(x, 6) for x in points.x] == [9, 1]
    assert list(points.marker.color) == ["blue", OTHER_POINTS]
    assert list(points.marker.symbol) == ["circle", "circle-open"]
    assert figure.layout.shapes[0].x0 == 0
