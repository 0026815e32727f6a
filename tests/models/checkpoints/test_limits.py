"""The limits of a checkpoint, and how they are worded."""

from __future__ import annotations

import pytest

from models.checkpoints.limits import Limits, describe_accepted
from models.runtime.errors import UserError
from tests.paths import ROOT


def test_the_limits_are_said_as_they_are_enforced():
    said = (
        "What torch.save, safetensors, Keras or ONNX wrote, whatever its ending, at most 1,024 MB, 20,000 tensors and "
        "2,000 million numbers"
    )
    assert describe_accepted(Limits()) == said
    readme = ROOT / "README.md"
    assert said.partition("at most")[2] in " ".join(readme.read_text().split())
    config = ROOT / ".streamlit" / "config.toml"
    assert f"maxUploadSize = {Limits().max_bytes // 1024**2}" in config.read_text()


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "\N{ARABIC-INDIC DIGIT ONE}"])
def test_a_limit_that_is_no_number_is_told_at_the_start(text, monkeypatch):
    monkeypatch.setenv("VITRINE_MAX_CHECKPOINT_MB", text)
    with pytest.raises(UserError, match="VITRINE_MAX_CHECKPOINT_MB"):
        Limits.from_environment()
