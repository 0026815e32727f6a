"""Names of classes that a file holds beside its tensors: as training scripts, Lightning and Hugging Face keep them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress

from models.checkpoints.choice import MOST_CLASSES, clean_name
from models.checkpoints.limits import LIMITS, Limits
from models.checkpoints.tensor_search import containers

# Under what names they are kept, the surest first; capitals and underscores do not count.
KEYS = (
    *(
        "classnames",
        "classes",
        "classtoidx",
        "idxtoclass",
        "id2label",
        "label2id",
        "labelnames",
        "classlabels",
    ),
    *(
        "class2idx",
        "idx2class",
        "labeltoidx",
        "idxtolabel",
        "label2idx",
        "idx2label",
        "classlist",
        "classdict",
    ),
    *("classmapping", "labelmap", "labelmapping", "targetnames", "categories", "labels", "names"),
)
# Lists that are kept of one file, and letters of all of them.
MOST_LISTS = 4
MOST_LETTERS = 1_000_000

ClassNames = tuple[str, ...]


def find_class_names(content: object, limits: Limits = LIMITS) -> tuple[ClassNames, ...]:
    """Lists of names of classes in what a file holds, the surest first.

    Args:
        content: as it was loaded; may contain itself.
        limits: of depth.
    """
    found = [
        (KEYS.index(key), names)
        for _, place in containers(content, limits)
        for name, value in place.items()
        if (key := str(name)[:60].lower().replace("_", "")) in KEYS and (names := _read(value))
    ]
    return tuple(_within_bounds(dict.fromkeys(names for _, names in sorted(found, key=lambda pair: pair[0]))))


def find_noted_names(notes: Mapping[str, str], limits: Limits = LIMITS) -> tuple[ClassNames, ...]:
    """The same in the notes of a safetensors file, whose values are texts: JSON where they hold more."""
    content: dict[str, object] = {}
    for name, text in notes.items():
        with suppress(ValueError, RecursionError):
            content[name] = json.loads(text)
    return find_class_names(content, limits)


def _within_bounds(lists: Mapping[ClassNames, None]) -> Iterator[ClassNames]:
    left = MOST_LETTERS
    for names in list(lists)[:MOST_LISTS]:
        left -= sum(map(len, names))
        if left < 0:
            return
        yield names


def _read(value: object) -> ClassNames:
    """The names in a list of texts, or in a table from names to numbers or the other way round; none in all else."""
    match value:
        case list() | tuple():
            names = list(value)
        case Mapping() if all(type(number) is int for number in value.values()):
            names = _in_order({number: name for name, number in value.items()}, len(value))
        case Mapping():
            names = _in_order({_number(number): name for number, name in value.items()}, len(value))
        case _:
            return ()
    if not 1 < len(names) <= MOST_CLASSES or not all(isinstance(name, str) for name in names):
        return ()
    cleaned = tuple(clean_name(name) for name in names)
    return cleaned if all(cleaned) else ()


def _number(key: object) -> object:
    """A number that JSON made a text of."""
    return int(key) if isinstance(key, str) and key.isascii() and key.isdigit() and len(key) < 7 else key


def _in_order(names: Mapping[object, object], count: int) -> list[object]:
    """The names by their numbers, which count from 0; none where they do not."""
    return [names[number] for number in range(count)] if names.keys() == set(range(count)) else []
