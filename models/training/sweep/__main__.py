"""Find good settings by trying: `python -m models.training.sweep --model mlp --sweep learning_rate=1e-4..0.1:log`."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from typing import Any

from models.runtime.errors import UserError
from models.runtime.terminal import run_command
from models.training import runs
from models.training.__main__ import add_settings, step_back
from models.training.config import Config
from models.training.sweep.axis import EXAMPLES, parse
from models.training.sweep.plan import STRATEGIES, Plan

NUMBERS = {
    "trials": "how many combinations are tried",
    "sweep_seed": "of the choice of combinations",
    "halving": "of the trials that reach a rung, one in so many goes on; 0 gives none up",
    "first_rung": "epochs before a trial can be given up",
    "parallel": "workers that are started together; more may join",
}


def main(arguments: list[str] | None = None) -> int:
    """Start a sweep, or join one; 0 if it finished or was stopped."""
    options = vars(_parser().parse_args(arguments))
    joined = options.pop("join")
    return run_command(lambda: _join(joined) if joined else _start(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m models.training.sweep", description=__doc__, allow_abbrev=False
    )
    parser.add_argument("--join", metavar="RUN", help="train trials of a sweep that was started elsewhere")
    parser.add_argument(
        "--sweep", metavar="AXIS", action="append", default=[], help=f"what is varied: {EXAMPLES}"
    )
    parser.add_argument("--strategy", choices=list(STRATEGIES), help="how combinations are chosen")
    for name, text in NUMBERS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, metavar="NUMBER", help=text)
    add_settings(parser)
    return parser


def _start(options: dict[str, Any]) -> int:
    axes = [parse(text) for text in options.pop("sweep")]
    asked = {name: options.pop(name) for name in ("strategy", *NUMBERS)}
    asked["seed"] = asked.pop("sweep_seed")
    texts = {name: text for name, text in options.items() if text is not None}
    # Several networks are one more thing that is varied.
    if "," in texts.get("model", ""):
        axes.append(parse(f"model={texts['model']}"))
        texts["model"] = texts["model"].partition(",")[0]
    plan = Plan(tuple(axes), **{name: value for name, value in asked.items() if value is not None})
    step_back()
    from models.training import command

    return command.start(share_threads(Config.parse(texts), plan), plan)


def share_threads(config: Config, plan: Plan) -> Config:
    """The configuration with as many threads as each of several workers can have of this machine's processors."""
    if plan.parallel == 1 or config.threads:
        return config
    return dataclasses.replace(config, threads=max(1, (os.cpu_count() or 1) // plan.parallel))


def _join(run_id: str) -> int:
    run = runs.find(run_id)
    run.refuse_example()
    if not run.is_sweep:
        raise UserError(f"Run {run.id} is no sweep; --join takes the name of one.")
    step_back()
    from models.training.sweep import worker

    worker.work(run.path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
