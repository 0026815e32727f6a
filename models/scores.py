"""What rows of scores mean, as far as they tell, and logits and probabilities made of them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from models.meaning import Basis, Meaning, Reading
from models.runtime.errors import UserError

# Probabilities add up to one of these: some networks give percentages, whose logarithms differ as well.
WHOLES = (1.0, 100.0)
# Probabilities add up to 1 this well in half precision.
ADDED_UP = 2e-3
# What only changes the shape of scores, by autograd's name.
RESHAPES = {
    "View",
    "UnsafeView",
    "ReshapeAlias",
    "Squeeze",
    "Unsqueeze",
    "Select",
    "Slice",
    "Clone",
    "ToCopy",
    "Alias",
}
# What a person may say of the meaning -> what rows are then, where they are shares between 0 and 1 and where not.
SAID: dict[Meaning, tuple[Meaning | None, Meaning | None]] = {
    "logits": ("logits", "logits"),
    "probabilities": ("probabilities", None),
    "attributes": ("attribute probabilities", "attributes"),
    "yes or no": ("yes or no", "yes or no"),
    "values": ("values", "values"),
}


def last_step(scores: Tensor) -> str:
    """What made a tensor, by autograd's name ("Sigmoid"), behind what only changes its shape; empty if unknown."""
    node: Any = scores.grad_fn
    while node is not None and node.name().rstrip("0123456789").removesuffix("Backward") in RESHAPES:
        node = node.next_functions[0][0]
    return "" if node is None else node.name().rstrip("0123456789").removesuffix("Backward")


def find_meaning(rows: Tensor, shares_each: bool | None) -> tuple[Meaning, Basis, bool]:
    """What rows of scores are, on what ground, and whether a probability is 0 or 1 in float32.

    Args:
        rows: (N, classes).
        shares_each: whether a sigmoid made them; None where no gradient tells.
    """
    rows = rows[~rows.isnan().any(1)]
    shares = rows.double()
    inside = bool(len(rows)) and _is_share(shares)
    if rows.shape[1] == 1:
        ends = bool(((rows == 0) | (rows == 1)).any())
        # One number between 0 and 1 can be a share of anything, too.
        return ("yes or no", "assumed", inside and ends)
    for whole in WHOLES:
        added_up = ((shares.sum(1) / whole - 1).abs() < ADDED_UP).all()
        if bool(len(rows)) and bool(added_up) and bool((shares >= 0).all()):
            return "probabilities", "measured", bool(((rows == 0) | (rows == whole)).any())
    if bool((shares <= 0).all()) and bool((shares.logsumexp(1).abs() < ADDED_UP).all()):
        return "log-probabilities", "measured", bool((rows == 0).any() | rows.isneginf().any())
    # Logits of a network that says little lie between 0 and 1 as well.
    if inside and shares_each is not False:
        basis: Basis = "measured" if shares_each else "assumed"
        return "attribute probabilities", basis, bool(((rows == 0) | (rows == 1)).any())
    # What has the same length for every picture is compared by angles: an embedding.
    if len(rows) and bool(((shares.norm(dim=1) - 1).abs() < ADDED_UP).all()):
        return "values", "assumed", False
    return "logits", "assumed", False


def check_meaning(said: Meaning, rows: Tensor) -> Meaning:
    """What rows of scores are by a person's word.

    Raises:
        UserError: if they cannot be that.
    """
    found = SAID[said][0 if _is_share(rows) else 1]
    if found is None:
        raise UserError(
            f"The network's numbers reach from {float(rows.min()):.3g} to {float(rows.max()):.3g}, so they are no "
            "probabilities; say under Your checkpoint that they mean something else."
        )
    if found == "yes or no" and rows.shape[1] != 1:
        raise UserError(
            f"The network gives {rows.shape[1]:,} numbers, and a yes or no is one; say under Your checkpoint that they "
            "mean something else."
        )
    return found


def to_logits(scores: Tensor, meaning: Meaning) -> Tensor:
    """Scores as logits: numbers whose softmax, or sigmoid where each class is by itself, is the network's answer."""
    if meaning == "probabilities":
        return scores.clamp_min(torch.finfo(scores.dtype).tiny).log()
    if meaning == "attribute probabilities" or (meaning == "yes or no" and _is_share(scores)):
        return torch.logit(scores, eps=torch.finfo(scores.dtype).eps)
    return scores


def to_shares(logits: Tensor, reading: Reading) -> Tensor | None:
    """Logits, (N, classes), as probabilities: of classes that exclude each other, or each by itself; None of values."""
    if reading == "values":
        return None
    return logits.sigmoid() if reading == "each by itself" else logits.softmax(1)


def _is_share(scores: Tensor) -> bool:
    return bool(((scores >= 0) & (scores <= 1)).all())
