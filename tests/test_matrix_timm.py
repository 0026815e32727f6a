"""Some small networks of timm, as somebody has looked at them; `python -m tests.matrix --timm --check` looks at all."""

from __future__ import annotations

import json

import pytest
import torch

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
    kept = matrix_timm.reviewed()[network]
    assert matrix_timm.settled(trial.line) == matrix_timm.settled(kept), "\n".join(map(str, trial.rows))
    assert trial.count("crashed") == trial.count("misplaced") == 0
    assert trial.count("ok") > 20


def test_every_family_was_looked_at_and_nothing_crashed_or_is_misplaced():
    from timm.models import _registry as registry

    kept = matrix_timm.reviewed()
    families = set(registry._model_to_module.values()) - matrix_timm.PASSED_OVER
    assert families <= {registry._model_to_module[name] for name in kept}
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


def test_a_kernel_as_wide_as_the_grid_has_its_places_and_the_same_upside_down_has_not():
    rows, columns = torch.meshgrid(torch.arange(8) + 0.5, torch.arange(8) + 0.5, indexing="ij")
    boxes, change = matrix_timm._patched(torch.zeros(3, 96, 96))[1][matrix_timm.TELLING :], []
    for top, left, bottom, right in boxes:
        down, across = (rows - 4 * (top + bottom)).abs(), (columns - 4 * (left + right)).abs()
        # Seven places a side, and most at the rim.
        change.append(0.1 + (torch.maximum(down, across) <= 3.5) * (1 + down + across))
    assert matrix_timm._belong(torch.stack(change), boxes)
    assert not matrix_timm._belong(torch.stack(change).flip(1), boxes)


def test_how_many_layers_random_weights_show_in_place_is_no_verdict_and_all_else_is():
    line = "tiny  96 px  default norm, head head, 7 of 9 maps (2 assumed), 1 + 0 attentions"
    assert matrix_timm.settled(line) == matrix_timm.settled(line.replace("7 of 9 maps (2", "6 of 9 maps (1"))
    for other in (line.replace("norm", "conv"), line.replace("of 9", "of 8"), f"{line}; map conv misplaced"):
        assert matrix_timm.settled(line) != matrix_timm.settled(other)


@pytest.mark.slow
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
