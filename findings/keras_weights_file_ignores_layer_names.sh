#!/usr/bin/env bash
# Keras 3.15.1: a .weights.h5 file files each layer under its class and turn ("dense", "dense_1"), not under its name.
# load_weights goes by these: where layers of equal shape stand in another order, each gets the other's weights.
# Names are what the network shows, what a person compares and what the legacy .h5 format holds; so the swapped
# branches of a network load without an error and give other answers. Source: measured.
# Seen: saved first 1, second 2; loaded by name first 2, second 1; paths layers/dense/vars/0, layers/dense_1/vars/0.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet keras==3.15.1 jax==0.10.2 h5py==3.16.0 numpy==2.4.6

environment/bin/python - <<'EOF'
import os

os.environ["KERAS_BACKEND"] = "jax"
import h5py
import keras
import numpy as np


def build(names):
    entry = keras.Input((2,))
    hidden = entry
    for name in names:
        hidden = keras.layers.Dense(2, use_bias=False, name=name)(hidden)
    return keras.Model(entry, hidden)


network = build(["first", "second"])
network.get_layer("first").set_weights([np.full((2, 2), 1.0)])
network.get_layer("second").set_weights([np.full((2, 2), 2.0)])
network.save_weights("network.weights.h5")

turned = build(["second", "first"])
turned.load_weights("network.weights.h5")
loaded = {name: float(turned.get_layer(name).get_weights()[0][0, 0]) for name in ("first", "second")}
paths = []
with h5py.File("network.weights.h5") as file:
    file.visititems(lambda path, item: paths.append(path) if isinstance(item, h5py.Dataset) else None)

print("keras", keras.__version__)
print("expected: each name keeps its weights, or an error: first 1, second 2")
print("seen:", loaded, "paths in the file:", paths)
assert loaded == {"first": 2, "second": 1}, "weights are matched otherwise now"
assert not any("first" in path or "second" in path for path in paths)
EOF
