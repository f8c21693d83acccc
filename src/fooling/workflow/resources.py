"""What a job asks for: memory, run time, GPUs, threads, and a place in a group of short jobs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fooling.settings.config import Config
from fooling.settings.imagenet_training import ImagenetTrainingRuns
from fooling.settings.network import Network

DAY = 24 * 60
"""In minutes."""

Wildcards = Mapping[str, str]
Amount = int | Callable[..., int]
"""Of a resource: a number, or Snakemake finds it from a job's wildcards and attempt."""


@dataclass(frozen=True)
class JobResources:
    """What the jobs of a configuration ask for."""

    config: Config
    networks: Mapping[str, Network]

    @property
    def _gpu(self) -> dict[str, int]:
        return {"gpu": 1} if self.config.compute.device == "cuda" else {}

    def _is_large(self, wildcards: Wildcards) -> bool:
        """Whether a job's network was trained elsewhere, as those of ImageNet are."""
        name = wildcards.get("network")
        return name is not None and not self.networks[name].trained_here

    def needs(self, mem_mb: int, minutes: int, large_mb: int | None = None) -> dict[str, Amount]:
        """Return what a job asks for: memory, run time, and a GPU where the configuration wants one.

        Each retry asks for as much memory and time again; a job that ran out of time continues from its checkpoint.
        A job on a network that was trained elsewhere asks for a day at once: such networks are ImageNet's, and with
        the paper's settings they take days on a CPU. Where it holds the images of many runs, it asks for `large_mb`.
        """

        def memory(wildcards: Wildcards, attempt: int) -> int:
            return (large_mb if large_mb and self._is_large(wildcards) else mem_mb) * attempt

        def runtime(wildcards: Wildcards, attempt: int) -> int:
            return (DAY if self._is_large(wildcards) else minutes) * attempt

        return {**self._gpu, "mem_mb": memory, "runtime": runtime}

    def imagenet_needs(self) -> dict[str, Amount]:
        """Return the same for a training on ImageNet by several processes: each has a GPU and memory of its own."""

        def processes(wildcards: Wildcards) -> int:
            return self._imagenet_training(wildcards).processes

        def memory(wildcards: Wildcards, attempt: int) -> int:
            return 8000 * processes(wildcards) * attempt

        def runtime(wildcards: Wildcards, attempt: int) -> int:  # noqa: ARG001 (Snakemake gives both)
            return 2 * DAY * attempt

        return {**dict.fromkeys(self._gpu, processes), "mem_mb": memory, "runtime": runtime}

    def imagenet_threads(self, wildcards: Wildcards) -> int:
        """Return the threads of such a training: each process has its own, and workers that read its images."""
        training = self._imagenet_training(wildcards)
        return training.processes * (self.config.compute.threads + training.workers)

    def imagenet_start(self, wildcards: Wildcards) -> str:
        """Return the program that starts such a training, by one process or several."""
        processes = self._imagenet_training(wildcards).processes
        return "python" if processes == 1 else f"torchrun --standalone --nproc-per-node {processes}"

    def _imagenet_training(self, wildcards: Wildcards) -> ImagenetTrainingRuns:
        training = self.config.retraining[wildcards["experiment"]].imagenet_training
        assert training is not None, "the rule's wildcards take such experiments only"
        return training

    def group(self, wildcards: Wildcards) -> str | None:
        """Return the group of a job that takes seconds, so that a cluster can be given several as one."""
        return None if self._is_large(wildcards) else "short"
