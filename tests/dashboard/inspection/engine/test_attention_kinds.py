"""Which attentions go between the picture's tokens, told by what changed patches change."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from dashboard.inspection.engine.attention_kinds import attention_kinds
from dashboard.inspection.engine.locality import own_places
from dashboard.records.network import LayerCall

TOKENS = LayerCall("norm", "LayerNorm", (50, 8), "tokens", 1, (7, 7))


def in_place() -> Tensor:
    """Patches change the attention that their own tokens get, (patches, 1 + 7 * 7)."""
    shown = torch.tensor(own_places(7, 7)).float()
    return torch.cat([torch.zeros(len(shown), 1), 0.01 + shown.flatten(1)], 1)


def test_every_layer_of_a_transformer_counts():
    found = attention_kinds([(1, 2, 50, 50)] * 3, [in_place()] * 3, [TOKENS])
    assert found == {"attentions": (0, 1, 2), "attended": TOKENS, "pooled": 0, "unlike": ""}


def test_an_attention_that_reads_all_tokens_in_the_end_is_no_other_kind():
    found = attention_kinds([(1, 2, 50, 50), (1, 4, 1, 50)], [in_place(), None], [TOKENS])
    assert (found["attentions"], found["pooled"], found["unlike"]) == ((0,), 1, "")
    joined = attention_kinds(
        [(1, 2, 50, 50), (1, 4, 1, 51), (1, 4, 1, 51)], [in_place(), None, None], [TOKENS]
    )
    assert (joined["attentions"], joined["pooled"], joined["unlike"]) == ((0,), 2, "")


def test_other_kinds_are_named_and_what_is_alike_still_counts():
    shapes = [(1, 2, 50, 50), (1, 3, 50, 50), (1, 2, 50, 50), (4, 2, 16, 16), (1, 2, 16, 50)]
    changes = [in_place(), torch.ones(4, 50), torch.zeros(4, 50), None, None]
    found = attention_kinds(shapes, changes, [TOKENS])
    assert (found["attentions"], found["pooled"]) == ((0,), 0)
    assert found["unlike"] == (
        "attention among 50 values that are not seen to be places of the picture, attention that does not depend on "
        "the picture, attention within parts of the picture"
    )


def test_channels_that_attend_to_each_other_do_not_count():
    found = attention_kinds(
        [(1, 2, 50, 50)], [torch.rand(4, 50, generator=torch.Generator().manual_seed(0))], [TOKENS]
    )
    assert found == {
        "attentions": (),
        "unlike": "attention among 50 values that are not seen to be places of the picture",
    }


@pytest.mark.parametrize(("shape", "layout"), [((8, 7, 7), "channels first"), ((7, 7, 8), "channels last")])
def test_places_of_maps_that_attend_to_each_other_count_as_tokens(shape, layout):
    maps = LayerCall("conv", "Conv2d", shape, layout, grid=(7, 7))
    found = attention_kinds([(1, 2, 49, 49)], [in_place()[:, 1:]], [maps])
    assert (found["attentions"], found["unlike"]) == ((0,), "")
    assert found["attended"] == LayerCall("conv", "Conv2d", (49, 8), "tokens", 0, (7, 7))


def test_without_attention_there_is_none():
    assert attention_kinds([], [], [TOKENS]) == {"attentions": (), "unlike": ""}


def test_most_of_a_kind_tell_for_those_that_tell_nothing():
    changes = [in_place(), in_place(), torch.ones(4, 50)]
    assert attention_kinds([(1, 2, 50, 50)] * 3, changes, [TOKENS])["attentions"] == (0, 1, 2)
    changes = [in_place(), torch.ones(4, 50), torch.ones(4, 50)]
    assert attention_kinds([(1, 2, 50, 50)] * 3, changes, [TOKENS])["attentions"] == ()
