"""Keras's padding "same": as much as gives ceil(n / stride), the odd pixel at the right and the bottom."""

from __future__ import annotations

from dataclasses import dataclass

Pair = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """A window that goes over a picture.

    Attributes:
        size: height and width of the picture.
        kernel: of the window.
        stride: from one place to the next.
        spread: pixels from one of the window's to the next (dilation).
        same: whether it is padded.
    """

    size: Pair
    kernel: Pair
    stride: Pair
    spread: Pair = (1, 1)
    same: bool = False

    @property
    def reach(self) -> Pair:
        """From its first to its last pixel, both counted."""
        return _both(lambda side: (self.kernel[side] - 1) * self.spread[side] + 1)

    @property
    def places(self) -> Pair:
        """Height and width of what it gives; below 1 where it does not fit."""
        if self.same:
            return _both(lambda side: -(-self.size[side] // self.stride[side]))
        return _both(lambda side: (self.size[side] - self.reach[side]) // self.stride[side] + 1)

    @property
    def before(self) -> Pair:
        """Pixels added at the top and the left."""
        return _both(lambda side: self._added(side) // 2)

    @property
    def after(self) -> Pair:
        """Pixels added at the bottom and the right."""
        return _both(lambda side: self._added(side) - self._added(side) // 2)

    @property
    def even(self) -> bool:
        """Whether as many are added on both sides."""
        return self.before == self.after

    @property
    def sides(self) -> tuple[int, int, int, int]:
        """Left, right, top, bottom, as torch counts them."""
        (top, left), (bottom, right) = self.before, self.after
        return left, right, top, bottom

    @property
    def fits_ceiling(self) -> bool:
        """Whether torch's ceil_mode with the padding before gives as many places, the last over what is missing."""
        if any(2 * self.before[side] > self.kernel[side] for side in (0, 1)) or self.spread != (1, 1):
            return False
        return self.places == _both(
            lambda side: (
                -(-(self.size[side] + 2 * self.before[side] - self.kernel[side]) // self.stride[side]) + 1
            )
        )

    def _added(self, side: int) -> int:
        if not self.same:
            return 0
        return max((self.places[side] - 1) * self.stride[side] + self.reach[side] - self.size[side], 0)


def _both(of: object) -> Pair:
    assert callable(of)
    return of(0), of(1)
