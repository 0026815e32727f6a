"""The limits of a photo."""

import pytest

from models.photos import decoding
from models.photos.limits import Limits
from models.runtime.errors import UserError


def test_limits_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("VITRINE_MAX_IMAGE_MB", "3")
    monkeypatch.setenv("VITRINE_MAX_IMAGE_MEGAPIXELS", "2")
    monkeypatch.setenv("VITRINE_MAX_IMAGE_SIDE", "4000")
    limits = Limits.from_environment()
    assert limits == Limits(max_bytes=3 * 1024**2, max_pixels=2_000_000, max_side=4000)
    assert decoding.describe_accepted(limits).endswith("at most 3 MB, 2 megapixels and 4,000 pixels a side")
    monkeypatch.setenv("VITRINE_MAX_IMAGE_MEGAPIXELS", "5000")
    assert Limits.from_environment().max_pixels == 89_000_000, "Pillow warns above this"
    for wrong in ("0", "-1", "many", "1.5", "²"):
        monkeypatch.setenv("VITRINE_MAX_IMAGE_SIDE", wrong)
        with pytest.raises(UserError, match="VITRINE_MAX_IMAGE_SIDE"):
            Limits.from_environment()
