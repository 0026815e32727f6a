"""One map, from a classifier and an input to a record with its outcome."""

from __future__ import annotations

import dataclasses
import time
from contextlib import nullcontext
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dashboard.inspection.attribution.completeness import change
from dashboard.inspection.attribution.method import Method, Parameters, RawAttribution, Task
from dashboard.inspection.attribution.outcome import Evidence, judge
from dashboard.inspection.attribution.sampling import agreement
from dashboard.inspection.engine import batch_size, speed
from dashboard.inspection.engine.explained_score import ExplainedScore
from dashboard.inspection.engine.progress import Progress, ignore, report_passes, within
from dashboard.inspection.engine.recomputation import refuse_recomputation
from dashboard.inspection.engine.stopwatch import Use
from dashboard.records.attribution import Attribution, Outcome
from dashboard.records.network import LayerCall, Survey
from models.classifier import Classifier
from models.contract import LOGITS, Contract
from models.preprocessing import CONSTANTS
from models.runtime.foreign import FOREIGN, own_words
from models.runtime.randomness import fork_rng

SEED = 0
# Share of the progress in which the network's pace is measured, where nobody has measured it yet.
MEASURING = 0.1
# Pictures in a pass where the best number is not known; one with a way back, whose memory is not known either.
UNMEASURED_BATCH = 8


@dataclass(frozen=True)
class Request:
    """What is to be explained, and how.

    Attributes:
        target: class index.
        versus: class index for "why target rather than versus", or None.
        layer: qualified name for methods that need one; None means the survey's default.
        parameters: of the method's own class.
        together: class indices of those that are explained as one, in place of the target; empty means it alone.
    """

    target: int
    versus: int | None = None
    layer: str | None = None
    parameters: Parameters = field(default_factory=Parameters)
    together: tuple[int, ...] = ()


def attribute(
    classifier: Classifier,
    inputs: np.ndarray,
    *,
    method: Method,
    request: Request,
    survey: Survey,
    hasty: bool = False,
    progress: Progress = ignore,
) -> Attribution:
    """Make one map and say what it is worth.

    Args:
        classifier: shared with other threads; not changed.
        inputs: (C, H, W), normalised.
        method: of the table.
        request: what to explain.
        survey: of the classifier's network.
        hasty: whether it begins at once where the network's pace is not known yet, as suits a preview: to measure
            it takes longer than the few pictures of one.
        progress: called before each forward pass, and before each step of measuring the network's pace.
    """
    if not method.own:
        import captum.attr  # noqa: F401  # takes a while the first time, which is not the method's

    batch = torch.tensor(inputs)[None]  # (1, C, H, W)
    refusal = method.refusal(survey)
    if refusal:
        return _refusal(method, refusal, _score(_explained(classifier, request), batch))
    try:
        return _attribute(classifier, batch, method, request, survey, hasty, progress)
    except FOREIGN as error:
        # What ships is known; the code of another network may do what a method cannot follow.
        if classifier.contract is LOGITS:
            raise
        refusal = f"It cannot follow this network: {own_words(error)}."
        return _refusal(method, refusal, _score(_explained(classifier, request), batch))


def _attribute(
    classifier: Classifier,
    batch: Tensor,
    method: Method,
    request: Request,
    survey: Survey,
    hasty: bool,
    progress: Progress,
) -> Attribution:
    """As attribute(), of a network that the method's limit does not turn away."""
    paced, progress = _choose_speed(method, classifier, batch, progress, hasty)
    task = _task(method, classifier, batch, request, survey, paced=paced)
    explained = _score(task.explained, batch)
    again = classifier.contract.random and not hasty
    started = time.perf_counter()
    finding, pictures = _run_method(method, task, within(progress, 0.0, 0.5) if again else progress)
    seconds = time.perf_counter() - started
    if paced:
        batch_size.note_seconds(classifier, tuple(batch.shape), seconds / pictures, use=use_of(method))
    values = _map(method, finding, task)

    def anew() -> Task:
        return _task(method, classifier, batch, request, survey, paced=paced)

    repeat = None
    if again:
        other, _ = _run_method(method, anew(), within(progress, 0.5, 1.0), seed=SEED + 1)
        repeat = _agreement(values, _map(method, other, task))
    evidence = dataclasses.replace(
        _evidence(anew(), method, finding), repeat=repeat, unsteady=_unsteadiness(classifier.contract)
    )
    outcome = judge(values, evidence)
    drawn = outcome.kind != "refused"
    return Attribution(
        method=method.name,
        values=values if drawn else None,
        raw=finding.values[0].detach().float().numpy() if drawn else None,
        signed=method.signed,
        outcome=outcome,
        explained=explained,
        seconds=seconds,
        check_seconds=time.perf_counter() - started - seconds,
        layer=task.layer.name if task.layer else None,
        baseline=None
        if finding.baseline is None
        else np.concatenate([classifier.preprocessing.display(start) for start in finding.baseline], axis=1),
    )


