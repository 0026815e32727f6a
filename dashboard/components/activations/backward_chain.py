"""The backward pass of one picture and class: the error, its way down to the pixels, and the chain rule in numbers."""

from __future__ import annotations

import itertools

import numpy as np
import streamlit as st

from dashboard.charts import maps
from dashboard.charts.activations import flow, responses, tiles
from dashboard.components import figure, say
from dashboard.components.attribution.explain import strength
from dashboard.components.picture import show
from dashboard.components.wait import wait
from dashboard.inspection.activations.stages import stages
from dashboard.records.gradients import BackwardPass, LayerGradient
from dashboard.results import activations as results
from dashboard.view import View
from dashboard.wording import gradients
from dashboard.wording.activations import size
from dashboard.wording.numbers import colour_scale, three_digits

CLASSES = 6


def draw(view: View) -> None:
    """The way back of the loss of the chosen class."""
    backward = wait(results.backward_pass(view))
    st.header(say.plain(gradients.headline(view.model.title, backward, view.prediction, view.title)))
    st.markdown(
        say.plain(
            f"As if {view.title} were the truth and one training step followed. Pin another class in the sidebar to "
            "see what would have to change for it."
        )
    )
    per_stage = _stage_gradients(view, backward)
    error, pixels = st.columns(2, gap="large")
    with error:
        _error(view, backward)
    with pixels:
        _pixels(view, backward)
    st.subheader("The gradient on its way")
    figure.draw(
        flow.gradients(
            ["pixels", *(layer.call.name for layer in per_stage)],
            [backward.pixels, *(layer.gradient for layer in per_stage)],
        ),
        key="gradients",
        alt="Norm of the gradient from the logits down to the pixels",
    )
    say.warning(*gradients.cautions(backward, per_stage))
    _chain(backward, per_stage)
    _table(backward)


def _stage_gradients(view: View, backward: BackwardPass) -> list[LayerGradient]:
    names = {call.name for call in stages(view.survey)}
    return [layer for layer in backward.layers if layer.call.name in names]


def _error(view: View, backward: BackwardPass) -> None:
    st.subheader("Error at the output")
    words = gradients.ERRORS[view.prediction.reading]
    st.latex(words.formula)
    order = np.argsort(-np.abs(backward.error), kind="stable")[:CLASSES]
    names = [view.prediction.classes[int(index)] for index in order]
    figure.draw(
        responses.effects(names, backward.error[order]),
        key="error",
        alt="The error at the output where it is largest",
    )
    st.caption(
        f"The loss is {three_digits(backward.loss)}, {words.loss}. A negative error pushes a score up, a positive one "
        "down."
    )


def _pixels(view: View, backward: BackwardPass) -> None:
    st.subheader("Gradient at the pixels")
    values = backward.pixel_map
    limit = tiles.limit(values[None])
    show(
        maps.cells(view.seen.crop, values, limit=limit, signed=False, strength=strength()),
        width=maps.SIDE,
        alt=f"Size of the loss's gradient at each pixel of {view.picture.title}",
    )
    st.caption(
        f"Where a small change moves the loss most. Mean size over the colours: "
        f"{colour_scale(values, limit, signed=False)}."
    )


def _chain(backward: BackwardPass, per_stage: list[LayerGradient]) -> None:
    st.subheader("The chain rule in numbers")
    left, right = st.columns(2, gap="large")
    with left:
        st.latex(r"\delta_{l} = \left(\frac{\partial a_{l+1}}{\partial a_{l}}\right)^{\!\top} \delta_{l+1}")
        st.caption(
            "Each layer multiplies the gradient by its own derivative; the factor is what that does to its norm."
        )
        norms = [
            *((layer.call.name, layer.gradient) for layer in per_stage[::-1]),
            ("pixels", backward.pixels),
        ]
        steps = list(itertools.pairwise(norms))
        st.dataframe(
            {
                "From": [later for (later, _), _ in steps],
                "Down to": [earlier for _, (earlier, _) in steps],
                "Gradient there": [there for _, (_, there) in steps],
                "Factor": [there / before if before else None for (_, before), (_, there) in steps],
            },
            column_config={
                name: st.column_config.NumberColumn(format="%.3g") for name in ("Gradient there", "Factor")
            },
            hide_index=True,
            alt="The gradient from stage to stage, from the logits down",
        )
    with right:
        _head(backward)


def _head(backward: BackwardPass) -> None:
    head = backward.head
    if head is None:
        st.caption("The logits come from no linear layer, so there is no product to check by hand.")
        return
    st.latex(
        r"\frac{\partial L}{\partial W} = \delta\, a^{\top} \quad\Rightarrow\quad "
        r"\left\|\tfrac{\partial L}{\partial W}\right\| = \|\delta\|\,\|a\|"
    )
    st.markdown(
        say.plain(
            f"For {head.name}: error {three_digits(head.error)} times input {three_digits(head.inputs)} makes "
            f"{three_digits(head.error * head.inputs)}; measured at its weights: {three_digits(head.weight_gradient)}."
        )
    )


def _table(backward: BackwardPass) -> None:
    with st.expander("Every layer in numbers", icon=":material/table_rows:"):
        columns = {
            "Activation norm": [layer.activation for layer in backward.layers],
            "Gradient norm": [layer.gradient for layer in backward.layers],
            "Weight norm": [layer.weights for layer in backward.layers],
            "Weight gradient": [layer.weight_gradient for layer in backward.layers],
            "Gradient to weight": [layer.ratio for layer in backward.layers],
        }
        st.dataframe(
            {
                "Layer": [layer.call.name for layer in backward.layers],
                "Output": [size(layer.call) for layer in backward.layers],
                **columns,
            },
            column_config={name: st.column_config.NumberColumn(format="%.3g") for name in columns},
            hide_index=True,
            alt="Every layer call with its gradient and the ratio of gradient to weights",
        )
        st.caption(
            "Euclidean norms of all values together. A learning rate times the last column is the relative step that "
            "plain gradient descent would make on this one picture; about 0.001 is a healthy step."
        )
