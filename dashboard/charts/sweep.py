"""Charts of a sweep: how good each trial is by its settings, all settings at once, and the best so far."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.charts.axes import LINED, PERCENT, PLAIN, canvas
from dashboard.charts.intervals import interval_figure
from dashboard.charts.literal import literal
from dashboard.charts.logarithmic import ticks
from dashboard.charts.palette import CLEAR, MAGNITUDE, MARK, OTHER_POINTS
from dashboard.records.sweep import SweepTrials, Tried
from models.training.sweep.importance import Importance

HEIGHT, TALL = 260, 300
FINISHED = "finished"
COSTS = {"parameters": "parameters", "flops": "FLOPs per image", "seconds": "seconds of training"}


def scatter(tried: SweepTrials, axis: int, colour: str) -> go.Figure:
    """Each trial at its value of one setting and its score; a click hands back its run.

    Args:
        tried: by the sweep.
        axis: which setting.
        colour: of finished trials; the others are hollow.
    """
    trials = tried.scored
    values = [trial.values[axis] for trial in trials]
    named = any(isinstance(value, str) for value in values)
    numbers = [float(value) for value in values] if tried.logarithmic[axis] else []
    figure = go.Figure(
        go.Scatter(
            x=[literal(str(value)) for value in values] if named else values,
            y=_shares(trials),
            mode="markers",
            marker={
                "size": [14 if trial.number == tried.best else 10 for trial in trials],
                "color": [_colour(tried, trial, colour) for trial in trials],
                "symbol": ["circle" if trial.state == FINISHED else "circle-open" for trial in trials],
                "opacity": 1,
            },
            customdata=[trial.run for trial in trials],
            text=_texts(tried, trials),
            hovertemplate="%{text}<extra></extra>",
        ),
        layout=go.Layout(
            **canvas(HEIGHT),
            xaxis={
                **LINED,
                "title": literal(tried.labels[axis]),
                "type": "category" if named else "log" if tried.logarithmic[axis] else "linear",
                **(ticks(min(numbers), max(numbers)) if numbers else {}),
            },
            yaxis={**LINED, **PERCENT, "title": "validation accuracy"},
            dragmode=False,
            showlegend=False,
        ),
    )
    return figure


def best_so_far(tried: SweepTrials, colour: str) -> go.Figure:
    """The score of each trial in their order, and the best until then; a click hands back a trial's run."""
    trials = tried.scored
    shares = _shares(trials)
    finished = [
        (trial.number, share) for trial, share in zip(trials, shares, strict=True) if trial.state == FINISHED
    ]
    best = [max(share for _, share in finished[: place + 1]) for place in range(len(finished))]
    return go.Figure(
        [
            go.Scatter(
                x=[number for number, _ in finished],
                y=best,
                mode="lines",
                line={"color": MARK, "width": 2, "shape": "hv"},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=[trial.number for trial in trials],
                y=shares,
                mode="markers",
                marker={
                    "size": 9,
                    "color": [_colour(tried, trial, colour) for trial in trials],
                    "symbol": ["circle" if trial.state == FINISHED else "circle-open" for trial in trials],
                },
                customdata=[trial.run for trial in trials],
                text=_texts(tried, trials),
                hovertemplate="%{text}<extra></extra>",
            ),
        ],
        layout=go.Layout(
            **canvas(HEIGHT),
            xaxis={**PLAIN, "title": "trial", "range": [0.5, tried.count + 0.5], "tickformat": "d"},
            yaxis={**LINED, **PERCENT, "title": "validation accuracy"},
            dragmode=False,
            showlegend=False,
        ),
    )


