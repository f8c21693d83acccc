"""What `evolve_guarded_direct` and `evolve_guarded_cppn` share: everything but the encoding."""

import argparse
import logging
from importlib.metadata import version
from pathlib import Path

import torch

from fooling.artifacts.checkpoint import Checkpoint, checkpoint_path
from fooling.artifacts.elites import save_elites
from fooling.artifacts.fooling_set import FoolingSet, save_fooling_set
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.artifacts.storage import save_table
from fooling.command_line import add_settings, read_settings
from fooling.detection.detectors import fit_detector
from fooling.detection.guard import GuardedClassifier
from fooling.detection.observer import Observer
from fooling.devices import seeded_generator
from fooling.errors import FoolingError
from fooling.evolution.map_elites import Evolution
from fooling.evolution.outcome import elites_of, images_of, origin_of
from fooling.evolution.together import evolve
from fooling.experiments.fitting_images import Natural, load_natural
from fooling.networks.classifier import classifier_of
from fooling.networks.network_file import load_network
from fooling.settings.compute import CheckpointSettings
from fooling.settings.detection import DetectorName
from fooling.settings.evolution import EvolutionSettings
from fooling.settings.guard import GuardSettings, why_not_guarded
from fooling.steps.evolution.evolution_run import EncodingFor, prepare, recorded_settings

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser, settings: type[EvolutionSettings]) -> None:
    """Add the flags of a step of guarded evolution."""
    parser.add_argument("--network", type=Path, required=True, help="the trained network to fool (.npz)")
    parser.add_argument("--data", type=Path, help="folder of its data set; none: twenty photographs")
    parser.add_argument("--seed", type=int, required=True, help="seed of the run")
    parser.add_argument("--output", type=Path, required=True, help="the fooling set of what passes to write (.npz)")
    parser.add_argument("--history", type=Path, required=True, help="the table of all generations to write (.csv)")
    parser.add_argument("--elites", type=Path, required=True, help="the elites' genomes and lineage to write (.npz)")
    add_settings(parser, GuardSettings, settings, CheckpointSettings)


def guard(observer: Observer, detector: DetectorName, natural: Natural) -> GuardedClassifier:
    """Return the network of `observer` guarded by a detector, which is fitted to natural images.

    Raises:
        FoolingError: it cannot be fitted, see `fit_detector`; or it has no threshold, see `GuardedClassifier`.
    """
    training = observer(torch.from_numpy(natural.training_images)) if len(natural.training_images) else None
    fitted = fit_detector(detector, observer, training, torch.from_numpy(natural.training_labels))
    return GuardedClassifier(observer, fitted, torch.from_numpy(natural.test_images))


def run(arguments: argparse.Namespace, method: str, settings: EvolutionSettings, encoding_for: EncodingFor) -> None:
    """Evolve images that fool a network past its guard, in the encoding that `encoding_for` makes for an image shape.

    The fooling set holds the images that pass, with the network's own confidence.

    Raises:
        FoolingError: the settings, the network, its guard and the data do not belong together.
    """
    reason = why_not_guarded(settings)
    if reason is not None:
        raise FoolingError(f"Evolution with these settings cannot be guarded: {reason}.")
    guarded = read_settings(arguments, GuardSettings)
    compute = read_settings(arguments, CheckpointSettings)
    where = prepare(compute)
    trained = load_network(arguments.network)
    observer = Observer(trained, arguments.network.stem, where["device"])
    images = {name: getattr(guarded, name) for name in ("training_images", "test_images")}
    natural, natural_files = load_natural(trained, arguments.data, **images, seed=guarded.images_seed)
    recorded = recorded_settings(settings, compute, where["device"])
    recorded |= {"guard": guarded.model_dump(), "seed": arguments.seed, "pytorch_ood": version("pytorch-ood")}
    provenance = Provenance(f"evolve_guarded_{method}", recorded, [arguments.network, *natural_files])
    record, seed = provenance.record(), arguments.seed

    classifier = guard(observer, guarded.detector, natural)
    generator = seeded_generator(seed, where["device"], "evolution", method)
    evolution = Evolution(encoding_for(trained.image_shape), trained.real_classes, settings, generator)
    origin = origin_of(method, arguments.network.stem, trained, settings)
    with Checkpoint(checkpoint_path(arguments.output), record, compute.checkpoint_seconds) as checkpoint:
        evolve([evolution], classifier, [checkpoint])
        everything = images_of(evolution, classifier_of([trained], **where), seed, origin, record)
        save_elites(arguments.elites, elites_of(evolution, seed, origin, record))
        save_table(arguments.history, evolution.history.table())
        save_fooling_set(arguments.output, _passing(everything, classifier))
        provenance.save(provenance_path(arguments.output))
        checkpoint.discard()


def _passing(images: FoolingSet, classifier: GuardedClassifier) -> FoolingSet:
    passing = images.select(classifier.passes(torch.from_numpy(images.images)))
    log.info("%d of %d images pass the guard; the others are left out.", len(passing), len(images))
    return passing
