"""What the network answers, and how sure it is: the sentence on top, and the most probable classes."""

from __future__ import annotations

import streamlit as st

from dashboard.components import say
from dashboard.inspection.kinds import seen_kind
from dashboard.records.pictures import Prediction
from dashboard.view import View, mismatch
from dashboard.wording import answer, kinds
from dashboard.wording.contract import Doubt
from dashboard.wording.contract import doubts as find_doubts


def headline(view: View) -> None:
    """The answer as the page's heading."""
    st.header(say.plain(answer.headline(view.model.title, view.prediction, doubts(view))))


def doubts(view: View) -> list[Doubt]:
    """What speaks against the answer, the gravest first."""
    contract, foreign = view.classifier.contract, mismatch(view) is not None
    return find_doubts(contract, trained=view.model.trained, foreign=foreign)


def caution(view: View) -> None:
    """A warning where photo and network do not belong together."""
    sentence = mismatch(view)
    if sentence is not None:
        say.warning(sentence)


def kind(prediction: Prediction) -> None:
    """What the classes say together, above them; nothing where no kind is known."""
    seen = seen_kind(prediction)
    if seen is not None:
        st.markdown(f"**{say.plain(kinds.seen(prediction, seen))}**", help=say.plain(kinds.basis(seen)))


def classes(prediction: Prediction, *, explained: int) -> None:
    """The most probable classes, the best on top, as bars of their shares; values as numbers. The explained is bold.

    These are Streamlit's own bars: the first page need not wait for a library of charts.
    """
    for index in answer.top_classes(prediction, explained):
        name = say.plain(answer.class_label(prediction, index))
        said = f"{f'**{name}**' if index == explained else name} · {answer.figure(prediction, index)}"
        length = answer.bar(prediction, index)
        if length is None:
            st.markdown(said)
        else:
            st.progress(length, text=said)
