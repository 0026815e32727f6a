"""A file is what its first bytes say."""

from __future__ import annotations

import pytest

from models.checkpoints.kinds import ARCHIVE, HDF5, HEAD, LEGACY, SAFETENSORS, kind
from models.checkpoints.limits import RefusalError
from tests.models.checkpoints import files


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (files.HONEST, SAFETENSORS),
        (files.TORCH, ARCHIVE),
        (files.saved(files.weights(), legacy=True), LEGACY),
        (b"\x89HDF\r\n\x1a\n" + bytes(99), HDF5),
    ],
)
def test_kinds_that_are_read(content, what):
    assert kind(content[:HEAD], len(content)) == what


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        (b"", "is empty; choose another file"),
        (
            b"\x08\x01\x12\x00",
            "is a SavedModel, which TensorFlow alone reads; open it where it was made, and save the network with "
            "model.save('network.keras')",
        ),
        (b"%PDF-1.7", "is a PDF, not weights; drop a checkpoint"),
        (b"\x89PNG\r\n\x1a\n", "is a picture; drop it on the Attribution page instead"),
        (
            b"weights",
            "is neither safetensors nor a file of torch.save or Keras, nor ONNX; drop a checkpoint in one of these "
            "formats",
        ),
    ],
)
def test_others_are_named(head, sentence):
    with pytest.raises(RefusalError) as refused:
        kind(head, len(head))
    assert str(refused.value) == sentence
