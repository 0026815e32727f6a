"""Every method on every network on board: a map or a reason, no trace, progress, threads."""

from __future__ import annotations

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from dashboard.inspection.attribution import METHODS, run
from dashboard.inspection.attribution.method import Method, RawAttribution
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.attribution.saliency import gradient
from dashboard.inspection.engine import batch_size
from dashboard.inspection.engine.progress import report_passes
from dashboard.records.network import Survey
from models.classifier import Classifier
from models.networks import with_contract
from models.runtime.progress import silent
from models.runtime.randomness import fork_rng
from models.zoo.small import ACTIVATIONS, ARCHITECTURES
from models.zoo.small.entries import entries
from tests.networks import ConvNet, Linear, built, classifier, explain, hooks, pixels, surveyed, untouched

every_method = pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)

# Coarse, so that large networks are quick; settings that a method does not have are passed over.
FEW = {"layer_steps": "10", "n_parts": "4", "n_perturbations": "24", "n_permutations": "4", "n_masks": "24"}
COARSE = {"n_steps": "10", "window": "96", "stride": "96", "n_copies": "10", "n_points": "10", **FEW}
QUICK = {"n_steps": "20", "window": "4", "stride": "4", **FEW}


def _shap(task):
    from captum.attr import GradientShap

    start = torch.zeros(4, *task.inputs.shape[1:])
    return RawAttribution(
        GradientShap(task.explained).attribute(task.inputs.clone(), start, n_samples=6, stdevs=0.1)
    )


SAMPLED = dataclasses.replace(
    METHODS["saliency"], name="sampled", signed=True, sampled=True, run=_shap, pictures=lambda *_: 6
)


TINY = surveyed(classifier(built(ConvNet)), pixels())


# A refusal looks at no picture.
every_able_method = pytest.mark.parametrize(
    "method",
    [method for method in METHODS.values() if method.refusal(TINY) is None],
    ids=lambda method: method.name,
)


@pytest.fixture(scope="module")
def surveyed_once():
    """The survey of a network, which is the same for every method: made once for each name and size."""
    surveys: dict[tuple[str, tuple[int, ...]], Survey] = {}

    def once(of: Classifier, inputs: np.ndarray) -> Survey:
        place = of.name, inputs.shape
        if place not in surveys:
            surveys[place] = surveyed(of, inputs)
        return surveys[place]

    return once


def request(method: Method, side: int, texts=QUICK, target: int = 0) -> Request:
    return Request(target, parameters=method.settings(texts, (side, side)))


def pictures(method: Method, settings, sides: tuple[int, int], survey: Survey) -> int:
    """As foretold, at the layer that the method reads unless told otherwise."""
    layer = survey.find(survey.default_layer or "") if method.needs_layer else None
    return method.work(settings, sides, layer)


def tiny_map(method: Method, *, network=ConvNet, **kwargs):
    of = classifier(built(network))
    return attribute(
        of, pixels(), method=method, request=request(method, 8), survey=surveyed(of, pixels()), **kwargs
    )


def plugged(values, **changes) -> Method:
    """A method that finds these values, whatever it is asked."""
    return dataclasses.replace(
        METHODS["saliency"], run=lambda task: RawAttribution(torch.as_tensor(values), **changes), signed=True
    )


def check(found, side: int) -> None:
    if found.values is None:
        assert (found.outcome.kind, found.raw) == ("refused", None)
        assert found.outcome.reason.endswith(".")
        return
    assert (found.values.shape, found.values.dtype) == ((side, side), np.float32)
    assert np.isfinite(found.values).all()
    assert found.signed or found.values.min() >= 0
    assert found.seconds > 0 and found.check_seconds > 0
    assert found.nbytes >= found.values.nbytes + found.raw.nbytes


@pytest.mark.slow
@every_method
@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_small_networks(surveyed_once, entry, method):
    of = entry.load(silent)
    inputs, target = pixels(side=28), 7
    survey = surveyed_once(of, inputs)
    with untouched(of.module):
        found = attribute(
            of, inputs, method=method, request=request(method, 28, target=target), survey=survey
        )
    check(found, 28)
    with torch.no_grad():
        assert found.explained == pytest.approx(float(of.module(torch.tensor(inputs)[None])[0, target]))
    assert (found.method, found.signed) == (method.name, method.signed)


