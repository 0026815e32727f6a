"""The architectures that checkpoints are compared with: ours, torchvision's, timm's and the operator's."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from models.checkpoints.custom_head import ACTIVATION, HEAD, USUAL_ACTIVATION, with_head
from models.checkpoints.keras.network import KerasNetwork
from models.checkpoints.onnx.network import OnnxNetwork
from models.checkpoints.small_stem import SIDE, STEM, USUAL_STEM, with_stem
from models.preprocessing import Preprocessing

if TYPE_CHECKING:
    from torch import nn

    from models.checkpoints.known import Entry

# Prefix of the architectures that the operator named.
OWN = "own"
# Prefixes of networks whose files say how they compute, and the options with which they are built.
KERAS, ONNX = "keras-file", "onnx-file"
NETWORK, SIZE = "network", "size"
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
# As Caffe's networks read pictures, blue first: bytes less the mean of ImageNet.
CAFFE = ((123.68 / 255, 116.779 / 255, 103.939 / 255), (1 / 255,) * 3)
BLUE_FIRST = "bgr"
MNIST = ((0.1307,) * 3, (0.3081,) * 3)
RANGES = {"half": ((0.5,) * 3, (0.5,) * 3), "imagenet": IMAGENET, "caffe": CAFFE, "mnist": MNIST}
Options = Mapping[str, Any]
FileNetwork = KerasNetwork | OnnxNetwork


@dataclass(frozen=True)
class Library:
    """A collection of architectures that are found by name.

    Attributes:
        name: prefix of its names, without the slash.
        version: of what is installed.
        names: every architecture, with the options that change its tensors.
        build: an architecture with so many classes, its weights not worth anything.
        usual: what it does to a picture where nothing else is known.
        title: of an architecture, as on the page.
        channels: the option that says how many channels of a picture the first layer reads; empty where it is fixed.
        mark: of an architecture's code, where the library has no version.
    """

    name: str
    version: Callable[[], str]
    names: Callable[[], list[tuple[str, Options]]]
    build: Callable[[str, int, Options], nn.Module]
    usual: Callable[[str, Options], Preprocessing]
    title: Callable[[str], str]
    channels: str = ""
    mark: Callable[[str], str] = lambda name: ""


def _small_names() -> list[tuple[str, Options]]:
    from models.zoo.small import ARCHITECTURES

    return [(name, {"channels": channels}) for name in ARCHITECTURES for channels in (1, 3)]


def _small_build(name: str, classes: int, options: Options) -> nn.Module:
    from models.zoo.small import ARCHITECTURES

    architecture = ARCHITECTURES[name]
    asked = options.get(ACTIVATION, architecture.activation)
    return dataclasses.replace(architecture, activation=asked).build(classes, options["channels"])


def activation_of(name: str, options: Options) -> str:
    """The activation function that an architecture of ours, or a head of a file's own, has unless it is told otherwise.

    Empty where the code of a library tells it.
    """
    from models.zoo.small import ARCHITECTURES

    if HEAD in options:
        return USUAL_ACTIVATION if options[HEAD].activated else ""
    library, _, bare = name.partition("/")
    return ARCHITECTURES[bare].activation if library == "vitrine" else ""


def _small_usual(_: str, options: Options) -> Preprocessing:
    from models.datasets.embedded import MNIST_10K
    from models.datasets.torchvision_sets import CIFAR10

    if options["channels"] == 1:
        return MNIST_10K.preprocessing
    return Preprocessing(MNIST_10K.size, min(MNIST_10K.size), CIFAR10.mean, CIFAR10.std)


def _small_title(name: str) -> str:
    from models.zoo.small import ARCHITECTURES

    return ARCHITECTURES[name].title


# Auxiliary heads, which torchvision's own weights have and which people drop.
AUXILIARY = ("googlenet", "inception_v3")
# Networks that, for torchvision's own weights, first undo a normalisation that these do not know.
TRANSFORMED = ("torchvision/googlenet", "torchvision/inception_v3")
TRANSFORM = "transform_input"
# torchvision has no such option; this one is ours.
IN_CHANNELS = "in_channels"


def _torchvision_names() -> list[tuple[str, Options]]:
    from torchvision import models

    names: list[tuple[str, Options]] = []
    for name in models.list_models(module=models):
        names += [(name, {"aux_logits": aux}) for aux in (True, False)] if name in AUXILIARY else [(name, {})]
    return names


def _torchvision_build(name: str, classes: int, options: Options) -> nn.Module:
    from torchvision import models

    own = dict(options)
    channels, stem = own.pop(IN_CHANNELS, None), own.pop(STEM, None)
    quick = {"init_weights": False} if name in AUXILIARY else {}
    module: nn.Module = models.get_model(name, weights=None, num_classes=classes, **own, **quick)
    module = module if stem is None else with_stem(module, stem)
    return module if channels is None else _replace_first_convolution(module, channels)


def _replace_first_convolution(module: nn.Module, channels: int) -> nn.Module:
    """The network with a first convolution that reads so many channels, as people replace it by hand."""
    import torch
    from torch import nn

    first = next(layer for layer in module.modules() if isinstance(layer, nn.Conv2d))
    first.in_channels = channels
    first.weight = nn.Parameter(torch.empty(first.out_channels, channels, *first.kernel_size))
    return module


def _torchvision_usual(name: str, options: Options) -> Preprocessing:
    from models.datasets.torchvision_sets import CIFAR10
    from models.zoo.torchvision_models import default_weights, preprocessing

    if STEM in options:
        return Preprocessing((SIDE, SIDE), SIDE, CIFAR10.mean, CIFAR10.std)
    return preprocessing(default_weights(name))


def _timm_names() -> list[tuple[str, Options]]:
    import timm

    return [(name, {}) for name in timm.list_models()]


def _timm_build(name: str, classes: int, options: Options) -> nn.Module:
    import timm

    module: nn.Module = timm.create_model(name, pretrained=False, num_classes=classes, **options)
    return module


def _timm_usual(name: str, _: Options) -> Preprocessing:
    from models.zoo.timm_models import config, preprocessing

    return preprocessing(config(name))


def _keras_build(_: str, __: int, options: Options) -> nn.Module:
    network: KerasNetwork = options[NETWORK]
    return network.build(options.get(SIZE))


def _onnx_build(_: str, __: int, options: Options) -> nn.Module:
    from models.checkpoints.onnx.building import build

    return build(options[NETWORK], options.get(SIZE))


def _file_usual(_: str, options: Options) -> Preprocessing:
    """Squashed to the input, as Keras loads pictures; pixels as its own layers want them, else 0 to 1."""
    network: FileNetwork = options[NETWORK]
    channels, height, width = network.size()
    size = options.get(SIZE) or (height, width)
    channels = channels if channels in (1, 3) else 3
    kind, _ = network.usual
    if kind:
        mean, std = RANGES[kind]
        reads = Preprocessing(size, size, mean, std).with_channels(channels)
        return reads.with_planes(BLUE_FIRST) if kind == "caffe" else reads
    return Preprocessing(size, size, (0.0,) * channels, (1 / network.largest,) * channels)


def read_note(note: str) -> FileNetwork:
    """The network that a file's own note tells."""
    return (OnnxNetwork if note.startswith("{") else KerasNetwork).from_note(note)


