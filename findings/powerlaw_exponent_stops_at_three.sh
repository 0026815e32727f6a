#!/usr/bin/env bash
# powerlaw 2.0.0: Fit looks for the exponent between 1 and 3 only and answers 2.999999999999999 where the estimate
# lies above. The closed form of the same estimate gives 3.5 and 5; a warning says that "an edge" is near.
# A layer whose eigenvalues fall off with an exponent of 2 to 6 is read as well trained, above 6 as poorly: by default
# both give 3. Pass parameter_ranges={"alpha": [1, 10]}. Source: compare powerlaw issue 113 on the lower bound.
# Seen: true 2.5, 3.5, 5.0; fitted 2.503, 3.0, 3.0; closed form 2.503, 3.504, 5.007.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet powerlaw==2.0.0 numpy==2.4.6

environment/bin/python - <<'EOF'
import warnings
from importlib.metadata import version

import numpy as np

warnings.simplefilter("ignore")
import powerlaw

fitted, closed_form, widened = {}, {}, {}
for exponent in (2.5, 3.5, 5.0):
    sample = (1 - np.random.default_rng(0).random(5000)) ** (-1 / (exponent - 1))
    fitted[exponent] = float(powerlaw.Fit(sample, xmin=1).power_law.alpha)
    widened[exponent] = float(powerlaw.Fit(sample, xmin=1, parameter_ranges={"alpha": [1, 10]}).power_law.alpha)
    closed_form[exponent] = float(1 + len(sample) / np.log(sample).sum())

print("powerlaw", version("powerlaw"))
print("expected:", {exponent: round(value, 3) for exponent, value in closed_form.items()})
print("seen:", {exponent: round(value, 3) for exponent, value in fitted.items()})
assert abs(fitted[2.5] - closed_form[2.5]) < 0.01
assert all(abs(fitted[exponent] - 3) < 1e-6 for exponent in (3.5, 5.0)), "the exponent is bounded elsewhere now"
assert all(abs(widened[exponent] - closed_form[exponent]) < 0.01 for exponent in widened)
EOF