@pytest.mark.slow
@every_method
@pytest.mark.parametrize("name", ["efficientnet_lite0", "squeezenet1_1"])
def test_embedded_networks(embedded, panda, surveyed_once, name, method):
    of = embedded(name)
    inputs = panda(of)
    survey = surveyed_once(of, inputs)
    with untouched(of.module):
        ask = request(method, 224, COARSE, 388)
        # A method that takes a pass for each channel reads a layer of few.
        few = min(survey.grid_calls(), key=lambda call: call.channels).name if method.cost == "slow" else None
        ask = dataclasses.replace(ask, layer=few)
        found = attribute(of, inputs, method=method, request=ask, survey=survey)
    check(found, 224)
    refused_beforehand = method.refusal(survey) is not None
    assert (
        found.outcome.kind != "refused" or refused_beforehand or "completeness gap" in found.outcome.measures
    )


@pytest.mark.slow
@every_method
def test_the_input_is_not_changed_and_may_be_read_only(method):
    inputs = pixels()
    inputs.setflags(write=False)
    of = classifier(built(ConvNet))
    attribute(of, inputs, method=method, request=request(method, 8), survey=surveyed(of, inputs))
    assert np.array_equal(inputs, pixels())


class CancelError(Exception):
    pass


@pytest.fixture
def seen(monkeypatch) -> list[int]:
    """How many pictures each pass of a method shows to the network; none has more than fit into one pass."""
    counts: list[int] = []
    usual = report_passes

    def count_and_report(foretold, progress, *networks):
        for network in networks:
            network.register_forward_pre_hook(lambda network, args: counts.append(len(args[0])))
        return usual(foretold, progress, *networks)

    monkeypatch.setattr(run, "report_passes", count_and_report)
    monkeypatch.setattr(batch_size, "fastest_batch", lambda *_, **given: batch_size.Batch(64, 0.0))
    return counts


@pytest.mark.slow
@every_able_method
def test_progress_rises_from_zero_once_per_pass(method, seen):
    shares: list[float] = []
    tiny_map(method, progress=shares.append)
    foretold = pictures(method, method.settings(QUICK, (8, 8)), (8, 8), TINY)
    assert shares == pytest.approx([sum(seen[:begun]) / foretold for begun in range(len(seen))])


@pytest.mark.slow
@pytest.mark.parametrize("sides", [(8, 8), (28, 28), (9, 14)])
@pytest.mark.parametrize("texts", [{}, {"window": "5", "stride": "3"}, {"window": "112"}, {"n_steps": "20"}])
@every_able_method
def test_pictures_are_foretold(surveyed_once, method, texts, sides, seen):
    of = classifier(built(ConvNet))
    of = dataclasses.replace(of, preprocessing=dataclasses.replace(of.preprocessing, size=sides))
    inputs = pixels(side=28)[:, : sides[0], : sides[1]].copy()
    settings = method.settings(texts, sides)
    ask = Request(0, parameters=settings)
    survey = surveyed_once(of, inputs)
    attribute(of, inputs, method=method, request=ask, survey=survey)
    foretold = pictures(method, settings, sides, survey)
    assert sum(seen) == foretold or (method.adaptive and sum(seen) < foretold)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "at"),
    [
        pytest.param(method, at, id=f"{method.name}-{at}")
        for method in METHODS.values()
        for at in ((1, 2) if method.cost == "instant" else (1, 2, 3))
        if method.refusal(TINY) is None and at <= pictures(method, method.defaults((8, 8)), (8, 8), TINY)
    ],
)
def test_what_progress_raises_ends_the_computation_there_without_a_trace(method, at, monkeypatch):
    monkeypatch.setattr(batch_size, "fastest_batch", lambda *_, **given: batch_size.Batch(1, 0.0))
    of = classifier(built(ConvNet))
    survey = surveyed(of, pixels())
    begun = []

    def cancel(share: float) -> None:
        begun.append(share)
        if len(begun) == at:
            raise CancelError

    with untouched(of.module), pytest.raises(CancelError):
        attribute(of, pixels(), method=method, request=request(method, 8), survey=survey, progress=cancel)
    assert len(begun) == at


