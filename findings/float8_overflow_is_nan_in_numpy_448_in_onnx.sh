#!/usr/bin/env bash
# ml_dtypes 0.6.0 against onnx 1.23.2 and onnxruntime 1.32.0: the same value turned into the same format, float8_e4m3fn.
# ml_dtypes (NumPy, JAX) makes nan of what lies above 464, ONNX's Cast saturates to 448 unless saturate=0. Weights
# quantized in Python are nan where the exported network says 448, and the format has no infinity.
# An onnx file's float8 tensors come into NumPy as ml_dtypes, so both rules meet in one script. Source: ONNX Cast-19.
# Seen: 448, 500, -10000 become 448, nan, nan with ml_dtypes, and 448, 448, -448 in both ONNX runtimes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet ml_dtypes==0.6.0 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

environment/bin/python - <<'EOF'
import ml_dtypes
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

values = np.array([448, 500, -10000], np.float32)
graph = helper.make_graph(
    [
        helper.make_node("Cast", ["x"], ["small"], to=TensorProto.FLOAT8E4M3FN),
        helper.make_node("Cast", ["small"], ["y"], to=TensorProto.FLOAT),
    ],
    "there_and_back",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [3])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [3])],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
in_runtime = session.run(None, {"x": values})[0]
in_reference = ReferenceEvaluator(model).run(None, {"x": values})[0]
in_numpy = values.astype(ml_dtypes.float8_e4m3fn).astype(np.float32)

print("ml_dtypes", ml_dtypes.__version__, "onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)
print("expected: one format, one result")
print("seen: ml_dtypes", in_numpy, "onnxruntime", in_runtime, "onnx reference", in_reference)
assert in_runtime.tolist() == in_reference.tolist() == [448, 448, -448], "ONNX casts otherwise now"
assert in_numpy[0] == 448 and np.isnan(in_numpy[1:]).all(), "ml_dtypes casts otherwise now"
EOF
