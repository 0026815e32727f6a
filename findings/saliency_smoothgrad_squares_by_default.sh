#!/usr/bin/env bash
# saliency 0.2.1 (PAIR): GetSmoothedMask has magnitude=True, which averages the squares of the gradients.
# SmoothGrad, as its paper and Captum's NoiseTunnel have it by default, averages the gradients themselves.
# So the map has no sign, a weight three times another's weighs nine times, and noise that should average out adds up.
# Maps of two libraries under one name do not compare until magnitude=False. Source: the method's docstring.
# Seen: gradients 1, -2, 3 of a linear network give 1, 4, 9; with magnitude=False 1, -2, 3.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet saliency==0.2.1 numpy==2.4.6

environment/bin/python - <<'EOF'
from importlib.metadata import version

import numpy as np
import saliency.core as saliency

weights = np.array([1.0, -2.0, 3.0])


def gradients(batch, call_model_args=None, expected_keys=None):
    return {saliency.INPUT_OUTPUT_GRADIENTS: np.broadcast_to(weights, np.shape(batch)).copy()}


picture = np.array([0.2, 0.5, 0.9])
method = saliency.GradientSaliency()
by_default = method.GetSmoothedMask(picture, gradients)
signed = method.GetSmoothedMask(picture, gradients, magnitude=False)

print("saliency", version("saliency"))
print("expected: the gradients of a linear network, whatever the noise:", weights)
print("seen by default:", by_default, "with magnitude=False:", signed)
assert np.allclose(signed, weights)
assert np.allclose(by_default, weights**2), "SmoothGrad's default is another now"
EOF
