"""A text whose words are coloured by what each counts for."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable, Mapping

import numpy as np

from dashboard.charts.palette import colours_of, ink_on
from models.text.tokenizer import Tokens

# Characters behind the last word that is read, which are shown to say that there is more.
MOST_UNREAD = 400


def coloured(tokens: Tokens, values: np.ndarray) -> str:
    """The text as HTML: each word on its colour, on one scale, and in italics what the network does not read.

    Args:
        tokens: the text and where its words stand.
        values: (L,) finite; the end of the scale is the largest without its sign. Words at 0 keep the neutral ground
            of a scale with two ends also where none is below 0: text on a scale from dark to light is hard to read.
    """
    limit = float(np.abs(values).max(initial=0.0)) or 1.0
    colours = colours_of(np.asarray(values)[None], limit, signed=True)[0]
    pieces, behind = [], 0
    for (start, end), value, colour in zip(tokens.spans, values, colours, strict=True):
        pieces.append(_plain(tokens.text[behind:start]))
        ground = "#{:02x}{:02x}{:02x}".format(*(round(share) for share in colour.tolist()))
        pieces.append(
            f'<span style="background-color:{ground};color:{ink_on(ground)};border-radius:3px;padding:0 1px" '
            f'title="{value:+.3g}">{_plain(tokens.text[start:end])}</span>'
        )
        behind = end
    return _paragraph([*pieces, _unread(tokens.text[behind:])])


def edited(tokens: Tokens, struck: Collection[int], replaced: Mapping[int, str]) -> str:
    """The text as HTML, words that are struck out crossed, and those that stand instead of others in their places.

    Args:
        tokens: the text as it was.
        struck: places of tokens.
        replaced: place of a token -> what stands there instead.
    """
    pieces, behind = [], 0
    for place, (start, end) in enumerate(tokens.spans):
        word = _plain(tokens.text[start:end])
        pieces.append(_plain(tokens.text[behind:start]))
        gone = place in struck or place in replaced
        pieces.append(f"<s>{word}</s>" if gone else word)
        if place in replaced:
            pieces.append(f" <ins>{_plain(replaced[place])}</ins>")
        behind = end
    return _paragraph([*pieces, _unread(tokens.text[behind:])])


def _unread(rest: str) -> str:
    if not rest.strip():
        return ""
    return f"<i>{_plain(rest[:MOST_UNREAD])}{' …' if len(rest) > MOST_UNREAD else ''}</i>"


def _paragraph(pieces: Iterable[str]) -> str:
    return f'<div style="line-height:1.7;overflow-wrap:anywhere">{"".join(pieces)}</div>'


def _plain(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
