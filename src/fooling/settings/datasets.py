"""What is known of each data set without reading it."""

from collections.abc import Mapping
from dataclasses import dataclass

from fooling.settings.cifar100_classes import CLASSES, SUPERCLASSES
from fooling.settings.glyph_characters import CHARACTERS


@dataclass(frozen=True)
class DatasetFacts:
    """Facts of one data set.

    Attributes:
        name: in settings, files and results.
        spoken_name: in figures and pages.
        classes: how many there are.
        image_shape: (C, H, W); ImageNet's is that of the images that are evolved.
        class_names: in the order of the classes; empty where numbers are the names, or where a file lists them.
        files: the raw files in the order in which they are read; ImageNet is a folder of images by class instead.
        files_of: name of the data set that these files are fetched as, if it is another one.
    """

    name: str
    spoken_name: str
    classes: int
    image_shape: tuple[int, int, int]
    class_names: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    files_of: str | None = None

    @property
    def fetched_as(self) -> str:
        """Name of the data set whose files are fetched for this one."""
        return self.files_of or self.name


MNIST = DatasetFacts(
    "mnist",
    "MNIST",
    classes=10,
    image_shape=(1, 28, 28),
    files=("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
)
CIFAR10 = DatasetFacts(
    "cifar10",
    "CIFAR-10",
    classes=10,
    image_shape=(3, 32, 32),
    class_names=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
    files=(*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin"),
)
CIFAR100 = DatasetFacts(
    "cifar100",
    "CIFAR-100",
    classes=100,
    image_shape=(3, 32, 32),
    class_names=CLASSES,
    files=("train.bin", "test.bin"),
)
CIFAR100_COARSE = DatasetFacts(
    "cifar100_coarse",
    "CIFAR-100 by superclass",
    classes=20,
    image_shape=CIFAR100.image_shape,
    class_names=tuple(SUPERCLASSES),
    files=CIFAR100.files,
    files_of=CIFAR100.name,
)
GLYPHS = DatasetFacts(
    "glyphs",
    "Glyphs",
    classes=len(CHARACTERS),
    image_shape=(1, 28, 28),
    # Code points: figures can write them without a Chinese font.
    class_names=tuple(f"U+{ord(character):04X}" for character in CHARACTERS),
    files=("train-images-idx4-ubyte", "test-images-idx4-ubyte"),
)
IMAGENET = DatasetFacts("imagenet", "ImageNet", classes=1000, image_shape=(3, 256, 256))

DATASETS: Mapping[str, DatasetFacts] = {
    facts.name: facts for facts in (MNIST, CIFAR10, CIFAR100, CIFAR100_COARSE, GLYPHS, IMAGENET)
}
"""By name; networks may have been trained on further data sets."""
