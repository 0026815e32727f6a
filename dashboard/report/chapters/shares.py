"""The probabilities of a prediction as bars."""

from __future__ import annotations

from dashboard.records.pictures import Prediction
from dashboard.report.contents import Bar, Bars, Block
from dashboard.wording import answer


def shares(prediction: Prediction, explained: int) -> tuple[Block, ...]:
    """The most probable classes, with the one that is explained.

    Args:
        prediction: of one class of several.
        explained: index of a class.
    """
    return (
        Bars(
            tuple(
                Bar(
                    answer.class_label(prediction, index),
                    answer.bar(prediction, index) or 0.0,
                    answer.figure(prediction, index),
                    index == explained,
                )
                for index in answer.top_classes(prediction, explained)
            )
        ),
    )
