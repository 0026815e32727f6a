"""One followed forward pass against networks whose calls, costs and flows are known."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from dashboard.inspection.architecture.trace import architecture
from dashboard.inspection.engine.survey import survey
from dashboard.inspection.prediction import facts
from dashboard.records.architecture import OUTSIDE, Architecture
from models.classifier import frozen
from models.zoo.small import ARCHITECTURES
from tests.matrix import NETWORKS
from tests.networks import (
    WAYS_TO_RELU,
    ConvNet,
    Rectified,
    Tied,
    built,
    classifier,
    pixels,
    untouched,
)


def followed(module: nn.Module, channels: int = 1, side: int = 8) -> Architecture:
    return architecture(module, torch.tensor(pixels(channels, side))[None])


def small(name: str) -> Architecture:
    return followed(built(ARCHITECTURES[name].build), side=28)


def titles(found: Architecture) -> list[str]:
    """Each step, in short: the call's name, or the function behind its block."""
    return [f"{node.call}:{node.title}" if node.function else node.call or node.title for node in found.nodes]


def flows(found: Architecture) -> set[tuple[str, str]]:
    said = titles(found)
    return {(said[source], said[target]) for source, target in found.edges}


def call(found: Architecture, name: str) -> Any:  # whose fields are there
    return found.find(name)


def test_leaves_no_trace():
    shared = built(ConvNet)
    with untouched(shared):
        followed(shared)


def test_leaves_no_trace_after_a_failure():
    class Broken(ConvNet):
        def forward(self, inputs):
            super().forward(inputs)
            raise RuntimeError("broken")

    shared = built(Broken)
    with untouched(shared), pytest.raises(RuntimeError, match="broken"):
        followed(shared)
    # The next pass of this thread is followed by nobody.
    assert functional.relu(torch.ones(1)).item() == 1


def test_calls_shapes_and_costs_of_a_small_network_by_hand():
    found = followed(built(ConvNet))
    assert [one.name for one in found.calls] == ["conv1", "bn1", "act1", "conv2", "act2", "head", OUTSIDE]
    conv1, conv2, head = call(found, "conv1"), call(found, "conv2"), call(found, "head")
    assert (conv1.inputs, conv1.shape, conv1.dtype) == (((1, 8, 8),), (6, 8, 8), "float32")
    assert conv1.weights == (("weight", (6, 1, 3, 3)), ("bias", (6,)))
    assert (conv1.parameters, conv2.parameters, head.parameters) == (60, 275, 18)
    assert conv1.flops == 2 * 6 * 9 * 64
    assert conv2.flops == 2 * 5 * 6 * 9 * 16
    assert head.flops == 2 * 5 * 3
    assert conv1.memory == 6 * 64 * 4
    assert (conv1.settings["kernel_size"], conv2.settings["stride"]) == ((3, 3), (2, 2))
    # The mean over the grid is nobody's layer.
    outside = call(found, OUTSIDE)
    assert outside.functions == ("mean",)
    assert outside.memory == 5 * 4
    assert found.memory == sum(one.memory for one in found.calls)
    assert flows(found) == {
        ("Photo", "conv1"),
        ("conv1", "bn1"),
        ("bn1", "act1"),
        ("act1", "conv2"),
        ("conv2", "act2"),
        ("act2", ":mean"),
        (":mean", "head"),
        ("head", "Logits"),
    }


