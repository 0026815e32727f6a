"""Watching a network learn: start, points that move, pause, stop, go on, its network elsewhere, a remedy, deletion."""

from __future__ import annotations

import dataclasses
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from models.training import runs
from models.training.runs import status as states
from tests.browser.screen import Screen
from tests.browser.server import Server

# Longer than any test waits: only Stop ends such a run.
ENDLESS = "100000"
# Name -> number of its last step, of the curves of one quantity, as plotly drew them.
LAST_STEPS = """title => {
    const charts = [...document.querySelectorAll('.js-plotly-plot')];
    const chart = charts.find(one => one.layout?.title?.text?.includes(title));
    return Object.fromEntries((chart?.calcdata ?? [])
        // Entries of the legend alone have no points.
        .filter(curve => curve[0].trace.hoverinfo !== 'skip').map(curve => [curve[0].trace.name, curve.at(-1).x]));
}"""


@pytest.fixture
def screen(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """A tab on an app with a folder of runs of its own; what still trains at the end is stopped."""
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path))
    with Server() as server:
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        yield Screen(context.new_page(), server.url)
        context.close()
        for run in runs.listing().runs:
            if run.status().active:
                run.ask("stop")
        assert "Traceback" not in server.log()


def start(screen: Screen, network: str) -> None:
    """Fill in the form and press Start."""
    epochs = screen.main.get_by_role("spinbutton", name="Epochs", exact=True)
    if not epochs.is_visible():
        screen.unfold("Start a run")
    screen.take(screen.main.get_by_role("combobox", name="Network", exact=True), network)
    epochs.fill(ENDLESS)
    epochs.press("Tab")
    screen.button("Start").click()


def last_step() -> str:
    """The greatest step of the loss, as an expression; 0 where there is no curve."""
    return f"Math.max(0, ...Object.values(({LAST_STEPS})('Loss')))"


def moves(screen: Screen) -> None:
    """Wait until the curve of the loss has a later step than now."""
    screen.page.wait_for_function(
        f"before => ({last_step()}) > before", arg=screen.page.evaluate(last_step())
    )


def test_a_run_is_watched_paused_stopped_and_taken_up_again(screen: Screen) -> None:
    screen.open("training")
    start(screen, "MLP")
    # The form stands below the curves.
    expect(screen.headline).to_contain_text(re.compile("MLP is starting|Training MLP"))
    expect(screen.headline).to_be_in_viewport()
    expect(screen.main.get_by_text(": running")).to_be_visible()
    moves(screen)
    # Who scrolls on is left alone.
    screen.main.evaluate("main => { main.scrollTop = main.scrollHeight; }")
    moves(screen)
    expect(screen.headline).not_to_be_in_viewport()
    expect(screen.headline).to_contain_text(re.compile(r"^Training MLP, .* right after [\d,]+ steps"))
    # The table moves with it: its cells are drawn, and written down for those who do not see them.
    cells = screen.main.get_by_test_id("stDataFrame").locator("td")
    expect(cells.filter(has_text="running")).to_have_count(1)
    screen.button("Pause").click()
    expect(screen.main.get_by_text(": paused")).to_be_visible()
    # What was written just before may still be on its way.
    time.sleep(2)
    held = screen.page.evaluate(last_step())
    time.sleep(2)
    assert screen.page.evaluate(last_step()) == held > 0
    screen.button("Go on").click()
    expect(screen.main.get_by_text(": running")).to_be_visible()
    moves(screen)
    screen.button("Stop").click()
    expect(screen.main.get_by_text(": stopped")).to_be_visible()
    expect(screen.headline).to_contain_text("was stopped after")
    expect(cells.filter(has_text="stopped")).to_have_count(1)
    # It stays what it was for whoever comes later, and can be taken up again.
    screen.open("training")
    expect(screen.main.get_by_text(": stopped")).to_be_visible()
    screen.button("Go on").click()
    expect(screen.main.get_by_text(": running")).to_be_visible()
    moves(screen)
    (run,) = runs.listing().runs
    assert run.status().state == states.RUNNING


@pytest.mark.slow
def test_two_runs_side_by_side_and_the_network_of_one_while_it_trains(screen: Screen) -> None:
    screen.open("training")
    start(screen, "MLP")
    expect(screen.main.get_by_text(": running")).to_be_visible()
    moves(screen)
    start(screen, "LeNet")
    expect(screen.main.get_by_text(": running")).to_have_count(2)
    screen.page.wait_for_function(f"title => Object.keys(({LAST_STEPS})(title)).length >= 3", arg="Loss")
    names = set(screen.page.evaluate(LAST_STEPS, "Loss"))
    newest, oldest = (run.id for run in runs.listing().runs)
    assert all(any(name.startswith(title) for name in names) for title in ("MLP", "LeNet-5"))
    screen.button("Look at this network").click()
    screen.page.wait_for_function("() => location.search.includes('model=run')")
    screen.visit("Attribution")
    expect(screen.maps().first).to_be_visible()
    (model,) = screen.address["model"]
    assert model.removeprefix("run:") in (newest, oldest)
    assert runs.find(model.removeprefix("run:")).status().state == states.RUNNING


