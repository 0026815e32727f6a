"""ImageNet's classes and folders, which belong together place by place."""

from __future__ import annotations

from models.datasets.imagenet import SYNSET, imagenet_classes, imagenet_synsets


def test_classes_and_folders_are_in_the_order_of_the_logits():
    classes, synsets = imagenet_classes(), imagenet_synsets()
    assert (classes[0], synsets[0]) == ("tench", "n01440764")
    assert (classes[388], synsets[388]) == ("giant panda", "n02510455")
    assert len(classes) == len(set(synsets)) == 1000


def test_folders_are_told_from_other_names():
    assert all(SYNSET.fullmatch(name) for name in imagenet_synsets())
    assert not any(SYNSET.fullmatch(name) for name in ("n1", "tench", "n014407641", "N01440764"))
