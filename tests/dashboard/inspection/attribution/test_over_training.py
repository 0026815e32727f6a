"""The map at each checkpoint of a run is the map of that checkpoint's network."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.over_training import maps_over_training
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.engine.survey import survey
from models.runtime.progress import silent
from models.training import as_networks, runs

INPUTS = torch.linspace(-0.4, 2.8, 784).reshape(1, 28, 28).numpy()


@pytest.mark.slow
def test_each_is_the_map_of_its_own_network():
    run = runs.find("example-healthy")
    kept = run.checkpoints().all[::4]
    networks = [as_networks.find(as_networks.address(run, one)).load(silent) for one in kept]
    layers = survey(networks[0].module, torch.tensor(INPUTS)[None])
    method, told = METHODS["saliency"], list[float]()
    request = Request(4, None, None, method.defaults((28, 28)))
    maps = maps_over_training(
        run, kept, INPUTS, method=method, request=request, survey=layers, progress=told.append
    )
    assert len(maps) == 2 and told[0] == 0
    for network, found in zip(networks, maps, strict=True):
        alone = attribute(network, INPUTS, method=method, request=request, survey=layers)
        assert found.values is not None and alone.values is not None
        np.testing.assert_allclose(found.values, alone.values, rtol=1e-4, atol=1e-7)
    assert not np.allclose(maps[0].values, maps[1].values)  # type: ignore[arg-type]  # drawn
