"""What concepts do to a class, in words that claim no more than a rank among random concepts."""

from __future__ import annotations

from dashboard.records.whatif import Concepts, ConceptScore
from dashboard.wording.numbers import enumeration

# Below this, after Holm's correction, a concept is no random one.
SURE = 0.05


def matters(score: ConceptScore) -> bool:
    """Whether it can be told from random concepts."""
    return score.adjusted <= SURE


def headline(found: Concepts, title: str) -> str:
    """Which concepts matter for a class, and for which there is no evidence.

    Args:
        found: by the scores.
        title: of the class.
    """
    told = {name: best for name in found.names if matters(best := _best(found, name))}
    rest = [name for name in found.names if name not in told]
    if not told:
        return f"No evidence that {enumeration(rest)} {_verb('matter', *rest)} for {title}."
    said = [
        f"{name} {_verb('speak', name)} {'for' if score.score >= 0.5 else 'against'} {title} at {score.layer}"
        for name, score in told.items()
    ]
    sentence = enumeration(said)
    none = f" No evidence for {enumeration(rest)}." if rest else ""
    return f"{sentence[:1].upper()}{sentence[1:]}.{none}"


def _verb(verb: str, *names: str) -> str:
    """The verb of one name or of several; stripes and dots are several."""
    return verb if len(names) > 1 or names[0].endswith("s") else f"{verb}s"


def _best(found: Concepts, name: str) -> ConceptScore:
    """The layer at which a concept is farthest from random ones."""
    return min((score for score in found.scores if score.concept == name), key=lambda score: score.adjusted)


def figures(found: Concepts) -> str:
    """The score of each concept, where it is farthest from random ones, beside those of random concepts."""
    best = [_best(found, name) for name in found.names]
    said = "; ".join(
        f"{score.concept} at {score.layer}: {score.score:.2f}, random {score.random.mean():.2f} +- "
        f"{score.random.std():.2f}"
        for score in best
    )
    return f"{said[:1].upper()}{said[1:]}."


def worth(found: Concepts) -> str:
    """How the score is to be read, and what it was held against."""
    asked = len(found.scores)
    return (
        f"A score is the share of {found.class_pictures} pictures of the class whose logit grows along the concept; a "
        f"random concept scores anything from 0 to 1. Each concept of {found.pictures} pictures was told from "
        f"{found.opposites} random sets and ranked, by how much the logit grows, among {len(found.scores[0].random)} "
        f"concepts drawn from pictures of the same kind; probabilities are Holm's for {asked} "
        f"question{'s' * (asked != 1)}."
    )
