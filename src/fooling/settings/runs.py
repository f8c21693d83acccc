"""Which networks an experiment fools, and the seeds of its runs."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo

from fooling.settings.base import Seeds

TRAINED_NETWORKS = "trained networks"
"""Key of the validation context that holds the networks which the configuration trains."""


def _is_trained(network: str, info: ValidationInfo) -> str:
    context: Mapping[str, Any] = info.context or {}
    trained: Collection[str] | None = context.get(TRAINED_NETWORKS)
    if trained is not None and network not in trained:
        near = get_close_matches(network, sorted(trained), n=3, cutoff=0.0)
        raise ValueError(f"no network of this name is trained; the nearest are {', '.join(near)}")
    return network


NetworkId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]*-[0-9]+$"), AfterValidator(_is_trained)]
"""A network of a family: `FAMILY-SEED`."""
Runs = Annotated[dict[NetworkId, Annotated[Seeds, Field(min_length=1)]], Field(min_length=1)]
