"""What an address may name: networks, pictures, methods and runs. Nothing heavy is loaded to tell."""

from __future__ import annotations

from dashboard import pictures
from dashboard.inspection.attribution import METHODS
from dashboard.runs import find_source
from dashboard.selection import Known
from models import zoo
from models.networks import find_network
from models.runtime.errors import UserError


def _known_method(name: str) -> None:
    if name not in METHODS:
        raise UserError(f"There is no method called {name[:40]!r}; choose one of {', '.join(METHODS)}.")


KNOWN = Known(
    model=lambda name: pictures.start(find_network(name).fits),
    image=pictures.find,
    method=_known_method,
    run=find_source,
    default_model=zoo.DEFAULT,
)