def test_look_at_this_network_leads_to_it_and_one_of_its_pictures(screen: Screen) -> None:
    screen.open("training", run="example-memorises", image="giant_panda")
    screen.button("Look at this network").click()
    expect(screen.headline).to_contain_text("sure")
    screen.expect_address(model="run:example-memorises", run="example-memorises")
    assert screen.page.url.split("?")[0] == f"{screen.url}/"
    expect(screen.page.get_by_alt_text("MNIST 10k, test 0").first).to_be_visible()


def test_a_remedy_is_told_and_nothing_is_deleted_that_nobody_ticked(screen: Screen, tmp_path: Path) -> None:
    example = runs.find("example-memorises")
    kept, remedy = (
        runs.create(dataclasses.replace(example.config, dropout=dropout), origin=example.id)
        for dropout in (0.5, 0.3)
    )
    for run in (kept, remedy):
        for file in example.path.glob("[!c]*"):
            shutil.copyfile(file, run.path / file.name)
    screen.open("training")
    expect(screen.headline).to_contain_text("MLP, dropout 0.3, from MLP example: the network memorises.")
    told = screen.main.get_by_text("With dropout 0.3 memorising begins at epoch 3, as without; 86.4 %")
    expect(told).to_contain_text("95 % interval of the difference -2.1 to 2.1 points")
    expect(screen.button("Delete")).to_have_count(0)
    screen.press("Lay over the run without")
    screen.expect_address(run=[remedy.id, example.id])
    screen.page.wait_for_function(f"title => Object.keys(({LAST_STEPS})(title)).length == 4", arg="Loss")
    lines = screen.page.evaluate(LAST_STEPS, "Loss")
    assert {name.rpartition(", ")[2] for name in lines} == {"training", "validation"}
    screen.open("training")
    with screen.rerun():
        # The box of the first row.
        screen.main.get_by_test_id("stDataFrame").click(position={"x": 15, "y": 52})
    screen.expect_address(run=remedy.id)
    screen.button("Delete the ticked runs").click()
    expect(screen.page.get_by_text(f"MLP, dropout 0.3, from MLP example ({remedy.id})")).to_be_visible()
    screen.page.get_by_role("button", name="Delete", exact=True).click()
    expect(screen.button("Deleted runs (1)")).to_be_visible()
    assert runs.listing().runs == (kept,)
    screen.rest()
    # The place of the question is taken by nothing that opens by itself.
    expect(screen.page.get_by_role("button", name="Bring back")).to_have_count(0)
    screen.button("Deleted runs (1)").click()
    screen.page.get_by_role("button", name="Bring back MLP, dropout 0.3").click()
    expect(screen.button("Deleted runs")).to_have_count(0)
    assert [run.id for run in runs.listing().runs] == [remedy.id, kept.id]


@pytest.mark.slow
def test_a_learner_watches_the_classic_network_and_looks_back(screen: Screen) -> None:
    screen.open("training")
    screen.button("Watch the classic network learn").click()
    told = screen.main.get_by_text("of these 16 test pictures right")
    expect(told).to_be_visible()
    expect(screen.main.get_by_role("img", name="Test picture of")).to_have_count(16)
    (run,) = runs.listing().runs
    expect(told).to_contain_text("; the one after 10 classified")
    # Once it has ended, any of its moments can be looked at.
    expect(screen.main.get_by_role("slider", name="Answers after step")).to_be_visible()
    screen.open("training")
    steps = [checkpoint.step for checkpoint in run.checkpoints().all]
    expect(told).to_contain_text(f"The checkpoint after {steps[-1]:,} steps")
    with screen.rerun():
        screen.main.get_by_role("slider", name="Answers after step").press("Home")
    expect(told).to_contain_text(f"The checkpoint after {steps[0]} steps")
    screen.expect_address(p_step=str(steps[0]))


@pytest.mark.slow
def test_a_sweep_is_started_watched_stopped_and_its_best_trial_looked_at(screen: Screen) -> None:
    screen.open("training")
    screen.unfold("Try many settings")
    screen.take(screen.main.get_by_role("combobox", name="Network", exact=True).last, "MLP")
    screen.main.get_by_role("spinbutton", name="Trials").fill("40")
    screen.main.get_by_role("spinbutton", name="Epochs at most").fill("2")
    with screen.rerun():
        screen.button("Start the sweep").click()
    expect(screen.headline).to_contain_text(re.compile(r"The best of \d+ of 40 trials gets"))
    screen.button("Stop").click()
    expect(screen.main.get_by_text(": stopped")).to_be_visible()
    (sweep,) = [run for run in runs.listing().runs if run.is_sweep]
    assert 1 <= len(sweep.children()) < 40
    screen.press("Look at the best trial")
    best = int(sweep.status().scores["best_trial"])
    screen.expect_address(run=runs.trial_id(sweep.id, best))
    expect(screen.headline).to_contain_text(f"trial {best}")
