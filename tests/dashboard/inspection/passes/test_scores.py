"""The strongest pictures of each class by brute force."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.passes.scores import scores
from tests.dashboard.inspection.passes.test_layer import pool
from tests.networks import ConvNet, built, classifier, untouched


def test_each_class_by_brute_force():
    of, pictures = classifier(built(ConvNet)), pool()
    with untouched(of.module):
        found = scores(of, pictures)
    with torch.no_grad():
        logits = of.module(pictures.take(range(len(pictures)))).numpy()
    assert found.pictures == 300
    assert found.most.tolist() == logits.argmax(0).tolist()
    assert found.least.tolist() == logits.argmin(0).tolist()
    np.testing.assert_allclose(found.highest, logits.max(0), rtol=1e-5)
    np.testing.assert_allclose(found.lowest, logits.min(0), rtol=1e-5)


def test_progress_ends_the_pass():
    class StopError(Exception):
        pass

    def progress(share: float) -> None:
        if share > 0:
            raise StopError

    with pytest.raises(StopError):
        scores(classifier(built(ConvNet)), pool(), progress)
