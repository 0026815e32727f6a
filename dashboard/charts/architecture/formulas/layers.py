"""Layers that learn, pools, and layers that only hand on: one function each."""

from __future__ import annotations

import math

from dashboard.charts.architecture.formulas.symbols import (
    Formula,
    has_weight,
    no_formula,
    number_setting,
    pair_setting,
    real_space,
    small_number,
    tex_number,
    weights,
)
from dashboard.records.architecture import TracedCall
from dashboard.wording.numbers import shape


def linear(call: TracedCall) -> Formula:
    """Every output a weighted sum of all inputs."""
    outputs, inputs = int(number_setting(call, "out_features")), int(number_setting(call, "in_features"))
    bias = has_weight(call, "bias")
    where = rf"W \in {real_space(outputs, inputs)}" + (rf",\; b \in {real_space(outputs)}" if bias else "")
    places = math.prod(call.shape[:-1])
    each = rf"{tex_number(places)} \cdot " if places > 1 else ""
    lines = (
        rf"y = W x{' + b' if bias else ''}, \quad {where}",
        weights(call, (outputs, inputs), outputs * bias),
        _flops(call, rf"{each}2 \cdot {tex_number(outputs)} \cdot {tex_number(inputs)}"),
    )
    sentences = (
        "Every output is a weighted sum of all inputs: a row of W holds its weights.",
        f"The same W is applied at each of {places:,} places." if places > 1 else "",
    )
    return Formula(tuple(filter(None, lines)), tuple(filter(None, sentences)))


def _flops(call: TracedCall, product: str) -> str:
    """How the FLOPs come about; empty where they are not known."""
    return rf"{product} = {tex_number(call.flops)} \text{{ FLOPs}}" if call.flops else ""


def convolution(call: TracedCall) -> Formula:
    """A window's weighted sum, the same at every place."""
    if (
        "_ConvTransposeNd" in call.kinds
        or len(call.shape) != 3
        or not call.inputs
        or len(call.inputs[0]) != 3
    ):
        return no_formula(call)
    channels, filters, groups = (
        int(number_setting(call, name, 1)) for name in ("in_channels", "out_channels", "groups")
    )
    kernel, dilation = pair_setting(call, "kernel_size", 1), pair_setting(call, "dilation", 1)
    own = channels // groups
    channel = (
        "1"
        if channels == 1
        else "k"
        if groups == channels == filters
        else "c"
        if groups == 1
        else r"c + c_0(k)"
    )
    total = "" if own == 1 else rf"\sum_{{c=1}}^{{{own}}} "
    window = (
        rf"\sum_{{u=0}}^{{{kernel[0] - 1}}} \sum_{{v=0}}^{{{kernel[1] - 1}}} " if kernel != (1, 1) else ""
    )
    index = "k" + ("" if own == 1 else ", c") + (", u, v" if window else "")
    places = ",\\, ".join(_place(call, axis) for axis in (0, 1))
    bias = has_weight(call, "bias")
    rows, columns = call.shape[1:]
    lines = (
        rf"y_{{k,i,j}} = {total}{window}W_{{{index}}}\; x_{{{channel},\, {places}}}{' + b_k' if bias else ''}",
        rf"W \in {real_space(filters, own, *kernel)}"
        + (rf", \quad b \in {real_space(filters)}" if bias else ""),
        weights(call, (filters, own, *kernel), filters * bias),
        _size(call, kernel, dilation),
        _flops(
            call,
            rf"2 \cdot {tex_number(filters * own * math.prod(kernel))} \cdot {tex_number(rows)} \cdot "
            rf"{tex_number(columns)}",
        ),
    )
    return Formula(
        tuple(filter(None, lines)), tuple(_of_convolution(call, groups, channels, filters, kernel))
    )


def _of_convolution(
    call: TracedCall, groups: int, channels: int, filters: int, kernel: tuple[int, int]
) -> list[str]:
    size = f"{kernel[0]} x {kernel[1]}"
    if kernel == (1, 1) and groups == 1:
        return [f"A 1 x 1 convolution mixes {channels:,} channels into {filters:,} at every place by itself."]
    if groups == channels and groups > 1:
        return [
            f"Depthwise: each of {groups:,} channels has a {size} filter of its own and no channel sees another."
        ]
    if groups > 1:
        return [
            f"In {groups:,} groups: a filter reads {channels // groups:,} of {channels:,} channels, from the first of "
            "its own group on."
        ]
    over = f"all {channels:,} channels" if channels > 1 else "the one channel"
    return [f"{filters:,} filters of {size}, each over {over}, the same at every place."]


