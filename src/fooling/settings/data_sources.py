"""Settings of the data sets' sources."""

from typing import Self

from pydantic import model_validator

from fooling.settings.base import Settings, UserPath


class MnistSettings(Settings):
    """Where MNIST comes from."""

    mirror: UserPath | None = None
    """Address of a folder with the four files, tried before the known sources."""


class Cifar10Settings(Settings):
    """Where CIFAR-10 comes from."""

    mirror: UserPath | None = None
    """Address of a folder with the six files of the binary version, tried before the known sources."""


class Cifar100Settings(Settings):
    """Where CIFAR-100 comes from."""

    mirror: UserPath | None = None
    """Address of a folder with the two files of the binary version, tried before the known sources."""
    folder: UserPath | None = None
    """Folder with a lossless WebP of each class (`train/apple.webp`), its images one below the other; tried first."""


class GlyphsSettings(Settings):
    """The fonts that glyphs are drawn from; each has all thousand characters."""

    fonts: list[UserPath] = []
    """Font files, or folders of them, of the training images; of a collection (.ttc) the first font counts."""
    test_fonts: list[UserPath] = []
    """The same of the test images, of other families."""


class ImagenetSettings(Settings):
    """The user's copy of ILSVRC-2012, which nobody may hand out, or of a part of it."""

    root: UserPath | None = None
    """Folder with the images by class, `val/n01440764/*.JPEG` and so on; null makes do with photographs."""
    photographs: UserPath | None = None
    """Folder of photographs named by WordNet id (`n01440764.JPEG`, or a folder of that name); null takes twenty."""

    @model_validator(mode="after")
    def _is_one_source(self) -> Self:
        if self.root is not None and self.photographs is not None:
            raise ValueError(
                "photographs: they stand in for ILSVRC-2012, whose root is given; leave one of the two out"
            )
        return self


class DatasetSettings(Settings):
    """Where the data sets come from; what is fetched is verified by its sha256."""

    mnist: MnistSettings = MnistSettings()
    """MNIST."""
    cifar10: Cifar10Settings = Cifar10Settings()
    """CIFAR-10."""
    cifar100: Cifar100Settings = Cifar100Settings()
    """CIFAR-100."""
    glyphs: GlyphsSettings = GlyphsSettings()
    """Chinese characters, drawn from fonts."""
    imagenet: ImagenetSettings = ImagenetSettings()
    """ILSVRC-2012."""
