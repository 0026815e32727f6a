#!/usr/bin/env bash
# safetensors 0.8.0: saving a transposed (or strided) NumPy array writes its memory as it lies, under the shape it
# shows. Loading gives other numbers, with no error; 0.7.0 was right, and safetensors.torch refuses such a tensor.
# Weights that come from a transpose or from scikit-learn's PCA are in Fortran order: the file loads, the shapes
# fit, the network is another one. Call np.ascontiguousarray first. Source: safetensors issue 825.
# Seen: saved [[0, 3], [1, 4], [2, 5]], loaded [[0, 1], [2, 3], [4, 5]]; of a stride of two only the start is kept.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet safetensors==0.8.0 numpy==2.4.6

environment/bin/python - <<'EOF'
import numpy as np
import safetensors
from safetensors.numpy import load, save

weights = np.arange(6, dtype=np.float32).reshape(2, 3).T
every_second = np.arange(10, dtype=np.float32)[::2]
loaded = load(save({"weights": weights, "every_second": every_second}))

print("safetensors", safetensors.__version__)
print("expected: what was saved", weights.tolist(), every_second.tolist())
print("seen:", loaded["weights"].tolist(), loaded["every_second"].tolist())
assert loaded["weights"].tolist() == [[0, 1], [2, 3], [4, 5]], "transposed arrays are saved otherwise now"
assert loaded["every_second"].tolist() == [0, 1, 2, 3, 4], "strided arrays are saved otherwise now"
contiguous = load(save({"weights": np.ascontiguousarray(weights)}))["weights"]
assert np.array_equal(contiguous, weights)
EOF
