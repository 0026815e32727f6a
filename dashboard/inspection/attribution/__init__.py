"""The one table of attribution methods. An addition is a file beside this one and its entry here."""

from __future__ import annotations

from dashboard.inspection.attribution import (
    grad_cam,
    guided_backprop,
    integrated_gradients,
    occlusion,
    saliency,
)
from dashboard.inspection.attribution.method import Method

METHODS: dict[str, Method] = {
    module.METHOD.name: module.METHOD
    for module in (grad_cam, integrated_gradients, occlusion, saliency, guided_backprop)
}
