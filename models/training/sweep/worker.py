"""One worker of a sweep: takes trials, trains them, gives up those that fall behind, until none is left."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from models.runtime import child, settings
from models.runtime.errors import UserError
from models.tensorboard.scalars import VALIDATION_TOP1
from models.training.config import Config
from models.training.observer import GO_ON, STOP
from models.training.recorder import WISHES, Recorder
from models.training.runs import OUTPUT, Run, control, lock
from models.training.runs import status as states
from models.training.runs.status import Status
from models.training.session import stop_on_signal, train_held
from models.training.sweep import plan as plans
from models.training.sweep import strategies, trials
from models.training.sweep.claims import Claims
from models.training.sweep.halving import falls_behind
from models.training.sweep.trials import Trial

NAP = 0.5  # seconds between two looks at what others do
OnStatus = Callable[[Status], None]


def refuse_group() -> None:
    """Raise UserError where torchrun started this process as one of several."""
    if settings.WORLD_SIZE.value() > 1:
        raise UserError("A sweep's workers train apart; start it without torchrun, with --parallel.")


def start_others(sweep: Run) -> None:
    """Start the workers that train beside this one. Raises UserError where one cannot be started."""
    with (sweep.path / OUTPUT).open("ab") as output:
        for _ in range(plans.read(sweep.path).parallel - 1):
            child.start(
                "A worker",
                "models.training.sweep",
                *("--join", sweep.id),
                output=output,
                errors=output,
                environment={settings.RUNS.name: str(sweep.path.parent)},
            )


def work(run: Path, *, on_status: OnStatus = lambda _: None) -> str:
    """Train trials of a sweep until all are over, beside other workers of it on any machine that sees the folder.

    Args:
        run: the sweep's folder.
        on_status: is given every status of the sweep that this worker writes.

    Returns:
        How the sweep was left: finished or stopped.

    Raises:
        UserError: if its plan is damaged, or what it needs is not installed.
    """
    sweep = Run.open(run)
    with ExitStack() as desk:
        worker = _Worker(sweep, desk, on_status)
        with stop_on_signal(worker.stop):
            state = worker.run()
        worker.leave(state)
        return state


class _Worker:
    def __init__(self, sweep: Run, desk: ExitStack, on_status: OnStatus) -> None:
        self._sweep, self._plan, self._desk, self._on_status = sweep, plans.read(sweep.path), desk, on_status
        self._claims = Claims(sweep, self._plan, self._config)
        before = states.read(sweep.path)
        # What was asked of the workers before this one is not asked of it; what was asked while it started is.
        launched = before.state in (states.WAITING, states.STARTING)
        self._since = before.handled if launched else control.read(sweep.path).sequence
        self._wish, self._next_look = GO_ON, 0.0
        self._recorder: Recorder | None = None

    def run(self) -> str:
        """Train what there is to train; how the sweep was left."""
        while self._look() != STOP:
            with ExitStack() as hands:
                taken = self._claims.take(hands)
                self._tell(begun=self._claims.seen)
                if taken is not None and self._train(taken) == states.STOPPED and not self._is_over(taken):
                    # A signal reached the trial: it is meant for the whole.
                    self.stop()
            if taken is None:
                if all(trial.is_over for trial in self._claims.trials()):
                    return states.FINISHED
                time.sleep(NAP)
        return states.STOPPED

    def stop(self) -> None:
        """Stop, and let the other workers do so."""
        self._wish = STOP
        with suppress(UserError):
            control.ask(self._sweep.path, control.STOP)

    def wish(self) -> int:
        """What is wished of the sweep between two steps of a trial: GO_ON, PAUSE or STOP."""
        return self._look() if time.monotonic() >= self._next_look else self._wish

    def _look(self) -> int:
        """What is wished now; between two trials always, as short ones are over before it is time to look again."""
        if self._wish != STOP:
            request = control.read(self._sweep.path)
            if request.sequence > self._since:
                self._wish = WISHES[request.wish]
            self._next_look = time.monotonic() + NAP
        return self._wish

    def leave(self, state: str) -> None:
        """Write down how the sweep was left, if it is this worker that writes."""
        self._tell(last=True)
        if self._recorder is not None:
            self._recorder.end(state)

    def _config(self, number: int, past: list[Trial]) -> Config:
        """The configuration of a trial."""
        values = strategies.propose(self._plan, number, past)
        own = dataclasses.replace(self._sweep.config, trial=number, parent=self._sweep.id)
        return self._plan.apply_to(own, values)

    def _train(self, trial: Trial) -> str:
        rungs, given_up = dict(trial.rungs), False
        ahead = [rung for rung in self._plan.rungs(trial.run.config.epochs) if rung not in rungs]

        def on_status(status: Status) -> None:
            nonlocal given_up
            if not given_up and ahead and status.epoch >= ahead[0] and VALIDATION_TOP1 in status.latest:
                rung = ahead.pop(0)
                rungs[rung] = status.latest[VALIDATION_TOP1]
                given_up = self._falls_behind(trial, rung, rungs[rung])
                trials.write_rungs(trial.run.path, rungs, given_up=given_up)
            self._tell(training=status)

        return train_held(
            trial.run.path,
            trial.run.config,
            on_status=on_status,
            parent_wish=lambda: STOP if given_up else self.wish(),
        )

    def _falls_behind(self, trial: Trial, rung: int, score: float) -> bool:
        others = [
            other.rungs[rung]
            for other in self._claims.trials()
            if other.number != trial.number and rung in other.rungs
        ]
        return falls_behind(score, others, self._plan.halving)

    def _is_over(self, trial: Trial) -> bool:
        return trials.read(trial.run, self._plan).is_over

    def _tell(
        self, begun: list[Trial] | None = None, training: Status | None = None, *, last: bool = False
    ) -> None:
        """Write the sweep's status where it is due, if no other worker does; one that died is stood in for."""
        if self._recorder is None:
            with suppress(UserError):
                self._desk.enter_context(lock.hold(self._sweep.path))
                self._recorder = Recorder(self._sweep.path, keep=0, on_status=self._on_status)
        if self._recorder is None or not (last or self._recorder.is_due()):
            return
        begun = self._claims.trials() if begun is None else begun
        self._recorder.read_request()
        self._recorder.add_scores(_scores(begun))
        under_way = training.step / training.steps if training is not None and training.steps else 0.0
        over = sum(trial.is_over for trial in begun)
        self._recorder.write_status(
            state=self._state(training),
            epoch=over,
            epochs=self._plan.count,
            # A sweep has no step of its own: a hundredth of each trial.
            step=round(100 * (over + under_way)),
            steps=100 * self._plan.count,
        )

    def _state(self, training: Status | None) -> str:
        if self._wish == STOP:
            return states.STOPPING
        return states.PAUSED if training is not None and training.state == states.PAUSED else states.RUNNING


def _scores(begun: list[Trial]) -> dict[str, float]:
    """What the best trial reached so far."""
    best = next(iter(trials.rank(begun)), None)
    if best is None or best.score is None:
        return {}
    scores = states.read(best.run.path).scores
    return {
        "best_trial": float(best.number),
        **{name: scores[name] for name in scores if math.isfinite(scores[name])},
    }
