"""A user's mistakes, reported as one sentence before any job starts."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar

from fooling.data.class_folders import training_folder
from fooling.data.class_sheets import check_sheets
from fooling.data.glyphs.faces import font_files
from fooling.data.imagenet.folder import check_imagenet_root
from fooling.data.imagenet.sample_folder import check_sample
from fooling.errors import FoolingError
from fooling.settings.config import Config
from fooling.settings.datasets import GLYPHS

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def or_exit(
    function: Callable[Parameters, Result], *arguments: Parameters.args, **keywords: Parameters.kwargs
) -> Result:
    """Call `function`; a user's mistake ends the program with its sentence in place of a traceback."""
    try:
        return function(*arguments, **keywords)
    except FoolingError as error:
        sys.exit(f"Error: {error}")


def tell_merged(paths: Sequence[str | Path]) -> None:
    """Say on standard error that several configurations are merged, which Snakemake does without a word."""
    if len(paths) > 1:
        files = ", ".join(map(str, paths))
        print(f"Merged configurations: {files}; where several have a key, the last of them counts.", file=sys.stderr)


def check_networks(config: Config) -> None:
    """Check that each pretrained network takes its inputs and weights.

    It loads torch, which takes seconds, unless the settings alone show that all networks fit.

    Raises:
        FoolingError: a network does not.
    """
    unsure = {name: settings for name, settings in config.pretrained.items() if not settings.known_to_fit}
    if not unsure:
        return
    from fooling.networks.zoo import check_pretrained  # noqa: PLC0415

    for name, settings in unsure.items():
        try:
            check_pretrained(settings)
        except FoolingError as error:
            raise FoolingError(f"pretrained.{name}: {error}") from error


def check_imagenet(config: Config) -> None:
    """Check that the user's ILSVRC-2012 or photographs are whole, if given, and that the former is where it is needed.

    Raises:
        FoolingError: they are not.
    """
    root, folder = config.datasets.imagenet.root, config.datasets.imagenet.photographs
    if root is not None:
        check_imagenet_root(Path(root))
    if folder is not None:
        check_sample(Path(folder))
    if any(chains.imagenet_training for chains in config.retraining.values()):
        training_folder(root)


def check_cifar100(config: Config) -> None:
    """Check that the user's folder of CIFAR-100's sheets has one for each class, if it is given.

    Raises:
        FoolingError: it has not.
    """
    folder = config.datasets.cifar100.folder
    if folder is not None:
        check_sheets(Path(folder))


def check_glyphs(config: Config) -> None:
    """Check that the fonts of glyphs are named and there, if a network is trained on them; none is opened.

    Raises:
        FoolingError: they are not.
    """
    if all(family.dataset != GLYPHS.name for family in config.networks.values()):
        return
    for key, places in (("fonts", config.datasets.glyphs.fonts), ("test_fonts", config.datasets.glyphs.test_fonts)):
        if not places:
            raise FoolingError(f"datasets.glyphs.{key}: networks of glyphs need fonts; name some, see data/README.md.")
        font_files([Path(place) for place in places])
