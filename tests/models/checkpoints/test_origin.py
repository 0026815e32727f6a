"""How tensors were found, kept beside them and said."""

from __future__ import annotations

import json

from models.checkpoints.origin import Origin

WHOLE = Origin(
    kind="zip archive of torch.save",
    path=("checkpoint", "model"),
    others=(("", 3), ("model_ema", 1200)),
    ignored=("a", "b", "c", "d", "e", "f", "g"),
    digest="ab" * 32,
    spoiled={"layer.weight": 1500, "layer.bias": 1},
    classes=(("cat", "dog"),),
)


def test_it_comes_back_from_json():
    assert Origin.from_json(json.loads(json.dumps(WHOLE.to_json()))) == WHOLE


def test_it_is_said_in_sentences():
    assert WHOLE.sentences == (
        "The weights were taken from checkpoint/model in the file.",
        "Other tensors in the file were left aside: the top (3), model_ema (1,200).",
        "Beside the tensors were left aside: a, b, c, d, e and 2 more.",
        "1,501 of the numbers are NaN or infinite, in layer.weight (1,500), layer.bias (1).",
    )
    assert Origin("safetensors").sentences == ()
