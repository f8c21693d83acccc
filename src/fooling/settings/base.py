"""What all settings share, and how their errors are told."""

import re
import reprlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from fooling.errors import FoolingError

Model = TypeVar("Model", bound=BaseModel)


class Settings(BaseModel):
    """Immutable settings in which an unknown key is an error."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, validate_default=True, allow_inf_nan=False
    )


def _distinct(values: list[int]) -> list[int]:
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise ValueError(f"two runs cannot share one seed: {', '.join(map(str, repeated))} is listed twice")
    return values


Seed = Annotated[int, Field(ge=0, lt=2**31)]
Seeds = Annotated[list[Seed], AfterValidator(_distinct)]
Probability = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[int, Field(ge=1)]


_NAME = "^[A-Za-z0-9][A-Za-z0-9_]*$"


def _is_name(text: str) -> str:
    if not re.fullmatch(_NAME, text):
        raise ValueError("a name has only letters, digits and underscores, and begins with a letter or a digit")
    return text


Name = Annotated[str, Field(max_length=64, json_schema_extra={"pattern": _NAME}), AfterValidator(_is_name)]
"""A name that becomes a folder: letters, digits and underscores (a dash separates name and seed)."""


def _is_path(text: str) -> str:
    if text.startswith("-"):
        raise ValueError("a path that begins with a dash looks like a flag; write ./ before it")
    if "{" in text or "}" in text:
        raise ValueError("a path with braces means something else to Snakemake; rename it")
    if "\0" in text or len(text.encode("utf-8", "surrogatepass")) > 4000:
        raise ValueError("this is no path")
    return text


def is_file(path: Path) -> bool:
    """Tell whether there is such a file, whatever its name."""
    try:
        return path.is_file()
    except OSError:  # a part of its name is too long, or a folder may not be read
        return False


def no_such_file(path: Path) -> str:
    """Say that there is no such file, and what its path means."""
    if path.parts[:1] and path.parts[0].startswith("~"):
        return f"there is no file {path}; the tilde stands for itself here, so write the whole path"
    where = "" if path.is_absolute() else f" in {Path.cwd()}, the folder that paths count from"
    return f"there is no file {path}{where}"


UserPath = Annotated[str, Field(min_length=1), AfterValidator(_is_path)]
"""A file or folder of the user's, anywhere."""


def sentences(error: ValidationError, prefix: Sequence[str] = ()) -> list[str]:
    """One sentence for each mistake: the key's path, what is wrong, and what was given."""
    return [_sentence(item, prefix) for item in error.errors(include_url=False)]


def _sentence(item: Any, prefix: Sequence[str]) -> str:
    # Pydantic's location also names the branch of a union it tried; those parts are no keys.
    path = ".".join([*prefix, *(str(part) for part in item["loc"] if "[" not in str(part))])
    if item["type"] == "extra_forbidden":
        return f"{path}: there is no such key."
    if item["type"] == "missing":
        return f"{path}: this key is needed."
    if item["type"] == "too_short" and item["ctx"]["min_length"] > 1:
        return f"{path}: needs at least {item['ctx']['min_length']} entries (given: {_shown.repr(item['input'])})."
    message = _PLAIN.get(item["type"], item["msg"].removeprefix("Value error, ").removeprefix("Input ").rstrip("."))
    # A whole table of keys is no help in finding the one that is wrong.
    given = "" if isinstance(item["input"], BaseModel | Mapping) else f" (given: {_shown.repr(item['input'])})"
    return f"{path}: {message}{given}." if path else f"{message}."


_shown = reprlib.Repr()  # a few short lines of YAML can name a table of a billion entries
_shown.maxstring = _shown.maxother = 200
_shown.maxlevel = 2
_PLAIN = {
    "model_type": "should be a table of keys and values",
    "dict_type": "should be a table of keys and values",
    "string_type": "should be a text; put it in quotes",
    "too_short": "needs at least one entry",
}


def parse(model: type[Model], values: Any, where: str) -> Model:
    """Build `model` from plain `values`.

    Raises:
        FoolingError: all mistakes at once, a line each, under the heading `where`.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise FoolingError("\n  ".join([f"{where}:", *sentences(error)])) from error
