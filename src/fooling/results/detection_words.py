"""How pages and pictures call detectors, and the kinds of images that they judge."""

from fooling.artifacts.origin import ASCENT
from fooling.results.wording import dataset_name, method_name
from fooling.settings.detection import UNGUARDED, DetectorName

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
GUARD_NAMES = {UNGUARDED: "no guard"} | {str(name): words for name, words in DETECTOR_NAMES.items()}
"""How pages and pictures call what guards a network."""
_OTHERS = {"noise": "uniform noise"}


def kind_name(images: str, of: str, number: int) -> str:
    """Return how figures call a kind of images.

    Args:
        images: the method that made them, or what they are.
        of: the set of hyperparameters of gradient ascent, the detector that guarded evolution, or empty.
        number: of the round of retraining that they were made in; 0 if they fool no network.
    """
    if number == 0:
        return _OTHERS.get(images, dataset_name(images))
    is_guarded = images != ASCENT and of in GUARD_NAMES
    name = f"{method_name(images)} past {GUARD_NAMES[of]}" if is_guarded else method_name(images, of)
    return name if number == 1 else f"{name}, round {number}"
