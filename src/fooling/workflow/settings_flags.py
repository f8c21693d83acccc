"""Settings as the flags of a step's command line, the inverse of `fooling.command_line`."""

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from fooling.settings.compute import CheckpointSettings
from fooling.settings.config import Config
from fooling.workflow.artifacts import Encoding


def settings_flags(settings: BaseModel, model: type[BaseModel]) -> str:
    """Return `--key value ...` for every field of `model`, with the values of `settings`, quoted for a shell.

    `settings` may have more fields than `model`, such as the seeds of the runs, which are left out.
    """
    values = settings.model_dump(mode="json", include=set(model.model_fields))
    return " ".join(f"--{name.replace('_', '-')} {shlex.quote(_text(values[name]))}" for name in model.model_fields)


def checkpoint_flag(compute: CheckpointSettings) -> Callable[..., str]:
    """Return a rule's parameter that says how often a job saves its state.

    This changes no result, so no job may run again for it. Snakemake does not compare parameters that are functions of
    a job's resources, hence the function.
    """

    def flag(wildcards: object, resources: object) -> str:  # noqa: ARG001
        return f"--checkpoint-seconds {compute.checkpoint_seconds}"

    return flag


def measured_data_flag(config: Config, experiment: str, files: Sequence[str]) -> str:
    """Return the flag with the folder of the images that an experiment's retrained networks are measured on.

    Args:
        config: the configuration.
        experiment: of retraining.
        files: of the data set, for networks that are trained here; others are measured on the user's ILSVRC-2012. A
            network with a new head alone is measured on photographs that need no folder.
    """
    if config.retraining[experiment].head_training is not None:
        return ""
    folder = Path(files[0]).parent if files else config.datasets.imagenet.root
    return f"--data {shlex.quote(str(folder))}"


def natural_data_flag(config: Config, files: Sequence[str]) -> str:
    """Return the flag with the folder of a network's data set: of these files, else ILSVRC-2012's; empty without it."""
    folder = Path(files[0]).parent if files else config.datasets.imagenet.root
    return "" if folder is None else f"--data {shlex.quote(str(folder))}"


def outlier_flags(datasets: Sequence[str]) -> str:
    """Return `--outliers NAME FOLDER` for each data set."""
    return " ".join(f"--outliers {name} data/{name}" for name in datasets)


def natural_images_flag(config: Config) -> str:
    """Return the flag that names the user's natural images; empty without them."""
    root, folder = config.datasets.imagenet.root, config.datasets.imagenet.photographs
    if root is not None:
        return f"--imagenet-root {shlex.quote(root)}"
    return f"--photographs {shlex.quote(folder)}" if folder is not None else ""


def runs_flags(histories: Mapping[tuple[str, Encoding], Sequence[str]]) -> str:
    """Return `--runs NAME ENCODING HISTORY ...` for each experiment, or guard, and encoding."""
    return " ".join(f"--runs {name} {encoding} {' '.join(paths)}" for (name, encoding), paths in histories.items())


def _text(value: Any) -> str:
    if isinstance(value, str) and not _is_json(value):
        return value
    return json.dumps(value, separators=(",", ":"))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except json.JSONDecodeError:
        return False
    return True
