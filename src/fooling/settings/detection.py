"""Settings of detection: would something else than its confidence tell that an image is none for the network?"""

from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from fooling.settings.base import Positive, Seed, Settings
from fooling.settings.datasets import DATASETS
from fooling.settings.network import known_networks
from fooling.settings.runs import NetworkId
from fooling.settings.transfer import listed_once

DetectorName = Literal[
    "max_softmax",
    "max_logit",
    "energy",
    "entropy",
    "odin",
    "openmax",
    "mahalanobis",
    "knn",
    "vim",
    "react",
    "ash",
    "she",
]
DETECTORS: tuple[DetectorName, ...] = get_args(DetectorName)
FITTED: tuple[DetectorName, ...] = ("openmax", "mahalanobis", "knn", "vim", "react", "she")
"""Those that are fitted to training images."""
UNGUARDED = "none"
"""What stands for a detector where there is none."""
LEAST_TEST_IMAGES = 20
"""Fewer have no threshold that 95 % of them pass and one does not."""


class DetectionSettings(Settings):
    """The detectors, and how many images they are fitted to and judged by."""

    detectors: Annotated[list[DetectorName], Field(min_length=1), AfterValidator(listed_once)] = list(DETECTORS)
    """The detectors. All but max_softmax, max_logit, energy, entropy, odin and ash are fitted to training images."""
    training_images: Positive = 5000
    """Training images of the network's data set that they are fitted to, at most."""
    test_images: Annotated[int, Field(ge=LEAST_TEST_IMAGES)] = 2000
    """Natural images, held out from training, whose scores set the threshold, at most."""
    unknown_images: Positive = 500
    """Images of each unknown set, at most; of more, so many are drawn."""
    seed: Seed = 0
    """Seed of these draws and of the noise."""


class DetectionRuns(DetectionSettings):
    """Each network judges the fooling images of the experiment of the same name that were made against it."""

    networks: Annotated[list[NetworkId], Field(min_length=1), AfterValidator(listed_once)]
    """The networks whose detectors are measured; the intervals of a table are over them and over images."""
    outliers: Annotated[list[Literal["mnist", "cifar10", "cifar100"]], AfterValidator(listed_once)] = []
    """Other data sets, whose test images are ordinary outliers beside the fooling images."""

    @model_validator(mode="after")
    def _are_of_one_known_data_set(self, info: ValidationInfo) -> Self:
        known = known_networks(info) or {}
        datasets = sorted({known[name].dataset for name in self.networks if name in known})
        if len(datasets) > 1:
            raise ValueError(f"networks: they are of one data set, not of {' and '.join(datasets)}")
        foreign = [name for name in datasets if name not in DATASETS]
        if foreign:
            raise ValueError(f"networks: natural images of {foreign[0]} are not known here; name networks of others")
        own = [name for name in self.outliers if name in {DATASETS[dataset].fetched_as for dataset in datasets}]
        if own:
            raise ValueError(f"outliers: {own[0]} is the data set of the networks themselves; name others")
        return self
