"""How pages and pictures call detectors, and the kinds of images that they judge."""

from fooling.results.wording import dataset_name, method_name
from fooling.settings.detection import DetectorName

DETECTOR_NAMES: dict[DetectorName, str] = {
    "max_softmax": "maximum softmax",
    "max_logit": "maximum logit",
    "energy": "energy",
    "entropy": "entropy",
    "odin": "ODIN",
    "openmax": "OpenMax",
    "mahalanobis": "Mahalanobis",
    "knn": "nearest neighbours",
    "vim": "ViM",
    "react": "ReAct",
    "ash": "ASH",
    "she": "SHE",
}
_OTHERS = {"noise": "uniform noise"}


def kind_name(images: str, ascent_set: str, number: int) -> str:
    """Return how figures call a kind of images.

    Args:
        images: the method that made them, or what they are.
        ascent_set: of hyperparameters, or empty.
        number: of the round of retraining that they were made in; 0 if they fool no network.
    """
    if number == 0:
        return _OTHERS.get(images, dataset_name(images))
    name = method_name(images, ascent_set)
    return name if number == 1 else f"{name}, round {number}"
