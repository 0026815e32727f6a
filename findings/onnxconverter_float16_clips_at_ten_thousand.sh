#!/usr/bin/env bash
# onnxconverter-common 1.16.0: convert_float_to_float16 clips weights at 10,000, although float16 reaches 65,504 and
# holds 20,000 and 60,000 exactly; and it lifts all that is below 1e-7 to 1e-7, where rounding would give 0.
# It warns on the console, then an epsilon of 1e-12 is a hundred thousand times itself in the file. onnxruntime's
# own copy of the function has 65,504. Pass max_finite_val=65504. Source: onnxconverter-common issue 295.
# Seen: 20000, 60000, 1e-12 become 10000, 10000, 1.2e-07 (NumPy: 20000, 60000, 0).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet onnxconverter-common==1.16.0 onnx==1.23.2 numpy==2.4.6

environment/bin/python - <<'EOF'
import warnings
from importlib.metadata import version

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from onnxconverter_common.float16 import convert_float_to_float16

weights = np.array([20000, 60000, 1e-12], np.float32)


def convert(**settings):
    graph = helper.make_graph(
        [helper.make_node("Mul", ["x", "weights"], ["y"])],
        "scale",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [3])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [3])],
        [numpy_helper.from_array(weights, "weights")],
    )
    with warnings.catch_warnings(action="ignore"):
        model = convert_float_to_float16(helper.make_model(graph), **settings)
    return numpy_helper.to_array(model.graph.initializer[0]).tolist()


print("onnxconverter-common", version("onnxconverter-common"))
print("expected: as NumPy rounds,", weights.astype(np.float16).tolist())
print("seen:", convert(), "with max_finite_val=65504:", convert(max_finite_val=65504.0))
assert convert(max_finite_val=65504.0)[:2] == weights.astype(np.float16).tolist()[:2] == [20000, 60000]
assert convert()[:2] == [10000, 10000] and 1e-7 < convert()[2] < 1.3e-7, "float16 is clipped elsewhere now"
EOF
