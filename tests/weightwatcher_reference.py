"""What weightwatcher says of networks on board: `python -m tests.weightwatcher_reference` writes it down for the tests.

weightwatcher brings pandas, Matplotlib and more, too much for a test's environment; its answers are kept instead.
Install it beside the project to write them anew.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

from torch import nn

from dashboard.inspection.weights.power_law import FEWEST
from models.networks import find_network
from models.runtime.progress import silent

FILE = Path(__file__).parent / "dashboard" / "inspection" / "weights" / "weightwatcher.json"
NETWORKS = ("mlp", "vit", "efficientnet_lite0")


def main() -> None:
    """Measure the dense layers, whose matrices both read alike, and write."""
    import weightwatcher

    found: dict[str, object] = {"weightwatcher": version("weightwatcher")}
    for name in NETWORKS:
        module = find_network(name).load(silent).module
        details = weightwatcher.WeightWatcher(model=module).analyze(min_evals=FEWEST)
        found[name] = {
            f"{row.longname}.weight": {
                "alpha": float(row.alpha),
                "xmin": float(row.xmin),
                "distance": float(row.D),
                "tail": int(row.num_pl_spikes),
                "stable_rank": float(row.stable_rank),
            }
            for row in details.itertuples()
            if isinstance(module.get_submodule(row.longname), nn.Linear)
        }
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
