"""The machine is used as this process was told to."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.paths import ROOT

TOLD = (
    "import os; from models.runtime.threads import use_threads; import torch; "
    "print(use_threads(), torch.get_num_threads(), os.environ['THP_MEM_ALLOC_ENABLE'])"
)


@pytest.mark.slow
@pytest.mark.parametrize(("given", "pages"), [({}, "1"), ({"THP_MEM_ALLOC_ENABLE": "0"}, "0")])
def test_threads_and_pages_are_the_operators_or_the_default(given, pages):
    usual = {name: text for name, text in os.environ.items() if name != "THP_MEM_ALLOC_ENABLE"}
    done = subprocess.run(
        [sys.executable, "-c", TOLD],
        cwd=ROOT,
        env={**usual, "VITRINE_THREADS": "1", **given},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["1", "1", pages]
