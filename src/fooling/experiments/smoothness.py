"""How smooth images are, as numbers: what the regularisation of gradient ascent is meant to raise."""

import numpy as np

QUARTER = 0.25
"""Cycles per pixel, a quarter of the sampling frequency: waves shorter than four pixels lie above it."""


def total_variation(images: np.ndarray) -> np.ndarray:
    """Return the mean absolute difference of neighbouring pixels, float64 (N,), in grey levels.

    Neighbours lie beside or above each other in one channel. Subtracting a mean colour changes nothing.

    Args:
        images: uint8 (N, C, H, W), H and W at least 2.
    """
    pixels = images.astype(np.float32)
    sums = [np.abs(np.diff(pixels, axis=axis)).sum(axis=(1, 2, 3), dtype=np.float64) for axis in (2, 3)]
    _, channels, height, width = images.shape
    pairs = channels * ((height - 1) * width + height * (width - 1))
    return np.asarray((sums[0] + sums[1]) / pairs)


def high_frequency_share(images: np.ndarray) -> np.ndarray:
    """Return the share of the spectral energy at wavelengths below four pixels, float64 (N,) in [0, 1].

    The energy is that of the deviations from each channel's mean; an image without any has the share 0. White noise
    has 1 - pi / 16 = 0.80, whatever its contrast.

    Args:
        images: uint8 (N, C, H, W).
    """
    _, _, height, width = images.shape
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None, :])
    energy = np.stack([_spectral_energy(image) for image in images])
    energy[:, 0, 0] = 0
    whole = energy.sum(axis=(1, 2))
    high = energy[:, frequency > QUARTER].sum(axis=1)
    return np.divide(high, whole, out=np.zeros_like(whole), where=whole > 0)


def _spectral_energy(image: np.ndarray) -> np.ndarray:
    """Return the energy of each frequency, float64 (H, W), the sum over the channels."""
    deviation = image - image.mean(axis=(1, 2), keepdims=True)
    return np.asarray(np.square(np.abs(np.fft.fft2(deviation))).sum(axis=0))
