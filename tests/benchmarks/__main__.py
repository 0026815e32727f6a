"""Run one benchmark: a table, and as the last line one JSON object."""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path

# Every other module of this folder is a benchmark, with a function `run` that prints and returns its numbers.
NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))


def main() -> None:
    """Run the benchmark that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    name = parser.parse_args().name
    print(json.dumps(importlib.import_module(f"tests.benchmarks.{name}").run()))


if __name__ == "__main__":
    main()
