"""Gradient ascent against a slow reference that handles one image at a time, in float64."""

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter
from torch import Tensor

from fooling.artifacts.checkpoint import Checkpoint
from fooling.ascent.gradient_ascent import AscentResult, GradientAscent, ascend, images_at_once, start_image
from fooling.ascent.milestones import MILESTONES, Milestones
from fooling.errors import FoolingError
from fooling.networks.classifier import log_softmax
from fooling.settings.ascent import AscentSettings

SHAPE = (3, 9, 8)
CLASSES = 4
MEAN = 255 * torch.rand(SHAPE, generator=torch.Generator().manual_seed(5))


class SmallClassifier:
    """Two layers with a smooth kink, steep enough to be fooled within some fifty steps."""

    classes = CLASSES
    image_shape = input_shape = SHAPE
    any_size = False

    def __init__(self, device: torch.device | str = "cpu", steepness: float = 1.0) -> None:
        self.device = torch.device(device)
        generator = torch.Generator().manual_seed(1)
        inputs = int(np.prod(SHAPE))
        self.first = (torch.randn(inputs, 12, generator=generator) / 3000).to(self.device)
        self.second = (steepness * 3 * torch.randn(12, CLASSES, generator=generator)).to(self.device)

    def logits(self, pixels: Tensor) -> Tensor:
        centred = (pixels - MEAN.to(pixels)).flatten(1)
        return torch.tanh(centred @ self.first.to(pixels)) @ self.second.to(pixels)

    def log_confidence(self, images: Tensor) -> Tensor:
        return log_softmax(self.logits(images.to(torch.float32)))


def reference(classifier: SmallClassifier, settings: AscentSettings, target: int, seed: int) -> list[np.ndarray]:
    """Return the image (in 0-255) of every forward pass."""
    mean = MEAN.double().numpy()
    x = start_image(seed, target, SHAPE).double().numpy()
    path = []
    for iteration in range(settings.iterations):
        x = np.minimum(255, np.maximum(0, x + mean)) - mean
        path.append(x + mean)
        pixels = torch.tensor((x + mean)[None], requires_grad=True)
        p = torch.softmax(classifier.logits(pixels), dim=1)[0, target]
        p.backward()
        assert pixels.grad is not None
        g = pixels.grad[0].numpy()
        if settings.stop_confidence is not None:
            as_stored = torch.softmax(classifier.logits(pixels.detach().round()), dim=1)[0, target]
            if as_stored > settings.stop_confidence:
                break
        if iteration == settings.iterations - 1:
            break
        aim = min(settings.early_step, settings.late_step * (1 - p.item()))
        x = x + min(1e7, aim / np.linalg.norm(g) ** 2) * g
        x = x * (1 - settings.decay)
        if settings.blur_sigma and iteration % settings.blur_every == 0:
            x = np.stack([gaussian_filter(channel, settings.blur_sigma) for channel in x])
        norm = np.sqrt((x**2).sum(axis=0))
        x = np.where(norm < np.percentile(norm, settings.small_norm_percent), 0, x)
        benefit = (-g * x).sum(axis=0)
        x = np.where(benefit < np.percentile(benefit, settings.small_benefit_percent), 0, x)
        benefit = np.abs((-g * x).sum(axis=0))
        x = np.where(benefit < np.percentile(benefit, settings.small_absolute_benefit_percent), 0, x)
    return path


def climb(tmp_path, classifier, settings, classes, seeds, **options) -> AscentResult:
    checkpoint = Checkpoint(tmp_path / "checkpoint.npz", {}, 1e9)
    return ascend(classifier, MEAN, settings, classes, seeds, checkpoint=checkpoint, **options)


PLAIN = {"iterations": 40, "stop_confidence": None}
VARIANTS = {
    "one look": {"iterations": 1, "stop_confidence": None},
    "one step": {"iterations": 2, "stop_confidence": None},
    "plain": PLAIN,
    "decay": PLAIN | {"decay": 0.01, "early_step": 0.03, "late_step": 0.02},
    "blur": PLAIN | {"blur_sigma": 0.4, "blur_every": 3},
    "wide blur": PLAIN | {"blur_sigma": 2.5, "blur_every": 1},
    "small norm": PLAIN | {"small_norm_percent": 20},
    "small benefit": PLAIN | {"small_benefit_percent": 15},
    "small absolute benefit": PLAIN | {"small_absolute_benefit_percent": 35},
    "everything": PLAIN
    | {
        "decay": 0.001,
        "blur_sigma": 0.3,
        "small_norm_percent": 20,
        "small_benefit_percent": 5,
        "small_absolute_benefit_percent": 20,
    },
    "stopped": {"iterations": 300, "late_step": 0.3, "stop_confidence": 0.95},
}


