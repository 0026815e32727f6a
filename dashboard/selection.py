"""What is being looked at: one frozen record, read from the address and validated here, whole."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dashboard.parameters import LONG, OTHER_TENSORS, TENSORS, USUAL_LETTERS, merge
from models.runtime.errors import UserError

# A page compares at most this many of each; more would be unreadable and slow. Of anything else there is one.
MOST_IMAGES = 2
MOST_METHODS = 8
MOST_RUNS = 6
MOST = {"image": MOST_IMAGES, "method": MOST_METHODS, "run": MOST_RUNS}
# An address names at most this many settings; all methods together have fewer.
MOST_PARAMETERS = 64
LONGEST_LAYER = 200
_NAME = re.compile(r"[a-z_]{1,32}")
_TEXT = re.compile(r"[A-Za-z0-9_.+-]+")


@dataclass(frozen=True)
class Selection:
    """What the address says is looked at.

    Attributes:
        model: name of a network.
        against: name of a second network to compare with, or None.
        images: addresses of one or two pictures.
        target: class index; None follows the prediction.
        versus: class index for "why the target rather than this"; None without.
        layer: qualified name of one call; None means the page's default.
        unit: channel or unit of the layer; None means the page's default.
        runs: training runs whose curves are laid over each other; empty means the newest.
        methods: names; empty means the page's default.
        parameters: settings of methods and pages, name -> text, `p.<name>` in the address.
    """

    model: str
    images: tuple[str, ...]
    against: str | None = None
    target: int | None = None
    versus: int | None = None
    layer: str | None = None
    unit: int | None = None
    runs: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    parameters: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def image(self) -> str:
        """The first picture, which every page shows."""
        return self.images[0]


@dataclass(frozen=True)
class Known:
    """What a selection may name. Each function raises UserError, one sentence, for what it does not know.

    Attributes:
        model: checks the name of a network and returns the address of the picture it starts with.
        image: checks the address of a picture.
        method: checks the name of a method.
        run: checks the name of a training run.
        default_model: the network that is shown first.
    """

    model: Callable[[str], str]
    image: Callable[[str], object]
    method: Callable[[str], None]
    run: Callable[[str], object]
    default_model: str


def parse(query: Mapping[str, Sequence[str]], known: Known) -> tuple[Selection, list[str]]:
    """Read an address. What it names wrongly falls back to the default, with one sentence each.

    Args:
        query: parameter -> its values, as typed by anybody; parameters that are not this app's are passed over.
        known: what may be named.
    """
    problems: list[str] = []

    def values_of(name: str) -> tuple[str, ...]:
        values, most = tuple(dict.fromkeys(query.get(name, ()))), MOST.get(name, 1)
        if len(values) > most:
            used = "first is" if most == 1 else f"first {most} are"
            problems.append(f"The address gives {len(values):,} values for {name}; the {used} used.")
        return values[:most]

    def known_values(name: str, check: Callable[[str], object]) -> tuple[str, ...]:
        good = []
        for value in values_of(name):
            try:
                check(value)
            except UserError as refusal:
                problems.append(str(refusal))
            else:
                good.append(value)
        return tuple(good)

    model = next(iter(known_values("model", known.model)), known.default_model)
    against = next(iter(known_values("against", known.model)), None)
    return Selection(
        model=model,
        against=None if against == model else against,
        images=known_values("image", known.image) or (known.model(model),),
        target=_index(values_of("target"), "A class", problems),
        versus=_index(values_of("versus"), "A class", problems),
        layer=_layer(values_of("layer"), problems),
        unit=_index(values_of("unit"), "A unit", problems),
        runs=known_values("run", known.run),
        methods=known_values("method", known.method),
        parameters=_parameters(query, problems),
    ), problems


def query(selection: Selection, known: Known) -> dict[str, list[str]]:
    """The address of a selection; what is a default is left out."""
    start = (known.model(selection.model),)
    texts: dict[str, list[str]] = {
        "model": [] if selection.model == known.default_model else [selection.model],
        "against": [] if selection.against is None else [selection.against],
        "image": [] if selection.images == start else list(selection.images),
        "target": [] if selection.target is None else [str(selection.target)],
        "versus": [] if selection.versus is None else [str(selection.versus)],
        "layer": [] if selection.layer is None else [selection.layer],
        "unit": [] if selection.unit is None else [str(selection.unit)],
        "run": list(selection.runs),
        "method": list(selection.methods),
    }
    texts |= {f"p.{name}": [text] for name, text in sorted(selection.parameters.items())}
    return {name: values for name, values in texts.items() if values}


def with_model(selection: Selection, model: str, *, fits: Callable[[str], bool], start: str) -> Selection:
    """The selection after a change of network: what belonged to the old one falls back to the default.

    Args:
        selection: before the change.
        model: name of the new network.
        fits: whether a picture belongs to the new network.
        start: address of the picture that the new network starts with.
    """
    images = tuple(image for image in selection.images if fits(image)) or (start,)
    return dataclasses.replace(
        selection,
        model=model,
        images=images,
        against=None,
        target=None,
        versus=None,
        layer=None,
        unit=None,
        parameters=merge(selection.parameters, {TENSORS: None, OTHER_TENSORS: None}),
    )


def fit(selection: Selection, *, classes: int, layers: Sequence[str]) -> tuple[Selection, list[str]]:
    """The selection with a class and a layer that the network has, and a sentence for each it has not."""
    problems = []
    changes: dict[str, None] = {}
    for name in ("target", "versus"):
        index = getattr(selection, name)
        if index is not None and index >= classes:
            problems.append(f"Class {index} is not one of this network's {classes:,}; the default is shown.")
            changes[name] = None
    if selection.layer is not None and selection.layer not in layers:
        problems.append(f"This network has no layer {selection.layer[:60]!r}; its default layer is shown.")
        changes |= {"layer": None, "unit": None}
    return dataclasses.replace(selection, **changes), problems  # type: ignore[arg-type]  # None fits each


def _index(values: Sequence[str], what: str, problems: list[str]) -> int | None:
    if not values:
        return None
    text = values[0]
    if text.isascii() and text.isdigit() and len(text) <= 6:
        return int(text)
    problems.append(f"{what} is a number such as 38; {text[:20]!r} is not, so it is left out.")
    return None


def _layer(values: Sequence[str], problems: list[str]) -> str | None:
    if not values:
        return None
    if values[0].isprintable() and 0 < len(values[0]) <= LONGEST_LAYER:
        return values[0]
    problems.append(f"{values[0][:20]!r} is no name of a layer; the default layer is shown.")
    return None


def _parameters(query: Mapping[str, Sequence[str]], problems: list[str]) -> dict[str, str]:
    settings = {name: tuple(dict.fromkeys(values)) for name, values in query.items() if name.startswith("p.")}
    valid = {name[2:]: values[0] for name, values in settings.items() if _is_setting(name[2:], values)}
    wrong = [name for name in settings if name[2:] not in valid]
    if wrong:
        names = ", ".join(f"{name[:20]!r}" for name in wrong[:3]) + (" and others" if len(wrong) > 3 else "")
        problems.append(f"The address does not set {names} to one value this app can read; it is left out.")
    if len(valid) > MOST_PARAMETERS:
        problems.append(f"The address has {len(valid):,} settings; the first {MOST_PARAMETERS} are used.")
    return dict(list(valid.items())[:MOST_PARAMETERS])


def _is_setting(name: str, values: Sequence[str]) -> bool:
    if len(values) != 1 or len(values[0]) > LONG.get(name, USUAL_LETTERS):
        return False
    return bool(_NAME.fullmatch(name)) and bool(_TEXT.fullmatch(values[0]))
