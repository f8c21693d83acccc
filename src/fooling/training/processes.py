"""The processes that share a training, as `torchrun` starts them; one alone needs no such start."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from fooling.errors import FoolingError


@dataclass(frozen=True)
class Processes:
    """This process among all.

    Attributes:
        rank: its number, from 0.
        count: of all.
    """

    rank: int = 0
    count: int = 1

    def largest(self, *values: int) -> list[int]:
        """Return the largest over all processes of each value."""
        return self._reduced(values, distributed.ReduceOp.MAX)

    def sums(self, *values: int) -> list[int]:
        """Return the sum over all processes of each value."""
        return self._reduced(values, distributed.ReduceOp.SUM)

    def _reduced(self, values: Sequence[int], operation: distributed.ReduceOp.RedOpType) -> list[int]:
        # On the CPU, so that no process waits for its GPU.
        reduced = torch.tensor(values, dtype=torch.int64)
        if self.count > 1:
            distributed.all_reduce(reduced, operation)
        return [int(value) for value in reduced]

    def give_first(self, tensors: Iterable[Tensor]) -> None:
        """Overwrite tensors with those of the first process."""
        if self.count > 1:
            for tensor in tensors:
                distributed.broadcast(tensor, 0)

    def shared(self, network: nn.Module) -> nn.Module:
        """Return the network with gradients that are the mean over all processes."""
        return DistributedDataParallel(network) if self.count > 1 else network


@contextmanager
def joined(device: torch.device) -> Iterator[Processes]:
    """Join the processes that `torchrun` has started; each has a GPU of its own if they compute on GPUs.

    Raises:
        FoolingError: there are fewer GPUs than processes.
    """
    if "TORCHELASTIC_RUN_ID" not in os.environ:
        yield Processes()
        return
    number = int(os.environ["LOCAL_RANK"])
    if device.type == "cuda":
        gpus = torch.cuda.device_count()
        if number >= gpus:
            raise FoolingError(f"{os.environ['LOCAL_WORLD_SIZE']} processes need a GPU each, but there are {gpus}.")
        torch.cuda.set_device(number)
    distributed.init_process_group("cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo")
    try:
        yield Processes(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()
