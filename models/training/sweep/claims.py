"""Which worker trains which trial: each trial in one pair of hands, whoever dies."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress

from filelock import FileLock

from models.runtime.errors import UserError
from models.training import runs
from models.training.config import Config
from models.training.runs import Run, lock
from models.training.sweep import trials
from models.training.sweep.plan import Plan
from models.training.sweep.trials import Trial

FILE = "claims"
Propose = Callable[[int, list[Trial]], Config]


class Claims:
    """One worker's view of the trials of a sweep; what is over is not read again.

    Attributes:
        seen: all trials that had begun when it last looked, in order.
    """

    def __init__(self, sweep: Run, plan: Plan, propose: Propose) -> None:
        """Begin to look.

        Args:
            sweep: the parent.
            plan: of the sweep.
            propose: the configuration of a trial, from its number and the trials before it.
        """
        self._sweep, self._plan, self._propose = sweep, plan, propose
        self.seen: list[Trial] = []
        self._runs: dict[int, Run] = {}
        # Held only while one looks, so that a choice knows all that were made before it.
        self._lock = FileLock(sweep.path / FILE)

    def trials(self) -> list[Trial]:
        """All trials that have begun, in order."""
        over = {trial.number: trial for trial in self.seen if trial.is_over}
        paths = self._sweep.trial_paths()
        # What a run is asked for never changes.
        self._runs |= {number: Run.open(path) for number, path in paths.items() if number not in self._runs}
        self.seen = [over.get(number) or trials.read(self._runs[number], self._plan) for number in paths]
        return self.seen

    def take(self, hands: ExitStack) -> Trial | None:
        """A trial that nobody trains, held until the hands are opened; None where there is none now.

        One that was begun and dropped comes before a new one.

        Raises:
            UserError: if a trial cannot be made.
        """
        with self._lock:
            begun = self.trials()
            for trial in begun:
                if not trial.is_over and (taken := self._hold(trial.run, hands)):
                    return taken
            number = 1 + max((trial.number for trial in begun), default=0)
            if number > self._plan.count:
                return None
            config, name = self._propose(number, begun), runs.trial_id(self._sweep.id, number)
            self._runs[number] = runs.create(config, name, by=self._sweep.by)
            return self._hold(self._runs[number], hands)

    def _hold(self, run: Run, hands: ExitStack) -> Trial | None:
        with suppress(UserError), ExitStack() as hand:
            hand.enter_context(lock.hold(run.path))
            # Whoever held it until now may have ended it.
            if not (trial := trials.read(run, self._plan)).is_over:
                hands.push(hand.pop_all())
                return trial
        return None