@pytest.mark.parametrize("name", VARIANTS)
def test_follows_the_reference(name, device):
    settings = AscentSettings(**VARIANTS[name])
    classifier = SmallClassifier(device)
    ascent = GradientAscent(classifier, MEAN, settings, [2, 0], [7, 8], batch_size=3)
    paths = [reference(SmallClassifier(), settings, target, seed) for seed in (7, 8) for target in (2, 0)]
    for _ in range(settings.iterations):
        ascent.iterate()
    images = (ascent.offset.cpu() + MEAN).numpy()
    for image, last, path in zip(images, ascent.last.tolist(), paths, strict=True):
        assert last == len(path) - 1
        # In float32 a pixel at the percentile's edge may fall on the other side of it.
        assert np.mean(np.abs(image - path[-1]) > 0.02) < 0.02


def test_paths_move_far_enough_to_compare():
    for name in ("plain", "everything"):
        path = reference(SmallClassifier(), AscentSettings(**VARIANTS[name]), 2, 7)
        assert np.linalg.norm(path[-1] - path[0]) > 15


def test_snapshots_are_the_reference_images_at_the_first_crossings(tmp_path):
    settings = AscentSettings(iterations=150, late_step=0.8, early_step=0.1, stop_confidence=0.9999)
    classifier = SmallClassifier(steepness=6)
    result = climb(tmp_path, classifier, settings, [0, 1, 2, 3], [3])
    for times in result.milestones:
        path = np.stack(reference(classifier, settings, times["target"], 3))
        logits = classifier.logits(torch.tensor(np.rint(path)))
        p = torch.softmax(logits, dim=1)[:, times["target"]].numpy()
        first = {
            "top_1": logits.argmax(dim=1).numpy() == times["target"],
            "above_0.99": p > 0.99,
            "above_0.999": p > 0.999,
            "above_0.9999": p > 0.9999,
        }
        expected = {name: int(np.argmax(when)) for name, when in first.items()}
        assert times == {"run": 3, "target": times["target"], **expected, "last": len(path) - 1}
        assert times["last"] == times["above_0.9999"]
        rows = result.target == times["target"]
        assert result.iteration[rows].tolist() == sorted(set(expected.values()))
        assert np.exp(result.log_confidence[rows][-1]) > 0.9999
        difference = np.abs(result.images[rows] - np.rint(path[result.iteration[rows]]))
        assert difference.max() <= 1
        assert np.mean(difference > 0) < 0.01


class CountsJudgements(SmallClassifier):
    judged = 0

    def log_confidence(self, images: Tensor) -> Tensor:
        self.judged += len(images)
        return super().log_confidence(images)


@pytest.mark.parametrize("stop_confidence", [None, 0.9, 0.9999])
def test_images_out_of_reach_of_a_milestone_need_no_judgement(tmp_path, monkeypatch, stop_confidence):
    settings = AscentSettings(iterations=200, late_step=0.4, early_step=0.1, stop_confidence=stop_confidence)
    sometimes, always = CountsJudgements(steepness=6), CountsJudgements(steepness=6)
    result = climb(tmp_path, sometimes, settings, range(4), [0, 1])
    monkeypatch.setattr(Milestones, "near", lambda _, rows, *__: torch.ones_like(rows, dtype=torch.bool))
    expected = climb(tmp_path, always, settings, range(4), [0, 1])
    assert result.milestones == expected.milestones
    for name in ("images", "target", "run", "iteration", "log_confidence"):
        np.testing.assert_array_equal(getattr(result, name), getattr(expected, name))
    assert sometimes.judged < always.judged


