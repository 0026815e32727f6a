"""The number that an attribution explains, as a module of its own, and where a layer method may read it."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from dashboard.inspection.engine.capture import from_grid_maps, grid_maps, read_output
from dashboard.inspection.engine.isolation import isolate
from dashboard.records.network import LayerCall
from models.classifier import Classifier


class ExplainedScore(nn.Module):
    """One logit of an isolated network, its lead over another, or that of several classes together.

    (N, C, H, W) -> (N,). "Why A rather than B" is the attribution of the difference of two logits: it needs no method
    of its own. Several classes have together the logarithm of the sum of the exponentials of their logits: a class of
    that logit beside all others would have the sum of their probabilities.

    Attributes:
        network: isolated.
        target: class index.
        versus: class index whose logit is taken away; None takes none.
        together: class indices of those that are one, in place of the target; empty means the target alone.
    """

    def __init__(
        self, network: nn.Module, target: int, versus: int | None = None, together: tuple[int, ...] = ()
    ) -> None:
        super().__init__()
        self.network = network
        self.target = target
        self.versus = versus
        self.together = together

    @classmethod
    def of(
        cls, classifier: Classifier, target: int, versus: int | None = None, together: tuple[int, ...] = ()
    ) -> ExplainedScore:
        """The explained quantity on a private copy of a classifier's network."""
        return cls(isolate(classifier.module), target, versus, together).eval()

    def forward(self, inputs: Tensor) -> Tensor:  # noqa: D102  # said by the class
        return self.select(self.network(inputs))

    def select(self, logits: Tensor) -> Tensor:
        """The explained quantity among all logits: (N, classes) -> (N,)."""
        explained = logits[:, list(self.together)].logsumexp(1) if self.together else logits[:, self.target]
        return explained if self.versus is None else explained - logits[:, self.versus]


class Tap:
    """A place to read one call of a layer as (N, C, H, W), whatever its own layout.

    Tokens are folded back to their grid and channels-last is turned, both undone behind `grid`, so that what
    Captum hooks always looks like a convolution's output. It hangs on the layer as a hook and takes nobody's
    place: a parent may index, iterate and read its layers as before.

    Attributes:
        grid: the module to read; it hands on what it is given.
    """

    def __init__(self, call: LayerCall, number: int) -> None:
        self.grid = nn.Identity()
        self._call = call
        self._number = number
        self._count = 0

    def restart(self, *_: object) -> None:
        """Count calls from the beginning of a forward pass."""
        self._count = 0

    def read(self, layer: nn.Module, args: Any, output: Any) -> Any:
        """As a forward hook: lead the chosen call's output through the grid, and leave the others alone."""
        self._count += 1
        return read_output(self._call, output, self._through) if self._count == self._number else None

    def _through(self, call: LayerCall, output: Tensor) -> Tensor:
        # A clone, because what follows may write in place, where Captum has put a tensor of its own or reads later.
        return from_grid_maps(self.grid(grid_maps(output, call)), output, call).clone()


def tap(explained: ExplainedScore, call: LayerCall) -> nn.Module:
    """Put a tap on a layer of the explained network; what comes back is the module to read it at."""
    name, _, number = call.name.partition("#")
    hook = Tap(call, int(number or 1))
    # On the network, so that a tap outlives a repair that wraps it.
    explained.network.register_forward_pre_hook(hook.restart)
    explained.network.get_submodule(name).register_forward_hook(hook.read)
    return hook.grid
