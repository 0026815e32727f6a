"""What one neuron does at one place, and what the loss asks of one of its weights, in sentences and in numbers."""

from __future__ import annotations

from dashboard.records.neuron import Neuron, NeuronSum
from dashboard.wording.numbers import three_digits

COLOURS = ("red", "green", "blue")


def headline(neuron: Neuron, row: int, column: int) -> str:
    """What comes out at one place, and what is done to it next."""
    at = neuron.sum_at(row, column)
    what = "Unit" if neuron.dense else "Channel"
    sentence = (
        f"{what} {neuron.unit} of {neuron.call.name} multiplies {at.products.size:,} numbers by "
        f"{at.products.size:,} weights, and their sum is {three_digits(float(neuron.outputs[row, column]))}"
    )
    value = float(neuron.last[row, column])
    if not neuron.applied:
        return f"{sentence}."
    function = neuron.applied[-1].title
    if value == 0:
        return f"{sentence}; the {function} makes it 0, so it says nothing here."
    if len(neuron.applied) == 1 and value == float(neuron.outputs[row, column]):
        return f"{sentence}; the {function} lets it through."
    follows = " and the ".join(step.title for step in neuron.applied)
    return f"{sentence}; the {follows} make{'s' * (len(neuron.applied) == 1)} {three_digits(value)} of it."


def channel(number: int, *, of_picture: bool, colours: bool) -> str:
    """What a channel of a layer's input is called.

    Args:
        number: in that input.
        of_picture: whether the layer reads the picture itself.
        colours: whether that has the three colours.
    """
    if of_picture:
        return COLOURS[number] if colours else "the picture"
    return f"channel {number}"


def terms(neuron: Neuron, name: str) -> tuple[str, str]:
    """What the products of one channel are called, and those of all others; the latter empty where there is one.

    Args:
        neuron: a convolution's.
        name: of that channel.
    """
    places, others = neuron.kernel[0].size, len(neuron.kernel) - 1
    rest = f"{others:,} other channel{'s' * (others != 1)}" if others else ""
    return f"{places:,} products of {name}", rest


def chain(neuron: Neuron, weight: tuple[int, int, int], row: int, column: int) -> list[str]:
    """The chain rule for one weight in LaTeX, number by number, and all places added up; empty without a gradient."""
    shares = neuron.shares_of(weight)
    if shares is None:
        return []
    last = neuron.applied[-1].gradients if neuron.applied else neuron.gradients
    assert last is not None
    factors = [(_number(last[row, column]), r"\partial L / \partial a")]
    for step in reversed(neuron.applied):
        factors.append((_number(step.slopes[row, column]), rf"\text{{slope of {step.title}}}"))
    factors.append((_number(neuron.reads_of(weight)[row, column]), r"\text{what it reads}"))
    product = r" \times ".join(rf"\underbrace{{{number}}}_{{{name}}}" for number, name in factors)
    here = rf"{product} = {_number(shares[row, column])}"
    if shares.size == 1:
        return [here]
    return [
        here,
        rf"\frac{{\partial L}}{{\partial w}} = \sum_{{{shares.size:,}\text{{ places}}}} = {_number(shares.sum())}",
    ]


def chain_sentence(neuron: Neuron, weight: tuple[int, int, int], title: str) -> str:
    """What all places together ask of one weight, of a neuron with gradients.

    Args:
        neuron: with gradients.
        weight: by its place in the kernel.
        title: of the class that is taken for the truth.
    """
    shares = neuron.shares_of(weight)
    assert shares is not None
    total, value = float(shares.sum()), three_digits(float(neuron.kernel[weight]))
    if total == 0:
        return f"The weight is {value}, and its gradient is 0: this picture asks nothing of it for {title}."
    way = "smaller" if total > 0 else "larger"
    return f"The weight is {value}. Training on this picture would make it {way}, for the sake of {title}."


def dense_rest(at: NeuronSum, shown: int) -> str:
    """What the products that are not shown add, and the bias."""
    others = at.products.size - shown
    products = at.products.ravel()
    leading = sorted(range(products.size), key=lambda place: -abs(products[place]))[:shown]
    rest = float(products.sum() - products[leading].sum())
    sentence = f"the other {others:,} add {three_digits(rest)}, " if others > 0 else ""
    together = three_digits(float(products[leading].sum()))
    return f"Together these add {together}, {sentence}the bias {three_digits(at.bias)}."


def _number(value: float) -> str:
    """Four digits, as LaTeX has them: what is multiplied out must not be far off."""
    text = f"{float(value):.4g}"
    if "e" not in text:
        return text
    base, _, power = text.partition("e")
    return rf"{base} \cdot 10^{{{int(power)}}}"
