import csv
import dataclasses
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from small import small_origin

from fooling.artifacts.ablation import load_ablation
from fooling.artifacts.fooling_set import FoolingSet, save_fooling_set
from fooling.errors import FoolingError
from fooling.experiments.ablation import (
    SHARES_LEFT,
    ablate,
    copies_left,
    depict,
    random_region,
    removals,
    select_images,
)
from fooling.experiments.repetition import Repetition, find_repetition
from fooling.networks.classifier import load_classifier
from fooling.settings.ablation import AblationSettings
from fooling.steps.experiments.ablate import main


class DotClassifier:
    """Is as sure of class 1 as the red channel is full of dots: 200 where one is, 20 elsewhere."""

    classes = 2
    image_shape = input_shape = (3, 128, 128)
    any_size = False
    device = torch.device("cpu")

    def logits(self, pixels):
        sure = (pixels[:, 0].double() - 20).clamp(0).mean(dim=(1, 2)) / 180
        return torch.stack([1 - sure, sure], dim=1).log().float()

    def log_confidence(self, images):
        return self.logits(images.float())


def grid(down, right):
    places = np.indices((128, 128))
    inside = (places[0] % down - down // 2) ** 2 + (places[1] % right - right // 2) ** 2 <= 25
    return np.where(inside, [[[200]], [[30]], [[60]]], [[[20]], [[90]], [[40]]]).astype(np.uint8)


def a_set(images, target=1, run=0, log_confidence=None, **origin):
    images = np.stack(images)
    if log_confidence is None:
        log_confidence = DotClassifier().log_confidence(torch.from_numpy(images))[:, target].numpy()
    zeros = np.zeros(len(images), dtype=np.int64)
    return FoolingSet(
        images=images,
        target=np.arange(len(images)) if np.ndim(target) else zeros + target,
        log_confidence=np.asarray(log_confidence, dtype=np.float32),
        generation=zeros,
        born=zeros,
        run=zeros + run + np.arange(len(images)),
        origin=small_origin(**{"network": "lite0", "dataset": "none", "classes": 2} | origin),
        provenance={},
    )


EVERY = AblationSettings(least_confidence=0, controls=2)


@pytest.fixture
def plain():
    return np.full((3, 128, 128), 77, dtype=np.uint8)


def test_one_dot_is_left_in_the_end_and_the_paper_stays_clean():
    image = grid(32, 32)
    found = find_repetition(image, 0.5)
    (left,), area = removals(image, found, 1, 0, torch.Generator())
    dots = (left[0] == 200).sum()
    assert dots == (image[0] == 200).sum() / 16
    assert set(np.unique(left[0])) == {20, 200}
    assert area == (found.copy >= 1).sum()


def test_confidence_is_that_of_the_copies_left():
    image = grid(32, 32)
    ablation = ablate(a_set([image]), DotClassifier(), EVERY)
    assert ablation.copies.tolist() == [16]
    assert ablation.left.tolist() == [[16, 12, 8, 4, 1]]
    whole = float((image[0] == 200).mean())
    np.testing.assert_allclose(ablation.confidence[0], np.array([16, 12, 8, 4, 1]) / 16 * whole, rtol=1e-5)
    assert ablation.erased[0, 0] == 0
    assert (np.diff(ablation.erased[0]) > 0).all()
    # Erased at random, the dots lose what the area loses; two draws scatter around that.
    np.testing.assert_allclose(ablation.control[0], (1 - ablation.erased[0]) * whole, atol=0.3 * whole)


def test_an_image_without_repetition_is_not_touched(plain):
    plain[:, 50:60, 50:60] = 130
    ablation = ablate(a_set([plain]), DotClassifier(), EVERY)
    assert ablation.copies.tolist() == [0]
    assert not ablation.periods.any()
    assert np.isnan(ablation.confidence[0]).tolist() == [False, True, True, True, True]


def test_only_the_control_depends_on_the_seed():
    images = a_set([grid(32, 16)])
    one, again = (ablate(images, DotClassifier(), EVERY) for _ in range(2))
    other = ablate(images, DotClassifier(), EVERY.model_copy(update={"seed": 1}))
    for field in dataclasses.fields(one):
        assert np.array_equal(getattr(one, field.name), getattr(again, field.name), equal_nan=True)
    assert np.array_equal(one.confidence, other.confidence)
    assert not np.array_equal(one.control, other.control)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 30), st.integers(1, 30), st.integers(0, 2**20))
def test_removal_never_changes_kept_pixels(copies, left, seed):
    generator = np.random.default_rng(seed)
    image = generator.integers(0, 256, (3, 20, 24)).astype(np.uint8)
    copy = generator.integers(-1, copies + 1, (20, 24))
    found = Repetition(((0, 8),), 1.0, copies, copy, generator.integers(0, 256, 3).astype(np.uint8))
    (after, control), area = removals(image, found, left, 1, torch.Generator().manual_seed(seed))
    gone = (copy >= left) & (left < copies)
    assert np.array_equal(after[:, ~gone], image[:, ~gone])
    assert (after[:, gone] == found.background[:, None]).all()
    painted = (control == found.background[:, None, None]).all(axis=0)
    assert area == gone.sum() <= painted.sum()
    assert ((control != image).any(axis=0)).sum() <= area


