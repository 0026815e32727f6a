"""How far maps can be believed, measured on the network itself."""

from __future__ import annotations

import numpy as np

from dashboard.inspection.faithfulness.measure import measure
from dashboard.records.attribution import Faithfulness
from dashboard.results.attribution import Map
from dashboard.results.result import Result


def faithfulness(of: Map, values: np.ndarray) -> Result[Faithfulness]:
    """The measures of one map.

    Args:
        of: how it was made.
        values: (H, W), what came of it.
    """
    view = of.view
    return Result(
        of.of,
        "faithfulness",
        of.details,
        lambda report: measure(
            view.classifier,
            view.seen.inputs,
            values,
            method=of.method,
            request=of.request,
            survey=view.survey,
            progress=report,
        ),
        f"Measuring {of.method.title}",
        "slow",
    )
