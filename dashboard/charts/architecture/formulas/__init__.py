"""What a layer computes, as a formula with its real sizes: records in, LaTeX out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dashboard.charts.architecture.formulas import layers
from dashboard.charts.architecture.formulas.activations import ACTIVATIONS
from dashboard.charts.architecture.formulas.blocks import block_formula
from dashboard.charts.architecture.formulas.symbols import Formula, no_formula, tex_name
from dashboard.records.architecture import Architecture, TracedCall

FORMULAS: dict[str, Callable[[TracedCall], Formula | None]] = {
    "Linear": layers.linear,
    "Conv2d": layers.convolution,
    "BatchNorm2d": layers.batch_norm,
    "BatchNorm1d": layers.batch_norm,
    "LayerNorm": layers.layer_norm,
    "GroupNorm": layers.group_norm,
    "MaxPool2d": layers.max_pool,
    "AvgPool2d": layers.average_pool,
    "AdaptiveAvgPool2d": lambda call: layers.adaptive_pool(call, "mean"),
    "AdaptiveMaxPool2d": lambda call: layers.adaptive_pool(call, "largest value"),
    **ACTIVATIONS,
    "Dropout": layers.dropout,
    "Dropout2d": layers.dropout,
    "Flatten": layers.flatten,
    "Identity": layers.identity,
    "MultiheadAttention": layers.multi_head,
    "Attention": layers.attention,
}


def formula(architecture: Architecture, call: TracedCall) -> Formula:
    """The formula of a layer or a block; of a kind that is not known, a sentence that says so."""
    rule = next((FORMULAS[kind] for kind in call.kinds if kind in FORMULAS), None)
    known = rule(call) if rule is not None else None
    steps = None if call.leaf else block_formula(architecture, call)
    if known is not None and steps is not None:
        return Formula((*_as_step(known.lines, call), *steps.lines), (*known.sentences, *steps.sentences))
    return known or steps or no_formula(call)


def _as_step(lines: Sequence[str], call: TracedCall) -> list[str]:
    """The formula of what a block does itself, which is one of its steps: that step's name in place of y."""
    first, *others = lines
    own = set(call.functions)
    return [re.sub(r"^y", lambda _: rf"{tex_name(min(own))}(x)", first) if len(own) == 1 else first, *others]
