#!/usr/bin/env bash
# LiteRT (ai-edge-litert) 2.3.0: get_tensor on a hidden layer answers with whatever the layer's memory holds when the
# network is done. The planner gives one buffer to several layers, so the numbers can be a later layer's, in
# the right shape and without an error. With the default XNNPACK delegate hidden layers may have no data at all.
# Activations read from a .tflite file need experimental_preserve_all_tensors=True. Source: docs of Interpreter.
# Seen: "negative" reads 1.44 2.72 5.2, which is the output; preserved, it reads -0.37 -1 -1.65.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet ai-edge-litert==2.3.0 flatbuffers==25.12.19 numpy==2.4.6

environment/bin/python - <<'EOF'
from importlib.metadata import version

import flatbuffers
import numpy as np
from ai_edge_litert import interpreter
from ai_edge_litert import schema_py_generated as schema

layers = {"exponential": "EXP", "negative": "NEG", "magnitude": "ABS", "output": "EXP"}
model, graph = schema.ModelT(), schema.SubGraphT()
model.version, model.buffers, model.subgraphs = 3, [schema.BufferT()], [graph]
graph.tensors, graph.operators, model.operatorCodes = [], [], []
graph.inputs, graph.outputs = [0], [len(layers)]
for name in ["input", *layers]:
    tensor = schema.TensorT()
    tensor.name, tensor.shape, tensor.type, tensor.buffer = name, [1, 3], schema.TensorType.FLOAT32, 0
    graph.tensors.append(tensor)
for position, operator in enumerate(layers.values()):
    code, step = schema.OperatorCodeT(), schema.OperatorT()
    code.builtinCode = code.deprecatedBuiltinCode = getattr(schema.BuiltinOperator, operator)
    model.operatorCodes.append(code)
    step.opcodeIndex, step.inputs, step.outputs = position, [position], [position + 1]
    graph.operators.append(step)
builder = flatbuffers.Builder(1024)
builder.Finish(model.Pack(builder), b"TFL3")


def read(layer, preserve):
    network = interpreter.Interpreter(
        model_content=bytes(builder.Output()),
        experimental_preserve_all_tensors=preserve,
        experimental_op_resolver_type=interpreter.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    )
    network.allocate_tensors()
    network.set_tensor(0, np.array([[-1, 0, 0.5]], np.float32))
    network.invoke()
    return network.get_tensor(1 + list(layers).index(layer))[0]


print("ai-edge-litert", version("ai-edge-litert"))
print("expected, and seen when preserved:", read("negative", preserve=True))
print("seen:", read("negative", preserve=False), "output:", read("output", preserve=False))
assert np.allclose(read("negative", preserve=True), -np.exp([-1, 0, 0.5]))
assert np.array_equal(read("negative", preserve=False), read("output", preserve=False)), "hidden layers are kept now"
EOF
