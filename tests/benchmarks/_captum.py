"""The methods as bare Captum and ours are asked for them: the same class, photo, weights, steps and samples."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from captum.attr import FeatureAblation, IntegratedGradients, KernelShap, NoiseTunnel, Occlusion, Saliency
from torch import Tensor, nn

from dashboard.inspection.attribution import METHODS, superpixels
from dashboard.inspection.attribution.baselines import baseline
from dashboard.inspection.attribution.kernel_shap import with_complements
from dashboard.inspection.attribution.method import Parameters
from dashboard.records.network import Survey
from models.classifier import Classifier

STEPS, WINDOW, STRIDE, CELLS, PERTURBATIONS = 50, 32, 16, 7, 500
# Ours draws two halves of equal size, so 24 stands for the usual 25.
COPIES, NOISE = 24, 15
PICTURES_AT_ONCE, STEPS_AT_ONCE = 8, 10  # Captum set well


@dataclass(frozen=True, eq=False)
class Subject:
    """What is explained: the winning class of a photo, (1, C, H, W)."""

    classifier: Classifier
    inputs: Tensor
    target: int
    survey: Survey

    def shown(self, name: str) -> Tensor:
        """The baseline of that name."""
        return baseline(name, self.inputs, self.classifier.preprocessing)

    @property
    def cells(self) -> Tensor:
        """The grid of parts, (1, 1, H, W)."""
        return torch.from_numpy(superpixels.grid(tuple(self.inputs.shape[2:]), CELLS**2))[None, None]


# A subject, and how many pictures or steps at once (None: Captum's default) -> its map before channels are joined.
Bare = Callable[[Subject, nn.Module, int | None], Tensor]


@dataclass(frozen=True)
class Case:
    """One method as both sides run it.

    Attributes:
        name: in METHODS.
        parameters: of ours.
        bare: Captum's side.
        at_once: pictures in a pass of Captum set well.
        pictures: that the network sees, besides the plain one.
        gradient: whether each pass has a way back.
    """

    name: str
    parameters: Parameters
    bare: Bare
    at_once: int
    pictures: int
    gradient: bool = False


def _integrated_gradients(of: Subject, module: nn.Module, at_once: int | None) -> Tensor:
    found: Tensor = IntegratedGradients(module).attribute(
        of.inputs.clone(), of.shown("black"), of.target, n_steps=STEPS, internal_batch_size=at_once
    )
    return found


def _occlusion(of: Subject, module: nn.Module, at_once: int | None) -> Tensor:
    channels = of.inputs.shape[1]
    found: Tensor = Occlusion(module).attribute(
        of.inputs,
        (channels, WINDOW, WINDOW),
        (channels, STRIDE, STRIDE),
        of.shown("mean"),
        of.target,
        perturbations_per_eval=at_once or 1,
    )
    return found


def _feature_ablation(of: Subject, module: nn.Module, at_once: int | None) -> Tensor:
    found: Tensor = FeatureAblation(module).attribute(
        of.inputs, of.shown("blur"), of.target, feature_mask=of.cells, perturbations_per_eval=at_once or 1
    )
    return found[:, :1]  # every channel holds the value of the whole part


def _kernel_shap(of: Subject, module: nn.Module, at_once: int | None) -> Tensor:
    method = KernelShap(module)
    method.perturb_func = with_complements(
        method.perturb_func
    )  # ours pairs its samples; the same ones are compared
    found: Tensor = method.attribute(
        of.inputs,
        of.shown("blur"),
        of.target,
        feature_mask=of.cells,
        n_samples=PERTURBATIONS,
        perturbations_per_eval=at_once or 1,
    )
    return found[:, :1]


def _smooth_grad(of: Subject, module: nn.Module, at_once: int | None) -> Tensor:
    found: Tensor = NoiseTunnel(Saliency(module)).attribute(
        of.inputs.clone(),
        nt_samples=COPIES,
        nt_samples_batch_size=at_once,
        stdevs=NOISE / 100 * float(of.inputs.max() - of.inputs.min()),
        target=of.target,
        abs=False,
    )
    return found


def cases(size: tuple[int, int]) -> list[Case]:
    def settings(name: str, **texts: object) -> Parameters:
        return dataclasses.replace(METHODS[name].defaults(size), **texts)

    windows = math.prod(math.ceil((side - WINDOW) / STRIDE) + 1 for side in size)
    parts = {"parts": "grid", "n_parts": CELLS**2, "baseline": "blur"}
    return [
        Case(
            "integrated_gradients",
            settings("integrated_gradients", n_steps=str(STEPS)),
            _integrated_gradients,
            STEPS_AT_ONCE,
            STEPS,
            gradient=True,
        ),
        Case(
            "occlusion",
            settings("occlusion", window=WINDOW, stride=STRIDE),
            _occlusion,
            PICTURES_AT_ONCE,
            windows,
        ),
        Case(
            "feature_ablation",
            settings("feature_ablation", **parts),
            _feature_ablation,
            PICTURES_AT_ONCE,
            CELLS**2,
        ),
        Case(
            "kernel_shap",
            settings("kernel_shap", n_perturbations=PERTURBATIONS, **parts),
            _kernel_shap,
            PICTURES_AT_ONCE,
            PERTURBATIONS,
        ),
        Case(
            "smooth_grad",
            settings("smooth_grad", n_copies=str(COPIES), noise=NOISE),
            _smooth_grad,
            STEPS_AT_ONCE,
            COPIES,
            gradient=True,
        ),
    ]
