"""Training as Caffe's solver does it (Caffe's `examples/mnist/lenet_solver.prototxt`)."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from fooling.artifacts.checkpoint import Checkpoint, State
from fooling.artifacts.layout import has_layout, layout_of
from fooling.data.datasets import Dataset
from fooling.devices import is_generator_state, seeded_generator
from fooling.errors import FoolingError
from fooling.networks.convnet import ConvNet
from fooling.networks.lenet import LeNet
from fooling.networks.network_file import TrainedNetwork
from fooling.networks.preprocessing import Preprocessing
from fooling.networks.resnet import ResNet
from fooling.progress import Progress
from fooling.settings.training import TrainingSettings
from fooling.training.augmentation import flip_and_move

BIAS_RATE = 2.0
"""Factor on the learning rate of biases (Caffe's `lr_mult`)."""
_RISE = 0.2
"""Share of the iterations in which the rate of `one_cycle` rises."""
_NETWORKS: dict[str, type[LeNet | ConvNet | ResNet]] = {"lenet": LeNet, "convnet": ConvNet, "resnet": ResNet}


def learning_rate(settings: TrainingSettings, iteration: int) -> float:
    """Return the learning rate of an iteration, counted from 0."""
    if settings.schedule == "one_cycle":
        done = (iteration + 1) / (settings.iterations + 1)
        return settings.learning_rate * min(done / _RISE, (1 - done) / (1 - _RISE))
    decay = (1 + settings.learning_rate_gamma * iteration) ** -settings.learning_rate_power
    return settings.learning_rate * decay


class CaffeSgd:
    """Caffe's SGD: the learning rate is part of the step that momentum carries on.

    For each parameter `velocity = momentum * velocity + rate * (gradient + weight_decay * parameter)` and
    `parameter -= velocity`. `torch.optim.SGD` multiplies by the rate of the moment instead, which differs while
    the rate falls.

    Args:
        network: the network; its biases learn at `BIAS_RATE` times the rate.
        momentum: share of the last step that is repeated.
        weight_decay: L2 penalty, on biases too.
    """

    def __init__(self, network: nn.Module, momentum: float, weight_decay: float) -> None:
        self._momentum = momentum
        self._weight_decay = weight_decay
        biases = [name.endswith("bias") for name, _ in network.named_parameters()]
        self.parameters: list[Tensor] = list(network.parameters())
        self.velocity = [torch.zeros_like(parameter) for parameter in self.parameters]
        self._factors = [BIAS_RATE if bias else 1.0 for bias in biases]

    @torch.no_grad()
    def step(self, gradients: tuple[Tensor, ...], rate: float) -> None:
        """Change the parameters by their `gradients`."""
        steps = torch._foreach_add(gradients, self.parameters, alpha=self._weight_decay)  # noqa: SLF001
        torch._foreach_mul_(steps, [rate * factor for factor in self._factors])
        torch._foreach_mul_(self.velocity, self._momentum)
        torch._foreach_add_(self.velocity, steps)
        torch._foreach_sub_(self.parameters, self.velocity)


class BatchOrder:
    """An endless stream of rows: one pass over them after the other, cut into batches.

    Args:
        rows: number of rows.
        batch_size: rows in a batch; one batch may hold the end of a pass and the start of the next.
        generator: draws a permutation for each pass.
        shuffled: whether it does; else each pass takes the rows as they are stored.
    """

    def __init__(self, rows: int, batch_size: int, generator: torch.Generator, *, shuffled: bool = True) -> None:
        self._rows = rows
        self._batch_size = batch_size
        self._generator = generator
        self._shuffled = shuffled
        self.queue = torch.empty(0, dtype=torch.int64, device=generator.device)

    def next(self) -> Tensor:
        """Return the next batch, int64 (batch_size,)."""
        while len(self.queue) < self._batch_size:
            self.queue = torch.cat([self.queue, self._pass()])
        batch, self.queue = self.queue[: self._batch_size], self.queue[self._batch_size :]
        return batch

    def _pass(self) -> Tensor:
        device = self._generator.device
        if not self._shuffled:
            return torch.arange(self._rows, device=device)
        return torch.randperm(self._rows, generator=self._generator, device=device)


class Training:
    """The training of one network.

    Args:
        dataset: the images.
        settings: network, preprocessing and solver.
        seed: of the initialisation and the order of the images.
        device: where to compute.
    """

    def __init__(self, dataset: Dataset, settings: TrainingSettings, seed: int, device: torch.device) -> None:
        self._dataset = dataset
        self._settings = settings
        self._seed = seed
        self._device = device
        self._iteration = 0
        self._loss = torch.tensor(torch.nan)
        # Drawn on the CPU, so that one seed names one initialisation everywhere.
        network = _NETWORKS[settings.architecture](dataset.classes, **self._options())
        network.initialise(seeded_generator(seed, torch.device("cpu"), "initialisation"))
        # Without channels_last, an iteration of LeNet takes 1.6 times as long on a CPU.
        self._network: nn.Module = network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._solver = CaffeSgd(self._network, settings.momentum, settings.weight_decay)
        self._generator = seeded_generator(seed, device, "training")
        rows, shuffled = len(dataset.train_images), settings.order == "shuffled"
        self._order = BatchOrder(rows, settings.batch_size, self._generator, shuffled=shuffled)
        mean = dataset.mean_image if settings.subtract_mean else np.zeros_like(dataset.mean_image)
        self._preprocessing: Preprocessing = Preprocessing(torch.from_numpy(mean), settings.scale).to(device)

    def run(self, checkpoint: Checkpoint) -> TrainedNetwork:
        """Complete the training, from the checkpoint if there is one, and measure the test error.

        Raises:
            FoolingError: the training diverged, or the checkpoint cannot be written.
        """
        checkpoint.resume(self)
        images = torch.from_numpy(self._dataset.train_images).to(self._device)
        labels = torch.from_numpy(self._dataset.train_labels).to(self._device)
        self._network.train()
        with Progress("training", self._settings.iterations, "iteration") as progress:
            while self._iteration < self._settings.iterations:
                self._advance(images, labels)
                images_seen = self._iteration * self._settings.batch_size
                progress.update(self._iteration, images_seen, lambda: f"loss {self._loss.item():.4f}")
                if checkpoint.due():
                    checkpoint.save(self)
        return self._trained()

    def _advance(self, images: Tensor, labels: Tensor) -> None:
        """Learn from one batch."""
        rows = self._order.next()
        batch = flip_and_move(images[rows], self._generator) if self._settings.augment else images[rows]
        logits = self._logits(batch)
        self._loss = functional.cross_entropy(logits, labels[rows])
        gradients = torch.autograd.grad(self._loss, self._solver.parameters)
        self._solver.step(gradients, learning_rate(self._settings, self._iteration))
        self._iteration += 1

    def _logits(self, images: Tensor) -> Tensor:
        inputs = self._preprocessing(images.to(torch.float32))
        return self._network(inputs.contiguous(memory_format=torch.channels_last))

    def _trained(self) -> TrainedNetwork:
        if not all(parameter.isfinite().all() for parameter in self._solver.parameters):
            raise FoolingError("The training diverged: weights are no longer finite; lower learning_rate or momentum.")
        self._network.eval()
        return TrainedNetwork(
            architecture=self._settings.architecture,
            network=self._network,
            preprocessing=self._preprocessing,
            dataset=self._settings.dataset,
            classes=self._dataset.classes,
            image_shape=self._dataset.image_shape,
            options=self._options(),
            training={"settings": self._settings.model_dump(), "seed": self._seed, "test_error": self._test_error()},
            fooling_rounds=self._dataset.fooling_rounds,
        )

    @torch.inference_mode()
    def _test_error(self) -> float:
        """Return the share of test images that the network labels wrongly."""
        images = torch.from_numpy(self._dataset.test_images).to(self._device)
        labels = torch.from_numpy(self._dataset.test_labels).to(self._device)
        predicted = torch.cat([self._logits(part).argmax(dim=1) for part in images.split(200)])
        return (predicted != labels).double().mean().item()

    def _options(self) -> dict[str, Any]:
        """Return what the architecture needs to know besides the classes."""
        if self._settings.architecture == "lenet":
            return {"relu_after_convolutions": self._settings.relu_after_convolutions}
        return {"channels": self._dataset.image_shape[0], "width": self._settings.width}

    def state(self) -> State:
        """See `Resumable`."""
        names = [name for name, _ in self._network.named_parameters()]
        tensors = {
            "queue": self._order.queue,
            **{f"network/{name}": value for name, value in self._network.state_dict().items()},
            **{f"velocity/{name}": value for name, value in zip(names, self._solver.velocity, strict=True)},
        }
        return {
            "iteration": np.array(self._iteration),
            "generator": self._generator.get_state().numpy(),
            **{name: tensor.detach().cpu().numpy() for name, tensor in tensors.items()},
        }

    def fits(self, state: State) -> bool:
        """See `Resumable`."""
        return (
            has_layout(state, layout_of(self.state()) | {"queue": "int64 Q"})
            and 0 <= int(state["iteration"]) <= self._settings.iterations
            and bool(np.isin(state["queue"], np.arange(len(self._dataset.train_images))).all())
            and is_generator_state(state["generator"], self._device)
        )

    @torch.no_grad()
    def restore(self, state: State) -> None:
        """See `Resumable`."""
        self._iteration = int(state["iteration"])
        self._generator.set_state(torch.from_numpy(state["generator"]))
        self._order.queue = torch.from_numpy(state["queue"]).to(self._device)
        # In place: the solver holds these very parameters.
        self._network.load_state_dict(
            {name: torch.from_numpy(state[f"network/{name}"]) for name in self._network.state_dict()}
        )
        names = [name for name, _ in self._network.named_parameters()]
        for name, velocity in zip(names, self._solver.velocity, strict=True):
            velocity.copy_(torch.from_numpy(state[f"velocity/{name}"]))
