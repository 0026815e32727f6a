"""The linear model that stands in for a network, fitted on all samples and then on either half of the same ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from dashboard.inspection.attribution.method import RawAttribution, Task
from dashboard.inspection.attribution.superpixels import Superpixels


class SplitHalfFit:
    """A surrogate for Captum's Lime and KernelShap, which draw and run the samples and then call `fit` once.

    Attributes:
        whole: coefficients fitted on all samples, (1, parts).
        halves: coefficients fitted on every other group of samples, beginning with the first and with the second.
    """

    whole: Tensor
    halves: tuple[Tensor, Tensor]

    def __init__(self, surrogate: Callable[[], Any], *, shared: int = 0, group: int = 1) -> None:
        """Choose the model.

        Args:
            surrogate: makes one of Captum's linear models.
            shared: how many samples at the beginning belong to both halves.
            group: how many samples in a row were drawn together and stay together.
        """
        self._surrogate = surrogate
        self._shared = shared
        self._group = group

    def fit(self, train_data: DataLoader[Any]) -> None:
        """Fit on tensors of shown parts (samples, parts), scores (samples,) and weights (samples,)."""
        dataset = train_data.dataset
        assert isinstance(dataset, TensorDataset)
        number = torch.arange(len(dataset))
        self.whole = self._fit_rows(dataset, number)
        shared = number < self._shared
        odd = (number - self._shared) // self._group % 2 == 1
        self.halves = (
            self._fit_rows(dataset, number[shared | ~odd]),
            self._fit_rows(dataset, number[shared | odd]),
        )

    def representation(self) -> Tensor:
        """What Captum takes for its answer."""
        return self.whole

    def _fit_rows(self, dataset: TensorDataset, rows: Tensor) -> Tensor:
        # In single precision, weights of a million cost Kernel SHAP its completeness.
        kept = TensorDataset(*(tensor[rows].double() for tensor in dataset.tensors))
        surrogate = self._surrogate()
        surrogate.fit(DataLoader(kept, batch_size=len(kept)))
        coefficients: Tensor = surrogate.representation()
        return coefficients.reshape(1, -1).float()


def fit_superpixels(
    task: Task, surrogate: SplitHalfFit, method: Callable[[Superpixels], Any]
) -> RawAttribution:
    """The coefficients of a surrogate as a map of parts.

    Args:
        task: whose settings say how the parts are made and how many samples are drawn.
        surrogate: fitted by the method.
        method: a mosaic -> Captum's Lime, or what inherits from it, on that mosaic.
    """
    mosaic = Superpixels.of(task)
    samples = task.parameters.n_perturbations
    method(mosaic).attribute(
        mosaic.shown,
        baselines=mosaic.hidden,
        n_samples=samples,
        perturbations_per_eval=task.at_once(samples),
        return_input_shape=False,
    )
    first, second = surrogate.halves
    return RawAttribution(
        mosaic.paint(surrogate.whole),
        baseline=mosaic.cover,
        halves=(mosaic.paint(first), mosaic.paint(second)),
    )
