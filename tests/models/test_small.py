"""The small networks, each through the same questions: the table is the test matrix."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from models.datasets import find_dataset
from models.runtime.progress import silent
from models.runtime.randomness import fork_rng
from models.zoo.small import ARCHITECTURES, Architecture
from models.zoo.small import entries as small
from models.zoo.small.entries import SUFFIXES, entries

ROOT = Path(__file__).parents[2]
ACTIVATIONS = (nn.ReLU, nn.GELU, nn.Softmax)
PARAMETERS = {"mlp": 109_386, "lenet5": 61_706, "cnn": 102_826, "resnet": 77_754, "vit": 139_018}

every_architecture = pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=lambda a: a.name)
every_entry = pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)


class FunctionalActivations(TorchFunctionMode):
    """Counts activations by name, whoever calls them."""

    def __init__(self):
        super().__init__()
        self.counts: Counter[str] = Counter()

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        if name.rstrip("_") in {"relu", "gelu", "softmax", "sigmoid", "tanh", "silu"}:
            self.counts[name] += 1
        # A Python function such as F.relu calls torch's own inside; that is the same activation.
        with torch._C.DisableTorchFunction():
            return func(*args, **(kwargs or {}))


def build(architecture: Architecture, **kwargs) -> nn.Module:
    with fork_rng(1):
        return architecture.build(**kwargs)


def inputs(n: int, channels: int = 1) -> Tensor:
    return torch.randn(n, channels, 28, 28, generator=torch.Generator().manual_seed(2))


@every_architecture
@pytest.mark.parametrize("n", [1, 3])
def test_gives_finite_logits(architecture, n):
    module = build(architecture, classes=7).eval()
    logits = module(inputs(n))
    assert logits.shape == (n, 7)
    assert logits.isfinite().all()


@every_architecture
def test_reads_colour(architecture):
    assert build(architecture, channels=3).eval()(inputs(2, channels=3)).shape == (2, 10)


@every_architecture
def test_every_parameter_gets_a_gradient(architecture):
    module = build(architecture)
    nn.functional.cross_entropy(module(inputs(4)), torch.arange(4)).backward()
    lost = [n for n, p in module.named_parameters() if p.grad is None or not p.grad.any()]
    assert not lost


@every_architecture
def test_can_overfit_eight_pictures(architecture):
    module, x, y = build(architecture), inputs(8), torch.arange(8)
    optimizer = torch.optim.Adam(module.parameters(), lr=3e-3)
    for _ in range(60):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(module(x), y)
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.05


@every_architecture
def test_every_activation_is_a_module_used_once(architecture):
    module = build(architecture).eval()
    activations = [m for m in module.modules() if isinstance(m, ACTIVATIONS)]
    calls: Counter[nn.Module] = Counter()
    for activation in activations:
        assert not getattr(activation, "inplace", False)
        activation.register_forward_hook(lambda m, _, out: calls.update([m]))
    with FunctionalActivations() as functional:
        module(inputs(2))
    assert activations
    assert all(calls[activation] == 1 for activation in activations)
    assert functional.counts.total() == len(activations)


@every_architecture
def test_flattens_without_a_module(architecture):
    assert not [m for m in build(architecture).modules() if isinstance(m, nn.Flatten)]


@every_architecture
def test_does_not_change_its_input(architecture):
    x = inputs(2)
    before = x.clone()
    build(architecture)(x)
    assert x.equal(before)


@every_architecture
def test_drops_units_only_in_training_and_only_when_told(architecture):
    x = inputs(4)
    plain, dropping = build(architecture).eval(), build(architecture, dropout=0.5).eval()
    assert plain(x).equal(dropping(x))
    assert plain(x).equal(plain(x))
    with fork_rng(3):
        assert not dropping.train()(x).equal(dropping(x))


@every_architecture
def test_has_the_size_we_tell(architecture):
    parameters = sum(p.numel() for p in architecture.build().parameters())
    assert parameters == PARAMETERS[architecture.name]


def test_attention_can_be_hooked():
    module = build(ARCHITECTURES["vit"]).eval()
    maps: list[Tensor] = []
    for k in range(4):
        softmax = module.get_submodule(f"blocks.{k}.attn.softmax")
        softmax.register_forward_hook(lambda m, _, out: maps.append(out.detach()))
    module(inputs(2))
    assert [m.shape for m in maps] == [(2, 4, 50, 50)] * 4
    torch.testing.assert_close(torch.stack(maps).sum(-1), torch.ones(4, 2, 4, 50))


def test_attention_agrees_with_torch():
    attention = build(ARCHITECTURES["vit"]).get_submodule("blocks.0.attn").double()
    reference = nn.MultiheadAttention(64, 4, batch_first=True).double()
    renamed = {"qkv.weight": "in_proj_weight", "qkv.bias": "in_proj_bias"}
    reference.load_state_dict(
        {renamed.get(name, f"out_{name}"): tensor for name, tensor in attention.state_dict().items()}
    )
    tokens = torch.randn(2, 50, 64, generator=torch.Generator().manual_seed(4)).double()
    torch.testing.assert_close(attention(tokens), reference(tokens, tokens, tokens)[0])


def test_there_is_one_entry_per_architecture_and_dataset_and_an_untrained_one():
    names = [entry.name for entry in entries()]
    assert len(set(names)) == len(names) == len(ARCHITECTURES) * len(SUFFIXES) + 1
    assert {"mlp", "lenet5", "cnn", "resnet", "vit", "mlp-fashion"} <= set(names)


def test_without_its_file_a_network_is_untrained(monkeypatch, tmp_path):
    monkeypatch.setattr(small, "FOLDER", tmp_path)
    assert not any(entry.trained for entry in entries())
    assert all("untrained" in entry.title for entry in entries())


def test_one_entry_is_untrained_and_says_so():
    (untrained,) = [entry for entry in entries() if entry.name.endswith("-untrained")]
    assert not untrained.trained
    classifier = untrained.load(silent)
    assert "untrained" in classifier.title
    assert classifier.provenance.accuracy is None
    assert classifier.provenance.trained_on == ""


@every_entry
def test_entry_loads_what_it_says(entry):
    classifier = entry.load(silent)
    dataset = find_dataset(entry.fits)
    assert (classifier.name, classifier.title, classifier.fits) == (entry.name, entry.title, entry.fits)
    assert classifier.trained is entry.trained is ("untrained" not in entry.title)
    assert entry.on_board
    assert classifier.classes == dataset.classes
    assert not classifier.module.training
    assert not any(p.requires_grad for p in classifier.module.parameters())


@every_entry
def test_entry_reads_its_dataset(entry):
    classifier = entry.load(silent)
    picture, _ = find_dataset(entry.fits).picture("test", 0)
    logits = classifier.module(classifier.preprocessing.transforms()(picture)[None])
    assert logits.shape == (1, 10)
    assert logits.isfinite().all()


@every_entry
def test_weights_are_the_same_at_every_load(entry):
    torch.manual_seed(5)
    first = entry.load(silent)
    torch.manual_seed(6)
    second = entry.load(silent)
    assert first.weights.digest == second.weights.digest
    assert first.module is not second.module


@every_entry
def test_loading_leaves_the_generators_alone(entry):
    torch_state, numpy_state, python_state = torch.get_rng_state(), np.random.get_state(), random.getstate()
    entry.load(silent)
    assert torch.get_rng_state().equal(torch_state)
    assert all(np.array_equal(a, b) for a, b in zip(np.random.get_state(), numpy_state, strict=True))
    assert random.getstate() == python_state


def test_tables_are_read_without_heavy_imports():
    code = (
        "import sys, models.datasets\n"
        "from models.zoo.small.entries import entries\n"
        "entries()\n"
        "print([m for m in ('torch', 'torchvision', 'timm', 'captum') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