def file_architecture(network: FileNetwork) -> tuple[str, Options]:
    """Name and options of a network whose file says how it computes."""
    channels, *size = network.size()
    # As far as their size tells, those of MNIST.
    grey: Options = {"channels": 1} if (channels, *size) == (1, 28, 28) else {}
    prefix = KERAS if isinstance(network, KerasNetwork) else ONNX
    return f"{prefix}/{network.name}", {NETWORK: network, **grey}


def with_size(options: Options, size: tuple[int, int] | None) -> Options:
    """The options with which a network is built for pictures of that height and width, where it matters."""
    return {**options, SIZE: size} if size is not None and NETWORK in options else options


LIBRARIES: dict[str, Library] = {
    library.name: library
    for library in (
        Library(
            "vitrine",
            lambda: version("vitrine"),
            _small_names,
            _small_build,
            _small_usual,
            _small_title,
            "channels",
        ),
        Library(
            "torchvision",
            lambda: version("torchvision"),
            _torchvision_names,
            _torchvision_build,
            _torchvision_usual,
            lambda name: f"{name} (torchvision)",
            IN_CHANNELS,
        ),
        Library(
            "timm",
            lambda: version("timm"),
            _timm_names,
            _timm_build,
            _timm_usual,
            lambda name: f"{name} (timm)",
            "in_chans",
        ),
        Library(
            KERAS,
            lambda: version("vitrine"),
            list,
            _keras_build,
            _file_usual,
            lambda name: f"{name} (Keras)",
            mark=lambda _: version("vitrine"),
        ),
        Library(
            ONNX,
            lambda: version("vitrine"),
            list,
            _onnx_build,
            _file_usual,
            lambda name: f"{name} (ONNX)",
            mark=lambda _: version("vitrine"),
        ),
    )
}


