#!/usr/bin/env bash
# Flax 0.12.8: serialization.from_bytes(target, data) checks the target's names and nothing else. A checkpoint of
# ten classes loads into a target of three, float32 into float16; what comes back has the file's shapes and types.
# A missing name raises, which suggests that the rest is checked as well. The error comes later or, where
# shapes broadcast, never. Compare shapes and types leaf by leaf after loading. Source: flax issue 2436.
# Seen: target kernel (4, 3) float16, restored kernel (4, 10) float32.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet flax==0.12.8 jax==0.10.2 numpy==2.4.6

environment/bin/python - <<'EOF'
import flax
import numpy as np
from flax import serialization

data = serialization.to_bytes({"head": {"kernel": np.ones((4, 10), np.float32)}})
target = {"head": {"kernel": np.zeros((4, 3), np.float16)}}
kernel = serialization.from_bytes(target, data)["head"]["kernel"]

print("flax", flax.__version__)
print("expected: an error, or a kernel of", target["head"]["kernel"].shape, target["head"]["kernel"].dtype)
print("seen:", kernel.shape, kernel.dtype)
assert (kernel.shape, kernel.dtype) == ((4, 10), np.float32), "shapes or types are looked at now"
try:
    serialization.from_bytes({"head": {"kernel": np.zeros((4, 10)), "bias": np.zeros(10)}}, data)
except ValueError as error:
    print("a missing name does raise:", str(error)[:60])
else:
    raise SystemExit("a missing name is no error now")
EOF
