"""What the words of one text count for, from a network and tokens to a record with its outcome."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from dashboard.inspection.attribution.completeness import Change
from dashboard.inspection.attribution.method import Parameters
from dashboard.inspection.attribution.outcome import Evidence, judge
from dashboard.inspection.attribution.sampling import agreement
from dashboard.inspection.engine.progress import Progress, ignore, report_passes
from dashboard.inspection.text.method import NO_WORDS, RawTextAttribution, TextMethod, TextTask
from dashboard.inspection.text.reading import read_text
from dashboard.records.attribution import Outcome
from dashboard.records.text import TextAttribution
from models.text.networks import TextNetwork
from models.text.tokenizer import SPECIAL, Tokens

NOTHING_TO_HIDE = (
    "The network knows no word of this text, and a word that it does not know stands for nothing."
)


@dataclass(frozen=True)
class TextRequest:
    """What is to be explained, and how.

    Attributes:
        target: class index.
        versus: class index for "why target rather than versus", or None.
        parameters: of the method's own class.
    """

    target: int
    versus: int | None = None
    parameters: Parameters = field(default_factory=Parameters)


def attribute(
    network: TextNetwork,
    tokens: Tokens,
    *,
    method: TextMethod,
    request: TextRequest,
    progress: Progress = ignore,
) -> TextAttribution:
    """What each part of a text counts for, and what that is worth.

    Args:
        network: shared with other threads; not changed.
        tokens: the text as it reads it.
        method: of the table.
        request: what to explain; its parameters are of the method's class.
        progress: called before each pass; what it raises ends the work.
    """
    if not len(tokens):
        return _refusal(method, NO_WORDS, _explained(network, tokens, request))
    started = time.perf_counter()
    task = TextTask.of(
        network,
        tokens,
        target=request.target,
        versus=request.versus,
        parameters=request.parameters,
        progress=progress,
    )
    with torch.no_grad():
        logits = task.network(task.ids)
    explained = float(task.explained.select(logits)[0])
    limit = method.limit(task.network)
    if limit:
        return _refusal(method, limit, explained)
    report_passes(method.texts(request.parameters, len(task.parts)), progress, task.explained.network)
    with torch.set_grad_enabled(method.differentiates):
        raw = method.run(task)
    if raw.baseline is not None and bool((task.ids == raw.baseline).all()):
        return _refusal(method, NOTHING_TO_HIDE, explained)
    values, nothing = raw.values.numpy(), _nothing(task, raw)
    outcome = _judge(raw, logits, explained, nothing)
    return TextAttribution(
        method=method.name,
        parts=task.parts,
        values=None if outcome.kind == "refused" else values,
        signed=method.signed,
        outcome=outcome,
        explained=explained,
        nothing=nothing,
        baseline="" if raw.baseline is None else SPECIAL[raw.baseline],
        errors=None if raw.errors is None else raw.errors.numpy(),
        samples=raw.samples,
        seconds=time.perf_counter() - started,
    )


def _nothing(task: TextTask, raw: RawTextAttribution) -> float | None:
    """The network's own answer to a text of the baseline, whose mask is made of the baseline then.

    Values that end somewhere else, because a method put vectors behind a mask that they would not have, miss it.
    """
    if raw.baseline is None:
        return None
    with torch.no_grad():
        return float(task.explained.select(task.network(torch.full_like(task.ids, raw.baseline)))[0])


def _judge(raw: RawTextAttribution, logits: Tensor, explained: float, nothing: float | None) -> Outcome:
    gap = None
    if raw.complete and nothing is not None:
        change = Change(explained - nothing, float(logits.max() - logits.min()))
        gap = change.gap(float(raw.values.sum()))
    evidence = Evidence(
        gap=gap,
        agreement=None if raw.halves is None else agreement(lambda half: half, raw.halves),
        warning=raw.warning,
        size=float(logits.abs().max()),
        of="text",
    )
    # Beside a place where there is no word: equal words may have equal values.
    return judge(np.append(raw.values.numpy(), 0.0), evidence)


def _explained(network: TextNetwork, tokens: Tokens, request: TextRequest) -> float:
    logits = read_text(network, tokens.ids, ()).logits
    return float(logits[request.target] - (0.0 if request.versus is None else logits[request.versus]))


def _refusal(method: TextMethod, reason: str, explained: float) -> TextAttribution:
    return TextAttribution(method.name, (), None, method.signed, Outcome("refused", reason), explained)
