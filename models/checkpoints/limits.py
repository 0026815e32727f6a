"""What is refused before a checkpoint's tensors are touched, and how a refusal is worded."""

from __future__ import annotations

from dataclasses import dataclass

from models.runtime import settings
from models.runtime.settings import MEGABYTE


@dataclass(frozen=True)
class Limits:
    """How large and how nested a checkpoint may be.

    Attributes:
        max_bytes: of the file.
        max_header: bytes of a safetensors header.
        max_pickle: bytes of the pickle that describes the tensors.
        max_opcodes: instructions of that pickle.
        max_records: files inside an archive.
        max_ratio: bytes an archive unpacks to, over its own.
        max_tensors: of all that the file holds.
        max_elements: numbers in all tensors that are taken.
        max_dimensions: of a tensor.
        max_name: characters of a tensor's name.
        max_depth: containers within containers.
        memory: bytes that reading may take besides twice the file, and torch itself.
        seconds: of processor time that reading may take, and one more for every `pace` bytes.
        pace: bytes a second.
    """

    max_bytes: int = 1024 * MEGABYTE
    max_header: int = 16 * MEGABYTE
    max_pickle: int = 16 * MEGABYTE
    max_opcodes: int = 2_000_000
    max_records: int = 50_000
    max_ratio: int = 4
    max_tensors: int = 20_000
    max_elements: int = 2_000_000_000
    max_dimensions: int = 8
    max_name: int = 300
    max_depth: int = 32
    memory: int = 512 * MEGABYTE
    seconds: float = 12.0
    pace: int = 20 * MEGABYTE

    @classmethod
    def from_environment(cls) -> Limits:
        """The defaults, with the size that the operator has set. Raises UserError where that is no size."""
        return cls(max_bytes=settings.MAX_CHECKPOINT_MB.bytes())

    @property
    def size(self) -> str:
        """The size limit in words: "1,024 MB"."""
        return f"{self.max_bytes / MEGABYTE:,.0f} MB"

    @property
    def tensors(self) -> str:
        """The limit of tensors in words: "20,000 tensors"."""
        return f"{self.max_tensors:,} tensors"

    @property
    def elements(self) -> str:
        """The limit of numbers in words: "2,000 million numbers"."""
        return f"{self.max_elements // 10**6:,} million numbers"

    def patience(self, size: int) -> float:
        """Seconds of processor time that reading a file of so many bytes may take."""
        return self.seconds + size / self.pace


LIMITS = Limits()
# Of a file that says how its network computes: numbers that one layer gives for one picture, and all together, and
# multiplications for one picture.
MOST_NUMBERS = 2**26
MOST_ALL = 2**31
MOST_WORK = 2**39


def describe_accepted(limits: Limits) -> str:
    """What may be uploaded, in words: the formats, then the three limits."""
    return (
        f"What torch.save, safetensors, Keras or ONNX wrote, whatever its ending, at most {limits.size}, "
        f"{limits.tensors} and {limits.elements}"
    )


class RefusalError(Exception):
    """Why a file is refused and what to do now: the sentence after the file's name, without its full stop."""


# What to do with whatever holds more than tensors, for every refusal alike.
SAVE_WEIGHTS = (
    "where it was made, save the weights alone: torch.save(model.state_dict(), 'weights.pt'), and drop that"
)
# Of torch.distributed.checkpoint, whose files hold archives behind each other.
DISTRIBUTED = (
    "is one part of a distributed checkpoint; make one file of its folder, with python -m "
    "torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER weights.pt, and drop that"
)
# Where the system itself bounds what the server takes.
CONFINED = (
    "needs more memory to be read than this server may take; whoever runs it can raise the limit on its address space "
    "(ulimit -v)"
)
CUT_SHORT = "copy or download it again"
FEWER = "save the weights of one network alone"
