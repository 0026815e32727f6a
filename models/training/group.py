"""The processes that train one network together; one alone is the usual case.

`torchrun` starts them and tells each its place through the environment. Rank 0 is the one that writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor, nn

from models.runtime import settings

# A paused run is waited for; a process that dies is noticed by its closed connection, not by the clock.
PATIENCE = timedelta(days=7)


class Group:
    """One process alone."""

    rank = 0
    size = 1

    def __init__(self, device: torch.device) -> None:
        self.device = device

    def wrap(self, network: nn.Module) -> nn.Module:
        """The network, its gradients averaged over all processes."""
        return network

    def maximum(self, number: int) -> int:
        """The highest of the numbers that the processes bring."""
        return number

    def total(self, numbers: Tensor) -> Tensor:
        """The sum of the tensors that the processes bring."""
        return numbers

    def gather(self, tensor: Tensor) -> list[Tensor]:
        """The tensors that the processes bring, by rank."""
        return [tensor]

    def broadcast(self, content: bytes) -> bytes:
        """What rank 0 says; the others bring nothing."""
        return content

    def broadcast_buffers(self, network: nn.Module) -> None:
        """Give every process rank 0's buffers."""


class DistributedGroup(Group):
    """One of several processes; every method is called by all of them in the same order."""

    def __init__(self, device: torch.device) -> None:
        super().__init__(device)
        self.rank, self.size = dist.get_rank(), dist.get_world_size()

    def wrap(self, network: nn.Module) -> nn.Module:
        """The network as DDP; rank 0's batch norm statistics go to all before each step."""
        from torch.nn.parallel import DistributedDataParallel

        if self.device.type == "cuda":
            network = nn.SyncBatchNorm.convert_sync_batchnorm(network)  # type: ignore[no-untyped-call]
        return DistributedDataParallel(network)

    def maximum(self, number: int) -> int:
        """The highest of the numbers that the processes bring."""
        tensor = torch.tensor(number, device=self.device)
        dist.all_reduce(tensor, dist.ReduceOp.MAX)
        return int(tensor)

    def total(self, numbers: Tensor) -> Tensor:
        """The sum of the tensors that the processes bring."""
        summed = numbers.clone()
        dist.all_reduce(summed)
        return summed

    def gather(self, tensor: Tensor) -> list[Tensor]:
        """The tensors that the processes bring, by rank."""
        mine = tensor.to(self.device)
        tensors = [torch.empty_like(mine) for _ in range(self.size)]
        dist.all_gather(tensors, mine)
        return [tensor.cpu() for tensor in tensors]

    def broadcast(self, content: bytes) -> bytes:
        """What rank 0 says; the others bring nothing."""
        length = self.maximum(len(content))
        if not length:
            return b""
        mine = bytearray(content) if self.rank == 0 else bytearray(length)
        tensor = torch.frombuffer(mine, dtype=torch.uint8).to(self.device)
        dist.broadcast(tensor, src=0)
        return bytes(tensor.cpu().numpy())

    def broadcast_buffers(self, network: nn.Module) -> None:
        """Give every process rank 0's buffers."""
        for buffer in network.buffers():
            dist.broadcast(buffer, src=0)


@contextmanager
def join_group(device: torch.device) -> Iterator[Group]:
    """The group that torchrun put this process in, or this process alone."""
    if settings.WORLD_SIZE.value() == 1:
        yield Group(device)
        return
    if device.type == "cuda":
        device = torch.device("cuda", settings.LOCAL_RANK.value())
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=PATIENCE)
    try:
        yield DistributedGroup(device)
    finally:
        dist.destroy_process_group()


def is_writer() -> bool:
    """Whether this process is the one of its group that writes; known before the group is joined."""
    return settings.RANK.value() == 0
