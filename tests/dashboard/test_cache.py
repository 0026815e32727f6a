"""What is cached is one record for everybody, and nobody can write into it."""

from __future__ import annotations

import dataclasses
import io
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from dashboard import cache, pictures
from dashboard.inspection import prediction

PICTURE = ("mnist-10k/test/0", False)


@pytest.fixture
def network():
    return cache.classifier("cnn")


@pytest.mark.parametrize("cached", [cache.network_input, cache.prediction])
def test_everybody_shares_one_record_that_nobody_can_write_into(cached, network):
    record = cached(network, *PICTURE)
    assert cached(network, *PICTURE) is record
    arrays = [value for value in vars(record).values() if isinstance(value, np.ndarray)]
    assert arrays
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_visitors_tensors_are_made_in_a_few_threads(monkeypatch, network):
    made = []

    def predict(*args):
        made.append(threading.current_thread().name)
        return predicted(*args)

    predicted = prediction.predict
    monkeypatch.setattr(prediction, "predict", predict)
    numbers = range(100, 106)
    visitors = [
        threading.Thread(target=cache.prediction, args=(network, f"mnist-10k/test/{number}", False))
        for number in numbers
    ]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert len(made) == len(numbers)
    assert len(set(made)) <= 2
    assert not set(made) & {visitor.name for visitor in visitors}


def test_what_fails_apart_fails_here(monkeypatch, network):
    def see(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(prediction, "see", see)
    with pytest.raises(ZeroDivisionError):
        cache.network_input(network, "mnist-10k/test/106", False)


def test_one_decoding_is_for_what_the_network_reads_and_for_the_small_picture(monkeypatch, network):
    opened = []
    picture = pictures.find("cameraman")

    def find(address):
        opened.append(address)
        return picture

    monkeypatch.setattr(pictures, "find", find)
    record = cache.network_input(network, "cameraman", True)
    with Image.open(io.BytesIO(cache.small(network, "cameraman", True))) as small:
        assert max(small.size) == cache.THUMBNAIL_SIDE
        assert small.size[0] / small.size[1] == pytest.approx(np.divide(*picture.open().size), rel=0.02)
    assert record.inputs.shape == (1, 28, 28)
    assert opened == ["cameraman"]


def test_a_thumbnail_is_the_middle_of_the_picture():
    with Image.open(io.BytesIO(cache.thumbnail("coffee_cup"))) as square:
        assert square.size[0] == square.size[1] <= cache.THUMBNAIL_SIDE


def test_what_is_known_of_a_network_is_kept_by_its_key(network):
    again = dataclasses.replace(network, title="Another")
    renamed = dataclasses.replace(network, classes=tuple(f"digit {number}" for number in range(10)))
    record = cache.prediction(network, *PICTURE)
    assert cache.prediction(again, *PICTURE) is record
    assert cache.prediction(renamed, *PICTURE).classes == renamed.classes
    assert cache.survey(again, PICTURE[0]) is cache.survey(network, PICTURE[0])
    assert cache.facts(again) is cache.facts(network)


def test_another_file_under_the_same_name_is_loaded_anew(monkeypatch, network):
    files: dict[str, object] = {}

    def find_network(name):
        return SimpleNamespace(load=lambda report: files[name])

    monkeypatch.setattr(cache, "find_network", find_network)
    for content in ("first", "second"):
        files["run:x@1"] = dataclasses.replace(network, title=content)
        assert cache.classifier("run:x@1", content).title == content
    assert cache.classifier("run:x@1", "first").title == "first"