def _place(call: TracedCall, axis: int) -> str:
    """Where a window reads: "2i + u - 3"."""
    letter, step = ("i", "u") if axis == 0 else ("j", "v")
    kernel = pair_setting(call, "kernel_size", 1)[axis]
    stride = pair_setting(call, "stride", 1)[axis] if call.settings.get("stride") else kernel
    dilation, padding = pair_setting(call, "dilation", 1)[axis], pair_setting(call, "padding", 0)[axis]
    text = letter if stride == 1 else f"{stride}{letter}"
    if kernel > 1:
        text += f" + {step}" if dilation == 1 else f" + {dilation}{step}"
    return text + (f" - {padding}" if padding else "")


def _size(call: TracedCall, kernel: tuple[int, int], dilation: tuple[int, int]) -> str:
    """How the output's height comes about."""
    side, given = call.inputs[0][1], call.shape[1]
    stride, padding = pair_setting(call, "stride", 1)[0], pair_setting(call, "padding", 0)[0]
    reach = dilation[0] * (kernel[0] - 1) + 1
    if (side + 2 * padding - reach) // stride + 1 == given:
        pad = rf" + 2 \cdot {padding}" if padding else ""
        return rf"\left\lfloor \frac{{{side}{pad} - {reach}}}{{{stride}}} \right\rfloor + 1 = {given} \text{{ rows}}"
    # Libraries that pad as TensorFlow does, until a stride divides the picture.
    return rf"\left\lceil \frac{{{side}}}{{{stride}}} \right\rceil = {given} \text{{ rows, padded to fit}}"


def batch_norm(call: TracedCall) -> Formula:
    """Each channel by the mean and variance that training kept."""
    count = int(number_setting(call, "num_features"))
    scale, shift = (r"\gamma_c ", r" + \beta_c") if has_weight(call, "weight") else ("", "")
    lines = (
        rf"y_c = {scale}\frac{{x_c - \mu_c}}{{\sqrt{{\sigma_c^2 + \epsilon}}}}{shift}",
        rf"c = 1, \dots, {count}, \quad \epsilon = {small_number(number_setting(call, 'eps'))}",
        *_scale_and_shift(call, count),
    )
    sentence = (
        "Mean and variance are those that training kept, one of each per channel: in use it is one multiplication and "
        "one addition."
    )
    return Formula(lines, (sentence,))


def _scale_and_shift(call: TracedCall, count: int) -> list[str]:
    """The learned numbers of a normalisation; none where it learned none."""
    line = rf"\gamma, \beta \in {real_space(count)}: \quad {weights(call, (2, count), 0)}"
    return [line] if has_weight(call, "weight") else []


def layer_norm(call: TracedCall) -> Formula:
    """Each place by its own mean and variance."""
    sides = call.settings.get("normalized_shape", ())
    width = math.prod(sides) if isinstance(sides, tuple) else 0
    scale, shift = (r"\gamma \odot ", r" + \beta") if has_weight(call, "weight") else ("", "")
    lines = (
        rf"y = {scale}\frac{{x - \bar x}}{{\sqrt{{\mathrm{{var}}(x) + \epsilon}}}}{shift}",
        rf"\bar x = \frac{{1}}{{{tex_number(width)}}} \sum_{{d=1}}^{{{tex_number(width)}}} x_d, \quad "
        rf"\epsilon = {small_number(number_setting(call, 'eps'))}",
        *_scale_and_shift(call, width),
    )
    return Formula(
        lines,
        (
            f"Each place is normalised by itself, over its own {width:,} values; nothing is kept from training.",
        ),
    )


def group_norm(call: TracedCall) -> Formula:
    """Each group of channels by its own mean and variance."""
    groups, channels = (
        int(number_setting(call, "num_groups", 1)),
        int(number_setting(call, "num_channels", 1)),
    )
    line = (
        rf"y_c = \gamma_c \frac{{x_c - \mu_{{g(c)}}}}{{\sqrt{{\sigma_{{g(c)}}^2 + \epsilon}}}} + \beta_c, \quad "
        rf"c = 1, \dots, {channels}, \quad \epsilon = {small_number(number_setting(call, 'eps'))}"
    )
    return Formula(
        (line,), (f"Mean and variance of each of {groups:,} groups of channels, over the whole picture.",)
    )


def max_pool(call: TracedCall) -> Formula:
    """The largest of each window."""
    kernel = pair_setting(call, "kernel_size", 1)
    places = ",\\, ".join(_place(call, axis) for axis in (0, 1))
    line = rf"y_{{c,i,j}} = \max_{{0 \le u < {kernel[0]},\; 0 \le v < {kernel[1]}}} x_{{c,\, {places}}}"
    return Formula(
        (line,), ("The largest value of each window passes, channel by channel; nothing is learned.",)
    )


