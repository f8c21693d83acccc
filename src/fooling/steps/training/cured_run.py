"""What the steps that train with a cure for fooling share: everything but the cure."""

import argparse
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from pydantic import BaseModel

from fooling.artifacts.checkpoint import Checkpoint, checkpoint_path
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import read_settings
from fooling.data.datasets import Dataset
from fooling.devices import prepare_device
from fooling.networks.cure_record import CureRecord, with_cure
from fooling.networks.network_file import save_networks
from fooling.settings.compute import CheckpointSettings
from fooling.settings.cures import CureName
from fooling.settings.training import TrainingSettings
from fooling.steps.training.training_run import load_data
from fooling.training.cured import Cure, CuredTraining

log = logging.getLogger(__name__)

MakeCure = Callable[[TrainingSettings, Dataset, torch.device], Cure]
"""Returns the cure of a training on a data set and device."""


def run(
    arguments: argparse.Namespace,
    name: CureName,
    cured_by: BaseModel,
    make_cure: MakeCure,
    *,
    number: int,
    further: Sequence[Path] = (),
) -> None:
    """Train with a cure and save the network.

    Args:
        arguments: of the command line, as `training_run.add_arguments` names them.
        name: of the cure; the step is called after it.
        cured_by: settings of the cure.
        make_cure: see there.
        number: of the network in its chain.
        further: files that the cure is made of.
    """
    settings = read_settings(arguments, TrainingSettings)
    compute = read_settings(arguments, CheckpointSettings)
    device = prepare_device(compute)
    dataset, files = load_data(settings, arguments.data)
    recorded = {**settings.model_dump(), name: cured_by.model_dump(), "round": number, "seed": arguments.seed}
    recorded |= {"device": device.type, "threads": compute.threads}
    provenance = Provenance(f"retrain_{name}", recorded, [*files, *further])
    fingerprint = provenance.record()
    record = CureRecord(name=name, round=number, settings=cured_by.model_dump())
    with Checkpoint(checkpoint_path(arguments.output), fingerprint, compute.checkpoint_seconds) as checkpoint:
        training = CuredTraining(dataset, settings, arguments.seed, device, make_cure(settings, dataset, device))
        trained = with_cure(training.run(checkpoint), record)
        save_networks(arguments.output, [trained], fingerprint)
        provenance.save(provenance_path(arguments.output))
        checkpoint.discard()
    log.info("Test error %.2f %%.", 100 * trained.training["test_error"])
