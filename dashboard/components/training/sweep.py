"""A sweep: which settings went well, and the form that starts one."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from dashboard import session
from dashboard.charts import sweep as charts
from dashboard.components import figure, say
from dashboard.components.palette import categories, ink
from dashboard.records.sweep import SweepTrials
from dashboard.runs import CurveSource, trials_of
from dashboard.wording import sweep as wording
from models.runtime.errors import UserError
from models.training import launcher
from models.training.config import Config, settings
from models.training.kinds import OWN_DATA
from models.training.runs import Run
from models.training.runs import status as states
from models.training.setting import Setting, Value
from models.training.sweep import confirmation
from models.training.sweep.axis import parse, sweepable
from models.training.sweep.importance import Importance, importances
from models.training.sweep.plan import MOST_TRIALS, STRATEGIES, Plan

# What a person who varies a setting mostly wants of it; any may be written over.
SPACES = {
    "learning_rate": "0.0001 to 0.1 log",
    "dropout": "0 to 0.6",
    "weight_decay": "0.000001 to 0.01 log",
    "batch_size": "16, 32, 64, 128",
    "label_smoothing": "0 to 0.2",
    "momentum": "0.5 to 0.99",
    "epochs": "2 to 10",
    "early_stopping": "0, 2, 4",
    "warmup": "0, 50, 200",
    "train_samples": "500, 2000, 9000",
    "validation": "0.1, 0.2",
    "width": "0.25, 0.5, 1, 2",
    "seed": "0 to 9",
    "image_size": "28, 32",
}
FIRST = ("learning_rate", "dropout")
HOW = (
    "A range is written as it stands here, with log behind it where ratios count; values one after the other: 16, 32, "
    "64. Trials that others outdo at the same epoch are given up early."
)


def headline(source: CurveSource) -> str:
    """The headline of a sweep."""
    assert source.run is not None
    return wording.headline(source.title, trials_of(source.run), active=source.run.status().active)


def results(source: CurveSource) -> None:
    """What a sweep has found until now; a click on a trial looks at its run."""
    assert source.run is not None
    tried = trials_of(source.run)
    if ended := wording.ended(tried):
        st.caption(say.plain(ended))
    if not tried.scored:
        return
    _confirm(source.run)
    best_run = next((trial.run for trial in tried.trials if trial.number == tried.best), None)
    if best_run is not None:
        st.button(
            "Look at the best trial",
            icon=":material/trophy:",
            key=f"{source.name}-winner",
            on_click=session.choose_run,
            args=(best_run,),
        )
    colour = categories()[0]
    key = f"sweep-{source.name}-{len(tried.scored)}"
    best, first = st.columns(2)
    figure.draw(
        charts.best_so_far(tried, colour),
        key=f"{key}-best",
        alt="Validation accuracy of each trial in their order, and the best until then",
        choose=session.choose_run,
        place=best,
    )
    places = [first, *st.columns(2)] if len(tried.labels) > 1 else [first]
    for axis, label in enumerate(tried.labels):
        figure.draw(
            charts.scatter(tried, axis, colour),
            key=f"{key}-{axis}",
            alt=f"Validation accuracy of each trial by {label}",
            choose=session.choose_run,
            place=places[axis] if axis < len(places) else None,
        )
    if len(tried.labels) > 1 and len(tried.scored) > 1:
        figure.draw(
            charts.parallel(tried, ink()),
            key=f"{key}-all",
            alt="All settings of each trial and its validation accuracy, as one line a trial",
        )
    _costs(tried, key, colour)
    if not source.run.status().active:
        _importance(tried, key, colour)
    _table(tried)
    st.caption(wording.OPTIMISTIC)


def _confirm(sweep: Run) -> None:
    """What trying the best again has said, or the button that does so."""
    if sweep.status().state != states.FINISHED or len(confirmation.contenders(sweep)) < 2:
        return
    compared = confirmation.compare(sweep)
    for comparison in compared:
        st.markdown(say.plain(wording.compared(comparison)))
    if compared:
        st.caption(wording.HOW_COMPARED)
        return
    if any(run.status().active for run in confirmation.repetitions(sweep)):
        say.note("The best, the runner-up and the settings that the sweep began with are being tried again.")
        return
    pressed = st.button(
        "Try the best again",
        icon=":material/balance:",
        key=f"{sweep.id}-again",
        help="Trains the best, the runner-up and the settings that the sweep began with over "
        f"{confirmation.FOLDS} folds with {confirmation.SEEDS} seeds each, and says whether they can be told apart.",
    )
    if pressed:
        with session.tell_refusal():
            again = confirmation.cross_validations(sweep)
            launcher.launch_in_turn(again, origin=sweep.id, by=session.signature())
        st.rerun()


def _costs(tried: SweepTrials, key: str, colour: str) -> None:
    """Accuracy against what it costs, where trials differ in that."""
    varied = [
        cost
        for cost in charts.COSTS
        if len(numbers := {getattr(trial, cost) for trial in tried.finished}) > 1 and min(numbers) > 0
    ]
    for cost, place in zip(varied, st.columns(max(2, len(varied))), strict=False):
        figure.draw(
            charts.costs(tried, cost, colour),
            key=f"{key}-{cost}",
            alt=f"Validation accuracy of each finished trial by its {charts.COSTS[cost]}, and the best at each cost",
            choose=session.choose_run,
            place=place,
        )
        place.caption(say.plain(wording.cheaper(tried, cost)))


def _importance(tried: SweepTrials, key: str, colour: str) -> None:
    """Which settings matter; of too few trials, how many are missing."""
    measured = _importances(tried)
    st.markdown(say.plain(wording.importance(tried, measured)))
    if measured:
        figure.draw(
            charts.importance(measured, colour),
            key=f"{key}-importance",
            alt="Share of the spread of scores that each setting accounts for, with its 95 % interval",
        )
        st.caption(wording.HOW_IMPORTANT)


@lru_cache(maxsize=32)
def _importances(tried: SweepTrials) -> tuple[Importance, ...]:
    settings = {
        label: [trial.values[place] for trial in tried.finished] for place, label in enumerate(tried.labels)
    }
    return tuple(importances(settings, [trial.score or 0.0 for trial in tried.finished]))


def _table(tried: SweepTrials) -> None:
    with st.expander(f"All {len(tried.trials)} trials", icon=":material/table_rows:"):
        trials = sorted(tried.trials, key=lambda trial: -(trial.score or 0.0))
        columns: dict[str, list[object]] = {
            "Trial": [trial.number for trial in trials],
            "Validation accuracy": [trial.score for trial in trials],
            **{label: [trial.values[place] for trial in trials] for place, label in enumerate(tried.labels)},
            "Ended": [trial.state for trial in trials],
        }
        st.dataframe(
            columns,
            hide_index=True,
            column_config={"Validation accuracy": st.column_config.NumberColumn(format="percent")},
            alt="All trials with their settings, the best first",
        )


def form() -> None:
    """The form that starts a sweep; it is looked at right away."""
    with st.expander("Try many settings", icon=":material/tune:"):
        names = st.multiselect(
            "What is varied",
            [name for name in sweepable() if _space(settings()[name])],
            default=FIRST,
            format_func=lambda name: settings()[name].label,
            key="sweep-axes",
            max_selections=4,
            help="Each trial is a run of its own with other values of these.",
        )
        with st.form("sweep", border=False):
            model, data = st.columns(2)
            chosen: dict[str, Value] = {
                "model": model.selectbox(
                    "Network",
                    list(settings()["model"].choices),
                    format_func=settings()["model"].choices.__getitem__,
                    key="sweep-model",
                ),
                "dataset": data.selectbox(
                    "Data",
                    [name for name in settings()["dataset"].choices if name not in OWN_DATA],
                    format_func=settings()["dataset"].choices.__getitem__,
                    key="sweep-data",
                ),
            }
            spaces = [_field(name) for name in names]
            trials, epochs, strategy = st.columns(3)
            count = trials.number_input("Trials", 2, MOST_TRIALS, 20, key="sweep-trials")
            chosen["epochs"] = epochs.number_input("Epochs at most", 1, 100_000, 8, key="sweep-epochs")
            how = strategy.selectbox(
                "Chosen", list(STRATEGIES), format_func=STRATEGIES.__getitem__, key="sweep-strategy"
            )
            st.caption(HOW)
            pressed = st.form_submit_button("Start the sweep", type="primary", icon=":material/play_arrow:")
    if pressed:
        _start(chosen, names, spaces, trials=int(count), strategy=str(how))


def _field(name: str) -> str:
    setting = settings()[name]
    return st.text_input(setting.label, _space(setting), key=f"sweep-{name}", help=setting.help)


def _space(setting: Setting) -> str:
    if setting.choices and setting.name not in ("model", "dataset"):
        return ", ".join(setting.choices)
    return SPACES.get(setting.name, "")


def _start(
    chosen: dict[str, Value], names: list[str], spaces: list[str], *, trials: int, strategy: str
) -> None:
    try:
        axes = tuple(parse(f"{name}={space}") for name, space in zip(names, spaces, strict=True))
        fixed = {name: value for name, value in chosen.items() if name not in names}
        config = Config(**fixed)  # type: ignore[arg-type]  # checked by Config
        plan = Plan(axes, trials=trials, strategy=strategy)
        sweep = launcher.launch_sweep(config, plan, by=session.signature())
    except UserError as refusal:
        say.problem(str(refusal))
        return
    session.watch((sweep.id,))
    st.rerun()
