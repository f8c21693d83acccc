from dataclasses import replace

import numpy as np
import pytest
from small import small_origin

from fooling.artifacts.features import KIND, Features, load_features, save_features
from fooling.artifacts.fooling_set import FoolingSet
from fooling.artifacts.storage import load_arrays, save_arrays
from fooling.errors import FoolingError

ORIGIN = small_origin(network="lite0", dataset="imagenet")


@pytest.fixture
def features():
    return Features(
        values=np.array([[3, 4], [0, 0], [1, 0]], dtype=np.float32),
        fooling_set=np.array([0, 0, 1]),
        target=np.array([7, 8, 7]),
        run=np.array([0, 0, 1]),
        image=np.array([0, 1, 2]),
        network="lite1",
        origins=[ORIGIN, ORIGIN],
        provenance={"step": "embed"},
    )


def final(*targets, run=0, origin=ORIGIN):
    column = np.zeros(len(targets), dtype=np.int64)
    images = np.zeros((len(targets), 3, 2, 2), dtype=np.uint8)
    confidence = column.astype(np.float32)
    return FoolingSet(images, np.array(targets), confidence, column, column, column + run, origin, {})


def test_they_come_back_as_they_were_saved(tmp_path, features):
    paths = [tmp_path / "one.npz", tmp_path / "two.npz"]
    for path in paths:
        save_features(path, features)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    loaded = load_features(paths[0])
    for name in ("values", "fooling_set", "target", "run", "image"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(features, name), strict=True)
    assert (loaded.network, loaded.origins, loaded.provenance) == ("lite1", [ORIGIN, ORIGIN], {"step": "embed"})


def test_directions_have_length_one_but_for_zeros(features):
    np.testing.assert_allclose(features.directions, [[0.6, 0.8], [0, 0], [1, 0]])


def test_another_set_is_told(features):
    features.check_set(0, final(7, 8))
    features.check_set(1, final(7, run=1))
    of_another_network = final(7, run=1, origin=ORIGIN.model_copy(update={"network": "lite2"}))
    for position, other in ((0, final(8, 7)), (0, final(7, 8, run=1)), (1, of_another_network)):
        with pytest.raises(FoolingError, match=f"given number {position + 1}; give those of the step embed"):
            features.check_set(position, other)


def test_what_does_not_fit_together_is_damaged(tmp_path, features):
    path = tmp_path / "features.npz"
    broken = [
        {"target": np.array([1])},
        {"fooling_set": np.array([0, 0, 2])},
        {"values": np.zeros(3)},
        {"values": np.full((3, 2), np.nan)},
    ]
    for change in broken:
        save_features(path, replace(features, **change))
        with pytest.raises(FoolingError, match="is damaged"):
            load_features(path)


def test_a_lacking_column_is_named(tmp_path, features):
    path = tmp_path / "features.npz"
    save_features(path, features)
    header, arrays = load_arrays(path, KIND)
    del arrays["image"]
    save_arrays(path, KIND, header, arrays)
    with pytest.raises(FoolingError, match="lacks 'image'"):
        load_features(path)
