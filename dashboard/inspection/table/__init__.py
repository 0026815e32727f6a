"""The one table of methods for rows of tables. An addition is a file beside this one and its entry here."""

from __future__ import annotations

from dashboard.inspection.table import ablation, deep_lift, integrated_gradients, shapley
from dashboard.inspection.table.method import TableMethod

TABLE_METHODS: dict[str, TableMethod] = {
    module.METHOD.name: module.METHOD for module in (shapley, integrated_gradients, deep_lift, ablation)
}
# What columns are put in order by before anybody chooses.
FIRST = next(iter(TABLE_METHODS.values()))
