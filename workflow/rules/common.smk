"""What all rules share: the checked configuration, what jobs ask for, and the outputs of figures and tables."""

import os
import shlex
import sys
from pathlib import Path

from fooling.settings.compute import ComputeSettings
from fooling.settings.config import load_config
from fooling.settings.datasets import DATASETS, GLYPHS
from fooling.workflow.code import code
from fooling.workflow.config_file import check_keys
from fooling.workflow.mistakes import check_cifar100, check_glyphs, check_imagenet, check_networks, or_exit, tell_merged
from fooling.workflow.resources import JobResources
from fooling.workflow.results_folder import check_is_folder, check_writable
from fooling.workflow.settings_flags import checkpoint_flag, natural_images_flag, settings_flags
from fooling.workflow.targets import Targets
from fooling.workflow.wildcards import one_of

for path in workflow.configfiles:
    or_exit(check_keys, Path(path))
CONFIG = or_exit(load_config, config, f"The configuration in {', '.join(map(str, workflow.configfiles))} has mistakes")
TARGETS = Targets(CONFIG)
or_exit(check_is_folder, Path(TARGETS.results))
if workflow.is_main_process:  # the jobs of a cluster read this file as well
    or_exit(check_networks, CONFIG)
    tell_merged(workflow.configfiles)
or_exit(check_imagenet, CONFIG)
or_exit(check_cifar100, CONFIG)
or_exit(check_glyphs, CONFIG)
or_exit(code, "fooling")  # reports a module that is not valid Python before any rule asks for its code

FIGURES, TABLES = TARGETS.figure_list, TARGETS.table_list
RESOURCES = JobResources(CONFIG, TARGETS.networks)
COMPUTE = settings_flags(CONFIG.compute, ComputeSettings)
CHECKPOINTS = checkpoint_flag(CONFIG.compute)


def drawn(name, caption=None, category="Figures of the paper", **labels):
    """Return the outputs of a figure: a PNG, in the report under its caption and labels, and an SVG."""
    path = f"<results>/figures/{name}"
    png = report(f"{path}.png", caption=f"../report/{caption or name}.rst", category=category, labels=labels)
    return {"png": png, "svg": f"{path}.svg"}


def tabulated(name, caption=None, category="Tables of the paper", **labels):
    """Return the outputs of a table: HTML, in the report under its caption and labels, and CSV."""
    path = f"<results>/tables/{name}"
    html = report(f"{path}.html", caption=f"../report/{caption or name}.rst", category=category, labels=labels)
    return {"html": html, "csv": f"{path}.csv"}


def fetched(dataset):
    """Return the files of a data set; none of ImageNet, which users have."""
    if not DATASETS[dataset].files:
        return []
    if dataset == GLYPHS.name:
        return rules.draw_glyphs.output.images  # other fonts give other images
    # Verified by their sha256 when they were fetched: newer files hold the same images.
    return ancient(getattr(rules, f"fetch_{DATASETS[dataset].fetched_as}").output)


def dataset_files(wildcards):
    """Return the files of the data set that a job's network is trained on; none if it was trained elsewhere."""
    network = TARGETS.networks[wildcards.network]
    return fetched(network.dataset) if network.trained_here else []
