"""Configurations as files."""

from pathlib import Path

import pytest

from fooling.errors import FoolingError
from fooling.workflow.config_file import check_keys

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("path", sorted((ROOT / "config").glob("*.yaml")), ids=lambda path: path.name)
def test_no_configuration_of_ours_says_a_thing_twice(path: Path) -> None:
    check_keys(path)


def test_keys_that_would_silently_win_over_earlier_ones_are_all_told(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("plane: {}\nlist:\n- {deep: 1, other: 2, deep: 3}\nplane: {copies: 4}\nplane: {}\n")
    with pytest.raises(FoolingError, match=r"more than once") as told:
        check_keys(path)
    for part in ("plane (lines 1 and 4)", "plane (lines 4 and 5)", "deep (lines 3 and 3)"):
        assert part in str(told.value)
    assert "other" not in str(told.value)


@pytest.mark.parametrize(
    "text",
    [
        "a: &same {x: 1}\nb: *same\nc: {<<: *same, x: 2}\n",  # what is merged in may be replaced
        "a: &a {x: 1}\nb: &b {y: 1}\nc:\n  <<: *a\n  <<: *b\n",
        "a: {x: 1}\nb: {x: 1}\n",
        '{\t"a": 1}',
        "",
    ],
)
def test_what_is_said_once_in_each_table_is_fine(text: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(text)
    check_keys(tmp_path / "config.yaml")
