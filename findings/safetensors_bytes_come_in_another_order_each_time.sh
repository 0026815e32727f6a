#!/usr/bin/env bash
# safetensors 0.8.0: load(bytes), of safetensors.numpy and safetensors.torch alike, gives the tensors of the same bytes
# in another order at each call, in one process too. load_file keeps one order, that of the file. Whatever follows the
# order of a dict differs from call to call: a cache key made of names, an optimizer given the tensors, a sum of floats.
# Sort the names. Met here: results of a checkpoint that was read from bytes were never found again in a cache.
# Seen: 20 readings of 12 tensors: 20 orders with load(bytes), 1 with load_file.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet safetensors==0.8.0 numpy==2.4.6

environment/bin/python - <<'EOF'
import numpy as np
import safetensors
from safetensors.numpy import load, load_file, save

content = save({f"layer{number}.weight": np.zeros(2, np.float32) for number in range(12)})
with open("weights.safetensors", "wb") as file:
    file.write(content)
from_bytes = {tuple(load(content)) for _ in range(20)}
from_file = {tuple(load_file("weights.safetensors")) for _ in range(20)}
print("safetensors", safetensors.__version__)
print("expected: one order of the same bytes")
print("seen, orders in 20 readings: load(bytes)", len(from_bytes), "load_file", len(from_file))
assert len(from_file) == 1
assert len(from_bytes) > 1, "load(bytes) keeps its order now"
EOF
