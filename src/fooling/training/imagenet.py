"""Training of an ImageNet network with fooling images as one more class (paper, section 3.5), on one GPU or several."""

import logging
import math
import sys
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader

from fooling.artifacts.checkpoint import Checkpoint, State
from fooling.artifacts.layout import has_layout, layout_of
from fooling.devices import seeded_generator
from fooling.errors import FoolingError
from fooling.networks.classifier import classifier_of
from fooling.networks.further_class import learned, with_further_class
from fooling.networks.network_file import TrainedNetwork
from fooling.networks.preprocessing import Preprocessing
from fooling.progress import Progress
from fooling.settings.imagenet_training import ImagenetTrainingSettings
from fooling.training.imagenet_batches import Batch, MiddleSquares, TrainingViews, batch_order, read_batches
from fooling.training.imagenet_data import ImagenetData
from fooling.training.processes import Processes

TEST_BATCH = 100
_log = logging.getLogger(__name__)


def learning_rate(settings: ImagenetTrainingSettings, iteration: int, iterations: int) -> float:
    """Return the learning rate of an iteration, counted from 0: a half cosine down to zero."""
    return settings.learning_rate * (1 + math.cos(math.pi * iteration / iterations)) / 2


class ImagenetTraining:
    """The training of one network.

    Args:
        base: the network without the further class; it gives the architecture and, for fine-tuning, the weights.
        data: the images.
        settings: of the solver.
        seed: of the random weights, the order of the images, their views and dropout.
        device: where to compute.
        processes: that share each batch.
        workers: processes that read images for each of those.

    Raises:
        FoolingError: `base` has the further class already or cannot be trained so; a batch is larger than the data, or
            not divisible by the processes.
    """

    def __init__(
        self,
        base: TrainedNetwork,
        data: ImagenetData,
        settings: ImagenetTrainingSettings,
        *,
        seed: int,
        device: torch.device,
        processes: Processes,
        workers: int,
    ) -> None:
        self._base = base
        self._data = data
        self._settings = settings
        self._seed = seed
        self._device = device
        self._processes = processes
        self._workers = workers
        self._iteration = 0
        self._loss = torch.tensor(torch.nan)
        network = with_further_class(base, settings.start, seed)
        self._network: nn.Module = network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._network.train()
        self._views = TrainingViews(
            data.train, data.fooling, seed, base.preprocessing.input_size or base.image_shape[1]
        )
        self._iterations = settings.epochs * self._batches_per_epoch()
        self._shared = processes.shared(self._network)
        self._solver = torch.optim.SGD(
            self._network.parameters(), momentum=settings.momentum, weight_decay=settings.weight_decay
        )
        self._scaler = torch.amp.GradScaler(device.type, enabled=settings.precision == "float16")
        # The views are cut already: what is left is to subtract the mean and scale.
        self._preprocessing: Preprocessing = Preprocessing(base.preprocessing.mean, base.preprocessing.scale).to(device)

    def run(self, checkpoint: Checkpoint) -> TrainedNetwork:
        """Complete the training, from the checkpoint if there is one, and measure the test error.

        Raises:
            FoolingError: an image cannot be read (the training continues from there when it can), or the training
                diverged.
        """
        self._continue(checkpoint)
        with Progress("training", self._iterations, "iteration") as progress:
            for images, labels, problem in self._batches():
                unreadable, due = self._processes.largest(bool(problem), self._first and checkpoint.due())
                if unreadable or due:
                    self._save(checkpoint)
                self._check(problem, unreadable)
                self._advance(images, labels)
                if self._first:
                    seen = self._iteration * self._settings.batch_size
                    progress.update(self._iteration, seen, lambda: f"loss {self._loss.item():.4f}")
        self._save(checkpoint)
        # Each process has running statistics of its own batches, and those of the first are kept.
        self._processes.give_first(self._network.buffers())
        trained = self._trained()
        if self._first:
            _log.info("Test error %.2f %%.", 100 * trained.training["test_error"])
        return trained

    @property
    def _first(self) -> bool:
        return self._processes.rank == 0

    def _batches_per_epoch(self) -> int:
        batch_size = self._settings.batch_size
        if batch_size > len(self._views):
            raise FoolingError(f"batch_size is {batch_size}, but there are {len(self._views)} images; lower it.")
        if batch_size % self._processes.count:
            raise FoolingError(
                f"batch_size is {batch_size}, which {self._processes.count} processes cannot share evenly."
            )
        return len(self._views) // batch_size

    def _batches(self) -> DataLoader[Batch]:
        """Return this process's part of the batches that are left."""
        left = range(self._iteration, self._iterations)
        order = batch_order(len(self._views), self._settings.batch_size, self._seed, left)
        rank, count = self._processes.rank, self._processes.count
        return read_batches(
            self._views, ((epoch, rows[rank::count]) for epoch, rows in order), self._workers, self._device
        )

    def _advance(self, images: Tensor, labels: Tensor) -> None:
        """Learn from one batch."""
        for group in self._solver.param_groups:
            group["lr"] = learning_rate(self._settings, self._iteration, self._iterations)
        # Dropout draws from torch's global generator.
        purpose = ("dropout", str(self._iteration), str(self._processes.rank))
        torch.manual_seed(seeded_generator(self._seed, torch.device("cpu"), *purpose).initial_seed())
        pixels = images.to(self._device, non_blocking=True).to(torch.float32)
        inputs = self._preprocessing(pixels).contiguous(memory_format=torch.channels_last)
        precision = getattr(torch, self._settings.precision)
        with torch.autocast(self._device.type, precision, enabled=precision != torch.float32):
            logits = self._shared(inputs)
        self._loss = functional.cross_entropy(logits.float(), labels.to(self._device, non_blocking=True))
        self._solver.zero_grad()
        self._scaler.scale(self._loss).backward()
        self._scaler.step(self._solver)
        self._scaler.update()
        self._iteration += 1

    def _continue(self, checkpoint: Checkpoint) -> None:
        """Take up the state of the checkpoint, if there is one; the first process looks first, and may set it aside."""
        found, problem = False, ""
        if self._first:
            try:
                found = checkpoint.resume(self)
            except FoolingError as error:
                problem = str(error)
        found_by_first, failed = self._processes.largest(found, bool(problem))
        self._check(problem, failed)
        if found_by_first and not self._first:
            checkpoint.resume(self)

    def _check(self, problem: str, of_any: int) -> None:
        """Let all processes leave together if one has a problem, which that one tells."""
        if problem:
            raise FoolingError(problem)
        if of_any:
            sys.exit(1)  # another process tells it

    def _save(self, checkpoint: Checkpoint) -> None:
        """Let the first process write a checkpoint; if SIGTERM has come, all leave together."""
        if not all(parameter.isfinite().all() for parameter in self._network.parameters()):
            raise FoolingError("The training diverged: weights are no longer finite; lower learning_rate or momentum.")
        status, problem = 0, ""
        if self._first:
            try:
                checkpoint.save(self)
            except SystemExit as leaving:
                status = int(leaving.code or 0)
            except FoolingError as error:
                problem = str(error)
        status, failed = self._processes.largest(status, bool(problem))
        self._check(problem, failed)
        if status:
            sys.exit(status)

    def _trained(self) -> TrainedNetwork:
        training = {"settings": self._settings.model_dump(), "seed": self._seed, "processes": self._processes.count}
        trained = learned(self._base, self._network, self._data.fooling_rounds, training)
        return replace(trained, training={**trained.training, "test_error": self._test_error(trained)})

    def _test_error(self, trained: TrainedNetwork) -> float:
        """Return the share of test images that the network labels wrongly, each process judging its part of them."""
        classifier = classifier_of([trained], self._device)
        rows = np.arange(self._processes.rank, len(self._data.test), self._processes.count)
        parts = iter(np.split(rows, range(TEST_BATCH, len(rows), TEST_BATCH)))
        wrong, problem = 0, ""
        squares = MiddleSquares(self._data.test, self._base.image_shape[1])
        for images, labels, problem in read_batches(squares, parts, self._workers, self._device):
            if problem:
                break
            label = classifier.log_confidence(images.to(self._device)).argmax(dim=1).cpu()
            wrong += int((label != labels).sum())
        wrong, unreadable = self._processes.sums(wrong, bool(problem))
        self._check(problem, unreadable)
        return wrong / len(self._data.test)

    def state(self) -> State:
        """See `Resumable`."""
        tensors = {f"network/{name}": value for name, value in self._network.state_dict().items()}
        for name, parameter in self._network.named_parameters():
            if parameter in self._solver.state:  # none before the first step
                tensors[f"momentum/{name}"] = self._solver.state[parameter]["momentum_buffer"]
        arrays = {name: tensor.detach().cpu().numpy() for name, tensor in tensors.items()}
        scaler = {f"scaler/{name}": np.array(value) for name, value in self._scaler.state_dict().items()}
        return {"iteration": np.array(self._iteration), **scaler, **arrays}

    def fits(self, state: State) -> bool:
        """See `Resumable`."""
        layout = {name: form for name, form in layout_of(self.state()).items() if not name.startswith("momentum/")}
        if any(name.startswith("momentum/") for name in state):  # there is none before the first step
            layout |= {f"momentum/{name}": layout[f"network/{name}"] for name, _ in self._network.named_parameters()}
        return has_layout(state, layout) and 0 <= int(state["iteration"]) <= self._iterations

    def restore(self, state: State) -> None:
        """See `Resumable`."""
        self._iteration = int(state["iteration"])
        self._scaler.load_state_dict({name: state[f"scaler/{name}"].item() for name in self._scaler.state_dict()})
        self._network.load_state_dict(
            {name: torch.from_numpy(state[f"network/{name}"]) for name in self._network.state_dict()}
        )
        for name, parameter in self._network.named_parameters():
            if f"momentum/{name}" in state:
                momentum = torch.empty_like(parameter)  # in the memory format that the solver gives it
                self._solver.state[parameter]["momentum_buffer"] = momentum.copy_(
                    torch.from_numpy(state[f"momentum/{name}"])
                ).detach()
