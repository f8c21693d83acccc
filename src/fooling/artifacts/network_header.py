"""What the file of a network says of it beside its weights; reading that needs no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StrictBool, StrictInt

from fooling.artifacts.storage import load_arrays
from fooling.settings.base import Positive, parse
from fooling.settings.pretrained import Side

KIND = "network"


class NetworkHeader(BaseModel):
    """One network, see `network_file.TrainedNetwork`. Sizes are bounded, since a file may claim any."""

    architecture: str
    options: dict[str, StrictBool | Annotated[StrictInt, Field(ge=1)]]
    dataset: str
    classes: Positive
    image_shape: tuple[Literal[1, 3], Side, Side]
    labels: list[str]
    training: dict[str, Any]
    fooling_rounds: Annotated[int, Field(ge=0)]
    input_size: Side | None
    views: Literal[1, 10]

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of the network's inputs."""
        channels = self.image_shape[0]
        return self.image_shape if self.input_size is None else (channels, self.input_size, self.input_size)


class _Header(BaseModel):
    networks: Annotated[list[NetworkHeader], Field(min_length=1)]


def parse_headers(path: Path, header: Mapping[str, Any]) -> list[NetworkHeader]:
    """Return what the header of the file `path` says of its networks: one, or the members of an ensemble.

    Raises:
        FoolingError: it is not of this version.
    """
    return parse(_Header, dict(header), f"{path} does not hold a network of this version; make it again").networks


def read_network_headers(path: Path) -> list[NetworkHeader]:
    """Read what a file says of its networks.

    Raises:
        FoolingError: the file is missing, damaged, or not of this version.
    """
    return parse_headers(path, load_arrays(path, KIND)[0])
