"""What is loaded once for all tests, and what no test leaves behind."""

from __future__ import annotations

import contextlib
import gc
import random
import sys
import zlib

import numpy as np
import pytest
import torch

from dashboard.inspection.engine import paces
from models.classifier import Classifier
from models.runtime import child
from tests.forked import Nursery

# What is imported and collected stays to the end: the garbage collector need not go through it again and again.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def own_draws(request):
    """What a test draws without a generator of its own is the same each time, whichever tests ran before it."""
    seed = zlib.crc32(request.node.nodeid.encode())
    torch.default_generator.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)


@pytest.fixture(autouse=True)
def no_paces(monkeypatch):
    """Each test measures for itself how networks compute, and keeps nothing of it."""
    monkeypatch.setattr(paces, "remember", lambda file=None: None)


@pytest.fixture(autouse=True)
def own_main(monkeypatch):
    """Streamlit's test of an app leaves the app behind as this process's main module, for children to run."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(scope="session")
def nursery():
    with contextlib.closing(Nursery()) as started:
        yield started


@pytest.fixture
def forked_children(nursery, monkeypatch):
    """Processes of ours come from one that has imported torch already, but those that answer by pipes."""
    start = child.start
    monkeypatch.setattr(
        child,
        "start",
        lambda *arguments, **files: (start if "source" in files else nursery.start)(*arguments, **files),
    )


@pytest.fixture(scope="session")
def embedded():
    """Name -> network for photographs that ships with the app; loaded when asked for, kept for all."""
    from models.networks import find_network
    from models.runtime.progress import silent

    loaded: dict[str, Classifier] = {}

    def load(name: str) -> Classifier:
        if name not in loaded:
            loaded[name] = find_network(name).load(silent)
        return loaded[name]

    return load


@pytest.fixture(scope="session")
def panda():
    """A network -> the giant panda as that network reads it, (3, 224, 224)."""
    from PIL import Image

    from dashboard.inspection.prediction import see
    from models.photos.samples import PHOTOS

    def seen(classifier: Classifier) -> np.ndarray:
        with Image.open(PHOTOS["giant_panda"].path) as picture:
            return see(classifier, picture).inputs

    return seen
