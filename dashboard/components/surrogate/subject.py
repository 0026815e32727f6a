"""What a tree is grown from: the controls of its features and its layer, and the jobs behind it."""

from __future__ import annotations

from dashboard import session
from dashboard.components import choice, layers, say
from dashboard.components.look import View
from dashboard.components.wait import slot, stoppable, wait
from dashboard.inspection.surrogate import verdict
from dashboard.inspection.surrogate.features import FEATURES as KINDS
from dashboard.parameters import FEATURES
from dashboard.records.surrogate import Readings, Surrogate
from dashboard.results import surrogate as orders
from dashboard.results.surrogate import Subject


def chosen(view: View) -> Subject:
    """The features and the layer of the address, with the controls that choose others."""
    _features(view)
    subject = orders.asked(view, session.own_pictures(), session.owner())
    if subject.call is not None and verdict.too_few(subject.sample) is None:
        layers.picker(view, subject.call.name)
    return subject


def _features(view: View) -> None:
    offered, current = orders.offered(view), orders.chosen(view)
    named = FEATURES.text(view.selection.parameters) or current
    if len(offered) > 1:
        choice.segments(
            "The tree asks about",
            FEATURES,
            {name: kind.title for name, kind in offered.items()},
            text="A tree can only use what it may ask about; questions about units of a layer are closer to what the "
            "network itself does, and further from what a person sees.",
        )
    if named not in KINDS:
        say.warning(f"There are no features called {named!r}; choose one of {', '.join(offered)}.")
    elif named not in offered:
        say.note(
            f"{KINDS[named].title} are for small grey pictures; {view.model.title} is asked about "
            f"{offered[current].title.lower()}."
        )


def refused(subject: Subject) -> str | None:
    """Why there is no tree; None where there is one."""
    return orders.refused(subject, lambda: readings(subject))


def readings(subject: Subject) -> Readings:
    """What the network answers to all pictures. The visitor may stop the pass, and the page then ends here."""
    order = orders.readings(subject)
    return stoppable(order.key, order.work, order.what)


def grown(subject: Subject) -> Surrogate:
    """The tree, of full depth."""
    order = orders.tree(subject, readings(subject))
    return wait(order.submit, order.what, slot())


def photo(subject: Subject) -> Readings:
    """The chosen photo, as the others are read."""
    order = orders.photo(subject)
    return wait(order.submit, order.what, slot())
