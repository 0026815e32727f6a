"""How often the network is right, beside a simpler model on the same rows."""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator

from dashboard.components import say
from dashboard.components.wait import wait
from dashboard.results.table import beside_baseline
from dashboard.wording import table as wording
from models.table.classifier import TableClassifier


def draw(place: DeltaGenerator, reader: TableClassifier) -> None:
    """The sentence, in a slot that is kept for it: what it is measured with takes a second to load."""
    place.markdown(say.plain(wording.beside_baseline(wait(beside_baseline(reader), place))))
