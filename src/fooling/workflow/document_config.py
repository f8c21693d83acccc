"""Write the configuration's JSON schema and the table of its keys, both made from the settings' models.

python -m fooling.workflow.document_config --schema workflow/schemas/config.schema.yaml --readme config/README.md
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from fooling.artifacts.storage import save_with
from fooling.command_line import run_step, step_parser
from fooling.errors import FoolingError
from fooling.settings.config import Config

BEGIN, END = "<!-- keys: begin (made by fooling.workflow.document_config) -->\n", "<!-- keys: end -->\n"
PLACES = {"networks": "FAMILY", "pretrained": "NAME", "sets": "SET"}
"""What the user names below a key, such as the family in `networks.FAMILY.seeds`; elsewhere it is an experiment."""


def config_schema() -> str:
    """Return the JSON schema of the configuration, as YAML."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Config.model_json_schema()}
    return yaml.safe_dump(schema, sort_keys=False, allow_unicode=True, width=120)


def key_table() -> str:
    """Return a Markdown table with a row for each key: its path, values, default and meaning."""
    schema = Config.model_json_schema()
    rows = [("key", "values", "default", "meaning"), ("---",) * 4, *_rows(schema, schema["$defs"], "")]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def with_key_table(readme: str) -> str:
    """Return `readme` with a fresh table of keys between its two marks.

    Raises:
        FoolingError: the marks are not there.
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise FoolingError(
            f"The table of keys has no place: put the lines {BEGIN.strip()!r} and {END.strip()!r} there."
        )
    return f"{before}{BEGIN}\n{key_table()}\n{END}{after}"


def _rows(node: dict[str, Any], models: dict[str, Any], prefix: str) -> Iterator[tuple[str, str, str, str]]:
    for name, value in node["properties"].items():
        path = f"{prefix}{name}"
        needed = name in node.get("required", [])
        section = _section(value, models)
        default = "needed" if needed else "" if section else f"`{json.dumps(value['default'])}`"
        yield f"`{path}`", "section" if section else _values(value), default, value["description"].replace("\n", " ")
        if section:
            place = f"{PLACES.get(name, 'EXPERIMENT')}." if "patternProperties" in value else ""
            yield from _rows(section, models, f"{path}.{place}")


def _section(value: dict[str, Any], models: dict[str, Any]) -> dict[str, Any] | None:
    """Return the model that a key holds: itself, or null, or one under each name that the user gives."""
    for option in [value, *value.get("anyOf", []), *value.get("patternProperties", {}).values()]:
        if "$ref" in option:
            model: dict[str, Any] = models[option["$ref"].rpartition("/")[2]]
            return model
    return None


def _values(value: dict[str, Any]) -> str:
    if "anyOf" in value:
        return " or ".join(_values(option) for option in value["anyOf"])
    if "enum" in value:
        return " or ".join(f"`{choice}`" for choice in value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    if value["type"] == "array":
        return f"list: {_values(value['items'])}"
    if value["type"] == "object":
        return f"table: network to {_values(next(iter(value['patternProperties'].values())))}"
    bounds = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    limits = [f"{sign} {value[bound]}" for bound, sign in bounds.items() if bound in value]
    return " ".join(
        [{"string": "text", "boolean": "true or false"}.get(value["type"], value["type"]), ", ".join(limits)]
    ).strip()


def main() -> None:
    """Write both."""
    parser = step_parser(main)
    parser.add_argument("--schema", type=Path, required=True, help="the JSON schema to write")
    parser.add_argument("--readme", type=Path, required=True, help="the page whose table of keys to renew")
    arguments = parser.parse_args()
    readme = with_key_table(arguments.readme.read_text(encoding="utf-8"))
    save_with(arguments.schema, lambda path: path.write_text(config_schema(), encoding="utf-8"))
    save_with(arguments.readme, lambda path: path.write_text(readme, encoding="utf-8"))


if __name__ == "__main__":
    run_step(main)
