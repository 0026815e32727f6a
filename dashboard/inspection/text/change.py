"""The answer to a text while its words are struck out or replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dashboard.inspection.text.reading import read_text
from dashboard.records.text import TextChange
from models.runtime.errors import UserError
from models.text.networks import TextNetwork
from models.text.tokenizer import UNKNOWN, Tokenizer, Tokens


def change_words(
    network: TextNetwork,
    tokenizer: Tokenizer,
    tokens: Tokens,
    changes: Mapping[int, str | None],
    classes: Sequence[str],
) -> TextChange:
    """The answer before and after some words change; all others keep their places as far as lengths allow.

    A word that is struck out, or replaced by nothing that is a word, is read as one that the network does not know,
    as in every method: taken out of the text, it would move all that follow.

    Args:
        network: shared with other threads; not changed.
        tokenizer: of the network.
        tokens: the text as it was.
        changes: place of a token -> what stands there instead; None where it is struck out.
        classes: one name per logit.

    Raises:
        UserError: where a place is none of the text.
    """
    beyond = [place for place in changes if not 0 <= place < len(tokens)]
    if beyond:
        raise UserError(f"This text has {len(tokens):,} words, so there is no word {beyond[0] + 1:,} in it.")
    replaced = {
        place: word for place, word in changes.items() if word is not None and len(tokenizer.encode(word))
    }
    pieces = [
        tokenizer.encode(replaced[place]).ids
        if place in replaced
        else np.array([UNKNOWN if place in changes else token])
        for place, token in enumerate(tokens.ids)
    ]
    ids = np.concatenate([*pieces, np.array([], np.int64)]).astype(np.int64)
    return TextChange(
        struck=tuple(sorted(changes.keys() - replaced.keys())),
        replaced=tuple(sorted(replaced.items())),
        before=read_text(network, tokens.ids, classes),
        after=read_text(network, ids[: tokenizer.longest], classes),
        unread=max(0, len(ids) - tokenizer.longest),
    )
