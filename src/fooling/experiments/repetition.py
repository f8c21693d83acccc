"""Repeated elements of an image, found automatically (paper, section 3.2, where the authors chose them by hand).

An image repeats itself where it correlates with itself, shifted: the shortest shift with a peak of the normalised
autocorrelation is its period, the shortest one in another direction a second one. The periods cut the image into
cells, along lines where it changes least. Cells that look alike are copies of one element.
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage, signal

LEAST_COPIES = 3
LEAST_PERIOD = 1 / 32
"""Shorter periods, as a share of the image's smaller side, are texture."""
DIP = 0.2
"""The autocorrelation falls by so much on the way to a peak; along a stripe or a slow gradient it does not."""
NEAR_BEST = 0.8
"""A shift is the period, though a longer one correlates better, if it has this share of the best correlation."""
_PEAK = 5
"""Side of the square, in pixels, in which a peak is the highest point."""
_PHASES = 32
_CUT = 1 / 16
"""Width of the cuts between cells, as a share of the period; their median colour is the background."""


@dataclass(frozen=True)
class Repetition:
    """Where an image repeats itself.

    Attributes:
        periods: one or two shifts (down, right) in pixels.
        correlation: of the image with itself, shifted by the first period, in [-1, 1].
        copies: how many cells are copies of each other, at least half of each inside the image.
        copy: int64 (H, W), the number of the copy that a pixel belongs to, counted from the centre outwards;
            `copies` in cells of which less than half is inside the image, -1 in cells that are no copies.
        background: uint8 (C,), median colour of the cuts.
    """

    periods: tuple[tuple[int, int], ...]
    correlation: float
    copies: int
    copy: np.ndarray
    background: np.ndarray


def find_repetition(image: np.ndarray, least_correlation: float) -> Repetition | None:
    """Find the copies of a repeated element.

    Args:
        image: uint8 (C, H, W).
        least_correlation: of the image with itself, shifted, and of a copy with the most typical one.

    Returns:
        The repetition, or None if there are fewer than three copies.
    """
    correlation = autocorrelation(image)
    periods = find_periods(correlation, least_correlation, LEAST_PERIOD * min(image.shape[1:]))
    if not periods:
        return None
    basis = np.array(periods)
    places = _places(image, basis)
    index = np.floor(places).astype(np.int64)
    cell = np.unique(index.reshape(len(basis), -1), axis=1, return_inverse=True)[1].ravel()
    seen = np.bincount(cell)
    area = abs(np.linalg.det(basis)) if len(basis) == 2 else seen.max()
    whole = np.flatnonzero(seen >= area / 2)
    copies = whole[_alike(_colours(image, index, basis, cell)[whole], least_correlation)]
    if len(copies) < LEAST_COPIES:
        return None
    outwards = copies[np.argsort(_distances(image, cell)[copies], kind="stable")]
    numbers = np.where(seen < area / 2, len(copies), -1)
    numbers[outwards] = np.arange(len(copies))
    to_cut = np.abs(places - np.rint(places)).min(axis=0)
    return Repetition(
        periods=tuple(periods),
        correlation=float(_at(correlation, basis[0])),
        copies=len(copies),
        copy=numbers[cell].reshape(image.shape[1:]),
        background=np.median(image[:, to_cut <= max(_CUT / 2, to_cut.min())], axis=1).astype(np.uint8),
    )


def autocorrelation(image: np.ndarray) -> np.ndarray:
    """Return the correlation of an image with itself, shifted, over the pixels that overlap and all channels.

    Args:
        image: (C, H, W).

    Returns:
        float64 (2 * (H // 2) + 1, 2 * (W // 2) + 1) in [-1, 1]: shifts of up to half a side, no shift in the middle;
        0 where an overlap has one colour.
    """
    channels = image.astype(np.float64) - image.mean(axis=(1, 2), keepdims=True)
    ones = np.ones(image.shape[1:])
    overlap = _correlate(ones, ones)
    covariance, fixed, shifted = (np.zeros_like(overlap) for _ in range(3))
    for channel in channels:
        mean, shifted_mean = _correlate(channel, ones) / overlap, _correlate(ones, channel) / overlap
        covariance += _correlate(channel, channel) / overlap - mean * shifted_mean
        fixed += _correlate(channel**2, ones) / overlap - mean**2
        shifted += _correlate(ones, channel**2) / overlap - shifted_mean**2
    varied = (fixed > 1) & (shifted > 1)
    scale = np.sqrt(np.where(varied, fixed * shifted, 1))
    return np.where(varied, np.clip(covariance / scale, -1, 1), 0)


def _correlate(fixed: np.ndarray, shifted: np.ndarray) -> np.ndarray:
    """Return the sum of products over the overlap, for shifts of up to half a side."""
    height, width = fixed.shape
    sums = signal.fftconvolve(fixed, shifted[::-1, ::-1])
    down, right = height // 2, width // 2
    return sums[height - 1 - down : height + down, width - 1 - right : width + right]


