#!/usr/bin/env bash
# lime 0.2.0.1 with scikit-image 0.26.0: lime's own wrapper SegmentationAlgorithm("slic") numbers superpixels
# from 1, lime's explainer expects them from 0. The last superpixel is never hidden and has no weight; number 0
# covers no pixel and gets one. An object in the bottom right corner is thus reported as of no importance.
# Pass start_label=0. scikit-image's default changed in 0.19; alibi had the same fault (alibi issue 748).
# Seen: superpixels 1 to 9, explained 0 to 8; superpixel 9 shown in all 200 pictures and without a weight.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet lime==0.2.0.1 scikit-image==0.26.0 scikit-learn==1.9.1 numpy==2.4.6

environment/bin/python - <<'EOF'
from importlib.metadata import version

import numpy as np
from lime.lime_image import LimeImageExplainer
from lime.wrappers.scikit_image import SegmentationAlgorithm

picture = np.full((60, 60, 3), 0.5)
shown = []


def network(batch):
    shown.extend(batch)
    corner = batch[:, 45:, 45:].mean((1, 2, 3))  # the network looks at the bottom right corner only
    return np.stack([corner, 1 - corner], axis=1)


def explain(**settings):
    shown.clear()
    slic = SegmentationAlgorithm("slic", n_segments=9, compactness=100, **settings)
    explanation = LimeImageExplainer(random_state=0).explain_instance(
        picture, network, labels=(0,), top_labels=None, hide_color=0, num_samples=200, segmentation_fn=slic
    )
    last = explanation.segments == explanation.segments.max()
    hidden = sum(not image[last].any() for image in shown)
    return np.unique(explanation.segments).tolist(), dict(explanation.local_exp[0]), hidden


segments, weights, hidden = explain()
fixed_segments, fixed_weights, fixed_hidden = explain(start_label=0)
print("lime", version("lime"), "scikit-image", version("scikit-image"))
print("expected: the corner's superpixel is hidden in half of the pictures and carries the weight")
print("seen:", segments, "explained:", sorted(map(int, weights)), "corner hidden", hidden, "times of", len(shown))
print("with start_label=0: hidden", fixed_hidden, "times, weight", round(float(fixed_weights[max(fixed_segments)]), 2))
assert max(segments) not in weights and hidden == 0, "the last superpixel is hidden now"
assert fixed_hidden > 50 and fixed_weights[max(fixed_segments)] > 0.3
EOF
