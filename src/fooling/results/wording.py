"""How pages and pictures word numbers and names: confidences, shares, counts, methods, data sets."""

import math
from collections.abc import Iterable

from fooling.settings.datasets import DATASETS

THRESHOLD = 0.9999
"""The confidence the paper asks of a fooling image."""

METHOD_NAMES = {
    "direct": "direct encoding",
    "cppn": "CPPN encoding",
    "ascent": "gradient ascent",
    "authors_cppn": "the authors' CPPN images",
}
_THIN_SPACE = "\u2009"


def format_confidence(confidence: float, decimals: int = 2) -> str:
    """Return a confidence in [0, 1] as a percentage with so many decimals, never more than it is.

    It is rounded down, so that 99.99 % is printed only for what reaches it; above that stands
    >99.99 %, since a softmax is never wholly certain, and below the last digit <0.01 %.
    """
    steps = 10 ** (decimals + 2)
    # The inner rounding undoes what binary fractions do: 0.29 * 10,000 is 2899.9999999999995.
    whole = math.floor(round(confidence * steps, 9))
    largest = steps - 1
    if whole > largest or confidence > largest / steps:
        return f">{_percent(largest, decimals)}"
    return _percent(whole, decimals) if whole else f"<{_percent(1, decimals)}"


def _percent(steps: int, decimals: int) -> str:
    return f"{steps / 10**decimals:.{decimals}f}{_THIN_SPACE}%"


def format_share(share: float) -> str:
    """Return a share of images in [0, 1] as a whole percentage; 100 and 0 are printed only when exact."""
    percent = round(share * 100)
    if percent == 100 and share < 1:
        return ">99"
    return "<1" if percent == 0 and share > 0 else f"{percent}"


def method_name(method: str, ascent_set: str = "") -> str:
    """Return how figures call a method and, for gradient ascent, its named set of hyperparameters."""
    name = METHOD_NAMES.get(method, method)
    return f"{name}, {ascent_set_name(ascent_set)}" if ascent_set else name


def dataset_name(dataset: str) -> str:
    """Return how figures call a data set."""
    return DATASETS[dataset].spoken_name if dataset in DATASETS else dataset


def ascent_set_name(ascent_set: str) -> str:
    """Return how figures call a named set: the authors' name, with a minus sign where it has one."""
    return "set " + ascent_set.replace("minus_", "\N{MINUS SIGN}")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun in the right form, such as `1 run` or `5 runs`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(values: Iterable[object]) -> str:
    """Return the distinct values in their order, with commas."""
    return ", ".join(dict.fromkeys(map(str, values)))