def parallel(tried: SweepTrials, ink: str) -> go.Figure:
    """All settings and the score of each trial as one line, coloured by the score.

    Args:
        tried: by the sweep.
        ink: colour of text.
    """
    trials = tried.scored
    dimensions: list[dict[str, object]] = []
    for place, label in enumerate(tried.labels):
        values = [trial.values[place] for trial in trials]
        if any(isinstance(value, str) for value in values):
            names = sorted({str(value) for value in values})
            dimensions.append(
                {
                    "label": literal(label),
                    "values": [names.index(str(value)) for value in values],
                    "tickvals": list(range(len(names))),
                    "ticktext": [literal(name) for name in names],
                }
            )
        elif tried.logarithmic[place]:
            powers = [math.log10(float(value)) for value in values]
            ticks = [*range(math.floor(min(powers)), math.ceil(max(powers)) + 1)]
            dimensions.append(
                {
                    "label": literal(label),
                    "values": powers,
                    "tickvals": ticks,
                    "ticktext": [f"{10.0**tick:g}" for tick in ticks],
                }
            )
        else:
            dimensions.append({"label": literal(label), "values": [float(value) for value in values]})
    shares = _shares(trials)
    dimensions.append({"label": "accuracy (%)", "values": shares})
    return go.Figure(
        go.Parcoords(
            dimensions=dimensions,
            line={"color": shares, "colorscale": MAGNITUDE},
            labelfont={"color": ink, "size": 13},
            # Slanted, so that long names do not run into each other on a phone.
            labelangle=-25,
            tickfont={"color": ink, "size": 12},
            rangefont={"color": CLEAR, "size": 1},
        ),
        layout=go.Layout(**canvas(TALL, left=64, right=64, top=72, bottom=20)),
    )


def costs(tried: SweepTrials, cost: str, colour: str) -> go.Figure:
    """Score against what a finished trial costs, and the front that none is above; a click hands back its run.

    Args:
        tried: by the sweep.
        cost: one of COSTS, above 0 for each finished trial.
        colour: of trials behind the front.
    """
    trials, front = tried.finished, tried.front(cost)
    numbers = [getattr(trial, cost) for trial in trials]
    return go.Figure(
        [
            go.Scatter(
                x=[getattr(trial, cost) for trial in front],
                y=_shares(front),
                mode="lines",
                line={"color": MARK, "width": 2, "shape": "hv"},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=numbers,
                y=_shares(trials),
                mode="markers",
                marker={"size": 10, "color": [MARK if trial in front else colour for trial in trials]},
                customdata=[trial.run for trial in trials],
                text=[
                    f"{text}<br>{getattr(trial, cost):,.4g} {COSTS[cost]}"
                    for text, trial in zip(_texts(tried, trials), trials, strict=True)
                ],
                hovertemplate="%{text}<extra></extra>",
            ),
        ],
        layout=go.Layout(
            **canvas(HEIGHT),
            xaxis={**LINED, "title": COSTS[cost], "type": "log", **ticks(min(numbers), max(numbers))},
            yaxis={**LINED, **PERCENT, "title": "validation accuracy"},
            dragmode=False,
            showlegend=False,
        ),
    )


def importance(measured: Sequence[Importance], colour: str) -> go.Figure:
    """What each setting accounts for, with its interval; hollow where it cannot be told from nothing.

    Args:
        measured: by setting, the one that matters most first.
        colour: of what can be told from nothing.
    """
    names = [literal(setting.name) for setting in measured]
    return interval_figure(
        names,
        [100 * setting.share for setting in measured],
        [(100 * setting.low, 100 * setting.high) for setting in measured],
        [setting.is_clear for setting in measured],
        colour,
        axis={**PERCENT, "title": "share of the spread of scores"},
        text=[f"{100 * setting.low:.0f} to {100 * setting.high:.0f} %" for setting in measured],
        hovertemplate="%{y}: %{x:.0f} %, 95 % interval %{text}<extra></extra>",
    )


def _shares(trials: Sequence[Tried]) -> list[float]:
    return [100 * (trial.score or 0.0) for trial in trials]


def _colour(tried: SweepTrials, trial: Tried, colour: str) -> str:
    if trial.number == tried.best:
        return MARK
    return colour if trial.state == FINISHED else OTHER_POINTS


def _texts(tried: SweepTrials, trials: Sequence[Tried]) -> list[str]:
    return [
        "<br>".join(
            [
                f"<b>Trial {trial.number}</b>: {100 * (trial.score or 0.0):.1f} %, {trial.state}",
                *(
                    literal(f"{label}: {value:g}" if isinstance(value, int | float) else f"{label}: {value}")
                    for label, value in zip(tried.labels, trial.values, strict=True)
                ),
            ]
        )
        for trial in trials
    ]
