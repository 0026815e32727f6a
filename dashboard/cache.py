"""The one place that caches what is light to make: networks on board, pictures as they are seen, answers.

Keys are names and digests. Everybody shares one record, which nobody changes: a copy for each visitor and each run of
a page would cost memory for as long as a visit is remembered, and time. Heavy results are kept by `jobs`.

Tensors are made in two threads of its own. Each run of a page is a new thread, and glibc gives threads memory from
places of their own, up to eight for each core: tensors in all of them leave holes in all of them. Of what 20 visitors
add to the memory of 2, that was a quarter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
import streamlit as st
from PIL import Image, ImageOps

from dashboard import pictures
from dashboard.records.architecture import Architecture
from dashboard.records.learning import StepAnswers
from dashboard.records.network import Facts, Survey
from dashboard.records.pictures import NetworkInput, Prediction
from models.classifier import Classifier, ReadyNetwork
from models.datasets.digits import as_digit
from models.history.classifier import Recommender
from models.networks import find_network
from models.photos.decoding import png
from models.photos.decoding import thumbnail as shrink
from models.runtime.progress import Report, silent
from models.runtime.threads import use_threads
from models.table.classifier import TableClassifier
from models.tensorboard.reader import EventReader
from models.text.classifier import TextClassifier
from models.training import runs

# What is known of a network is kept by its key, and by nothing else of it.
BY_KEY: dict[str | type, Callable[[Any], object]] = {
    kind: lambda network: network.key.digest
    for kind in (Classifier, TextClassifier, TableClassifier, Recommender)
}
P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", NetworkInput, Prediction)

THUMBNAIL_SIDE = 224
# Two, so that nobody's first picture waits for somebody's large network alone.
_WORKERS = ThreadPoolExecutor(2, thread_name_prefix="light")


@st.cache_resource(max_entries=4, show_spinner=False)
def classifier(identity: str, content: str = "", _report: Report = silent) -> Classifier:
    """The network of an entry that reads pictures, one for everybody. Raises UserError where its weights cannot be had.

    Args:
        identity: of the entry.
        content: of the entry, so that a file of another content under the same name is loaded anew.
        _report: told how far it is; no part of what is cached.
    """
    from dashboard.inspection.engine import paces

    use_threads()
    paces.remember()
    network: Classifier = find_network(identity).load(_report)
    return network


@st.cache_resource(max_entries=4, show_spinner=False)
def other_network(identity: str, content: str = "") -> ReadyNetwork:
    """The network of an entry that reads no pictures; arguments and errors as of `classifier`."""
    use_threads()
    network: ReadyNetwork = find_network(identity).load(silent)
    return network


def forget(identities: Iterable[str]) -> None:
    """Let go of networks that are deleted."""
    for identity in identities:
        classifier.clear(identity, "")


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_KEY)
def _read(network: Classifier, image: str, digit: bool) -> tuple[NetworkInput, bytes]:
    """A picture as a network reads it, and small: a photo takes long to decode, so one decoding is for both."""
    from dashboard.inspection.prediction import see

    picture = pictures.find(image).open()
    reads = as_digit(picture) if digit else picture
    return _read_only(_run_apart(see, network, reads)), png(shrink(picture, THUMBNAIL_SIDE))


def network_input(network: Classifier, image: str, digit: bool) -> NetworkInput:
    """A picture as a network reads it, turned into a digit first if asked. Raises UserError for a bad picture."""
    return _read(network, image, digit)[0]


def small(network: Classifier, image: str, digit: bool) -> bytes:
    """A picture that a network reads, small, as PNG, as it was before it became a digit."""
    return _read(network, image, digit)[1]


@st.cache_data(max_entries=4096, show_spinner=False)
def is_digit(image: str) -> bool:
    """Whether the photo of an address looks like a digit on paper. Raises UserError for a bad picture."""
    from models.datasets import digits

    return digits.is_digit(pictures.find(image).open())


@st.cache_resource(max_entries=512, show_spinner=False, hash_funcs=BY_KEY)
def prediction(network: Classifier, image: str, digit: bool) -> Prediction:
    """A network's answer to a picture."""
    from dashboard.inspection.prediction import predict

    return _read_only(_run_apart(predict, network, network_input(network, image, digit).inputs))


def _run_apart(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the work returns, done in one of the threads for tensors. It asks for nothing that is cached here."""
    return _WORKERS.submit(work, *args, **kwargs).result()


def _read_only(record: R) -> R:
    """The record, its arrays read-only: a page that writes into what everybody looks at fails at once."""
    for value in vars(record).values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    return record


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=BY_KEY)
def facts(network: Classifier) -> Facts:
    """A network in numbers."""
    from dashboard.inspection.prediction import facts as compute_facts

    return _run_apart(compute_facts, network)


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=BY_KEY)
def survey(network: Classifier, image: str) -> Survey:
    """A network's layers, found with that picture."""
    import torch

    from dashboard.inspection.engine.survey import survey as compute_survey

    inputs = torch.tensor(network_input(network, image, False).inputs)[None]
    return _run_apart(compute_survey, network.module, inputs)


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs=BY_KEY)
def architecture(network: Classifier, image: str) -> Architecture:
    """A network's calls, their costs and what each reads, found with that picture."""
    import torch

    from dashboard.inspection.architecture.trace import architecture as trace

    inputs = torch.tensor(network_input(network, image, False).inputs)[None]
    return _run_apart(trace, network.module, inputs)


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs=BY_KEY)
def other_architecture(network: ReadyNetwork) -> Architecture:
    """Calls and costs of a network that reads no pictures, found with an input that says nothing."""
    from dashboard.inspection.architecture.trace import architecture as trace

    return _run_apart(trace, network.module, network.blank())


@st.cache_data(max_entries=256, show_spinner=False)
def thumbnail(image: str) -> bytes:
    """The middle of a picture, small and square, as PNG. Raises UserError for a bad picture."""
    picture = shrink(pictures.find(image).open(), THUMBNAIL_SIDE)
    return png(ImageOps.fit(picture, (min(picture.size),) * 2))


@st.cache_data(max_entries=256, show_spinner=False)
def enlarged(image: str, side: int) -> bytes:
    """A small square picture, larger and as sharp, as PNG. Raises UserError for a bad picture."""
    return png(pictures.find(image).open().resize((side, side), Image.Resampling.NEAREST))


@st.cache_data(max_entries=1024, show_spinner=False)
def step_answers(run: str, step: int, digest: str, images: tuple[str, ...]) -> StepAnswers:
    """What the network of a run's checkpoint says to pictures. Raises UserError where it cannot be read.

    Args:
        run: its name in the address.
        step: of the checkpoint.
        digest: of its file, so that another one of that step is read anew.
        images: addresses.
    """
    from dashboard.inspection.evaluation.strip import answer_pictures

    of = runs.find(run)
    return _run_apart(
        answer_pictures, of, of.checkpoint(step), [pictures.find(image).open() for image in images]
    )


@st.cache_resource(max_entries=32, show_spinner=False)
def event_reader(folder: str) -> EventReader:
    """The reader of a run's event files, one for everybody: it goes on where it stopped."""
    return EventReader(Path(folder))
