"""Opens a file as others do, in a process of its own: `python -m tests.benchmarks._peer PEER FILE PICTURE ANSWER`.

PICTURE and ANSWER are .npy files, (1, C, H, W) as the network reads it and (1, classes). Prints as JSON the seconds of
its imports, and from the file to the answer.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

Open = Callable[[str, Any], Any]


def _keras(backend: str) -> Open:
    os.environ["KERAS_BACKEND"] = backend
    keras = importlib.import_module("keras")
    return lambda path, picture: keras.models.load_model(path).predict(
        picture.transpose(0, 2, 3, 1), verbose=0
    )


def _onnx2pytorch() -> Open:
    onnx, torch = importlib.import_module("onnx"), importlib.import_module("torch")
    convert = importlib.import_module("onnx2pytorch").ConvertModel

    def answer(path: str, picture: Any) -> Any:
        with torch.no_grad():
            return convert(onnx.load(path)).eval()(torch.from_numpy(picture)).numpy()

    return answer


# Name -> what is imported, and how a file is opened then.
PEERS: dict[str, Callable[[], Open]] = {
    "Keras on JAX": partial(_keras, "jax"),
    "Keras on torch": partial(_keras, "torch"),
    "onnx2pytorch": _onnx2pytorch,
}


def main(peer: str, path: str, picture: str, answer: str) -> None:
    """Open a file once."""
    began = time.perf_counter()
    opened = PEERS[peer]()
    imported = time.perf_counter()
    np.save(answer, opened(path, np.load(picture)))
    print(json.dumps({"imports": imported - began, "opening": time.perf_counter() - imported}))


if __name__ == "__main__":
    main(*sys.argv[1:])
