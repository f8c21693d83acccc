"""Where fooling images come from: the method, the network that they fool, and at which scale they were made."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fooling.errors import FoolingError
from fooling.settings.base import Positive, sentences

ASCENT = "ascent"
AUTHORS = "authors_cppn"


class _Origin(BaseModel):
    """What is known of all fooling images.

    Attributes:
        network: name of the network that they fool, or on which images that others published were scored.
        dataset: what that network was trained on.
        classes: of that network, without one of fooling images.
        labels: what the network's owner calls its classes; empty if they have no names of their own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: str
    dataset: str
    classes: Positive
    labels: list[str] = []

    def plain(self) -> dict[str, Any]:
        """Return the origin as JSON-able values, as `parse_origin` reads them."""
        return self.model_dump(mode="json", exclude_unset=True)


class EvolutionOrigin(_Origin):
    """Of images that evolution made.

    Attributes:
        method: name of the encoding: `direct`, `cppn` or another one.
        round: of retraining; the network was trained with the images of the rounds before. 1 for a plain network.
        fitness: whether a confidence counts as float32, which saturates at 1, or by its logarithm.
        generations: of a run.
        batch: children of a generation.
    """

    method: str
    round: Positive
    fitness: Literal["float32", "log"]
    generations: Annotated[int, Field(ge=0)]
    batch: Positive

    @property
    def ascent_set(self) -> str:
        """Evolution has no named set of hyperparameters: the empty text."""
        return ""

    @property
    def evaluations(self) -> int:
        """Evaluated images of a generation."""
        return self.batch


class AscentOrigin(_Origin):
    """Of images that gradient ascent made.

    Attributes:
        method: `ascent`.
        set: name of the set of hyperparameters.
        rule: of the step.
        mean: mean colour of the data set in 0-255, by channel.
        milestones: for each image the iteration of each milestone, or None, beside its run and target.
    """

    method: Literal["ascent"]
    set: str
    rule: Literal["progress", "fixed_length"]
    mean: list[float]
    milestones: list[dict[str, int | None]]

    @property
    def ascent_set(self) -> str:
        """Name of the set of hyperparameters."""
        return self.set

    @property
    def evaluations(self) -> int:
        """Evaluated images of an iteration, for each image."""
        return 1


class AuthorsOrigin(_Origin):
    """Of CPPN images that the paper's authors evolved against CaffeNet and published; `network` has only scored them.

    Attributes:
        method: `authors_cppn`.
        generations: after which they were taken. When each was born is not known, so sets say this number.
        targets: where the class that each aims at is from: the names of the files, or, where these tell none, the
            first choice of `network`.
    """

    method: Literal["authors_cppn"]
    generations: Annotated[int, Field(ge=0)]
    targets: Literal["file_names", "first_choice"]

    @property
    def ascent_set(self) -> str:
        """Evolution has no named set of hyperparameters: the empty text."""
        return ""


Origin = EvolutionOrigin | AscentOrigin | AuthorsOrigin
_KINDS: dict[str, type[Origin]] = {ASCENT: AscentOrigin, AUTHORS: AuthorsOrigin}
"""By method; any other one is an encoding's name."""
KIND_NAMES: dict[type[Origin], str] = {
    EvolutionOrigin: "evolution",
    AscentOrigin: "gradient ascent",
    AuthorsOrigin: "the authors' published images",
}
"""How messages call them."""


def parse_origin(values: Any, place: str) -> Origin:
    """Check an origin of plain values.

    Args:
        values: as `plain` gives them.
        place: what the sentence of an error begins with.

    Raises:
        FoolingError: something is missing, unknown or wrong.
    """
    method = values.get("method") if isinstance(values, dict) else None
    kind = _KINDS.get(method, EvolutionOrigin) if isinstance(method, str) else EvolutionOrigin
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        mistakes = " ".join(sentences(error))
        raise FoolingError(f"{place} does not say where its images come from: {mistakes}") from error


def parse_evolution_origin(values: Any, place: str) -> EvolutionOrigin:
    """Check the origin of images that evolution made; see `parse_origin`.

    Raises:
        FoolingError: something is missing, unknown or wrong, or no evolution of ours made the images.
    """
    origin = parse_origin(values, place)
    if not isinstance(origin, EvolutionOrigin):
        raise FoolingError(f"{place} is of {KIND_NAMES[type(origin)]}, but one of evolution is needed here.")
    return origin