def test_a_sampled_method_is_repeatable_and_private_also_when_cancelled():
    of = classifier(built(ConvNet))
    survey = surveyed(of, pixels())

    def sampled(progress=lambda share: None):
        return attribute(of, pixels(), method=SAMPLED, request=Request(0), survey=survey, progress=progress)

    def cancel(share):
        raise CancelError

    with untouched(of.module):
        first = sampled()
        with fork_rng(5):
            again = sampled()
        assert np.array_equal(first.values, again.values)
        with pytest.raises(CancelError):
            sampled(cancel)


def test_nan_is_refused_with_its_count():
    values = torch.ones(1, 1, 8, 8)
    values[0, 0, 2, 3] = torch.nan
    found = tiny_map(plugged(values))
    assert (found.values, found.raw) == (None, None)
    assert "1 values" in found.outcome.reason


@pytest.mark.parametrize("value", [0.0, 3.0])
def test_a_constant_is_refused(value):
    assert tiny_map(plugged(torch.full((1, 1, 4, 4), value))).outcome.kind == "refused"


def test_garbage_that_promises_to_add_up_is_refused():
    garbage = torch.from_numpy(np.random.default_rng(0).normal(size=(1, 1, 8, 8)))
    kept = tiny_map(plugged(garbage))
    assert kept.outcome.kind == "clean" and kept.values.dtype == np.float32
    found = tiny_map(plugged(garbage, baseline=torch.zeros(1, 1, 8, 8), complete=True))
    assert (found.outcome.kind, found.values) == ("refused", None)
    assert found.outcome.measures["completeness gap"] > 0.25
    assert found.baseline.shape == (8, 8, 3)


TWIN = dataclasses.replace(
    METHODS["saliency"],
    run=lambda task: RawAttribution(1.000001 * gradient(task)),
    twin=("the plain gradient", gradient),
)


def test_a_twin_counts_against_a_map_only_where_they_must_differ():
    assert "the plain gradient" in tiny_map(TWIN).outcome.reason
    assert tiny_map(TWIN, network=Linear).outcome.kind == "clean"


def test_a_twin_that_differs_is_no_twin():
    other = dataclasses.replace(TWIN, run=lambda task: RawAttribution(1.001 * gradient(task)))
    assert tiny_map(other).outcome.kind == "clean"


def test_a_method_that_trains_or_hooks_its_copy_leaves_no_trace():
    def vandal(task):
        network = task.explained.network
        network.requires_grad_()
        for layer in network.modules():
            layer.register_forward_hook(lambda *_: None)
        task.explained(task.inputs).sum().backward()
        network.act1 = nn.Sigmoid()
        return RawAttribution(gradient(task))

    of = classifier(built(ConvNet))
    survey = surveyed(of, pixels())
    with untouched(of.module):
        method = dataclasses.replace(METHODS["saliency"], run=vandal, pictures=lambda *_: 2)
        attribute(of, pixels(), method=method, request=Request(0), survey=survey)


def test_a_layer_without_a_grid_is_not_read():
    of = classifier(built(ConvNet))
    with pytest.raises(AssertionError, match="head"):
        attribute(
            of,
            pixels(),
            method=METHODS["grad_cam"],
            request=Request(0, layer="head"),
            survey=surveyed(of, pixels()),
        )


def in_eight_threads(work, tasks):
    """All answers, with eight threads that begin together."""
    gate = threading.Barrier(8)

    def one(index):
        gate.wait(30)
        return work(tasks[index])

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, range(8)))


@pytest.mark.slow
def test_eight_threads_on_one_small_network_give_the_serial_answers():
    of = classifier(built(ConvNet), side=28)
    inputs = pixels(side=28)
    survey = surveyed(of, inputs)
    methods = (*METHODS.values(), SAMPLED)

    def one(method: Method, target: int):
        ask = Request(target, (target + 1) % 3, parameters=method.settings(QUICK, (28, 28)))
        return attribute(of, inputs, method=method, request=ask, survey=survey)

    def several(first: int):
        order = [methods[(first + index) % len(methods)] for index in range(len(methods))]
        return {(method.name, target): one(method, target) for target in range(3) for method in order}

    serial = several(0)
    with untouched(of.module):
        for answers in in_eight_threads(several, range(8)):
            for key, found in answers.items():
                assert found.outcome == serial[key].outcome, key
                if found.values is not None:
                    assert np.array_equal(found.values, serial[key].values), key
    assert hooks(of.module) == 0


