#!/usr/bin/env bash
# onnx 1.23.2: the reference evaluator's LRN sums squares for as many channels as the batch has pictures. The
# other channels are only divided by bias ** beta, so a picture's result depends on how many stand beside it.
# Whoever checks a translated AlexNet or GoogLeNet against "the reference" finds the right runtime wrong.
# The suite of ONNX has 5 pictures of 5 channels and cannot see it. Source: onnx issue 7805, pull request 8331.
# Seen: channels of the same picture alone 0.7071 100 100 100, among four 0.7071 0.5773 0.5773 0.7071.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet onnx==1.23.2 numpy==2.4.6

environment/bin/python - <<'EOF'
import numpy as np
import onnx
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

node = helper.make_node("LRN", ["x"], ["y"], size=3, alpha=3.0, beta=0.5, bias=0.0001)
shape = ["pictures", 4, 2, 2]
graph = helper.make_graph(
    [node],
    "lrn",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
)
reference = ReferenceEvaluator(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)]))

pictures = np.ones((4, 4, 2, 2), np.float32)
alone = reference.run(None, {"x": pictures[:1]})[0][0, :, 0, 0]
among_four = reference.run(None, {"x": pictures})[0][0, :, 0, 0]
neighbours = np.array([2, 3, 3, 2])  # channels within one of each channel, itself included
right = 1 / np.sqrt(0.0001 + neighbours)

print("onnx", onnx.__version__)
print("expected, alone or not:", right.round(4))
print("seen alone:", alone.round(4), "among four:", among_four.round(4))
assert np.allclose(among_four, right, rtol=1e-4)
assert np.allclose(alone, [right[0], 100, 100, 100], rtol=1e-4), "LRN of one picture is computed otherwise now"
EOF
