"""The input times the slope: a closed form, bare Captum, and an embedded network."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from captum.attr import InputXGradient

from tests.networks import Linear, built, classifier, explain, pixels, slopes


def test_of_a_linear_network_is_weight_times_input():
    of = classifier(built(Linear))
    found = explain("input_x_gradient", of, pixels(), 1, 2)
    assert found.raw is not None and np.allclose(found.raw, (slopes(of)[1] - slopes(of)[2]) * pixels())
    assert (found.outcome.kind, found.signed) == ("clean", True)


@pytest.mark.slow
def test_is_bare_captums(embedded, panda):
    of = embedded("squeezenet1_1")
    inputs = panda(of)
    found = explain("input_x_gradient", of, inputs, 388)
    batch = torch.tensor(inputs)[None].requires_grad_()
    bare = InputXGradient(of.module).attribute(batch, target=388)[0].detach().numpy()
    assert found.raw is not None
    assert np.abs(found.raw - bare).max() < 1e-4 * np.abs(bare).max()
