"""What the rules share: the checked configuration, the result paths, and how mistakes are told."""

import os
import shlex
import sys
from pathlib import Path

from fooling.data.class_folders import training_folder
from fooling.errors import FoolingError
from fooling.data.imagenet.folder import check_imagenet_root
from fooling.settings.ablation import AblationSettings
from fooling.settings.ascent import AscentImages, AscentSettings
from fooling.settings.config import load_config
from fooling.settings.evolution import CppnSettings, DirectSettings
from fooling.settings.head_training import HeadTrainingSettings
from fooling.settings.imagenet_training import ImagenetTrainingSettings
from fooling.settings.plane import PlaneSettings
from fooling.settings.pretrained import PretrainedSettings
from fooling.settings.retraining import RUNS_PER_ROUND, RoundEvolution
from fooling.settings.release import ReleaseSettings
from fooling.settings.training import TrainingSettings
from fooling.settings.transfer import TransferSettings
from fooling.workflow.code import code
from fooling.workflow.config_file import check_keys
from fooling.workflow.results_folder import check_is_folder, check_writable
from fooling.workflow.settings_flags import settings_flags
from fooling.workflow.targets import SCALED, SHEETS, Targets


def told(function, *arguments):
    """Call `function`; a user's mistake ends Snakemake with its sentence in place of a traceback."""
    try:
        return function(*arguments)
    except FoolingError as error:
        sys.exit(f"Error: {error}")


def one_of(names):
    """Return the pattern of a wildcard that is one of the names; Snakemake takes an empty one for no constraint."""
    return "|".join(names) or "(?!)"


def training(network):
    """Return the settings that the network `FAMILY-SEED` is trained with."""
    return CONFIG.networks[network.rpartition("-")[0]]


def beside(paths, name):
    """Return the files of this name in the folders of `paths`, one path or a list."""
    return str(Path(paths).with_name(name)) if isinstance(paths, str) else [beside(path, name) for path in paths]


def drawn(name, caption=None, category="Figures of the paper", **labels):
    """Return the outputs of a drawing: a PNG, in the report under its caption and labels, and an SVG."""
    path = f"<results>/figures/{name}"
    png = report(f"{path}.png", caption=f"../report/{caption or name}.rst", category=category, labels=labels)
    return {"png": png, "svg": f"{path}.svg"}


def dataset_files(network):
    """Return the files of the data set that a network was trained on; none for one that was trained elsewhere."""
    if network not in TARGETS.trained:
        return []
    # Verified by their sha256 when they were fetched: newer files hold the same images.
    return ancient(getattr(rules, f"fetch_{training(network).dataset}").output)


def weight_files(network):
    """Return the files of the user's that a pretrained network is made of."""
    settings = CONFIG.pretrained[network]
    return [file for file in (settings.weights, settings.labels) if file is not None]


def check_networks():
    """Check what the settings of the pretrained networks alone do not tell; needs torch, hence some seconds."""
    unsure = {name: settings for name, settings in CONFIG.pretrained.items() if not settings.known_to_fit}
    if not unsure:
        return
    from fooling.networks.zoo import check_pretrained

    for name, settings in unsure.items():
        try:
            check_pretrained(settings)
        except FoolingError as error:
            raise FoolingError(f"pretrained.{name}: {error}") from error


def retraining(wildcards):
    """Return the settings of an experiment."""
    return CONFIG.retraining[wildcards.experiment]


def scored_data(wildcards, files):
    """Return the flag that names the folder by which retrained networks are measured; none where photographs are."""
    if retraining(wildcards).head_training:
        return ""
    return f"--data {os.path.dirname(files[0]) if files else shlex.quote(IMAGENET_ROOT)}"


def rounds_of(wildcards):
    """Return the rounds of a whole chain."""
    return range(1, retraining(wildcards).rounds + 1)


def in_chain(wildcards, *arguments):
    """Return files of a chain of retrained networks; see `Targets.of_rounds`."""
    return TARGETS.of_rounds(wildcards.experiment, wildcards.network, *arguments)


