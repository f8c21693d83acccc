"""The images that an ImageNet network learns anew from: photographs, and fooling images as one more class."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fooling.data.class_folders import ClassFolders, check_same_classes, list_classes, training_folder
from fooling.errors import FoolingError
from fooling.networks.network_file import TrainedNetwork
from fooling.training.fooling_class import load_fooling_class


@dataclass(frozen=True)
class ImagenetData:
    """What is learned from.

    Attributes:
        train: the real images.
        test: those that the test error is measured on.
        fooling: uint8 (M, C, H, W), the images of the further class.
        fooling_rounds: that they come from.
    """

    train: ClassFolders
    test: ClassFolders
    fooling: np.ndarray
    fooling_rounds: int

    def digests(self) -> dict[str, str]:
        """Return what tells the photographs apart from others: a digest of the files for training, one for testing."""
        return {"train_images": self.train.digest(), "test_images": self.test.digest()}


def load_imagenet_data(base: TrainedNetwork, root: Path, fooling_classes: Sequence[Path]) -> ImagenetData:
    """List the photographs and read the fooling images.

    Args:
        base: the network without the further class.
        root: folder of ILSVRC-2012 with `train` and `val`.
        fooling_classes: files of the fooling images of round 1, 2, …

    Raises:
        FoolingError: the network takes no colour images, the folders are not those of its classes, or the fooling
            images are not of such a network; see `list_classes` and `load_fooling_class`.
    """
    if base.image_shape[0] != 3:
        raise FoolingError(
            f"{base.dataset}'s images have {base.image_shape[0]} channels, not three; give an ImageNet network."
        )
    fooling = load_fooling_class(fooling_classes, base.dataset, base.real_classes, base.image_shape)
    train = list_classes(training_folder(str(root)), base.real_classes)
    test = list_classes(root / "val", base.real_classes)
    check_same_classes(train, test)
    return ImagenetData(train, test, fooling, len(fooling_classes))
