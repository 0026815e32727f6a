"""Some small networks of timm, as somebody has looked at them; `python -m tests.matrix --timm --check` looks at all."""

from __future__ import annotations

import json

import pytest

from tests import matrix_timm
from tests.networks import surveyed

FAST = (
    "test_convnext",
    "test_efficientnet",
    "test_nfnet",
    "test_vit",
    "test_mambaout",
    "test_byobnet",
    "test_resnet",
    "test_coatnet",
)


@pytest.mark.slow
@pytest.mark.parametrize("network", FAST)
def test_every_view_and_quick_method_is_as_reviewed(network):
    trial = matrix_timm.tried(network)
    assert trial.line == matrix_timm.reviewed()[network], "\n".join(map(str, trial.rows))
    assert trial.count("crashed") == trial.count("misplaced") == 0
    assert trial.count("ok") > 20


def test_every_family_was_looked_at_and_nothing_crashed_or_is_misplaced():
    from timm.models import _registry as registry

    kept = matrix_timm.reviewed()
    assert set(registry._model_to_module.values()) <= {registry._model_to_module[name] for name in kept}
    assert not [line for line in kept.values() if "crashed" in line or "misplaced" in line]


def test_a_layer_whose_places_are_not_the_pictures_would_be_found(monkeypatch):
    of = matrix_timm.untrained("test_convnext")
    inputs = matrix_timm.picture(of)
    found = surveyed(of, inputs)
    assert matrix_timm.misplaced(of, inputs, found) == []
    monkeypatch.setattr(
        matrix_timm,
        "channel_maps",
        lambda output, call, pictures: output.flip(-2) if output.ndim == 4 else output,
    )
    assert len(matrix_timm.misplaced(of, inputs, found)) > 10


def test_the_last_line_is_json(capsys, monkeypatch):
    crashed = matrix_timm.Row("tiny", "survey", "crashed", "RuntimeError: no")
    monkeypatch.setattr(
        matrix_timm, "tried", lambda name: matrix_timm.Trial(name, f"{name} survey crashed", (crashed,))
    )
    assert matrix_timm.run(["tiny"], check=False, write=False) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {
        "networks": 1,
        "crashed": 1,
        "misplaced": 0,
    }
