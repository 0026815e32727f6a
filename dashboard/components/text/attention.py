"""Attention: which words each head looks at, from one word or from all together."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts.text.words import coloured
from dashboard.components import choice, say
from dashboard.components.wait import wait
from dashboard.parameters import LOOKS
from dashboard.results import text as results
from dashboard.results.text import TextSubject
from dashboard.wording import text as wording
from dashboard.wording.numbers import shorten

# Words that the sentence names.
NAMED = 3
LONGEST = 24
BESIDE = 2


def draw(subject: TextSubject) -> None:
    """The word that looks, where all heads look together in a sentence, and the text once for each head."""
    found, words = wait(results.attention(subject)), subject.tokens.words
    if found.weights is None:
        say.note(found.refusal)
        return
    place = LOOKS.read(session.settings(), high=len(words)) - 1
    choice.select(
        "Which word looks",
        range(len(words)),
        place if place >= 0 else None,
        lambda chosen: session.choose_parameter(LOOKS, None if chosen is None else chosen + 1),
        key="looks",
        title=lambda chosen: f"{shorten(words[chosen], LONGEST)} ({chosen + 1})",
        optional=True,
        placeholder="All words together",
    )
    # (layers, heads, L): each adds up to 1.
    looked_at = found.weights.mean(2) if place < 0 else found.weights[:, :, place]
    overall = looked_at.mean((0, 1))
    most = np.argsort(-overall, kind="stable")[:NAMED]
    st.subheader(
        say.plain(
            wording.looks(
                [words[where] for where in most],
                float(overall[most].sum()),
                None if place < 0 else words[place],
            )
        )
    )
    st.caption(
        "The bluer a word, the more it is looked at; each head has a scale of its own. Where a network looks is not "
        "what its answer depends on: hold it against what words change."
    )
    heads = [(layer, head) for layer in range(looked_at.shape[0]) for head in range(looked_at.shape[1])]
    for first in range(0, len(heads), BESIDE):
        for column, (layer, head) in zip(
            st.columns(BESIDE, gap="large"), heads[first : first + BESIDE], strict=False
        ):
            with column:
                st.markdown(f"**Head {head + 1}**" + (f" of layer {layer + 1}" if len(looked_at) > 1 else ""))
                st.html(coloured(subject.tokens, looked_at[layer, head]))
