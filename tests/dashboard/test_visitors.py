"""Ten visitors at once through the gate that the pages use: right answers, in turn."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.engine.survey import survey
from dashboard.inspection.prediction import predict, see
from dashboard.jobs import Gate
from models import datasets
from models.networks import find_network
from models.runtime.progress import silent

VISITORS = 10


@pytest.mark.slow
def test_ten_visitors_at_once_get_the_answers_that_each_would_get_alone():
    classifier = find_network("cnn").load(silent)
    pictures = [datasets.find_dataset("mnist-10k").picture("test", index)[0] for index in range(VISITORS)]
    inputs = [see(classifier, picture).inputs for picture in pictures]
    layers = survey(classifier.module, torch.tensor(inputs[0])[None])
    allowed = [method for method in METHODS.values() if method.refusal(layers) is None]
    methods = [allowed[number % len(allowed)] for number in range(VISITORS)]
    running, most = 0, 0
    count = threading.Lock()

    def answer(number: int) -> np.ndarray:
        nonlocal running, most
        with count:
            running += 1
            most = max(most, running)
        method, own = methods[number], inputs[number]
        request = Request(predict(classifier, own).winner, parameters=method.defaults((28, 28)))
        found = attribute(classifier, own, method=method, request=request, survey=layers)
        with count:
            running -= 1
        return np.zeros((28, 28)) if found.values is None else found.values

    alone = [answer(number) for number in range(VISITORS)]
    most = 0
    gate = Gate({"slow": 1})

    def visit(number: int) -> np.ndarray:
        job = gate.submit(("visitor", number), lambda report: answer(number), lane="slow")
        while not job.wait(0.05):
            pass
        return job.result()

    with ThreadPoolExecutor(VISITORS) as visitors:
        together = list(visitors.map(visit, range(VISITORS)))
    assert most == 1
    for number, (one, other) in enumerate(zip(alone, together, strict=True)):
        np.testing.assert_array_equal(one, other, err_msg=methods[number].name)