def test_step_of_fixed_length_follows_the_gradient():
    classifier = SmallClassifier(steepness=0.1)
    settings = AscentSettings(iterations=2, rule="fixed_length", step_length=3.0)
    pixels = (start_image(4, 1, SHAPE) + MEAN).clamp(0, 255).double().requires_grad_()
    torch.softmax(classifier.logits(pixels[None]), dim=1)[0, 1].backward()
    assert pixels.grad is not None
    expected = pixels.detach() + 3.0 * pixels.grad / pixels.grad.norm()
    ascent = GradientAscent(classifier, MEAN, settings, [1], [4], batch_size=1)
    ascent.iterate()
    np.testing.assert_allclose(ascent.offset[0] + MEAN, expected, atol=1e-3)


def test_step_of_fixed_length_regularises_and_stops_as_the_other(tmp_path):
    options = {"rule": "fixed_length", "step_length": 40.0, "iterations": 100, "stop_confidence": 0.99}
    result = climb(tmp_path, SmallClassifier(steepness=6), AscentSettings(**options), [0, 1, 2], [0])
    assert all(times["last"] == times["above_0.99"] for times in result.milestones)
    ascent = GradientAscent(FlatClassifier(), MEAN, AscentSettings(**options), [0], [0], batch_size=1)
    ascent.iterate()
    assert not ascent.moving.any()
    assert torch.isfinite(ascent.offset).all()


@pytest.mark.parametrize(("shape", "expected"), [((1, 28, 28), 100), ((3, 224, 224), 3), ((3, 2000, 2000), 1)])
def test_fewer_large_images_at_once(monkeypatch, shape, expected):
    classifier = SmallClassifier()
    monkeypatch.setattr(classifier, "input_shape", shape)
    assert images_at_once(classifier) == expected


def test_unreached_milestones_are_none(tmp_path):
    result = climb(tmp_path, SmallClassifier(), AscentSettings(iterations=3), [1], [0])
    (times,) = result.milestones
    assert [times[name] for name in MILESTONES[1:]] == [None, None, None]
    assert times["last"] == 2
    assert result.iteration[-1] == 2


def test_stored_confidence_is_of_the_stored_image(tmp_path):
    classifier = SmallClassifier()
    result = climb(tmp_path, classifier, AscentSettings(**PLAIN), [0, 3], [0, 1])
    again = classifier.log_confidence(torch.from_numpy(result.images)).numpy()
    np.testing.assert_array_equal(result.log_confidence, again[np.arange(len(again)), result.target])
    assert result.images.dtype == np.uint8


def test_no_image_is_stored_twice(tmp_path):
    result = climb(tmp_path, SmallClassifier(), AscentSettings(iterations=60, late_step=0.4), range(4), [0, 1])
    keys = list(zip(result.run, result.target, result.iteration, strict=True))
    assert len(set(keys)) == len(keys)
    assert keys == sorted(keys)


def test_image_alone_is_the_image_in_a_batch(tmp_path):
    settings = AscentSettings(**VARIANTS["everything"])
    together = climb(tmp_path, SmallClassifier(), settings, [0, 1, 2, 3], [0, 1, 2], batch_size=5)
    alone = climb(tmp_path, SmallClassifier(), settings, [2], [1])
    rows = (together.target == 2) & (together.run == 1)
    assert together.iteration[rows].tolist() == alone.iteration.tolist()
    assert np.mean(together.images[rows] != alone.images) < 0.01
    np.testing.assert_allclose(together.log_confidence[rows], alone.log_confidence, atol=0.01)


def test_start_images_are_standard_normal_and_differ():
    starts = torch.stack([start_image(seed, target, (3, 50, 50)) for seed in range(3) for target in range(3)])
    assert abs(starts.mean()) < 0.02
    assert abs(starts.std() - 1) < 0.02
    assert (torch.corrcoef(starts.flatten(1)) - torch.eye(9)).abs().max() < 0.05


def test_same_seed_gives_the_same_bytes(tmp_path):
    settings = AscentSettings(**VARIANTS["everything"])
    once, again = (climb(tmp_path, SmallClassifier(), settings, [0, 1], [4]) for _ in range(2))
    np.testing.assert_array_equal(once.images, again.images)
    np.testing.assert_array_equal(once.log_confidence, again.log_confidence)


class StopsAt(Checkpoint):
    """Breaks the work off after it has saved at one iteration."""

    asked, stop_at = 0, -1

    def due(self) -> bool:
        self.asked += 1
        return self.asked == self.stop_at

    def save(self, work) -> None:
        super().save(work)
        raise KeyboardInterrupt


