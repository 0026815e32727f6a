"""A text whose words are coloured by what each counts for."""

from __future__ import annotations

import html

import numpy as np

from dashboard.charts.palette import colours_of, ink_on
from models.text.tokenizer import Tokens

# Characters behind the last word that is read, which are shown to say that there is more.
MOST_UNREAD = 400


def coloured(tokens: Tokens, values: np.ndarray, *, signed: bool) -> str:
    """The text as HTML: each word on its colour, on one scale, and in italics what the network does not read.

    Args:
        tokens: the text and where its words stand.
        values: (L,) finite; the end of the scale is the largest without its sign.
        signed: whether below zero means "speaks against".
    """
    limit = float(np.abs(values).max(initial=0.0)) or 1.0
    colours = colours_of(np.asarray(values)[None], limit, signed=signed)[0]
    pieces, behind = [], 0
    for (start, end), value, colour in zip(tokens.spans, values, colours, strict=True):
        pieces.append(_plain(tokens.text[behind:start]))
        ground = "#{:02x}{:02x}{:02x}".format(*(round(share) for share in colour.tolist()))
        pieces.append(
            f'<span style="background-color:{ground};color:{ink_on(ground)};border-radius:3px;padding:0 1px" '
            f'title="{value:+.3g}">{_plain(tokens.text[start:end])}</span>'
        )
        behind = end
    rest = tokens.text[behind:]
    if rest.strip():
        more = " …" if len(rest) > MOST_UNREAD else ""
        pieces.append(f"<i>{_plain(rest[:MOST_UNREAD])}{more}</i>")
    return f'<div style="line-height:1.7;overflow-wrap:anywhere">{"".join(pieces)}</div>'


def _plain(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
