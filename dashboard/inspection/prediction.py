"""What a network answers, and what it is in numbers."""

from __future__ import annotations

import hashlib

import numpy as np
import torch
from PIL import Image

from dashboard.records.network import Facts
from dashboard.records.pictures import NetworkInput, Prediction
from models.classifier import Classifier
from models.runtime.errors import UserError
from models.runtime.flops import FlopCounter
from models.scores import to_shares

# A page shows the whole picture at most this wide or high.
SCREEN_SIDE = 800


def see(classifier: Classifier, picture: Image.Image) -> NetworkInput:
    """The picture as the network reads it, and as a person does.

    Args:
        picture: upright, any size and mode.
    """
    inputs = classifier.preprocessing.transforms()(picture)  # (C, H, W)
    whole = picture.convert("RGB")
    whole.thumbnail((SCREEN_SIDE, SCREEN_SIDE))
    array = inputs.numpy()
    return NetworkInput(
        digest=hashlib.sha256(array.tobytes()).hexdigest(),
        inputs=array,
        crop=classifier.preprocessing.display(inputs),
        whole=np.asarray(whole),
        size=picture.size,
        box=classifier.preprocessing.seen(*picture.size),
    )


def predict(classifier: Classifier, inputs: np.ndarray) -> Prediction:
    """The network's answer to one input of shape (C, H, W).

    Raises:
        UserError: if it is no number.
    """
    answer = predict_many(classifier, inputs[None])[0]
    if np.isnan(answer.logits).any():
        raise UserError(
            f"{classifier.title} gives no numbers for this picture (not a number), so there is nothing to show; choose "
            "another picture, or look at its weights."
        )
    return answer


def predict_many(classifier: Classifier, inputs: np.ndarray) -> list[Prediction]:
    """The network's answers to a batch of shape (N, C, H, W), in order."""
    # no_grad, not inference_mode: tensors made there could never enter autograd later.
    with torch.no_grad():
        logits = classifier.module(torch.tensor(inputs)).float()  # (N, classes)
    return read_logits(classifier, logits.numpy())


def read_logits(classifier: Classifier, scores: np.ndarray) -> list[Prediction]:
    """Answers from what the network gave, (N, classes), in order."""
    reading = classifier.contract.reading
    shares = to_shares(torch.from_numpy(scores), reading)
    return [
        Prediction(row, None if shares is None else shares[at].numpy(), classifier.classes, reading)
        for at, row in enumerate(scores)
    ]


def facts(classifier: Classifier) -> Facts:
    """Size and cost of a network. FLOPs count convolutions and matrix products of one forward pass."""
    module = classifier.module
    shape = (classifier.preprocessing.channels, *classifier.preprocessing.size)
    with torch.enable_grad(), FlopCounter() as counter:
        # An input that wants a gradient keeps a whole encoder layer off its fused path, which has no formula.
        module(torch.zeros(1, *shape).requires_grad_())
    # What nobody sees into keeps its tensors to itself.
    tensors = classifier.weights.tensors.values() if classifier.sealed else module.parameters()
    return Facts(
        parameters=sum(tensor.numel() for tensor in tensors),
        flops=counter.total + getattr(module, "flops", 0),
        input_shape=shape,
        classes=len(classifier.classes),
    )
