"""Folders of pictures as people keep them, with a known number of everything."""

from __future__ import annotations

from pathlib import Path

from PIL import Image


def put(path: Path, grey: int) -> None:
    """A picture of one grey; two of one grey are the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (8, 8), grey).save(path, "PNG")


def messy(root: Path) -> Path:
    """Three classes of 9, 7 and 1 files that are called as pictures, and one of every kind of trouble.

    In cat: 6 pictures, a copy of one of them, a damaged file and an empty one. In dog: 6, and one of the cats. In bird:
    1. Besides: 5 hidden or system files, 2 of a kind that is not read, 2 empty subfolders, 1 picture of no class.
    """
    for k in range(6):
        put(root / "cat" / f"{k}.png", k)
        put(root / "dog" / f"{k}.png", 10 + k)
    put(root / "cat" / "0 (copy).png", 0)
    put(root / "dog" / "stray cat.png", 1)
    put(root / "bird" / "only.png", 20)
    (root / "cat" / "damaged.png").write_bytes(b"not a picture")
    (root / "cat" / "nothing.png").touch()
    for hidden in (".ipynb_checkpoints", "cat/.ipynb_checkpoints", "__MACOSX/cat", "@eaDir"):
        put(root / hidden / "0.png", 0)
    (root / "dog" / "._1.png").write_bytes(b"\0\5\x16\7")
    (root / "dog" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (root / "dog" / "Thumbs.db").write_bytes(b"\0")
    (root / "cat" / "0.HEIC").touch()
    (root / "dog" / "0.ppm").touch()
    (root / "empty").mkdir()
    (root / "notes").mkdir()
    (root / "notes" / "readme.txt").write_text("nothing")
    put(root / "loose.png", 30)
    return root


def parted(root: Path) -> Path:
    """Train, val and test above the classes.

    Train has 8 cats, 8 dogs and 4 birds; val 5 cats, 4 dogs and 2 fish, which training has not; one of its cats is a
    training picture and another is there twice; test has 3 dogs, of which one is in val. Beside the classes of val
    lies 1 picture, beside the parts 1.
    """
    for k in range(8):
        put(root / "train" / "cat" / f"{k}.png", k)
        put(root / "train" / "dog" / f"{k}.png", 10 + k)
    for k in range(4):
        put(root / "train" / "bird" / f"{k}.png", 20 + k)
        put(root / "val" / "dog" / f"{k}.png", 40 + k)
    for name, grey in (("a", 30), ("b", 31), ("c", 32), ("c again", 32), ("seen", 3)):
        put(root / "val" / "cat" / f"{name}.png", grey)
    for k in range(2):
        put(root / "val" / "fish" / f"{k}.png", 50 + k)
        put(root / "test" / "dog" / f"{k}.png", 60 + k)
    put(root / "test" / "dog" / "known.png", 40)
    put(root / "val" / "beside.png", 70)
    put(root / "overview.png", 71)
    return root
