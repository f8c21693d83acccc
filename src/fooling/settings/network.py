"""A network of the configuration, as other settings and the workflow need to know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationInfo

KNOWN_NETWORKS = "known networks"
"""Key of the validation context that holds a `Network` for each network of the configuration, by name."""


@dataclass(frozen=True)
class Network:
    """A network that can be fooled: one that is trained here, a pretrained one, or an ensemble."""

    name: str
    """It names the network's file."""
    dataset: str
    """The data set that it was trained on."""
    classes: int
    """Number of its classes."""
    family: str | None = None
    """Key of its settings under `networks`; None if it is not trained here."""
    seed: int | None = None
    """Its seed in this family."""

    @property
    def trained_here(self) -> bool:
        """Whether the workflow trains it."""
        return self.family is not None


def known_networks(info: ValidationInfo) -> Mapping[str, Network] | None:
    """Return the networks of the configuration that is being checked; None where they are not known."""
    context: Mapping[str, Any] = info.context or {}
    return context.get(KNOWN_NETWORKS)
