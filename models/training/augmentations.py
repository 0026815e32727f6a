"""The table of augmentations, all of torchvision v2, drawn anew for every few pictures of a batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

# torchvision draws once for all pictures it is given together. One at a time would cost more than the step of a
# small network; four at a time is varied enough and cheap.
GROUP_SIZE = 4


@dataclass(frozen=True)
class Augmentation:
    """How training pictures are varied.

    Attributes:
        title: as on the page.
        build: height and width in pixels -> a torchvision v2 transform; None leaves pictures as they are.
    """

    title: str
    build: Callable[[int, int], Any] | None


def _shift(height: int, width: int) -> Any:
    from torchvision.transforms import v2

    return v2.RandomAffine(0, translate=(0.1, 0.1))


def _affine(height: int, width: int) -> Any:
    from torchvision.transforms import InterpolationMode, v2

    bilinear = InterpolationMode.BILINEAR
    return v2.RandomAffine(10, translate=(0.1, 0.1), scale=(0.9, 1.1), shear=5, interpolation=bilinear)


def _flip(height: int, width: int) -> Any:
    from torchvision.transforms import v2

    return v2.Compose(
        [v2.RandomHorizontalFlip(), v2.RandomCrop((height, width), padding=(width // 8, height // 8))]
    )


def _crop(height: int, width: int) -> Any:
    from torchvision.transforms import v2

    return v2.Compose([v2.RandomResizedCrop((height, width), scale=(0.4, 1)), v2.RandomHorizontalFlip()])


def _erase(height: int, width: int) -> Any:
    from torchvision.transforms import v2

    return v2.RandomErasing(scale=(0.02, 0.2))


AUGMENTATIONS: dict[str, Augmentation] = {
    "none": Augmentation("None", None),
    "shift": Augmentation("Shift by up to a tenth", _shift),
    "affine": Augmentation("Shift, turn, scale and shear a little", _affine),
    "flip": Augmentation("Mirror and shift (photos, clothes)", _flip),
    "crop": Augmentation("Random part, mirrored (photos)", _crop),
    "erase": Augmentation("Erase a random box", _erase),
}


def build(name: str, size: tuple[int, int]) -> Callable[[Tensor], Tensor]:
    """A function on uint8 batches of shape (N, C, H, W) that draws from torch's global generator."""
    transform_for = AUGMENTATIONS[name].build
    if transform_for is None:
        return lambda pixels: pixels
    transform = transform_for(*size)

    def augment(pixels: Tensor) -> Tensor:
        import torch

        return torch.cat([transform(group) for group in torch.split(pixels, GROUP_SIZE)])

    return augment
