import pytest
import torch
from torch.nn import functional

from fooling.networks.resnet import Residual, ResNet


def network(seed: int, **options: int) -> ResNet:
    made = ResNet(7, **options)
    made.initialise(torch.Generator().manual_seed(seed))
    return made.eval()


def test_a_residual_pair_adds_its_input():
    layer = Residual(3).eval()
    inputs = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(1))
    within = inputs
    for convolution, norm in ((layer.layers[0], layer.layers[1]), (layer.layers[3], layer.layers[4])):
        # As it is made: statistics of mean 0 and variance 1.
        within = functional.conv2d(within, convolution.weight, padding=1).div((1 + norm.eps) ** 0.5).clamp_min(0)
    torch.testing.assert_close(layer(inputs), inputs + within)
    for parameter in layer.parameters():
        torch.nn.init.zeros_(parameter)
    assert torch.equal(layer(inputs), inputs)


@pytest.mark.parametrize(("channels", "width", "side"), [(3, 4, 32), (1, 2, 28), (3, 2, 8)])
def test_it_maps_images_to_logits_one_by_one(channels, width, side):
    images = torch.randn(5, channels, side, side, generator=torch.Generator().manual_seed(2))
    made = network(3, channels=channels, width=width)
    logits = made(images)
    assert logits.shape == (5, 7)
    torch.testing.assert_close(made(images[3:4]), logits[3:4])


def test_the_seed_alone_decides_the_weights():
    first, again, other = (network(seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["features.0.weight"], other["features.0.weight"])


def test_weights_have_the_variance_that_keeps_the_signal():
    made = network(5, width=32)
    for layer in (module for module in made.features.modules() if isinstance(module, torch.nn.Conv2d)):
        fan_in = layer.in_channels * 9
        assert layer.weight.std().item() == pytest.approx((2 / fan_in) ** 0.5, rel=0.1)
    assert made.classifier.weight.std().item() == pytest.approx((1 / 256) ** 0.5, rel=0.1)
    assert not made.classifier.bias.any()
