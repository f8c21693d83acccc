"""How figures call a class."""

from fooling.imagenet_classes import imagenet_classes

_CIFAR10 = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def class_name(dataset: str, target: int) -> str:
    """Return the name of a class of ImageNet or CIFAR-10, such as `tench`, and the number of any other data set's."""
    if dataset == "imagenet":
        return imagenet_classes()[target].name
    return _CIFAR10[target] if dataset == "cifar10" else str(target)
