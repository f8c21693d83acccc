import colorsys

import numpy as np
import torch

from fooling.encodings.colour import to_rgb, to_rgb_with_tensors


def test_rgb_is_what_the_standard_library_makes_of_opencvs_units() -> None:
    levels = torch.randint(256, (4000, 3, 1), generator=torch.Generator().manual_seed(1)).to(torch.uint8)
    for colour in ("hsv", "hls"):
        converted = to_rgb(levels.clone(), colour)[..., 0].numpy()
        for (hue, second, third), rgb in zip(levels[..., 0].numpy() / 1.0, converted, strict=True):
            turn = hue * 2 / 360 % 1
            convert = colorsys.hsv_to_rgb if colour == "hsv" else colorsys.hls_to_rgb
            np.testing.assert_allclose(rgb, np.array(convert(turn, second / 255, third / 255)) * 255, atol=0.51)


def test_every_device_gives_the_same_bytes(device: torch.device) -> None:
    levels = torch.randint(256, (5, 3, 3000), generator=torch.Generator().manual_seed(2)).to(torch.uint8)
    for colour in ("hsv", "hls"):
        expected = to_rgb(levels.clone(), colour)
        assert torch.equal(to_rgb_with_tensors(levels.to(device), colour).cpu(), expected)
        assert torch.equal(to_rgb(levels.clone().to(device), colour).cpu(), expected)


def test_hue_wraps_at_180() -> None:
    low = torch.tensor([20, 200, 150], dtype=torch.uint8).view(1, 3, 1)
    high = torch.tensor([200, 200, 150], dtype=torch.uint8).view(1, 3, 1)
    assert torch.equal(to_rgb(low, "hsv"), to_rgb(high, "hsv"))
