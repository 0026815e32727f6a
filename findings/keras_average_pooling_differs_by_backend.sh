#!/usr/bin/env bash
# Keras 3.15.1: average pooling with padding "same" is another function on each backend. JAX leaves the padding out of
# the count; torch, where the padding is uneven, repeats the edge and counts the copies. Nothing is said of it.
# One .keras file therefore answers otherwise on another backend; what compares translations, exports or runs of a
# network that pools like this with Keras must say which backend it means. Source: measured.
# Seen: of the row 0..7, window 3, stride 2, the last mean is 6.5 on JAX and 6.667 on torch, from one file.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet keras==3.15.1 jax==0.10.2 torch==2.14.1 numpy==2.4.6

cat >answer.py <<'EOF2'
import sys
from pathlib import Path

import keras
import numpy as np

if not Path("pool.keras").exists():
    pool = keras.layers.AveragePooling2D((1, 3), strides=(1, 2), padding="same")
    keras.Sequential([keras.Input((1, 8, 1)), pool]).save("pool.keras")
row = np.arange(8, dtype="float32").reshape(1, 1, 8, 1)
answer = keras.models.load_model("pool.keras").predict(row, verbose=0).ravel()
print(keras.backend.backend(), answer)
np.save(sys.argv[1], answer)
EOF2
for backend in jax torch; do
    KERAS_BACKEND=$backend environment/bin/python answer.py "$backend.npy"
done

environment/bin/python - <<'EOF2'
import numpy as np

jax, torch = np.load("jax.npy"), np.load("torch.npy")
print("expected: one file, one answer")
print("seen:", jax, torch)
assert np.allclose(jax, [1, 3, 5, 6.5]), "JAX counts otherwise now"
assert np.allclose(torch[:3], jax[:3]) and abs(torch[3] - 20 / 3) < 1e-4, "the backends agree now"
EOF2
