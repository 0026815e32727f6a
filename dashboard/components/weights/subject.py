"""What the Weights page looks at: a set of weights, which need not belong to any known network."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from dashboard import session
from dashboard.components import choice, say, tables
from dashboard.components.look import find_view, load_any
from dashboard.components.wait import wait
from dashboard.parameters import TENSOR, TENSORS, Number, Option, Parameter, merge
from dashboard.records.weights import Distributions, TensorFacts
from dashboard.results import weights as results
from dashboard.selection import Selection
from dashboard.view import View
from dashboard.wording.weights import shape
from models.checkpoints import as_networks as checkpoints
from models.classifier import ReadyNetwork, Weights
from models.networks import find_network
from models.photos.uploads import SCHEME
from models.runtime.errors import UserError

K = TypeVar("K", bound=str)


@dataclass(frozen=True, eq=False)
class WeightsSubject:
    """Weights to look at.

    Attributes:
        weights: names and tensors.
        title: as on the page.
        selection: what the address says.
        calls: names of the network's layers, as the address knows them.
        network: that the weights belong to; None for a file that matches no network.
        view: network and picture; None where no network reads a picture.
    """

    weights: Weights
    title: str
    selection: Selection
    calls: frozenset[str] = frozenset()
    network: ReadyNetwork | None = None
    view: View | None = None

    @property
    def of(self) -> results.Tensors:
        """The network that the weights belong to, or the weights where there is none."""
        return self.network or self.weights


def of_network(view: View) -> WeightsSubject:
    """The weights of the network that is looked at."""
    calls, weights = frozenset(call.name for call in view.survey.calls), view.classifier.weights.effective
    return WeightsSubject(weights, view.model.title, view.selection, calls, view.classifier, view)


def _of_any(selection: Selection) -> WeightsSubject:
    """The weights of the network that is looked at, whatever it reads."""
    view = find_view(selection)
    if view is not None:
        return of_network(view)
    network = load_any(find_network(selection.model))
    return WeightsSubject(network.weights.effective, network.title, selection, network=network)


def subject_of(selection: Selection) -> WeightsSubject:
    """The weights of the network that is looked at, or of a file of tensors that is no network known here."""
    digest = TENSORS.text(selection.parameters)
    if digest is None:
        return _of_any(selection)
    try:
        subject = of_file(SCHEME + digest, selection)
    except UserError as refusal:
        say.warning(str(refusal))
        return _of_any(selection)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(say.plain(f"Tensors of {subject.title}, looked at without a network."))
        st.button(
            "Back to the network",
            icon=":material/undo:",
            on_click=session.choose_parameter,
            args=(TENSORS, None),
        )
    return subject


def of_file(address: str, selection: Selection) -> WeightsSubject:
    """The tensors of a file that this visitor brought. Raises UserError if this server does not hold it."""
    held = checkpoints.find_checkpoint(address, session.owner())
    return WeightsSubject(checkpoints.weights(held.address).effective, held.upload.name, selection)


def summarise(subject: WeightsSubject) -> Distributions:
    """How the numbers of all its tensors are spread, with progress."""
    return wait(results.distributions(subject.of))


def mark(name: str) -> str:
    """What the address calls a tensor: names can be longer than it takes."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def current_tensor(subject: WeightsSubject, known: Sequence[TensorFacts]) -> TensorFacts | None:
    """Which of these tensors the address means: the one named, the chosen layer's, or the first; None of none."""
    digest = TENSOR.text(subject.selection.parameters)
    layer = subject.selection.layer and subject.selection.layer.partition("#")[0]
    own = [tensor for tensor in known if tensor.layer == layer] if layer else []
    marked = [tensor for tensor in own or known if mark(tensor.name) == digest]
    return next(iter([*marked, *own, *known]), None)


def choose_tensor(
    subject: WeightsSubject,
    name: str,
    unit: int | None = None,
    also: Mapping[Parameter[Any], str] | None = None,
) -> None:
    """Look at a tensor, and on every page at its layer, where the network has it. For callbacks."""
    owner = name.rpartition(".")[0]
    layer = next((call for call in (owner, f"{owner}#1") if call in subject.calls), None)
    settings = merge(session.settings(), {TENSOR: mark(name), **(also or {})})
    session.choose(layer=layer, unit=unit, parameters=settings)


def tensor_picker(
    subject: WeightsSubject, known: Sequence[TensorFacts], label: str = "Tensor"
) -> TensorFacts | None:
    """The choice of one of these tensors."""
    current = current_tensor(subject, known)
    if current is None:
        return None
    tensors = {tensor.name: tensor for tensor in known}
    choice.select(
        label,
        list(tensors),
        current.name,
        lambda name: choose_tensor(subject, name),
        key="tensor",
        title=lambda name: f"{name}  {shape(tensors[name])}",
        text="Type to find one. The layer is chosen on every page.",
    )
    return current


def tensor_table(
    subject: WeightsSubject,
    columns: Mapping[str, Sequence[object]],
    current: str | None,
    *,
    name: str,
    config: dict[str, Any],
    alt: str,
    caption: str = "",
) -> None:
    """A table of tensors: a ticked row chooses its tensor, and a button takes the table away.

    Args:
        subject: what is looked at.
        columns: name -> cells; the first holds the names of the tensors.
        current: the name of the chosen one.
        name: of the file, and of both widgets.
        config: how a column is written, by its name.
        alt: what it shows, in words.
        caption: a line between table and button.
    """
    names = list(map(str, next(iter(columns.values()))))
    tables.pick(
        columns,
        key=f"{name}-table",
        choose=lambda row: choose_tensor(subject, names[row]),
        chosen=[names.index(current)] if current in names else [],
        config=config,
        alt=alt,
    )
    if caption:
        st.caption(caption)
    tables.take_away(columns, name, f"{name}-csv", of=subject.of.key)


def segments(label: str, parameter: Option, options: Mapping[K, str], text: str | None = None) -> K:
    """A choice of one of a few options; its widget has a name of this page's."""
    return choice.segments(label, parameter, options, text=text, key=f"weights-{parameter.name}")


def page_bounds(parameter: Number, count: int, most: int, what: str) -> tuple[int, int]:
    """Which of many things are shown: first and behind the last; a choice of the page where there are several."""
    pages = -(-count // most)
    current = parameter.read(session.settings(), high=max(pages, 1))
    key = f"weights-{parameter.name}"
    if pages > 1:
        st.select_slider(
            f"{what} ({count:,})",
            list(range(1, pages + 1)),
            format_func=lambda page: f"{(page - 1) * most + 1} to {min(page * most, count)}",
            key=session.control(key, current),
            on_change=lambda: session.choose_parameter(parameter, session.entry(key)),
        )
    return (current - 1) * most, min(current * most, count)
