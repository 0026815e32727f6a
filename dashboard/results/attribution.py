"""Maps of attribution: which, with which settings, and the work that makes one."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.method import Method, Parameters
from dashboard.inspection.attribution.run import Request, attribute, expected_seconds
from dashboard.inspection.kinds import kinds_of
from dashboard.parameters import ANY
from dashboard.records.attribution import Attribution
from dashboard.records.network import LayerCall
from dashboard.results.result import Result
from dashboard.view import View
from models.datasets.wordnet import Kind
from models.runtime.errors import UserError

# Shown until a person chooses: where it looks, and how much each pixel counts.
DEFAULT_METHODS = 2


@dataclass(frozen=True, eq=False, kw_only=True)
class Map(Result[Attribution]):
    """One map.

    Attributes:
        view: network and picture.
        method: of the table.
        request: what of a class is explained, and how.
    """

    view: View
    method: Method
    request: Request

    @property
    def pictures(self) -> int:
        """How many the network sees for it, at most."""
        return self.method.work(self.request.parameters, self.view.classifier.preprocessing.size, self._layer)

    @property
    def seconds(self) -> float | None:
        """How long it takes, at most where the method is adaptive; None where nobody has measured that yet."""
        view = self.view
        return expected_seconds(
            view.classifier, view.seen.inputs, method=self.method, request=self.request, survey=view.survey
        )

    def preview(self) -> Map | None:
        """The coarse map to look at until this one is there; None where there is none or no need."""
        size = self.view.classifier.preprocessing.size
        coarse = self.method.coarse(self.request.parameters, size, self._layer)
        if coarse is None or self.is_kept:
            return None
        request = dataclasses.replace(self.request, parameters=coarse)
        return attribution(self.view, self.method, request, preview=True)

    @property
    def _layer(self) -> LayerCall | None:
        layer = self.request.layer
        return None if layer is None else self.view.survey.find(layer)


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


def request(
    view: View, method: Method, target: int, versus: int | None = None, together: tuple[int, ...] = ()
) -> Request:
    """What is explained of a class, or of several together, with the settings and the layer of the address."""
    parameters, _ = settings(method, view)
    return Request(target, versus, view.gridded_layer if method.needs_layer else None, parameters, together)


def kinds(view: View) -> dict[str, Kind]:
    """What the explained class is a kind of, by WordNet's numbers, the nearest first."""
    if view.classifier.contract.reading != "one of several":
        return {}
    return {kind.synset: kind for kind in kinds_of(view.prediction.classes, view.target)}


def kind(view: View) -> Kind | None:
    """The kind of the address, all classes of which are explained together; None where it names none that fits."""
    if view.selection.versus is not None:
        return None
    return kinds(view).get(ANY.text(view.selection.parameters) or "")


def attribution(view: View, method: Method, request: Request, *, preview: bool = False) -> Map:
    """One map; a quick one waits for no slow one, and a preview for nothing but other previews."""
    return Map(
        of=view.classifier.key,
        kind="map",
        details=(view.seen.digest, method.name, request),
        work=lambda report: attribute(
            view.classifier,
            view.seen.inputs,
            method=method,
            request=request,
            survey=view.survey,
            hasty=preview,
            progress=report,
        ),
        what=method.title,
        lane="preview" if preview else "quick" if method.cost == "instant" else "slow",
        view=view,
        method=method,
        request=request,
    )
