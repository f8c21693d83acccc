import dataclasses

import numpy as np
import pytest
from scipy import stats
from small import small_origin

from fooling.artifacts.ablation import Ablation, AblationFile, Pictures, load_ablation, save_ablation
from fooling.artifacts.storage import load_arrays, save_arrays
from fooling.errors import FoolingError
from fooling.figures.experiments.ablation import draw_ablation, paired_test
from fooling.figures.parts.style import save_figure
from fooling.settings.ablation import AblationSettings

ORIGIN = small_origin(network="lite0", dataset="imagenet", batch=100, generations=60)


def file_of(repeating, others=2):
    generator = np.random.default_rng(0)
    images = repeating + others
    whole = np.linspace(0.95, 0.55, images)[:, None]
    confidence = whole * np.array([1, 0.9, 0.5, 0.2, 0.05])
    confidence[repeating:, 1:] = np.nan
    shown = np.arange(min(repeating, 10))
    ablation = Ablation(
        copies=np.where(np.arange(images) < repeating, 8, 0),
        periods=np.zeros((images, 2, 2), dtype=np.int64),
        left=np.tile([8, 6, 4, 2, 1], (images, 1)),
        erased=np.tile([0, 0.2, 0.4, 0.6, 0.8], (images, 1)),
        confidence=confidence,
        control=confidence * np.array([1, 0.8, 0.8, 0.8, 0.8]),
    )
    pictures = Pictures(
        row=shown,
        images=generator.integers(0, 256, (len(shown), 4, 3, 32, 32)).astype(np.uint8),
        confidence=np.tile([0.9, 0.5, 0.3, 0.001], (len(shown), 1)),
    )
    target, run = np.arange(images), np.zeros(images, dtype=np.int64)
    return AblationFile(ablation, pictures, target, run, 3, ORIGIN, AblationSettings(least_confidence=0.5))


def texts_of(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts] + [text.get_text() for text in figure.texts]


def test_all_pictures_stand_under_their_class_with_all_confidences():
    file = file_of(3)
    figure = draw_ablation(file)
    drawn = [image.get_array() for image in figure.axes[0].images]
    expected = [np.moveaxis(state, 0, -1) for image in file.pictures.images for state in image]
    assert all(np.array_equal(one, other) for one, other in zip(drawn, expected, strict=True))
    texts = texts_of(figure)
    assert {"tench", "goldfish"} <= set(texts)
    assert texts.count("50.00\N{THIN SPACE}%") == 3


def test_the_scale_stands_above():
    texts = " ".join(texts_of(draw_ablation(file_of(3))))
    for part in (
        "100 children \N{MULTIPLICATION SIGN} 60 generations, 3 runs, against lite0",
        "the paper: 400",
        "3 of the 5",
    ):
        assert part in texts


def test_lines_and_curves_show_the_numbers():
    file = file_of(6)
    lines, curves = draw_ablation(file).axes[1:]
    assert len(lines.lines) == 6 + 1
    for line, confidence in zip(lines.lines[:6], file.ablation.confidence[:6], strict=True):
        np.testing.assert_allclose(line.get_ydata(), confidence[[0, 2, 4]])
    removed, control = curves.lines
    np.testing.assert_allclose(removed.get_ydata(), np.median(file.ablation.confidence[:6], axis=0))
    np.testing.assert_allclose(control.get_ydata(), np.median(file.ablation.control[:6], axis=0))
    assert any("Wilcoxon p = 0.031, n = 6" in text for text in texts_of(lines.figure))


def test_paired_test():
    first, second = np.array([0.9, 0.8, 0.7, 0.65, 0.6]), np.array([0.1, 0.2, 0.3, 0.05, 0.65])
    found = paired_test(first, second)
    assert (found.pairs, found.median_drop) == (5, pytest.approx(0.6))
    # By hand: ranks of the differences 0.8 0.6 0.4 0.6 -0.05; only the smallest is negative.
    assert stats.rankdata([0.8, 0.6, 0.4, 0.6, 0.05]).tolist() == [5, 3.5, 2, 3.5, 1]
    assert found.p == pytest.approx(2 * 2 / 2**5)
    assert paired_test(first, first).p == 1
    assert paired_test(first[:0], second[:0]).pairs == 0


@pytest.mark.parametrize("repeating", [0, 1, 12])
def test_few_or_many_images(repeating, tmp_path):
    figure = draw_ablation(file_of(repeating))
    assert len(figure.axes) == (3 if repeating else 0)
    save_figure(figure, [tmp_path / "figure.png", tmp_path / "figure.svg"])


def test_an_ablation_is_read_back_and_one_of_another_version_refused(tmp_path):
    path, file = tmp_path / "ablation.npz", file_of(1)
    save_ablation(path, file, {})
    read = load_ablation(path)
    assert (read.origin, read.settings, read.runs) == (file.origin, file.settings, 3)
    for field in dataclasses.fields(Ablation):
        assert np.array_equal(getattr(read.ablation, field.name), getattr(file.ablation, field.name), equal_nan=True)
    header, arrays = load_arrays(path, "ablation")
    del arrays["control"]
    save_arrays(path, "ablation", header, arrays)
    with pytest.raises(FoolingError, match="no ablation of this version"):
        load_ablation(path)
