"""How figures call a class."""

from fooling.imagenet_classes import imagenet_classes


def class_name(dataset: str, target: int) -> str:
    """Return the name of an ImageNet class, such as `tench`, and the number of any other data set's."""
    return imagenet_classes()[target].name if dataset == "imagenet" else str(target)
