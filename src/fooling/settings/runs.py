"""Which networks an experiment fools, and the seeds of its runs."""

from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from fooling.settings.base import Seeds
from fooling.settings.network import known_networks


def _is_known(network: str, info: ValidationInfo) -> str:
    known = known_networks(info)
    if known is not None and network not in known:
        near = get_close_matches(network, sorted(known), n=3, cutoff=0.0)
        raise ValueError(f"there is no network of this name; the nearest are {', '.join(near)}")
    return network


NetworkId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]*(-[0-9]+)?$"), AfterValidator(_is_known)]
"""A trained network `FAMILY-SEED`, or the name of a pretrained one or of an ensemble."""
Runs = Annotated[dict[NetworkId, Annotated[Seeds, Field(min_length=1)]], Field(min_length=1)]
