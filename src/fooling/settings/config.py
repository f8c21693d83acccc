"""The whole configuration of a workflow run, composed from the settings of its steps."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, TypeAdapter, ValidationError, ValidationInfo, field_validator

from fooling.errors import FoolingError
from fooling.settings.ascent import AscentRuns
from fooling.settings.base import Name, Settings, sentences
from fooling.settings.compute import ComputeSettings
from fooling.settings.evolution import ExperimentSettings
from fooling.settings.runs import TRAINED_NETWORKS
from fooling.settings.training import NetworkSettings
from fooling.settings.transfer import TransferRuns

CLASSES = {"mnist": 10}
"""Number of classes of each data set."""


class MnistSettings(Settings):
    """Where MNIST comes from."""

    mirror: str | None = None
    """Address of a folder with the four files, tried before the known sources."""


class DatasetSettings(Settings):
    """Where the data sets come from; all files are verified by their sha256."""

    mnist: MnistSettings = MnistSettings()
    """MNIST."""


def _classes_exist(ascent: AscentRuns, info: ValidationInfo) -> AscentRuns:
    trained: Mapping[str, str] = (info.context or {}).get(TRAINED_NETWORKS) or {}
    for network in ascent.runs:
        dataset = trained.get(network, "")
        beyond = [number for number in ascent.classes if dataset in CLASSES and number >= CLASSES[dataset]]
        if beyond:
            last = CLASSES[dataset] - 1
            raise ValueError(f"classes: {network} ({dataset}) has the classes 0 to {last}, and {beyond[0]} is none")
    if len(set(ascent.classes)) < len(ascent.classes):
        raise ValueError(f"classes: each class is listed once, not as in {ascent.classes}")
    return ascent


class Config(Settings):
    """What one run of the workflow makes, under `results/NAME`."""

    name: Name = "default"
    """Name of the folder under `results/` that everything is written to."""
    compute: ComputeSettings = ComputeSettings()
    """Device, threads and checkpoints of every step."""
    datasets: DatasetSettings = DatasetSettings()
    """Sources of the data sets."""
    networks: Annotated[dict[Name, NetworkSettings], Field(min_length=1)]
    """The networks to train, by family; `lenet: {seeds: [1, 2]}` gives `lenet-1` and `lenet-2`."""
    evolution: dict[Name, ExperimentSettings] = {}
    """Evolution, by experiment; the paper's Figures 4, 5 and S2 are drawn from the experiment `mnist`."""
    ascent: dict[Name, Annotated[AscentRuns, AfterValidator(_classes_exist)]] = {}
    """Gradient ascent, by experiment."""
    transfer: dict[Name, TransferRuns] = {}
    """Transfer of the fooling images of the experiment of the same name."""

    @field_validator("transfer")
    @classmethod
    def _has_images(cls, transfer: dict[str, TransferRuns], info: ValidationInfo) -> dict[str, TransferRuns]:
        made = {*info.data.get("evolution", transfer), *info.data.get("ascent", transfer)}
        barren = sorted(set(transfer) - made)
        if barren:
            raise ValueError(f"{', '.join(barren)}: no experiment of this name under evolution or ascent makes images")
        return transfer


def load_config(values: Mapping[str, Any], where: str) -> Config:
    """Build the configuration from plain `values`, such as a parsed YAML file.

    Raises:
        FoolingError: all mistakes at once, a line each, under the heading `where`.
    """
    try:
        return Config.model_validate(values, context={TRAINED_NETWORKS: _trained_networks(values)})
    except ValidationError as error:
        raise FoolingError("\n  ".join([f"{where}:", *sentences(error)])) from error


class _Family(BaseModel):
    """What the other settings need to know of a family of networks, even where it has mistakes of its own."""

    dataset: str = NetworkSettings.model_fields["dataset"].default
    seeds: list[int] = NetworkSettings.model_fields["seeds"].default


def _trained_networks(values: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the data set of each network that `values` train; None if that cannot be told."""
    try:
        families = TypeAdapter(dict[str, _Family]).validate_python(values.get("networks"))
    except ValidationError:
        return None
    return {f"{name}-{seed}": family.dataset for name, family in families.items() for seed in family.seeds}
