"""The whole configuration of a workflow run, composed from the settings of its steps."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from fooling.errors import FoolingError
from fooling.settings.ablation import AblationSettings
from fooling.settings.ascent import AscentRuns
from fooling.settings.base import Name, Settings, sentences
from fooling.settings.breeding import BreedingRuns
from fooling.settings.compute import CheckpointSettings
from fooling.settings.data_sources import DatasetSettings
from fooling.settings.datasets import DATASETS, IMAGENET
from fooling.settings.detection import FITTED, DetectionRuns
from fooling.settings.evolution import ExperimentSettings
from fooling.settings.guard import GuardRuns, why_not_guarded
from fooling.settings.network import KNOWN_NETWORKS, Network, known_networks
from fooling.settings.network_list import list_networks, networks_in
from fooling.settings.plane import PlaneSettings
from fooling.settings.pretrained import LITE_INPUTS, PretrainedSettings
from fooling.settings.release import ReleaseSettings
from fooling.settings.retraining import RetrainingSettings
from fooling.settings.runs import NetworkId
from fooling.settings.training import NetworkSettings
from fooling.settings.transfer import TransferRuns


def _classes_exist(ascent: AscentRuns, info: ValidationInfo) -> AscentRuns:
    known = known_networks(info) or {}
    for name in ascent.runs:
        network = known.get(name)
        beyond = [number for number in ascent.classes if network and number >= network.classes]
        if network and beyond:
            last = network.classes - 1
            raise ValueError(
                f"classes: {name} ({network.dataset}) has the classes 0 to {last}, and {beyond[0]} is none"
            )
    if len(set(ascent.classes)) < len(ascent.classes):
        raise ValueError(f"classes: each class is listed once, not as in {ascent.classes}")
    return ascent


def _belong_together(members: list[str], info: ValidationInfo) -> list[str]:
    known = known_networks(info) or {}
    kinds = {(known[name].dataset, known[name].classes) for name in members if name in known}
    if len(set(members)) < len(members):
        raise ValueError(f"each network is listed once, not as in {members}")
    if len(kinds) > 1:
        raise ValueError(
            "the members of an ensemble have the same classes, not those of "
            + " and ".join(sorted(f"{dataset} ({classes})" for dataset, classes in kinds))
        )
    return members


Ensemble = Annotated[list[NetworkId], Field(min_length=2), AfterValidator(_belong_together)]


class Config(Settings):
    """What one run of the workflow makes, under `results/NAME`."""

    name: Name = "default"
    """Name of the folder under `results/` that everything is written to."""
    compute: CheckpointSettings = CheckpointSettings()
    """Device, threads and checkpoints of every step."""
    datasets: DatasetSettings = DatasetSettings()
    """Sources of the data sets."""
    networks: dict[Name, NetworkSettings] = {}
    """The networks to train, by family; `lenet: {seeds: [1, 2]}` gives `lenet-1` and `lenet-2`."""
    pretrained: dict[Name, PretrainedSettings] = {}
    """Networks that were trained elsewhere, by the name they get here."""
    ensembles: dict[Name, Ensemble] = {}
    """Ensembles of networks, by name; the confidence of one is the mean of its members'."""
    evolution: dict[Name, ExperimentSettings] = {}
    """Evolution, by experiment; the paper's Figures 4, 5 and S2 are drawn from the experiment `mnist`."""
    ascent: dict[Name, Annotated[AscentRuns, AfterValidator(_classes_exist)]] = {}
    """Gradient ascent, by experiment."""
    transfer: dict[Name, TransferRuns] = {}
    """Transfer of the fooling images of the experiment of the same name."""
    retraining: dict[Name, RetrainingSettings] = {}
    """Retraining with fooling images as one more class, by experiment; Figure 11 is drawn from `mnist`."""
    detection: dict[Name, DetectionRuns] = {}
    """Detectors that look at the fooling images of the experiment of the same name; made by `snakemake beyond`."""
    guarded: dict[Name, GuardRuns] = {}
    """The runs of the experiment of the same name against guarded networks; made by `snakemake beyond`."""
    features: dict[Name, NetworkId] = {}
    """The other network by whose features the images of an experiment are compared (Figures 8 and 9)."""
    plane: PlaneSettings | None = None
    """A small classifier of points in the plane, confident far beyond its data (Figure 14); null leaves it out."""
    ablation: dict[Name, AblationSettings] = {}
    """Removal of repeated elements from the CPPN images of the experiment of the same name (Figure 10)."""
    dataset: ReleaseSettings = ReleaseSettings()
    """The data set of fooling images that `make dataset` makes of everything."""
    breeding: BreedingRuns | None = None
    """Sessions of breeding pictures by hand, replayed (Figure 3); null leaves them out."""
    claims: list[str] = []
    """Claims of `config/paper_values.csv`, as `ITEM.QUANTITY`, that the run must reproduce; missing one is an error."""

    @property
    def all_networks(self) -> dict[str, Network]:
        """All networks by name: those trained here, pretrained ones, ensembles."""
        return list_networks(self.networks, self.pretrained, self.ensembles)

    @model_validator(mode="after")
    def _has_a_network(self) -> Self:
        if not self.networks and not self.pretrained:
            raise ValueError("networks: there is none; name one to train here, or your own under pretrained")
        return self

    @field_validator("ensembles")
    @classmethod
    def _has_single_members(cls, ensembles: dict[str, list[str]]) -> dict[str, list[str]]:
        nested = sorted({name for members in ensembles.values() for name in members if name in ensembles})
        if nested:
            raise ValueError(f"{nested[0]} is an ensemble itself; list its members instead")
        return ensembles

    @field_validator("retraining")
    @classmethod
    def _begins_with_single_networks(
        cls, retraining: dict[str, RetrainingSettings], info: ValidationInfo
    ) -> dict[str, RetrainingSettings]:
        ensembles: Mapping[str, list[str]] = info.data.get("ensembles", {})
        for experiment, settings in retraining.items():
            together = [name for name in settings.networks if name in ensembles]
            if together:
                raise ValueError(f"{experiment}: {together[0]} is an ensemble; name networks that can be trained anew")
        return retraining

    @field_validator("retraining")
    @classmethod
    def _can_learn_a_fooling_class(
        cls, retraining: dict[str, RetrainingSettings], info: ValidationInfo
    ) -> dict[str, RetrainingSettings]:
        pretrained: Mapping[str, PretrainedSettings] = info.data.get("pretrained", {})
        for experiment, settings in retraining.items():
            for name in (name for name in settings.networks if name in pretrained):
                network = pretrained[name]
                if settings.head_training and network.views != 1:
                    raise ValueError(
                        f"{experiment}: {name} is judged by {network.views} views, and an output is fitted to one; set "
                        f"pretrained.{name}.views to 1"
                    )
                anew = settings.imagenet_training and settings.imagenet_training.start == "scratch"
                if anew and network.architecture in LITE_INPUTS:
                    raise ValueError(
                        f"{experiment}: {name} ({network.architecture}) has lost its batch normalisation and learns "
                        "nothing from scratch; set imagenet_training.start to weights"
                    )
        return retraining

    @field_validator("features")
    @classmethod
    def _is_another_network(cls, features: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        ensembles: Mapping[str, list[str]] = info.data.get("ensembles", {})
        evolution: Mapping[str, ExperimentSettings] = info.data.get("evolution", {})
        for experiment, network in features.items():
            if network in ensembles:
                raise ValueError(f"{experiment}: {network} is an ensemble, which has no features; name one network")
            runs = evolution[experiment].cppn if experiment in evolution else None
            if runs is None and "evolution" in info.data:
                raise ValueError(f"{experiment}: no experiment of this name evolves CPPN images")
            if runs is not None and next(iter(runs.runs)) == network:
                raise ValueError(f"{experiment}: {network} is the network that is fooled; name another one")
        return features

    @field_validator("ablation")
    @classmethod
    def _has_cppn_images(
        cls, ablation: dict[str, AblationSettings], info: ValidationInfo
    ) -> dict[str, AblationSettings]:
        evolution: Mapping[str, ExperimentSettings] = info.data.get("evolution", {})
        barren = sorted(name for name in ablation if name in evolution and evolution[name].cppn is None)
        barren += sorted(set(ablation) - set(evolution)) if "evolution" in info.data else []
        if barren:
            raise ValueError(f"{', '.join(barren)}: no experiment of this name evolves CPPN images")
        return ablation

    @field_validator("transfer")
    @classmethod
    def _has_images(cls, transfer: dict[str, TransferRuns], info: ValidationInfo) -> dict[str, TransferRuns]:
        made = {*info.data.get("evolution", transfer), *info.data.get("ascent", transfer)}
        barren = sorted(set(transfer) - made)
        if barren:
            raise ValueError(f"{', '.join(barren)}: no experiment of this name under evolution or ascent makes images")
        return transfer

    @field_validator("detection")
    @classmethod
    def _judges_images_by_single_networks(
        cls, detection: dict[str, DetectionRuns], info: ValidationInfo
    ) -> dict[str, DetectionRuns]:
        ensembles: Mapping[str, list[str]] = info.data.get("ensembles", {})
        for experiment, settings in detection.items():
            fooled = _fooled_by(experiment, info)
            for name in settings.networks:
                if name in ensembles:
                    raise ValueError(f"{experiment}: {name} is an ensemble, which has no features; name one network")
                if fooled is not None and name not in fooled:
                    raise ValueError(f"{experiment}: no image of this experiment is made against {name}; name others")
        return detection

    @field_validator("detection")
    @classmethod
    def _has_images_to_fit(cls, detection: dict[str, DetectionRuns], info: ValidationInfo) -> dict[str, DetectionRuns]:
        for experiment, settings in detection.items():
            _check_can_be_fitted(experiment, settings.detectors, settings.networks, info)
        return detection

    @field_validator("guarded")
    @classmethod
    def _has_runs_that_can_be_guarded(cls, guarded: dict[str, GuardRuns], info: ValidationInfo) -> dict[str, GuardRuns]:
        if "evolution" not in info.data:
            return guarded
        known, ensembles = known_networks(info) or {}, info.data.get("ensembles", {})
        for experiment, settings in guarded.items():
            evolution: ExperimentSettings = info.data["evolution"].get(experiment, ExperimentSettings())
            encodings = {"direct": evolution.direct, "cppn": evolution.cppn}
            given = {name: runs for name, runs in encodings.items() if runs is not None}
            if not given:
                raise ValueError(f"{experiment}: no experiment of this name under evolution has runs to repeat")
            for encoding, runs in given.items():
                reason = why_not_guarded(runs)
                if reason is not None:
                    raise ValueError(f"{experiment}: evolution.{experiment}.{encoding}: {reason}")
            networks = list(dict.fromkeys(name for runs in given.values() for name in runs.runs))
            for name in networks:
                if name in ensembles:
                    raise ValueError(f"{experiment}: {name} is an ensemble, which no detector knows; name one network")
                if name in known and known[name].dataset not in DATASETS:
                    raise ValueError(
                        f"{experiment}: natural images of {known[name].dataset} are not known here; name other networks"
                    )
            _check_can_be_fitted(experiment, settings.detectors, networks, info)
        return guarded


def _check_can_be_fitted(
    experiment: str, detectors: Iterable[str], networks: Iterable[str], info: ValidationInfo
) -> None:
    """Check that there are training images of ImageNet for those detectors of its networks that are fitted to some."""
    known, datasets = known_networks(info) or {}, info.data.get("datasets")
    fitted = [name for name in detectors if name in FITTED]
    without = datasets is not None and datasets.imagenet.root is None
    if without and fitted and any(known[name].dataset == IMAGENET.name for name in networks if name in known):
        raise ValueError(
            f"{experiment}: {fitted[0]} is fitted to training images; set datasets.imagenet.root, or list the "
            f"detectors without {', '.join(fitted)}"
        )


def _fooled_by(experiment: str, info: ValidationInfo) -> set[str] | None:
    """Return the networks against which an experiment makes images; None where its sections have mistakes."""
    if not {"evolution", "ascent", "retraining"} <= set(info.data):
        return None
    evolution: ExperimentSettings = info.data["evolution"].get(experiment, ExperimentSettings())
    runs = [each.runs for each in (evolution.direct, evolution.cppn) if each is not None]
    ascent, retraining = (info.data[section].get(experiment) for section in ("ascent", "retraining"))
    return {
        *(name for of_encoding in runs for name in of_encoding),
        *(ascent.runs if ascent is not None else ()),
        *(retraining.networks if retraining is not None else ()),
    }


def load_config(values: Mapping[str, Any], where: str) -> Config:
    """Build the configuration from plain `values`, such as a parsed YAML file.

    Raises:
        FoolingError: all mistakes at once, a line each, under the heading `where`.
    """
    try:
        return Config.model_validate(values, context={KNOWN_NETWORKS: networks_in(values)})
    except ValidationError as error:
        raise FoolingError("\n  ".join([f"{where}:", *sentences(error)])) from error
