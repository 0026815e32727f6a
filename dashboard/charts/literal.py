"""Text in a figure. What a network or a person named never becomes markup."""

from __future__ import annotations

import html


def literal(text: str) -> str:
    """Text that Plotly, which reads some HTML, shows as it is."""
    return html.escape(" ".join(text.split()), quote=False)
