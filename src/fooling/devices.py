"""Device, threads and random numbers: what makes a run repeatable."""

import ctypes
import sys

import numba
import numpy as np
import torch

from fooling.errors import FoolingError
from fooling.settings.compute import ComputeSettings


def prepare_device(compute: ComputeSettings) -> torch.device:
    """Set the thread counts and deterministic algorithms, and return the device to compute on.

    Raises:
        FoolingError: `cuda` is asked for and there is no GPU.
    """
    _keep_freed_memory()
    torch.set_num_threads(compute.threads)
    numba.set_num_threads(min(compute.threads, numba.config.NUMBA_NUM_THREADS))
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    if compute.device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if compute.device == "cuda" and not torch.cuda.is_available():
        raise FoolingError("compute.device is cuda, but this machine shows no GPU to torch; set it to cpu or auto.")
    return torch.device(compute.device)


def _keep_freed_memory() -> None:
    """Let the C library hand out large blocks again instead of returning them to the system.

    Touching new pages took a tenth of a generation with AlexNet on a CPU.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # glibc has it, others need not
        trim_threshold, mmap_threshold, largest = -1, -3, 2**31 - 1
        mallopt(trim_threshold, largest)
        mallopt(mmap_threshold, largest)


def seeded_generator(seed: int, device: torch.device, *purpose: str) -> torch.Generator:
    """Return a generator on `device`, seeded by `seed` and by the words that name its purpose.

    Different purposes (a run's evolution, a network's initialisation) get unrelated streams.
    """
    generator = torch.Generator(device)
    generator.manual_seed(_mix(seed, " ".join(purpose)))
    return generator


def is_generator_state(state: np.ndarray, device: torch.device) -> bool:
    """Tell whether a generator on `device` can be set to a state, uint8."""
    try:
        torch.Generator(device).set_state(torch.from_numpy(state))
    except (RuntimeError, TypeError):
        return False
    return True


def _mix(seed: int, purpose: str) -> int:
    # FNV-1a over the purpose, started at the seed: stable across versions, unlike hash().
    state = (0xCBF29CE484222325 ^ seed) & 0xFFFFFFFFFFFFFFFF
    for byte in purpose.encode():
        state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return state >> 1
