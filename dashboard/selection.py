"""What is being looked at: one frozen record, read from the address and validated here, whole."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from models.errors import UserError

# A page compares at most this many of each; more would be unreadable and slow.
MOST_IMAGES = 2
MOST_METHODS = 8
_NAME = re.compile(r"[a-z_]{1,32}")
_TEXT = re.compile(r"[A-Za-z0-9_.+-]{1,32}")


@dataclass(frozen=True)
class Selection:
    """What the address says is looked at.

    Attributes:
        model: name of a network.
        against: name of a second network to compare with, or None.
        images: addresses of one or two pictures.
        target: class index; None follows the prediction.
        versus: class index for "why the target rather than this"; None without.
        layer: qualified name; None means the method's default.
        methods: names; empty means the page's default.
        parameters: settings of methods and pages, name -> text, `p.<name>` in the address.
    """

    model: str
    images: tuple[str, ...]
    against: str | None = None
    target: int | None = None
    versus: int | None = None
    layer: str | None = None
    methods: tuple[str, ...] = ()
    parameters: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def image(self) -> str:
        """The first picture, which every page shows."""
        return self.images[0]


@dataclass(frozen=True)
class Known:
    """What a selection may name. Each function raises UserError, in one sentence, for a name it does not know.

    Attributes:
        model: checks the name of a network and returns the address of the picture it starts with.
        image: checks the address of a picture.
        method: checks the name of a method.
        default_model: the network that is shown first.
    """

    model: Callable[[str], str]
    image: Callable[[str], object]
    method: Callable[[str], None]
    default_model: str


def parse(query: Mapping[str, Sequence[str]], known: Known) -> tuple[Selection, list[str]]:
    """Read an address. What it names wrongly falls back to the default, with one sentence each.

    Args:
        query: parameter -> its values, as typed by anybody.
        known: what may be named.
    """
    problems: list[str] = []

    def accepted(values: Sequence[str], check: Callable[[str], object]) -> tuple[str, ...]:
        good = []
        for value in dict.fromkeys(values):
            try:
                check(value)
            except UserError as refusal:
                problems.append(str(refusal))
            else:
                good.append(value)
        return tuple(good)

    model = next(iter(accepted(query.get("model", [])[:1], known.model)), known.default_model)
    against = next(iter(accepted(query.get("against", [])[:1], known.model)), None)
    images = accepted(query.get("image", [])[:MOST_IMAGES], known.image) or (known.model(model),)
    numbers = {name: _index(name, query, problems) for name in ("target", "versus")}
    return Selection(
        model=model,
        against=None if against == model else against,
        images=images,
        target=numbers["target"],
        versus=numbers["versus"],
        layer=next(iter(query.get("layer", [])), None),
        methods=accepted(query.get("method", [])[:MOST_METHODS], known.method),
        parameters=_parameters(query, problems),
    ), problems


def query(selection: Selection, known: Known) -> dict[str, list[str]]:
    """The address of a selection; what is a default is left out."""
    start = (known.model(selection.model),)
    said: dict[str, list[str]] = {
        "model": [] if selection.model == known.default_model else [selection.model],
        "against": [] if selection.against is None else [selection.against],
        "image": [] if selection.images == start else list(selection.images),
        "target": [] if selection.target is None else [str(selection.target)],
        "versus": [] if selection.versus is None else [str(selection.versus)],
        "layer": [] if selection.layer is None else [selection.layer],
        "method": list(selection.methods),
    }
    said |= {f"p.{name}": [text] for name, text in sorted(selection.parameters.items())}
    return {name: values for name, values in said.items() if values}


def with_model(selection: Selection, model: str, *, fits: Callable[[str], bool], start: str) -> Selection:
    """The selection after a change of network: what belonged to the old one falls back to the default.

    Args:
        model: name of the new network.
        fits: whether a picture belongs to the new network.
        start: address of the picture that the new network starts with.
    """
    images = tuple(image for image in selection.images if fits(image)) or (start,)
    return dataclasses.replace(
        selection, model=model, images=images, against=None, target=None, versus=None, layer=None
    )


def fitted(
    selection: Selection, *, classes: int, layers: Sequence[str]
) -> tuple[Selection, list[str]]:
    """The selection with a class and a layer that the network has, and a sentence for each that it has not."""
    problems = []
    changes: dict[str, None] = {}
    for name in ("target", "versus"):
        index = getattr(selection, name)
        if index is not None and index >= classes:
            problems.append(f"Class {index} is not one of this network's {classes:,}; the default is shown.")
            changes[name] = None
    if selection.layer is not None and selection.layer not in layers:
        problems.append(f"Layer {selection.layer[:60]!r} keeps no grid in this network; its default layer is shown.")
        changes["layer"] = None
    return dataclasses.replace(selection, **changes), problems  # type: ignore[arg-type]  # None fits each


def _index(name: str, query: Mapping[str, Sequence[str]], problems: list[str]) -> int | None:
    text = next(iter(query.get(name, [])), None)
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 6:
        return int(text)
    problems.append(f"A class is a number such as 388; {text[:20]!r} is not, so the prediction is followed.")
    return None


def _parameters(query: Mapping[str, Sequence[str]], problems: list[str]) -> dict[str, str]:
    found = {}
    for name, values in query.items():
        if not name.startswith("p."):
            continue
        if _NAME.fullmatch(name[2:]) and values and _TEXT.fullmatch(values[0]):
            found[name[2:]] = values[0]
        else:
            problems.append(f"The setting {name[:20]!r} of the address is not one this app has; it is left out.")
    return found
