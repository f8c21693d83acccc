import pytest

from fooling.errors import FoolingError
from fooling.release.datasheet import datasheet
from fooling.release.files import image_path
from fooling.release.gather import gather
from fooling.settings.release import ReleaseSettings


def gathered(*fooling_sets, least_confidence=0.5):
    given = [(f"run-{number}.npz", f"digest-{number}", one) for number, one in enumerate(fooling_sets)]
    return gather(given, least_confidence)


def test_equal_images_are_one_with_all_that_they_fool(make_set):
    first, second = make_set([3, 4], [0.9, 0.6]), make_set([5, 4], [0.99, 0.7], network="lenet-2", run=8)
    second.images[0] = first.images[0]
    release = gathered(first, second)
    assert len(release.images) == 3
    shared = release.images[0]
    assert shared.labels == [5, 3]
    assert [(success.network, success.run, success.source) for success in shared.fooled] == [
        ("lenet-2", 8, "run-1.npz"),
        ("lenet-1", 0, "run-0.npz"),
    ]
    assert shared.best.source_sha256 == "digest-1"
    assert len({image.key for image in release.images}) == 3


def test_equal_pixels_of_two_data_sets_are_two_images(make_set):
    first, second = make_set([3], [0.9]), make_set([3], [0.9], dataset="letters", classes=26)
    second.images[0] = first.images[0]
    one, other = gathered(first, second).images
    assert one.key != other.key
    assert one.png == other.png


def test_only_final_and_confident_images_count(make_set):
    fooling_set = make_set([0, 0, 1], [0.9, 0.95, 0.49])
    fooling_set.generation[0] = 5
    release = gathered(fooling_set)
    (image,) = release.images
    assert image.best.confidence == pytest.approx(0.95)
    assert (release.sources[0].final, release.sources[0].kept) == (2, 1)
    assert len(gathered(fooling_set, least_confidence=0.2).images) == 2


def test_evaluations_are_those_of_the_run_or_of_the_ascent(make_set):
    evolved, ascended = make_set([1], [0.9], born=7, batch=20), make_set([1], [0.9], born=7, method="ascent", set="360")
    by_evolution, by_ascent = (image.best for image in gathered(evolved, ascended).images)
    assert (by_evolution.evaluations, by_evolution.ascent_set) == (8 * 20, "")
    assert (by_ascent.evaluations, by_ascent.ascent_set) == (8, "360")


def test_classes_bear_the_names_that_the_network_s_owner_gave_them(make_set):
    flowers = {"dataset": "flowers", "classes": 3, "labels": ["Ox-eye daisy", "tulip", "\u2665"]}
    release = gathered(make_set([0, 2, 1], [0.9, 0.8, 0.7], **flowers))
    assert [image.best.class_name for image in release.images] == ["Ox-eye daisy", "\u2665", "tulip"]
    folders = [image_path(image, release).split("/")[3] for image in release.images]
    assert folders == ["0_ox_eye_daisy", "2", "1_tulip"]
    assert "0 Ox-eye daisy: 1, 1 tulip: 1, 2 \u2665: 1" in datasheet(release, ReleaseSettings(), name="n", version="1")


def test_a_class_has_one_folder_whatever_networks_call_it(make_set):
    own = {"dataset": "cifar10", "labels": ["plane", *"123456789"]}
    release = gathered(make_set([0], [0.9], dataset="cifar10"), make_set([0], [0.8], **own))
    assert [image.best.class_name for image in release.images] == ["airplane", "plane"]
    assert {image_path(image, release).split("/")[3] for image in release.images} == {"0_airplane"}
    assert "**cifar10**, 1 of 10 classes. 0 airplane: 2." in datasheet(
        release, ReleaseSettings(), name="n", version="1"
    )


def test_long_and_odd_names_of_classes_are_tamed(make_set):
    release = gathered(make_set([0, 1], [0.9, 0.8], dataset="own", classes=2, labels=["word " * 60, "<b>__x__"]))
    assert [image_path(image, release).split("/")[3] for image in release.images] == [
        "0_" + "word_" * 7 + "word",
        "1_b_x",
    ]
    assert r"1 \<b\>\_\_x\_\_: 1" in datasheet(release, ReleaseSettings(), name="n", version="1")


def test_networks_of_a_data_set_may_differ_in_classes(make_set):
    assert gathered(make_set([1], [0.9]), make_set([1], [0.9], classes=11)).classes == {"mnist": 11}


def test_mistakes_are_sentences(make_set):
    with pytest.raises(FoolingError, match=r"0\.5 or more; lower dataset\.least_confidence"):
        gathered(make_set([1], [0.4]))
    with pytest.raises(FoolingError, match=r"run-0\.npz has images of 2 channels"):
        gathered(make_set([1], [0.9], channels=2))
