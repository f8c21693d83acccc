from pathlib import Path

import jsonschema
import pytest
import yaml

from fooling.errors import FoolingError
from fooling.workflow.document_config import config_schema, key_table, with_key_table

ROOT = Path(__file__).parents[3]


def test_the_committed_schema_is_that_of_the_models():
    assert (ROOT / "workflow/schemas/config.schema.yaml").read_text() == config_schema()


def test_the_committed_table_of_keys_is_that_of_the_models():
    readme = (ROOT / "config/README.md").read_text()
    assert readme == with_key_table(readme)


@pytest.mark.parametrize("path", sorted((ROOT / "config").glob("*.yaml")), ids=lambda path: path.name)
def test_the_schema_accepts_every_configuration(path):
    jsonschema.validate(yaml.safe_load(path.read_text()), yaml.safe_load(config_schema()))


@pytest.mark.parametrize(
    "values",
    [
        {"networks": {"lenet": {"iteration": 3}}},
        {"networks": {"lenet": {"iterations": 0}}},
        {"pretrained": {"mine": {}}},
        {"networks": []},
    ],
)
def test_the_schema_refuses_what_the_models_refuse(values):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, yaml.safe_load(config_schema()))


def test_the_table_has_a_row_for_each_key_with_its_values_default_and_meaning():
    rows = {row.split(" | ")[0].strip("| `"): row for row in key_table().splitlines()[2:]}
    assert rows["compute.threads"].startswith("| `compute.threads` | integer ≥ 1 | `1` | Threads of one job.")
    assert "table: network to list: integer ≥ 0" in rows["evolution.EXPERIMENT.cppn.runs"]
    assert "number > 0, < 1 or null" in rows["ascent.EXPERIMENT.sets.SET.stop_confidence"]
    assert "| needed |" in rows["pretrained.NAME.architecture"]
    assert "retraining.EXPERIMENT.evolution.generations" in rows


def test_a_page_without_a_place_for_the_table_is_told():
    with pytest.raises(FoolingError, match="The table of keys has no place"):
        with_key_table("# Keys\n")
