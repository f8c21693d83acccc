"""What a network's file says of a cure for fooling that gave it no fooling class, and of its place in a chain."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from fooling.networks.network_file import TrainedNetwork
from fooling.settings.base import parse
from fooling.settings.cures import CureName

_KEY = "cure"


class CureRecord(BaseModel):
    """A cure that a network was trained with.

    Attributes:
        name: of the cure.
        round: of the network in its chain; the images of the rounds before fooled its forerunners.
        settings: of the cure.
    """

    name: CureName
    round: Annotated[int, Field(ge=2)]
    settings: Mapping[str, Any]


def with_cure(trained: TrainedNetwork, record: CureRecord) -> TrainedNetwork:
    """Return a network that says that it was trained with a cure."""
    return replace(trained, training={**trained.training, _KEY: record.model_dump()})


def cure_of(trained: TrainedNetwork) -> Literal["none", "fooling_class"] | CureName:
    """Return what a network was given against fooling; `none` for a plain one.

    Raises:
        FoolingError: its file says something else.
    """
    record = _record(trained)
    if record is not None:
        return record.name
    return "fooling_class" if trained.fooling_rounds else "none"


def round_of(trained: TrainedNetwork) -> int:
    """Return the place of a network in a chain of retrained ones; 1 for a plain one.

    Raises:
        FoolingError: its file does not say it rightly.
    """
    record = _record(trained)
    return trained.fooling_rounds + 1 if record is None else record.round


def _record(trained: TrainedNetwork) -> CureRecord | None:
    if _KEY not in trained.training:
        return None
    return parse(CureRecord, trained.training[_KEY], "What the network's file says of its cure is damaged")
