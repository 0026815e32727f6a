"""Damage at random places: the checks before torch pass a file or refuse it in words, and nothing else happens."""

from __future__ import annotations

import random

import pytest

from models.checkpoints import archive, legacy, safetensors_header
from models.checkpoints.limits import RefusalError
from tests.models.checkpoints import files

CHECKS = {
    "safetensors": (safetensors_header.read, files.HONEST),
    "archive": (archive.check, files.TORCH),
    "old format": (legacy.check, files.saved(files.weights(), legacy=True)),
}
TIMES = 300


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, cut out, doubled or put elsewhere, where the descriptions are rather than the numbers."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        near = chance.choice([0, len(changed) - 1200, 0])
        place = max(0, near) + chance.randrange(min(1200, len(changed)))
        length = chance.choice([1, 1, 2, 8, 40])
        match chance.randrange(5):
            case 0:
                changed[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[place : place + length]
            case 2:
                changed[place:place] = changed[place : place + length]
            case 3:
                changed[place : place + length] = b"\xff" * length
            case 4:
                other = chance.randrange(len(changed))
                changed[place : place + length] = changed[other : other + length]
    return bytes(changed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", CHECKS)
def test_damage_is_refused_in_words_or_does_no_harm(kind, tmp_path):
    check, content = CHECKS[kind]
    chance, path = random.Random(7), tmp_path / "file"
    refused = 0
    for _ in range(TIMES):
        path.write_bytes(damaged(content, chance))
        try:
            check(path)
        except RefusalError as refusal:
            refused += 1
            assert str(refusal).isprintable()
            assert not str(refusal).endswith(".")
    assert refused > TIMES / 3
    path.write_bytes(content)
    check(path)
