"""Checkpoints to bytes and back."""

from __future__ import annotations

import hashlib
import io
import json

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load

from models.runtime.errors import UserError
from models.training.runs import serialisation


def test_a_state_is_saved_without_code():
    content = serialisation.serialise_state({"a": torch.ones(2), "b": [1, (2.0, None)], "c": {"d": "e"}})
    assert torch.load(io.BytesIO(content), weights_only=True)["c"] == {"d": "e"}


def test_a_state_comes_back_as_it_was():
    state = {"a": torch.arange(3), "b": [1, (2.0, None)], "c": {"d": "e"}}
    again = serialisation.deserialise_state(serialisation.serialise_state(state))
    assert again.pop("a").equal(state.pop("a"))
    assert again == state


@pytest.mark.parametrize("content", [b"", b"half", b"\x80\x04."])
def test_a_damaged_state_is_refused(content):
    with pytest.raises(UserError, match="A resume file is damaged"):
        serialisation.deserialise_state(content)


def test_weights_carry_where_they_belong(tmp_path):
    weight = torch.arange(6.0).reshape(2, 3)
    content = serialisation.serialise_weights(
        {"weight": weight.T, "tied": weight.T}, step=7, epoch=2, metrics={"loss/validation": 0.5}
    )
    assert load(content)["weight"].equal(weight.T)
    (tmp_path / "w.safetensors").write_bytes(content)
    with safe_open(tmp_path / "w.safetensors", "numpy") as file:
        metadata = file.metadata()
    assert (metadata["step"], metadata["epoch"]) == ("7", "2")
    assert json.loads(metadata["metrics"]) == {"loss/validation": 0.5}


def test_a_file_is_read_only_as_it_was_written(tmp_path):
    path = tmp_path / "checkpoints" / "step.safetensors"
    path.parent.mkdir()
    path.write_bytes(b"content")
    digest = hashlib.sha256(b"content").hexdigest()
    assert serialisation.sha256(b"content") == digest
    assert serialisation.read_verified(path, digest) == b"content"
    assert serialisation.read_verified(path, "") == b"content"
    with pytest.raises(UserError, match=rf"step\.safetensors of run {tmp_path.name} is damaged"):
        serialisation.read_verified(path, "0" * 64)
    path.unlink()
    with pytest.raises(UserError, match="cannot be read"):
        serialisation.read_verified(path, digest)
