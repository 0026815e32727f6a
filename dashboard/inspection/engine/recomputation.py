"""Networks that compute parts of themselves again in the backward pass."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch.utils.checkpoint import CheckpointError

from models.runtime.errors import UserError


@contextmanager
def refuse_recomputation() -> Iterator[None]:
    """Say in one sentence that hooks have met a part that is computed again, which may not do otherwise then.

    Raises:
        UserError: where torch finds that a part of a network did otherwise the second time.
    """
    try:
        yield
    except CheckpointError as error:
        raise UserError(
            "A part of this network is computed again in the backward pass (torch.utils.checkpoint), and nothing can "
            "be read within it then; build the network without checkpointing."
        ) from error
