"""Networks that read rows of tables, and tables with labels: one file and one entry of a table each."""

from __future__ import annotations

from models.table.sets import BREAST_CANCER, DIGITS, IRIS, WINE
from models.table.tables import LabelledTable
from models.zoo.architecture import Architecture

TABLE_ARCHITECTURES: dict[str, Architecture] = {
    architecture.name: architecture
    for architecture in (
        Architecture(
            "table_mlp", "Table MLP", "https://doi.org/10.1038/323533a0", "models.table.networks:TableMLP"
        ),
        Architecture(
            "table_linear",
            "Table linear",
            "https://doi.org/10.1111/j.2517-6161.1958.tb00292.x",
            "models.table.networks:TableLinear",
            "",
        ),
    )
}
TABLE_SETS: dict[str, LabelledTable] = {table.name: table for table in (BREAST_CANCER, WINE, IRIS, DIGITS)}