def build(name: str, classes: int, options: Options) -> nn.Module:
    """The architecture of that name (`torchvision/resnet18`) with so many classes."""
    library, _, bare = name.partition("/")
    head = options.get(HEAD)
    if head is None:
        return LIBRARIES[library].build(bare, classes, options)
    activation = options.get(ACTIVATION, USUAL_ACTIVATION)
    usual = {option: value for option, value in options.items() if option not in (HEAD, ACTIVATION)}
    return with_head(LIBRARIES[library].build(bare, classes, usual), head, activation)


def published_options(name: str, options: Options) -> Options:
    """The options with which a library builds an architecture for weights that it publishes."""
    return {**options, TRANSFORM: True} if name in TRANSFORMED else options


def published_preprocessing(entry: Entry) -> Preprocessing:
    """What is done to a picture for weights that a library publishes."""
    library, _, bare = entry.architecture.partition("/")
    if library == "timm":
        from models.zoo.timm_models import config
        from models.zoo.timm_models import preprocessing as timm_preprocessing

        return timm_preprocessing(config(f"{bare}.{entry.name}" if entry.name else bare))
    from torchvision import models

    from models.zoo.torchvision_models import preprocessing

    return preprocessing(models.get_model_weights(bare)[entry.name])


def identity(name: str, options: Options) -> str:
    """Tells the code of an architecture that is built with these options from all other code."""
    from models.classifier import architecture_of

    library, _, bare = name.partition("/")
    mark = LIBRARIES[library].mark(bare)
    return architecture_of(library, bare, **options, **({"mark": mark} if mark else {}))


def usual_preprocessing(name: str, options: Options) -> Preprocessing:
    """What an architecture does to a picture where nothing else is known; one that was made to read grey, in grey."""
    library, _, bare = name.partition("/")
    colours = LIBRARIES[library].usual(bare, options)
    return colours.with_channels(1) if options.get(LIBRARIES[library].channels) == 1 else colours


def options_for_channels(name: str, options: Options, channels: int) -> Options | None:
    """The options with which an architecture reads so many channels; None where that is fixed."""
    option = LIBRARIES[name.partition("/")[0]].channels
    return {**options, option: channels} if option else None


def options_for_small_stem(name: str, options: Options) -> Options | None:
    """The options with which an architecture that has a large first layer has a small one; None where it is fixed."""
    return {**options, STEM: USUAL_STEM} if name.partition("/")[0] == "torchvision" else None


def title(name: str) -> str:
    """Of an architecture, as on the page."""
    library, _, bare = name.partition("/")
    return LIBRARIES[library].title(bare)
