"""What every step's command line shares: settings as flags, errors as sentences."""

import argparse
import inspect
import json
import logging
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from fooling.errors import FoolingError
from fooling.settings.base import parse

Model = TypeVar("Model", bound=BaseModel)


def step_parser(step: Callable[..., object]) -> argparse.ArgumentParser:
    """Return a parser whose `--help` is the docstring of the step's module."""
    module = sys.modules[step.__module__]
    return argparse.ArgumentParser(
        prog=f"python -m {module.__spec__.name if module.__spec__ else module.__name__}",
        description=inspect.getdoc(module),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_settings(parser: argparse.ArgumentParser, *models: type[BaseModel]) -> None:
    """Add a flag `--key` for each setting of the `models`; its help is the setting's description."""
    for model in models:
        group = parser.add_argument_group(f"settings ({model.__name__})")
        for name, info in model.model_fields.items():
            default = "needed" if info.is_required() else f"default: {json.dumps(info.default)}"
            description = (info.description or "").replace("%", "%%")
            group.add_argument(
                f"--{name.replace('_', '-')}",
                dest=name,
                default=argparse.SUPPRESS,
                metavar="VALUE",
                help=f"{description} [{default}]",
            )


def read_settings(arguments: argparse.Namespace, model: type[Model]) -> Model:
    """Return the settings among the parsed `arguments`.

    Raises:
        FoolingError: all mistakes at once.
    """
    given = {name: value for name, value in vars(arguments).items() if name in model.model_fields}
    values = {name: _plain(value) for name, value in given.items()}
    return parse(model, values, "These settings are not right")


def _plain(text: str) -> Any:
    """Read a flag's text: JSON where it is JSON (numbers, lists, null), else the text itself."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def run_step(main: Callable[[], None]) -> None:
    """Run a step's `main`; a `FoolingError` becomes one sentence on standard error and exit code 1."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    began = time.monotonic()
    try:
        main()
    except FoolingError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    logging.getLogger(__name__).info("Finished after %.1f s.", time.monotonic() - began)
