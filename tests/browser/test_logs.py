"""Others' logs: begun again in one folder, with names that do not say what belongs together, or of odd steps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.screen import Screen
from tests.browser.server import Server
from tests.models.tensorboard.logged import scalars, version

# What a chart shows: name of each line -> its steps, how faint it is, and its axis.
LINES = """title => {
    const charts = [...document.querySelectorAll('.js-plotly-plot')];
    const chart = charts.find(one => one.layout?.title?.text?.includes(title));
    return (chart?.calcdata ?? []).map(curve =>
        [curve[0].trace.name, curve[0].x, curve.at(-1).x, curve[0].trace.opacity, curve[0].trace.xaxis]);
}"""


def log(folder: Path, number: int, *points: tuple[str, int, float], wall: float) -> None:
    """An event file, whose points are a second apart."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [
        scalars(step, wall=wall + place, **{tag: value}) for place, (tag, step, value) in enumerate(points)
    ]
    (folder / f"events.out.tfevents.{number}.host.{number}.0").write_bytes(version() + b"".join(records))


@pytest.fixture
def screen(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """A tab on an app that shows a folder of logs."""
    logs = tmp_path / "logs"
    for number, (first, last) in enumerate(((0, 100), (60, 160))):
        points = [("train/loss", step, 1 / (step + 1)) for step in range(first, last)]
        log(logs / "again", number + 1, *points, wall=1000.0 * (number + 1))
    apart = [("loss/train/total", step, 1 / (step + 1)) for step in range(50)]
    log(logs / "apart", 1, *apart, *[("metrics/eval/CrossEntropy", step, 0.5) for step in (24, 49)], wall=1)
    epochs = [("val/loss", epoch, 1.0) for epoch in range(10)]
    log(logs / "epochs", 1, *[("train/loss", step, 1.0) for step in range(100)], *epochs, wall=1)
    log(logs / "odd", 1, *[("loss", step, 1.0) for step in (-3, -1, 0, 2**40, 2**53 + 1)], wall=1)
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("VITRINE_LOGS", str(logs))
    with Server() as server:
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        yield Screen(context.new_page(), server.url)
        context.close()
        assert "Traceback" not in server.log()


def lines(screen: Screen, title: str) -> list[list[object]]:
    """What a chart shows, once it is there."""
    screen.page.wait_for_function(f"title => ({LINES})(title).length", arg=title)
    found: list[list[object]] = screen.page.evaluate(LINES, title)
    return found


@pytest.mark.slow
def test_a_log_that_was_begun_again_and_what_no_name_joins(screen: Screen, tmp_path: Path) -> None:
    screen.open("training", run="log:again")
    assert screen.main.get_by_text("holds 2 sessions").is_visible()
    assert lines(screen, "Loss") == [
        ["training, session 1", 0, 99, 0.5, "x"],
        ["training, session 2", 60, 159, 1, "x"],
    ]
    screen.button("Curves").click()
    screen.pick("Session", "1, begun")
    assert lines(screen, "Loss") == [["training", 0, 99, 1, "x"]]
    assert "p.session=1" in screen.page.url

    # While the page is open, training begins once more in the same folder.
    screen.open("training", run="log:again")
    log(tmp_path / "logs" / "again", 3, *[("train/loss", step, 1.0) for step in range(7)], wall=3000.0)
    screen.main.get_by_text("holds 3 sessions").wait_for()
    assert [line[:3] for line in lines(screen, "Loss")][2] == ["training, session 3", 0, 6]

    screen.open("training", run="log:apart")
    assert screen.main.get_by_text("can be joined under Curves").first.is_visible()
    screen.button("Curves").click()
    for title in ("loss", "CrossEntropy"):
        with screen.rerun():
            screen.take(screen.page.get_by_role("combobox", name="Draw in one chart").first, title)
    joined = [["training, loss", 0, 49, 1, "x"], ["validation, CrossEntropy", 24, 49, 1, "x"]]
    assert lines(screen, "Loss and CrossEntropy") == joined
    link = screen.page.url
    screen.follow(link)
    assert lines(screen, "Loss and CrossEntropy") == joined

    screen.open("training", run="log:epochs")
    assert lines(screen, "Loss") == [["training", 0, 99, 1, "x"], ["validation", 0, 9, 1, "x2"]]
    screen.open("training", run="log:odd")
    assert lines(screen, "Loss")[0][1:3] == [-3, 2**53]
