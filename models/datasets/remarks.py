"""What is said of a folder of pictures: one sentence for each thing that is otherwise than it seems, with its count."""

from __future__ import annotations

from collections.abc import Sequence

from models.photos.decoding import safe_name

NAMED = 3  # of those that a sentence counts
# Kind -> what is said of one, and of several; then their names follow.
SENTENCES = {
    "hidden": (
        "1 hidden or system file whose name ends like a picture's is left out",
        "{} hidden or system files whose names end like pictures' are left out",
    ),
    "foreign": (
        "1 picture is of a kind that is not read here (save it as JPEG or PNG)",
        "{} pictures are of a kind that is not read here (save them as JPEG or PNG)",
    ),
    "closed": ("1 folder cannot be opened", "{} folders cannot be opened"),
    "empty": (
        "1 subfolder holds no picture and is no class",
        "{} subfolders hold no picture and are no classes",
    ),
    "loose": (
        "1 picture lies in no subfolder of a class and is left out",
        "{} pictures lie in no subfolder of a class and are left out",
    ),
    "unlearned": (
        "1 picture is left out, as training has none of its class",
        "{} pictures are left out, as training has none of their classes",
    ),
    "contradictory": (
        "1 picture lies in two classes, so nothing is measured on it",
        "{} pictures lie in two classes each, so nothing is measured on them",
    ),
    "copied": (
        "1 file is a copy of another picture",
        "{} files are copies of other pictures",
    ),
    "leaked": (
        "1 picture is left out of validation and test, as it is learned from or there twice",
        "{} pictures are left out of validation and test, as they are learned from or there twice",
    ),
    "repeated": ("1 copy of a picture is left out", "{} copies of pictures are left out"),
    "unmeasured": (
        "1 class has no picture that is kept back, so how well it is told is not measured",
        "{} classes have no picture that is kept back, so how well they are told is not measured",
    ),
    "untrained": ("1 class has no picture to learn from", "{} classes have no picture to learn from"),
    "unreadable": (
        "1 file is no picture that can be read and is left out",
        "{} files are no pictures that can be read and are left out",
    ),
}


def remark(kind: str, names: Sequence[str], count: int | None = None) -> str:
    """One sentence; empty where there is nothing to say.

    Args:
        kind: a key of SENTENCES.
        names: of those that it is about, or of what tells them.
        count: how many there are; as many as names where it is left out.
    """
    number = len(names) if count is None else count
    if not number:
        return ""
    one, several = SENTENCES[kind]
    shown = ", ".join("/".join(map(safe_name, name.split("/"))) for name in names[:NAMED])
    more = " and others" if len(names) > NAMED else ""
    return f"{one if number == 1 else several.format(f'{number:,}')}: {shown}{more}."
