import math
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from fooling.errors import FoolingError
from fooling.networks.classifier import (
    CACHED_BYTES,
    NetworkClassifier,
    classifier_of,
    log_mean_softmax,
    log_softmax,
    score_distinct,
)
from fooling.networks.lenet import LeNet
from fooling.networks.network_file import TrainedNetwork
from fooling.networks.preprocessing import Preprocessing


def exact_log_softmax(logits: list[float]) -> list[float]:
    """The definition, with the sum of the others computed in exact fractions."""
    results = []
    for own in range(len(logits)):
        others = sum((Fraction(math.exp(x - logits[own])) for i, x in enumerate(logits) if i != own), Fraction(0))
        results.append(-math.log1p(others))
    return results


@settings(max_examples=200)
@given(st.lists(st.floats(-40, 40, width=32), min_size=2, max_size=6))
def test_log_confidence_is_exact_near_one_and_near_zero(logits: list[float]) -> None:
    computed = log_softmax(torch.tensor([logits], dtype=torch.float32))[0]
    np.testing.assert_allclose(computed.numpy(), exact_log_softmax(logits), rtol=3e-5, atol=1e-30)


def test_a_confidence_that_float32_rounds_to_one_still_has_a_logarithm() -> None:
    logits = torch.tensor([[30.0, 0.0, 0.0]])
    assert torch.softmax(logits, 1)[0, 0] == 1
    assert log_softmax(logits)[0, 0].item() == pytest.approx(-2 * math.exp(-30), rel=1e-5)


def lenet(mean: torch.Tensor, scale: float = 1 / 256) -> TrainedNetwork:
    network = LeNet()
    network.initialise(torch.Generator().manual_seed(1))
    return TrainedNetwork("lenet", network, Preprocessing(mean, scale), "mnist", 10, (1, 28, 28))


