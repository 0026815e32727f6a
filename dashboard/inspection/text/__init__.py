"""The one table of methods for texts. An addition is a file beside this one and its entry here."""

from __future__ import annotations

from dashboard.inspection.text import (
    ablation,
    attention,
    gradient_x_embedding,
    integrated_gradients,
    shapley,
)
from dashboard.inspection.text.method import TextMethod

TEXT_METHODS: dict[str, TextMethod] = {
    module.METHOD.name: module.METHOD
    for module in (integrated_gradients, shapley, ablation, gradient_x_embedding, attention)
}
# What each word changes where it alone is struck out.
ONE_BY_ONE = ablation.METHOD