def average_pool(call: TracedCall) -> Formula:
    """The mean of each window."""
    kernel = pair_setting(call, "kernel_size", 1)
    places = ",\\, ".join(_place(call, axis) for axis in (0, 1))
    line = (
        rf"y_{{c,i,j}} = \frac{{1}}{{{kernel[0]} \cdot {kernel[1]}}} \sum_{{u=0}}^{{{kernel[0] - 1}}} "
        rf"\sum_{{v=0}}^{{{kernel[1] - 1}}} x_{{c,\, {places}}}"
    )
    return Formula((line,), ("The mean of each window, channel by channel; nothing is learned.",))


def adaptive_pool(call: TracedCall, sign: str) -> Formula:
    """One number of a whole channel: its mean, or its largest value."""
    if not call.inputs or len(call.inputs[0]) != 3 or len(call.shape) != 3 or call.shape[1:] != (1, 1):
        return Formula((), (f"Windows are chosen so that {shape(call.shape)} comes out, whatever goes in.",))
    height, width = call.inputs[0][1:]
    over = (
        rf"\max_{{i \le {height},\; j \le {width}}}"
        if sign == "largest value"
        else rf"\frac{{1}}{{{height} \cdot {width}}} \sum_{{i=1}}^{{{height}}} \sum_{{j=1}}^{{{width}}}"
    )
    line = rf"y_c = {over} x_{{c,i,j}}, \quad c = 1, \dots, {tex_number(call.shape[0])}"
    return Formula(
        (line,), (f"A channel's {sign} over the whole grid: where something is does not matter behind it.",)
    )


def dropout(call: TracedCall) -> Formula:
    """Nothing in use, and what training does."""
    share = number_setting(call, "p")
    lines = (
        r"y = x \quad \text{in use}",
        rf"y_i = \frac{{m_i}}{{1 - {share:g}}}\, x_i, \quad m_i \sim \mathrm{{Bernoulli}}(1 - {share:g}) "
        r"\quad \text{in training}",
    )
    if not share:
        return Formula(lines[:1], ("It is switched off, in training too.",))
    return Formula(
        lines,
        (f"In training {100 * share:g} % of the values are switched off at random; here, none.",),
    )


def flatten(call: TracedCall) -> Formula:
    """The same numbers in one row."""
    if not call.inputs or len(call.inputs[0]) < 2:
        return identity(call)
    shape = call.inputs[0]
    sizes = rf"{real_space(*shape)} \to {real_space(*call.shape)}"
    index = r"(c \cdot {} + i) \cdot {} + j".format(*shape[1:]) if len(shape) == 3 else ""
    order = (rf"y_{{{index}}} = x_{{c,i,j}}",) if index and min(shape[1:]) > 1 else ()
    return Formula((sizes, *order), ("The same numbers in one row; nothing is computed.",))


def identity(call: TracedCall) -> Formula:
    """What it reads."""
    return Formula(("y = x",), ("It hands on what it reads.",))


_ASKING = "Every token asks (Q) what every other has to offer (K), and takes of it (V) accordingly."


def multi_head(call: TracedCall) -> Formula:
    """Attention in one layer, with all its weights."""
    heads, width = int(number_setting(call, "num_heads", 1)), int(number_setting(call, "embed_dim"))
    each, tokens = width // heads, call.shape[0] if len(call.shape) == 2 else 0
    lines = [
        _heads(each, heads),
        r"[Q_h, K_h, V_h] = x\, [W_h^Q, W_h^K, W_h^V] + b_h",
        rf"W_h^Q, W_h^K, W_h^V \in {real_space(width, each)}",
        rf"y = [H_1, \dots, H_{{{heads}}}]\, W^O + b^O",
        rf"W^O \in {real_space(width, width)}",
        rf"4 \cdot {width}^2 + 4 \cdot {width} = {tex_number(4 * width**2 + 4 * width)} \text{{ weights}}",
    ]
    if call.parameters != 4 * width**2 + 4 * width:
        lines.pop()
    tables = (f"The softmax is {heads} tables of {tokens:,} x {tokens:,} shares.",) if tokens else ()
    return Formula(tuple(lines), (_ASKING, *tables))


def _heads(width: int, heads: int) -> str:
    return (
        rf"H_h = \mathrm{{softmax}}\!\left(\frac{{Q_h K_h^\top}}{{\sqrt{{{width}}}}}\right) V_h, \quad "
        rf"h = 1, \dots, {heads}"
    )


def attention(call: TracedCall) -> Formula | None:
    """Attention as a block of its own layers; only where it says how many heads it has."""
    heads = int(number_setting(call, "num_heads") or number_setting(call, "heads"))
    if not heads or not call.shape or call.shape[-1] % heads:
        return None
    return Formula((_heads(call.shape[-1] // heads, heads),), (_ASKING,))
