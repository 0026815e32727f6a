"""The classes of ImageNet, as torchvision's weights name them and as its folders are called."""

from __future__ import annotations

import re

# How ImageNet's own folders are called.
SYNSET = re.compile(r"n\d{8}")


def imagenet_classes() -> tuple[str, ...]:
    """The names of ImageNet's 1000 classes in the order of the logits."""
    from torchvision.models import ResNet18_Weights

    return tuple(ResNet18_Weights.IMAGENET1K_V1.meta["categories"])


def imagenet_synsets() -> tuple[str, ...]:
    """The names of ImageNet's 1000 folders (n01440764) in the order of the logits."""
    from timm.data.imagenet_info import ImageNetInfo

    return tuple(map(str, ImageNetInfo("imagenet-1k").label_names()))  # type: ignore[no-untyped-call]
