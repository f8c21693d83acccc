"""Settings of retraining with fooling images as one more class (paper, section 3.5)."""

from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from fooling.settings.base import Positive, Settings
from fooling.settings.cures import AcetSettings, CureName, OutlierExposureSettings
from fooling.settings.evolution import CppnSettings
from fooling.settings.head_training import HeadTrainingSettings
from fooling.settings.imagenet_training import ImagenetTrainingRuns
from fooling.settings.network import known_networks
from fooling.settings.runs import NetworkId

RUNS_PER_ROUND = 10_000
"""Seeds of evolution set aside for each round, lest two rounds begin with the same random images."""


class RoundEvolution(CppnSettings):
    """How the images of a round are evolved; the elites of generation 0 are always stored."""

    snapshots: list[Annotated[int, Field(ge=0)]] = [0]
    """Generations whose elites are stored beside those of the last one; 0 must be among them."""

    @field_validator("snapshots")
    @classmethod
    def _has_the_first(cls, snapshots: list[int]) -> list[int]:
        if 0 not in snapshots:
            raise ValueError("0 must be among them: half of a round's images come from generation 0")
        return snapshots


class SampleSettings(Settings):
    """How many images of a round join the fooling class."""

    images: Positive
    """Different images, half of them elites of the first and half of the last generation."""


class RetrainingSettings(Settings):
    """A chain of networks: each is trained anew with the images that fooled those before it as one more class.

    Two later cures for fooling may take the place of that class.
    """

    networks: Annotated[list[NetworkId], Field(min_length=1)]
    """The networks DNN1 that chains begin with, trained here or pretrained ones of ImageNet; one chain for each."""
    rounds: Annotated[int, Field(ge=2)] = 2
    """Networks in a chain, DNN1 included."""
    first_runs: Annotated[int, Field(ge=1, le=RUNS_PER_ROUND)] = 350
    """Runs of evolution against DNN1."""
    runs: Annotated[int, Field(ge=1, le=RUNS_PER_ROUND)] = 70
    """Runs against each further network."""
    first_images: Annotated[int, Field(ge=2)] = 6000
    """Images in the fooling class of DNN2."""
    images: Annotated[int, Field(ge=2)] = 1000
    """Images that each further round adds to it; the last round's join no network."""
    evolution: RoundEvolution = RoundEvolution()
    """How the images are evolved."""
    imagenet_training: ImagenetTrainingRuns | None = None
    """How pretrained networks of ImageNet are trained anew; they need this or `head_training`, and others neither."""
    head_training: HeadTrainingSettings | None = None
    """How they get a fooling class without ImageNet: frozen but for one further output. A substitute, soon made."""
    outlier_exposure: OutlierExposureSettings | None = None
    """Instead of a fooling class: the fooling images teach DNN2, of networks trained here, to be unsure of them."""
    acet: AcetSettings | None = None
    """Instead of a fooling class, without fooling images: DNN2 learns low confidence in and around noise."""

    @model_validator(mode="after")
    def _can_be_trained(self, info: ValidationInfo) -> Self:
        known = known_networks(info) or {}
        elsewhere = [name for name in self.networks if name in known and not known[name].trained_here]
        foreign = [name for name in elsewhere if known[name].dataset != "imagenet"]
        if foreign:
            raise ValueError(
                f"networks: {foreign[0]} is neither trained here nor of ImageNet, so that it cannot be trained anew"
            )
        missing = [self.imagenet_training, self.head_training].count(None)
        if missing != (1 if elsewhere else 2) or 0 < len(elsewhere) < len(self.networks):
            raise ValueError(
                "imagenet_training: networks of ImageNet need it, or head_training, and have an experiment of their "
                "own; others have neither"
            )
        return self

    @model_validator(mode="after")
    def _has_one_cure(self) -> Self:
        cures = [name for name in ("outlier_exposure", "acet") if getattr(self, name) is not None]
        if len(cures) > 1:
            raise ValueError("acet: an experiment has one cure, not outlier_exposure as well; make two experiments")
        if cures and (self.imagenet_training or self.head_training):
            raise ValueError(f"{cures[0]}: only networks that are trained here are cured in this way")
        if self.acet and self.rounds > 2:
            raise ValueError(
                "acet: it learns nothing from fooling images, so that a third network would differ by its seed alone; "
                "set rounds to 2"
            )
        return self

    @model_validator(mode="after")
    def _runs_suffice(self, info: ValidationInfo) -> Self:
        known = known_networks(info) or {}
        for name in (name for name in self.networks if name in known):
            classes = known[name].classes
            # Generation 0 has no more images than a batch.
            of_run = min(self.evolution.batch, classes) + classes
            for prefix, runs, images in self._numbers_by_prefix():
                if images > runs * of_run:
                    raise ValueError(
                        f"{prefix}images: {runs} runs against {classes} classes give at most {runs * of_run} "
                        f"different images, not {images}; raise {prefix}runs"
                    )
        return self

    def _numbers_by_prefix(self) -> list[tuple[str, int, int]]:
        if self.acet:
            return []
        first, further = ("first_", self.first_runs, self.first_images), ("", self.runs, self.images)
        return [first, further] if self.rounds > 2 else [first]

    @property
    def cure(self) -> Literal["fooling_class"] | CureName:
        """What the retrained networks are given against fooling."""
        if self.outlier_exposure:
            return "outlier_exposure"
        return "acet" if self.acet else "fooling_class"

    def runs_of(self, network_round: int) -> int:
        """Return the number of runs against the network DNN`network_round`."""
        return self.first_runs if network_round == 1 else self.runs

    def images_of(self, network_round: int) -> int:
        """Return how many images that fool it join the fooling class."""
        return self.first_images if network_round == 1 else self.images
