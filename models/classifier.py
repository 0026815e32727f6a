"""The records that a zoo entry, a checkpoint or a run yields: a network and all one must know to use it."""

from __future__ import annotations

import dataclasses
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import ClassVar

import torch
from torch import Tensor, nn

from models.contract import LOGITS, Contract
from models.kinds import PICTURES
from models.meaning import TOLD, Claims
from models.parametrisations import Parametrisation, effective_tensors
from models.preprocessing import Preprocessing


@dataclass(frozen=True)
class Key:
    """What determines a result: whatever has an equal key gives the same one."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that it says, hexadecimal; the same in every process."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    @property
    def short(self) -> str:
        """The first digits of the digest, for the names of files."""
        return self.digest[:8]


@dataclass(frozen=True)
class WeightsKey(Key):
    """Tells tensors apart, whatever network they belong to.

    Attributes:
        tensors: SHA-256 of their content, hexadecimal.
        names: by which they are known.
    """

    tensors: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class NetworkKey(Key):
    """Tells networks apart that answer otherwise or are read otherwise.

    Attributes:
        architecture: as architecture_of() writes it. Networks of the same tensors may compute something else.
        weights: key of its tensors. A network may have none.
        preprocessing: how what it reads becomes its input, as far as answers depend on it.
        head: what comes out, as it is read: its meaning, where it stands, the activation whose input is read in its
            place, one class name per logit.
    """

    architecture: str
    weights: WeightsKey
    preprocessing: Hashable
    head: tuple[str, ...]


def architecture_of(library: str, name: str, **options: object) -> str:
    """Tells the code that computes a network from all other code.

    Args:
        library: distribution that it comes from; its version is noted where it is installed as one.
        name: of the architecture in that library.
        options: with which it is built, where they may change what it computes.
    """
    try:
        release = version(library)
    except PackageNotFoundError:
        release = ""
    return f"{library} {release}: {name} {sorted(options.items())}"


@dataclass(frozen=True)
class Provenance:
    """Where weights come from and under which terms.

    Attributes:
        source: who published them, in words.
        licence: of the weights.
        trained_on: the data in words; empty for untrained weights.
        accuracy: published or measured top-1 on the test data, in [0, 1]; None where unknown.
        paper: address of the paper that describes the architecture; may be empty.
    """

    source: str
    licence: str
    trained_on: str = ""
    accuracy: float | None = None
    paper: str = ""


@dataclass(frozen=True, eq=False)
class Weights:
    """Names and tensors of one set of weights, in their original dtypes.

    Attributes:
        tensors: qualified name -> tensor; shared storage, not to be written.
        digest: SHA-256 over names, dtypes, shapes and bytes, hexadecimal.
        source: file or seed they come from, in words.
        computed: which of them the network computes of what is stored.
    """

    tensors: Mapping[str, Tensor]
    digest: str
    source: str
    computed: tuple[Parametrisation, ...] = ()

    @classmethod
    def of(cls, tensors: Mapping[str, Tensor], source: str) -> Weights:
        """The weights with the digest of their content."""
        return cls(tensors, digest(tensors), source)

    @cached_property
    def effective(self) -> Weights:
        """The weights as the network uses them: masks applied, norms taken; itself where nothing is computed."""
        tensors, computed = effective_tensors(self.tensors)
        return dataclasses.replace(self, tensors=tensors, computed=computed) if computed else self

    @cached_property
    def key(self) -> WeightsKey:
        """The key of what follows from these tensors alone."""
        return WeightsKey(self.digest, tuple(self.tensors))


@dataclass(frozen=True, eq=False)
class ReadyNetwork(ABC):
    """A network that is ready to use: what there is to know of one, whatever it reads.

    Attributes:
        name: as in the address.
        title: as on the page.
        architecture: the code that the module runs, as architecture_of() writes it.
        module: in eval mode, frozen (no parameter requires a gradient); shared by everyone, so nobody hooks it.
        weights: of the module.
        classes: one name per logit; none where it gives a number.
        fits: name of the dataset whose inputs it reads, or PHOTOS.
        provenance: source and terms.
        trained: False means random weights, which is said wherever an answer is shown.
    """

    # The kind of input, a name of models.kinds.
    reads: ClassVar[str]

    name: str
    title: str
    architecture: str
    module: nn.Module
    weights: Weights
    classes: tuple[str, ...]
    fits: str
    provenance: Provenance
    trained: bool

    @property
    @abstractmethod
    def reading(self) -> Hashable:
        """How what it reads becomes its input, as far as answers depend on it."""

    @abstractmethod
    def blank(self) -> Tensor:
        """A batch of one input that says nothing, to follow a forward pass with."""

    @property
    def meaning(self) -> tuple[str, ...]:
        """What comes out, as it is read."""
        return self.classes

    @property
    def sealed(self) -> str:
        """Why none of its layers can be looked at; empty where they can."""
        return getattr(self.module, "obstacle", "")

    @cached_property
    def key(self) -> NetworkKey:
        """The one key of whatever is made of this network."""
        return NetworkKey(self.architecture, self.weights.key, self.reading, self.meaning)


@dataclass(frozen=True, eq=False)
class Classifier(ReadyNetwork):
    """A network that is ready to classify pictures, with everything its pictures and answers mean.

    Attributes:
        preprocessing: picture -> input, and back.
        contract: what a trial found of it; the module gives logits accordingly.
        claims: what is said of it beside its tensors.
    """

    reads: ClassVar[str] = PICTURES

    preprocessing: Preprocessing
    contract: Contract = LOGITS
    claims: Claims = TOLD

    @property
    def reading(self) -> Preprocessing:
        """What it does to a picture."""
        return self.preprocessing

    def blank(self) -> Tensor:
        """A picture of its size in the mean colour, (1, C, H, W)."""
        return torch.zeros(1, self.preprocessing.channels, *self.preprocessing.size)

    @property
    def meaning(self) -> tuple[str, ...]:
        """The meaning of its numbers, where they stand, the activation whose input is read, and their classes."""
        return (self.contract.meaning, self.contract.member, self.contract.final, *self.classes)


def frozen(module: nn.Module) -> nn.Module:
    """The same module in eval mode with no parameter that requires a gradient."""
    return module.eval().requires_grad_(False)


def digest(tensors: Mapping[str, Tensor]) -> str:
    """SHA-256 over sorted names, dtypes, shapes and bytes, hexadecimal."""
    content = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name].detach().cpu().contiguous()
        content.update(f"{name}:{tensor.dtype}:{tuple(tensor.shape)};".encode())
        content.update(tensor.flatten().view(torch.uint8).numpy().data if tensor.numel() else b"")
    return content.hexdigest()
