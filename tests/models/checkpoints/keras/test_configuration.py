"""Configurations of Keras 2 and 3 say the same in different words."""

from __future__ import annotations

import pytest

from models.checkpoints.keras.configuration import Reference, parse
from models.checkpoints.keras.network import KerasNetwork
from models.checkpoints.limits import RefusalError
from tests.models.checkpoints.keras.files import entry, functional, layer, reads, sequential


def test_a_list_of_layers_is_a_chain():
    network = parse(sequential(entry(4, 4, 1), layer("Flatten"), layer("Dense", units=3)), 3)
    assert [call.read for one in network.layers for call in one.calls] == [
        (Reference("entry", 0, 0),),
        (Reference("flatten", 0, 0),),
    ]
    assert (network.size, network.exit) == ((4, 4, 1), Reference("dense", 0, 0))


def test_keras_2_writes_nodes_as_lists():
    three = functional(
        entry(4, 4, 1), reads(layer("Flatten"), "entry"), reads(layer("Dense", units=3), "flatten")
    )
    two = functional(
        {**entry(4, 4, 1), "config": {"name": "entry", "batch_input_shape": [None, 4, 4, 1]}},
        {**layer("Flatten"), "inbound_nodes": [[["entry", 0, 0, {}]]]},
        {**layer("Dense", units=3), "inbound_nodes": [[["flatten", 0, 0, {}]]]},
    )
    graphs = [
        [(one.settings.layer, [call.read for call in one.calls]) for one in parse(config, release).layers]
        for config, release in ((three, 3), (two, 2))
    ]
    assert graphs[0] == graphs[1]


def test_operations_are_told_from_layers_of_the_same_name_also_without_modules():
    layers = (entry(4, 4, 1), reads(layer("Add", "layer"), "entry", "entry"))
    operation = reads(
        {"class_name": "Add", "config": {"name": "operation"}, "name": "operation"}, "layer", "layer"
    )
    named = reads(layer("Dense", units=3), "operation")
    for one in layers:
        del one["module"]
    network = parse(functional(*layers, operation, named), 3)
    assert [one.is_operation for one in network.layers] == [False, False, True, False]


def test_slices_and_numbers_are_arguments():
    index = [{"class_name": "__slice__", "config": {"start": 1, "stop": None, "step": None}}, 2]
    one = reads({**layer("GetItem", "part"), "module": "keras.src.ops.numpy"}, "entry")
    one["inbound_nodes"][0]["args"].append(index)
    network = parse(functional(entry(4, 4, 1), one, reads(layer("Dense", units=3), "part")), 3)
    assert network.layers[1].calls[0].args == (Reference("entry", 0, 0), [slice(1, None, None), 2])


@pytest.mark.parametrize("config", [None, [], {"class_name": "Functional"}, {"class_name": 3, "config": {}}])
def test_what_is_no_configuration_is_refused(config):
    with pytest.raises(RefusalError, match="is no Keras network that is read here"):
        parse(config, 3)


def test_keras_2_counts_the_making_of_a_network_within_as_a_call():
    inner = sequential(entry(4, 4, 1), layer("Flatten", "f"), name="inner")
    outer = functional(
        entry(4, 4, 1),
        {**inner, "name": "inner", "inbound_nodes": [[["entry", 0, 0, {}]]]},
        {**layer("Dense", units=3), "inbound_nodes": [[["inner", 1, 0, {}]]]},
    )
    assert KerasNetwork.of(outer, 2).plan().shape == (3,)
    with pytest.raises(RefusalError, match="reads what no layer gives"):
        KerasNetwork.of(outer, 3).plan()