def compute_map(
    classifier: Classifier,
    inputs: np.ndarray,
    *,
    method: Method,
    request: Request,
    survey: Survey,
    progress: Progress = ignore,
) -> np.ndarray:
    """The map alone, (H, W) float32, without its checks: for comparisons of a method with itself.

    Takes what `attribute` takes; the method must not refuse the network.
    """
    batch = torch.tensor(inputs)[None]  # (1, C, H, W)
    paced, progress = _choose_speed(method, classifier, batch, progress)
    task = _task(method, classifier, batch, request, survey, paced=paced)
    finding, _ = _run_method(method, task, progress)
    return _map(method, finding, task)


def expected_seconds(
    classifier: Classifier, inputs: np.ndarray, *, method: Method, request: Request, survey: Survey
) -> float | None:
    """How long a map will take, at most where the method is adaptive; None where no pace is known.

    Takes what `attribute` takes.
    """
    batch = batch_size.known_batch(classifier, (1, *inputs.shape), use=use_of(method))
    if batch is None or batch.seconds is None:
        return None
    size, layer = (inputs.shape[1], inputs.shape[2]), _layer(method, request, survey)
    # A random network's map is made twice, to see how far it moves.
    times = 2 if classifier.contract.random else 1
    return times * batch.seconds * method.work(request.parameters, size, layer)


def _unsteadiness(contract: Contract) -> str:
    """How far a network's answer moves by itself; empty where it holds still."""
    if contract.random:
        moved = _share(contract.repeated)
        return f"The network is random: its scores move by {moved} of their spread from pass to pass."
    if contract.steady:
        return ""
    return (
        f"The network answers by the rest of the batch: among other pictures its scores move by "
        f"{_share(contract.batched)} of their spread, and this map with them."
    )


def _share(share: float) -> str:
    return f"{100 * share:.3g} %"


def _agreement(one: np.ndarray, other: np.ndarray) -> float:
    """Correlation of two maps, (H, W) each; 1 of equal ones, and 0 where one of them is constant."""
    if np.array_equal(one, other):
        return 1.0
    if not (np.ptp(one) > 0 and np.ptp(other) > 0):
        return 0.0
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def _run_method(
    method: Method, task: Task, progress: Progress, seed: int = SEED
) -> tuple[RawAttribution, int]:
    """What a method finds, and how many pictures the network saw for it."""
    networks = {task.explained.network, task.answers.network}
    seen = report_passes(method.work(task.parameters, task.size, task.layer), progress, *networks)
    draws = fork_rng(seed) if method.sampled else nullcontext()
    with draws, torch.set_grad_enabled(not method.forward_only), refuse_recomputation():
        return method.run(task), seen()


def _layer(method: Method, request: Request, survey: Survey) -> LayerCall | None:
    if not method.needs_layer:
        return None
    name = request.layer if request.layer is not None else survey.default_layer
    call = survey.find(name) if name is not None else None
    assert call is not None and call in survey.grid_calls(), (
        f"{name} has no grid; the selection offers those that have"
    )
    return call


def _explained(classifier: Classifier, request: Request) -> ExplainedScore:
    return ExplainedScore.of(classifier, request.target, request.versus, request.together)


