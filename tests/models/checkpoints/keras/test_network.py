"""What is kept of a Keras network beside its tensors."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from models.checkpoints.architectures import file_architecture, usual_preprocessing
from models.checkpoints.keras.network import KerasNetwork
from tests.models.checkpoints.keras import files
from tests.models.checkpoints.keras.files import entry, functional, layer, reads, sequential


def network(*layers: files.Config) -> KerasNetwork:
    """A network of these layers that reads colours."""
    return KerasNetwork.of(sequential(entry(9, 8, 3), *layers, layer("Flatten"), layer("Dense", units=2)), 3)


def test_it_comes_back_from_its_note():
    digits = KerasNetwork.of(files.DIGITS, 3)
    again = KerasNetwork.from_note(json.loads(json.dumps(digits.to_note())))
    assert again == digits and repr(again) == repr(digits)
    assert (again.name, again.size(), again.outputs, again.depth) == ("digits", (1, 28, 28), 10, 7)


def test_a_layer_more_is_another_network():
    assert repr(network()) != repr(network(layer("ReLU")))


@pytest.mark.parametrize(
    ("layers", "prepares", "largest"),
    [
        ([], "", 1),
        ([layer("Rescaling", "px", scale=1 / 255, offset=0.0)], "px (Rescaling)", 255),
        ([layer("RandomFlip"), layer("Rescaling", "px", scale=2.0, offset=-1.0)], "px (Rescaling)", 1),
        ([layer("Rescaling", "px", scale=[0.02, 0.02, 0.02], offset=0.0)], "px (Rescaling)", 255),
        ([layer("Normalization", "n", mean=[0.4, 0.4, 0.4], variance=[1, 1, 1])], "n (Normalization)", 1),
        ([layer("Normalization", "n", mean=[99.0], variance=[1.0])], "n (Normalization)", 255),
        ([layer("Conv2D", filters=1, kernel_size=1), layer("Rescaling", scale=1 / 255, offset=0.0)], "", 1),
    ],
)
def test_layers_near_the_input_tell_which_pixels_go_in(layers, prepares, largest):
    found = network(*layers)
    assert (found.prepares, found.largest) == (prepares, largest)
    assert ("Told by the file" in found.pixels) == bool(prepares)


def test_so_does_a_division_among_the_layers():
    divided = reads(
        {**layer("TrueDivide", "by"), "module": "keras.src.ops.numpy", "config": {"name": "by"}}, "entry"
    )
    divided["inbound_nodes"][0]["args"].append(127.5)
    layers = (
        entry(9, 8, 3),
        divided,
        reads(layer("Flatten"), "by"),
        reads(layer("Dense", units=2), "flatten"),
    )
    found = KerasNetwork.of(functional(*layers), 3)
    assert (found.prepares, found.largest) == ("by (TrueDivide)", 255)


def test_a_size_is_the_files_own_where_it_says_one():
    free = KerasNetwork.of(
        sequential(entry(None, 12, 3), layer("GlobalAveragePooling2D"), layer("Dense", units=2)), 3
    )
    assert free.size() == (3, 224, 12)
    assert free.plan((50, 60)).total == 50 * 12 * 3 + 3 + 2


def test_channels_first_is_told_by_all_its_layers():
    first = {"data_format": "channels_first"}
    conv = layer("Conv2D", filters=4, kernel_size=3, **first)
    found = KerasNetwork.of(sequential(entry(3, 9, 8), conv, layer("GlobalMaxPooling2D", **first)), 3)
    assert found.first and found.size() == (3, 9, 8) and found.outputs == 4


@pytest.mark.parametrize(
    ("name", "mean"),
    [
        ("mobilenetv2_0.35_96", 0.5), ("mobilenet_1.00_224", 0.5), ("resnet50v2", 0.5), ("densenet121", 0.485),
        ("mine", 0.0), ("resnet50", 103.939 / 255), ("vgg16", 103.939 / 255),
    ],
)  # fmt: skip
def test_networks_of_known_names_are_made_for_a_known_range(name, mean):
    inner = {**sequential(entry(9, 8, 3), layer("Flatten"), name=name), "name": name}
    found = KerasNetwork.of(sequential(entry(9, 8, 3), inner, layer("Dense", units=2)), 3)
    reads = usual_preprocessing(*file_architecture(found))
    assert (reads.mean[0], reads.size, reads.resize) == (mean, (9, 8), (9, 8))
    assert (name in found.pixels) == (mean > 0)


def test_caffes_networks_read_blue_first_less_a_mean():
    inner = {**sequential(entry(9, 8, 3), layer("Flatten"), name="vgg16"), "name": "vgg16"}
    found = KerasNetwork.of(sequential(entry(9, 8, 3), inner, layer("Dense", units=2)), 3)
    picture = Image.new("RGB", (8, 9), (200, 100, 50))
    read = usual_preprocessing(*file_architecture(found)).transforms()(picture)
    # As keras.applications.vgg16.preprocess_input answers for this colour.
    assert read[:, 0, 0].tolist() == pytest.approx([50 - 103.939, 100 - 116.779, 200 - 123.68], abs=1e-4)
