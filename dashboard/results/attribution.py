"""Maps of attribution: which, with which settings, and the work that makes one."""

from __future__ import annotations

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.method import Method, Parameters
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.jobs import Lane
from dashboard.records.attribution import Attribution
from dashboard.results.result import Order
from dashboard.view import View
from models.runtime.errors import UserError

# Shown until a person chooses: where it looks, and how much each pixel counts.
DEFAULT_METHODS = 2


def methods(view: View) -> list[Method]:
    """The methods of the address, or the first that this network allows."""
    named = [METHODS[name] for name in view.selection.methods]
    return (
        named
        or [method for method in METHODS.values() if method.refusal(view.survey) is None][:DEFAULT_METHODS]
    )


def settings(method: Method, view: View) -> tuple[Parameters, str | None]:
    """A method's settings from the address, or its defaults and a sentence on what was wrong there."""
    size = view.classifier.preprocessing.size
    try:
        return method.settings(view.selection.parameters, size), None
    except UserError as refusal:
        return method.defaults(size), str(refusal)


def requested(view: View, method: Method, target: int, versus: int | None = None) -> Request:
    """What is explained of a class, with the settings and the layer of the address."""
    parameters, _ = settings(method, view)
    return Request(target, versus, view.gridded_layer if method.needs_layer else None, parameters)


def attribution(view: View, method: Method, request: Request, *, preview: bool = False) -> Order[Attribution]:
    """One map; a quick one waits for no slow one, and a preview for nothing but other previews."""
    lane: Lane = "quick" if method.cost == "instant" else "slow"
    return Order(
        ("map", view.classifier.key, view.seen.digest, method.name, request),
        lambda report: attribute(
            view.classifier,
            view.seen.inputs,
            method=method,
            request=request,
            survey=view.survey,
            hasty=preview,
            progress=report,
        ),
        method.title,
        "preview" if preview else lane,
    )
