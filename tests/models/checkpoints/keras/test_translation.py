"""Layers are run in an order in which each finds what it reads, under the names of the file."""

from __future__ import annotations

import pytest
import torch

from models.checkpoints.keras import translation
from models.checkpoints.keras.modules import Graph
from models.checkpoints.keras.network import KerasNetwork
from models.checkpoints.limits import RefusalError
from tests.models.checkpoints.keras.files import entry, functional, layer, reads, sequential


def built(*layers) -> Graph:
    module = KerasNetwork.of(sequential(entry(4, 4, 3), *layers), 3).build()
    assert isinstance(module, Graph)
    return module


def names(module: torch.nn.Module) -> list[str]:
    return [name for name, _ in module.named_modules() if name]


def test_layers_keep_their_names_and_what_is_added_has_one_beside():
    conv = layer(
        "Conv2D", "stem/conv.1", filters=2, kernel_size=2, strides=2, padding="same", activation="relu"
    )
    assert names(built(conv, layer("Flatten", "forward"), layer("Dense", "steps", units=2))) == [
        "stem_conv_1",
        "stem_conv_1_relu",
        "forward_",
        "steps_",
    ]


def test_uneven_padding_is_a_layer_before():
    conv = layer("Conv2D", "c", filters=2, kernel_size=3, strides=2, padding="same")
    module = built(conv, layer("GlobalAveragePooling2D", "p"))
    assert names(module) == ["c_pad", "c", "p", "p_flat"]
    assert module(torch.zeros(2, 3, 4, 4)).shape == (2, 2)


def test_a_file_may_list_layers_in_any_order_and_what_nobody_reads_is_left_out():
    layers = (
        reads(layer("Dense", units=2), "flatten"),
        reads(layer("Flatten"), "entry"),
        reads(layer("ReLU", "unread"), "flatten"),
        entry(4, 4, 3),
    )
    module = KerasNetwork.of(functional(*layers), 3).build()
    assert names(module) == ["flatten", "dense"]


def test_what_nobody_reads_any_more_is_let_go():
    module = built(layer("ReLU", "a"), layer("ReLU", "b"), layer("Flatten", "c"))
    assert [step.done for step in module.steps] == [(0,), (1,), (2,)]


def test_circles_are_refused():
    layers = (
        entry(4, 4, 3),
        reads(layer("ReLU", "a"), "b"),
        reads(layer("ReLU", "b"), "a"),
        reads(layer("Dense", units=2), "b"),
    )
    with pytest.raises(RefusalError, match="read each other in a circle"):
        KerasNetwork.of(functional(*layers), 3).plan()


def test_folders_are_named_by_class_and_turn():
    network = KerasNetwork.of(
        sequential(
            entry(4, 4, 3), layer("MaxPooling2D", "x", pool_size=2), layer("MaxPooling2D", "y", pool_size=2)
        ),
        3,
    ).network
    assert translation._folders(network, "") == {"x": "layers/max_pooling2d", "y": "layers/max_pooling2d_1"}


@pytest.mark.parametrize("size", [(28, 28), (784,)])
def test_rows_or_a_list_of_pixels_are_a_grey_picture(size):
    found = KerasNetwork.of(sequential(entry(*size), layer("Flatten"), layer("Dense", units=10)), 3)
    assert (found.size(), found.tells_size) == ((1, 28, 28), len(size) > 1)
    assert ("taken for the rows of a picture of 28 x 28 in grey" in found.pixels) is (len(size) == 1)
    picture = torch.arange(784.0).reshape(1, 1, 28, 28)
    (first,) = found.build().get_submodule("entry")(picture)
    assert first.flatten().tolist() == list(range(784))


def test_a_list_in_colour_is_read_pixel_by_pixel():
    found = KerasNetwork.of(sequential(entry(3 * 16 * 16), layer("Dense", units=2)), 3)
    assert found.size() == (3, 16, 16)
    module = found.build()
    pixels = torch.arange(768.0).reshape(1, 16, 16, 3).permute(0, 3, 1, 2)
    assert module.get_submodule("entry")(pixels)[0].tolist() == list(range(768))
