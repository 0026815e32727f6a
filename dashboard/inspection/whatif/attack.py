"""A picture near another that is answered otherwise: what one step along the gradient, many, or a blind search find.

Everything is in levels of the 8-bit picture that the network reads, before it is normalised. What is found is rounded
to whole levels and then judged by the network itself: a change that no picture file can hold is none.

Sources: Goodfellow et al. 2015 (one step, FGSM); Madry et al. 2018 (many steps with restarts, PGD); Andriushchenko et
al. 2020 (squares at random); Athalye et al. 2018 (signs that a gradient is masked).
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from dashboard.inspection.engine import batch_size, speed
from dashboard.inspection.engine.progress import Progress, ignore, within
from dashboard.inspection.prediction import read_logits
from dashboard.inspection.whatif.margin import Decision, Margin
from dashboard.records.whatif import Attacked, How, Trial
from models.classifier import Classifier
from models.preprocessing import Preprocessing

LEVELS = 255
STEPS = 40
RESTARTS = 10
# Pictures that a random search asks about: as many as the other follows the gradient.
QUERIES = STEPS * RESTARTS
SEED = 0
# A step is this many times as long as it takes to get across in all steps (Madry et al.).
REACH = 2.5
# Shares of a random search after which its squares are halved, and the share of the picture of its first (the
# schedule of Andriushchenko et al.).
HALVED = (0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8)
FIRST_SQUARE = 0.8


def levels_of(inputs: np.ndarray, preprocessing: Preprocessing) -> np.ndarray:
    """The 8-bit picture that a network reads, (C, H, W) uint8, of what it was made, (C, H, W) normalised."""
    shape = (preprocessing.channels, 1, 1)
    colours = inputs * np.reshape(preprocessing.std, shape) + np.reshape(preprocessing.mean, shape)
    return np.asarray(np.clip(np.rint(colours * LEVELS), 0, LEVELS), dtype=np.uint8)


@dataclass(frozen=True, eq=False)
class Ball:
    """All pictures within some levels of some others.

    Attributes:
        centre: (N, C, H, W) float32, whole levels.
        eps: levels by which a pixel may change.
        preprocessing: of the network.
    """

    centre: Tensor
    eps: int
    preprocessing: Preprocessing

    def inputs(self, levels: Tensor) -> Tensor:
        """Levels as the network reads them."""
        mean, std = (
            torch.tensor(values, dtype=torch.float32).view(1, -1, 1, 1)
            for values in (self.preprocessing.mean, self.preprocessing.std)
        )
        # Divided first, as the preprocessing does.
        return (levels / LEVELS - mean) / std

    def clamp(self, levels: Tensor) -> Tensor:
        """The nearest that is a picture and within reach."""
        low = (self.centre - self.eps).clamp_min(0)
        return torch.minimum(torch.maximum(levels, low), (self.centre + self.eps).clamp_max(LEVELS))

    def part(self, rows: Tensor) -> Ball:
        """That of some of the pictures, (N,) bool."""
        return dataclasses.replace(self, centre=self.centre[rows])


# Inputs of some pictures, (n, C, H, W), and which of all they are, (N,) bool -> the margin of each, (n,).
RowMargin = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True, eq=False)
class Descent:
    """Where following the gradient led.

    Attributes:
        levels: (N, C, H, W), whole; of those that were found the picture that was judged, of others the last.
        found: (N,) bool.
        passes: pictures that went through the network.
    """

    levels: Tensor
    found: Tensor
    passes: int


def descend(
    margin: RowMargin,
    judge: RowMargin,
    ball: Ball,
    start: Tensor,
    *,
    steps: int,
    first: bool = False,
    progress: Progress = ignore,
) -> Descent:
    """Follow the sign of the gradient until the rounded picture is judged to be beyond the margin.

    Args:
        margin: whose gradient is followed.
        judge: the same by the network itself; below 0 is found.
        ball: that is not left.
        start: (N, C, H, W) in it.
        steps: at most.
        first: whether one find is enough.
        progress: called before each step.
    """
    levels, kept = start.clone(), start.round()
    found = torch.zeros(len(start), dtype=torch.bool)
    passes = 0

    def settle(rows: Tensor) -> None:
        nonlocal passes
        rounded = levels[rows].round()
        with torch.no_grad():
            beyond = judge(ball.inputs(rounded), rows) < 0
        passes += len(rounded)
        kept[rows], found[rows] = rounded, beyond

    length = REACH * ball.eps / steps
    for step in range(steps):
        progress(step / steps)
        active = ~found
        reach = ball.part(active)
        leaf = levels[active].requires_grad_()
        with torch.enable_grad():
            values = margin(reach.inputs(leaf), active)
            (gradient,) = torch.autograd.grad(values.sum(), leaf)
        passes += len(leaf)
        across = active.clone()
        across[active] = values.detach() < 0
        if bool(across.any()):
            settle(across)
        levels[active] = reach.clamp(leaf.detach() - length * gradient.sign())
        if bool(found.all()) or (first and bool(found.any())):
            return Descent(kept, found, passes)
    settle(~found)
    return Descent(kept, found, passes)


@dataclass(frozen=True, eq=False)
class _Search:
    """One picture under attack.

    Attributes:
        classifier: shared; not changed.
        decision: that is to change.
        margin: of a private network, as it computes fastest.
        pixels: (1, C, H, W) float32, whole levels.
        restarts: of many steps.
        steps: of each.
    """

    classifier: Classifier
    decision: Decision
    margin: Margin
    pixels: Tensor
    restarts: int
    steps: int

    def ball(self, eps: int, count: int = 1) -> Ball:
        return Ball(self.pixels.expand(count, -1, -1, -1), eps, self.classifier.preprocessing)

    def judge(self, inputs: Tensor, rows: Tensor | None = None) -> Tensor:
        """The margin by the network itself, each picture alone as a page shows it, (N,)."""
        with torch.no_grad():
            return torch.cat(
                [self.margin.select(self.classifier.module(one[None]).float()) for one in inputs]
            )

    def trial(self, how: How, eps: int, levels: Tensor, passes: int, started: float) -> Trial:
        """What came of a search that ended at levels of shape (1, C, H, W)."""
        inputs = self.ball(eps).inputs(levels)
        with torch.no_grad():
            logits = self.classifier.module(inputs).float()
        margin = float(self.margin.select(logits)[0])
        return Trial(
            how=how,
            eps=eps,
            found=margin < 0,
            pixels=levels[0].to(torch.uint8).numpy(),
            inputs=inputs[0].numpy(),
            prediction=read_logits(self.classifier, logits.numpy())[0],
            margin=margin,
            passes=passes,
            seconds=time.perf_counter() - started,
        )

    def one_step(self, eps: int) -> tuple[Trial, float]:
        """What one step along the sign of the gradient finds, and in which share of numbers that is 0."""
        started = time.perf_counter()
        ball = self.ball(eps)
        leaf = self.pixels.clone().requires_grad_()
        with torch.enable_grad():
            (gradient,) = torch.autograd.grad(self.margin(ball.inputs(leaf)).sum(), leaf)
        levels = ball.clamp(self.pixels - eps * gradient.sign()).round()
        return self.trial("one step", eps, levels, 2, started), float((gradient == 0).float().mean())

    def many_steps(self, eps: int, progress: Progress) -> Trial:
        """What following the gradient finds: once from the picture itself, then from places at random."""
        started, passes = time.perf_counter(), 0
        descents: list[Descent] = []
        done = 0
        while done < self.restarts and not any(bool(descent.found.any()) for descent in descents):
            many = 1 if done == 0 else min(self._batch(), self.restarts - done)
            ball = self.ball(eps, many)
            start = (
                ball.centre.clone() if done == 0 else ball.clamp(ball.centre + self._noise(eps, done, many))
            )
            descent = descend(
                lambda inputs, rows: self.margin(inputs),
                self.judge,
                ball,
                start,
                steps=self.steps,
                first=True,
                progress=within(progress, done / self.restarts, (done + many) / self.restarts),
            )
            descents.append(descent)
            passes += descent.passes
            done += many
        levels = torch.cat([descent.levels for descent in descents])
        found = torch.cat([descent.found for descent in descents])
        place = int(found.int().argmax()) if bool(found.any()) else self._nearest(levels)
        return self.trial("many steps", eps, levels[place][None], passes, started)

    def _noise(self, eps: int, number: int, many: int) -> Tensor:
        generator = torch.Generator().manual_seed(SEED + number)
        return (2 * torch.rand(many, *self.pixels.shape[1:], generator=generator) - 1) * eps

    def _nearest(self, levels: Tensor) -> int:
        return int(self.judge(self.ball(0).inputs(levels)).nan_to_num(torch.inf).argmin())

    def _batch(self) -> int:
        if not self.classifier.contract.steady:
            return 1
        inputs = self.ball(0).inputs(self.pixels)
        return batch_size.fastest_batch(self.classifier, inputs, use="gradient").size

    def random_search(self, eps: int, queries: int, progress: Progress) -> Trial:
        """What squares of the most and the least that is allowed find, each kept where it brings the change nearer."""
        started = time.perf_counter()
        generator = torch.Generator().manual_seed(SEED)
        ball, (_, channels, height, width) = self.ball(eps), self.pixels.shape

        def signs(*shape: int) -> Tensor:
            return 2.0 * torch.randint(0, 2, shape, generator=generator) - 1

        best = self.pixels
        least = float(self.judge(ball.inputs(best))[0])
        for query in range(queries):
            progress(query / queries)
            if query == 0:
                levels = ball.clamp(self.pixels + eps * signs(1, channels, 1, width))
            else:
                area = FIRST_SQUARE / 2 ** sum(query / queries > share for share in HALVED)
                side = min(max(1, round((area * height * width) ** 0.5)), height, width)
                top, left = (
                    int(torch.randint(0, length - side + 1, (1,), generator=generator))
                    for length in (height, width)
                )
                levels = best.clone()
                place = (..., slice(top, top + side), slice(left, left + side))
                levels[place] = self.pixels[place] + eps * signs(1, channels, 1, 1)
                levels = ball.clamp(levels)
            value = float(self.judge(ball.inputs(levels))[0])
            if value < least:
                best, least = levels, value
            if least < 0:
                break
        return self.trial("random search", eps, best, query + 1, started)


def attack(
    classifier: Classifier,
    inputs: np.ndarray,
    *,
    decision: Decision,
    eps: int,
    restarts: int = RESTARTS,
    steps: int = STEPS,
    progress: Progress = ignore,
) -> Attacked:
    """Search for a change of at most eps levels that changes what a network decides, and then for a smaller one.

    Args:
        classifier: shared; not changed. Its answer must hold still.
        inputs: (C, H, W), normalised, of an 8-bit picture.
        decision: that is to change.
        eps: at least 1.
        restarts: of a search of many steps, at least 1.
        steps: of each.
        progress: called before each step.
    """
    started = time.perf_counter()
    margin = Margin.deciding(classifier, decision)
    gradient, queries = classifier.contract.gradient, restarts * steps
    if gradient and classifier.contract.steady:
        batch = torch.tensor(inputs)[None]
        margin.network = speed.accelerate(margin.network, classifier, batch, use="gradient")
    pixels = torch.from_numpy(levels_of(inputs, classifier.preprocessing)).float()[None]
    search = _Search(classifier, decision, margin, pixels, restarts, steps)
    before = float(search.judge(search.ball(0).inputs(pixels))[0])
    trials: list[Trial] = []
    flat = None
    if gradient:
        one, flat = search.one_step(eps)
        trials = [one, search.many_steps(eps, within(progress, 0.0, 0.5))]
    if not any(trial.found for trial in trials):
        trials.append(search.random_search(eps, queries, within(progress, 0.5 * gradient, 0.7)))
    found = [trial for trial in trials if trial.found]
    smallest, failed = found[0] if found else None, 0
    while gradient and smallest is not None and smallest.eps - failed > 1:
        middle = (smallest.eps + failed) // 2
        trial = search.many_steps(middle, within(progress, 0.7, 1.0))
        smallest, failed = (trial, failed) if trial.found else (smallest, middle)
    return Attacked(
        eps=eps,
        steps=steps,
        restarts=restarts,
        queries=queries,
        margin=before,
        trials=tuple(trials),
        smallest=smallest,
        failed=failed,
        flat=flat,
        seconds=time.perf_counter() - started,
    )
