"""Blur and percentiles against scipy and numpy; the whole of `regularise` is held against the reference ascent."""

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter

from fooling.ascent.regularisation import blur, percentile


@pytest.mark.parametrize("sigma", [0.3, 0.4, 1.0, 2.5, 7.0])
def test_blur_is_scipys(sigma, device):
    images = torch.randn(3, 2, 11, 6, generator=torch.Generator().manual_seed(0)) * 100
    expected = [[gaussian_filter(channel, sigma) for channel in image] for image in images.numpy()]
    np.testing.assert_allclose(blur(images.to(device), sigma).cpu(), expected, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("percent", [0.0, 5, 20, 33.3, 50, 99.9, 100])
@pytest.mark.parametrize("size", [1, 2, 101, 784])
def test_percentile_is_numpys(percent, size):
    values = torch.randn(4, size, generator=torch.Generator().manual_seed(size))
    expected = np.percentile(values.numpy().astype(np.float64), percent, axis=1)
    np.testing.assert_allclose(percentile(values, percent), expected, rtol=1e-5, atol=1e-6)


def test_percentile_of_ties_is_the_tie():
    values = torch.tensor([[0.1, 0.1, 0.1, 0.1, 7.0]])
    assert percentile(values, 33.3).item() == values[0, 0].item()