def images(count: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(2)
    return torch.randint(256, (count, 1, 28, 28), generator=generator, dtype=torch.uint8)


def plain_lenet(network: LeNet, inputs: np.ndarray) -> np.ndarray:
    """Caffe's LeNet for one image, in float64 loops over the definition of each layer."""
    weights = {name: value.detach().double().numpy() for name, value in network.state_dict().items()}

    def convolve(x: np.ndarray, layer: int) -> np.ndarray:
        kernel, bias = weights[f"layers.{layer}.weight"], weights[f"layers.{layer}.bias"]
        windows = np.lib.stride_tricks.sliding_window_view(x, (5, 5), axis=(1, 2))
        return np.einsum("chwij,ocij->ohw", windows, kernel) + bias[:, None, None]

    def pool(x: np.ndarray) -> np.ndarray:
        return x.reshape(x.shape[0], x.shape[1] // 2, 2, x.shape[2] // 2, 2).max(axis=(2, 4))

    x = pool(convolve(pool(convolve(inputs, 0)), 3)).ravel()
    x = np.maximum(weights["layers.7.weight"] @ x + weights["layers.7.bias"], 0)
    return weights["layers.9.weight"] @ x + weights["layers.9.bias"]


def test_lenet_is_caffes(device: torch.device) -> None:
    mean = torch.full((1, 28, 28), 33.0)
    trained = lenet(mean)
    batch = images(3)
    expected = [plain_lenet(trained.network, (image.double().numpy() - 33) / 256) for image in batch]
    computed = NetworkClassifier(trained, device).logits(batch.to(device).float())
    np.testing.assert_allclose(computed.detach().cpu().numpy(), expected, atol=1e-4)


def test_the_weights_are_drawn_by_caffes_xavier_filler() -> None:
    network = LeNet()
    network.initialise(torch.Generator().manual_seed(3))
    for layer, fan_in in ((0, 25), (3, 500), (7, 800), (9, 500)):
        weight = network.layers[layer].weight
        assert weight.abs().max() <= math.sqrt(3 / fan_in)
        assert weight.var().item() == pytest.approx(1 / fan_in, rel=0.15)
        assert network.layers[layer].bias.eq(0).all()


@pytest.mark.parametrize("count", [0, 1, 7, 20])
def test_the_batch_size_changes_nothing_of_note(count: int, device: torch.device) -> None:
    trained = lenet(torch.zeros(1, 28, 28))
    small = NetworkClassifier(trained, device, batch_size=7).log_confidence(images(count).to(device))
    large = NetworkClassifier(trained, device, batch_size=100).log_confidence(images(count).to(device))
    assert small.shape == (count, 10)
    torch.testing.assert_close(small, large, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(small.exp().sum(1), torch.ones(count, device=device))


def test_logits_can_be_differentiated_with_respect_to_pixels(device: torch.device) -> None:
    classifier = NetworkClassifier(lenet(torch.zeros(1, 28, 28)), device)
    pixels = images(1).to(device).float().requires_grad_()
    (gradient,) = torch.autograd.grad(classifier.logits(pixels)[0, 4], pixels)
    bumped = pixels.detach().clone()
    bumped[0, 0, 10, 12] += 1
    slope = classifier.logits(bumped)[0, 4] - classifier.logits(pixels.detach())[0, 4]
    assert slope.item() == pytest.approx(gradient[0, 0, 10, 12].item(), rel=0.02, abs=1e-4)


def test_relus_can_be_put_after_the_convolutions() -> None:
    plain = [type(layer) for layer in LeNet().layers].count(nn.ReLU)
    assert plain == 1
    assert [type(layer) for layer in LeNet(relu_after_convolutions=True).layers].count(nn.ReLU) == 3


def test_bfloat16_stays_close_and_leaves_the_network_alone(device: torch.device) -> None:
    trained = lenet(torch.zeros(1, 28, 28), scale=1 / 32)
    exact = NetworkClassifier(trained, device)
    before = exact.log_confidence(images(50).to(device))
    rounded = NetworkClassifier(trained, device, precision=torch.bfloat16).log_confidence(images(50).to(device))
    assert rounded.dtype == torch.float32
    assert 1e-4 < (rounded.exp() - before.exp()).abs().max() < 0.1
    # The softmax itself is float32's: its sum is 1 to more digits than bfloat16 has.
    torch.testing.assert_close(rounded.exp().sum(1), torch.ones(50, device=device), atol=1e-5, rtol=0)
    assert torch.equal(exact.log_confidence(images(50).to(device)), before)


class CrampedNetwork(nn.Module):
    """A network on a GPU whose memory holds so many images; it notes what it was given."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room
        self.asked: list[int] = []

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        self.asked.append(len(inputs))
        if len(inputs) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return inputs.flatten(1)[:, :10]


def cramped(room: int) -> tuple[CrampedNetwork, NetworkClassifier]:
    network = CrampedNetwork(room)
    preprocessing = Preprocessing(torch.zeros(1, 28, 28), 1 / 256)
    trained = TrainedNetwork("cramped", network, preprocessing, "mnist", 10, (1, 28, 28))
    return network, NetworkClassifier(trained, torch.device("cpu"), batch_size=64)


def test_a_batch_that_does_not_fit_is_halved_until_it_fits(caplog: pytest.LogCaptureFixture) -> None:
    network, classifier = cramped(room=10)
    batch = images(50)
    scores = classifier.log_confidence(batch)
    assert network.asked == [50, 25, 12, 6, 6, 6, 6, 6, 6, 6, 6, 2]
    assert torch.equal(scores, log_softmax(batch.flatten(1)[:, :10] / 256))
    assert [record.getMessage() for record in caplog.records] == [
        f"The GPU's memory does not hold {more} images at once; trying {less}."
        for more, less in ((50, 25), (25, 12), (12, 6))
    ]
    network.asked.clear()
    classifier.log_confidence(batch[:12])
    assert network.asked == [6, 6]


def test_an_image_that_does_not_fit_is_told_in_a_sentence() -> None:
    with pytest.raises(FoolingError, match="does not hold one image's way through this network; free memory"):
        cramped(room=0)[1].log_confidence(images(4))


class WideNetwork(torch.nn.Module):
    """Its first layer's outputs are `factor` times as large as a 28 x 28 image."""

    def __init__(self, factor: int) -> None:
        super().__init__()
        self.wide = torch.nn.Conv2d(1, factor, 1)
        self.asked: list[int] = []

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        self.asked.append(len(inputs))
        return self.wide(inputs).mean(dim=1).flatten(1)[:, :10]


@pytest.mark.parametrize(("factor", "at_once"), [(1, 200), (1000, 6), (10_000, 1)])
def test_as_many_images_pass_at_once_as_the_cache_holds(factor: int, at_once: int) -> None:
    assert CACHED_BYTES == 20_000_000
    network = WideNetwork(factor)
    preprocessing = Preprocessing(torch.zeros(1, 28, 28), 1 / 256)
    trained = TrainedNetwork("wide", network, preprocessing, "mnist", 10, (1, 28, 28))
    classifier = NetworkClassifier(trained, torch.device("cpu"))
    network.asked.clear()
    classifier.log_confidence(images(201))
    assert max(network.asked) == at_once


def exact_mean_softmax(logits: np.ndarray) -> list[Fraction]:
    """The mean over the first axis, in exact fractions of the exponentials."""
    views = []
    for view in logits.tolist():
        powers = [Fraction(math.exp(value)) for value in view]
        views.append([power / sum(powers) for power in powers])
    return [sum(column, Fraction(0)) / len(views) for column in zip(*views, strict=True)]


@given(st.lists(st.lists(st.floats(-40, 40, width=32), min_size=3, max_size=3), min_size=1, max_size=4))
def test_the_mean_over_views_is_exact_near_one_and_near_zero(logits: list[list[float]]) -> None:
    mean = exact_mean_softmax(np.array(logits))
    computed = log_softmax(log_mean_softmax(torch.tensor(logits)[:, None]))[0].double().numpy()
    np.testing.assert_allclose(-np.expm1(computed), [float(1 - p) for p in mean], rtol=1e-4, atol=1e-30)
    np.testing.assert_allclose(
        computed, [math.log(p) if p < 0.5 else math.log1p(-float(1 - p)) for p in mean], rtol=1e-4, atol=1e-30
    )


def colourful(views: int, input_size: int = 5) -> TrainedNetwork:
    """A network that weighs every pixel of its 5 x 5 colour input."""
    network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3 * input_size**2, 4))
    with torch.no_grad():
        network[1].weight.copy_(torch.randn(network[1].weight.shape, generator=torch.Generator().manual_seed(3)))
    preprocessing = Preprocessing(
        torch.full((3, 1, 1), 100.0), torch.tensor([0.01, 0.02, 0.03]).view(3, 1, 1), input_size, views
    )
    return TrainedNetwork("colourful", network.eval(), preprocessing, "none", 4, (3, 8, 8))


def colour_images(height: int = 8, width: int = 8) -> torch.Tensor:
    generator = torch.Generator().manual_seed(4)
    return torch.randint(256, (6, 3, height, width), generator=generator, dtype=torch.uint8)


def test_one_view_is_the_centre_and_ten_are_corners_and_centre_with_their_mirror_images() -> None:
    trained, batch = colourful(10), colour_images()
    expected = []
    for image in batch.double():
        confidences = []
        for top, left in ((0, 0), (0, 3), (3, 0), (3, 3), (1, 1)):
            view = (image[:, top : top + 5, left : left + 5] - 100) * torch.tensor([0.01, 0.02, 0.03]).view(3, 1, 1)
            for seen in (view, view.flip(-1)):
                logits = seen.flatten().float() @ trained.network[1].weight.T + trained.network[1].bias
                confidences.append(torch.softmax(logits.double(), 0))
        expected.append(torch.stack(confidences).mean(0).log())
    cpu = torch.device("cpu")
    ten = NetworkClassifier(trained, cpu).log_confidence(batch)
    torch.testing.assert_close(ten.double(), torch.stack(expected), rtol=1e-4, atol=1e-5)
    one = NetworkClassifier(colourful(1), cpu)
    assert torch.equal(one.log_confidence(batch), one.log_confidence(batch[:, :, 1:6, 1:6].contiguous()))


def test_images_smaller_than_the_input_are_resized_and_any_shape_is_taken() -> None:
    classifier = NetworkClassifier(colourful(1), torch.device("cpu"))
    assert classifier.any_size
    assert classifier.input_shape == (3, 5, 5)
    flat = torch.full((1, 3, 3, 4), 77, dtype=torch.uint8)
    torch.testing.assert_close(
        classifier.log_confidence(flat), classifier.log_confidence(torch.full((1, 3, 9, 7), 77, dtype=torch.uint8))
    )


def test_features_are_the_inputs_of_the_last_linear_layer() -> None:
    trained, batch = colourful(1), colour_images()
    features = NetworkClassifier(trained, torch.device("cpu"), batch_size=4).features(batch)
    assert torch.equal(features, trained.preprocessing(batch.float()).flatten(1))
    mean = NetworkClassifier(colourful(10), torch.device("cpu")).features(batch)
    torch.testing.assert_close(mean, colourful(10).preprocessing(batch.float()).view(6, 10, -1).mean(1))


def test_an_ensembles_confidence_is_the_mean_of_its_members() -> None:
    batch, cpu = colour_images(), torch.device("cpu")
    networks = [colourful(1), colourful(10), colourful(1, input_size=7)]
    ensemble = classifier_of(networks, cpu)
    mean = torch.stack([NetworkClassifier(one, cpu).log_confidence(batch).exp() for one in networks]).mean(0)
    torch.testing.assert_close(ensemble.log_confidence(batch).exp(), mean)
    torch.testing.assert_close(torch.softmax(ensemble.logits(batch.float()), 1), mean)
    assert ensemble.input_shape == (3, 7, 7)


def test_equal_images_pass_through_the_network_once() -> None:
    network, classifier = cramped(room=100)
    three = images(3)
    many = three[[0, 1, 0, 0, 2, 1]]
    assert torch.equal(torch.from_numpy(score_distinct(classifier, many.numpy())), classifier.log_confidence(many))
    network.asked.clear()
    score_distinct(classifier, many.numpy())
    assert network.asked == [3]
    assert score_distinct(classifier, many.numpy()[:0]).shape == (0, 10)


@pytest.mark.parametrize("count", [0, 1, 4, 13])
def test_the_number_of_threads_changes_no_byte(count: int) -> None:
    trained, seen = lenet(torch.full((1, 28, 28), 33.0)), images(count)
    one, three = (NetworkClassifier(trained, torch.device("cpu"), batch_size=4, threads=n) for n in (1, 3))
    expected = one.log_confidence(seen)
    assert expected.shape == (count, 10)
    assert torch.equal(three.log_confidence(seen), expected)