def test_published_numbers_of_resnet18():
    """He et al. 2016 give 1.8 G multiplications and additions; torchvision 11,689,512 parameters."""
    from torchvision.models import resnet18

    found = followed(built(lambda: resnet18(weights=None)), 3, 224)
    assert found.parameters == sum(one.parameters for one in found.calls) == 11_689_512
    assert found.flops == 2 * 1_814_073_344
    assert call(found, "conv1").flops == 2 * 64 * 3 * 49 * 112 * 112
    assert call(found, "layer4.1.conv2").parameters == 512 * 512 * 9
    assert call(found, "fc").parameters == 512 * 1000 + 1000


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["resnet18", "squeezenet1_1", "mobilenet_v2", "googlenet", "densenet121", "vit_b_16"]
)
def test_costs_are_those_that_torchvision_publishes(name):
    from torchvision.models import get_model, get_model_weights

    options = {"init_weights": False, "aux_logits": False} if name == "googlenet" else {}
    found = followed(built(lambda: get_model(name, weights=None, **options)), 3, 224)
    published = get_model_weights(name).DEFAULT.meta
    assert found.parameters == published["num_params"]
    # In billions of multiplications with their addition, to three digits.
    assert found.flops / 2e9 == pytest.approx(published["_ops"], abs=0.0015)


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_every_family_is_followed_whole(name):
    """FLOPs as counted elsewhere, every parameter once, a flow from the photo to every step and on to the logits."""
    of = NETWORKS[name]()
    shape = (of.preprocessing.channels, *of.preprocessing.size)
    inputs = torch.rand(1, *shape, generator=torch.Generator().manual_seed(0))
    found = architecture(of.module, inputs)
    assert found.flops == facts(of).flops
    unused = sum(one.parameters for one in found.skipped if "directly" not in one.reason)
    assert sum(one.parameters for one in found.calls) + unused == found.parameters == facts(of).parameters
    assert all(source < target for source, target in found.edges)
    last = len(found.nodes) - 1
    assert {target for _, target in found.edges} == set(range(1, last + 1))
    assert {source for source, _ in found.edges} == set(range(last))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["resnet18", "squeezenet1_1", "shufflenet_v2_x0_5"])
def test_calls_go_by_the_names_of_the_survey(name):
    of = NETWORKS[name]()
    shape = (of.preprocessing.channels, *of.preprocessing.size)
    inputs = torch.rand(1, *shape, generator=torch.Generator().manual_seed(0))
    surveyed = [(one.name, one.kind, one.shape) for one in survey(of.module, inputs).calls]
    found = architecture(of.module, inputs)
    assert surveyed == [(one.name, one.kind, one.shape) for one in found.calls if one.name != OUTSIDE]


def test_flops_of_each_layer_are_those_of_torch_by_module():
    """torch's own counter tells them by module, containers with all inside."""
    from torchvision.models import mobilenet_v3_small

    module = built(lambda: mobilenet_v3_small(weights=None))
    inputs = torch.rand(1, 3, 64, 64)
    with FlopCounterMode(display=False) as counter, torch.enable_grad():
        module(inputs.clone().requires_grad_())
    theirs = {
        name.removeprefix("MobileNetV3."): sum(counts.values())
        for name, counts in counter.get_flop_counts().items()
    }
    found = architecture(module, inputs)
    ours = {one.name: sum(inner.flops for inner in found.inside(one.name)) for one in found.calls if one.name}
    assert {name: count for name, count in ours.items() if count} == {
        name: theirs[name] for name, count in ours.items() if count
    }
    assert theirs["Global"] == found.flops


def test_a_skip_connection_and_its_addition():
    found = small("resnet")
    assert ("relu", "block1.conv1") in flows(found)
    assert ("relu", "block1.shortcut") in flows(found)
    assert ("block1.bn2", "block1:add") in flows(found)
    assert ("block1.shortcut", "block1:add") in flows(found)
    assert ("block1:add", "block1.relu2") in flows(found)
    assert call(found, "block1").functions == ("add",)


@pytest.mark.parametrize(
    "written", ["out += maps", "out = out + maps", "out = torch.add(out, maps)", "out.add_(maps)"]
)
def test_an_addition_is_seen_however_it_is_written(written):
    class Adds(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 1, 3, padding=1)
            self.relu = nn.ReLU(inplace=True)

        def forward(self, maps):
            out = self.conv(maps)
            if written == "out += maps":
                out += maps
            elif written == "out.add_(maps)":
                out.add_(maps)
            elif written == "out = out + maps":
                out = out + maps
            else:
                out = torch.add(out, maps)
            return self.relu(out).flatten(1)

    found = followed(built(Adds))
    added = next(place for place, node in enumerate(found.nodes) if node.title.strip("i") == "add")
    assert {titles(found)[source] for source, target in found.edges if target == added} == {"Photo", "conv"}
    assert {titles(found)[target] for source, target in found.edges if source == added} == {"relu"}