@pytest.mark.slow
def test_eight_threads_on_one_photo_network_give_the_serial_answers(embedded, panda):
    of = embedded("squeezenet1_1")
    inputs = panda(of)
    survey = surveyed(of, inputs)
    names = ["saliency", "guided_backprop", "grad_cam", "guided_backprop"] * 2

    def one(name: str):
        return attribute(of, inputs, method=METHODS[name], request=Request(388), survey=survey)

    serial = {name: one(name) for name in set(names)}
    with untouched(of.module):
        for name, found in zip(names, in_eight_threads(one, names), strict=True):
            assert np.allclose(
                found.values, serial[name].values, rtol=1e-5, atol=1e-6 * serial[name].values.max()
            )


def asked_of(of: Classifier, method: Method) -> dict[str, Any]:
    """What `attribute` is asked for, for a small map of a network for 8x8 pixels."""
    return {"method": method, "request": request(method, 8), "survey": surveyed(of, pixels())}


@pytest.mark.parametrize("name", ["occlusion", "integrated_gradients", "layer_conductance", "score_cam"])
def test_a_map_is_expected_to_take_as_long_as_its_pictures(name, monkeypatch):
    monkeypatch.setattr(batch_size, "_BATCHES", {})
    of, method = classifier(built(ConvNet)), METHODS[name]
    asked = asked_of(of, method)
    assert run.expected_seconds(of, pixels(), **asked) is None
    attribute(of, pixels(), **asked)
    (batch,) = batch_size._BATCHES.values()
    assert batch.seconds is not None
    pieces = pictures(method, method.settings(QUICK, (8, 8)), (8, 8), TINY)
    assert run.expected_seconds(of, pixels(), **asked) == pytest.approx(batch.seconds * pieces)


@pytest.mark.parametrize("name", ["occlusion", "integrated_gradients", "score_cam"])
def test_a_preview_does_not_wait_until_the_pace_is_measured(name, monkeypatch):
    monkeypatch.setattr(batch_size, "_BATCHES", {})
    of, method = classifier(built(ConvNet)), METHODS[name]
    ask = asked_of(of, method)
    shares: list[float] = []
    hasty = attribute(of, pixels(), **ask, hasty=True, progress=shares.append)
    assert not batch_size._BATCHES
    assert shares[0] == 0 and 0 < shares[-1] < 1
    whole = attribute(of, pixels(), **ask)
    assert batch_size._BATCHES
    assert hasty.values is not None and whole.values is not None
    assert np.allclose(hasty.values, whole.values, atol=1e-5 * np.abs(whole.values).max())


def test_a_preview_computes_at_a_pace_that_is_known(monkeypatch):
    of, method = classifier(built(ConvNet)), METHODS["occlusion"]
    ask = asked_of(of, method)
    asked: list[str] = []

    def known(*_: object, use: str, **given: object) -> batch_size.Batch:
        asked.append(use)
        return batch_size.Batch(5, 0.0)

    monkeypatch.setattr(batch_size, "known_batch", known)
    monkeypatch.setattr(batch_size, "fastest_batch", known)
    attribute(of, pixels(), **ask, hasty=True)
    # Whether it is known, to measure it, for the map, and for its checks.
    assert asked == ["near answers"] * 4


class Ending(ConvNet):
    """A ConvNet that hands on something made of its logits."""

    def __init__(self, ending: Any) -> None:
        super().__init__()
        self.ending = ending

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        made: torch.Tensor = self.ending(super().forward(inputs))
        return made


def contrast(name: str, of: Classifier, inputs: np.ndarray) -> np.ndarray:
    values = explain(name, of, inputs, target=1, versus=2).values
    assert values is not None
    return values


