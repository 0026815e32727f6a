"""What a network is shown, answers and is, against what torch says."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from dashboard.inspection.prediction import SCREEN_SIDE, facts, predict, predict_many, see
from models.runtime.errors import UserError
from models.zoo.small import ARCHITECTURES
from tests.networks import ConvNet, Linear, built, classifier, hooks, pixels, untouched


@pytest.fixture
def tiny():
    return classifier(built(ConvNet))


def picture(width: int, height: int, mode: str = "RGB") -> Image.Image:
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(noise).convert(mode)


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "1"])
def test_seen_is_what_the_network_reads(tiny, mode):
    seen = see(tiny, picture(20, 10, mode))
    assert seen.inputs.shape == (1, 8, 8) and seen.inputs.dtype == np.float32
    assert seen.crop.shape == (8, 8, 3) and seen.crop.dtype == np.uint8
    assert np.allclose(seen.crop[..., 0] / 255, seen.inputs[0] / 2 + 0.5, atol=0.5 / 255)
    assert seen.whole.shape == (10, 20, 3)
    assert seen.size == (20, 10)
    assert (seen.box.left, seen.box.top, seen.box.right, seen.box.bottom) == (5, 0, 15, 10)


def test_a_large_picture_is_scaled_down_for_the_screen_only(tiny):
    given = picture(1000, 500)
    seen = see(tiny, given)
    assert seen.whole.shape == (SCREEN_SIDE // 2, SCREEN_SIDE, 3)
    assert given.size == seen.size == (1000, 500)


def test_the_digest_is_of_what_the_network_reads(tiny):
    first, again, other = (see(tiny, one) for one in (picture(20, 10), picture(20, 10), picture(20, 12)))
    assert first.digest == again.digest != other.digest


def test_prediction_is_the_softmax_of_the_logits(tiny):
    inputs = np.stack([pixels(seed=seed) for seed in range(3)])
    with untouched(tiny.module):
        answers = predict_many(tiny, inputs)
    logits = tiny.module(torch.tensor(inputs))
    for answer, row in zip(answers, logits, strict=True):
        assert np.allclose(answer.logits, row)
        assert answer.probabilities is not None and np.allclose(answer.probabilities, row.softmax(0))
        assert answer.winner == int(row.argmax())
        assert answer.ranking() == row.argsort(descending=True).tolist()
        assert answer.classes == tiny.classes
    one = predict(tiny, inputs[1])
    assert np.allclose(one.logits, answers[1].logits, atol=1e-6)


def test_a_network_that_writes_on_its_input_does_not_write_on_ours():
    class Writes(Linear):
        def forward(self, inputs):
            return super().forward(inputs.mul_(0))

    inputs = pixels()
    predict(classifier(Writes()), inputs)
    assert np.array_equal(inputs, pixels())


def test_a_read_only_input_will_do(tiny):
    inputs = pixels()
    inputs.setflags(write=False)
    predict(tiny, inputs)


def test_facts_of_a_closed_form_network():
    of = classifier(
        built(
            lambda: nn.Sequential(nn.Conv2d(1, 2, 3, padding=1, bias=False), nn.Flatten(), nn.Linear(128, 3))
        )
    )
    found = facts(of)
    assert found.parameters == 2 * 9 + 128 * 3 + 3
    assert found.flops == 2 * (64 * 2 * 9 + 128 * 3)
    assert (found.input_shape, found.classes) == ((1, 8, 8), 3)


@pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=lambda architecture: architecture.name)
def test_flops_are_torchs_own(architecture):
    from torch.utils.flop_counter import FlopCounterMode

    module = built(architecture.build)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        module(torch.zeros(1, 1, 28, 28))
    assert facts(classifier(module, side=28, classes=10)).flops == counter.get_total_flops() > 0


def test_flops_of_fused_attention_are_counted():
    from torchvision.models import VisionTransformer

    width, tokens, hidden = 16, 17, 32
    of = classifier(
        built(lambda: VisionTransformer(32, 8, 1, 2, width, hidden, num_classes=5)), channels=3, side=32
    )
    block = tokens * (4 * width * width + 2 * tokens * width + 2 * width * hidden)
    assert facts(of).flops == 2 * (16 * 192 * width + block + width * 5)


def test_counting_flops_leaves_everybody_else_alone(tiny):
    """torch's own counter hangs hooks on every module of the process while it counts."""
    seen = []

    class Watches(ConvNet):
        def forward(self, inputs):
            seen.append(hooks(self))
            return super().forward(inputs)

    watched = classifier(built(Watches))
    with untouched(watched.module):
        other = threading.Thread(target=facts, args=(watched,))
        other.start()
        other.join()
    assert seen == [0]


def test_an_answer_that_is_no_number_is_refused_and_an_infinite_one_is_not():
    linear = built(Linear)
    of = classifier(linear)
    linear.head.bias[1] = -torch.inf
    assert predict(of, pixels()).strength(1) == 0
    linear.head.bias[2] = torch.nan
    with pytest.raises(UserError, match="gives no numbers for this picture"):
        predict(of, pixels())
