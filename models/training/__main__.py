"""Train from a terminal: `python -m models.training --model mlp --dataset mnist-10k --epochs 10`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Collection
from contextlib import suppress

from models.runtime.errors import UserError
from models.runtime.terminal import run_command
from models.training.config import Config, settings

NICENESS = 10


def main(arguments: list[str] | None = None) -> int:
    """Train a new run or go on with an old one; 0 if it finished or was stopped."""
    options = vars(_parser().parse_args(arguments))
    run_ids = options.pop("resume")
    texts = {name: text for name, text in options.items() if text is not None}
    return run_command(lambda: _train(run_ids, texts))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m models.training", description=__doc__, allow_abbrev=False
    )
    parser.add_argument(
        "--resume",
        metavar="RUN",
        nargs="+",
        default=[],
        help="go on with runs that were stopped, interrupted or failed, one after the other",
    )
    add_settings(parser)
    return parser


def add_settings(parser: argparse.ArgumentParser, without: Collection[str] = ()) -> None:
    """Add an option for each setting of a run, but for some; what nobody names is None."""
    for name, setting in settings().items():
        if not setting.group or name in without:
            continue
        choices = f" One of: {', '.join(setting.choices)}." if setting.choices else ""
        zero = f" 0: {setting.zero}." if setting.zero else ""
        help_text = f"{setting.help}{choices}{zero} Default: {setting.default!r}."
        parser.add_argument(f"--{name.replace('_', '-')}", help=help_text.replace("%", "%%"), metavar="VALUE")


def _train(run_ids: list[str], options: dict[str, str]) -> int:
    config = Config.parse(options)
    if run_ids and options:
        raise UserError("A resumed run keeps its settings; leave them out, or start a new run.")
    step_back()
    from models.training import command

    return command.resume(*run_ids) if run_ids else command.start(config)


def step_back() -> None:
    """Leave the processor to the app, where the system lets a trainer do so."""
    with suppress(OSError, AttributeError):
        os.nice(max(0, NICENESS - os.nice(0)))


if __name__ == "__main__":
    sys.exit(main())
