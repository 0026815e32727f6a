"""What is written of tensors, checked in this process; that the process is bounded, test_reading tells."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file

from models.checkpoints import sandbox
from models.checkpoints.limits import CONFINED, Limits, RefusalError
from models.checkpoints.origin import Origin
from models.classifier import digest
from tests.models.checkpoints import files
from tests.models.checkpoints.keras import files as keras_files


def test_every_dtype_has_the_name_and_size_that_safetensors_gives_it():
    from models.checkpoints.safetensors_header import DTYPES

    for ours, theirs in sandbox.DTYPES.items():
        dtype = getattr(torch, ours)
        assert sandbox._dtype(torch.empty(1, dtype=dtype)) == theirs
        assert DTYPES[theirs] == dtype.itemsize
    with pytest.raises(RefusalError, match=r"\(complex128\); save it in float32 or float16$"):
        sandbox._dtype(torch.empty(1, dtype=torch.complex128))


@pytest.mark.parametrize(
    "dtype", [torch.float32, torch.float16, torch.bfloat16, torch.complex64, torch.float8_e5m2]
)
def test_what_is_not_finite_is_counted(dtype, monkeypatch):
    monkeypatch.setattr(sandbox, "CHUNK", 3)
    values = torch.tensor([1.0, float("nan"), 2.0, float("inf"), -float("inf"), 3.0, 4.0])
    assert sandbox._count_non_finite(values.to(dtype)) == 3
    assert sandbox._count_non_finite(torch.arange(7)) == 0


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_arrays_without_torch_are_written_as_the_same_tensors(dtype, tmp_path):
    values = torch.tensor([[1.0, float("nan"), 2.0], [-float("inf"), 3e4, 0.0]]).to(dtype)
    array = values.view(torch.int16).numpy().view("V2") if dtype == torch.bfloat16 else values.numpy()
    one, other = {"a": values.T, "b": values[0, 0]}, {"a": array.T, "b": array[0, 0, ...]}
    assert sandbox._digest(one) == sandbox._digest(other) == digest(one)
    assert sandbox._count_non_finite(values.T) == sandbox._count_non_finite(array.T) == 2
    for name, tensors in (("torch", one), ("numpy", other)):
        sandbox._check_tensors(tensors, 2 * values.nbytes, Limits())
        sandbox.write(tmp_path / name, tensors, Origin("any"))
    assert (tmp_path / "torch").read_bytes() == (tmp_path / "numpy").read_bytes()


def test_chunks_are_the_numbers_in_order(monkeypatch):
    monkeypatch.setattr(sandbox, "CHUNK", 4)
    transposed = torch.arange(10).reshape(2, 5).T
    chunks = list(sandbox._chunks(transposed))
    assert [len(chunk) for chunk in chunks] == [4, 4, 2]
    assert torch.cat(chunks).equal(transposed.flatten())
    assert b"".join(sandbox._bytes(chunk) for chunk in chunks) == transposed.contiguous().numpy().tobytes()


@pytest.mark.parametrize(
    ("tensors", "limits", "sentence"),
    [
        ({"a": torch.zeros(2), "b": torch.zeros(2)}, Limits(max_tensors=1), "holds more than 1 tensors; "),
        (
            {"a": torch.zeros(2), "b": torch.zeros(2)},
            Limits(max_elements=3),
            "holds more than 0 million numbers; ",
        ),
        ({"a": torch.empty(2, device="meta")}, Limits(), "holds names and shapes, but no numbers; "),
        ({"a": torch.eye(2).to_sparse()}, Limits(), "holds sparse or quantized tensors; "),
        (
            {"a": torch.zeros(1).expand(5)},
            Limits(),
            "has a tensor that repeats few numbers to look like many (5); ",
        ),
    ],
)
def test_what_is_no_plain_array_is_refused(tensors, limits, sentence):
    with pytest.raises(RefusalError, match=f"^{re.escape(sentence)}"):
        sandbox._check_tensors(tensors, 10**6, limits)


def test_numbers_may_be_shared_by_two_and_no_more():
    shared = torch.zeros(100)
    sandbox._check_tensors({"a": shared, "b": shared}, 400, Limits())
    with pytest.raises(RefusalError, match=r"^uses the same numbers for many tensors, as only bombs do; "):
        sandbox._check_tensors({"a": shared, "b": shared, "c": shared}, 400, Limits())


WITHOUT_TORCH = """
import json, sys
from pathlib import Path
import resource
from models.checkpoints import sandbox
from models.checkpoints.limits import LIMITS
source, target, allowed = sys.argv[1:]
if int(allowed):
    resource.setrlimit(resource.RLIMIT_AS, (int(allowed), int(allowed)))
else:
    sys.modules["torch"] = None
print(json.dumps(sandbox.main(Path(source), Path(target), LIMITS)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bound addresses otherwise")
@pytest.mark.parametrize(("allowed", "said"), [(0, sandbox.UNAVAILABLE), (700 * 1024**2, CONFINED)])
def test_a_library_that_cannot_be_loaded_is_no_fault_of_the_file(tmp_path, allowed, said):
    (tmp_path / "source").write_bytes(files.TORCH)
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, tmp_path / "source", tmp_path / "target", str(allowed)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert json.loads(run.stdout) == {"refusal": said}, run.stderr


@pytest.mark.parametrize(
    "content",
    [
        keras_files.keras(keras_files.DENSE, keras_files.ARRAYS),
        keras_files.older(keras_files.DENSE, keras_files.NAMED),
    ],
    ids=[".keras", ".h5"],
)
def test_keras_files_are_read_without_torch(tmp_path, content):
    (tmp_path / "source").write_bytes(content)
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, tmp_path / "source", tmp_path / "target", "0"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert json.loads(run.stdout) == {"tensors": 2}, run.stderr
    tensors = load_file(tmp_path / "target")
    kernel, bias = (torch.from_numpy(array) for array in keras_files.ARRAYS.values())
    assert tensors["dense.weight"].equal(kernel.T) and tensors["dense.bias"].equal(bias)
