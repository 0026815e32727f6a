"""The one table of attribution methods. An addition is a file beside this one and its entry here."""

from __future__ import annotations

from dashboard.inspection.attribution import (
    attention_rollout,
    deconvolution,
    deep_lift,
    deep_lift_shap,
    feature_ablation,
    grad_cam,
    grad_cam_plus_plus,
    gradient_shap,
    guided_backprop,
    guided_grad_cam,
    input_x_gradient,
    integrated_gradients,
    kernel_shap,
    layer_cam,
    layer_conductance,
    layer_integrated_gradients,
    lime,
    lrp,
    occlusion,
    rise,
    saliency,
    score_cam,
    shapley,
    smooth_grad,
    var_grad,
)
from dashboard.inspection.attribution.method import Method

METHODS: dict[str, Method] = {
    module.METHOD.name: module.METHOD
    for module in (
        grad_cam,
        integrated_gradients,
        occlusion,
        saliency,
        guided_backprop,
        grad_cam_plus_plus,
        layer_cam,
        score_cam,
        guided_grad_cam,
        layer_conductance,
        layer_integrated_gradients,
        attention_rollout,
        input_x_gradient,
        deep_lift,
        deep_lift_shap,
        lrp,
        gradient_shap,
        smooth_grad,
        var_grad,
        deconvolution,
        feature_ablation,
        lime,
        kernel_shap,
        shapley,
        rise,
    )
}
