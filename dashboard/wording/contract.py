"""What a trial found of a network, what is said of it, and what speaks against its answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.wording.numbers import percent, shape, short_title, three_digits
from models.meaning import Basis, Claims, Meaning
from models.preprocessing import PLANES

if TYPE_CHECKING:
    from models.contract import Contract
    from models.preprocessing import Preprocessing

# Names of buffers that are listed; the rest are counted.
LISTED = 2
# What numbers mean, in words.
MEANINGS: dict[Meaning, str] = {
    "logits": "scores of classes, one of which is right; their softmax makes probabilities",
    "log-probabilities": "logarithms of probabilities of classes, one of which is right",
    "probabilities": "probabilities of classes, one of which is right; no softmax is applied again",
    "attributes": "scores of attributes, each by itself; a sigmoid makes a probability of each",
    "attribute probabilities": "probabilities of attributes, each by itself; no sigmoid is applied again",
    "yes or no": "one score of a yes or no, whose sigmoid is the probability of yes",
    "values": "values: no classes, and no probabilities",
}
# The same in some words, of what a trial cannot tell.
ASSUMPTIONS: dict[Meaning, str] = {
    "logits": "that its numbers are scores of classes",
    "yes or no": "that its one number is a yes or no",
}
# What a map explains.
EXPLAINED: dict[Meaning, str] = {
    "logits": "the class's score before the softmax (its logit)",
    "log-probabilities": "the logarithm of the class's probability",
    "probabilities": "the logarithm of the class's probability, which differs between classes as their scores do",
    "attributes": "the attribute's score before the sigmoid (its logit)",
    "attribute probabilities": "the logarithm of the attribute's odds, worked out from its probability",
    "yes or no": "half of the score before the sigmoid, for yes or against it",
    "values": "the value itself",
}
# The same where the network's last module is an activation, whose own input is read.
BEFORE_ACTIVATION: dict[Meaning, str] = {
    "probabilities": EXPLAINED["logits"],
    "log-probabilities": EXPLAINED["logits"],
    "attribute probabilities": EXPLAINED["attributes"],
}


@dataclass(frozen=True)
class Doubt:
    """What speaks against an answer before its numbers are looked at.

    Attributes:
        opening: how a headline begins, before a colon.
        of_map: a sentence that stands before a map.
    """

    opening: str
    of_map: str


UNTRAINED = Doubt(
    "Untrained, so this is a guess",
    "The network is untrained: the map shows what random weights make of the picture.",
)
COLLAPSED = Doubt(
    "The same answer to every photo of a trial",
    "Every photo of a trial gets the same answer, so nothing in this one decides it.",
)
RANDOM = Doubt(
    "Random, so this is one answer of many",
    "The network answers the same picture anew each time, and its map changes with that.",
)
BY_BATCH = Doubt(
    "Depends on the other pictures of a batch; of this one alone",
    "The network answers by the other pictures of a batch, and its map changes with them.",
)
FOREIGN = Doubt(
    "Not a picture it knows, so this is a guess",
    "The network was not made for such pictures: the map shows what it makes of one all the same.",
)


def doubts(contract: Contract, *, trained: bool, foreign: bool) -> list[Doubt]:
    """What speaks against an answer, the gravest first.

    Args:
        contract: of the network.
        trained: whether anybody trained it.
        foreign: whether the picture is of no kind that it knows.
    """
    random, by_batch = contract.random, not contract.steady and not contract.random
    found = {
        UNTRAINED: not trained,
        COLLAPSED: contract.collapsed,
        RANDOM: random,
        BY_BATCH: by_batch,
        FOREIGN: foreign,
    }
    return [doubt for doubt, holds in found.items() if holds]


def cautions(contract: Contract) -> list[str]:
    """A sentence for each thing that must be known of a network wherever it answers."""
    sentences = []
    if contract.random:
        sentences.append(
            "This network is random: two passes over the same picture differ by "
            f"{percent(contract.repeated)} of the spread of its scores. Every number here is of one pass."
        )
    elif not contract.steady:
        sentences.append(
            "This network's answer depends on the rest of the batch: alone and among other pictures, its scores differ "
            f"by {percent(contract.batched)} of their spread. Every picture is shown to it alone where that can be."
        )
    if contract.rewritten:
        sentences.append(
            f"A pass changes what this network holds ({_names(contract.rewritten)}), so its answer may depend on what "
            "it was shown before; here, each pass begins with the file's numbers."
        )
    if contract.lossy:
        sentences.append(
            "Some of its probabilities are exactly 0 or 1, because that is as far as 32 bits go: what lies behind them "
            "is lost, and a map of such a class shows what rounding has left."
        )
    if contract.unfinished:
        sentences.append(
            f"Of the scores of a trial on photos, {percent(contract.unfinished)} were infinite or not numbers; nothing "
            "is made of those."
        )
    if contract.collapsed:
        sentences.append(
            f"Every photo of a trial got the same answer: no number moved by more than {three_digits(contract.moved)}."
        )
    return sentences


def explained(contract: Contract) -> str:
    """What a map explains, in words."""
    return (EXPLAINED | BEFORE_ACTIVATION if contract.final else EXPLAINED)[contract.meaning]


@dataclass(frozen=True)
class Entry:
    """One thing that is known of a network.

    Attributes:
        what: it is about.
        found: what is known.
        basis: on what ground.
        assumption: what it is where it is assumed, in some words.
    """

    what: str
    found: str
    basis: Basis
    assumption: str = ""


def entries(
    contract: Contract, claims: Claims, preprocessing: Preprocessing, classes: Sequence[str]
) -> list[Entry]:
    """All that is known of how a network takes pictures and answers, and on what ground."""
    height, width = preprocessing.size
    colours = "in colour" if preprocessing.colours > 1 else "in grey"
    wide = shape((preprocessing.channels, height, width))
    rows = [
        Entry("It reads", f"{colours}, {wide} (channels, height, width)", "measured"),
        Entry("Size", _size(preprocessing), claims.size, f"an input of {height} x {width} px"),
        Entry(
            "Normalisation", _normalisation(preprocessing), claims.normalisation, "the usual normalisation"
        ),
        _outputs(contract, claims, len(classes)),
        Entry("They mean", MEANINGS[contract.meaning], contract.basis, ASSUMPTIONS.get(contract.meaning, "")),
        Entry("Names", _names(classes), claims.classes, "the names of classes"),
        Entry("Steadiness", _steadiness(contract), "measured"),
        Entry("Gradient", _gradient(contract), "measured"),
    ]
    if claims.activation:
        rows.append(
            Entry(
                "Between its layers",
                claims.activation,
                claims.activated,
                f"its activation function ({claims.activation})",
            )
        )
    if claims.stem:
        rows.append(
            Entry(
                "Its first layer",
                f"3 x 3, {claims.stem}",
                claims.stemmed,
                f"what its first layer does ({claims.stem})",
            )
        )
    if preprocessing.planes:
        rows.append(Entry("Its channels", _planes(preprocessing), claims.channels, "what its channels hold"))
    if contract.channels_last:
        turned = "height, width, channels: pictures are turned to that before they go in"
        rows.append(Entry("Order of its axes", turned, "measured"))
    if contract.takes != "float32" or contract.dtype != "float32":
        rows.append(Entry("Its numbers", _numbers(contract), "measured"))
    if contract.singly:
        rows.append(
            Entry("At a time", "one picture: several are shown to it one after the other", "measured")
        )
    if contract.writes_input:
        rows.append(Entry("Its input", "it writes into what it is given, so it is given a copy", "measured"))
    if contract.rewritten:
        rows.append(
            Entry(
                "Its buffers",
                f"a pass changes {len(contract.rewritten)}: {_names(contract.rewritten)}",
                "measured",
            )
        )
    return rows


# What can be learnt of a network without its layers, and how to get at them.
BESIDE = (
    "Its answers are explained all the same, by pictures that it is shown: Attribution hides parts of the photo, What "
    "if changes them, and Evaluation counts its mistakes. To see its layers, bring what it was exported from: a "
    "checkpoint of PyTorch, or a Keras file."
)


def sealed(title: str, why: str) -> str:
    """The headline where a network has no layers that can be looked at."""
    return f"No layer of {short_title(title)} can be looked at: {why}."


def assumptions(rows: Sequence[Entry]) -> str:
    """What is assumed of a network, as a sentence; empty where nothing is."""
    assumed = [entry.assumption for entry in rows if entry.basis == "assumed" and entry.assumption]
    return f"Assumed, because the file does not tell: {', '.join(assumed)}." if assumed else ""


def tally(rows: Sequence[Entry]) -> str:
    """How many entries have which ground."""
    grounds = [entry.basis for entry in rows]
    return ", ".join(
        f"{grounds.count(basis)} {basis}" for basis in dict.fromkeys(sorted(grounds, key=ORDER.index))
    )


ORDER: tuple[Basis, ...] = ("measured", "told by the file", "said by a person", "assumed")


def _size(preprocessing: Preprocessing) -> str:
    height, width = preprocessing.size
    resize = preprocessing.resize
    if not isinstance(resize, int):
        return f"{height} x {width} px, the whole picture squashed to that"
    return f"{height} x {width} px, the middle of a picture whose shorter side has {resize}"


def _planes(preprocessing: Preprocessing) -> str:
    """What each channel holds, in words."""
    *first, last = [PLANES[plane] for plane in preprocessing.planes]
    return f"hold {', '.join(first)} and {last}"


def _normalisation(preprocessing: Preprocessing) -> str:
    mean, std = (
        ", ".join(three_digits(number) for number in numbers)
        for numbers in (preprocessing.mean, preprocessing.std)
    )
    return f"colours from 0 to 1, less {mean}, over {std}"


def _outputs(contract: Contract, claims: Claims, classes: int) -> Entry:
    count = contract.outputs or classes
    where = f", found at {contract.member} of what comes out" if contract.member else ""
    others = f"; {' and '.join(contract.rivals)} may be meant as well" if contract.rivals else ""
    lost = "" if contract.rows else ", put into rows of one picture each"
    found = f"{count:,} {'number' if count == 1 else 'numbers'} a picture{where}{others}{lost}"
    guessed: Basis = "assumed" if contract.rivals else "measured"
    return Entry(
        "It gives",
        found,
        "said by a person" if claims.member else guessed,
        f"that its scores stand at {contract.member}, not at {' or '.join(contract.rivals)}",
    )


def _numbers(contract: Contract) -> str:
    takes = (
        "" if contract.takes == "float32" else f"it reads {contract.takes}, to which pictures are converted"
    )
    gives = "" if contract.dtype == "float32" else f"it gives {contract.dtype}, shown as float32"
    return "; ".join(filter(None, (takes, gives)))


def _steadiness(contract: Contract) -> str:
    if contract.steady:
        return "the same picture gets the same answer, alone and among others"
    if contract.random:
        return f"random: two passes over one picture differ by {percent(contract.repeated)} of the spread of its scores"
    return f"the rest of the batch moves scores by {percent(contract.batched)} of their spread"


def _gradient(contract: Contract) -> str:
    return "reaches the picture" if contract.gradient else f"does not reach the picture: {contract.obstacle}"


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED:,} more" if len(names) > LISTED else ""
    return f"{', '.join(names[:LISTED])}{more}"
