"""A picture made for one number in a network, by gradient ascent from noise: a channel, a unit, a class's score."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, each, ignore
from dashboard.inspection.engine.speed import accelerate
from dashboard.inspection.passes.layer import LayerReader
from dashboard.records.maximisation import Aim, MaximisedPicture
from models.classifier import Classifier
from models.meaning import Reading
from models.preprocessing import Preprocessing
from models.scores import to_shares

# Step length of Adam on the spectrum.
RATE = 0.05
# How strong the noise is that it begins with: the next one where the one before leaves no gradient at all.
STARTS = (0.01, 0.3, 3.0)
# How far a picture is moved at a step: to each side, as a share of it; turned; and scaled. What is left of the number
# then is more than a pattern of single pixels.
SHIFT, DEGREES, ZOOM = 1 / 16, 5.0, 0.05
# How colours go together in photographs: a root of their covariance over ImageNet, its longest column of length one
# (Olah and others, lucid). Moving along its columns, brightness moves before hue does.
COLOURS = ((0.5628, 0.1948, 0.0433), (0.5845, 0.0, -0.1082), (0.5845, -0.1948, 0.0649))

# Inputs (1, C, H, W) -> the values that may be driven, (1, channels, h, w).
Read = Callable[[Tensor], Tensor]


def maximise(classifier: Classifier, aim: Aim, progress: Progress = ignore) -> MaximisedPicture:
    """A picture for which one number in a network is large, or small: one of many that would do.

    The picture is its spectrum, in which low frequencies move as easily as high ones and colours as they go together
    in photographs, so that it does not drown in noise. What is driven is what the channel's activation function reads,
    which has a gradient where the function is off, at the place in the middle or as the mean of all; or the logit of
    a class.

    Args:
        classifier: shared with other threads; not changed.
        aim: a call of a survey of the classifier's network, or a class.
        progress: told the share done before each step; what it raises ends the work.

    Returns:
        The picture; none, with the reason, where the gradient is zero or anything is not finite.

    Reference:
        Olah, Mordvintsev and Schubert, Feature Visualization, Distill, 2017.
    """
    started = time.perf_counter()
    preprocessing = classifier.preprocessing
    read = _reader(classifier, aim)
    with torch.enable_grad():
        for contrast in STARTS:
            generator = torch.Generator().manual_seed(aim.seed)
            canvas = _Canvas(preprocessing, contrast, generator)
            begun = canvas.colours().detach()
            try:
                trace = _ascend(canvas, read, aim, generator, progress)
            except _NoPictureError as obstacle:
                return MaximisedPicture(None, str(obstacle), seconds=time.perf_counter() - started)
            if trace:
                break
        else:
            reason = "nothing in the picture changes this number: its gradient is zero wherever it was tried"
            return MaximisedPicture(None, reason, seconds=time.perf_counter() - started)
    picture = (255 * canvas.colours().detach()).round() / 255  # as whole colours
    values = _values(read, picture, preprocessing)
    return MaximisedPicture(
        picture=(255 * picture[0]).round().to(torch.uint8).expand(3, -1, -1).permute(1, 2, 0).numpy().copy(),
        begun=_reported_value(_values(read, begun, preprocessing)[0, aim.unit], aim),
        reached=_reported_value(values[0, aim.unit], aim),
        probability=_probability(values, classifier.contract.reading, aim.unit) if aim.call is None else None,
        trace=np.array(trace),
        seconds=time.perf_counter() - started,
    )


def _probability(values: Tensor, reading: Reading, target: int) -> float | None:
    """The probability of a class, whose score is among these of every class; None where there are no classes."""
    shares = to_shares(values.reshape(1, -1), reading)
    return None if shares is None else float(shares[0, target])


class _NoPictureError(Exception):
    """The reason for which there is no picture."""


class _Canvas:
    """A picture by its spectrum."""

    def __init__(self, preprocessing: Preprocessing, contrast: float, generator: torch.Generator) -> None:
        self.preprocessing = preprocessing
        height, width = preprocessing.size
        rows, columns = torch.fft.fftfreq(height), torch.fft.rfftfreq(width)
        frequency = torch.hypot(rows[:, None], columns[None])  # (H, W / 2 + 1)
        # Photographs have their energy where frequencies are low, falling with one over the frequency.
        self._weight = 1 / (4 * frequency.clamp(min=1 / max(height, width)))
        shape = (1, preprocessing.colours, *frequency.shape, 2)
        self.spectrum = (contrast * torch.randn(shape, generator=generator)).requires_grad_()

    def colours(self) -> Tensor:
        """The picture, (1, colours, H, W) in (0, 1)."""
        spectrum = torch.view_as_complex(self.spectrum) * self._weight
        planes = torch.fft.irfft2(spectrum, s=self.preprocessing.size, norm="ortho")
        if planes.shape[1] == len(COLOURS):
            planes = torch.einsum("ij,njhw->nihw", torch.tensor(COLOURS), planes)
        colours: Tensor = planes.sigmoid()
        return colours


def _reader(classifier: Classifier, aim: Aim) -> Read:
    preprocessing = classifier.preprocessing
    example = torch.zeros(1, preprocessing.channels, *preprocessing.size)
    if aim.call is not None:
        reading = LayerReader(classifier, aim.call, example, turn=True, gradients=True)
        return lambda inputs: reading(inputs)[0]
    network = accelerate(isolate(classifier.module), classifier, example, use="gradient")
    return lambda inputs: network(inputs)[:, :, None, None]


def _ascend(
    canvas: _Canvas, read: Read, aim: Aim, generator: torch.Generator, progress: Progress
) -> list[float]:
    """What is driven, step by step; empty where there is no gradient to begin with."""
    optimizer = torch.optim.Adam([canvas.spectrum], lr=RATE)
    trace: list[float] = []
    for step in each(range(aim.steps), progress):
        colours = canvas.colours()
        inputs = _normalise(colours if aim.still else _jitter(colours, generator), canvas.preprocessing)
        number = _objective(read(inputs)[0, aim.unit], aim)
        gradient = _gradient(number, canvas.spectrum)
        if not bool(number.isfinite()) or not bool(gradient.isfinite().all()):
            raise _NoPictureError(f"this number or its gradient is not finite at step {step + 1:,}")
        if not bool(gradient.any()):
            break
        trace.append(float(number.detach()))
        canvas.spectrum.grad = gradient if aim.avoid else -gradient
        optimizer.step()
    return trace


def _objective(values: Tensor, aim: Aim) -> Tensor:
    """What is driven of a channel, (h, w): the mean, or the value in the middle, as its field is measured there."""
    height, width = values.shape
    return values.mean() if aim.everywhere else values[height // 2, width // 2]


def _reported_value(values: Tensor, aim: Aim) -> float:
    """What is said of a channel, (h, w): its extreme value, or that of the place which was meant."""
    extreme = values.min() if aim.avoid else values.max()
    return float(extreme if aim.everywhere else _objective(values, aim))


def _gradient(number: Tensor, spectrum: Tensor) -> Tensor:
    """The gradient; zero where the number does not depend on the picture."""
    try:
        (gradient,) = torch.autograd.grad(number, spectrum, allow_unused=True)
    except RuntimeError as error:
        raise _NoPictureError("no gradient gets from this number to the picture") from error
    return torch.zeros_like(spectrum) if gradient is None else gradient


def _jitter(colours: Tensor, generator: torch.Generator) -> Tensor:
    """The picture shifted, turned and scaled a little, by chance; it is mirrored at its edges."""
    x, y, turn, zoom = (2 * torch.rand(4, generator=generator) - 1).tolist()
    scale, angle = 1 + ZOOM * zoom, math.radians(DEGREES * turn)
    cosine, sine = scale * math.cos(angle), scale * math.sin(angle)
    # In coordinates from -1 to 1 a share of the side counts twice.
    matrix = torch.tensor([[cosine, -sine, 2 * SHIFT * x], [sine, cosine, 2 * SHIFT * y]])
    grid = functional.affine_grid(matrix[None], list(colours.shape), align_corners=False)
    return functional.grid_sample(colours, grid, padding_mode="reflection", align_corners=False)


def _normalise(colours: Tensor, preprocessing: Preprocessing) -> Tensor:
    shape = (1, -1, 1, 1)
    mean, std = (torch.tensor(values).reshape(shape) for values in (preprocessing.mean, preprocessing.std))
    return (preprocessing.fill(colours) - mean) / std


def _values(read: Read, colours: Tensor, preprocessing: Preprocessing) -> Tensor:
    with torch.no_grad():
        return read(_normalise(colours, preprocessing)).detach()
