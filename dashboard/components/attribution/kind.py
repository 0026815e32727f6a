"""Any dog as what is explained: the kinds that the explained class falls under, and the choice of one."""

from __future__ import annotations

from dashboard import session
from dashboard.components import choice, say
from dashboard.components.attribution.explain import MapSubject, subject
from dashboard.inspection.kinds import kinds_of
from dashboard.parameters import ANY
from dashboard.view import View
from dashboard.wording import kinds as wording
from dashboard.wording.contract import explained as of_contract
from dashboard.wording.numbers import three_digits
from models.datasets.wordnet import Kind

THE_CLASS = ""


def chosen(view: View) -> Kind | None:
    """The kind of the address; None where it names none that the explained class falls under."""
    return _offered(view).get(ANY.text(view.selection.parameters) or THE_CLASS)


def explained(view: View) -> MapSubject:
    """What the maps of a view explain: its class, or all classes of the chosen kind together."""
    kind = chosen(view)
    if kind is None:
        return subject(view)
    return MapSubject(view, view.target, None, wording.any_of(kind), kind.classes)


def what_is_explained(view: View) -> str:
    """What the maps of the first column explain, as the beginning of a sentence."""
    kind = chosen(view)
    if kind is not None and view.selection.versus is None:
        return wording.explained(view.prediction, kind)
    score = three_digits(float(view.prediction.logits[view.target]))
    return f"Explained is {of_contract(view.classifier.contract)}, which is {score}"


def picker(view: View) -> None:
    """The choice between the class and what it is a kind of; nothing where no kind is known."""
    offered = _offered(view)
    if not offered or view.selection.versus is not None:
        return
    current = chosen(view)
    choice.select(
        "Explain",
        [THE_CLASS, *offered],
        THE_CLASS if current is None else current.synset,
        lambda synset: session.choose_parameter(ANY, synset or None),
        key="explain-any",
        title=lambda synset: (
            f"Explain {wording.offered(view.prediction, offered[synset]) if synset else view.title}"
        ),
        hidden=True,
        text=say.plain("One class, or all that are of a kind by WordNet, together."),
        width=300,
    )


def _offered(view: View) -> dict[str, Kind]:
    if view.classifier.contract.reading != "one of several":
        return {}
    return {kind.synset: kind for kind in kinds_of(view.prediction.classes, view.target)}
