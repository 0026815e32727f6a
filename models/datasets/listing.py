"""What a folder of pictures holds as people keep it: each picture with the part and the class that its place tells."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.runtime.errors import UserError

SUFFIXES = {".avif", ".bmp", ".gif", ".jfif", ".jpe", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}
# Pictures too, of kinds that no decoder here reads.
FOREIGN = {".cr2", ".cr3", ".dng", ".heic", ".heif", ".jp2", ".jxl", ".nef", ".pgm", ".ppm", ".tga"}
# Besides what begins with a dot: what archives, network drives, editors and recycle bins leave behind.
SYSTEM = {"__macosx", "__pycache__", "@eadir", "#recycle", "$recycle.bin", "lost+found"} | {
    "system volume information"
}
TRAIN, VALIDATION, TEST = "train", "validation", "test"
PARTS = {
    TRAIN: re.compile(r"train(ing)?[ _-]?(set|data|images)?", re.IGNORECASE),
    VALIDATION: re.compile(r"(val(id(ation)?)?|dev)[ _-]?(set|data|images)?", re.IGNORECASE),
    TEST: re.compile(r"test(ing)?[ _-]?(set|data|images)?", re.IGNORECASE),
}


@dataclass(frozen=True)
class ListedPicture:
    """One file that is called as a picture.

    Attributes:
        path: of the file.
        part: train, validation or test, where folders of such names lie above the classes; else empty.
        label: name of the subfolder that stands for its class; empty where it lies in none.
    """

    path: Path
    part: str
    label: str


@dataclass(frozen=True, eq=False)
class Listing:
    """The pictures of a folder, and what was passed over.

    Attributes:
        pictures: by name, folder by folder.
        parts: part -> names of the folders that stand for it; none where no split lies above the classes.
        passed_over: kind of what is no picture of the folder -> names, relative to it. See models.datasets.remarks.
    """

    pictures: tuple[ListedPicture, ...]
    parts: Mapping[str, tuple[str, ...]]
    passed_over: Mapping[str, tuple[str, ...]]


def list_folder(folder: Path) -> Listing:
    """What a folder holds, hidden and system files and folders left out. Reads names only.

    Raises:
        UserError: if the folder cannot be listed.
    """
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be read ({error.strerror}); choose another.") from error
    kinds: dict[str, list[tuple[str, ...]]] = {
        kind: [] for kind in ("picture", "hidden", "foreign", "closed", "folder")
    }
    for kind, names in _walk(folder, (), hidden=False):
        kinds[kind].append(names)
    parts = _find_parts(kinds["picture"])
    pictures = [_place(folder, names, parts) for names in kinds["picture"]]
    level = 2 if parts else 1
    filled = {names[:level] for names in kinds["picture"]} | {names[:1] for names in kinds["picture"]}
    kinds["empty"] = [names for names in kinds["folder"] if len(names) <= level and names not in filled]
    by_part = {part: tuple(name for name in parts if parts[name] == part) for part in PARTS}
    by_part = {part: names for part, names in by_part.items() if names}
    if parts and len({picture.part for picture in pictures if picture.label}) == 1:
        # One part alone parts nothing.
        pictures = [dataclasses.replace(picture, part="") for picture in pictures]
    return Listing(
        pictures=tuple(pictures),
        parts=by_part,
        passed_over={
            kind: tuple("/".join(names) for names in kinds[kind])
            for kind in ("hidden", "foreign", "closed", "empty")
            if kinds[kind]
        },
    )


def _walk(folder: Path, names: tuple[str, ...], *, hidden: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Kind and names of everything below a folder, by name; a link that leads back is not followed."""
    try:
        with os.scandir(folder.joinpath(*names)) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        yield "closed", names
        return
    for entry in found:
        inside = (*names, entry.name)
        veiled = hidden or entry.name.startswith(".") or entry.name.casefold() in SYSTEM
        suffix = f".{entry.name.rpartition('.')[2].lower()}"
        if entry.is_dir():
            if entry.is_symlink() and folder.joinpath(*names).resolve().is_relative_to(
                Path(entry.path).resolve()
            ):
                continue
            if not veiled:
                yield "folder", inside
            yield from _walk(folder, inside, hidden=veiled)
        elif suffix in SUFFIXES | FOREIGN and entry.is_file():
            yield "hidden" if veiled else "picture" if suffix in SUFFIXES else "foreign", inside


def _find_parts(pictures: list[tuple[str, ...]]) -> Mapping[str, str]:
    """Name of a folder -> the part that it stands for; empty where the folders are no split above classes.

    They are one where all folders of pictures are called so, or where training and another share a class.
    """
    classes: dict[str, set[str]] = {}
    for names in pictures:
        if len(names) > 1:
            classes.setdefault(names[0], set()).update(names[1:-1][:1])
    parts = {name: part for name in classes if (part := part_of(name))}
    if not any(classes[name] for name in parts):
        return {}
    trained = {label for name, part in parts.items() if part == TRAIN for label in classes[name]}
    others = {label for name, part in parts.items() if part != TRAIN for label in classes[name]}
    return parts if parts.keys() == classes.keys() or trained & others else {}


def part_of(name: str) -> str:
    """The part that a folder is named after; empty where it is named after none."""
    return next((part for part, pattern in PARTS.items() if pattern.fullmatch(name)), "")


def _place(folder: Path, names: tuple[str, ...], parts: Mapping[str, str]) -> ListedPicture:
    above = names[:-1]
    part = parts.get(above[0], "") if above and parts else ""
    labels = above[1:] if part else () if parts else above
    return ListedPicture(folder.joinpath(*names), part, labels[0] if labels else "")
