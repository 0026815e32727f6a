"""Channels weighted by the score of what they light up: a slow version written from the paper."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from dashboard.inspection.attribution.baselines import baseline
from tests.networks import ConvNet, built, classifier, explain, pixels


@pytest.mark.parametrize("start", ["mean", "black"])
def test_is_the_papers(start):
    network = built(ConvNet)
    of, batch = classifier(network), torch.tensor(pixels())[None]
    begin = baseline(start, batch, of.preprocessing)
    maps = network.act2(network.conv2(network.act1(network.bn1(network.conv1(batch)))))
    nothing, gains, channels = float(network(begin)[0, 1]), [], []
    for channel in maps[0]:
        if channel.max() == channel.min():
            continue
        mask = functional.interpolate(channel[None, None], (8, 8), mode="bilinear")
        mask = (mask - mask.min()) / (mask.max() - mask.min())
        gains.append(float(network(mask * batch + (1 - mask) * begin)[0, 1]) - nothing)
        channels.append(channel)
    weights = np.exp(gains) / np.exp(gains).sum()
    expected = sum(weight * channel for weight, channel in zip(weights, channels, strict=True)).relu()
    found = explain("score_cam", of, pixels(), 1, layer="act2", baseline=start)
    assert found.raw is not None and np.allclose(found.raw[0], expected, atol=1e-5)