@pytest.mark.parametrize("stop_at", [1, 17, 38])
def test_resumes_bit_for_bit(tmp_path, stop_at):
    settings = AscentSettings(iterations=80, late_step=0.3, decay=0.001, stop_confidence=0.9, small_norm_percent=10)
    arguments = SmallClassifier(), MEAN, settings, [0, 1, 2], [0, 1]
    whole = climb(tmp_path, *arguments[:1], *arguments[2:], batch_size=4)
    checkpoint = StopsAt(tmp_path / "resumed.npz", {}, 1e9)
    checkpoint.stop_at = stop_at
    with pytest.raises(KeyboardInterrupt):
        ascend(*arguments, checkpoint=checkpoint, batch_size=4)
    resumed = ascend(*arguments, checkpoint=Checkpoint(tmp_path / "resumed.npz", {}, 1e9), batch_size=4)
    assert resumed.milestones == whole.milestones
    for name in ("images", "target", "run", "iteration", "log_confidence"):
        np.testing.assert_array_equal(getattr(resumed, name), getattr(whole, name))


def test_stopped_image_freezes_while_others_climb():
    settings = AscentSettings(iterations=200, late_step=0.3, stop_confidence=0.9)
    ascent = GradientAscent(SmallClassifier(), MEAN, settings, [0, 1, 2, 3], [0], batch_size=10)
    frozen: dict[int, Tensor] = {}
    for _ in range(settings.iterations):
        ascent.iterate()
        for row in (~ascent.moving).nonzero().flatten().tolist():
            frozen.setdefault(row, ascent.offset[row].clone())
            assert torch.equal(ascent.offset[row], frozen[row])
    assert len(frozen) == 4
    assert len(set(ascent.last.tolist())) > 1
    assert (ascent.log_confidence.exp() > 0.9).all()


class FlatClassifier(SmallClassifier):
    def logits(self, pixels: Tensor) -> Tensor:
        return pixels.flatten(1)[:, :CLASSES] * 0


def test_zero_gradient_ends_the_ascent(tmp_path):
    result = climb(tmp_path, FlatClassifier(), AscentSettings(iterations=10), [1], [0])
    assert result.iteration.tolist() == [0]
    assert result.milestones[0]["last"] == 0
    np.testing.assert_allclose(result.log_confidence, np.log(1 / CLASSES), rtol=1e-6)


def test_tiny_gradient_takes_the_largest_rate():
    classifier = SmallClassifier(steepness=1e-7)
    path = reference(classifier, AscentSettings(iterations=2), 1, 0)
    ascent = GradientAscent(classifier, MEAN, AscentSettings(iterations=2), [1], [0], batch_size=1)
    ascent.iterate()
    np.testing.assert_allclose((ascent.offset[0] + MEAN).clamp(0, 255), path[1], atol=1e-3)
    assert np.abs(path[1] - path[0]).max() < 1


def test_certain_image_stays_finite():
    settings = AscentSettings(iterations=50, late_step=1, early_step=1, stop_confidence=None)
    ascent = GradientAscent(SmallClassifier(steepness=60), MEAN, settings, [0, 1], [0], batch_size=2)
    for _ in range(settings.iterations):
        ascent.iterate()
    assert torch.isfinite(ascent.offset).all()


@pytest.mark.parametrize("classes", [[4], [0, -1], [0, 99]])
def test_class_out_of_range(tmp_path, classes):
    with pytest.raises(FoolingError, match="classes 0 to 3"):
        climb(tmp_path, SmallClassifier(), AscentSettings(), classes, [0])


def test_class_listed_twice(tmp_path):
    with pytest.raises(FoolingError, match="class 2 is listed twice"):
        climb(tmp_path, SmallClassifier(), AscentSettings(), [2, 1, 2], [0])


@pytest.mark.parametrize("shape", [(3, 8, 8), (2, 1, 1), (1, 3, 9, 8)])
def test_mean_image_of_another_size(tmp_path, shape):
    checkpoint = Checkpoint(tmp_path / "checkpoint.npz", {}, 1e9)
    with pytest.raises(FoolingError, match="mean image has the shape"):
        ascend(SmallClassifier(), torch.zeros(shape), AscentSettings(), [0], [0], checkpoint=checkpoint)
