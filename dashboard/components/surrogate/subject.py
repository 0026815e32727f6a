"""What a tree is grown from: the controls of its features and its layer, and the jobs behind it."""

from __future__ import annotations

from dashboard import session
from dashboard.components import choice, layers, say
from dashboard.components.wait import wait, wait_or_end
from dashboard.inspection.surrogate import verdict
from dashboard.inspection.surrogate.features import FEATURES as KINDS
from dashboard.parameters import FEATURES
from dashboard.records.surrogate import Readings, Surrogate
from dashboard.results import surrogate as results
from dashboard.results.surrogate import Imitation
from dashboard.view import View


def choose_imitation(view: View) -> Imitation:
    """The features and the layer of the address, with the controls that choose others."""
    _features(view)
    subject = results.imitation(view, session.own_pictures(), session.owner())
    if subject.call is not None and verdict.too_few(subject.sample) is None:
        layers.picker(view, subject.call.name)
    return subject


def _features(view: View) -> None:
    offered, current = results.kinds(view), results.chosen_kind(view)
    wanted = FEATURES.text(view.selection.parameters) or current
    if len(offered) > 1:
        choice.segments(
            "The tree asks about",
            FEATURES,
            {name: kind.title for name, kind in offered.items()},
            text="A tree can only use what it may ask about; questions about units of a layer are closer to what the "
            "network itself does, and further from what a person sees.",
        )
    if wanted not in KINDS:
        say.warning(f"There are no features called {wanted!r}; choose one of {', '.join(offered)}.")
    elif wanted not in offered:
        say.note(
            f"{KINDS[wanted].title} are for small grey pictures; {view.model.title} is asked about "
            f"{offered[current].title.lower()}."
        )


def refusal(subject: Imitation) -> str | None:
    """Why there is no tree; None where there is one."""
    return results.refusal(subject, lambda: readings(subject))


def readings(subject: Imitation) -> Readings:
    """What the network answers to all pictures. The visitor may stop the pass, and the page then ends here."""
    return wait_or_end(results.readings(subject))


def tree(subject: Imitation) -> Surrogate:
    """The tree, of full depth."""
    return wait(results.tree(subject, readings(subject)))


def photo(subject: Imitation) -> Readings:
    """The chosen photo, as the others are read."""
    return wait(results.photo(subject))
