"""Singular values of every matrix and convolution, and what their tail tells."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.inspection.weights.power_law import power_law
from dashboard.inspection.weights.tensors import facts
from dashboard.inspection.weights.units import blocks
from dashboard.records.weights import Spectra, Spectrum, TensorFacts
from models.classifier import Weights

# The shorter side of a matrix; its spectrum takes the cube of that.
LONGEST_SIDE = 4096


def spectra(weights: Weights, module: nn.Module | None = None, progress: Progress = ignore) -> Spectra:
    """The spectrum of each weight that has at least two rows and columns.

    Args:
        weights: of any network.
        module: the network that they belong to, if it is known.
        progress: told the share that is done; raises to cancel.
    """
    matrices = [
        matrix
        for matrix in facts(weights.tensors, module)
        if matrix.role == "weight" and min(_sides(matrix)) > 1
    ]
    costs = [_cost(matrix) for matrix in matrices]
    computed, skipped = [], []
    for place, matrix in enumerate(matrices):
        progress(sum(costs[:place]) / (sum(costs) or 1))
        tensor = weights.tensors[matrix.name]
        # Eight bits have few operations of their own.
        tensor = tensor.float() if tensor.element_size() == 1 else tensor
        if min(_sides(matrix)) > LONGEST_SIDE or not bool(tensor.isfinite().all()):
            skipped.append(matrix.name)
            continue
        values = singular_values(tensor)
        computed.append(Spectrum(matrix, values, power_law(values**2)))
    return Spectra(tuple(computed), tuple(skipped))


def singular_values(tensor: Tensor) -> np.ndarray:
    """Of (out, ...) read as a matrix of units and inputs: (k,) float64, the largest first, by its Gram matrix.

    What lies below 1e-8 of the largest is rounding.
    """
    rows = len(tensor)
    columns = tensor.numel() // rows
    gram = torch.zeros(min(rows, columns), min(rows, columns), dtype=torch.float64)
    if rows <= columns:
        matrix = torch.cat(list(blocks(tensor)))
        torch.mm(matrix, matrix.T, out=gram)
    else:
        for block in blocks(tensor):
            gram.addmm_(block.T, block)
    values: np.ndarray = torch.linalg.eigvalsh(gram).flip(0).clamp_min(0).sqrt().numpy()
    return np.where(values > 1e-8 * values[0], values, 0.0)


def random_edges(facts: TensorFacts, std: float) -> tuple[float, float]:
    """Between which singular values a random matrix of that size and spread has (Marchenko and Pastur, 1967)."""
    rows, columns = _sides(facts)
    low, high = abs(rows**0.5 - columns**0.5), rows**0.5 + columns**0.5
    return std * low, std * high


def _sides(facts: TensorFacts) -> tuple[int, int]:
    return facts.shape[0], facts.count // max(facts.shape[0], 1)


def _cost(facts: TensorFacts) -> float:
    short, long = sorted(_sides(facts))
    return 4.0 * short**3 + float(short) ** 2 * long