def _at(correlation: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Return the correlation at a shift (2,) or at shifts (N, 2)."""
    return correlation[tuple((np.array(correlation.shape) // 2 + shift).T)]


def find_periods(correlation: np.ndarray, least_correlation: float, shortest: float) -> list[tuple[int, int]]:
    """Return no, one or two periods as shifts (down, right) in pixels, none shorter than `shortest`.

    Args:
        correlation: as `autocorrelation` gives it.
        least_correlation: at the periods.
        shortest: period, in pixels.
    """
    correlation = np.round(correlation, 6)  # a ridge is level but for rounding, and its nearest place is the period
    peaks = (correlation >= least_correlation) & (correlation == ndimage.maximum_filter(correlation, _PEAK))
    half = np.array(correlation.shape) // 2
    shifts = np.argwhere(peaks) - half
    lengths = np.hypot(*shifts.T)
    # Of a shift and its opposite one is enough; at the rim nobody knows whether it is a peak.
    forward = (shifts[:, 0] > 0) | ((shifts[:, 0] == 0) & (shifts[:, 1] > 0))
    inside = (np.abs(shifts) < half).all(axis=1) & (lengths >= shortest)
    by_length = np.argsort(lengths, kind="stable")
    ordered = shifts[by_length][(forward & inside)[by_length]]
    candidates = [shift for shift in ordered if _dips(correlation, shift)]
    if not candidates:
        return []
    heights = _at(correlation, np.array(candidates))
    least = NEAR_BEST * heights.max()
    first = candidates[int(np.argmax(heights >= least))]
    periods = [first, *_second_period(correlation, candidates, first, least, shortest)]
    return [(int(down), int(right)) for down, right in periods]


def _dips(correlation: np.ndarray, shift: np.ndarray) -> bool:
    """Tell whether the correlation falls and rises again on the straight way to a shift."""
    steps = np.linspace(0, 1, 2 * int(np.hypot(*shift)) + 2)[:, None]
    way = _at(correlation, np.rint(steps * shift).astype(np.int64))
    return bool(way[-1] - way.min() >= DIP)


def _second_period(
    correlation: np.ndarray, candidates: list[np.ndarray], first: np.ndarray, least: float, shortest: float
) -> list[np.ndarray]:
    """Return the shortest candidate across the first period, less whole multiples of that, or nothing."""
    for candidate in candidates:
        rest = candidate - round(float(candidate @ first) / float(first @ first)) * first
        across = abs(first[0] * rest[1] - first[1] * rest[0]) / np.hypot(*first)
        crosses = across >= max(shortest, np.hypot(*rest) / 2)
        known = (np.abs(rest) <= np.array(correlation.shape) // 2).all()
        if crosses and known and _at(correlation, rest) >= least and _dips(correlation, rest):
            return [rest]
    return []


def _places(image: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Return where each pixel lies, in periods, float64 (periods, H, W): cuts at whole numbers, across few edges."""
    places = np.tensordot(np.linalg.pinv(basis).T, np.indices(image.shape[1:]), axes=1)
    changes = sum(ndimage.gaussian_gradient_magnitude(channel.astype(np.float64), 1) for channel in image)
    for axis, place in enumerate(places):
        phase = np.floor(place % 1 * _PHASES).astype(np.int64).ravel() % _PHASES
        sums = [np.bincount(phase, weights, _PHASES) for weights in (np.ravel(changes), None)]
        change, pixels = (ndimage.gaussian_filter1d(total.astype(float), _PHASES / 16, mode="wrap") for total in sums)
        places[axis] -= (int(np.argmin(change / pixels)) + 0.5) / _PHASES
    return places


def _colours(image: np.ndarray, index: np.ndarray, basis: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Return the cells' pixels, float64 (cells, pixels * C), equal places in equal columns, NaN where none is seen."""
    origin = np.tensordot(basis.T, index, axes=1)
    within = (np.indices(image.shape[1:]) - origin).reshape(2, -1)
    pixel = np.unique(within, axis=1, return_inverse=True)[1].ravel()
    colours = np.full((cell.max() + 1, pixel.max() + 1, len(image)), np.nan)
    colours[cell, pixel] = image.reshape(len(image), -1).T
    return colours.reshape(len(colours), -1)


def _alike(colours: np.ndarray, least_correlation: float) -> np.ndarray:
    """Return which rows correlate with the one that correlates best with all, over what both know."""
    if not len(colours):
        return np.zeros(0, dtype=bool)
    known = (~np.isnan(colours)).astype(np.float64)
    values = np.nan_to_num(colours)
    overlap = np.maximum(known @ known.T, 1)
    mean = values @ known.T / overlap
    covariance = values @ values.T / overlap - mean * mean.T
    variance = values**2 @ known.T / overlap - mean**2
    scale = np.sqrt(np.maximum(variance * variance.T, 0))
    correlation = np.divide(covariance, scale, out=np.zeros_like(scale), where=scale > 1)
    return correlation[np.argmax(correlation.sum(axis=1))] >= least_correlation


def _distances(image: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Return the distance of each cell's middle from the image's, in pixels."""
    middle = (np.array(image.shape[1:]) - 1) / 2
    places = [np.bincount(cell, place.ravel()) / np.bincount(cell) for place in np.indices(image.shape[1:])]
    return np.hypot(*(np.array(places) - middle[:, None]))
