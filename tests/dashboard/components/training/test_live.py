"""What a chosen run is doing: its state, its curves, and what to try next."""

from __future__ import annotations

from dashboard.components.training import curves
from dashboard.runs import find_source
from tests.dashboard.components.component import chart, drawn, left, sound, texts


def script(part):
    from dashboard import session
    from dashboard.charts.curves import CurveStyle
    from dashboard.components.palette import categories
    from dashboard.components.training import live
    from dashboard.runs import find_source

    session.begin()
    source = find_source("example-memorises")
    if part == "panel":
        live.panel([source], categories(), CurveStyle())
    else:
        live.remedies(source)


def test_a_finished_run_says_its_verdict_and_shows_its_curves():
    app = drawn(script, part="panel")
    verdict = curves.verdict(find_source("example-memorises"))
    assert verdict is not None and texts(app.header) == [verdict.sentence]
    assert any(text.endswith("**example-memorises**: finished") for text in texts(app.markdown))
    assert [button.label for button in app.button] == ["Look at this network"]
    assert chart(app, "curve-loss")["data"]
    sound(app.button[0].click().run())
    assert left(app)["model"].startswith("run:example-memorises")


def test_each_remedy_changes_one_thing():
    verdict = curves.verdict(find_source("example-memorises"))
    assert verdict is not None and verdict.remedies
    app = drawn(script, part="remedies")
    assert [button.label for button in app.button] == [remedy.title for remedy in verdict.remedies]
    assert set(texts(app.markdown)) >= {f"- {sentence}" for sentence in verdict.evidence}
