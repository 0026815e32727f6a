#!/usr/bin/env bash
# OpenVINO 2026.4.1, CPU on x86-64: ReLU of nan is 0, HardSigmoid of nan is 1. onnxruntime, torch and NumPy keep nan.
# A network with a broken weight then gives clean, finite scores here and nan elsewhere: a comparison of two
# runtimes blames the honest one, and a check of the outputs for nan finds nothing. Look at the weights instead.
# Source: openvino issues 35649 and 35930.
# Seen: [-1, nan, 2] through ReLU gives [0, 0, 2]; through HardSigmoid nan gives 1.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet openvino==2026.4.1 numpy==2.4.6

environment/bin/python - <<'EOF'
import numpy as np
import openvino as ov
from openvino import opset13 as ops

values = np.array([-1, np.nan, 2], np.float32)


def run(layer):
    entry = ops.parameter([3], dtype=ov.Type.f32)
    model = ov.Model([layer(entry)], [entry])
    return ov.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([values])[0]


relu = run(ops.relu)
hard_sigmoid = run(lambda entry: ops.hard_sigmoid(entry, np.float32(0.2), np.float32(0.5)))
doubled = run(lambda entry: ops.multiply(entry, np.float32(2)))

print("OpenVINO", ov.__version__)
print("expected: nan stays nan, as in", np.maximum(values, 0), "and in a plain product:", doubled)
print("seen: ReLU", relu, "HardSigmoid", hard_sigmoid)
assert np.isnan(doubled[1])
assert relu.tolist() == [0, 0, 2], "ReLU treats nan otherwise now"
assert hard_sigmoid[1] == 1, "HardSigmoid treats nan otherwise now"
EOF