@pytest.mark.parametrize(
    "name", ["saliency", "input_x_gradient", "integrated_gradients", "occlusion", "grad_cam"]
)
@pytest.mark.parametrize(
    "ending",
    [lambda logits: logits.softmax(1), nn.Softmax(1), lambda logits: logits.log_softmax(1)],
    ids=["softmax", "Softmax", "log_softmax"],
)
def test_why_rather_is_the_same_map_whether_a_network_ends_in_a_softmax_or_not(name, ending):
    inputs = pixels()
    plain = contrast(name, classifier(built(ConvNet)), inputs)
    ended = with_contract(classifier(built(lambda: Ending(ending))))
    assert ended.contract.meaning in ("probabilities", "log-probabilities")
    assert np.abs(contrast(name, ended, inputs) - plain).max() <= 1e-5 * max(np.abs(plain).max(), 1.0)


def test_a_map_of_a_random_network_is_made_twice_and_marked():
    class Noisy(ConvNet):
        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            return nn.functional.dropout(super().forward(inputs), 0.5, training=True)

    of = with_contract(classifier(built(Noisy)))
    assert of.contract.random
    outcome = explain("saliency", of, pixels()).outcome
    assert outcome.kind != "clean" and "its scores move by" in outcome.reason
    plain = explain("saliency", classifier(built(ConvNet)), pixels()).outcome
    assert "agreement with itself made again" not in plain.measures


def test_a_map_of_a_network_that_answers_by_its_batch_is_marked():
    class ByBatch(ConvNet):
        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            logits = super().forward(inputs)
            return logits + logits.mean(0)

    of = with_contract(classifier(built(ByBatch)))
    assert not of.contract.random and not of.contract.steady
    outcome = explain("saliency", of, pixels()).outcome
    assert outcome.kind == "marked" and "by the rest of the batch" in outcome.reason


# Methods whose rules are made for ReLU, and those that need attention.
FOR_RELU = {"guided_backprop", "guided_grad_cam", "deconvolution"}
NO_RULE = {name: {"lrp"} for name in ("gelu", "silu", "sigmoid")}


@pytest.mark.slow
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_method_has_a_map_or_a_reason_whatever_the_activation_function(activation):
    architecture = dataclasses.replace(ARCHITECTURES["lenet5"], activation=activation)
    of, inputs = classifier(built(architecture.build), side=28, classes=10), pixels(side=28)
    survey = surveyed(of, inputs)
    reasons = {name: method.refusal(survey) for name, method in METHODS.items()}
    refused = {name for name, reason in reasons.items() if reason is not None}
    own = set() if activation == "relu" else FOR_RELU
    assert refused == own | {"attention_rollout"} | NO_RULE.get(activation, set())
    assert all(ACTIVATIONS[activation].module in (reasons[name] or "") for name in own)
    for name in METHODS.keys() - refused:
        request = Request(3, parameters=METHODS[name].settings(QUICK, (28, 28)))
        assert attribute(of, inputs, method=METHODS[name], request=request, survey=survey).outcome.kind


@pytest.mark.parametrize("name", ["saliency", "grad_cam", "occlusion", "deep_lift"])
def test_a_network_that_computes_in_16_bits_has_the_maps_of_its_rounded_numbers(name):
    class Narrow(ConvNet):
        def forward(self, inputs):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                return super().forward(inputs)

    of = with_contract(classifier(built(Narrow)))
    narrow, wide = explain(name, of, pixels()), explain(name, classifier(built(ConvNet)), pixels())
    assert narrow.values is not None and wide.values is not None and narrow.values.dtype == np.float32
    assert np.corrcoef(narrow.values.ravel(), wide.values.ravel())[0, 1] > 0.9


def test_what_a_brought_network_does_to_a_method_is_a_reason_and_of_one_that_ships_an_error():
    def fail(task):
        raise ValueError("no such step")

    method, ours = dataclasses.replace(METHODS["saliency"], run=fail), classifier(built(ConvNet))
    with pytest.raises(ValueError, match="no such step"):
        attribute(ours, pixels(), method=method, request=Request(0), survey=TINY)
    brought = dataclasses.replace(ours, contract=dataclasses.replace(ours.contract))
    found = attribute(brought, pixels(), method=method, request=Request(0), survey=TINY)
    assert (found.outcome.kind, found.outcome.reason) == (
        "refused",
        "It cannot follow this network: no such step.",
    )
    assert found.values is None
