"""Independent runs of one experiment, driven side by side; a run by itself is the case of one.

On a GPU the children of all runs go through the network as one batch. On a CPU a larger batch is no faster, and the
rounding of an image's score depends on the batch it is in: there the runs take turns, and each gives the bytes that it
gives alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import torch

from fooling.artifacts.checkpoint import Checkpoint
from fooling.devices import seeded_generator
from fooling.encodings.population import Encoding
from fooling.evolution.map_elites import Evolution
from fooling.evolution.resumable import ResumableEvolution
from fooling.networks.classifier import Classifier, classifier_of
from fooling.networks.network_file import TrainedNetwork
from fooling.progress import Progress
from fooling.settings.evolution import EvolutionSettings

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
"""In which a run's classifier may judge, by the names of the setting `precision`."""


@contextmanager
def evolved(
    networks: Sequence[TrainedNetwork],
    method: str,
    encoding: Encoding,
    settings: EvolutionSettings,
    *,
    seeds: Sequence[int],
    device: torch.device,
    threads: int,
    checkpoints: Sequence[Checkpoint],
) -> Iterator[list[Evolution]]:
    """Complete a run for each seed and yield them to be saved; then the checkpoints are deleted.

    Args:
        networks: one, or the members of an ensemble.
        method: name of the encoding, `direct` or `cppn`.
        encoding: of the images.
        settings: of all runs.
        seeds: one for each run.
        device: where to compute.
        threads: on which the network computes, on a CPU.
        checkpoints: one for each run.

    Raises:
        FoolingError: a checkpoint cannot be written.
    """
    runs = [
        Evolution(encoding, networks[0].real_classes, settings, seeded_generator(seed, device, "evolution", method))
        for seed in seeds
    ]
    precision = PRECISIONS[settings.precision]
    classifier = classifier_of(networks, device, precision=precision, threads=threads, cpu_backend=settings.cpu_backend)
    with ExitStack() as stack:
        for checkpoint in checkpoints:
            stack.enter_context(checkpoint)
        evolve(runs, classifier, checkpoints)
        yield runs
        for checkpoint in checkpoints:
            checkpoint.discard()


def evolve(runs: Sequence[Evolution], classifier: Classifier, checkpoints: Sequence[Checkpoint]) -> None:
    """Complete the runs, each from its checkpoint if there is one; those that lag behind catch up first.

    Args:
        runs: with equal settings and encodings.
        classifier: the network to fool.
        checkpoints: one for each run, entered in this order: the one entered last hears of SIGTERM, and ends the
            program when it is saved.

    Raises:
        FoolingError: a checkpoint cannot be written.
    """
    kept = [(ResumableEvolution(run), checkpoint) for run, checkpoint in zip(runs, checkpoints, strict=True)]
    for work, checkpoint in kept:
        checkpoint.resume(work)
    settings = runs[0].settings
    groups = [[run] for run in runs] if classifier.device.type == "cpu" else [list(runs)]
    with Progress("evolution", settings.generations, "generation") as progress:
        while (last := _behind(runs)) < settings.generations:
            for group in groups:
                if _behind(group) == last:
                    advance(group, classifier)
            judged = settings.batch * sum(run.generation + 1 for run in runs)
            progress.update(last + 1, judged, lambda: _status(runs))
            if any(checkpoint.due() for checkpoint in checkpoints):
                for work, checkpoint in kept:
                    checkpoint.save(work)


def advance(runs: Sequence[Evolution], classifier: Classifier) -> None:
    """Complete one generation of those runs that are furthest behind, by one call of the classifier."""
    last = _behind(runs)
    broods = {place: run.breed() for place, run in enumerate(runs) if run.generation == last}
    # A run that is ahead keeps its place, filled with another's images, so that the others' scores round as always.
    filler = next(iter(broods.values()))
    parts = [broods.get(place, filler).images for place in range(len(runs))]
    images = torch.cat(parts) if len(parts) > 1 else parts[0]
    # A retrained network's last class, of fooling images, is not one to aim at.
    scores = classifier.log_confidence(images)[:, : runs[0].classes].chunk(len(runs))
    for place, brood in broods.items():
        runs[place].judge(brood, scores[place])


def _behind(runs: Sequence[Evolution]) -> int:
    """Return the last generation that all runs have completed."""
    return min(run.generation for run in runs)


def _status(runs: Sequence[Evolution]) -> str:
    confidence = torch.cat([run.confidence for run in runs])
    sure = int((confidence >= 0.99).sum())
    return f"median confidence {confidence.median():.4f}, {sure} of {len(confidence)} niches at 0.99 or above"
