"""Real images that networks were not trained on, for every data set: what retrained networks are measured by."""

from pathlib import Path

from fooling.data.datasets import Dataset, HeldOut, dataset_files, first_classes, first_images, load_dataset
from fooling.data.imagenet.sample import load_imagenet_sample, photograph_sample
from fooling.errors import FoolingError
from fooling.networks.network_file import TrainedNetwork
from fooling.settings.datasets import IMAGENET


def load_held_out(trained: TrainedNetwork, folder: Path | None) -> tuple[HeldOut, list[Path]]:
    """Return held-out images of the data set of a network, and the files that they were read from.

    Args:
        trained: the network; the images are of its real classes and have its shape.
        folder: of the data set; None takes the twenty photographs, which stand for ImageNet.

    Raises:
        FoolingError: another data set than ImageNet has no folder, or the folder does not hold it.
    """
    name, classes = trained.dataset, trained.real_classes
    if folder is None:
        if name != IMAGENET.name:
            raise FoolingError(f"The networks are measured by images of {name}; give its folder (--data).")
        return photograph_sample(trained.image_shape)
    if name == IMAGENET.name:
        return load_imagenet_sample(folder, classes, trained.image_shape)
    return load_own_dataset(trained, folder).held_out, dataset_files(name, folder)


def load_own_dataset(trained: TrainedNetwork, folder: Path) -> Dataset:
    """Return the data set of a network that was trained here, as far as it was trained on it.

    Raises:
        FoolingError: the folder does not hold it.
    """
    known = first_classes(load_dataset(trained.dataset, folder), trained.real_classes)
    return first_images(known, trained.training.get("settings", {}).get("images_per_class"))
