"""A diverse subset by a rule instead of by hand."""

import numpy as np


def farthest_first(directions: np.ndarray, first: int, count: int) -> np.ndarray:
    """Choose images one by one, each as unlike as possible to the most similar of those already chosen.

    This is greedy max-min selection by cosine distance (Gonzalez, 1985); of equal distances the first image wins.

    Args:
        directions: float64 (N, D), features at length 1.
        first: the image to begin with.
        count: how many to choose, at most N.

    Returns:
        int64 (count,), in the order of choice.
    """
    chosen = [first]
    similarity = directions @ directions[first]
    while len(chosen) < count:
        similarity[chosen[-1]] = np.inf
        chosen.append(int(similarity.argmin()))
        similarity = np.maximum(similarity, directions @ directions[chosen[-1]])
    return np.array(chosen[:count], dtype=np.int64)