@pytest.mark.parametrize("way", WAYS_TO_RELU)
def test_a_relu_is_a_step_however_it_is_written(way):
    found = followed(built(lambda: Rectified(WAYS_TO_RELU[way])))
    steps = [node for node in found.nodes if node.title.lower() == "relu"]
    assert len(steps) == 2
    said = titles(found)
    conv1, first, conv2, second = (said.index(one) for one in (
        "conv1", next(t for t in said if "relu" in t.lower()), "conv2",
        [t for t in said if "relu" in t.lower()][-1],
    ))  # fmt: skip
    if first != second:
        assert {(conv1, first), (first, conv2), (conv2, second)} <= set(found.edges)


def test_an_identity_is_not_taken_for_what_it_hands_on():
    class Passes(nn.Module):
        def __init__(self):
            super().__init__()
            self.one = nn.Identity()
            self.conv = nn.Conv2d(1, 1, 1)

        def forward(self, inputs):
            self.one(inputs)
            return self.conv(inputs).flatten(1)

    found = followed(built(Passes))
    assert ("Photo", "conv") in flows(found)
    assert ("one", "conv") not in flows(found)


def test_branches_are_joined_where_they_are_laid_side_by_side():
    from torchvision.models import squeezenet1_1

    found = followed(built(lambda: squeezenet1_1(weights=None)), 3, 64)
    into = {source for source, target in flows(found) if target == "features.3:cat"}
    assert into == {"features.3.expand1x1_activation", "features.3.expand3x3_activation"}
    assert {target for source, target in flows(found) if source == "features.3:cat"} == {"features.4.squeeze"}


@pytest.mark.slow
def test_dense_connections_reach_all_later_layers():
    from torchvision.models import densenet121

    found = followed(built(lambda: densenet121(weights=None)), 3, 64)
    first = "features.denseblock1.denselayer1.conv2"
    later = [f"features.denseblock1.denselayer{number}:cat" for number in range(2, 7)]
    assert {(first, one) for one in (*later, "features.denseblock1:cat")} <= flows(found)


def test_attention_is_one_step_with_all_its_weights():
    from torchvision.models import VisionTransformer

    found = followed(built(lambda: VisionTransformer(32, 8, 1, 2, 16, 32, num_classes=5)), 3, 32)
    layer = "encoder.layers.encoder_layer_0"
    attention = call(found, f"{layer}.self_attention")
    assert attention.parameters == 4 * 16 * 16 + 4 * 16
    assert {name for name, _ in attention.weights} == {
        "in_proj_weight",
        "in_proj_bias",
        "out_proj.weight",
        "out_proj.bias",
    }
    # Three products in, two of attention (17 tokens with all others), one out.
    assert attention.flops == 2 * (4 * 17 * 16 * 16 + 2 * 17 * 17 * 16)
    assert (f"{layer}.ln_1", f"{layer}.self_attention") in flows(found)
    assert [one.name for one in found.skipped] == [f"{layer}.self_attention.out_proj"]
    assert "self_attention (MultiheadAttention) computes with its weights directly" in found.skipped[0].reason


def test_calls_with_several_outputs_can_be_chosen():
    from torchvision.models import VisionTransformer

    module = built(lambda: VisionTransformer(32, 8, 1, 2, 16, 32, num_classes=5))
    seen = survey(module, torch.tensor(pixels(3, 32))[None])
    attention = seen.find("encoder.layers.encoder_layer_0.self_attention")
    assert attention is not None
    assert (attention.shape, attention.layout, attention.member) == ((17, 16), "tokens", "[0]")
    # With random weights it mixes all alike: that its tokens are the picture's places is no measurement.
    assert attention.assumed


def test_what_training_alone_uses_is_told():
    from torchvision.models import googlenet

    module = built(lambda: googlenet(weights=None, init_weights=False, aux_logits=True))
    found = followed(module, 3, 64)
    reasons = {one.name: one for one in found.skipped}
    assert reasons.keys() == {"aux1", "aux2"}
    assert reasons["aux1"].parameters == sum(parameter.numel() for parameter in module.aux1.parameters())
    assert "only training uses it" in reasons["aux1"].reason


def test_shared_weights_count_once_at_their_first_call():
    found = followed(built(Tied))
    assert [one.name for one in found.calls] == ["first", "act#1", "second", "norm", "act#2", "head", OUTSIDE]
    assert call(found, "first").parameters == 9 + 1
    assert call(found, "second").parameters == 1
    assert found.parameters == 9 + 1 + 1 + 2 + 195


