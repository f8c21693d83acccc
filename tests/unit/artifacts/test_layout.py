from pathlib import Path

import numpy as np
import pytest

from fooling.artifacts.layout import has_layout, layout_of, load_artifact
from fooling.artifacts.storage import save_arrays
from fooling.errors import FoolingError

ARRAYS = {"images": np.zeros((3, 1, 4, 4), np.uint8), "target": np.arange(3), "level": np.array(1.5)}
LAYOUT = {"images": "uint8 N * 4 4", "target": "int64 N", "level": "float64"}


def test_arrays_fit_their_own_layout_and_a_looser_one() -> None:
    assert layout_of(ARRAYS) == {"images": "uint8 3 1 4 4", "target": "int64 3", "level": "float64"}
    assert has_layout(ARRAYS, layout_of(ARRAYS))
    assert has_layout(ARRAYS, LAYOUT)


@pytest.mark.parametrize(
    "change",
    [
        {"target": np.arange(4)},
        {"target": np.arange(3.0)},
        {"target": np.zeros((3, 1), np.int64)},
        {"target": np.array(3)},
        {"images": np.zeros((3, 1, 4, 5), np.uint8)},
        {"level": np.zeros(1)},
    ],
)
def test_another_type_or_shape_is_damage(change: dict[str, np.ndarray], tmp_path: Path) -> None:
    assert not has_layout(ARRAYS | change, LAYOUT)
    save_arrays(tmp_path / "x.npz", "thing", {"origin": {}}, ARRAYS | change)
    with pytest.raises(FoolingError, match="is damaged: its parts do not fit together; delete it and make it again"):
        load_artifact(tmp_path / "x.npz", "thing", LAYOUT, {"origin": dict})


def test_what_lacks_is_named_and_a_header_of_another_type_is_damage(tmp_path: Path) -> None:
    save_arrays(tmp_path / "x.npz", "thing", {"origin": "words"}, ARRAYS)
    with pytest.raises(FoolingError, match="lacks 'run' and is no thing of this version"):
        load_artifact(tmp_path / "x.npz", "thing", LAYOUT | {"run": "int64 N"}, {"origin": str})
    with pytest.raises(FoolingError, match="is damaged"):
        load_artifact(tmp_path / "x.npz", "thing", LAYOUT, {"origin": dict})
    header, arrays = load_artifact(tmp_path / "x.npz", "thing", {"target": "int64 N"}, {"origin": str})
    assert header == {"origin": "words"}
    assert list(arrays) == ["target"]