def _score(explained: ExplainedScore, batch: Tensor) -> float:
    with torch.no_grad():
        return float(explained(batch)[0])


def use_of(method: Method) -> Use:
    """What it asks of a network."""
    if method.forward_only or method.asks:
        return "near answers" if method.local else "answers"
    return "layers" if method.needs_layer else "gradient"


def _choose_speed(
    method: Method, classifier: Classifier, batch: Tensor, progress: Progress, hasty: bool = False
) -> tuple[bool, Progress]:
    """Whether it computes at the network's pace, measured first where it is not known, and the progress that is left.

    An instant method is done before a pace is measured.
    """
    known = batch_size.known_batch(classifier, tuple(batch.shape), use=use_of(method)) is not None
    if method.cost == "instant" or (hasty and not known):
        return False, progress
    spent = 0.0

    def measuring(share: float) -> None:
        nonlocal spent
        spent = MEASURING * share
        progress(spent)

    batch_size.fastest_batch(classifier, batch, use=use_of(method), progress=measuring)
    return True, within(progress, spent, 1.0)


def _task(
    method: Method, classifier: Classifier, batch: Tensor, request: Request, survey: Survey, *, paced: bool
) -> Task:
    explained = _explained(classifier, request)
    layer = _layer(method, request, survey)
    answers = _explained(classifier, request) if method.asks and paced else explained
    several = UNMEASURED_BATCH if method.forward_only or method.asks else 1
    task = Task(
        explained, answers, batch, classifier.preprocessing, survey, layer, request.parameters, several
    )
    if not paced:
        return task
    answers.network = speed.accelerate(answers.network, classifier, batch, use=use_of(method))
    channels_last = speed.acceleration(classifier, batch, use=use_of(method)).channels_last
    return dataclasses.replace(
        task,
        batch=batch_size.fastest_batch(classifier, batch, use=use_of(method)).size,
        channels_last=channels_last and not speed.is_exported(classifier, batch, use=use_of(method)),
    )


def _map(method: Method, finding: RawAttribution, task: Task) -> np.ndarray:
    """The finding as one value per input pixel, (H, W) float32; channels that no picture fills have no part in it."""
    values, side = finding.values.detach().float(), task.inputs.shape[-2:]
    if task.preprocessing.planes and values.shape == task.inputs.shape:
        filled = [plane not in CONSTANTS for plane in task.preprocessing.planes]
        values = values * torch.tensor(filled)[:, None, None]
    joined = method.join(values)
    if joined.shape[-2:] != side:
        joined = functional.interpolate(joined, side, mode="bilinear", align_corners=False)
    return joined[0, 0].numpy()


def _evidence(task: Task, method: Method, finding: RawAttribution) -> Evidence:
    """What is known of a finding, measured on an untouched private copy."""
    gap, equals = None, ""
    if finding.complete:
        promised = change(task.explained, task.inputs, finding.baseline)
        if finding.change is not None:
            promised = dataclasses.replace(promised, value=finding.change)
        gap = promised.gap(_total(finding))
    if method.twin is not None and task.survey.nonlinearities:
        name, simpler = method.twin
        other = simpler(task).detach()
        if bool(other.isfinite().all()) and torch.allclose(
            finding.values, other, rtol=1e-5, atol=1e-6 * float(other.abs().max())
        ):
            equals = name
    agree = None if finding.halves is None else agreement(method.join, finding.halves)
    return Evidence(
        gap=gap, agreement=agree, equals=equals, warning=finding.warning, size=_size(task), power=method.power
    )


def _size(task: Task) -> float:
    """The largest score of the photo, without its sign."""
    with torch.no_grad():
        return float(task.explained.network(task.inputs).abs().max())


def _total(finding: RawAttribution) -> float:
    return float(finding.values.detach().sum(dtype=torch.float64)) if finding.total is None else finding.total


def _refusal(method: Method, reason: str, explained: float) -> Attribution:
    return Attribution(
        method.name,
        None,
        None,
        method.signed,
        Outcome("refused", reason),
        explained,
        seconds=0.0,
        check_seconds=0.0,
    )
