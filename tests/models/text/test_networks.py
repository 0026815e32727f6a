"""Networks for texts: what is behind a text's end changes nothing, and the mask is made of the real ids."""

from __future__ import annotations

import pytest
import torch

from models.runtime.randomness import fork_rng
from models.text import TEXT_ARCHITECTURES
from models.text.networks import Bag, Transformer, mean_over_words
from models.text.tokenizer import PAD

IDS = torch.tensor([[5, 3, 3, 9, 1, 7]])
every_architecture = pytest.mark.parametrize("name", TEXT_ARCHITECTURES)


def built(name, **options):
    with fork_rng(0):
        return TEXT_ARCHITECTURES[name].build(2, 20, **options).eval().double()


@every_architecture
def test_the_two_steps_are_the_network(name):
    module = built(name)
    assert module(IDS).shape == (1, 2)
    assert module.score(module.embed(IDS), IDS != PAD).equal(module(IDS))


@every_architecture
def test_what_stands_behind_the_end_changes_nothing(name):
    module = built(name)
    torch.testing.assert_close(module(torch.nn.functional.pad(IDS, (0, 5))), module(IDS))


@every_architecture
def test_a_text_without_words_has_an_answer(name):
    answers = built(name)(torch.full((2, 4), PAD))
    assert answers.isfinite().all() and answers[0].equal(answers[1])


@every_architecture
def test_a_baseline_does_not_change_which_words_are_there(name):
    module = built(name)
    empty = module.embed(torch.full_like(IDS, PAD))
    # Six words of nothing, which are not the same as no word.
    assert module.score(empty, IDS != PAD).isfinite().all()
    assert module.embed(IDS).shape == (1, 6, 32)


def test_order_counts_but_for_the_bag():
    turned = IDS.flip(1)
    for name in TEXT_ARCHITECTURES:
        module = built(name)
        same = torch.allclose(module(turned), module(IDS))
        assert same is isinstance(module, Bag)


def test_the_bag_is_linear_in_its_words():
    """A logit is the bias and, of each word, its weight times how often it stands there, over the length."""
    module = built("text_bag")
    weights = module.embedding.weight @ module.head.weight.T  # (words, classes)
    expected = module.head.bias + weights[IDS[0]].sum(0) / 6
    torch.testing.assert_close(module(IDS)[0], expected)


def test_attention_is_that_of_the_forward_pass():
    module = built("text_transformer")
    ids = torch.nn.functional.pad(IDS, (0, 2))
    attention = module.attention(ids)
    assert attention.shape == (1, 1, 4, 8, 8)
    torch.testing.assert_close(attention.sum(-1), torch.ones(1, 1, 4, 8, dtype=torch.float64))
    assert attention[..., 6:].max() == 0
    seen = []
    module.attn.softmax.register_forward_hook(lambda _, inputs, outputs: seen.append(outputs))
    module(ids)
    assert seen[0].equal(attention[:, 0])
    assert built("text_bag").attention(ids) is None


def test_places_are_waves():
    placed = Transformer.placed(torch.zeros(1, 3, 32, dtype=torch.float64))
    assert placed[0, 2, 0] == pytest.approx(torch.tensor(2.0, dtype=torch.float64).sin())
    assert placed[0, 2, 1] == pytest.approx(torch.tensor(2.0, dtype=torch.float64).cos())


def test_a_mean_is_over_what_is_there():
    vectors = torch.tensor([[[1.0], [3.0], [100.0]], [[7.0], [7.0], [7.0]]])
    present = torch.tensor([[True, True, False], [False, False, False]])
    assert mean_over_words(vectors, present).tolist() == [[2.0], [0.0]]


@every_architecture
def test_a_narrower_network_has_fewer_numbers_and_answers(name):
    counts = []
    for width in (1 / 16, 0.5, 1.0, 2.0):
        with fork_rng(0):
            module = TEXT_ARCHITECTURES[name].with_width(width).build(2, 20).eval()
        assert module(IDS).isfinite().all()
        counts.append(sum(parameter.numel() for parameter in module.parameters()))
    assert counts == sorted(set(counts))
