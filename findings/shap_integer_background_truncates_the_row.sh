#!/usr/bin/env bash
# shap 0.51.0: the maskers keep the background's type. Where it holds integers, the row to be explained is cut to
# integers on its way to the network: 41.9 is explained as 41, and 0.7 as 0, without a warning.
# The values then sum to the answer for another row. Ages, counts and pixels of 0 to 255 are integers in most tables
# and pictures. Give the background as float. The Permutation explainer does the same. Source: measured.
# Seen: prediction 42.6, values + base 41.0 with an integer background, 42.6 with the same one as float.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet shap==0.51.0 numpy==2.4.6

environment/bin/python - <<'EOF'
import numpy as np
import shap

background = np.array([[20, 1], [30, 0], [40, 1], [50, 0]])
row = np.array([[41.9, 0.7]])


def network(table):
    return table[:, 0].astype(float) + table[:, 1]


def total(table):
    explanation = shap.explainers.Exact(network, shap.maskers.Independent(table))(row)
    return float(explanation.values.sum() + explanation.base_values[0])


prediction, integers, floats = float(network(row)[0]), total(background), total(background.astype(float))
print("shap", shap.__version__)
print("expected: base value + Shapley values = prediction =", round(prediction, 3))
print("seen: integer background", round(integers, 3), "float background", round(floats, 3))
assert abs(floats - prediction) < 1e-9
assert integers == 41, "an integer background no longer cuts the row"
EOF
