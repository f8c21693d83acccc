"""How people call a class."""

from collections.abc import Sequence

from fooling.data.imagenet.classes import imagenet_classes
from fooling.settings.datasets import DATASETS, IMAGENET


def class_name(dataset: str, target: int, labels: Sequence[str] = ()) -> str:
    """Return the name of a class of ImageNet or CIFAR-10, such as `tench`; of another data set its label or number.

    Args:
        dataset: of the network.
        target: number of the class.
        labels: what the network's owner calls its classes, if they are named.
    """
    if labels:
        return labels[target]
    if dataset == IMAGENET.name:
        return imagenet_classes()[target].name
    names = DATASETS[dataset].class_names if dataset in DATASETS else ()
    return names[target] if names else str(target)
