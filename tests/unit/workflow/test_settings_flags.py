import argparse
import inspect
import shlex
from typing import Annotated, Any, Literal, get_args, get_origin

import annotated_types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fooling.command_line import add_settings, read_settings
from fooling.settings.ascent import AscentImages, AscentSettings
from fooling.settings.base import Settings
from fooling.settings.compute import CheckpointSettings
from fooling.settings.detection import DetectionSettings
from fooling.settings.evolution import CppnRuns, CppnSettings, DirectSettings
from fooling.settings.guard import GuardImages
from fooling.settings.training import TrainingSettings
from fooling.workflow.settings_flags import (
    checkpoint_flag,
    measured_data_flag,
    natural_data_flag,
    outlier_flags,
    runs_flags,
    settings_flags,
)

MODELS: list[type[Settings]] = [
    TrainingSettings,
    CheckpointSettings,
    DirectSettings,
    CppnSettings,
    AscentSettings,
    AscentImages,
    DetectionSettings,
    GuardImages,
]


def values_of(annotation: Any, constraints: list[Any]) -> st.SearchStrategy:
    """Values of an annotated type within its bounds."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner, *more = arguments
        return values_of(inner, [*constraints, *(c for field in more for c in getattr(field, "metadata", []))])
    if origin is list:
        shortest = max((c.min_length for c in constraints if isinstance(c, annotated_types.MinLen)), default=0)
        return st.lists(values_of(arguments[0], []), min_size=shortest, max_size=5, unique=True)
    if annotation in (int, float):
        return numbers(annotation, constraints)
    if origin is Literal:
        return st.sampled_from(arguments)
    return (
        st.one_of([values_of(option, constraints) for option in arguments]) if arguments else st.from_type(annotation)
    )


def numbers(kind: type, constraints: list[Any]) -> st.SearchStrategy:
    bounds = {sign: getattr(c, sign) for c in constraints for sign in ("ge", "gt", "le", "lt") if hasattr(c, sign)}
    if kind is int:
        return st.integers(bounds.get("ge"), bounds.get("le", bounds.get("lt", 10**12) - 1))
    return st.floats(
        min_value=bounds.get("ge", bounds.get("gt")),
        max_value=bounds.get("le", bounds.get("lt")),
        exclude_min="gt" in bounds,
        exclude_max="lt" in bounds,
        allow_nan=False,
        allow_infinity=False,
    )


@st.composite
def settings_of(draw, model: type[Settings]) -> Settings:
    values = {name: draw(values_of(info.annotation, info.metadata)) for name, info in model.model_fields.items()}
    if "snapshots" in values:
        values["snapshots"] = [generation % (values["generations"] + 1) for generation in values["snapshots"]]
    if values.get("dataset", "mnist") != "mnist":
        values["architecture"] = "resnet"
    if values.get("precision") == "bfloat16":
        values["cpu_backend"] = "torch"
    if model is TrainingSettings and values["classes"]:
        values["classes"] = 2 + values["classes"] % 9
    return model(**values)


def read(flags: str, model: type[Settings]) -> Settings:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_settings(parser, model)
    return read_settings(parser.parse_args(shlex.split(flags)), model)


@pytest.mark.parametrize("model", MODELS)
@given(data=st.data())
def test_flags_read_back_give_the_same_settings(model, data):
    settings = data.draw(settings_of(model))
    assert read(settings_flags(settings, model), model) == settings


def test_every_setting_is_on_the_line():
    flags = shlex.split(settings_flags(DirectSettings(), DirectSettings))
    assert flags[::2] == [f"--{name.replace('_', '-')}" for name in DirectSettings.model_fields]


def test_values_are_plain_words_for_a_shell():
    line = settings_flags(AscentSettings(stop_confidence=None), AscentSettings)
    assert line.startswith("--iterations 500 --rule progress ")
    assert line.endswith("--stop-confidence null")
    assert settings_flags(AscentImages(classes=[1, 2], seeds=[0]), AscentImages) == "--classes '[1,2]' --seeds '[0]'"


def test_the_runs_of_an_experiment_are_left_out():
    runs = CppnRuns(runs={"lenet-1": [0]}, generations=77)
    assert settings_flags(runs, CppnSettings) == settings_flags(CppnSettings(generations=77), CppnSettings)


def test_the_time_between_checkpoints_is_a_flag_of_a_jobs_resources():
    flag = checkpoint_flag(CheckpointSettings(checkpoint_seconds=7))
    assert list(inspect.signature(flag).parameters) == ["wildcards", "resources"]  # Snakemake does not compare such
    assert flag({}, {}) == "--checkpoint-seconds 7.0"


def test_retrained_networks_are_measured_on_their_data(make_targets):
    pretrained = {"lite0": {"architecture": "efficientnet-lite0"}}
    whole = {"networks": ["lite0"], "imagenet_training": {}}
    heads = {"networks": ["lite0"], "head_training": {}}
    retraining = {"mnist": {"networks": ["lenet-1"]}, "whole": whole, "heads": heads}
    datasets = {"imagenet": {"root": "my images"}}
    config = make_targets(pretrained=pretrained, retraining=retraining, datasets=datasets).config
    assert measured_data_flag(config, "mnist", ["data/mnist/a", "data/mnist/b"]) == "--data data/mnist"
    assert measured_data_flag(config, "whole", []) == "--data 'my images'"
    assert measured_data_flag(config, "heads", []) == ""


def test_detectors_are_fitted_to_the_networks_data(make_targets):
    without = make_targets().config
    assert natural_data_flag(without, ["data/mnist/a", "data/mnist/b"]) == "--data data/mnist"
    assert natural_data_flag(without, []) == ""
    own = make_targets(datasets={"imagenet": {"root": "my images"}}).config
    assert natural_data_flag(own, []) == "--data 'my images'"
    assert outlier_flags(["mnist", "cifar10"]) == "--outliers mnist data/mnist --outliers cifar10 data/cifar10"


def test_runs_are_named_by_experiment_and_encoding():
    histories = {("mnist", "direct"): ["a.csv", "b.csv"], ("mnist", "cppn"): ["c.csv"]}
    assert runs_flags(histories) == "--runs mnist direct a.csv b.csv --runs mnist cppn c.csv"
    assert runs_flags({}) == ""
