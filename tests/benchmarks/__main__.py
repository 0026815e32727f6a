"""Run one benchmark: a table, and as the last line one JSON object."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

# Every other module of this folder is a benchmark, with a function `run` that prints and returns its numbers, and
# where it can be narrowed a function `options` that adds the keywords of `run` to its command line.
NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))


def main() -> None:
    """Run the benchmark that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    name = parser.parse_args(sys.argv[1:2]).name
    benchmark = importlib.import_module(f"tests.benchmarks.{name}")
    own = argparse.ArgumentParser(prog=f"python -m tests.benchmarks {name}", description=benchmark.__doc__)
    getattr(benchmark, "options", lambda parser: None)(own)
    print(json.dumps(benchmark.run(**vars(own.parse_args(sys.argv[2:])))))


if __name__ == "__main__":
    main()
