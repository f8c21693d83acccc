from datetime import date

import pytest

from fooling.release.datasheet import datasheet
from fooling.release.gather import gather
from fooling.settings.release import ReleaseSettings


def sheet(fooling_sets, least_confidence=0.5, **settings):
    release = gather([(f"{n}.npz", "0" * 64, one) for n, one in enumerate(fooling_sets)], least_confidence)
    return datasheet(release, ReleaseSettings(**settings), name="fooling-images-t", version="1.2.3")


def test_its_numbers_are_those_of_the_data(make_set):
    first = make_set([0, 1, 2, 3], [0.99999, 0.95, 0.6, 0.3])
    second = make_set([0, 7], [0.7, 0.9995], network="lenet-2")
    second.images[0] = first.images[1]
    third = make_set([207], [0.8], dataset="imagenet", classes=1000, network="lite0", channels=3)
    text = sheet([first, second, third])
    assert text.startswith("# fooling-images-t: ")
    assert "\n5 images that were made" in text
    assert "1 images stand for several successes, 1 of them fool for more than one class." in text
    assert "| mnist | cppn | 6 | 1 | 1 | 4 |" in text
    assert "| mnist | cppn | lenet-1 | 3 |" in text
    assert "| mnist | cppn | lenet-2 | 1 |" in text
    assert "| mnist | cppn | 1 | 1 | 0 | 1 | 1 | 0.974750 |" in text
    assert "**mnist**, 4 of 10 classes. 0: 1, 1: 1, 2: 1, 7: 1." in text
    assert "**imagenet**, 1 of 1000 classes. 207 golden retriever: 1." in text
    assert "1 of them are left out" in text


@pytest.mark.parametrize(("least", "ranges"), [(0.9999, "| \u2265 0.9999 |"), (0, "| 0\u20130.5 | 0.5\u20130.9 |")])
def test_ranges_begin_at_the_least_confidence(make_set, least, ranges):
    assert f"| data set | method {ranges}" in sheet([make_set([1], [0.99999])], least)


def test_it_says_where_and_when_it_was_published(make_set):
    said = " It was published on 2026-01-31. Its page is <https://example.org/f>."
    assert said in sheet([make_set([1], [0.9])], url="https://example.org/f", published=date(2026, 1, 31))
    assert "published" not in sheet([make_set([1], [0.9])])
