"""Settings of transfer: do the images that fool one network fool another (paper, section 3.3)."""

from typing import Annotated

from pydantic import AfterValidator, Field

from fooling.settings.base import Probability, Settings
from fooling.settings.runs import NetworkId


def listed_once(names: list[str]) -> list[str]:
    """Check that no name is listed twice."""
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"{', '.join(repeated)} is listed twice")
    return names


class TransferSettings(Settings):
    """Which images count."""

    least_confidence: Probability = 0.0
    """Only images of which their own network is at least this sure are scored."""


class TransferRuns(TransferSettings):
    """Every fooling set of the experiment of the same name is scored on each of these networks."""

    networks: Annotated[list[NetworkId], Field(min_length=1), AfterValidator(listed_once)]
    """Names of the networks that score the images."""
