"""Networks that recommend, by what somebody chose before, and histories of choices: one entry of a table each."""

from __future__ import annotations

from models.history.histories import LabelledHistories
from models.history.sets import FILMS
from models.zoo.architecture import Architecture

HISTORY_ARCHITECTURES: dict[str, Architecture] = {
    architecture.name: architecture
    for architecture in (
        Architecture(
            "two_towers",
            "Two-tower network",
            "https://doi.org/10.1145/2959100.2959190",
            "models.history.networks:TwoTowers",
        ),
    )
}
HISTORY_SETS: dict[str, LabelledHistories] = {histories.name: histories for histories in (FILMS,)}
