"""The one table of methods for histories. An addition is a file beside this one and its entry here."""

from __future__ import annotations

from dashboard.inspection.history import leaving_out, shapley, table_gradients
from dashboard.inspection.history.method import HistoryMethod

HISTORY_METHODS: dict[str, HistoryMethod] = {
    module.METHOD.name: module.METHOD for module in (leaving_out, shapley, table_gradients)
}
