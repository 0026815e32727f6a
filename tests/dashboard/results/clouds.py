"""Features that are typed in, with a photo among them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from dashboard.inspection.passes.pool import Item, Pool
from dashboard.records.embedding import Features, Place
from dashboard.records.network import LayerCall
from dashboard.records.pictures import Prediction
from dashboard.results.embedding import Cloud
from tests.networks import Linear, classifier

NETWORK = classifier(Linear())
CLASSES = ("zero", "=one", "two")


def found(values: Any, labels: Any, answers: Any = None) -> Features:
    values = np.asarray(values, np.float32)
    labels = np.asarray(labels)
    return Features(
        place=Place(LayerCall("head", "Linear", (3,)), reads=True),
        values=values,
        pictures=np.arange(len(values)),
        labels=labels,
        answers=labels if answers is None else np.asarray(answers),
        places=1,
        taken=len(values),
        read=len(values),
        not_finite=0,
        seconds=1.0,
    )


def made(
    features: Features,
    photo: Any = None,
    *,
    image: str = "own",
    winner: int = 0,
    addresses: list[str] | None = None,
) -> Cloud:
    logits = np.zeros(3, np.float32)
    logits[winner] = 1
    view: Any = SimpleNamespace(
        classifier=NETWORK,
        seen=SimpleNamespace(digest=image),
        selection=SimpleNamespace(image=image),
        prediction=Prediction(logits, logits, CLASSES),
        picture=SimpleNamespace(title="Own"),
        digit=False,
    )
    names = addresses or [f"test/{at}" for at in range(len(features))]
    pool = Pool(
        "test pictures",
        "test",
        tuple(Item(name, f"Picture {at}") for at, name in enumerate(names)),
        lambda indices: torch.zeros(len(indices), 1, 8, 8),
    )
    return Cloud(view, pool, features, None if photo is None else np.asarray(photo, np.float32))


LINE = [[0.0], [1], [2], [3], [10], [11]]