def ascent_images(wildcards):
    """Return the classes and start images of a job of gradient ascent."""
    ascent = CONFIG.ascent[wildcards.experiment]
    if wildcards.network not in ascent.runs:
        sys.exit(f"Error: list {wildcards.network} with its seeds under ascent.{wildcards.experiment}.runs.")
    return AscentImages(classes=ascent.classes, seeds=ascent.runs[wildcards.network])


def scaling_flags(experiments):
    """Return `--runs EXPERIMENT ENCODING HISTORY ...` for each experiment and encoding."""
    groups = TARGETS.histories(experiments).items()
    return " ".join(f"--runs {name} {encoding} {' '.join(paths)}" for (name, encoding), paths in groups)


def checkpoints(wildcards, resources):
    """Return how often a job saves its state.

    That changes no result, so no job may run again for it: Snakemake does not compare params that are
    functions of the resources.
    """
    return f"--checkpoint-seconds {CONFIG.compute.checkpoint_seconds}"


def needs(mem_mb, minutes, elsewhere_mb=None):
    """Return what a job asks for: memory, run time, and a GPU where the configuration wants one.

    Each retry asks for as much memory and time again; what ran out of time goes on from its checkpoint. Work on networks
    that were trained elsewhere is ImageNet's: with the paper's settings it takes days on a CPU, so it starts with one.
    Where it holds the images of many runs at once, it asks for `elsewhere_mb`.
    """

    def elsewhere(wildcards):
        return wildcards.get("network", "") in {*CONFIG.pretrained, *CONFIG.ensembles}

    def memory(wildcards, attempt):
        return (elsewhere_mb if elsewhere_mb and elsewhere(wildcards) else mem_mb) * attempt

    def runtime(wildcards, attempt):
        return (DAY if elsewhere(wildcards) else minutes) * attempt

    return {**GPU, "mem_mb": memory, "runtime": runtime}


def imagenet_needs():
    """Return the same of a training by several processes: a GPU for each."""

    def processes(wildcards):
        return retraining(wildcards).imagenet_training.processes

    def memory(wildcards, attempt):
        return 8000 * processes(wildcards) * attempt

    return {**dict.fromkeys(GPU, processes), "mem_mb": memory, "runtime": lambda wildcards, attempt: 2 * DAY * attempt}


def imagenet_threads(settings):
    """Return the threads of such a training: each process has its own, and those that read images for it."""
    return settings.processes * (CONFIG.compute.threads + settings.workers)


def imagenet_start(settings):
    """Return the program that starts such a training."""
    return "python" if settings.processes == 1 else f"torchrun --standalone --nproc-per-node {settings.processes}"


def short(wildcards):
    """Return the group of jobs that take seconds, so that a cluster can be given several as one; none for long jobs."""
    return "short" if wildcards.network in TARGETS.trained else None


for path in workflow.configfiles:
    told(check_keys, Path(path))
CONFIG = told(load_config, config, f"The configuration in {', '.join(map(str, workflow.configfiles))} has mistakes")
TARGETS = Targets(CONFIG)
told(check_is_folder, Path(TARGETS.results))
if workflow.is_main_process:  # the jobs of a cluster read this file as well
    told(check_networks)
IMAGENET_ROOT = CONFIG.datasets.imagenet.root
if IMAGENET_ROOT is not None:
    told(check_imagenet_root, Path(IMAGENET_ROOT))
if any(chains.imagenet_training for chains in CONFIG.retraining.values()):
    told(training_folder, IMAGENET_ROOT)
COMPUTE = f"--device {CONFIG.compute.device} --threads {CONFIG.compute.threads}"
GPU = {"gpu": 1} if CONFIG.compute.device == "cuda" else {}
DAY = 24 * 60  # minutes

told(code, "fooling")  # tells of a module that is not valid Python before any rule asks for its code
