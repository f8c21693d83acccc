"""How people call a class."""

from collections.abc import Sequence

from fooling.data.imagenet.classes import imagenet_classes

_CIFAR10 = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def class_name(dataset: str, target: int, labels: Sequence[str] = ()) -> str:
    """Return the name of a class of ImageNet or CIFAR-10, such as `tench`; of another data set its label or number.

    Args:
        dataset: of the network.
        target: number of the class.
        labels: what the network's owner calls its classes, if they are named.
    """
    if labels:
        return labels[target]
    if dataset == "imagenet":
        return imagenet_classes()[target].name
    return _CIFAR10[target] if dataset == "cifar10" else str(target)
