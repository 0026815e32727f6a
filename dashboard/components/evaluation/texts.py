"""How good a network for texts is on labelled texts, beside its baseline, and where it errs."""

from __future__ import annotations

import numpy as np

from dashboard.components import look
from dashboard.components.evaluation import measured
from dashboard.components.text import intake
from dashboard.components.wait import wait_or_end
from dashboard.results import evaluation as results
from dashboard.selection import Selection
from dashboard.wording.evaluation import beside_baseline
from models.kinds import KINDS
from models.runtime.progress import silent
from models.text import TEXT_SETS
from models.text.baseline import shipped_baseline
from models.text.classifier import TextClassifier

# Characters of a text that stand in a row of the table.
BEGINNING = 160


def draw(selection: Selection) -> None:
    """The whole view."""
    network = look.network(selection, TextClassifier)
    texts = TEXT_SETS[network.fits]
    evaluation = wait_or_end(results.text_evaluation(network, texts, intake.SPLIT))
    baseline = shipped_baseline(texts.name)
    beside = (
        "" if baseline is None else beside_baseline(evaluation.accuracy, baseline, KINDS[network.reads].many)
    )
    measured.draw(network, evaluation, texts.title, beside)

    def begins(places: np.ndarray) -> dict[str, list[object]]:
        contents = texts.load(silent).texts[intake.SPLIT]
        return {"Begins": [" ".join(contents[place].split())[:BEGINNING] for place in places]}

    measured.mistakes(network, evaluation, choose=intake.look_at, more=begins)