def test_a_module_called_twice_is_two_steps():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.block = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.ReLU())

        def forward(self, inputs):
            return self.block(self.block(inputs)).flatten(1)

    found = followed(built(Twice))
    assert [block.name for block in found.blocks] == ["block#1", "block#2"]
    assert call(found, "block.0#2").blocks == ("block#2",)
    assert (call(found, "block.0#1").parameters, call(found, "block.0#2").parameters) == (10, 0)
    assert ("block.1#1", "block.0#2") in flows(found)


def test_views_write_nothing():
    found = small("mlp")
    assert call(found, "dropout1").memory == 0
    assert found.memory == 4 * (128 + 128 + 64 + 64 + 10)


def test_blocks_follow_the_names():
    found = small("vit")
    attention = call(found, "blocks.0.attn.qkv")
    assert attention.blocks == ("blocks", "blocks.0", "blocks.0.attn")
    assert call(found, "blocks.0").blocks == ("blocks", "blocks.0")
    assert [block.name for block in found.blocks][:3] == ["blocks", "blocks.0", "blocks.0.attn"]
    assert [one.name for one in found.inside("blocks.1.mlp")] == [
        *(f"blocks.1.mlp.{part}" for part in ("fc1", "act", "dropout", "fc2")),
        "blocks.1.mlp",
    ]


class Listed(nn.Module):
    """Two lists of layers that nobody calls, used in turns."""

    def __init__(self, turns: bool) -> None:
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(1, 1, 3, padding=1) for _ in range(2))
        self.norms = nn.ModuleList(nn.BatchNorm2d(1) for _ in range(2))
        self.turns = turns

    def forward(self, maps: Tensor) -> Tensor:
        order = (
            zip(self.convs, self.norms, strict=True) if self.turns else [tuple(self.convs), tuple(self.norms)]
        )
        for layers in order:
            for layer in layers:
                maps = layer(maps)
        return maps.flatten(1)


def test_a_list_that_runs_in_one_go_is_a_block():
    found = followed(built(lambda: Listed(turns=False)))
    assert [(block.name, block.kind, block.called) for block in found.blocks] == [
        ("convs", "ModuleList", False),
        ("norms", "ModuleList", False),
    ]


def test_a_list_that_runs_in_turns_is_none():
    """Folded, each of the two would lie both before and behind the other."""
    found = followed(built(lambda: Listed(turns=True)))
    assert found.blocks == ()
    assert call(found, "convs.1").blocks == ()


def test_code_that_torch_fx_cannot_trace():
    class Depends(nn.Module):
        def __init__(self):
            super().__init__()
            self.small, self.large = nn.Linear(64, 3), nn.Linear(64, 3)

        def forward(self, inputs):
            flat = inputs.flatten(1)
            return self.small(flat) if flat.detach().sum().item() < 1e9 else self.large(flat)

    found = followed(built(Depends))
    # The sum decides, and leads nowhere.
    assert flows(found) == {("Photo", "small"), ("small", "Logits"), ("Photo", ":sum")}
    assert [one.name for one in found.skipped] == ["large"]


def test_rows_hold_everything_once():
    found = small("resnet")
    rows = found.rows()
    assert rows[-1].name == OUTSIDE
    assert sum(one.parameters for one in rows) == found.parameters
    assert sum(one.flops for one in rows) == found.flops
    assert sum(one.memory for one in rows) == found.memory


def test_facts_count_the_same(embedded):
    of = embedded("squeezenet1_1")
    assert architecture(of.module, torch.zeros(1, 3, 224, 224)).flops == facts(of).flops


def test_a_network_without_layers():
    class Sums(nn.Module):
        def forward(self, inputs: Tensor) -> Tensor:
            return torch.stack([inputs.sum((1, 2, 3)), inputs.flatten(1).amax(1)], 1)

    found = followed(frozen(Sums()))
    assert [one.name for one in found.calls] == [OUTSIDE]
    assert (":sum", ":stack") in flows(found) and (":amax", ":stack") in flows(found)
    assert facts(classifier(Sums())).parameters == found.parameters == 0
