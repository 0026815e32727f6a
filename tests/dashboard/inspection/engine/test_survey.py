"""One dry run against networks whose layers, grids and activations are known."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection.engine.survey import survey
from models.zoo.small import ARCHITECTURES
from tests.networks import (
    WAYS_TO_RELU,
    WAYS_TO_RELU6,
    Attended,
    ChannelsLast,
    ConvNet,
    Frozen,
    Linear,
    Rectified,
    Tied,
    built,
    pixels,
    untouched,
)


def surveyed(module: nn.Module, channels: int = 1, side: int = 8) -> Any:  # whose layers are there
    return survey(module, torch.tensor(pixels(channels, side))[None])


def small(name: str):
    return surveyed(built(ARCHITECTURES[name].build), side=28)


def names(found) -> list[str]:
    return [call.name for call in found.calls]


def test_leaves_no_trace():
    shared = built(ConvNet)
    with untouched(shared):
        surveyed(shared)


def test_calls_in_order_with_shape_and_grid():
    found = surveyed(built(ConvNet))
    assert names(found) == ["conv1", "bn1", "act1", "conv2", "act2", "head"]
    conv2 = found.find("conv2")
    assert (conv2.kind, conv2.shape, conv2.layout, conv2.grid) == (
        "Conv2d",
        (5, 4, 4),
        "channels first",
        (4, 4),
    )
    assert found.find("head").layout is None
    assert [call.name for call in found.grid_calls()] == ["conv1", "bn1", "act1", "conv2", "act2"]
    assert found.default_layer == "act2"
    assert found.skipped == ()


def test_repeated_calls_are_numbered():
    found = surveyed(built(lambda: Rectified(WAYS_TO_RELU["one module, reused"])))
    assert names(found) == ["conv1", "relu#1", "conv2", "relu#2", "head"]
    assert found.skipped == ("relu_in_place", "relu6")
    assert found.default_layer == "relu#2"


def test_a_module_with_two_names_goes_by_the_first_and_counts_all_calls():
    assert names(surveyed(built(Tied))) == ["first", "act#1", "second", "norm", "act#2", "head"]


def test_without_a_gradient_calls_are_found_by_what_the_picture_changes_and_none_is_reached():
    found = surveyed(built(Frozen))
    assert names(found) == ["conv1", "bn1", "act1", "conv2", "act2", "head"]
    assert found.obstacle == "no step of it lets a gradient through to the picture"
    assert found.find("conv2").layout == "channels first"
    assert (found.grid_calls(), found.default_layer, found.head.name) == ((), None, "head")
    assert surveyed(built(ConvNet)).obstacle == ""


@pytest.mark.filterwarnings("ignore:None of the inputs have requires_grad")
def test_where_a_gradient_cannot_be_asked_for_the_networks_own_words_say_why():
    from torch.utils.checkpoint import checkpoint

    class Checkpointed(ConvNet):
        def forward(self, inputs: Tensor) -> Tensor:
            maps = checkpoint(self.conv2, self.conv1(inputs), use_reentrant=True)
            logits: Tensor = self.head(maps.mean((2, 3)))
            return logits

    found = surveyed(built(Checkpointed))
    assert names(found) == ["conv1", "conv2", "head"]
    assert found.obstacle.startswith("When use_reentrant=True") and not found.obstacle.endswith(".")


def test_the_head_is_the_first_layer_that_gives_logits():
    class TwoHeads(nn.Module):
        def __init__(self):
            super().__init__()
            self.body, self.head, self.auxiliary, self.unused = (
                nn.Linear(64, 3),
                nn.Linear(3, 3),
                nn.Linear(3, 3),
                nn.Linear(3, 3),
            )

        def forward(self, inputs):
            features = self.body(inputs.flatten(1)).relu()
            self.unused(features)
            return (self.head(features) + self.auxiliary(features)) / 2

    assert surveyed(built(TwoHeads)).head.name == "head"


def test_the_head_behind_which_most_of_the_network_lies_is_the_main_one():
    class Exits(nn.Module):
        def __init__(self):
            super().__init__()
            self.body, self.early, self.deeper, self.late = (
                nn.Linear(64, 3),
                nn.Linear(3, 3),
                nn.Linear(3, 3),
                nn.Linear(3, 3),
            )

        def forward(self, inputs):
            features = self.body(inputs.flatten(1)).relu()
            return self.early(features) + self.late(self.deeper(features).relu())

    assert surveyed(built(Exits)).head.name == "late"


@pytest.mark.parametrize("pooled", [False, True])
def test_queries_keys_and_values_are_not_read_by_default(pooled):
    found = surveyed(built(lambda: Attended(pooled)))
    assert found.find("last.value").reached
    assert found.default_layer == "norm2"


def test_attention_counts_among_the_tokens_that_attend_however_they_join():
    found = surveyed(built(Attended))
    assert (found.attentions, found.pooled, found.unlike) == ((0,), 1, "")
    assert (found.attended.prefix, found.attended.grid, found.attended.shape[0]) == (1, (4, 4), 17)
    found = surveyed(built(lambda: Attended(pooled=True)))
    assert (found.attentions, found.pooled, found.attended.prefix) == ((0,), 1, 0)


def test_calls_that_the_picture_has_no_part_in_count_and_are_not_listed():
    class Positions(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm = nn.GroupNorm(1, 1)
            self.head = nn.Linear(64, 3)

        def forward(self, inputs):
            return self.head((self.norm(torch.ones(1, 1, 8, 8)) + self.norm(inputs)).flatten(1))

    found = surveyed(built(Positions))
    assert names(found) == ["norm#2", "head"]
    assert found.skipped == ()


@pytest.mark.parametrize("way", WAYS_TO_RELU)
def test_relu_is_counted_however_it_is_written(way):
    found = surveyed(built(lambda: Rectified(WAYS_TO_RELU[way])))
    assert found.nonlinearities == {"ReLU": 2}


@pytest.mark.parametrize("way", WAYS_TO_RELU6)
def test_relu6_is_counted_however_it_is_written(way):
    found = surveyed(built(lambda: Rectified(WAYS_TO_RELU6[way])))
    assert found.nonlinearities == {"ReLU": 2}


@pytest.mark.parametrize(
    ("activation", "name"),
    [
        (nn.GELU, "GELU"),
        (nn.SiLU, "SiLU"),
        (nn.ELU, "ELU"),
        (nn.SELU, "ELU"),
        (nn.LeakyReLU, "LeakyReLU"),
        (nn.Hardswish, "Hardswish"),
        (nn.Hardsigmoid, "Hardsigmoid"),
        (nn.Sigmoid, "Sigmoid"),
        (nn.Tanh, "Tanh"),
        (nn.Mish, "Mish"),
        (nn.Softplus, "Softplus"),
        (nn.PReLU, "PReLU"),
        (nn.Hardtanh, "Hardtanh"),
        (lambda: nn.Threshold(0.1, 0.0), "Threshold"),
    ],
)
def test_other_activations_are_counted_by_name(activation, name):
    found = surveyed(built(lambda: ConvNet(activation)))
    assert found.nonlinearities == {name: 2}


def test_a_linear_network_has_no_activation_and_no_grid():
    found = surveyed(built(Linear))
    assert (found.nonlinearities, found.grid_calls(), found.default_layer) == ({}, (), None)


def test_a_network_without_layers_of_its_own():
    class Sums(nn.Module):
        def forward(self, inputs: Tensor) -> Tensor:
            return torch.stack([inputs.sum((1, 2, 3)), inputs.flatten(1).amax(1)], 1)

    found = surveyed(Sums())
    assert (found.calls, found.default_layer) == ((), None)


def test_an_mlp_keeps_no_grid():
    found = small("mlp")
    assert found.grid_calls() == ()
    assert found.default_layer is None
    assert found.nonlinearities == {"ReLU": 2}


@pytest.mark.parametrize(("name", "layer"), [("lenet5", "relu2"), ("cnn", "block5"), ("resnet", "block3")])
def test_a_convolutional_network_is_read_at_its_last_grid_before_pooling(name, layer):
    found = small(name)
    assert found.default_layer == layer
    assert found.find(layer).reached


def test_vit_is_read_where_patches_still_reach_the_answer():
    found = small("vit")
    default = found.find("blocks.3.norm1")
    assert found.default_layer == default.name
    assert (default.layout, default.prefix, default.grid, default.reached) == ("tokens", 1, (7, 7), True)
    # Only the class token is read: what the last block does to the patches comes to nothing.
    for name in ("blocks.3.attn.proj", "blocks.3.norm2", "blocks.3.mlp", "blocks.3", "blocks", "norm"):
        assert not found.find(name).reached, name
    assert found.find("blocks.2").reached


def test_attention_is_not_taken_for_a_picture():
    found = small("vit")
    assert all(found.find(f"blocks.{block}.attn.softmax").layout is None for block in range(4))


def test_attention_of_timm_that_would_fit_into_the_picture_is_not_taken_for_one():
    from timm.layers.config import set_fused_attn
    from timm.models.vision_transformer import VisionTransformer

    set_fused_attn(False)
    try:
        module = built(
            lambda: VisionTransformer(
                img_size=24, patch_size=6, in_chans=1, embed_dim=12, depth=2, num_heads=2, num_classes=3
            )
        )
    finally:
        set_fused_attn(True)
    found = surveyed(module, side=24)
    attention = [call for call in found.calls if call.shape == (2, 17, 17)]
    assert attention and all(call.layout is None for call in attention)
    assert found.default_layer == "blocks.1.norm1"


def test_torchvision_vit_skips_what_its_attention_computes_itself():
    from torchvision.models import VisionTransformer

    module = built(lambda: VisionTransformer(32, 8, 2, 2, 16, 32, num_classes=5))
    nn.init.normal_(module.heads.head.weight)  # torchvision leaves it at zero
    found = surveyed(module, channels=3, side=32)
    assert "encoder.layers.encoder_layer_0.self_attention.out_proj" in found.skipped
    assert found.default_layer == "encoder.layers.encoder_layer_1.ln_1"
    assert found.find(found.default_layer).prefix == 1


def test_a_head_of_zeros_reaches_no_layer():
    from torchvision.models import VisionTransformer

    found = surveyed(
        built(lambda: VisionTransformer(32, 8, 2, 2, 16, 32, num_classes=5)), channels=3, side=32
    )
    assert found.grid_calls() == ()
    assert found.default_layer is None


def test_channels_last():
    found = surveyed(built(ChannelsLast))
    norm = found.find("norm")
    assert (norm.shape, norm.layout, norm.grid) == ((4, 4, 5), "channels last", (4, 4))
    assert found.find("embed").layout == "channels first"
    assert found.default_layer == "mlp"


def test_torchvision_swin_keeps_its_grid():
    from torchvision.models import SwinTransformer

    module = built(
        lambda: SwinTransformer([4, 4], 8, depths=[1, 1], num_heads=[1, 2], window_size=[2, 2], num_classes=5)
    )
    found = surveyed(module, channels=3, side=32)
    norm = found.find("norm")
    assert (norm.layout, norm.grid, norm.reached) == ("channels last", (4, 4), True)
    assert found.find(found.default_layer).grid == (4, 4)


def test_windows_in_the_batch_are_no_grid():
    class Windows(nn.Module):
        def __init__(self):
            super().__init__()
            self.attend = nn.Linear(1, 6)
            self.head = nn.Linear(6, 3)

        def forward(self, inputs):
            windows = inputs.unfold(2, 4, 4).unfold(3, 4, 4).reshape(4, 16, 1)  # (N * windows, tokens, C)
            return self.head(self.attend(windows).mean((0, 1)))[None]

    assert surveyed(built(Windows)).find("attend").layout is None


def test_a_wide_picture_has_wide_grids():
    class Wide(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 4, 3, padding=1, stride=2)

        def forward(self, inputs):
            return self.conv(inputs).mean((2, 3))

    found = survey(built(Wide), torch.rand(1, 1, 8, 24, generator=torch.Generator().manual_seed(0)))
    assert found.grid_calls()[0].grid == (4, 12)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "layer", "relus"),
    [("resnet18", "layer4", 17), ("squeezenet1_1", "classifier.2", 26), ("densenet121", "features", 121)],
)
def test_torchvision_networks(name, layer, relus):
    from torchvision.models import get_model

    found = surveyed(built(lambda: get_model(name, weights=None)), channels=3, side=64)
    assert found.default_layer == layer
    assert found.nonlinearities["ReLU"] == relus


def test_googlenet_with_its_functional_activations():
    from torchvision.models import googlenet

    module = built(lambda: googlenet(weights=None, init_weights=False, aux_logits=False))
    found = surveyed(module, channels=3, side=64)
    assert found.default_layer == "inception5b"
    assert found.nonlinearities["ReLU"] == 57
