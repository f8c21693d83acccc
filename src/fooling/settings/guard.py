"""Settings of guarded evolution: against a network together with a detector of unnatural images."""

from typing import Annotated

from pydantic import AfterValidator, Field

from fooling.settings.base import Positive, Seed, Settings
from fooling.settings.detection import LEAST_TEST_IMAGES, DetectorName
from fooling.settings.evolution import EvolutionSettings
from fooling.settings.transfer import listed_once


class GuardImages(Settings):
    """The natural images that a guard knows. With the numbers and seed of `detection`, they are the same images."""

    training_images: Positive = 5000
    """Training images of the network's data set that a detector is fitted to, at most."""
    test_images: Annotated[int, Field(ge=LEAST_TEST_IMAGES)] = 2000
    """Natural images, held out from training, whose scores set the threshold, at most."""
    images_seed: Seed = 0
    """Seed of the draw of these images."""


class GuardSettings(GuardImages):
    """One guard."""

    detector: DetectorName
    """The detector that every image must pass."""


class GuardRuns(GuardImages):
    """The runs of evolution of an experiment once more, against its networks guarded by each detector."""

    detectors: Annotated[list[DetectorName], Field(min_length=1), AfterValidator(listed_once)]
    """The detectors; each guards the networks by itself."""


def why_not_guarded(settings: EvolutionSettings) -> str | None:
    """Return why evolution with these settings cannot be guarded, or None if it can."""
    if settings.fitness != "log":
        return "in float32 all images that a guard stops would be equally fit; set fitness to log"
    if settings.precision != "float32":
        return "a guarded network judges in float32; set precision to float32"
    if settings.cpu_backend != "torch":
        return "a guarded network is run by torch, which tells its features; set cpu_backend to torch"
    return None
