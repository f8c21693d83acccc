"""Where a step computes, and how often it saves its state. None of it changes the science."""

from typing import Annotated, Literal

from pydantic import Field

from fooling.settings.base import Positive, Settings


class ComputeSettings(Settings):
    """Device and threads of a step."""

    device: Literal["cpu", "cuda", "auto"] = "cpu"
    """Where tensors live; `auto` takes CUDA if there is a GPU."""
    threads: Positive = 1
    """Threads of one job. Training's bytes depend on it, so it is a setting, not the number of cores."""


class CheckpointSettings(ComputeSettings):
    """Device, threads and checkpoints of a step that can be interrupted and continued."""

    checkpoint_seconds: Annotated[float, Field(gt=0)] = 300.0
    """Wall-clock seconds between two checkpoints of a long step."""
