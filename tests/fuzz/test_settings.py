"""Configurations of any form: each is accepted or refused in sentences, and what is accepted can be planned."""

import contextlib
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from fooling.errors import FoolingError
from fooling.settings.config import Config, load_config
from fooling.settings.evolution import CppnSettings, DirectSettings
from fooling.settings.training import TrainingSettings
from fooling.workflow.settings_flags import settings_flags
from fooling.workflow.targets import Targets

CONFIGS = [yaml.safe_load(path.read_text()) for path in sorted((Path(__file__).parents[2] / "config").glob("*.yaml"))]
NAMES = st.sampled_from(["lenet", "lenet-1", "lenet-2", "mnist", "lite0", "169", "imagenet", "..", "a b", "-", "", "é"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, 1, 2, 10, 1000, -1, 2**31, 2**63, 10**400]),
    st.floats(),
    NAMES,
    st.text(max_size=8),
    st.dates(),
    st.binary(max_size=4),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.integers() | st.none(), inner, max_size=3),
    max_leaves=6,
)


def keys_in(values: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of all keys and places in nested tables and lists."""
    items = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    return [path, *(found for key, value in items for found in keys_in(value, (*path, key)))]


def replaced(values: Any, path: tuple[Any, ...], change: Any) -> Any:
    if not path:
        return change
    copy = dict(values) if isinstance(values, dict) else list(values)
    copy[path[0]] = replaced(copy[path[0]], path[1:], change)
    return copy


@st.composite
def configurations(draw: st.DrawFn) -> Any:
    """One of ours with a few values replaced, by any others or by values from elsewhere in it."""
    values = draw(st.sampled_from(CONFIGS))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from([path for path in keys_in(values) if path]))
        change = draw(ANYTHING) if draw(st.booleans()) else part(values, draw(st.sampled_from(keys_in(values))))
        values = replaced(values, path, change)
        if not isinstance(values, dict) or not values:
            break
    return values


def part(values: Any, path: tuple[Any, ...]) -> Any:
    return part(values[path[0]], path[1:]) if path else values


def plan(config: Config) -> None:
    targets = Targets(config)
    for path in targets.everything:
        assert path.startswith(f"results/{config.name}/")
        assert ".." not in path
    for experiment in config.evolution.values():
        for runs, model in ((experiment.direct, DirectSettings), (experiment.cppn, CppnSettings)):
            if runs is not None:
                settings_flags(runs, model)
    for family in config.networks.values():
        settings_flags(family, TrainingSettings)


@settings(max_examples=300)
@given(configurations())
def test_a_changed_configuration_is_planned_or_refused_in_sentences(values: dict[str, Any]) -> None:
    try:
        config = load_config(values, "It has mistakes")
    except FoolingError as error:
        assert str(error).startswith("It has mistakes:\n  ")  # noqa: PT017
        return
    plan(config)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from([*Config.model_fields, "other"]), ANYTHING, max_size=4))
def test_any_table_is_refused_in_sentences_or_planned(values: dict[str, Any]) -> None:
    with contextlib.suppress(FoolingError):
        plan(load_config(values, "It has mistakes"))
