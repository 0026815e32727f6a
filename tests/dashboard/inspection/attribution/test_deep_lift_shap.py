"""DeepLIFT over several baselines: bare Captum's, and credit that adds up however a network is written."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from captum.attr import DeepLiftShap

from dashboard.inspection.attribution.baselines import all_baselines
from tests.dashboard.inspection.attribution.test_deep_lift import NETWORKS
from tests.networks import (
    ConvNet,
    built,
    classifier,
    explain,
    pixels,
)


def test_with_several_baselines_it_is_bare_captums():
    of = classifier(built(ConvNet))
    batch = torch.tensor(pixels())[None]
    found = explain("deep_lift_shap", of, pixels(), 1)
    starts = all_baselines(batch, of.preprocessing)
    bare = DeepLiftShap(copy.deepcopy(of.module)).attribute(batch.clone(), starts, target=1)
    assert found.raw is not None and np.allclose(found.raw, bare.detach()[0], atol=1e-6)


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_adds_up_however_a_network_is_written(network):
    found = explain("deep_lift_shap", classifier(built(network)), pixels())
    assert found.outcome.measures["completeness gap"] < 1e-4
    assert found.outcome.kind == "clean"
