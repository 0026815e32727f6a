"""One neuron: the window of a convolution moving over the photo, or a dense unit, and the chain rule for one weight."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.charts.activations import responses, tiles
from dashboard.components import choice, figure, key_figures, layers, say
from dashboard.components.activations import neuron_stage
from dashboard.components.key_figures import KeyFigure
from dashboard.components.picture import show
from dashboard.components.wait import wait
from dashboard.inspection.activations.neuron import neuron_calls
from dashboard.parameters import COLUMN, FOLD, INPUT, ROW, WEIGHT
from dashboard.records.network import LayerCall
from dashboard.records.neuron import Neuron
from dashboard.results import activations as results
from dashboard.view import View
from dashboard.wording import neuron as wording
from dashboard.wording.numbers import colour_scale, three_digits
from models.runtime.errors import UserError

# Of a dense unit so many products are shown, and of a convolution's channels.
LARGEST = 10
# What is chosen of one layer means nothing in another.
PLACED = (ROW, COLUMN, INPUT, WEIGHT)


def draw(view: View) -> None:
    """The neuron of the address, or the strongest of the first layer that multiplies and adds."""
    calls = neuron_calls(view.classifier, view.survey)
    if not calls:
        st.header("No layer of this network multiplies and adds in a way that can be shown here.")
        say.note("A convolution over two axes, or a dense layer, is what this view takes apart.")
        return
    chosen = view.selection.layer
    call = next((call for call in calls if call.name == chosen), calls[0])
    top = st.empty()
    try:
        whole = wait(results.neuron(view, call, _unit(view, call)))
    except UserError as refusal:
        top.header(say.plain(f"{call.name} cannot be taken apart."))
        say.note(str(refusal))
        layers.picker(view, call.name, calls, resets=PLACED)
        return
    neuron = whole.fold() if FOLD.read(session.settings()) else whole
    row, column = _place(neuron)
    top.header(say.plain(wording.headline(neuron, row, column)))
    if chosen not in (None, call.name):
        say.note(f"{chosen} is neither a convolution nor a dense layer, so {call.name} is shown.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layers.picker(view, call.name, calls, resets=PLACED)
        _unit_picker(call, neuron)
        channel = 0 if neuron.dense else _channel(view, neuron, row, column)
        if whole.foldable:
            choice.toggle(
                "Fold the batch norm into the kernel",
                FOLD,
                text="At work a batch norm multiplies and adds like the convolution before it, so both can be one.",
            )
    weight = _weight(neuron, channel, row, column)
    if neuron.dense:
        _dense(view, neuron, row, column)
    else:
        _convolution(view, neuron, channel, (row, column), weight)
    _chain(view, neuron, weight, row, column)
    _fine_print(neuron)


def _unit(view: View, call: LayerCall) -> int | None:
    """The unit of the address where it is one of this layer; None for the strongest."""
    unit = view.selection.unit
    return unit if unit is not None and unit < _units(call) else None


def _units(call: LayerCall) -> int:
    return call.channels if call.layout is not None else call.shape[0 if len(call.shape) == 3 else -1]


def _unit_picker(call: LayerCall, neuron: Neuron) -> None:
    st.number_input(
        "Unit" if neuron.dense else "Channel it makes",
        0,
        _units(call) - 1,
        key=session.control("neuron-unit", neuron.unit),
        on_change=lambda: session.choose(unit=session.entry("neuron-unit"), layer=call.name),
        width=180,
    )


def _place(neuron: Neuron) -> tuple[int, int]:
    """Row and column of the address, or where the neuron is strongest."""
    strongest, (rows, columns) = neuron.strongest, neuron.outputs.shape
    settings = session.settings()
    return (
        ROW.read(settings, strongest[0], high=rows - 1),
        COLUMN.read(settings, strongest[1], high=columns - 1),
    )


def _reads_picture(view: View, neuron: Neuron) -> bool:
    """Whether what the layer reads is the picture itself, as a picture."""
    seen = view.seen.inputs
    return neuron.inputs.shape[1:] == seen.shape[1:] and np.array_equal(
        neuron.inputs, seen[neuron.first : neuron.first + len(neuron.inputs)]
    )


def _name(view: View, neuron: Neuron, channel: int) -> str:
    seen = view.seen.inputs
    of_picture = _reads_picture(view, neuron)
    return wording.channel(neuron.first + channel, of_picture=of_picture, colours=len(seen) == 3)


def _channel(view: View, neuron: Neuron, row: int, column: int) -> int:
    """The channel of the kernel whose products are shown: that of the address, or that of the largest sum."""
    sums = neuron.sum_at(row, column).products.sum((1, 2))
    count = len(sums)
    if count == 1:
        return 0
    largest = int(np.abs(sums).argmax())
    channel = INPUT.read(session.settings(), largest, high=count - 1)
    choice.select(
        "Channel it reads",
        range(count),
        channel,
        lambda place: session.choose_parameters({INPUT: place, WEIGHT: None}),
        key="neuron-input",
        title=lambda place: _name(view, neuron, place).capitalize(),
        width=180,
    )
    return channel


def _weight(neuron: Neuron, channel: int, row: int, column: int) -> tuple[int, int, int]:
    """The weight of the address in that channel, or that of the largest product here; of a dense unit, of all."""
    products = np.abs(neuron.sum_at(row, column).products)
    shown = products.ravel() if neuron.dense else products[channel].ravel()
    place = WEIGHT.read(session.settings(), int(shown.argmax()), high=len(shown) - 1)
    if neuron.dense:
        return place, 0, 0
    down, across = divmod(place, neuron.kernel.shape[2])
    return channel, down, across


def _convolution(
    view: View, neuron: Neuron, channel: int, place: tuple[int, int], weight: tuple[int, int, int]
) -> None:
    name = _name(view, neuron, channel)
    of_picture = _reads_picture(view, neuron)
    shown, rest = wording.terms(neuron, name)
    neuron_stage.draw(
        neuron,
        channel,
        place,
        weight[1] * neuron.kernel.shape[2] + weight[2],
        view.seen.crop if of_picture else None,
        {
            "stage": "One convolution. The arrow keys move its window.",
            "reads": "The photo: move over it" if of_picture else f"It reads {name}: move over it",
            "window": "What it sees",
            "kernel": "Its kernel",
            "products": "Products",
            "gives": f"It makes channel {neuron.unit}"
            + (f", after {neuron.applied[-1].title}" if neuron.applied else ""),
            "shown": shown,
            "rest": rest,
            "weight": "Look at the weight",
            "row": "Row",
            "column": "column",
            "back": "Back",
            "next": "Next",
            "play": "Play",
            "pause": "Pause",
        },
    )
    sums = neuron.sum_at(*place).products.sum((1, 2))
    if len(sums) > 1:
        st.subheader("What each channel adds here")
        order = np.argsort(-np.abs(sums), kind="stable")[:LARGEST]
        figure.draw(
            responses.effects([_name(view, neuron, int(index)).capitalize() for index in order], sums[order]),
            key="neuron-channels",
            alt="The sums of products of the channels that add most",
        )


def _dense(view: View, neuron: Neuron, row: int, column: int) -> None:
    at, seen = neuron.sum_at(row, column), view.seen.inputs
    if neuron.outputs.size > 1:
        st.caption(
            f"The layer does this at {neuron.outputs.size:,} places; this is row {row}, column {column}."
        )
    products = at.products.ravel()
    order = np.argsort(-np.abs(products), kind="stable")[:LARGEST]
    key_figures.draw(
        KeyFigure(f"{products.size:,} products", three_digits(float(products.sum()))),
        KeyFigure("Bias", three_digits(neuron.bias)),
        KeyFigure("Sum", three_digits(float(neuron.outputs[row, column]))),
        *(KeyFigure(step.title, three_digits(float(step.outputs[row, column]))) for step in neuron.applied),
    )
    if np.array_equal(at.window.ravel(), seen.ravel()):
        _as_pictures(view, neuron, at.window.reshape(seen.shape), at.products.reshape(seen.shape))
    st.subheader("Its largest products")
    figure.draw(
        responses.effects(
            [
                f"{int(place)}: {three_digits(float(at.window.flat[place]))} x "
                f"{three_digits(float(neuron.kernel.flat[place]))}"
                for place in order
            ],
            products[order],
        ),
        key="neuron-products",
        alt=f"The {len(order)} largest products of the unit",
    )
    st.caption("Number of the input: what it is, times its weight. " + wording.dense_rest(at, len(order)))


def _as_pictures(view: View, neuron: Neuron, window: np.ndarray, products: np.ndarray) -> None:
    """A unit that reads all pixels has a weight for each, so weights and products are pictures too."""
    weights = neuron.kernel.reshape(window.shape)
    with st.container(horizontal=True):
        for title, values in (("What it reads", window), ("Its weights", weights), ("Products", products)):
            with st.container(width=260, gap="xsmall"):
                limit = tiles.limit(values)
                picture = tiles.mosaic(values, limit=limit, signed=True, across=len(values), side=maps.SIDE)
                st.markdown(f"**{title}**")
                show(maps.png(picture), alt=f"{title}, one for each pixel of {view.picture.title}")
                st.caption(f"{colour_scale(values, limit, signed=True)}")


def _chain(view: View, neuron: Neuron, weight: tuple[int, int, int], row: int, column: int) -> None:
    st.subheader("The chain rule for one weight")
    formulas = wording.chain(neuron, weight, row, column)
    if not formulas:
        st.caption("No gradient gets from the answer to this layer, so training could not change it.")
        return
    st.markdown(say.plain(wording.chain_sentence(neuron, weight, view.title)))
    for formula in formulas:
        st.latex(formula)
    st.caption(
        say.plain(
            f"As if {view.title} were the truth; pin another class in the sidebar to see what it would ask. From left "
            "to right: what the loss asks of the last number, what each step makes of that on its way back, and what "
            "the weight was multiplied with at this place."
        )
        + ("" if neuron.dense else " Click a number of the kernel to choose its weight.")
    )


def _fine_print(neuron: Neuron) -> None:
    with st.expander("How this is read", icon=":material/menu_book:"):
        if neuron.dense:
            st.latex(r"z = \sum_i w_i\, x_i + b")
        else:
            st.latex(r"z_{y,x} = \sum_{c,i,j} w_{c,i,j}\; x_{c,\,s y + d i,\, s x + d j} + b")
        st.caption(
            "Numbers of one forward pass and one backward pass of the network itself, shown with three digits and "
            "multiplied with all of them. Before they are shown, all products are added up at every place and held "
            "against what the layer gave. Hatched is what the layer puts around its input."
        )
