import numpy as np
import pytest
import torch
from torch import nn

from fooling.networks.convnet import ConvNet
from fooling.settings.cures import AcetSettings
from fooling.training.acet import RANGE, Acet, largest_log_confidence, move_to_confidence
from fooling.training.noise_images import LEAST_BLUR, MOST_BLUR, blur, draw_noise, permute_pixels, stretch

RADIUS = 76.5


@pytest.fixture
def judge(device):
    """A network with random weights, in evaluation mode, sure enough of itself to have a slope."""
    network = ConvNet(5, channels=1, width=4)
    network.initialise(torch.Generator().manual_seed(0))
    network.to(device).eval()
    return lambda pixels: 5 * network((pixels - 128) / 64)


def images(device, count=12, channels=1, side=12, seed=0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return (torch.rand(count, channels, side, side, generator=generator) * RANGE).to(device)


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_ascent_never_loses_confidence_and_stays_in_ball_and_range(judge, device, steps):
    before = images(device)
    before[0], before[1] = 0.0, RANGE  # at the ends of the range
    after = move_to_confidence(before, judge, RADIUS, steps)
    with torch.no_grad():
        gained = largest_log_confidence(judge(after)) - largest_log_confidence(judge(before))
    assert bool((gained >= -1e-4).all())
    assert float(gained.mean()) > 0.02
    assert float((after - before).abs().max()) <= RADIUS + 1e-3
    assert float(after.min()) >= 0
    assert float(after.max()) <= RANGE
    assert not after.requires_grad


def test_more_steps_find_more_confidence(judge, device):
    before = images(device, count=40)
    few, many = (largest_log_confidence(judge(move_to_confidence(before, judge, 20.0, n))).mean() for n in (1, 20))
    assert bool(many > few)


def test_ascent_on_a_linear_network_reaches_the_corner_of_the_ball():
    """Of two classes, the likelier one's log-confidence grows along the sign of the difference of the weights."""
    layer = nn.Linear(16, 2)
    start = torch.full((1, 1, 4, 4), 128.0)

    def judge(pixels: torch.Tensor) -> torch.Tensor:
        return layer(pixels.flatten(1) / RANGE)

    winner = int(judge(start).argmax())
    direction = (layer.weight[winner] - layer.weight[1 - winner]).sign().view(1, 1, 4, 4)
    after = move_to_confidence(start, judge, 30.0, 5)
    np.testing.assert_allclose(after, start + 30 * direction.detach(), rtol=1e-6)


def test_an_image_that_cannot_gain_stays():
    start = images(torch.device("cpu"), count=3)
    after = move_to_confidence(start, lambda pixels: torch.zeros(len(pixels), 4) + 0 * pixels.sum(), 10.0, 4)
    assert torch.equal(after, start)


def test_an_image_moves_the_same_whatever_stands_beside_it(judge, device):
    both = images(device, count=2)
    alone = move_to_confidence(both[:1], judge, RADIUS, 4)
    np.testing.assert_allclose(move_to_confidence(both, judge, RADIUS, 4)[:1].cpu(), alone.cpu(), atol=0.05)


def test_the_loss_is_the_mean_of_the_largest_log_confidences():
    logits = torch.tensor([[1.0, 2.0, 4.0], [0.0, 0.0, 0.0]])
    largest = [np.log(np.exp(row).max() / np.exp(row).sum()) for row in logits.numpy()]
    assert float(Acet(AcetSettings(weight=3)).loss(logits)) == pytest.approx(3 * np.mean(largest), rel=1e-6)


def test_so_many_images_stand_beside_a_batch(judge, device):
    for share, count in ((0.5, 6), (1.0, 12), (0.01, 1)):
        acet = Acet(AcetSettings(share=share, steps=1))
        beside = acet.images_beside(images(device), judge, torch.Generator(device).manual_seed(1))
        assert beside.shape == (count, 1, 12, 12)


def test_the_filter_is_a_bell_cut_off_at_the_border():
    """Against a plain sum over all pixels."""
    sharp, deviation = (
        images(torch.device("cpu"), count=2, channels=3, side=7).double(),
        torch.tensor([1.0, 2.3]).double(),
    )
    blurred = blur(sharp, deviation)
    for number, channel, row, column in ((0, 0, 0, 0), (1, 2, 3, 6), (1, 1, 5, 2)):
        total = weights = 0.0
        for y in range(7):
            for x in range(7):
                weight = np.exp(-((y - row) ** 2 + (x - column) ** 2) / (2 * float(deviation[number]) ** 2))
                total += weight * float(sharp[number, channel, y, x])
                weights += weight
        assert float(blurred[number, channel, row, column]) == pytest.approx(total / weights)


def test_permuted_images_keep_their_pixels():
    before = images(torch.device("cpu"), count=3, channels=3)
    after = permute_pixels(before, torch.Generator().manual_seed(0))
    for one, other in zip(before.flatten(2), after.flatten(2), strict=True):
        assert sorted(map(tuple, one.T.tolist())) == sorted(map(tuple, other.T.tolist()))
        assert not torch.equal(one, other)
    orders = [
        image.flatten().argsort() for image in permute_pixels(before[:1].expand(2, -1, -1, -1), torch.Generator())
    ]
    assert not torch.equal(*orders)


def test_noise_fills_the_range_is_smooth_and_differs(device):
    natural = images(device, count=4)
    generator = torch.Generator(device).manual_seed(3)
    noise = draw_noise(7, natural, generator)
    assert noise.shape == (7, 1, 12, 12)
    assert noise.dtype == torch.float32
    for image in noise:
        assert (float(image.min()), float(image.max())) == (0, pytest.approx(RANGE))
    step = (noise[..., 1:] - noise[..., :-1]).abs().mean()
    assert float(step) < 0.6 * float((natural[..., 1:] - natural[..., :-1]).abs().mean())
    assert not torch.equal(draw_noise(7, natural, generator), noise)
    assert torch.equal(draw_noise(7, natural, generator.manual_seed(3)), noise)
    assert 0 < LEAST_BLUR < MOST_BLUR


def test_an_image_of_equal_pixels_becomes_black():
    assert stretch(torch.full((1, 3, 4, 4), 9.0)).unique().tolist() == [0.0]
