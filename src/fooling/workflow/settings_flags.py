"""Settings as the flags of a step's command line, the inverse of `fooling.command_line`."""

import json
import shlex
from typing import Any

from pydantic import BaseModel


def settings_flags(settings: BaseModel, model: type[BaseModel]) -> str:
    """Return `--key value ...` for every field of `model`, with the values of `settings`, quoted for a shell.

    `settings` may have more fields than `model`, such as the seeds of the runs, which are left out.
    """
    values = settings.model_dump(mode="json", include=set(model.model_fields))
    return " ".join(f"--{name.replace('_', '-')} {shlex.quote(_text(values[name]))}" for name in model.model_fields)


def _text(value: Any) -> str:
    if isinstance(value, str) and not _is_json(value):
        return value
    return json.dumps(value, separators=(",", ":"))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except json.JSONDecodeError:
        return False
    return True