@pytest.mark.parametrize(("copies", "left"), [(3, [3, 3, 2, 1, 1]), (4, [4, 3, 2, 1, 1]), (23, [23, 18, 12, 6, 1])])
def test_shares_become_copies(copies, left):
    assert copies_left(copies).tolist() == left
    assert len(left) == len(SHARES_LEFT)


def test_random_regions_have_the_area_and_are_blobs():
    region = random_region((60, 80), 1200, 4.0, torch.Generator().manual_seed(0))
    assert region.sum() == 1200
    # Neighbours mostly agree; of independent pixels 2 * 0.25 * 0.75 of the neighbours would differ.
    assert (region[:, 1:] != region[:, :-1]).mean() < 0.1
    assert random_region((60, 80), 0, 4.0, torch.Generator()).sum() == 0
    assert random_region((60, 80), 4800, 4.0, torch.Generator()).all()


def test_distinct_images_of_the_highest_confidence(plain):
    images = [plain, grid(32, 32), plain, grid(16, 32)]
    first = a_set(images, target=[0, 1, 2, 3], log_confidence=np.log([0.6, 0.9, 0.8, 0.3]))
    second = a_set([grid(64, 32)], run=9, log_confidence=np.log([0.85]))
    chosen = select_images(iter([first, second]), AblationSettings())
    assert chosen.target.tolist() == [1, 1, 2]
    assert chosen.run.tolist() == [1, 9, 2]
    np.testing.assert_allclose(chosen.confidence, [0.9, 0.85, 0.8], rtol=1e-6)
    assert select_images([first, second], AblationSettings(images=2)).run.tolist() == [1, 9]
    assert len(select_images([first], AblationSettings(least_confidence=0.99))) == 0


def test_the_class_that_an_image_fools_best_counts(plain):
    chosen = select_images([a_set([plain] * 3, [0, 1, 2], log_confidence=np.log([0.6, 0.9, 0.7]))], AblationSettings())
    assert chosen.target.tolist() == [1]


@pytest.mark.parametrize(
    ("origin", "sentence"),
    [
        ({"method": "direct"}, "have several methods"),
        ({"network": "lite1"}, "have several networks"),
    ],
)
def test_mixed_sets_are_refused(plain, origin, sentence):
    with pytest.raises(FoolingError, match=sentence):
        select_images([a_set([plain]), a_set([plain], **origin)], EVERY)


def test_another_network_is_noticed():
    with pytest.raises(FoolingError, match="give the network that the images were made against"):
        ablate(a_set([grid(32, 32)], log_confidence=np.log([0.7])), DotClassifier(), EVERY)


def test_pictures_show_the_four_states(plain):
    images = a_set([plain, grid(32, 32)])
    ablation = ablate(images, DotClassifier(), EVERY)
    pictures = depict(images, ablation, DotClassifier(), EVERY)
    assert pictures.row.tolist() == [1]
    assert np.array_equal(pictures.images[0, 0], images.images[1])
    dots = (pictures.images[0, :, 0] == 200).sum(axis=(1, 2))
    assert (dots[1], dots[3]) == (dots[0] / 2, dots[0] / 16)
    np.testing.assert_allclose(pictures.confidence[0, [0, 1, 3]], ablation.confidence[1, [0, 2, 4]])


def test_nothing_examined_is_a_result(plain):
    nothing = a_set([plain]).select(np.zeros(1, dtype=bool))
    ablation = ablate(nothing, DotClassifier(), EVERY)
    assert ablation.confidence.shape == (0, len(SHARES_LEFT))
    assert depict(nothing, ablation, DotClassifier(), EVERY).images.shape == (0, 4, 3, 128, 128)


@pytest.fixture
def run(monkeypatch):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["ablate", *map(str, arguments)])
        main()

    return run


def test_the_step_writes_numbers_pictures_and_table(run, network, tmp_path):
    stripes = np.broadcast_to(np.where(np.arange(28) % 7 < 3, 255, 0).astype(np.uint8), (1, 28, 28))
    images = np.stack([stripes, np.zeros((1, 28, 28), dtype=np.uint8)])
    classifier = load_classifier(network, torch.device("cpu"))
    log_confidence = classifier.log_confidence(torch.from_numpy(images))[:, 1].numpy()
    save_fooling_set(tmp_path / "set.npz", a_set(images, log_confidence=log_confidence, network="lenet-1"))
    run(
        *("--fooling-sets", tmp_path / "set.npz", "--network", network, "--least-confidence", 0),
        *("--output", tmp_path / "out.npz", "--table", tmp_path / "out.csv"),
    )
    made = load_ablation(tmp_path / "out.npz")
    assert made.runs == 1
    repeats = made.ablation.copies > 0
    assert repeats.sum() == 1
    assert np.array_equal(made.pictures.images[0, 0], stripes)
    with (tmp_path / "out.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(SHARES_LEFT) + 1
    striped = [float(row["confidence"]) for row in rows if row["copies"] != "0"]
    assert striped == made.ablation.confidence[repeats][0].tolist()


def test_the_step_refuses_another_network(run, network, tmp_path, plain):
    save_fooling_set(tmp_path / "set.npz", a_set([plain[:1, :28, :28]], log_confidence=[-1.0]))
    with pytest.raises(FoolingError, match="made against lite0, not lenet-1"):
        run("--fooling-sets", tmp_path / "set.npz", "--network", network, "--output", tmp_path / "out.npz")
    assert not (tmp_path / "out.npz").exists()
