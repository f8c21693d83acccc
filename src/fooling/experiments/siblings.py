"""How much more alike the champions of sibling classes are within a run than between runs (paper, Figure 9).

Siblings are classes of one family by WordNet: they have their closest hypernym in common, or a wider one that still
has no more than `SMALL` of the classes among its kinds. Likeness is the cosine similarity of features.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fooling.errors import FoolingError

SMALL = 12
"""Kinds of a hypernym that makes one family; there are 11 lizards and 8 toy dogs among ImageNet's classes."""
RESAMPLES = 2000
INTERVAL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A number with the bounds of its bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Likeness:
    """Likeness of the champions of pairs of classes.

    Attributes:
        pairs: pairs of classes of which at least one run counts.
        same_image: share of pairs and runs in which one image is the champion of both classes.
        within: mean cosine similarity of a run's champions of the two classes.
        between: the same of two runs, one class's champion from each.
        difference: within less between.
        excess: by how much this difference exceeds that of the pairs that are no siblings.
    """

    pairs: int
    same_image: float
    within: float
    between: float
    difference: Estimate
    excess: Estimate


def families(hypernyms: Sequence[Sequence[str]]) -> np.ndarray:
    """Return the number of each class's family, int64 (classes,).

    The family of a class is all kinds of its widest hypernym with no more than `SMALL` kinds; where there is none, all
    classes with the same closest hypernym.

    Args:
        hypernyms: of each class, from the most general to the closest.
    """
    kinds: dict[tuple[str, ...], int] = {}
    for chain in hypernyms:
        for depth in range(1, len(chain) + 1):
            above = tuple(chain[:depth])
            kinds[above] = kinds.get(above, 0) + 1
    numbers: dict[tuple[str, ...], int] = {}
    return np.array([numbers.setdefault(_family(tuple(chain), kinds), len(numbers)) for chain in hypernyms])


def _family(chain: tuple[str, ...], kinds: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    above = (chain[:depth] for depth in range(1, len(chain)))
    return next((hypernym for hypernym in above if kinds[hypernym] <= SMALL), chain)


def sibling_likeness(
    directions: np.ndarray,
    image: np.ndarray,
    family: np.ndarray,
    generator: np.random.Generator,
    *,
    different_images: bool = False,
) -> tuple[Likeness, Likeness]:
    """Compare runs' champions of siblings, and of all other pairs of classes.

    The likeness of classes a and b within run r is set against the mean, over the other runs s, of that of r's a and
    s's b and of s's a and r's b. Pairs and runs count alike. The intervals come from drawing families, with
    replacement: pairs of one family are not independent. They hold for these runs, which are too few to be drawn.

    Args:
        directions: float64 (runs, classes, D), features at length 1.
        image: int64 (runs, classes), number of the distinct image.
        family: int64 (classes,).
        generator: of the bootstrap.
        different_images: whether to leave out the pairs and runs in which one image is the champion of both.

    Returns:
        That of siblings, and that of all other pairs.

    Raises:
        FoolingError: there is only one run, or no pair to compare.
    """
    runs, classes = image.shape
    if runs < 2:
        raise FoolingError("Likeness between runs needs two runs of evolution at least; only one is given.")
    total = directions.sum(axis=0)
    apart = ~np.eye(classes, dtype=bool)
    sums = np.zeros((4, classes, classes))
    for champions, numbers in zip(directions, image, strict=True):
        across = champions @ (total - champions).T / (runs - 1)
        same = (numbers[:, None] == numbers[None]) & apart
        counts = apart & ~same if different_images else apart
        sums += np.stack([counts, same, counts * (champions @ champions.T), counts * (across + across.T) / 2])
    member = (family[:, None] == np.unique(family)).astype(np.float64)
    siblings = family[:, None] == family[None]
    by_family = [member.T @ (sums * mask) @ member for mask in (siblings, ~siblings)]
    if not all(part[0].any() for part in by_family):
        raise FoolingError(
            "There is no pair of sibling classes and no other pair to compare; give all classes' images."
        )

    count = member.shape[1]
    drawn = generator.multinomial(count, np.full(count, 1 / count), RESAMPLES)
    weights = np.concatenate([np.ones((1, count)), drawn])
    differences = np.stack([_difference_inside(by_family[0], weights), _difference_across(by_family[1], weights)])
    differences = differences[:, np.isfinite(differences).all(axis=0)]  # few families may be drawn without a pair
    likeness = [
        Likeness(
            pairs=int(np.count_nonzero(np.triu(sums[0] * mask))),
            same_image=float(sums[1][mask].sum() / (runs * (apart & mask).sum())),
            within=float(part[2].sum() / part[0].sum()),
            between=float(part[3].sum() / part[0].sum()),
            difference=_estimate(difference),
            excess=_estimate(difference - differences[1]),
        )
        for mask, part, difference in zip((siblings, ~siblings), by_family, differences, strict=True)
    ]
    return likeness[0], likeness[1]


def _difference_inside(sums: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the mean difference of pairs inside families, for each row of weights, float64 (rows,).

    Args:
        sums: float64 (4, families, families): counts, pairs of one image, likeness within, and between runs.
        weights: float64 (rows, families), how often each family is drawn.
    """
    return _ratio(weights @ (sums[2] - sums[3]).diagonal(), weights @ sums[0].diagonal())


def _difference_across(sums: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the same of pairs across families; a family that is drawn twice is not paired with itself."""
    difference, counts = (((weights @ part) * weights).sum(axis=1) for part in (sums[2] - sums[3], sums[0]))
    return _ratio(difference, counts)


def _ratio(numerator: np.ndarray, counts: np.ndarray) -> np.ndarray:
    return np.divide(numerator, counts, out=np.full_like(numerator, np.nan), where=counts > 0)


def _estimate(values: np.ndarray) -> Estimate:
    """Return the first value, which is the measured one, and the interval of the others, which are drawn."""
    low, high = np.quantile(values[1:], ((1 - INTERVAL) / 2, (1 + INTERVAL) / 2))
    return Estimate(float(values[0]), float(low), float(high))
