"""All networks of a configuration, from its three sections that name some."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from fooling.settings.datasets import DATASETS
from fooling.settings.network import Network
from fooling.settings.pretrained import PretrainedSettings
from fooling.settings.training import NetworkSettings


class _Family(BaseModel):
    """What is needed of a family of networks, whatever mistakes its other settings have."""

    dataset: str = NetworkSettings.model_fields["dataset"].default
    classes: int | None = NetworkSettings.model_fields["classes"].default
    seeds: list[int] = NetworkSettings.model_fields["seeds"].default


class _Pretrained(BaseModel):
    """The same of a pretrained network."""

    dataset: str = PretrainedSettings.model_fields["dataset"].default
    classes: int = PretrainedSettings.model_fields["classes"].default


class _Sections(BaseModel):
    """The sections of a configuration that name networks."""

    networks: dict[str, _Family] = {}
    pretrained: dict[str, _Pretrained] = {}
    ensembles: dict[str, list[str]] = {}


def list_networks(
    families: Mapping[str, NetworkSettings | _Family],
    pretrained: Mapping[str, PretrainedSettings | _Pretrained],
    ensembles: Mapping[str, Sequence[str]],
) -> dict[str, Network]:
    """Return each network by name, in the order of the three sections."""
    networks = {}
    for family, settings in families.items():
        classes = settings.classes or (DATASETS[settings.dataset].classes if settings.dataset in DATASETS else 0)
        for seed in settings.seeds:
            networks[f"{family}-{seed}"] = Network(f"{family}-{seed}", settings.dataset, classes, family, seed)
    for name, network in pretrained.items():
        networks[name] = Network(name, network.dataset, network.classes)
    for name, members in ensembles.items():
        first = networks.get(members[0]) if members else None
        if first is not None:  # an unknown member is a mistake of its own
            networks[name] = Network(name, first.dataset, first.classes)
    return networks


def networks_in(values: Mapping[str, Any]) -> dict[str, Network] | None:
    """Return the networks that a configuration's unchecked `values` name; None if they cannot be read.

    What fools these networks can then be checked in the same pass, so that all mistakes are reported at once.
    """
    given = {name: values[name] for name in _Sections.model_fields if name in values}
    try:
        sections = _Sections.model_validate(given)
    except ValidationError:
        return None
    return list_networks(sections.networks, sections.pretrained, sections.ensembles)
