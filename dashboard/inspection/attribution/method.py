"""What an interface must know of an attribution technique, and what the technique is given."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from dashboard.records.network import LayerCall, Survey
from models.preprocessing import Preprocessing
from models.runtime.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor, nn

    from dashboard.inspection.engine.explained_score import ExplainedScore


Group = Literal["where", "pixels", "sensitivity", "change"]
# What a method answers, in the order of a page: name -> question.
GROUPS: dict[Group, str] = {
    "where": "Where does it look?",
    "pixels": "How much does each pixel count?",
    "sensitivity": "What is it sensitive to?",
    "change": "What happens when parts change?",
}


# The map of a smaller input is there before its preview would be.
SMALL = 64
# How many times the fastest number of pictures may go into one pass, where fewer would leave a remainder.
MOST = 1.25
# How many times as quick as the map a preview must be.
SOONER = 3


@dataclass(frozen=True)
class Parameters:
    """The settings of a method; each field becomes a control of the form and `p.<name>` in the address."""


P = TypeVar("P", bound=Parameters)


def number(default: int, low: int, high: int, label: str, text: str) -> Any:
    """A whole number between two bounds, as a field of Parameters."""
    return dataclasses.field(
        default=default, metadata={"low": low, "high": high, "label": label, "help": text}
    )


def choice(default: str, choices: tuple[str, ...], label: str, text: str) -> Any:
    """One of several names, as a field of Parameters."""
    return dataclasses.field(default=default, metadata={"choices": choices, "label": label, "help": text})


@dataclass(frozen=True, eq=False)
class Task:
    """One map to make.

    Attributes:
        explained: on a private copy of the network: hook, differentiate and repair it at will.
        answers: the same score of many pictures, without a gradient and unhooked; `explained` itself but where a method
            asks for answers beside what it reads of a layer.
        inputs: (1, C, H, W), normalised.
        preprocessing: of the network; says what black is.
        survey: of the network.
        layer: to read, for methods that need one.
        parameters: of the method's own class.
        batch: how many pictures the network takes fastest in one pass.
        channels_last: whether it turns what it reads into that layout.
    """

    explained: ExplainedScore
    answers: ExplainedScore
    inputs: Tensor
    preprocessing: Preprocessing
    survey: Survey
    layer: LayerCall | None
    parameters: Any
    batch: int = 1
    channels_last: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the input."""
        return self.inputs.shape[2], self.inputs.shape[3]

    def tap(self) -> nn.Module:
        """A module of the explained network through which the grid of the task's layer passes, (1, C, h, w)."""
        from dashboard.inspection.engine.explained_score import tap

        assert self.layer is not None, "a method that reads a layer is given one"
        return tap(self.explained, self.layer)

    def at_once(self, pictures: int) -> int:
        """How many of so many pictures go into one pass: `batch` or a few more, as many in each pass as in the next."""
        more = math.ceil(pictures / max(1, pictures // self.batch))
        return more if more <= MOST * self.batch else math.ceil(pictures / math.ceil(pictures / self.batch))


@dataclass(frozen=True, eq=False)
class RawAttribution:
    """What a method found.

    Attributes:
        values: (1, C, h, w), before channels are joined and a coarse grid is scaled up.
        baseline: (N, C, H, W), the input that stands for "nothing there", or several whose mean does; None where
            the method has none.
        complete: whether the values promise to add up to the change from the baseline to the input, or to all of
            the explained quantity where there is no baseline.
        change: what complete values promise to add up to, where that is something else.
        total: what they add up to, where that is not their plain sum because a part's value stands on all its pixels.
        warning: one sentence on what limits this map from the start; empty where nothing does.
        halves: the same from the first and from the second half of the samples, each of the shape of `values`;
            None where nothing was sampled.
    """

    values: Tensor
    baseline: Tensor | None = None
    complete: bool = False
    change: float | None = None
    total: float | None = None
    warning: str = ""
    halves: tuple[Tensor, Tensor] | None = None


@dataclass(frozen=True)
class Paper:
    """Where a method comes from."""

    citation: str
    link: str


@dataclass(frozen=True)
class Method:
    """One attribution technique.

    Attributes:
        name: as in the address.
        title: as on the page.
        group: of methods that answer the same; one of GROUPS.
        question: what it answers, in a few words.
        reading: how to read its map, in one or two sentences.
        formula: LaTeX.
        paper: its source.
        signed: whether negative values mean "speaks against".
        cost: "instant" (a pass or two) or "slow" (dozens).
        run: makes the map.
        join: (1, C, h, w) -> (1, 1, h, w).
        pictures: how many pictures the network will see in `run`, whatever its batch, for progress and cost; the
            most it may see where `adaptive`.
        layer_pictures: how many more it will see for the layer that is read.
        limit: the reason why it cannot run on a network that has a gradient, or None.
        parameters: class of its settings.
        defaults: settings for an input of height x width.
        needs_layer: whether it reads a layer.
        asks: whether it asks for answers of its own pictures beside what it reads of a layer, which is read once.
        forward_only: whether it takes the network for a function, without a gradient and without reading a layer.
        local: whether it is forward only and each picture it asks about differs from the photo in one place.
        sampled: whether it draws from the process-wide random generators.
        own: whether all of it is computed here, nothing by Captum.
        adaptive: whether it may stop before all its pictures, because it is exact enough.
        twin: a simpler method it must differ from wherever the network has activations, with that method's name; a map
            equal to it shows that the hooks were passed over.
        preview: coarser settings for an input of height x width, whose map is there in about a second.
        power: of the score's unit that the map's values have: 2 for a variance, and for a product of two maps.
        differentiates: whether it asks for a gradient; what is forward only never does.
        paired: whether other than one picture must pass through its network at a time.
    """

    name: str
    title: str
    group: Group
    question: str
    reading: str
    formula: str
    paper: Paper
    signed: bool
    cost: Literal["instant", "slow"]
    run: Callable[[Task], RawAttribution]
    join: Callable[[Tensor], Tensor]
    pictures: Callable[[Any, tuple[int, int]], int]
    limit: Callable[[Survey], str | None] = lambda survey: None
    parameters: type[Parameters] = Parameters
    defaults: Callable[[tuple[int, int]], Parameters] = lambda size: Parameters()
    needs_layer: bool = False
    asks: bool = False
    forward_only: bool = False
    local: bool = False
    sampled: bool = False
    own: bool = False
    adaptive: bool = False
    twin: tuple[str, Callable[[Task], Tensor]] | None = None
    layer_pictures: Callable[[Any, LayerCall], int] = lambda parameters, layer: 0
    preview: Callable[[Any, tuple[int, int]], Parameters] | None = None
    power: int = 1
    differentiates: bool = True
    paired: bool = False

    def refusal(self, survey: Survey) -> str | None:
        """The reason why it cannot run on a network, or None."""
        if survey.obstacle and self.differentiates and not self.forward_only:
            return f"It follows a gradient back to the picture, and none gets there: {survey.obstacle}."
        if survey.singly and self.paired:
            return "It shows the network several pictures in one pass, and this one takes one at a time."
        return self.limit(survey)

    def work(self, parameters: Parameters, size: tuple[int, int], layer: LayerCall | None) -> int:
        """All pictures that the network sees for an input of height x width, and for the layer where one is read."""
        return self.pictures(parameters, size) + (
            0 if layer is None else self.layer_pictures(parameters, layer)
        )

    def coarse(
        self, parameters: Parameters, size: tuple[int, int], layer: LayerCall | None
    ) -> Parameters | None:
        """Settings of a preview for an input of height x width; None where it would not be much sooner."""
        if self.preview is None or min(size) < SMALL:
            return None
        coarse = self.preview(parameters, size)
        sooner = SOONER * self.work(coarse, size, layer) <= self.work(parameters, size, layer)
        return coarse if sooner else None

    def settings(self, texts: Mapping[str, str], size: tuple[int, int]) -> Parameters:
        """The settings for an input of that size, with what the address says in the place of defaults.

        Args:
            texts: `name -> text`; names that are not this method's are passed over.
            size: height and width of the input.

        Raises:
            UserError: if a text is not a value of its field.
        """
        return read_settings(self.defaults(size), texts)


def read_settings(defaults: P, texts: Mapping[str, str]) -> P:
    """Settings with what an address says in the place of defaults.

    Args:
        defaults: of a method.
        texts: `name -> text`; names that are not the method's are passed over.

    Raises:
        UserError: if a text is not a value of its field.
    """
    given = {
        field.name: _value(field, texts[field.name], type(getattr(defaults, field.name)))
        for field in dataclasses.fields(defaults)
        if field.name in texts
    }
    return dataclasses.replace(defaults, **given)


def _value(field: dataclasses.Field[Any], text: str, kind: type) -> int | str:
    label, choices = field.metadata["label"], field.metadata.get("choices")
    if choices is not None:
        if text not in choices:
            raise UserError(f"{label} can be {', '.join(choices)}; {text[:20]!r} is none of them.")
        return text
    low, high = field.metadata["low"], field.metadata["high"]
    if not (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high):
        raise UserError(f"{label} must be a whole number from {low} to {high}; {text[:20]!r} is not.")
    return int(text)


def sum_channels(values: Tensor) -> Tensor:
    """Channels added up, which keeps completeness: (1, C, h, w) -> (1, 1, h, w)."""
    return values.sum(1, keepdim=True)


def max_abs_channel(values: Tensor) -> Tensor:
    """The largest absolute value of any channel: (1, C, h, w) -> (1, 1, h, w)."""
    return values.abs().amax(1, keepdim=True)


def mean_channels(values: Tensor) -> Tensor:
    """The mean over channels: (1, C, h, w) -> (1, 1, h, w)."""
    return values.mean(1, keepdim=True)
